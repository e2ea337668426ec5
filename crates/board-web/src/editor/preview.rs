//! What the bot would answer now, or on another day. Nothing is sent, and nothing is changed.

use axum::http::StatusCode;
use axum::response::Response;
use board::Platform;
use bots::{Incoming, Outcome, converse, earlier_day, labels};
use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::fault::Fault;
use super::form::{Form, fields};
use super::homework::near;
use super::visit::{Asked, ClassVisit};
use super::words;

/// The longest message that is asked about.
const LONGEST: usize = 1000;

/// Shows the form, and the answers to what it asked.
pub(crate) async fn show(Asked(query): Asked, visit: ClassVisit) -> Result<Response, Fault> {
    let text: Option<String> = query.get("text").map(|text| text.chars().take(LONGEST).collect());
    let date = query.get("date").cloned().filter(|date| !date.is_empty()).unwrap_or_else(|| visit.today().to_string());
    let mut form = Form::new(fields([("text", text.clone().unwrap_or_default()), ("date", date)]));
    let date = form.date("date").filter(near);
    let asked = match text.zip(date) {
        Some((text, date)) => {
            let outcome = ask(&visit, &text, date).await?;
            Some(context! {
                text,
                answers => outcome.messages.iter().map(|message| message.text.clone()).collect::<Vec<_>>(),
                acts => outcome.effect.is_some(),
            })
        }
        None => None,
    };
    let one = |text: String| -> Value {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("text", &text)
            .append_pair("date", form.get("date"))
            .finish();
        context! { text, address => format!("?{query}") }
    };
    let keys = labels(words::of_class(visit.class.settings.language)).into_iter().flatten();
    let view = context! {
        tries => keys.map(one).collect::<Vec<_>>(),
        asked,
        form => form.view(visit.language),
    };
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(visit.class_page(status, "preview.html", "preview", view))
}

async fn ask(visit: &ClassVisit, text: &str, date: Date) -> Result<Outcome, Fault> {
    let (board, zone) = (&visit.app.board, visit.zone());
    let snapshot = visit.snapshot().await?;
    let incoming = Incoming {
        platform: Platform::Console,
        peer: 0,
        from: None,
        event: None,
        at: moment(visit, date),
        text: text.to_owned(),
        invited: false,
        private: true,
    };
    let outcome = match earlier_day(&incoming, &snapshot, &zone) {
        Some(day) => converse(&incoming, Some(&board.snapshot_around(visit.class.id, day, day).await?), &zone),
        None => converse(&incoming, Some(&snapshot), &zone),
    };
    Ok(outcome)
}

/// Now, or noon of another day.
fn moment(visit: &ClassVisit, date: Date) -> Timestamp {
    let now = visit.app.board.now();
    if date == visit.today() {
        return now;
    }
    let noon = date.at(12, 0, 0, 0).to_zoned(visit.zone());
    noon.map_or(now, |noon| noon.timestamp())
}
