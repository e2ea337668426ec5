//! `GET /api/v2/openapi.json`: what every route takes and gives. Bodies are judged by it ([`judge`](super::judge)).

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::{
    assignments, audit, bots, changes, classes, days, documents, health, pronote, sessions, subjects, timetables, users,
};
use crate::problem::ProblemBody;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cartable: the class board",
        description = "Homework, timetable and changes of a school's classes. `POST /sessions` gives a key, which is shown \
                       with each request. What is read has an `ETag`; sent as `If-Match` with a change, it makes sure that \
                       nobody else's is lost. Errors are `application/problem+json`, with every fault of what was sent.",
        license(name = "MIT OR Apache-2.0")
    ),
    servers((url = "/api/v2")),
    paths(
        sessions::sign_in, sessions::list, sessions::current, sessions::sign_out, sessions::end,
        classes::list, classes::create, classes::show, classes::change, classes::renew_code, classes::settings,
        classes::set,
        subjects::list, subjects::add, subjects::show, subjects::change, subjects::remove,
        timetables::undated, timetables::set_undated, timetables::current, timetables::list, timetables::add,
        timetables::show, timetables::set, timetables::remove,
        changes::undated, changes::set_undated, changes::list, changes::show, changes::set, changes::remove,
        assignments::list, assignments::give, assignments::show, assignments::change, assignments::remove,
        days::show,
        users::list, users::create, users::show, users::change, users::set_password, users::remove,
        audit::list, audit::show, audit::undo,
        bots::preview, bots::list, bots::chats, bots::unbind,
        pronote::show,
        pronote::bind,
        pronote::unbind,
        documents::export, documents::import,
        health::show, show,
    ),
    components(schemas(ProblemBody)),
    security(("key" = [])),
    modifiers(&Key),
)]
struct Written;

/// How a key is shown.
struct Key;

impl utoipa::Modify for Key {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("64 hexadecimal digits").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
    }
}

/// What any request may be answered with.
const ANY: [(&str, &str); 2] = [
    ("400", "The request cannot be read: its query, its conditions or its body are malformed"),
    ("503", "The database does not answer, or too many sign in; `Retry-After` says when to come back"),
];
/// The same where a key is needed.
const WITH_KEY: [(&str, &str); 3] = [
    ("401", "No key, or none that is good"),
    ("403", "The account may not do that"),
    ("404", "There is no such thing"),
];
/// The same where a body is sent.
const WITH_BODY: [(&str, &str); 4] = [
    ("408", "The body takes too long"),
    ("413", "The body is too large"),
    ("415", "The body is no JSON"),
    ("422", "The body is not as it has to be: `faults` says where"),
];
/// The same where a condition may be sent.
const WITH_CONDITION: [(&str, &str); 1] = [("412", "It was changed meanwhile: `current` is what it is now")];

/// The document, with what is the same for many routes.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = json!(Written::openapi());
    close(&mut document["components"]["schemas"]);
    for path in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        for operation in path.as_object_mut().into_iter().flat_map(|path| path.values_mut()) {
            complete(operation);
        }
    }
    document
});

/// Adds to an operation what every one of its kind may be answered with, and makes its name one of its own.
fn complete(operation: &mut Value) {
    if let (Some(tag), Some(name)) = (operation["tags"][0].as_str(), operation["operationId"].as_str()) {
        operation["operationId"] = format!("{tag}_{name}").into();
    }
    let bodied = operation["requestBody"].is_object();
    let parameters = operation["parameters"].as_array();
    let has = |name: &str| parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == name));
    let (written, read) = (has("If-Match"), has("If-None-Match"));
    // Only what needs no key says so.
    let open = operation["security"].is_array();
    let answers = [
        (true, &ANY[..]),
        (!open, &WITH_KEY[..]),
        (bodied, &WITH_BODY[..]),
        (written, &WITH_CONDITION[..]),
        (read && !written, &[("304", "It is what the client has already")][..]),
    ];
    for (_, answers) in answers.into_iter().filter(|(given, _)| *given) {
        for (status, description) in answers {
            let answer = &mut operation["responses"][status];
            if answer.is_null() {
                *answer = json!({"description": description});
                if *status != "304" {
                    let problem = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
                    answer["content"] = json!({"application/problem+json": problem});
                }
            }
        }
    }
}

/// Objects have the members that are described, and no other.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object) && members.get("type") == Some(&json!("object"))
            {
                members.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The schemas, by name.
pub(super) fn schemas() -> &'static Value {
    &DOCUMENT["components"]["schemas"]
}

/// The schema of a name.
pub(super) fn schema(name: &str) -> &'static Value {
    &schemas()[name]
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", operation_id = "description", tag = "server", security(()), responses((status = 200, description = "This document", body = inline(Value))))]
pub(super) async fn show() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_string());
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, TEXT.as_str()).into_response()
}

#[cfg(test)]
mod tests;
