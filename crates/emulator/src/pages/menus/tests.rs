use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::pages::testing::{Desk, FANNY, elements, has_all};
use crate::pages::write;

fn week(desk: &mut Desk, day: &str) -> Value {
    desk.read(FANNY, "PageMenus", json!({ "date": { "_T": 7, "V": day } }))
}

#[test]
fn a_week_has_what_other_clients_fail_without() {
    let mut desk = Desk::open();
    for (day, first) in
        [("17/11/2025 0:0:0", "17/11/2025"), ("20/11/2025", "17/11/2025"), ("3/9/2025 0:0:0", "01/09/2025")]
    {
        let data = week(&mut desk, day);
        assert_eq!(data["ListeJours"]["V"][0]["Date"]["V"], first);
        has_all(&data, &["DomaineDePresence.V", "ListeAllergenes.V[].N", "Listelabels.V[].couleur"]);
        let days = elements(&data["ListeJours"]);
        assert!(days.len() >= 4, "{day}");
        for meal in days.iter().flat_map(|day| elements(&day["ListeRepas"])) {
            has_all(meal, &["N", "G", "ListePlats.V[].G", "ListePlats.V[].ListeAliments.V[].N"]);
            let foods = elements(&meal["ListePlats"]).iter().flat_map(|dish| elements(&dish["ListeAliments"]));
            for food in foods {
                has_all(food, &["L", "listeLabelsAlimentaires.V[].N", "listeAllergenesAlimentaire.V[].L"]);
            }
            let mut courses: Vec<_> = elements(&meal["ListePlats"]).iter().map(|dish| dish["G"].as_u64()).collect();
            courses.dedup();
            assert_eq!(courses.len(), elements(&meal["ListePlats"]).len(), "one dish of each kind");
        }
    }
}

#[test]
fn dinner_is_missing_on_wednesday_only_among_the_first_days() {
    let mut desk = Desk::open();
    let data = week(&mut desk, "17/11/2025");
    assert_eq!(data["AvecRepasSoir"], true);
    let meals: Vec<usize> =
        elements(&data["ListeJours"]).iter().map(|day| elements(&day["ListeRepas"]).len()).collect();
    assert_eq!(meals, [2, 2, 1, 2, 1]);
}

#[test]
fn holidays_have_no_menus_and_nonsense_dates_give_the_week_of_today() {
    let mut desk = Desk::open();
    let holiday = desk.school.year.holidays.first().unwrap().start.saturating_add(4.days());
    let data = desk.read(FANNY, "PageMenus", json!({ "date": write::date(holiday) }));
    assert!(elements(&data["ListeJours"]).is_empty());
    assert_eq!(week(&mut desk, "31/02/2025"), week(&mut desk, "20/11/2025"));
}

#[test]
fn meals_come_round_again_after_some_weeks_with_numbers_of_their_own() {
    let mut desk = Desk::open();
    let (first, later) = (week(&mut desk, "17/11/2025"), week(&mut desk, "15/12/2025"));
    let meal = |week: &Value| week["ListeJours"]["V"][0]["ListeRepas"]["V"][0].clone();
    let name = |meal: &Value| meal["ListePlats"]["V"][0]["ListeAliments"]["V"][0]["L"].clone();
    assert_eq!(name(&meal(&first)), name(&meal(&later)));
    assert_ne!(meal(&first)["N"], meal(&later)["N"]);
}
