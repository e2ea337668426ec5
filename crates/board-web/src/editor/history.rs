//! Who changed what, when and from where; and undoing it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use board::{ClassId, Entry, Error, History, Role, Snapshot};
use minijinja::{Value, context};

use super::fault::Fault;
use super::told::{Teller, kind};
use super::visit::{Asked, At, ClassVisit, Posted, Visit};
use super::words;

/// How many changes are on a page.
const PAGE: u32 = 50;

/// Lists the changes of a class.
pub(crate) async fn list(Asked(query): Asked, visit: ClassVisit) -> Result<Response, Fault> {
    page(&visit, StatusCode::OK, query.get("before").and_then(|id| id.parse().ok()), None).await
}

async fn page(
    visit: &ClassVisit,
    status: StatusCode,
    before: Option<i64>,
    marked: Option<i64>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let wanted = History { class: Some(visit.class.id), before, limit: PAGE };
    let entries = visit.app.board.history(&wanted).await?;
    let snapshots = BTreeMap::from([(visit.class.id, visit.snapshot().await?)]);
    let tell = |entry: &Entry| {
        context! {
            can_undo => entry.can_be_undone(),
            marked => marked == Some(entry.id),
            // From where somebody writes is for the head to know.
            address => entry.by.address.filter(|_| visit.heads()).map(|address| address.to_string()),
            ..told(visit, entry, &snapshots, visit.moment(entry.at))
        }
    };
    let view = context! {
        entries => entries.iter().map(tell).collect::<Vec<_>>(),
        stale => marked.is_some(),
        before => older(&entries),
    };
    Ok(visit.class_page(status, "history.html", "history", view))
}

/// The entry that the next page goes on from, if there may be one.
fn older(entries: &[Entry]) -> Option<i64> {
    entries.last().filter(|_| entries.len() >= PAGE as usize).map(|entry| entry.id)
}

fn told(visit: &Visit, entry: &Entry, classes: &BTreeMap<ClassId, Arc<Snapshot>>, at: String) -> Value {
    let snapshot = entry.class.and_then(|class| classes.get(&class)).map(AsRef::as_ref);
    let teller = Teller { visit, snapshot };
    context! {
        id => entry.id,
        at,
        who => &entry.by.name,
        via => visit.say(door(entry.by.via), &[]),
        what => teller.what(entry),
        kind => visit.say(kind(entry), &[]),
        undoes => entry.undoes.is_some(),
        lines => teller.lines(entry),
    }
}

/// By which door a change came, for people.
fn door(via: &str) -> &'static str {
    match via {
        "php" => "editor-door-php",
        "v2" => "editor-door-v2",
        "editor" => "editor-door-editor",
        "command" => "editor-door-command",
        "pronote" => "editor-door-pronote",
        "import" => "editor-door-import",
        "chat" => "editor-door-chat",
        _ => "editor-door-other",
    }
}

/// Lists every change, those of accounts among them, for who administers the school.
pub(crate) async fn list_all(Asked(query): Asked, visit: Visit) -> Result<Response, Fault> {
    visit.admin()?;
    let board = &visit.app.board;
    let before = query.get("before").and_then(|id| id.parse().ok());
    let entries = board.history(&History { class: None, before, limit: PAGE }).await?;
    let mut snapshots = BTreeMap::new();
    for class in entries.iter().filter_map(|entry| entry.class) {
        snapshots.insert(class, board.snapshot(class).await?);
    }
    let (zone, now) = (visit.zone().await?, board.now());
    let tell = |entry: &Entry| {
        let at = words::moment(visit.language, entry.at, &zone, now);
        let class = entry.class.and_then(|class| snapshots.get(&class)).map(|snapshot| &snapshot.class.settings.name);
        let at = class.map_or_else(|| at.clone(), |class| format!("{class} · {at}"));
        let address = entry.by.address.map(|address| address.to_string());
        context! { can_undo => false, marked => false, address, ..told(&visit, entry, &snapshots, at) }
    };
    let view = context! {
        entries => entries.iter().map(tell).collect::<Vec<_>>(),
        stale => false,
        before => older(&entries),
    };
    Ok(visit.page(StatusCode::OK, "history.html", "classes", view))
}

/// Undoes a change, if what it made is still so.
pub(crate) async fn undo(
    At((_, id)): At<(String, i64)>,
    Posted { visit, .. }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let wanted = History { class: Some(visit.class.id), before: id.checked_add(1), limit: 1 };
    let entries = visit.app.board.history(&wanted).await?;
    let entry = entries.first().filter(|entry| entry.id == id).ok_or(Fault::Missing)?;
    // What takes a head to do takes a head to undo. A note of a subject is an editor's.
    let by_head = match entry.resource.as_str() {
        "class" => true,
        "subject" => {
            let name = |state: &Option<serde_json::Value>| state.as_ref().and_then(|state| state.get("name").cloned());
            name(&entry.before) != name(&entry.after)
        }
        _ => false,
    };
    if by_head {
        visit.needs(Role::Head)?;
    }
    match visit.app.board.undo(&visit.actor(), visit.class.id, id).await {
        Ok(_) => Ok(visit.told(&visit.at("history"), "editor-notice-undone")),
        Err(Error::Stale { .. } | Error::Taken(_) | Error::Invalid { .. }) => {
            page(&visit, StatusCode::CONFLICT, id.checked_add(1), Some(id)).await
        }
        Err(error) => Err(error.into()),
    }
}
