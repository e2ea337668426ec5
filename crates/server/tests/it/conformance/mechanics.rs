//! Cases 34 to 57: how questions are read and answered, and what a session lives through.

use std::time::Duration;

use emulator::Fault;
use futures_util::future::join_all;
use jiff::civil::date;
use serde_json::{Value, json};

use super::desk::{Desk, only_error, until};
use crate::fixture;

const EXPIRED: &str =
    r#"Unexpected error value: { code: 5, message: "Session has expired due to inactivity or error" }"#;
const AVERAGE: &str = "{marks{averages{student}}}";

/// The only error of an answer that has no data: the question itself was wrong.
async fn wrong(desk: &Desk, query: &str) -> Value {
    let token = desk.student().await;
    let answer = desk.ask(&token, query).await;
    assert_eq!(answer.get("data"), None, "{query}");
    let error = only_error(&answer);
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
    assert!(error["locations"][0]["line"].is_u64() && error["locations"][0]["column"].is_u64(), "{error}");
    error
}

#[tokio::test]
async fn case_34_answers_keep_the_order_of_the_question() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let reply = desk.post(&token, &json!({ "query": "{__typename user{name}}" })).await;
    let expected = r#"{"data":{"__typename":"Query","user":{"name":"DUPONT Jean"}}}"#;
    assert_eq!((reply.status, reply.text()), (200, expected));
}

#[tokio::test]
async fn case_35_an_unknown_field_is_an_error_without_data() {
    let error = wrong(&Desk::open().await, "{nope}").await;
    assert_eq!(error["locations"], json!([{ "line": 1, "column": 2 }]));
    assert!(error["message"].as_str().unwrap().contains("nope"), "{error}");
}

#[tokio::test]
async fn case_36_an_unfinished_question_is_a_syntax_error() {
    let error = wrong(&Desk::open().await, "{ user { ").await;
    assert!(error["message"].as_str().unwrap().starts_with("Syntax Error:"), "{error}");
}

#[tokio::test]
async fn case_37_an_object_needs_a_selection() {
    let error = wrong(&Desk::open().await, "{homeworks{files}}").await;
    assert!(error["message"].as_str().unwrap().contains("files"), "{error}");
}

#[tokio::test]
async fn case_38_a_number_is_no_name_of_a_period() {
    wrong(&Desk::open().await, "{marks(period:1){averages{student}}}").await;
}

#[tokio::test]
async fn case_39_keeping_alive_needs_to_be_told_whether() {
    let error = wrong(&Desk::open().await, "mutation{setKeepAlive}").await;
    assert!(error["message"].as_str().unwrap().contains("enabled"), "{error}");
}

#[tokio::test]
async fn case_40_of_several_operations_the_named_one_runs() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let query = "query a{user{name}} query b{params{schoolYear}}";
    let reply = desk.post(&token, &json!({ "query": query, "operationName": "b" })).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "data": { "params": { "schoolYear": "2020-2021" } } })));
    let unnamed = desk.ask(&token, query).await;
    assert!(unnamed.get("data").is_none_or(Value::is_null) && unnamed["errors"].is_array(), "{unnamed}");
}

#[tokio::test]
async fn case_41_a_question_is_text() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let reply = desk.post(&token, &json!({ "query": 12 })).await;
    assert_eq!((reply.status, reply.text()), (400, r#"{"message":"'query' must be a string"}"#));
}

#[tokio::test]
async fn case_42_variables_are_an_object() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let reply = desk.post(&token, &json!({ "query": "{user{name}}", "variables": "{\"f\":1}" })).await;
    assert_eq!((reply.status, reply.text()), (400, r#"{"message":"'variables' must be an object"}"#));
}

const LESSONS_FROM: &str = "query($f:Date){timetable(from:$f){room from}}";

#[tokio::test]
async fn case_43_a_date_may_be_text_or_milliseconds() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let ask = async |from: Value| {
        let reply = desk.post(&token, &json!({ "query": LESSONS_FROM, "variables": { "f": from } })).await;
        assert_eq!(reply.status, 200);
        reply.json()
    };
    let (text, number) = (ask(json!("2020-09-02")).await, ask(json!(1_599_004_800_000_u64)).await);
    assert_eq!(text["data"]["timetable"].as_array().map(Vec::len), Some(3), "{text}");
    assert_eq!(text, number);
}

#[tokio::test]
async fn case_44_a_variable_that_is_needed_must_be_given() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let answer = desk.ask(&token, &LESSONS_FROM.replace("Date)", "Date!)")).await;
    assert!(answer.get("data").is_none_or(Value::is_null), "{answer}");
    let error = only_error(&answer);
    assert!(error["message"].as_str().unwrap().contains('f'), "{error}");
    assert!(error["locations"][0]["line"].is_u64(), "{error}");
}

