//! `appelpolling`: a call that is held until there is something to say (protocol §7.3). It has orders of its own and runs
//! beside the other calls.

use axum::response::Response;
use bytes::Bytes;
use pronote::protocol::envelope::{self, Direction, Envelope, ascii, fold};
use serde_json::{Map, json};

use super::calls::{Address, before, refuse};
use super::session::Stage;
use super::{Server, refusals, text};

/// Holds a poll, then answers that nothing happened.
pub(super) async fn poll(server: &Server, address: Address<'_>, body: &Bytes) -> Response {
    let Some(slot) = server.sessions.get(address.session) else { return refuse(&refusals::gone()) };
    let (answer, hold) = {
        let mut session = slot.lock().await;
        if let Err(refusal) = session.check_alive(server.watch.now(), server.session_idle) {
            return refuse(&refusal);
        }
        if !matches!(session.stage, Stage::Open(_)) || session.page.number != address.space {
            return refuse(&refusals::too_early());
        }
        let number = |session: &super::session::Session, n: i64| {
            session.keys.encrypt_hex(session.dialect.poll_order(n).to_string().as_bytes())
        };
        // The number of a poll that was lost may come again.
        let next = number(&session, session.polls + 1);
        let repeated = session.polls > 0 && address.order.eq_ignore_ascii_case(&number(&session, session.polls));
        let body = std::str::from_utf8(body).unwrap_or_default();
        let named = Envelope::parse(body).is_ok_and(|envelope| {
            envelope.session() == Some(session.number)
                && envelope.order.as_deref().is_some_and(|order| order.eq_ignore_ascii_case(address.order))
        });
        if !named || !(repeated || address.order.eq_ignore_ascii_case(&next)) {
            return refuse(&refusals::out_of_order("le numéro d'attente n'est pas celui attendu"));
        }
        if let Some(response) = server.faults.strike("polling").and_then(|fault| before(server, &mut session, fault)) {
            return response;
        }
        if !repeated {
            session.polls += 1;
        }
        server.journal.call("polling");
        let names = session.dialect.names();
        let payload: Map<_, _> =
            [names.data, names.signature].into_iter().map(|name| (name.to_owned(), json!({}))).collect();
        let payload = serde_json::Value::Object(payload).to_string();
        let secured = fold(&ascii(&payload), Direction::Response, server.flags, &session.keys);
        let order = address.order.to_ascii_lowercase();
        (envelope::write(session.dialect, session.number, &order, "polling", &secured), server.poll_hold)
    };
    tokio::select! {
        () = tokio::time::sleep(hold) => {}
        () = server.stop.cancelled() => {}
    }
    text::raw_json(Bytes::from(answer))
}
