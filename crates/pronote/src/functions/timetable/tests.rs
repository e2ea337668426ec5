use jiff::civil::{date, datetime, time};

use super::*;
use crate::functions::common::reading;
use crate::model::{Fortnight, Person, PersonKind, Slot, User};
use crate::wire::Set;

fn school() -> Instance {
    let slot = |hour, minute| Slot { start: time(hour, 0, 0, 0), end: time(hour, minute, 0, 0) };
    Instance {
        first_monday: date(2025, 9, 1),
        last_date: date(2026, 7, 4),
        slots_per_day: 10,
        slots_per_hour: 1,
        sequence_minutes: 60,
        slots: (8..19).map(|hour| slot(hour, 55)).collect::<Vec<_>>().into(),
        fortnights: vec![Fortnight { index: 2, label: "B".into(), weeks: Set::from_iter([2]) }].into(),
        ..Instance::default()
    }
}

fn read(text: &str) -> (Timetable, Vec<String>) {
    let school = school();
    reading(text, |root| timetable(root, &school))
}

const WEEK: &str = r##"{"avecCoursAnnule":false,"recreations":{"_T":24,"V":[{"L":"Récréation","place":2}]},"ListeCours":[
  {"N":"20#c","G":0,"P":9,"place":42,"duree":2,"DateDuCours":{"_T":7,"V":"12/09/2025 10:00:00"},"CouleurFond":"#FFD966",
   "AvecTafPublie":true,"AvecCdT":true,"cahierDeTextes":{"_T":24,"V":{"N":"37#k","estDevoir":true}},"memo":"Calculatrice",
   "dispenseEleve":{"_T":24,"V":{"L":"Blessure","maison":true}},"listeVisios":{"_T":24,"V":[{"url":"https://visio.exemple/x"},{"L":"sans"}]},
   "ListeContenus":{"_T":24,"V":[{"G":16,"N":"16#m","L":"MATHÉMATIQUES","estServiceGroupe":true},{"G":3,"L":"ROCHE A."},
     {"G":34,"L":"PETIT S."},{"G":17,"N":"17#r","L":"B12"},{"G":2,"L":"3B GR.1"},{"G":1,"L":"3B"},{"G":57,"L":"3B P1"},
     {"G":93,"L":"Soutien"},{"G":4,"L":"NOËL Anaïs"},{"L":"ignoré"},{"G":77,"L":"inconnu"}]}},
  {"N":"20#a","P":1,"place":40,"duree":1,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"},"estAnnule":true,"Statut":"Prof./pers. absent"},
  {"N":"20#b","G":4,"P":2,"place":40,"duree":1,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"},"DateDuCoursFin":{"_T":7,"V":"12/09/2025 08:50:00"},
   "Statut":"Changement de salle","dispenseEleve":true,"estPermanence":true},
  {"N":"20#d","place":45,"duree":1,"DateDuCours":{"_T":7,"V":"12/09/2025 13:00:00"},"estRetenue":true,"estAnnule":true,
   "ListeContenus":{"_T":24,"V":[{"L":"Retenue","estHoraire":true},{"G":34,"L":"PETIT S."},{"G":17,"L":"Étude"}]}},
  {"N":"20#e","place":46,"duree":2,"DateDuCours":{"_T":7,"V":"12/09/2025 14:00:00"},"estSortiePedagogique":true,"motif":"Musée",
   "accompagnateurs":["ROCHE A."],"strGenreRess":"Classe","strRess":"3B","strDateDebut":"à 14h","strDateFin":"à 16h"},
  {"N":"20#f","G":3,"place":48,"duree":1,"DateDuCours":{"_T":7,"V":"12/09/2025 16:00:00"},"estAnnule":true}]}"##;

#[test]
fn every_variant_is_read() {
    let (page, noted) = read(WEEK);
    assert_eq!(noted, ["ListeCours[0].listeVisios.V[1].url"]);
    let ids: Vec<_> = page.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["20#b", "20#a", "20#c", "20#d", "20#e", "20#f"], "by time, then the largest rank first");

    let lesson = &page.entries[2];
    assert_eq!(lesson.end, datetime(2025, 9, 12, 11, 55, 0, 0), "from the hours of the school");
    assert_eq!((lesson.week, lesson.slot, lesson.slot_count, lesson.rank), (2, Some(42), Some(2), 9));
    assert_eq!(lesson.title(), "MATHÉMATIQUES");
    assert_eq!((&*lesson.teachers, &*lesson.staff), (&["ROCHE A.".to_owned()][..], &["PETIT S.".to_owned()][..]));
    assert_eq!((&*lesson.groups, lesson.classes.len()), (&["3B GR.1".to_owned()][..], 2));
    assert_eq!(lesson.pupils, ["NOËL Anaïs"]);
    assert_eq!(lesson.exemption, Some(Exemption { label: Some("Blessure".into()), remote: true }));
    assert_eq!(lesson.video_links, ["https://visio.exemple/x"]);
    let EntryKind::Lesson(details) = &lesson.kind else { panic!("not a lesson") };
    assert!(details.test && details.has_homework && details.subject.as_ref().unwrap().in_group);
    assert_eq!(details.content_id, Some(RemoteId::new("37#k")));
    assert_eq!(details.label.as_deref(), Some("Soutien"));

    let EntryKind::Lesson(absent) = &page.entries[1].kind else { panic!("not a lesson") };
    assert!(absent.teacher_absent && page.entries[1].cancelled);
    let EntryKind::Lesson(substitute) = &page.entries[0].kind else { panic!("not a lesson") };
    assert_eq!((substitute.lesson_kind, substitute.study_hall), (LessonKind::Substitute, true));
    assert_eq!(page.entries[0].end, datetime(2025, 9, 12, 8, 50, 0, 0), "the server's own end comes first");
    assert_eq!(page.entries[0].exemption, Some(Exemption { label: None, remote: false }));

    assert_eq!(page.entries[3].kind, EntryKind::Detention { title: Some("Retenue".into()) });
    assert!(!page.entries[3].cancelled);
    let EntryKind::Activity(outing) = &page.entries[4].kind else { panic!("not an activity") };
    assert_eq!((outing.title.as_deref(), outing.audience.as_deref()), (Some("Musée"), Some("3B")));
    assert_eq!(outing.companions, ["ROCHE A."]);
}

