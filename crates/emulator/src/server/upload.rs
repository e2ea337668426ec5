//! `uploadfilesession`: a file that a later call will use, whole or in parts (protocol §7.7).

use axum::extract::{FromRequest as _, Multipart};
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use bytes::Bytes;
use pronote::protocol::envelope::ascii;
use serde_json::json;

use super::calls::{after, before, refuse};
use super::faults::Fault;
use super::session::{Partial, Session, Stage};
use super::{Server, refusals, text};
use crate::pages::{Refusal, Upload};

/// The most files that wait in a session to be used.
const MOST_WAITING: usize = 32;

/// The fields of the form, in either naming.
#[derive(Default)]
struct Form {
    order: String,
    session: String,
    function: String,
    file: String,
    name: String,
    bytes: Vec<u8>,
}

/// Where a part lies in its file: `Content-Range: bytes a-b/total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    start: usize,
    end: usize,
    total: usize,
}

/// Takes a file or a part of one.
pub(super) async fn upload(
    server: &Server,
    space: u32,
    number: u64,
    headers: &HeaderMap,
    request: Request<axum::body::Body>,
) -> Response {
    let Some(slot) = server.sessions.get(number) else { return refuse(&refusals::gone()) };
    let part = headers.get(header::CONTENT_RANGE).and_then(|value| Part::parse(value.to_str().ok()?));
    let Some(form) = read(request, server.limits.upload).await else {
        return refuse(&refusals::out_of_order("le formulaire est illisible"));
    };
    let mut session = slot.lock().await;
    if let Some(answer) = session.replay(&form.order) {
        return text::raw_json(answer);
    }
    if let Err(refusal) = check(server, &mut session, space, &form) {
        return refuse(&refusal);
    }
    let fault = server.faults.strike("upload");
    if let Some(response) = fault.and_then(|fault| before(server, &mut session, fault)) {
        return response;
    }
    let state = match fault {
        Some(Fault::Access(_)) => State::Refused("Le dépôt de fichiers n'est pas autorisé."),
        _ => gather(&mut session, &form, part, server.limits.upload),
    };
    let mut answer = json!({ "etat": 1, "numeroOrdre": session.answer_order() });
    match state {
        State::InProgress => return text::json(&json!({ "etat": 3 })),
        State::Done => session.uploads_for = form.function,
        // A refused file takes its pair of orders all the same.
        State::Refused(reason) => {
            answer["etat"] = json!(2);
            answer["message"] = json!(reason);
        }
    }
    server.journal.call("upload");
    session.partial = None;
    let body = Bytes::from(ascii(&answer.to_string()));
    session.advance(&form.order, body.clone());
    after(server, &session, fault, body).await
}

/// Checks that the file comes at its turn, in an open session.
fn check(server: &Server, session: &mut Session, space: u32, form: &Form) -> Result<(), Refusal> {
    session.check_alive(server.watch.now(), server.session_idle)?;
    if !matches!(session.stage, Stage::Open(_)) || session.page.number != space {
        return Err(refusals::too_early());
    }
    if form.session.parse() != Ok(session.number) {
        return Err(refusals::gone());
    }
    session.check_order(&form.order)
}

/// Where a file has got to.
enum State {
    InProgress,
    Done,
    Refused(&'static str),
}

/// Adds a part to its file, or takes the file as a whole.
fn gather(session: &mut Session, form: &Form, part: Option<Part>, most: usize) -> State {
    if form.file.is_empty() || form.name.is_empty() {
        return State::Refused("Le fichier n'a pas de nom.");
    }
    if form.bytes.len() > most || part.is_some_and(|part| part.total > most) {
        return State::Refused("Le fichier est trop volumineux.");
    }
    if !session.uploads.contains_key(&form.file) && session.uploads.len() >= MOST_WAITING {
        return State::Refused("Trop de fichiers sont en attente.");
    }
    let (name, bytes) = match part {
        None => (form.name.clone(), form.bytes.clone()),
        Some(part) => {
            let partial = session.partial.take().filter(|partial| partial.file == form.file);
            let mut partial = partial.unwrap_or_else(|| Partial {
                file: form.file.clone(),
                name: form.name.clone(),
                bytes: Vec::new(),
            });
            if partial.bytes.len() != part.start || part.end + 1 - part.start != form.bytes.len() {
                return State::Refused("Une partie du fichier manque.");
            }
            partial.bytes.extend_from_slice(&form.bytes);
            if partial.bytes.len() < part.total {
                session.partial = Some(partial);
                return State::InProgress;
            }
            (partial.name, partial.bytes)
        }
    };
    session.uploads.insert(form.file.clone(), Upload { name, bytes });
    State::Done
}

impl Part {
    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
        let (start, end) = range.split_once('-')?;
        let part = Part { start: start.parse().ok()?, end: end.parse().ok()?, total: total.parse().ok()? };
        (part.start <= part.end && part.end < part.total).then_some(part)
    }
}

/// Reads the form; a file longer than `most` is cut one byte after it, which is enough to refuse it.
async fn read(request: Request<axum::body::Body>, most: usize) -> Option<Form> {
    let mut multipart = Multipart::from_request(request, &()).await.ok()?;
    let mut form = Form::default();
    while let Some(mut field) = multipart.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        if matches!(name.as_str(), "files[]" | "files") {
            form.name = field.file_name().unwrap_or_default().to_owned();
            while let Some(chunk) = field.chunk().await.ok()? {
                if form.bytes.len() <= most {
                    form.bytes.extend_from_slice(&chunk);
                }
            }
            continue;
        }
        let value = field.text().await.ok()?;
        match name.as_str() {
            "u_no" | "numeroOrdre" => form.order = value,
            "u_ns" | "numeroSession" => form.session = value,
            "u_idR" | "nomRequete" => form.function = value,
            "u_idF" | "idFichier" => form.file = value,
            _ => {}
        }
    }
    Some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_says_where_it_lies() {
        assert_eq!(Part::parse("bytes 0-99/250"), Some(Part { start: 0, end: 99, total: 250 }));
        for text in ["", "bytes 0-99", "bytes 9-8/20", "bytes 0-20/20", "bytes a-b/c", "bytes 0-99/*"] {
            assert_eq!(Part::parse(text), None, "{text}");
        }
    }
}
