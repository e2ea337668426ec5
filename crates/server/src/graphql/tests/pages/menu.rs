use serde_json::json;

use super::super::school::School;

const FUNCTION: &str = "PageMenus";

async fn school() -> School {
    let school = School::open().await;
    school.emulator.script(FUNCTION, |asked, answer| {
        let monday = asked["date"]["V"].as_str().unwrap().to_owned();
        let day = |date: &str| {
            json!({ "Date": { "_T": 7, "V": date }, "ListeRepas": { "_T": 24, "V": [{ "G": 0, "L": "Déjeuner", "ListePlats": { "_T": 24, "V": [
              { "G": 0, "ListeAliments": { "_T": 24, "V": [{ "L": "Salade", "listeLabelsAlimentaires": { "_T": 24, "V": [{ "L": "Bio", "couleur": "#0f0" }] } }] } }] } }] } })
        };
        let days = if monday.starts_with("16/3") { vec![day("17/03/2026"), day("20/03/2026")] } else { vec![day("23/03/2026"), day("24/03/2026")] };
        *answer = json!({ "ListeJours": { "_T": 24, "V": days } });
    });
    school
}

#[tokio::test]
async fn every_week_that_is_touched_is_asked_for() {
    let school = school().await;
    let pupil = school.pupil().await;
    let query = r#"{ menu(from: "2026-03-20", to: "2026-03-23") { date meals { name labels { name color } } namedMeals { name } } }"#;
    let menu = pupil.data(query).await["menu"].take();
    let dates: Vec<_> = menu.as_array().unwrap().iter().map(|day| day["date"].as_i64().unwrap()).collect();
    assert_eq!(dates, [1_773_961_200_000, 1_774_220_400_000], "Friday, and the Monday at whose midnight it ends");
    assert_eq!(school.asked(FUNCTION), 2);
    assert_eq!(menu[0]["meals"], json!([[[{ "name": "Salade", "labels": [{ "name": "Bio", "color": "#0f0" }] }]]]));
    assert_eq!(menu[0]["namedMeals"], json!([{ "name": "Déjeuner" }]));
}

#[tokio::test]
async fn without_an_end_it_is_the_day_alone() {
    let school = school().await;
    let pupil = school.pupil().await;
    let data = pupil.data(r#"{ a: menu(from: "2026-03-23") { date } b: menu(from: "2026-03-23", to: "2026-03-22") { date } c: menu { date } }"#).await;
    assert_eq!(data["a"], json!([{ "date": 1_774_220_400_000_i64 }]));
    assert_eq!((&data["b"], &data["c"]), (&data["a"], &json!([])), "today's began at midnight");
}
