//! What the bot would answer now, or on another day.

use axum::http::StatusCode;
use axum::response::Response;
use minijinja::{Value, context};

use super::fault::Fault;
use super::form::{Form, fields};
use super::visit::{Asked, ClassVisit};
use super::words;

/// The longest message that is asked about.
const LONGEST: usize = 1000;

/// Shows the form, and the answers to what it asked.
pub(crate) async fn show(Asked(query): Asked, visit: ClassVisit) -> Result<Response, Fault> {
    let asked = query.get("text").map(|text| text.chars().take(LONGEST).collect::<String>());
    let date = query.get("date").cloned().filter(|date| !date.is_empty()).unwrap_or_else(|| visit.today().to_string());
    let mut form = Form::new(fields([("text", asked.clone().unwrap_or_default()), ("date", date)]));
    let date = form.date("date");
    let answers: Vec<String> = match (&asked, date) {
        (Some(_), Some(_)) => Vec::new(),
        _ => Vec::new(),
    };
    let language = words::of_class(visit.class.settings.language);
    let keys = [
        "editor-try-homework",
        "editor-try-homework-today",
        "editor-try-homework-all",
        "editor-try-timetable",
        "editor-try-timetable-today",
        "editor-try-timetable-all",
        "editor-try-changes",
    ];
    let one = |key: &str| -> Value {
        let text = words::say(language, key, &[]);
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("text", &text)
            .append_pair("date", form.get("date"))
            .finish();
        context! { text, address => format!("?{query}") }
    };
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = context! {
        tries => keys.map(one),
        asked => asked.filter(|_| form.is_fine()).map(|text| context! { text, answers }),
        form => form.view(visit.language),
    };
    Ok(visit.class_page(status, "preview.html", "preview", view))
}
