//! The schemas, and what they answer a viewer of an emulated school.

mod contract;
mod pages;
mod school;

use gateway::Role;

use super::{Limits, Schemas, to_json};
use school::School;

#[test]
fn the_schemas_are_these() {
    let schemas = Schemas::new(Limits::default());
    insta::assert_snapshot!("student.graphql", schemas.sdl(Role::Student));
    insta::assert_snapshot!("parent.graphql", schemas.sdl(Role::Parent));
}

/// What graphical clients ask first.
const WHOLE_SCHEMA: &str = "query IntrospectionQuery { __schema {
    queryType { name } mutationType { name } subscriptionType { name } types { ...FullType }
    directives { name description locations args { ...InputValue } } } }
  fragment FullType on __Type { kind name description
    fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
    inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description }
    possibleTypes { ...TypeRef } }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
  fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[tokio::test]
async fn the_usual_tools_can_ask_for_the_whole_schema() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let answer = pupil.ask(WHOLE_SCHEMA).await;
    let types = answer["data"]["__schema"]["types"].as_array().unwrap();
    let has = |name: &str| types.iter().any(|of| of["name"] == name);
    assert!(has("PronoteUser") && !has("PronoteStudent"), "a pupil's schema has no type of the guardians'");
    let date = pupil.ask(r#"{ __type(name: "Date") { kind name description } }"#).await;
    let expected =
        serde_json::json!({ "kind": "SCALAR", "name": "Date", "description": "Equivalent of the JS Date type" });
    assert_eq!(date["data"]["__type"], expected);
}

#[tokio::test]
async fn an_answer_says_data_only_when_something_was_executed() {
    let school = School::open().await;
    let pupil = school.pupil().await;
    let schemas = Schemas::new(Limits { depth: 3, ..Limits::default() });
    let answer = async |query: &str| String::from_utf8(to_json(&pupil.execute(&schemas, query).await)).unwrap();
    assert!(answer("{nope}").await.starts_with(r#"{"errors":[{"message":"#));
    for refused in ["{nope}", "{ user { ", "{ user { tabs { subs { id } } } }", "subscription { x }"] {
        assert!(!answer(refused).await.contains(r#""data""#), "{refused}");
    }
    assert_eq!(
        answer("{__typename user{name}}").await,
        r#"{"data":{"__typename":"Query","user":{"name":"PARENT Fanny"}}}"#
    );
    let failed = answer(r#"{timetable(from:"garbage"){from}}"#).await;
    assert!(failed.ends_with(r#""data":{"timetable":null}}"#), "{failed}");
}
