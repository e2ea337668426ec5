use serde_json::json;

use super::super::school::School;

const FUNCTION: &str = "PageEmploiDuTemps";

#[tokio::test]
async fn the_weeks_of_a_stretch_are_asked_one_by_one_and_cut_to_it() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let query = r#"{ timetable(from: "2026-03-19", to: "2026-03-24") { from to end subject key week } }"#;
    let lessons = pupil.data(query).await["timetable"].take();
    let lessons = lessons.as_array().unwrap();
    assert_eq!((school.asked(FUNCTION), school.asked("PageEmploiDuTemps_DomainePresence")), (2, 1));
    let start = |lesson: &serde_json::Value| lesson["from"].as_i64().unwrap();
    assert!(lessons.is_sorted_by_key(start) && lessons.len() > 3, "{lessons:?}");
    assert!(lessons.iter().all(|lesson| (1_773_874_800_000..=1_774_306_800_000).contains(&start(lesson))));
    assert_eq!(lessons[0]["to"], lessons[0]["end"], "the demonstration school has full hours");
    pupil.data(query).await;
    assert_eq!(school.asked(FUNCTION), 2, "what was read a moment ago is not asked again");
}

#[tokio::test]
async fn fields_of_one_question_share_their_calls() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let day = |name: &str, from: &str| format!(r#"{name}: timetable(from: "{from}") {{ id }} "#);
    pupil
        .data(&format!("{{ {} {} {} }}", day("a", "2026-03-16"), day("b", "2026-03-17"), day("c", "2026-03-18")))
        .await;
    assert_eq!((school.asked(FUNCTION), school.asked("PageEmploiDuTemps_DomainePresence")), (1, 1));
    assert_eq!(school.emulator.overlaps(), 0);
}

#[tokio::test]
async fn days_outside_the_year_cost_no_call() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let query = r#"{ before: timetable(from: "2019-01-01") { id } after: timetable(from: "2030-01-01", to: "2031-01-01") { id } }"#;
    assert_eq!(pupil.data(query).await, json!({ "before": [], "after": [] }));
    assert_eq!(school.asked(FUNCTION), 0);
    pupil.data(r#"{ timetable(from: "1970-01-01", to: "2099-01-01") { id } }"#).await;
    assert!(school.asked(FUNCTION) <= 62, "a stretch of a century is a school year");
}

#[tokio::test]
async fn a_date_that_makes_no_sense_is_refused_by_name() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    for (query, argument) in [
        (r#"{ timetable(from: "garbage") { id } }"#, "'from'"),
        (r#"{ timetable(to: "1599004800000") { id } }"#, "'to'"),
        ("{ timetable(from: 1.5) { id } }", "'from'"),
        ("{ timetable(from: true) { id } }", "'from'"),
        ("{ timetable(from: 99999999999999999) { id } }", "'from'"),
    ] {
        let answer = pupil.ask(query).await;
        assert_eq!(answer["data"], json!({ "timetable": null }), "{query}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{query}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(argument), "{answer}");
    }
    let omitted = pupil.data("{ a: timetable(from: null, to: null) { id } b: timetable { id } }").await;
    assert_eq!(omitted["a"], omitted["b"]);
}

#[tokio::test]
async fn a_week_that_is_not_filled_is_cancelled_altogether() {
    let school = School::open().await;
    school.emulator.script("PageEmploiDuTemps_DomainePresence", |_, answer| {
        answer["Domaine"] = json!({ "_T": 8, "V": "[1..2]" });
    });
    let pupil = school.pupil().await;
    let data = pupil.data(r#"{ timetable(from: "2026-03-16", to: "2026-03-21") { isCancelled } }"#).await;
    let lessons = data["timetable"].as_array().unwrap();
    assert!(!lessons.is_empty() && lessons.iter().all(|lesson| lesson["isCancelled"] == true));
}

#[tokio::test]
async fn the_lessons_are_those_of_the_child_that_was_named() {
    let school = School::open().await;
    let guardian = school.guardian().await;
    let children = guardian.viewer.user().children.clone();
    for child in &children {
        let id = child.id.as_ref().unwrap().as_str();
        guardian.data(&format!(r#"{{ timetable(student: "{}") {{ id }} }}"#, child.name)).await;
        assert_eq!(school.last(FUNCTION)["ressource"]["N"], id);
        let by_id = guardian.data(&format!(r#"{{ timetable(student: "{id}") {{ id }} }}"#)).await;
        assert!(by_id["timetable"].is_array());
    }
    let nobody = guardian.ask(r#"{ timetable(student: "nobody") { id } }"#).await;
    assert_eq!(nobody["data"]["timetable"], json!(null));
    assert_eq!(nobody["errors"][0]["message"], "Unknown student 'nobody'");
    assert_eq!(nobody["errors"][0]["extensions"]["code"], "UNKNOWN_STUDENT");
}

#[tokio::test]
async fn a_hidden_tab_is_null_without_a_call() {
    let school = School::open().await;
    school.emulator.script("ParametresUtilisateur", |_, answer| {
        answer["listeOngletsInvisibles"] = json!([7, 8, 9, 10, 13, 16, 19, 37, 49, 88, 89, 99, 131, 198, 201]);
    });
    let pupil = school.pupil().await;
    assert_eq!(pupil.data("{ timetable { id } }").await, json!({ "timetable": null }));
    assert_eq!(school.asked("PageEmploiDuTemps_DomainePresence"), 0);
}
