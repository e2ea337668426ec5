//! What is about one pupil never gets onto the board.

use board::LessonState;
use emulator::school::{
    Audience, Exempted, Extra, ExtraId, File, FileId, HandIn, HandedIn, Homework, HomeworkId, Occasion, PersonId, What,
    Whose,
};
use jiff::civil::{Date, date};
use serde_json::json;

use crate::filling::desk::{Desk, MONDAY};

const WEDNESDAY: Date = date(2026, 11, 25);
/// The pupil whose pages are read.
const FANNY: PersonId = PersonId(1);

fn own(what: Occasion, slot: u16) -> Extra {
    Extra {
        id: ExtraId(0),
        date: WEDNESDAY,
        slot,
        slots: 2,
        audience: Audience::Pupil(FANNY),
        adults: Vec::new(),
        rooms: Vec::new(),
        status: String::new(),
        memo: String::new(),
        what,
    }
}

#[tokio::test]
async fn detentions_and_whatever_else_is_one_pupils_own_never_appear() {
    let desk = Desk::new().await;
    {
        let mut school = desk.school.school();
        let pupil = school.people.get(FANNY).unwrap();
        assert_eq!(pupil.name(), "PARENT Fanny");
        let week = school.timetable(Whose::Pupil(pupil), MONDAY, date(2026, 12, 4));
        let detention = |what: &What<'_>| matches!(what, What::Extra(Extra { what: Occasion::Detention(_), .. }));
        assert!(week.iter().any(|entry| detention(&entry.what)), "the school has one to begin with");
        let file = school.files.last().unwrap().clone();
        school.files.put(File { id: FileId(9000), name: "copie-de-fanny.odt".to_owned(), ..file });
        let homework = school.homework.iter().find(|homework| homework.due == WEDNESDAY).unwrap().clone();
        let id = HomeworkId(school.homework.last().unwrap().id.0 + 1);
        let own =
            Homework { id, audience: Audience::Pupil(FANNY), html: "Rattrapage du contrôle".to_owned(), ..homework };
        school.homework.put(own.clone());
        let id = HomeworkId(id.0 + 1);
        let named = Homework {
            id,
            audience: homework.audience,
            html: "<p>Fanny Parent&nbsp;: rendre le livre</p>".to_owned(),
            ..own
        };
        school.homework.put(named);
        let handed_in = HandedIn {
            pupil: FANNY,
            file: FileId(9000),
            at: MONDAY.at(9, 0, 0, 0),
            correction: "Travail bâclé".to_owned(),
        };
        let first = school.homework.get_mut(homework.id).unwrap();
        (first.hand_in, first.handed_in) = (HandIn::File, vec![handed_in]);
        first.done.insert(FANNY);
    }
    desk.extra(own(Occasion::Detention("Retenue du mercredi".to_owned()), 10));
    desk.extra(own(Occasion::Outing("Bilan orthophonique".to_owned()), 12));
    let french = desk.lesson(MONDAY, 4);
    desk.change(&french, MONDAY, |change| {
        change.exempted = vec![Exempted { pupil: FANNY, label: "Dispense médicale".to_owned(), at_home: true }];
        change.memo = "Convocation de Fanny PARENT chez la CPE".to_owned();
    });

    desk.fill().await;
    let everything = desk.everything().await;
    for own in
        ["Retenue", "orthophon", "Dispens", "Convocation", "Rattrapage", "rendre le livre", "copie-de-fanny", "bâclé"]
    {
        assert!(!everything.to_lowercase().contains(&own.to_lowercase()), "{own}");
    }
    let school = desk.school.school();
    for person in &school.people {
        for name in [person.name(), person.label(), format!("{} {}", person.first_name, person.surname)] {
            assert!(!everything.contains(&name), "{name}");
        }
    }
    assert!(everything.contains("Visite du musée"), "what is the class's is there");
}

#[tokio::test]
async fn a_lesson_for_single_pupils_and_a_pupils_absence_are_left_out() {
    let desk = Desk::new().await;
    desk.calm();
    desk.school.script("PageEmploiDuTemps", |_, answer| {
        let lessons = match &mut answer["ListeCours"] {
            list if list.is_array() => list.as_array_mut(),
            list => list["V"].as_array_mut(),
        };
        for lesson in lessons.into_iter().flatten() {
            match lesson["DateDuCours"]["V"].as_str() {
                Some("23/11/2026 10:00:00") => {
                    let contents = match &mut lesson["ListeContenus"] {
                        list if list.is_array() => list.as_array_mut(),
                        list => list["V"].as_array_mut(),
                    };
                    contents.unwrap().push(json!({ "G": 4, "N": "4#x", "L": "NOËL Anaïs" }));
                }
                Some("23/11/2026 11:00:00") => {
                    lesson["estAnnule"] = json!(true);
                    lesson["Statut"] = json!("Élève absent");
                }
                Some("23/11/2026 14:00:00") => lesson["estPermanence"] = json!(true),
                _ => {}
            }
        }
    });
    desk.fill().await;
    let day = desk.snapshot().await.day(MONDAY);
    let lessons: Vec<_> = day.lessons.iter().map(|lesson| (lesson.name.as_deref().unwrap(), lesson.state)).collect();
    assert_eq!(lessons, [("ESPAGNOL LV2", LessonState::Planned)]);
    assert!(!desk.everything().await.contains("absent"));
}
