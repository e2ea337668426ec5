//! Cases 46 and 48: the schemas hold what was promised, whatever else they hold.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};
use serde_json::Value;

use super::desk::Desk;

pub(super) const BOTH: &str = concat!(
    include_str!("../../original/data.graphql"),
    include_str!("../../original/account.graphql"),
    include_str!("../../original/params.graphql")
);
pub(super) const STUDENT: &str = include_str!("../../original/student.graphql");
pub(super) const PARENT: &str = include_str!("../../original/parent.graphql");

/// Everything about types, deep enough for a list of lists of things that are there.
const INTROSPECTION: &str = "query{__schema{queryType{name} mutationType{name} subscriptionType{name} \
    types{kind name fields(includeDeprecated:true){name args{name defaultValue type{...t}} type{...t}}} \
    directives{name}}} \
    fragment t on __Type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name \
    ofType{kind name ofType{kind name ofType{kind name}}}}}}}}";

#[tokio::test]
async fn case_46_the_schema_of_pupils_keeps_every_promise() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let schema = desk.data(&token, INTROSPECTION).await["__schema"].take();
    assert_kept(&schema, &[BOTH, STUDENT]);
    let queries = "params user timetable marks evaluations absences infos contents homeworks menu files";
    assert_begins(&schema, "Query", queries);
    assert_begins(&schema, "Mutation", "setKeepAlive keepAlive logout");
}

#[tokio::test]
async fn case_46_the_schema_of_parents_keeps_every_promise() {
    let desk = Desk::open().await;
    let token = desk.parent().await;
    let schema = desk.data(&token, INTROSPECTION).await["__schema"].take();
    assert_kept(&schema, &[BOTH, PARENT]);
    let queries = "params user timetable marks evaluations absences infos contents homeworks menu files";
    assert_begins(&schema, "Query", queries);
}

#[tokio::test]
async fn case_48_only_parents_have_children() {
    let desk = Desk::open().await;
    let query = r#"{__type(name:"PronoteStudent"){kind}}"#;
    let parent = desk.data(&desk.parent().await, query).await;
    assert_eq!(parent["__type"]["kind"], "OBJECT");
    let student = desk.data(&desk.student().await, query).await;
    assert_eq!(student["__type"], Value::Null);
}

/// The fields of a type, in their order.
fn fields<'a>(schema: &'a Value, name: &str) -> &'a [Value] {
    let types = schema["types"].as_array().map_or(&[][..], Vec::as_slice);
    types.iter().find(|of| of["name"] == name).and_then(|of| of["fields"].as_array()).map_or(&[], Vec::as_slice)
}

/// Whether a type begins with fields of these names, in this order.
#[track_caller]
fn assert_begins(schema: &Value, of: &str, names: &str) {
    let expected: Vec<&str> = names.split(' ').collect();
    let found: Vec<&str> = fields(schema, of).iter().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(&found[..expected.len().min(found.len())], expected);
}

/// A type as it is written: `[String!]!`.
fn written(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&of["ofType"])),
        Some("LIST") => format!("[{}]", written(&of["ofType"])),
        _ => of["name"].as_str().unwrap_or("?").to_owned(),
    }
}

/// Whether every type, field and argument of some documents is there, and whether nothing more is asked for.
#[track_caller]
fn assert_kept(schema: &Value, documents: &[&str]) {
    let mut broken = Vec::new();
    for document in documents {
        for definition in parse_schema(document).unwrap().definitions {
            let TypeSystemDefinition::Type(promised) = definition else { continue };
            let TypeKind::Object(object) = promised.node.kind else { continue };
            let name = promised.node.name.node;
            let found: BTreeMap<&str, &Value> =
                fields(schema, &name).iter().filter_map(|field| Some((field["name"].as_str()?, field))).collect();
            for field in object.fields {
                let field = field.node;
                let difference = match found.get(field.name.node.as_str()) {
                    Some(found) => difference(&field, found),
                    None => Some(format!("{} is missing", field.name.node)),
                };
                broken.extend(difference.map(|difference| format!("{name}.{difference}")));
            }
        }
    }
    assert!(broken.is_empty(), "{} promises are broken:\n{}", broken.len(), broken.join("\n"));
}

/// What a field does not keep of its promise.
fn difference(promised: &FieldDefinition, found: &Value) -> Option<String> {
    let name = &promised.name.node;
    let (expected, is) = (promised.ty.node.to_string(), written(&found["type"]));
    if expected != is {
        return Some(format!("{name} is {is}, not {expected}"));
    }
    let arguments = found["args"].as_array().map_or(&[][..], Vec::as_slice);
    for argument in &promised.arguments {
        let (argument, expected) = (&argument.node.name.node, argument.node.ty.node.to_string());
        let Some(found) = arguments.iter().find(|found| found["name"] == argument.as_str()) else {
            return Some(format!("{name}({argument}) is missing"));
        };
        if written(&found["type"]) != expected || !found["defaultValue"].is_null() {
            return Some(format!("{name}({argument}) is {}, not {expected}", written(&found["type"])));
        }
    }
    arguments
        .iter()
        .filter(|found| promised.arguments.iter().all(|argument| found["name"] != argument.node.name.node.as_str()))
        .find(|new| written(&new["type"]).ends_with('!'))
        .map(|new| format!("{name} asks for {} too", new["name"]))
}
