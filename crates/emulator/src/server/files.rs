//! What is fetched with a plain GET: attachments and photos by their encrypted links, generated documents, calendars
//! (protocol §7.6, data §5.7 and §17).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use pronote::protocol::cipher::Keys;
use serde_json::Value;

use super::faults::Fault;
use super::page::Notice;
use super::session::Stage;
use super::{Server, page, text};
use crate::pages::documents::{self, Document};

/// A file by its encrypted link: `FichiersExternes/{cipher}/{name}?Session={h}`.
pub(super) async fn linked(server: &Server, cipher: &str, query: &str) -> Response {
    let session = url::form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "Session").then(|| value.parse().ok())?);
    let Some(slot) = session.and_then(|number| server.sessions.get(number)) else { return missing() };
    let mut session = slot.lock().await;
    let alive = session.check_alive(server.watch.now(), server.session_idle).is_ok();
    if !matches!(session.stage, Stage::Open(_)) {
        return missing();
    }
    let Some(element) = open(&session.keys, cipher).filter(|_| alive) else { return missing() };
    server.journal.call("file");
    match server.faults.strike("file") {
        Some(Fault::LostRequest | Fault::LostReply | Fault::Truncated) => return text::dropped(),
        Some(Fault::Suspended) => return page::notice(server, Notice::Suspended),
        Some(Fault::Status(_)) => return text::status(StatusCode::INTERNAL_SERVER_ERROR),
        Some(Fault::Html) => return page::html(server, StatusCode::OK, "<h1>Maintenance</h1>"),
        Some(_) => return missing(),
        None => {}
    }
    documents::file(&server.school(), &session.ids, &element).map_or_else(missing, serve)
}

/// Opens the JSON of a link. One client pads the text before a cipher that pads: what follows the JSON is ignored.
fn open(keys: &Keys, cipher: &str) -> Option<Value> {
    let clear = keys.decrypt_hex(cipher).ok()?;
    let end = clear.iter().rposition(|byte| !(1..=16).contains(byte))?;
    serde_json::from_slice(&clear[..=end]).ok()
}

/// A generated document; its address is its key, no session is needed.
pub(super) fn generated(server: &Server, path: &str) -> Response {
    documents::generated(&server.school(), path).map_or_else(missing, serve)
}

/// A calendar; its token is its key.
pub(super) fn calendar(server: &Server, query: &str) -> Response {
    let token = url::form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "icalsecurise").then(|| value.into_owned()));
    token.and_then(|token| documents::calendar(&server.school(), &token)).map_or_else(missing, serve)
}

fn serve(document: Document) -> Response {
    ([(header::CONTENT_TYPE, document.media_type)], document.bytes).into_response()
}

fn missing() -> Response {
    text::status(StatusCode::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PADDED_ONCE: &str = "e0a8aa150a6b4df97a540c8689596137c878d1babaed749b73fc60ed6bde806b4861c03c0b35d84bb3007d37155eff381094015cc665952b09ffad1485b5f2a69aa986729638a0c322dfa47139594d0e";
    const PADDED_TWICE: &str = "e0a8aa150a6b4df97a540c8689596137c878d1babaed749b73fc60ed6bde806b4861c03c0b35d84bb3007d37155eff381094015cc665952b09ffad1485b5f2a69aa986729638a0c322dfa47139594d0e86846ed68334bb71e87bc2aaf6f16b67";

    #[test]
    fn links_of_every_client_open() {
        let key = [12, 250, 3, 77, 0, 199, 45, 8, 161, 90, 255, 31, 64, 128, 7, 210];
        let keys = Keys::new(&key, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        let element = json!({ "N": "46#0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "Actif": true });
        assert_eq!(open(&keys, PADDED_ONCE), Some(element.clone()));
        assert_eq!(open(&keys, PADDED_TWICE), Some(element));
        assert_eq!(open(&keys, "00"), None);
        assert_eq!(open(&keys, &keys.encrypt_hex(&[3; 3])), None);
        assert_eq!(open(&keys, &keys.encrypt_hex(b"no json")), None);
    }
}
