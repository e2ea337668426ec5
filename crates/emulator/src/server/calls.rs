//! `appelfonction`: opens a call, checks its order and its moment, asks who answers, and folds the answer
//! (protocol §3 and §7.4).

use axum::response::Response;
use bytes::Bytes;
use pronote::protocol::Generation;
use pronote::protocol::envelope::{self, Direction, Envelope, ascii, fold};
use serde_json::{Map, Value, json};

use super::faults::Fault;
use super::journal::Exchange;
use super::page::Notice;
use super::session::{Session, Stage, Waiting};
use super::{QrCode, Server, login, page, refusals, second_factor, text};
use crate::pages::{self, Answer, Call, Refusal, Viewer};

/// `appeldeconnexion`: a browser tab closes, and says so without waiting for an answer (protocol §7.8).
pub(super) async fn beacon(server: &Server, body: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return };
    let Some(slot) = body["ns"].as_u64().and_then(|number| server.sessions.get(number)) else { return };
    let mut session = slot.lock().await;
    if session.check_order(body["no"].as_str().unwrap_or_default()).is_ok() {
        session.close();
    }
}

/// A call that was read.
struct Request {
    function: String,
    payload: Value,
}

impl Request {
    /// What is asked for; null when nothing is.
    fn data(&self) -> &Value {
        self.member("data", "donnees")
    }

    /// What it is signed with; null when with nothing.
    fn signature(&self) -> &Value {
        self.member("Signature", "_Signature_")
    }

    fn member(&self, new: &str, old: &str) -> &Value {
        self.payload.get(new).or_else(|| self.payload.get(old)).unwrap_or(&Value::Null)
    }
}

/// What a client said where it called: the address has it all before the body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address<'a> {
    pub(super) space: u32,
    pub(super) session: u64,
    pub(super) order: &'a str,
}

/// Answers a call.
pub(super) async fn call(server: &Server, address: Address<'_>, body: &Bytes) -> Response {
    let Some(slot) = server.sessions.get(address.session) else { return refuse(&refusals::gone()) };
    let (busy, mut session) = match slot.try_lock() {
        Ok(session) => (false, session),
        Err(_) => (true, slot.lock().await),
    };
    if let Some(answer) = session.replay(address.order) {
        // The client did get the answer in the end.
        if let Some(rotation) = &session.rotation {
            server.credentials().redo(rotation);
        }
        return text::raw_json(answer);
    }
    let request = match read(server, &mut session, address, body, busy) {
        Ok(request) => request,
        Err(refusal) => return refuse(&refusal),
    };
    let fault = server.faults.strike(&request.function);
    if let Some(response) = fault.and_then(|fault| before(server, &mut session, fault)) {
        return response;
    }
    server.journal.exchange(Exchange {
        session: session.number,
        order: session.order(),
        function: request.function.clone(),
        data: request.data().clone(),
        signature: request.signature().clone(),
    });
    session.rotation = None;
    let body = match fault {
        Some(Fault::RateLimited) => error(&refusals::throttled()),
        _ => match answer(server, &mut session, &request, fault) {
            Ok(payload) => write(server, &session, &request.function, &payload),
            Err(refusal) => error(&refusal),
        },
    };
    session.advance(address.order, body.clone());
    after(server, &session, fault, body).await
}

/// Reads a call and checks that it comes at its turn.
fn read(
    server: &Server,
    session: &mut Session,
    address: Address<'_>,
    body: &Bytes,
    busy: bool,
) -> Result<Request, Refusal> {
    if session.page.number != address.space {
        return Err(Refusal::denied("Cette session n'est pas celle de cet espace."));
    }
    session.check_alive(server.watch.now(), server.session_idle)?;
    if busy {
        server.journal.overlap();
        return Err(refusals::out_of_order("un autre appel est en cours"));
    }
    session.check_order(address.order)?;
    let unreadable = |_| refusals::out_of_order("le message est illisible");
    let body = std::str::from_utf8(body).map_err(|_| refusals::out_of_order("le message n'est pas du texte"))?;
    let envelope = Envelope::parse(body).map_err(unreadable)?;
    if envelope.session() != Some(session.number) {
        return Err(refusals::out_of_order("la session n'est pas celle de l'adresse"));
    }
    if !envelope.order.as_deref().is_some_and(|order| order.eq_ignore_ascii_case(address.order)) {
        return Err(refusals::out_of_order("l'ordre n'est pas celui de l'adresse"));
    }
    let function =
        envelope.function.as_deref().ok_or_else(|| refusals::out_of_order("la fonction n'est pas nommée"))?.to_owned();
    let payload = envelope.payload(Direction::Request, server.flags, &session.keys).map_err(unreadable)?;
    let payload: Value =
        serde_json::from_str(&payload).map_err(|_| refusals::out_of_order("le contenu n'est pas du JSON"))?;
    settle_dialect(server, session, body, &function, &payload)?;
    Ok(Request { function, payload })
}

