//! Cases 1 to 33: HTTP, signing in and out.

use std::io::Write as _;

use emulator::Fault;
use serde_json::{Value, json};

use super::desk::{Desk, NOBODY, until};
use crate::wire::JSON;

const MISSING_LOGIN: &str =
    r#"{"message":"Missing 'url', or 'username', or 'password', or header 'Content-Type: application/json'"}"#;
const MISSING_QUERY: &str = r#"{"message":"Missing 'query' field or 'Content-Type: application/json' header"}"#;
const UNKNOWN_TOKEN: &str = r#"{"message":"Unknown session token"}"#;
const NAME: &str = r#"{"query":"{user{name}}"}"#;

#[tokio::test]
async fn case_01_questions_are_not_asked_with_get() {
    let desk = Desk::open().await;
    let reply = desk.send("GET", "/graphql", &[], "").await;
    assert_eq!((reply.status, reply.text(), reply.header("content-type")), (404, "Not Found", None));
}

#[tokio::test]
async fn case_02_other_methods_and_paths_are_not_found() {
    let desk = Desk::open().await;
    for (method, path) in
        [("PUT", "/graphql"), ("OPTIONS", "/graphql"), ("POST", "/GRAPHQL"), ("POST", "/auth/login/x")]
    {
        let reply = desk.send(method, path, &[JSON], "{}").await;
        assert_eq!((reply.status, reply.text()), (404, "Not Found"), "{method} {path}");
    }
}

#[tokio::test]
async fn case_03_broken_json_is_refused_in_plain_text() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "/auth/login", &[JSON], "{bad").await;
    assert_eq!(reply.status, 400);
    assert!(!reply.text().is_empty() && !reply.text().starts_with('{'), "{}", reply.text());
    desk.student().await;
}

#[tokio::test]
async fn case_04_json_that_is_no_object_is_refused_in_plain_text() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "/auth/login", &[JSON], r#""str""#).await;
    assert_eq!(reply.status, 400);
    assert!(!reply.text().is_empty() && !reply.text().starts_with('{'), "{}", reply.text());
}

#[tokio::test]
async fn case_05_a_login_without_its_fields_is_told_which() {
    let desk = Desk::open().await;
    for body in ["", "[]", "{}"] {
        let reply = desk.send("POST", "/auth/login", &[JSON], body).await;
        assert_eq!((reply.status, reply.text()), (400, MISSING_LOGIN), "{body:?}");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    }
}

#[tokio::test]
async fn case_06_a_form_is_a_login_without_fields() {
    let desk = Desk::open().await;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let reply = desk.send("POST", "/auth/login", &[form], "url=x").await;
    assert_eq!((reply.status, reply.text()), (400, MISSING_LOGIN));
}