#[tokio::test]
async fn case_45_there_are_no_subscriptions() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let answer = desk.ask(&token, "subscription{x}").await;
    assert!(answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{answer}");
}

#[tokio::test]
async fn case_47_the_scalar_of_dates_describes_itself() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, r#"{__type(name:"Date"){kind name description}}"#).await;
    let date = json!({ "kind": "SCALAR", "name": "Date", "description": "Equivalent of the JS Date type" });
    assert_eq!(data["__type"], date);
}

#[tokio::test]
async fn case_49_fragments_aliases_and_conditions_work() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let query = "query($yes:Boolean!,$no:Boolean!){ me:user{...who ...on PronoteUser{minPasswordSize @skip(if:$yes)}} \
                 user @include(if:$no){name} params @include(if:$yes){schoolYear} } \
                 fragment who on PronoteUser{full:name}";
    let reply = desk.post(&token, &json!({ "query": query, "variables": { "yes": true, "no": false } })).await;
    let expected = json!({ "data": { "me": { "full": "DUPONT Jean" }, "params": { "schoolYear": "2020-2021" } } });
    assert_eq!((reply.status, reply.json()), (200, expected));
}

#[tokio::test]
async fn case_50_a_school_is_asked_one_thing_at_a_time() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let [session] = desk.sessions()[..] else { panic!("one session was opened") };
    desk.school.faults().sometimes("*", 1.0, Fault::Delay(Duration::from_millis(20)));
    let day = r#"(from:"2020-09-02",to:"2020-09-04")"#;
    let data =
        desk.data(&token, &format!("{{timetable{day}{{id}} homeworks{day}{{id}} marks{{subjects{{name}}}}}}")).await;
    assert_eq!(data["timetable"].as_array().map(Vec::len), Some(3));
    assert_eq!(data["homeworks"].as_array().map(Vec::len), Some(2));
    assert_eq!(data["marks"]["subjects"].as_array().map(Vec::len), Some(2));
    assert_eq!(desk.school.overlaps(), 0);
    let exchanges = desk.school.exchanges();
    let orders: Vec<u64> =
        exchanges.iter().filter(|exchange| exchange.session == session).map(|exchange| exchange.order).collect();
    let expected: Vec<u64> = (0..orders.len() as u64).map(|place| 2 * place + 1).collect();
    assert_eq!(orders, expected);
}