/// Learns the names the client uses, or holds it to those of the profile.
fn settle_dialect(
    server: &Server,
    session: &mut Session,
    body: &str,
    function: &str,
    payload: &Value,
) -> Result<(), Refusal> {
    // Names inside a payload that is text are escaped, so this finds those of the envelope only.
    let old_envelope = body.contains("\"numeroOrdre\"");
    let has = |name: &str| payload.get(name).is_some();
    let (old_payload, new_payload) = (has("donnees") || has("_Signature_"), has("data") || has("Signature"));
    if !server.follow_dialect {
        // The first call may say everything in both ways, before the client knows which one is right.
        let first = function == "FonctionParametres" && new_payload;
        let wrong_payload =
            if session.dialect < Generation::G24 { new_payload && !first } else { old_payload && !first };
        if old_envelope != (session.dialect < Generation::G25) || wrong_payload {
            return Err(refusals::out_of_order("les noms ne sont pas ceux de cette version"));
        }
        return Ok(());
    }
    session.dialect = match (old_envelope, old_payload, new_payload) {
        (false, _, _) => session.dialect.max(Generation::G25),
        (true, true, false) => Generation::G23,
        (true, false, true) => Generation::G24,
        (true, _, _) => session.dialect.min(Generation::G24),
    };
    Ok(())
}

/// Faults that come before anything is done; the client may send the same call again.
pub(super) fn before(server: &Server, session: &mut Session, fault: Fault) -> Option<Response> {
    Some(match fault {
        Fault::LostRequest => text::dropped(),
        Fault::Status(status) => text::status(
            axum::http::StatusCode::from_u16(status).unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR),
        ),
        Fault::Html => page::html(server, axum::http::StatusCode::OK, "<h1>Maintenance</h1>"),
        Fault::Suspended => page::notice(server, Notice::Suspended),
        Fault::Closed => page::notice(server, Notice::Closed),
        Fault::Expired => {
            session.close();
            refuse(&refusals::expired())
        }
        _ => return None,
    })
}

/// Faults of the way back.
pub(super) async fn after(server: &Server, session: &Session, fault: Option<Fault>, body: Bytes) -> Response {
    match fault {
        Some(Fault::Delay(delay)) => {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = server.stop.cancelled() => {}
            }
            text::raw_json(body)
        }
        Some(Fault::LostReply | Fault::Truncated) => {
            if let Some(rotation) = session.rotation.as_ref().filter(|_| server.token_grace) {
                server.credentials().undo(rotation);
            }
            if fault == Some(Fault::Truncated) { text::truncated(&body) } else { text::dropped() }
        }
        _ => text::raw_json(body),
    }
}

/// The clear payload of the answer.
fn answer(server: &Server, session: &mut Session, request: &Request, fault: Option<Fault>) -> Result<Value, Refusal> {
    let names = session.dialect.names();
    if let Some(mut waiting) = session.waiting.take_if(|waiting| waiting.function == request.function)
        && request.payload.get(names.wait).is_some()
    {
        if waiting.left == 0 {
            return Ok(waiting.payload);
        }
        waiting.left -= 1;
        session.waiting = Some(waiting);
        return Ok(please_wait(session));
    }
    let Answer { mut data, report } = dispatch(server, session, request, fault)?;
    server.scripts.play(&request.function, request.data(), &mut data);
    if let Some(fault) = fault {
        fault.spoil(&mut data);
    }
    let mut payload = Map::new();
    payload.insert(names.data.to_owned(), data);
    payload.insert(names.signature.to_owned(), signature(server, session));
    if let Some(report) = report {
        payload.insert("RapportSaisie".to_owned(), report);
    }
    match fault {
        Some(Fault::Wait(times)) if times > 0 => {
            session.waiting =
                Some(Waiting { function: request.function.clone(), payload: Value::Object(payload), left: times - 1 });
            Ok(please_wait(session))
        }
        _ => Ok(Value::Object(payload)),
    }
}