#[test]
fn weeks_carry_their_fortnight() {
    let week = TimetableWeek { number: 2, monday: date(2025, 9, 8), fortnight: Some("B".into()) };
    assert_eq!(read(WEEK).0.weeks, [week]);
}

#[test]
fn a_cancelled_lesson_hides_under_one_that_takes_place() {
    let (page, _) = read(WEEK);
    let visible = |show| page.visible(show).map(|entry| entry.id.as_str()).collect::<Vec<_>>();
    assert_eq!(visible(true), ["20#b", "20#c", "20#d", "20#e", "20#f"]);
    assert_eq!(visible(false), ["20#b", "20#c", "20#d", "20#e"]);
    assert!(!page.show_cancelled);
}

#[test]
fn bad_lessons_cost_only_themselves() {
    let (page, noted) = read(
        r#"{"ListeCours":[{"N":"20#a"},{"N":"20#b","DateDuCours":{"_T":7,"V":"31/02/2025 08:00:00"}},7,
        {"N":"20#c","place":-3,"duree":1,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"}},
        {"N":"20#d","place":4000000000,"duree":4000000000,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"}},
        {"N":"0","place":0,"duree":1,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"}},
        {"N":"20#e","place":0,"duree":0,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"}},
        {"N":"20#g","G":12,"P":"x","place":1,"duree":1,"numeroSemaine":0,"DateDuCours":{"_T":7,"V":"12/09/2025 08:00:00"},
         "DateDuCoursFin":{"_T":7,"V":"12/09/2025 07:00:00"},"estAnnule":"peut-être","CouleurFond":"","ListeContenus":"rien"}]}"#,
    );
    let [entry] = &page.entries[..] else { panic!("{:?}", page.entries) };
    let EntryKind::Lesson(lesson) = &entry.kind else { panic!("not a lesson") };
    assert_eq!(lesson.lesson_kind, LessonKind::Other(12));
    assert_eq!(entry.end, datetime(2025, 9, 12, 9, 55, 0, 0), "an end before the start is not believed");
    assert_eq!((entry.rank, entry.color, entry.cancelled, entry.week), (0, None, false, 2), "week 0 is no week");
    for path in ["ListeCours[0].DateDuCours", "ListeCours[1].DateDuCours.V", "ListeCours[3].place", "ListeCours[7].P"] {
        assert!(noted.iter().any(|noted| noted == path), "{path} is not in {noted:?}");
    }
}

fn context() -> Context {
    let person =
        |id: &str, kind| Person { id: Some(RemoteId::new(id)), name: "MOREL".into(), kind, ..Person::default() };
    let user = User {
        person: person("5#p", PersonKind::Guardian),
        children: vec![person("4#a", PersonKind::Pupil), person("4#b", PersonKind::Pupil)],
        ..User::default()
    };
    Context { instance: school().into(), user: user.into(), child: Some(1) }
}

#[test]
fn a_week_or_days_are_asked_of_the_chosen_child() {
    let context = context();
    let week = Request { when: When::Week(3) }.arguments(&context);
    assert_eq!(week["ressource"], json!({ "G": 4, "L": "MOREL", "N": "4#b" }));
    assert_eq!((&week["numeroSemaine"], &week["NumeroSemaine"]), (&json!(3), &json!(3)));
    assert_eq!(week["avecRetenuesEleve"], true);
    let days = When::Days { from: date(2025, 9, 8), to: date(2025, 9, 12) };
    let days = Request { when: days }.arguments(&context);
    assert_eq!(days["dateDebut"], json!({ "_T": 7, "V": "8/9/2025 0:0:0" }));
    assert_eq!(days["DateFin"], json!({ "_T": 7, "V": "12/9/2025 0:0:0" }));
    assert!(days.get("numeroSemaine").is_none());
}

#[test]
fn a_guardian_asks_about_the_first_child_unless_told_otherwise() {
    let context = Context { child: None, ..context() };
    assert_eq!(Presence.arguments(&context)["Ressource"]["N"], "4#a");
}

#[test]
fn a_card_is_a_list_of_lessons() {
    let context = context();
    let card = Card { lesson: RemoteId::new("20#a"), kind: LessonKind::Normal, week: 2 };
    assert_eq!(card.arguments(&context)["cours"], json!({ "G": 0, "N": "20#a" }));
    let (entries, _) = reading(
        r#"{"listeCours":[{"N":"20#a","place":0,"duree":1,"DateDuCours":{"_T":7,"V":"08/09/2025 08:00:00"}}]}"#,
        |data| Card::read(Payload { data, report: None }, &context),
    );
    assert_eq!(entries.unwrap().len(), 1);
    assert!(reading("{}", |data| Card::read(Payload { data, report: None }, &context).is_err()).0);
}