#[tokio::test]
async fn case_07_only_unicode_is_read() {
    let desk = Desk::open().await;
    let latin = ("Content-Type", "application/json; charset=latin1");
    let reply = desk.send("POST", "/auth/login", &[latin], "{}").await;
    assert_eq!((reply.status, reply.text()), (415, r#"unsupported charset "LATIN1""#));
}

#[tokio::test]
async fn case_08_a_body_over_100_kib_is_refused_and_the_next_request_is_served() {
    let desk = Desk::open().await;
    let body = json!({ "url": "x".repeat(120_000) }).to_string();
    let reply = desk.send("POST", "/auth/login", &[JSON], body).await;
    assert_eq!((reply.status, reply.text()), (413, "request entity too large"));
    desk.student().await;
}

/// What a login that is wrong in one field is answered.
async fn login_with(desk: &Desk, field: &str, value: Value) -> (u16, Value) {
    let mut login = desk.jean();
    login[field] = value;
    let reply = desk.login(&login).await;
    (reply.status, reply.json())
}

#[tokio::test]
async fn case_09_an_unknown_account_kind_is_refused() {
    let desk = Desk::open().await;
    let refused = login_with(&desk, "account", json!("zzz")).await;
    assert_eq!(refused, (400, json!({ "message": "Unknown account type 'zzz'" })));
}

#[tokio::test]
async fn case_10_a_teacher_is_no_account_kind_of_this_door() {
    let desk = Desk::open().await;
    let refused = login_with(&desk, "account", json!("teacher")).await;
    assert_eq!(refused, (400, json!({ "message": "Unknown account type 'teacher'" })));
}

#[tokio::test]
async fn case_11_an_unknown_portal_is_refused_with_code_1() {
    let desk = Desk::open().await;
    let mut login = desk.jean();
    login["cas"] = json!("bad");
    let reply = desk.login(&login).await;
    let expected = r#"{"code":1,"message":"Unknown CAS 'bad' (use 'none' for no CAS)"}"#;
    assert_eq!((reply.status, reply.text()), (400, expected));
}

#[tokio::test]
async fn case_12_portal_names_mind_their_case() {
    let desk = Desk::open().await;
    let (status, body) = login_with(&desk, "cas", json!("AC-LYON")).await;
    assert_eq!((status, &body["code"]), (400, &json!(1)));
}

#[tokio::test]
async fn case_13_names_of_no_portal_never_give_a_token() {
    let desk = Desk::open().await;
    for name in ["list", "constructor", "__proto__"] {
        let (status, body) = login_with(&desk, "cas", json!(name)).await;
        assert_eq!((status, &body["code"]), (400, &json!(1)), "{name}");
    }
}

#[tokio::test]
async fn case_14_a_wrong_password_is_said_to_be_wrong() {
    let desk = Desk::open().await;
    let refused = login_with(&desk, "password", json!("wrong")).await;
    assert_eq!(refused, (401, json!({ "code": 3, "message": "Wrong user credentials" })));
}

#[tokio::test]
async fn case_15_a_suspended_address_is_code_2() {
    let desk = Desk::open().await;
    desk.school.faults().next("page", 10, Fault::Suspended);
    let reply = desk.login(&desk.jean()).await;
    let message = "Your IP address is temporarily banned because of too many failed authentication attempts";
    assert_eq!((reply.status, reply.json()), (429, json!({ "code": 2, "message": message })));
}

#[tokio::test]
async fn case_16_a_closed_school_is_code_7() {
    let desk = Desk::open().await;
    desk.school.faults().next("page", 10, Fault::Closed);
    let reply = desk.login(&desk.jean()).await;
    let message = "The instance is closed, try again later";
    assert_eq!((reply.status, reply.json()), (503, json!({ "code": 7, "message": message })));
}

#[tokio::test]
async fn case_17_an_unreachable_school_is_said_to_be_so_and_nothing_else_is() {
    let desk = Desk::open().await;
    let (status, body) = login_with(&desk, "url", json!(NOBODY)).await;
    assert_eq!((status, &body["code"]), (502, &json!("UPSTREAM_UNREACHABLE")));
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()));
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["code", "message"]);
    for secret in ["secret", "jean", "ookie", "stack", ".rs"] {
        assert!(!body.to_string().contains(secret), "{body}");
    }
}

#[tokio::test]
async fn case_18_an_address_that_is_a_number_is_refused() {
    let desk = Desk::open().await;
    let (status, body) = login_with(&desk, "url", json!(12)).await;
    assert_eq!(status, 400);
    assert!(body["message"].is_string(), "{body}");
}

#[tokio::test]
async fn case_19_a_right_login_gives_a_token_and_nothing_else() {
    let desk = Desk::open().await;
    let reply = desk.login(&desk.jean()).await;
    assert_eq!(reply.status, 200);
    let answer = reply.json();
    assert_eq!(answer.as_object().unwrap().len(), 1);
    let token = answer["token"].as_str().unwrap();
    let shape: String = token.chars().map(|c| if matches!(c, '0'..='9' | 'a'..='f') { 'x' } else { c }).collect();
    assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    assert_eq!(&token[14..15], "4", "version 4");
    assert!("89ab".contains(&token[19..20]), "{token}");
}

#[tokio::test]
async fn case_20_every_login_gives_a_token_of_its_own() {
    let desk = Desk::open().await;
    let (one, two) = (desk.student().await, desk.student().await);
    assert_ne!(one, two);
    for token in [one, two] {
        assert_eq!(desk.data(&token, "{user{name}}").await["user"]["name"], "DUPONT Jean");
    }
}

#[tokio::test]
async fn case_21_what_old_clients_say_besides_is_ignored() {
    let desk = Desk::open().await;
    let mut login = desk.jean();
    login["type"] = json!("login");
    login["cas"] = json!("none");
    desk.token(&login).await;
}

#[tokio::test]
async fn case_22_no_portal_may_be_written_null() {
    let desk = Desk::open().await;
    let mut login = desk.jean();
    login["cas"] = Value::Null;
    desk.token(&login).await;
}

