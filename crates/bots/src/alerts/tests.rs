use board::{Actor, Class, ClassSettings, Source, Week};
use jiff::civil::{date, time};
use serde_json::json;

use super::*;

const ZERO: Timestamp = Timestamp::UNIX_EPOCH;

fn entry(id: i64, at: i64, resource: &str, key: &str, before: Option<Value>, after: Option<Value>) -> Entry {
    Entry {
        id,
        class: Some(ClassId(1)),
        at: Timestamp::from_second(at).unwrap(),
        by: Actor::program("test"),
        resource: resource.to_owned(),
        key: key.to_owned(),
        before,
        after,
        undoes: None,
    }
}

/// Entries of no interest but for their moments.
fn at(moments: &[i64]) -> Vec<Entry> {
    (1..).zip(moments).map(|(id, at)| entry(id, *at, "week", "", None, None)).collect()
}

fn class() -> Snapshot {
    let settings = ClassSettings::named("9Б");
    let class = Class { id: ClassId(1), slug: "9b".to_owned(), code: String::new(), archived: None, settings };
    Snapshot {
        class,
        revision: 1,
        subjects: [(1, subject("Алгебра", ""))].into(),
        week: Week::default(),
        changes: Changes::default(),
        timetables: Vec::new(),
        dated_changes: BTreeMap::new(),
        assignments: Vec::new(),
        since: date(2026, 8, 26),
    }
}

fn subject(name: &str, note: &str) -> Subject {
    Subject { number: 1, name: name.to_owned(), note: note.to_owned(), source: Source::Hand }
}

fn noted(note: &str) -> Option<Value> {
    Some(serde_json::to_value(subject("Алгебра", note)).unwrap())
}

fn task(due: Date, text: &str) -> Option<Value> {
    Some(json!({"subject": 1, "given": "2026-09-14", "due": due, "text": text}))
}

fn changed(text: &str) -> Option<Value> {
    Some(serde_json::to_value(Changes { text: text.to_owned(), ..Changes::default() }).unwrap())
}

fn read(entries: &[(&str, &str, Option<Value>, Option<Value>)]) -> Vec<News> {
    let entries: Vec<_> = (1..)
        .zip(entries.iter().cloned())
        .map(|(id, (resource, key, before, after))| entry(id, 0, resource, key, before, after))
        .collect();
    news(&entries, &class(), date(2026, 9, 16))
}

fn homework(due: Option<Date>, text: &str) -> News {
    News::Homework { subject: "Алгебра".to_owned(), due, text: text.to_owned() }
}

#[test]
fn at_once_means_when_it_has_become_quiet() {
    let pace = AlertPace::default();
    let due = |moments: &[i64], now| {
        is_due(Alerts::AtOnce, &at(moments), Timestamp::from_second(now).unwrap(), &TimeZone::UTC, pace)
    };

    assert!(!due(&[], 1000));
    assert!(!due(&[100], 129));
    assert!(due(&[100], 130));
    assert!(!due(&[100, 120, 140], 160));
    assert!(due(&[100, 120, 140], 170));
    assert!(due(&[100, 200, 300, 399], 400), "it never becomes quiet");
}

#[test]
fn a_time_of_day_is_that_of_the_class() {
    let moscow = TimeZone::get("Europe/Moscow").unwrap();
    let moment = |hour| date(2026, 9, 16).at(hour, 0, 0, 0).to_zoned(moscow.clone()).unwrap().timestamp();
    let due = |came, now| {
        let new = at(&[moment(came).as_second()]);
        is_due(Alerts::Daily(time(18, 0, 0, 0)), &new, moment(now), &moscow, AlertPace::default())
    };

    assert!(!due(12, 17));
    assert!(due(12, 18));
    assert!(due(12, 23), "the program did not run at six");
    assert!(!due(19, 23), "this is for tomorrow");
    assert_eq!(latest(time(18, 0, 0, 0), moment(17), &moscow), Some(moment(18) - jiff::SignedDuration::from_hours(24)));
}

#[test]
fn the_ends_of_time_do_no_harm() {
    for now in [Timestamp::MIN, Timestamp::MAX, ZERO] {
        for alerts in [Alerts::AtOnce, Alerts::Daily(time(0, 0, 0, 0)), Alerts::Daily(Time::MAX)] {
            let _ = is_due(alerts, &at(&[0, i64::from(u32::MAX)]), now, &TimeZone::UTC, AlertPace::default());
        }
    }
}

#[test]
fn homework_is_news_when_it_says_something_new() {
    let friday = date(2026, 9, 18);

    assert_eq!(read(&[("subject", "1", noted(""), noted("§ 4"))]), [homework(None, "§ 4")]);
    assert_eq!(read(&[("assignment", "5", None, task(friday, "№ 12"))]), [homework(Some(friday), "№ 12")]);
    for nothing in [
        ("subject", "1", noted("§ 4"), noted("")),
        ("subject", "1", noted("§ 4"), noted("§ 4")),
        ("subject", "1", None, noted("")),
        ("assignment", "5", task(friday, "№ 12"), None),
        ("assignment", "5", None, task(date(2026, 9, 15), "№ 12")),
        ("week", "", None, Some(json!({}))),
        ("subject", "1", None, Some(json!("another shape"))),
    ] {
        assert_eq!(read(std::slice::from_ref(&nothing)), [], "{nothing:?}");
    }
}

#[test]
fn several_changes_of_a_thing_are_told_as_one() {
    let entries = [
        ("subject", "1", noted(""), noted("§ 4")),
        ("changes", "2026-09-17", None, None),
        ("subject", "1", noted("§ 4"), noted("§ 5")),
    ];
    assert_eq!(read(&entries), [homework(None, "§ 5")]);

    let back = [("subject", "1", noted("§ 3"), noted("§ 4")), ("subject", "1", noted("§ 4"), noted("§ 3"))];
    assert_eq!(read(&back), []);
}

#[test]
fn changes_are_news_unless_their_day_is_past() {
    let told = |day, text: Option<&str>| News::Changes { day, text: text.map(str::to_owned) };

    assert_eq!(read(&[("changes", "", changed(""), changed("Физры нет\n"))]), [told(None, Some("Физры нет"))]);
    assert_eq!(read(&[("changes", "", changed("Физры нет"), changed(""))]), [told(None, None)]);
    let thursday = read(&[("changes", "2026-09-17", changed("Физры нет"), None)]);
    assert_eq!(thursday, [told(Some(date(2026, 9, 17)), None)]);
    assert_eq!(read(&[("changes", "2026-09-15", None, changed("Физры нет"))]), []);
    assert_eq!(read(&[("changes", "", None, changed(" "))]), []);
    assert_eq!(read(&[("changes", "no date", None, changed("Физры нет"))]), []);
}
