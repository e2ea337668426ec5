use serde_json::{Value, json};

use super::possessions;
use crate::functions::common::{attachment, some_text};
use crate::functions::{Context, Function, Payload, Read};
use crate::model::{Content, Discussion, Draft, Echo, Message, ReplyTarget, SendAction, Thread, tab};
use crate::wire::{Html, Json, Malformed, Node, RemoteId};

/// How the server calls the user among authors and recipients.
const ME: &str = "Moi";

/// Asks for the messages of a discussion (`ListeMessages`). They stay unread: [`Save::MarkRead`] marks them.
///
/// [`Save::MarkRead`]: super::Save::MarkRead
#[derive(Debug, Clone)]
pub struct Messages {
    possessions: Vec<RemoteId>,
    not_owned: bool,
    part: bool,
    reply_to: Option<RemoteId>,
}

impl Messages {
    /// Asks for those of a discussion of the list.
    #[must_use]
    pub fn of(discussion: &Discussion) -> Self {
        Messages { not_owned: discussion.not_owned, ..Self::of_possessions(discussion.possessions.clone()) }
    }

    /// Asks for those the user has these copies of.
    #[must_use]
    pub fn of_possessions(possessions: Vec<RemoteId>) -> Self {
        Messages { possessions, not_owned: false, part: false, reply_to: None }
    }

    /// Asks for those of a part of a discussion.
    #[must_use]
    pub fn of_part(part: &Discussion) -> Self {
        Messages { part: true, ..Self::of(part) }
    }

    /// Asks, besides, how to reply to one of the messages instead of the last.
    #[must_use]
    pub fn replying_to(self, message: &Message) -> Self {
        Messages { reply_to: Some(message.id.clone()), ..self }
    }
}

impl Function for Messages {
    const NAME: &'static str = "ListeMessages";
    const TAB: Option<u32> = Some(tab::MESSAGING);
    type Answer = Thread;

    fn arguments(&self, _: &Context) -> Value {
        let mut arguments = json!({
            "listePossessionsMessages": possessions(&self.possessions),
            "marquerCommeLu": false,
            // All of them at once.
            "nbMessagesVus": 0,
        });
        if let Some(message) = &self.reply_to {
            arguments["message"] = json!({ "N": message });
        }
        if self.not_owned {
            arguments["estNonPossede"] = json!(true);
        }
        if self.part {
            arguments["estSousDiscussion"] = json!(true);
        }
        arguments
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Thread, Malformed> {
        Ok(thread(payload.data))
    }
}

impl Read for Messages {}

pub(crate) fn thread(data: Node<'_>) -> Thread {
    Thread {
        messages: data.each("listeMessages", message),
        reply: data.maybe("messagePourReponse", |node| Ok(reply_target(node))),
        actions: data.each("listeBoutons", action),
        draft: data.maybe("brouillon", draft),
        total: data.read("nbPossessionsMessage"),
    }
}

fn message(node: Node<'_>) -> Result<Message, Malformed> {
    let someone = |key| some_text(node, key).filter(|name| name != ME);
    let is_me = |key| node.get(key).is_some_and(|name| matches!(name.json(), Json::Text(text) if text == ME));
    let mine = node.flag("emetteur") || is_me("public_gauche");
    Ok(Message {
        id: node.need("N")?,
        possession: node.get("possessionMessage").and_then(Node::id),
        reply_to: node.get("messageSource").and_then(Node::id),
        mine,
        author: someone("public_gauche").filter(|_| !mine),
        author_role: some_text(node, "hint_gauche"),
        recipient: someone("public_droite"),
        recipient_role: some_text(node, "hint_droite"),
        to_me: is_me("public_droite"),
        recipients: node.read("nbPublic"),
        sent: node.read("date"),
        date_label: some_text(node, "libelleDate"),
        read: node.read("lu"),
        aside: node.flag("estUnAparte"),
        // Any value but a no says that it is one.
        draft: node.get("brouillon").is_some_and(|draft| !matches!(draft.json(), Json::Bool(false))),
        content: content(node),
        attachments: node.each("listeDocumentsJoints", attachment),
        forwarded: node.each("listeMessagesPourContexte", message),
    })
}

/// Rich texts are announced, or typed, or both, depending on the year of the server.
fn content(node: Node<'_>) -> Content {
    let typed = matches!(node.json().get("contenu"), Some(Json::Object(_)));
    let text = node.text("contenu");
    if typed || node.flag("estHTML") { Content::Html(Html::new(text)) } else { Content::Text(text) }
}

fn draft(node: Node<'_>) -> Result<Draft, Malformed> {
    Ok(Draft { id: node.need("N")?, content: content(node) })
}

fn reply_target(node: Node<'_>) -> ReplyTarget {
    ReplyTarget {
        id: node.id(),
        recipients: node.read("nbDestinataires"),
        closed: node.flag("ferme"),
        echo: Echo::of(node),
    }
}

fn action(node: Node<'_>) -> Result<SendAction, Malformed> {
    Ok(SendAction { kind: node.need("G")?, label: node.text("L"), echo: Echo::of(node) })
}
