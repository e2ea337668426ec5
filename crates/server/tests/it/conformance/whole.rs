//! Every field that was promised can be asked for, all at once: one without a value would cost the whole answer.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};

use super::desk::Desk;
use super::promised::{BOTH, PARENT, STUDENT};
use crate::fixture;

/// How often a type may be inside itself: tabs are.
const DEEPEST: usize = 2;

/// The fields of each object type, with the type behind lists and exclamation marks.
type Objects = BTreeMap<String, Vec<(String, String)>>;

fn objects(documents: [&str; 2]) -> Objects {
    let mut objects = Objects::new();
    for document in documents {
        for definition in parse_schema(document).unwrap().definitions {
            let TypeSystemDefinition::Type(of) = definition else { continue };
            let TypeKind::Object(object) = of.node.kind else { continue };
            let fields = object.fields.into_iter().map(|field| field.node);
            let fields = fields.map(|field| (field.name.node.to_string(), innermost(&field.ty.node)));
            objects.entry(of.node.name.node.to_string()).or_default().extend(fields);
        }
    }
    objects
}

fn innermost(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(of) => innermost(of),
    }
}

/// A selection of everything in a type.
fn everything(objects: &Objects, of: &str, path: &mut Vec<String>) -> String {
    let Some(fields) = objects.get(of) else { return String::new() };
    path.push(of.to_owned());
    let is_too_deep = |inner: &str, path: &[String]| path.iter().filter(|of| *of == inner).count() >= DEEPEST;
    let mut selection = String::from("{");
    for (name, inner) in fields {
        if !is_too_deep(inner, path) {
            selection.push_str(&format!("{name}{} ", everything(objects, inner, path)));
        }
    }
    path.pop();
    selection + "}"
}

/// Asks for everything there is.
async fn ask_all(documents: [&str; 2], desk: &Desk, token: &str, student: Option<&str>) {
    let objects = objects(documents);
    for (field, of) in &objects["Query"] {
        let mut arguments: Vec<String> = Vec::new();
        if !matches!(field.as_str(), "params" | "user") {
            arguments.extend(student.map(|student| format!(r#"student:"{student}""#)));
            if matches!(field.as_str(), "timetable" | "contents" | "homeworks" | "menu") {
                arguments.push(r#"from:"2020-08-31" to:"2020-09-07""#.to_owned());
            }
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(" ")) };
        let query = format!("{{{field}{arguments}{}}}", everything(&objects, of, &mut Vec::new()));
        let data = desk.data(token, &query).await;
        let is_told = !(data[field].is_null() || data[field].as_array().is_some_and(Vec::is_empty));
        assert!(is_told, "{field}: {data}");
    }
}

#[tokio::test]
async fn a_pupil_may_ask_for_everything_that_was_promised() {
    let desk = Desk::open().await;
    fixture::show_all(&desk.school);
    let token = desk.student().await;
    ask_all([BOTH, STUDENT], &desk, &token, None).await;
}

#[tokio::test]
async fn a_parent_may_ask_for_everything_that_was_promised() {
    let desk = Desk::open().await;
    fixture::show_all(&desk.school);
    let token = desk.parent().await;
    ask_all([BOTH, PARENT], &desk, &token, Some("DUPONT Jean")).await;
}