#[tokio::test]
async fn case_23_an_address_may_be_pasted_in_many_ways() {
    let desk = Desk::open().await;
    let root = desk.school.url().trim_end_matches('/').to_owned();
    for url in [format!("{root}/eleve.html"), root.clone(), format!("{root}/eleve.html?login=true")] {
        let mut login = desk.jean();
        login["url"] = json!(url);
        let token = desk.token(&login).await;
        let data = desk.data(&token, "{infos{files{url}}}").await;
        let file = data["infos"][0]["files"][0]["url"].as_str().unwrap();
        assert!(file.starts_with(&format!("{root}/FichiersExternes/")), "{url} led to {file}");
    }
}

#[tokio::test]
async fn case_24_a_question_needs_a_token() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "/graphql", &[JSON], NAME).await;
    assert_eq!((reply.status, reply.text()), (401, r#"{"message":"Missing 'Token' header"}"#));
}

#[tokio::test]
async fn case_25_a_token_must_be_known() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "/graphql", &[JSON, ("Token", "zzz")], NAME).await;
    assert_eq!((reply.status, reply.text()), (401, UNKNOWN_TOKEN));
}

#[tokio::test]
async fn case_26_a_missing_query_is_seen_before_an_unknown_token() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "/graphql", &[JSON, ("Token", "zzz")], "{}").await;
    assert_eq!((reply.status, reply.text()), (400, MISSING_QUERY));
}

#[tokio::test]
async fn case_27_names_that_are_no_tokens_are_unknown() {
    let desk = Desk::open().await;
    for token in ["constructor", "__proto__"] {
        let reply = desk.send("POST", "/graphql", &[JSON, ("Token", token)], NAME).await;
        assert_eq!((reply.status, reply.text()), (401, UNKNOWN_TOKEN), "{token}");
    }
}

#[tokio::test]
async fn case_28_a_final_slash_and_the_case_of_headers_do_not_matter() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let reply = desk.send("POST", "/graphql/", &[JSON, ("tOkEn", &token)], NAME).await;
    assert_eq!((reply.status, reply.text()), (200, r#"{"data":{"user":{"name":"DUPONT Jean"}}}"#));
}

#[tokio::test]
async fn case_29_a_question_may_come_compressed() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(NAME.as_bytes()).unwrap();
    let body = gzip.finish().unwrap();
    let headers = [JSON, ("Token", token.as_str()), ("Content-Encoding", "gzip")];
    let reply = desk.send("POST", "/graphql", &headers, body).await;
    assert_eq!((reply.status, reply.text()), (200, r#"{"data":{"user":{"name":"DUPONT Jean"}}}"#));
}

#[tokio::test]
async fn case_30_a_list_of_questions_is_no_question() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let reply = desk.post(&token, &json!([{ "query": "{user{name}}" }])).await;
    assert_eq!((reply.status, reply.text()), (400, MISSING_QUERY));
}

#[tokio::test]
async fn case_31_whoever_has_no_token_may_sign_out() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "/auth/logout", &[], "").await;
    assert_eq!((reply.status, reply.text()), (200, r#"{"success":true}"#));
}

#[tokio::test]
async fn case_32_a_token_is_forgotten_when_it_signs_out() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let reply = desk.send("POST", "/auth/logout", &[("Token", &token)], "").await;
    assert_eq!((reply.status, reply.text()), (200, r#"{"success":true}"#));
    let reply = desk.send("POST", "/graphql", &[JSON, ("Token", &token)], NAME).await;
    assert_eq!((reply.status, reply.text()), (401, UNKNOWN_TOKEN));
}

#[tokio::test]
async fn case_33_nobody_is_kept_present_who_has_signed_out() {
    let desk = Desk::open().await;
    let (leaver, stayer) = (desk.student().await, desk.student().await);
    let [.., left, stayed] = &desk.sessions()[..] else { panic!("two sessions were opened") };
    for token in [&leaver, &stayer] {
        desk.data(token, "mutation{setKeepAlive(enabled:true)}").await;
    }
    until("somebody is present", || desk.presences(*left) > 0).await;
    desk.send("POST", "/auth/logout", &[("Token", &leaver)], "").await;
    // Whoever stayed tells how the time passes.
    let (before, then) = (desk.presences(*left), desk.presences(*stayed));
    until("some time has passed", || desk.presences(*stayed) >= then + 5).await;
    assert_eq!(desk.presences(*left), before);
}
