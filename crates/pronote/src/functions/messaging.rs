//! Messaging (data §15): the discussions, their messages and people, and every change to them.
//!
//! A *discussion* is a tree of messages; a *possession* is the user's own copy of a message, and is what most calls
//! are asked with.

mod date_label;
mod folders;
mod messages;
mod people;
mod save;

pub use date_label::parse_date_label;
pub use folders::SaveFolder;
pub use messages::Messages;
pub use people::{Participants, Recipients};
pub use save::{Addressee, Save};

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use super::common::some_text;
use super::{Context, Function, Payload, Read};
use crate::model::{Discussion, Folder, FolderKind, Mailbox, tab};
use crate::wire::{Malformed, Node, RemoteId};

/// The deepest a discussion is kept as a tree; servers go to 2. Deeper parts hang on the last level.
const MOST_DEPTH: usize = 8;

/// Asks for the discussions (`ListeMessagerie`).
#[derive(Debug, Clone, Copy, Default)]
pub struct Request {
    /// Only those with something unread.
    pub unread_only: bool,
}

impl Function for Request {
    const NAME: &'static str = "ListeMessagerie";
    const TAB: Option<u32> = Some(tab::MESSAGING);
    type Answer = Mailbox;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "avecLu": !self.unread_only, "avecMessage": true })
    }

    fn read(payload: Payload<'_>, context: &Context) -> Result<Mailbox, Malformed> {
        Ok(mailbox(payload.data, context))
    }
}

impl Read for Request {}

/// The copies of messages a call is about.
fn possessions(ids: &[RemoteId]) -> Value {
    ids.iter().map(|id| json!({ "N": id })).collect()
}

/// Reads the discussions, their dates by the server's clock.
pub(crate) fn mailbox(data: Node<'_>, context: &Context) -> Mailbox {
    let today = context.instance.demo_date.or(context.instance.server_time).map(DateTime::date);
    let folders = data.each("listeEtiquettes", folder);
    let flat = data.items("listeMessagerie").map(|node| entry(node, &folders, today)).collect();
    Mailbox { discussions: tree(flat), folders, disabled: data.flag("messagerieDesactivee") }
}

fn folder(node: Node<'_>) -> Result<Folder, Malformed> {
    Ok(Folder { id: node.need("N")?, name: node.text("L"), kind: node.read("G").unwrap_or(FolderKind::Custom) })
}

/// One node of the flat list, and the position of the one it belongs to.
struct Entry {
    discussion: Discussion,
    parent: Option<usize>,
}

fn entry(node: Node<'_>, folders: &[Folder], today: Option<Date>) -> Option<Entry> {
    let discussion = node.or_note(|node| discussion(node, folders, today))?;
    let root = node.read::<i64>("profondeur") == Some(0);
    // `-1` stands for none.
    let parent = node.read::<i64>("indicePere").filter(|_| !root).and_then(|parent| usize::try_from(parent).ok());
    Some(Entry { discussion, parent })
}

fn discussion(node: Node<'_>, folders: &[Folder], today: Option<Date>) -> Result<Discussion, Malformed> {
    let id = node.id();
    let possessions = node.each("listePossessionsMessages", |possession| possession.need("N"));
    if id.is_none() && possessions.is_empty() {
        return Err(node.missing("listePossessionsMessages"));
    }
    let folder = |node: Node<'_>| {
        let id = node.need::<RemoteId>("N")?;
        folders.iter().find(|folder| folder.id == id).cloned().ok_or_else(|| node.unexpected("a folder of the list"))
    };
    let date_label = some_text(node, "libelleDate");
    Ok(Discussion {
        id,
        is_discussion: node.flag("estUneDiscussion"),
        subject: node.text("objet"),
        creator: some_text(node, "initiateur"),
        correspondents: some_text(node, "public"),
        recipients: node.read("nbPublic"),
        messages: node.read("nombreMessages"),
        unread: node.read("nbNonLus").unwrap_or(0),
        drafts: node.read("nbBrouillons").unwrap_or(0),
        read: node.read("lu"),
        closed: node.flag("ferme"),
        closable: node.flag("fermable"),
        can_rename: node.flag("avecModifObjet"),
        not_owned: node.flag("estNonPossede"),
        date: date_label.as_deref().and_then(|label| parse_date_label(label, today)),
        date_label,
        folders: node.each("listeEtiquettes", folder),
        possessions,
        participants_query: node.get("messagePourParticipants").and_then(Node::id),
        children: Vec::new(),
    })
}

/// Hangs every part on the one it belongs to. Parents stand before their children, so a position that is not before
/// its own is no parent, and there is no cycle; a part without parent stands among the discussions.
fn tree(flat: Vec<Option<Entry>>) -> Vec<Discussion> {
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(flat.len());
    let mut depths: Vec<usize> = Vec::with_capacity(flat.len());
    for (position, entry) in flat.iter().enumerate() {
        let named = entry.as_ref().and_then(|entry| entry.parent);
        let mut parent = named.filter(|parent| *parent < position && flat[*parent].is_some());
        if let Some(deep) = parent.filter(|parent| depths[*parent] + 1 >= MOST_DEPTH) {
            parent = parents[deep];
        }
        depths.push(parent.map_or(0, |parent| depths[parent] + 1));
        parents.push(parent);
    }
    let mut discussions: Vec<Option<Discussion>> =
        flat.into_iter().map(|entry| entry.map(|entry| entry.discussion)).collect();
    let mut roots = Vec::new();
    // From the end, a part is whole before it moves into its parent.
    for (position, parent) in parents.iter().enumerate().rev() {
        let Some(mut discussion) = discussions[position].take() else { continue };
        discussion.children.reverse();
        match parent.and_then(|parent| discussions[parent].as_mut()) {
            Some(parent) => parent.children.push(discussion),
            None => roots.push(discussion),
        }
    }
    roots.reverse();
    roots
}

#[cfg(test)]
mod tests;