#[tokio::test]
async fn case_51_twenty_questions_at_once_get_twenty_answers() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let ask = |week: i32| {
        let wednesday = date(2020, 9, 2).saturating_add(jiff::Span::new().weeks(week));
        let (desk, token) = (&desk, &token);
        async move {
            let data = desk.data(token, &format!(r#"{{timetable(from:"{wednesday}"){{subject from}}}}"#)).await;
            let morning = wednesday.at(8, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp().as_millisecond();
            assert_eq!(data["timetable"][0], json!({ "subject": "MATHS", "from": morning }));
        }
    };
    join_all((0..20).map(ask)).await;
    assert_eq!(desk.school.overlaps(), 0);
}

#[tokio::test]
async fn case_52_twenty_tokens_see_twenty_people() {
    let desk = Desk::open().await;
    fixture::more_pupils(&mut desk.school.school(), 20);
    let visit = |number: u32| {
        let desk = &desk;
        async move {
            let login = fixture::pupil_login(number);
            let token = desk.token(&desk.login_of((&login, &login))).await;
            let homework = r#"homeworks(from:"2020-09-03"){description}"#;
            let data =
                desk.data(&token, &format!("{{user{{name}} {homework} timetable(from:\"2020-09-02\"){{id}}}}")).await;
            assert_eq!(data["user"]["name"], format!("ELEVE {login}"));
            assert_eq!(data["homeworks"], json!([{ "description": format!("Pour {login}") }]));
            assert_eq!(data["timetable"], json!([]));
        }
    };
    join_all((1..=20).map(visit)).await;
}

#[tokio::test]
async fn case_53_an_expired_session_is_code_5() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    desk.school.expire_sessions().await;
    let answer = desk.ask(&token, AVERAGE).await;
    assert_eq!(answer["data"], json!({ "marks": null }));
    let error = only_error(&answer);
    assert_eq!((&error["message"], &error["path"]), (&json!(EXPIRED), &json!(["marks"])));
    assert_eq!(error["locations"], json!([{ "line": 1, "column": 2 }]));
    assert_eq!(error["extensions"], json!({ "code": "SESSION_EXPIRED", "pronoteCode": 5 }));
}

#[tokio::test]
async fn case_54_who_signed_in_is_known_after_the_session_expired() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    desk.school.expire_sessions().await;
    assert_eq!(desk.data(&token, "{user{name}}").await, json!({ "user": { "name": "DUPONT Jean" } }));
}

#[tokio::test]
async fn case_55_an_expired_session_cannot_be_kept_alive() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    desk.school.expire_sessions().await;
    let answer = desk.ask(&token, "mutation{keepAlive}").await;
    assert_eq!(answer.get("data"), Some(&Value::Null));
    assert_eq!(only_error(&answer)["path"], json!(["keepAlive"]));
}

#[tokio::test]
async fn case_56_keeping_alive_is_switched_without_a_call() {
    let desk = Desk::open().await;
    let (token, other) = (desk.student().await, desk.student().await);
    let [one, two] = desk.sessions()[..] else { panic!("two sessions were opened") };
    let asked = desk.school.exchanges().len();
    let query = "mutation{a:setKeepAlive(enabled:true) b:setKeepAlive(enabled:true) c:setKeepAlive(enabled:false)}";
    assert_eq!(desk.data(&token, query).await, json!({ "a": true, "b": true, "c": false }));
    assert_eq!(desk.school.exchanges().len(), asked);
    // The other one tells how the time passes.
    desk.data(&other, "mutation{setKeepAlive(enabled:true)}").await;
    until("three intervals have passed", || desk.presences(two) >= 3).await;
    assert_eq!(desk.presences(one), 0);
}

#[tokio::test]
async fn case_56_a_session_is_kept_alive_once_an_interval() {
    let desk = Desk::open().await;
    let (token, other) = (desk.student().await, desk.student().await);
    let [one, two] = desk.sessions()[..] else { panic!("two sessions were opened") };
    desk.data(&token, "mutation{a:setKeepAlive(enabled:true) b:setKeepAlive(enabled:true)}").await;
    desk.data(&other, "mutation{setKeepAlive(enabled:true)}").await;
    until("eight intervals have passed", || desk.presences(two) >= 8).await;
    let presences = desk.presences(one);
    assert!((4..=12).contains(&presences), "{presences} calls in eight intervals");
}

#[tokio::test]
async fn case_57_after_signing_out_upstream_only_what_is_known_is_answered() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    assert_eq!(desk.data(&token, "mutation{logout}").await, json!({ "logout": true }));
    assert_eq!(desk.school.count("SaisieDeconnexion"), 1);
    let answer = desk.ask(&token, AVERAGE).await;
    assert_eq!(answer["data"], json!({ "marks": null }));
    assert_eq!(only_error(&answer)["message"], EXPIRED);
    assert_eq!(desk.data(&token, "{user{name}}").await["user"]["name"], "DUPONT Jean");
}
