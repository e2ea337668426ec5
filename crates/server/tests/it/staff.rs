//! What teachers and school life read, and what their schemas are.

use gateway::Role;
use pronote::Space;
use serde_json::{Value, json};
use server::graphql::{Limits, Schemas};

use crate::people::{School, list, named};

#[test]
fn the_schemas_of_staff_are_these() {
    let schemas = Schemas::new(Limits::default());
    insta::assert_snapshot!("teacher.graphql", schemas.sdl(Role::Teacher));
    insta::assert_snapshot!("school_life.graphql", schemas.sdl(Role::SchoolLife));
}

/// What every account of staff can ask.
const COMMON: &str = r#"{ params { title firstMonday } user { name kind classes { name } }
    capabilities { pages discuss writeToPupils } sessionState periods { name } school { name }
    timetable(from: "2026-11-24", to: "2026-11-25") { subject from teacher room }
    menu(from: "2026-11-24") { date } infos { title } homeworks { subject } contents { subject }
    home { quietHours agenda { name } } news { items { title } } discussions { discussions { key subject } }
    recipients(kind: TEACHER) { name } account { email } notifications { count }
    canteen { lunch } feeds { id } }"#;

#[tokio::test]
async fn a_teacher_reads_what_the_school_lets_teachers_read() {
    let school = School::open().await;
    let teacher = school.reader(Space::Teacher).await;
    let data = teacher.data(COMMON).await;
    assert_eq!(data["user"]["kind"], "TEACHER");
    assert!(!list(&data["user"]["classes"]).is_empty(), "{data}");
    assert!(!list(&data["timetable"]).is_empty(), "{data}");
    assert!(!list(&data["discussions"]["discussions"]).is_empty(), "{data}");
    assert_eq!(data["capabilities"]["writeToPupils"], true);
    for absent in ["homeworks", "contents"] {
        assert_eq!(data[absent], Value::Null, "{absent}");
    }
    // The page of pupils is school life's.
    assert_eq!(teacher.data(r#"{ pupils(class: "3A") { name } }"#).await["pupils"], Value::Null);
}

#[tokio::test]
async fn school_life_reads_classes_pupils_and_their_cards() {
    let school = School::open().await;
    let desk = school.reader(Space::SchoolLife).await;
    let data = desk.data(COMMON).await;
    assert_eq!(data["user"]["kind"], "STAFF");
    assert!(list(&data["capabilities"]["pages"]).contains(&json!("PUPILS")), "{data}");
    let classes = desk.data("{ classes { name level isResponsible } }").await;
    let class = classes["classes"][0]["name"].as_str().unwrap().to_owned();
    let pupils = desk
        .data(&format!(
            r#"{{ pupils(class: "{class}") {{ key name lastName firstNames sex enrolled born options
                  arrangements {{ kind handicap }} }} }}"#
        ))
        .await;
    let pupil = &pupils["pupils"][0];
    let card = async |named: &Value| {
        let query = format!(
            r#"{{ pupil(class: "{class}", pupil: {named}) {{ pupil {{ lastName firstNames city born }}
                  guardians {{ relationship legal identity {{ lastName email }} }} }} }}"#
        );
        desk.data(&query).await
    };
    let by_key = card(&pupil["key"]).await;
    assert_eq!(by_key["pupil"]["pupil"]["lastName"], pupil["lastName"]);
    assert!(!list(&by_key["pupil"]["guardians"]).is_empty(), "{by_key}");
    assert_eq!(card(&pupil["name"]).await, by_key);
    assert_eq!(desk.refusal(r#"{ pupils(class: "9Z") { name } }"#).await, "STALE_KEY");
    let nobody = format!(r#"{{ pupil(class: "{class}", pupil: "nobody") {{ guardians {{ legal }} }} }}"#);
    assert_eq!(desk.refusal(&nobody).await, "STALE_KEY");
}

#[tokio::test]
async fn a_teacher_may_write_to_a_pupil() {
    let school = School::open().await;
    let teacher = school.writer(Space::Teacher).await;
    let people = teacher.data("{ recipients(kind: STAFF) { key name } }").await;
    let key = people["recipients"][0]["key"].as_str().unwrap();
    let begun =
        format!(r#"mutation {{ beginDiscussion(to: ["{key}"], subject: "Conseil", text: "Bonjour.") {{ notices }} }}"#);
    teacher.data(&begun).await;
    let data = teacher.data("{ discussions { discussions { subject messageCount } } }").await;
    assert_eq!(named(&data["discussions"]["discussions"], "subject", "Conseil")["messageCount"], 1);
}