/// What is said beside every result: how much is unread, once somebody is signed in.
fn signature(server: &Server, session: &Session) -> Value {
    let Stage::Open(account) = session.stage else { return json!({}) };
    let school = server.school();
    school.accounts.get(account).map_or_else(
        || json!({}),
        |account| json!({ "notificationsCommunication": pages::notifications::counters(&school, account.person) }),
    )
}

/// "The result is not ready" (protocol §3.5).
fn please_wait(session: &Session) -> Value {
    let names = session.dialect.names();
    json!({ names.wait: { names.wait_parameters: { "delai": 0.05, "repeterRequete": false } } })
}

/// Lets the right part of the server answer, if the session has come far enough (protocol §7.1).
fn dispatch(
    server: &Server,
    session: &mut Session,
    request: &Request,
    fault: Option<Fault>,
) -> Result<Answer, Refusal> {
    let (data, signature) = (request.data(), request.signature());
    let function = request.function.as_str();
    match (function, &session.stage) {
        ("FonctionParametres", Stage::New) => login::parameters(server, session, data).map(Answer::read),
        ("Identification", Stage::Keyed) => login::identification(server, session, data).map(Answer::read),
        ("RecupererInfosConnexion", Stage::Keyed) => Ok(Answer::read(json!({}))),
        ("Authentification", Stage::Challenged(_)) => {
            let Stage::Challenged(attempt) = std::mem::replace(&mut session.stage, Stage::Keyed) else {
                return Err(refusals::too_early());
            };
            match fault {
                Some(Fault::Access(code)) => Ok(Answer::read(login::refuse(server, session, code))),
                _ => login::authentication(server, session, *attempt, data).map(Answer::read),
            }
        }
        ("SecurisationCompteDoubleAuth", Stage::Pending(_)) => {
            second_factor::step(server, session, data).map(Answer::read)
        }
        ("SaisieDeconnexion", Stage::Pending(_) | Stage::Open(_)) => {
            session.close();
            Ok(Answer::read(json!({})))
        }
        ("SecurisationComptePreference", Stage::Open(account)) => {
            second_factor::preference(server, session, *account, data).map(Answer::read)
        }
        ("JetonAppliMobile", Stage::Open(account)) => {
            let pin = data["code"].as_str().unwrap_or_default();
            if pin.len() != 4 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Refusal::denied("Le code doit avoir 4 chiffres."));
            }
            let code = QrCode::make(server, *account, session.page, pin).ok_or_else(refusals::too_early)?;
            Ok(Answer::read(json!({ "login": code.login, "jeton": code.token })))
        }
        ("Navigation" | "Presence", Stage::Open(_)) => Ok(Answer::read(json!({}))),
        ("annulation", Stage::Open(_)) => {
            session.partial = None;
            Ok(Answer::read(json!({})))
        }
        (_, Stage::Open(account)) => {
            let mut school = server.school();
            let account = school.accounts.get(*account).cloned().ok_or_else(refusals::gone)?;
            let viewer = Viewer::of(&school, &session.ids, &account, signature, data)?;
            let call = Call {
                function,
                tab: signature["onglet"].as_i64(),
                data,
                signature,
                viewer,
                uploads: &session.uploads,
            };
            let answer = pages::answer(&mut school, &session.ids, &call);
            if function == session.uploads_for {
                session.uploads.clear();
            }
            answer
        }
        _ => Err(refusals::too_early()),
    }
}

/// The whole answer, in the names of the session's dialect and under the keys in force.
fn write(server: &Server, session: &Session, function: &str, payload: &Value) -> Bytes {
    let secured = fold(&ascii(&payload.to_string()), Direction::Response, server.flags, &session.keys);
    let order = session.answer_order();
    Bytes::from(ascii(&envelope::write(session.dialect, session.number, &order, function, &secured)))
}

/// An error is never encrypted (protocol §3.4).
fn error(refusal: &Refusal) -> Bytes {
    let error = json!({ "Erreur": { "G": refusal.code, "Titre": refusal.title, "Message": refusal.message } });
    Bytes::from(ascii(&error.to_string()))
}

/// The HTTP answer of an error.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    text::raw_json(error(refusal))
}
