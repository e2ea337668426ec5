use std::sync::Arc;

use jiff::civil::date;
use pronote::functions::decode::read;
use pronote::functions::{homework, timetable};

use super::*;

fn context() -> Context {
    let instance = Instance {
        first_date: date(2026, 9, 1),
        first_monday: date(2026, 8, 31),
        last_date: date(2027, 7, 3),
        holidays: vec![Holiday { name: "Noël".into(), start: date(2026, 12, 19), end: date(2027, 1, 3) }].into(),
        ..Instance::default()
    };
    Context { instance: Arc::new(instance), ..Context::default() }
}

const TIMETABLE: &str = r#"{"data":{"ListeCours":[
    {"N":"1#a","DateDuCours":{"_T":7,"V":"23/11/2026 08:00:00"},"DateDuCoursFin":{"_T":7,"V":"23/11/2026 09:00:00"},
     "ListeContenus":{"_T":24,"V":[{"L":"MATHS; algèbre, géométrie","N":"2#b","G":16},{"L":"101","N":"3#c","G":17}]}},
    {"N":"4#d","DateDuCours":{"_T":7,"V":"23/11/2026 09:00:00"},"DateDuCoursFin":{"_T":7,"V":"23/11/2026 10:00:00"},
     "estAnnule":true,"Statut":"Prof. absent",
     "ListeContenus":{"_T":24,"V":[{"L":"LATIN","N":"5#e","G":16}]}}]}}"#;

const HOMEWORK: &str = r#"{"data":{"ListeTravauxAFaire":{"_T":24,"V":[
    {"N":"1#a","descriptif":{"_T":21,"V":"<div>Lire<br>page\u0007 12</div>"},"PourLe":{"_T":7,"V":"24/11/2026"},
     "DonneLe":{"_T":7,"V":"20/11/2026"},"TAFFait":true,"Matiere":{"_T":24,"V":{"L":"FRANÇAIS","N":"2#b"}}},
    {"N":"3#c","descriptif":{"_T":21,"V":"Réviser"},"PourLe":{"_T":7,"V":"25/11/2026"},
     "DonneLe":{"_T":7,"V":"25/11/2026"},"Matiere":{"_T":24,"V":{"L":"MATHS","N":"4#d"}}}]}}}"#;

fn written(timetable_text: &str) -> String {
    let context = context();
    let (timetable, _) = read::<timetable::Request>(timetable_text, &context).unwrap();
    let (homework, _) = read::<homework::Request>(HOMEWORK, &context).unwrap();
    let stamp = "2026-11-22T06:00:00Z".parse().unwrap();
    let mut calendar = Calendar::new(&context, "ecole.example", USUAL_ZONE, stamp).unwrap();
    calendar.entries(&timetable.entries).homework(&homework).holidays(&context.instance.holidays);
    calendar.finish()
}

/// The lines, folded ones put together again.
fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split("\r\n").map(Into::into).collect()
}

/// The lines of each component of a kind.
fn components(text: &str, kind: &str) -> Vec<Vec<String>> {
    let lines = lines(text);
    let (begin, end) = (format!("BEGIN:{kind}"), format!("END:{kind}"));
    let parts = lines.split(|line| *line == end).filter_map(|part| part.split(|line| *line == begin).nth(1));
    parts.map(<[String]>::to_vec).collect()
}

#[track_caller]
fn assert_has(component: &[String], line: &str) {
    assert!(component.iter().any(|found| found == line), "no {line} in {component:#?}");
}

#[test]
fn a_lesson_has_its_time_in_the_zone_and_its_text_escaped() {
    let events = components(&written(TIMETABLE), "VEVENT");
    assert_has(&events[0], "DTSTART;TZID=Europe/Paris:20261123T080000");
    assert_has(&events[0], "DTEND;TZID=Europe/Paris:20261123T090000");
    assert_has(&events[0], r"SUMMARY:MATHS\; algèbre\, géométrie");
    assert_has(&events[0], "DTSTAMP:20261122T060000Z");
    assert_has(&events[0], "STATUS:CONFIRMED");
}

#[test]
fn a_cancelled_lesson_is_marked_and_frees_the_time() {
    let events = components(&written(TIMETABLE), "VEVENT");
    assert_has(&events[1], "STATUS:CANCELLED");
    assert_has(&events[1], "TRANSP:TRANSPARENT");
    assert_has(&events[1], "DESCRIPTION:Prof. absent");
}

#[test]
fn homework_is_due_and_done_or_not() {
    let tasks = components(&written(TIMETABLE), "VTODO");
    assert_has(&tasks[0], "DUE;VALUE=DATE:20261124");
    assert_has(&tasks[0], "DTSTART;VALUE=DATE:20261120");
    assert_has(&tasks[0], "SUMMARY:FRANÇAIS: Lire");
    assert_has(&tasks[0], r"DESCRIPTION:Lire\npage 12");
    assert_has(&tasks[0], "STATUS:COMPLETED");
    assert_has(&tasks[1], "STATUS:NEEDS-ACTION");
    assert!(!tasks[1].iter().any(|line| line.starts_with("DTSTART")), "it would begin when it is due");
}

#[test]
fn holidays_end_on_the_day_after() {
    let events = components(&written(TIMETABLE), "VEVENT");
    let holiday = events.last().unwrap();
    assert_has(holiday, "DTSTART;VALUE=DATE:20261219");
    assert_has(holiday, "DTEND;VALUE=DATE:20270104");
    assert_has(holiday, "SUMMARY:Noël");
}

#[test]
fn the_zone_tells_each_change_of_its_clocks() {
    let text = written(TIMETABLE);
    let zone = components(&text, "VTIMEZONE").remove(0).join("\n");
    assert!(zone.starts_with("TZID:Europe/Paris\n"));
    let autumn =
        "BEGIN:STANDARD\nDTSTART:20261025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\nEND:STANDARD";
    let spring =
        "BEGIN:DAYLIGHT\nDTSTART:20270328T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\nEND:DAYLIGHT";
    assert!(zone.contains(autumn) && zone.contains(spring), "{zone}");
    assert!(!zone.contains("UID") && !zone.contains("DTSTAMP"), "a zone has neither");
}

#[test]
fn a_zone_without_summer_time_is_described_too() {
    let calendar = Calendar::new(&context(), "ecole.example", "Indian/Reunion", Timestamp::UNIX_EPOCH).unwrap();
    let text = calendar.finish();
    assert!(text.contains("TZOFFSETFROM:+0400\r\nTZOFFSETTO:+0400"), "{text}");
    let refused = Calendar::new(&context(), "ecole.example", "Mars/Olympus", Timestamp::UNIX_EPOCH);
    assert_eq!(refused.err(), Some(UnknownZone("Mars/Olympus".to_owned())));
}

#[test]
fn the_same_things_have_the_same_identifiers_in_every_session() {
    let of = |text: &str| -> Vec<String> { lines(text).into_iter().filter(|line| line.starts_with("UID:")).collect() };
    let first = of(&written(TIMETABLE));
    let other_session = TIMETABLE.replace("#a", "#x").replace("#d", "#y").replace("\"101\"", "\"102\"");
    assert_eq!(first, of(&written(&other_session)));
    assert_eq!(first.len(), 5);
    assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 5);
}

#[test]
fn every_line_ends_and_folds_as_it_should() {
    let text = written(&TIMETABLE.replace("LATIN", &"é".repeat(200)));
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
}
