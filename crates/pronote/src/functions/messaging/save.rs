use serde_json::{Value, json};

use super::possessions;
use crate::functions::save::save_report;
use crate::functions::{Context, Function, Payload, Write};
use crate::model::{Content, PersonKind, Recipient, ReplyTarget, SaveReport, SendAction, tab};
use crate::wire::{Malformed, RemoteId, write};

/// The number under which a client speaks of the message it is about to create.
const NEW_MESSAGE: i64 = -1001;

/// Someone a message is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// What the server calls them in this session.
    pub id: RemoteId,
    /// What they are.
    pub kind: PersonKind,
    /// Their name.
    pub name: String,
}

impl From<&Recipient> for Addressee {
    fn from(recipient: &Recipient) -> Self {
        Addressee { id: recipient.id.clone(), kind: recipient.kind, name: recipient.name.clone() }
    }
}

/// Changes discussions and messages (`SaisieMessage`, data §15.7).
///
/// No save tells what it created: the list has to be read again. `possessions` are those of [`Discussion`] or
/// [`Message`].
///
/// [`Discussion`]: crate::model::Discussion
/// [`Message`]: crate::model::Message
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are named after those of the model")]
pub enum Save {
    /// Begins a discussion.
    NewDiscussion { subject: String, content: Content, recipients: Vec<Addressee> },
    /// Replies in a discussion.
    Reply { to: ReplyTarget, action: SendAction, content: Content },
    /// Keeps a text for later: a new draft, or another version of one; a reply, or the begin of a discussion.
    SaveDraft {
        draft: Option<RemoteId>,
        reply_to: Option<ReplyTarget>,
        subject: String,
        content: Content,
        recipients: Vec<Addressee>,
    },
    /// Sends a draft.
    SendDraft { draft: RemoteId, to: ReplyTarget, action: SendAction, content: Content },
    /// Marks read or unread.
    MarkRead { possessions: Vec<RemoteId>, read: bool },
    /// Throws away; [`Save::Restore`] takes back.
    Trash { possessions: Vec<RemoteId> },
    /// Takes out of the trash.
    Restore { possessions: Vec<RemoteId> },
    /// Deletes for good, drafts too.
    Delete { possessions: Vec<RemoteId> },
    /// Deletes for good what is in the trash.
    EmptyTrash,
    /// Deletes for good old messages, keeping a number of them.
    Purge { messages: Vec<RemoteId>, keep: u32 },
    /// Puts into the archive, or takes out of it.
    Archive { possessions: Vec<RemoteId>, archived: bool },
    /// Opens to replies, or closes.
    Open { possessions: Vec<RemoteId>, open: bool },
    /// Gives another subject.
    Rename { possession: RemoteId, subject: String },
    /// Leaves a discussion, or joins it again.
    Leave { possession: RemoteId, left: bool },
    /// Leaves a conversation, or joins it.
    LeaveConversation { possession: RemoteId, left: bool },
    /// Reports a message to the school.
    Report { message: RemoteId },
    /// Asks the school to remove a message.
    AskRemoval { message: RemoteId },
    /// Sends messages on to others.
    Forward { messages: Vec<RemoteId>, subject: String, content: Content, recipients: Vec<Addressee> },
}

impl Function for Save {
    const NAME: &'static str = "SaisieMessage";
    const TAB: Option<u32> = Some(tab::MESSAGING);
    type Answer = SaveReport;

    fn arguments(&self, context: &Context) -> Value {
        let written = |content: &Content| {
            if context.user.rights.rich_messages {
                write::html(content.html().as_html())
            } else {
                json!(content.text())
            }
        };
        match self {
            Save::NewDiscussion { subject, content, recipients } => json!({
                "objet": subject,
                "contenu": written(content),
                "listeDestinataires": addressees(recipients),
                "listeFichiers": [],
                "estCreationCarnetLiaison": false,
            }),
            Save::Reply { to, action, content } => json!({
                "messagePourReponse": to.echo.value(),
                "contenu": written(content),
                "listeFichiers": [],
                "bouton": action.echo.value(),
                "brouillon": { "N": NEW_MESSAGE, "E": 1 },
                "genreDiscussion": 0,
            }),
            Save::SaveDraft { draft, reply_to, subject, content, recipients } => {
                let draft = match draft {
                    Some(draft) => json!({ "N": draft, "E": 2 }),
                    None => json!({ "N": NEW_MESSAGE, "E": 1 }),
                };
                let mut arguments = json!({
                    "commande": "brouillon",
                    "brouillon": draft,
                    "objet": subject,
                    "contenu": written(content),
                    "listeDestinataires": addressees(recipients),
                    "listeFichiers": [],
                });
                if let Some(target) = reply_to {
                    arguments["messagePourReponse"] = target.echo.value();
                }
                arguments
            }
            Save::SendDraft { draft, to, action, content } => json!({
                "commande": "",
                "bouton": action.echo.value(),
                "brouillon": { "N": draft },
                "contenu": written(content),
                "messagePourReponse": to.echo.value(),
                "listeDestinataires": [],
                "listeFichiers": [],
            }),
            Save::MarkRead { possessions: ids, read } => {
                json!({ "commande": "pourLu", "lu": read, "listePossessionsMessages": possessions(ids) })
            }
            Save::Trash { possessions: ids } => {
                json!({ "commande": "corbeille", "listePossessionsMessages": possessions(ids) })
            }
            Save::Restore { possessions: ids } => {
                json!({ "commande": "restauration", "listePossessionsMessages": possessions(ids) })
            }
            Save::Delete { possessions: ids } => {
                json!({ "commande": "suppression", "listePossessionsMessages": possessions(ids) })
            }
            Save::EmptyTrash => json!({ "commande": "viderCorbeille" }),
            Save::Purge { messages, keep } => {
                json!({ "commande": "purger", "listeMessagesPurge": possessions(messages), "nbMaxMessages": keep })
            }
            Save::Archive { possessions: ids, archived } => {
                json!({ "commande": "archive", "archiver": archived, "listePossessionsMessages": possessions(ids) })
            }
            Save::Open { possessions: ids, open } => {
                json!({ "commande": "pourOuvrirFermer", "ouvrir": open, "listePossessionsMessages": possessions(ids) })
            }
            Save::Rename { possession, subject } => json!({
                "commande": "modificationObjetDiscussion",
                "possessionMessage": { "N": possession },
                "objet": subject,
            }),
            Save::Leave { possession, left } => json!({
                "commande": "entrerSortirDiscussion",
                "possessionMessage": { "N": possession },
                "estSorti": left,
            }),
            Save::LeaveConversation { possession, left } => json!({
                "commande": "entrerSortirConversation",
                "possessionMessage": { "N": possession },
                "entrer": !left,
            }),
            Save::Report { message } => json!({ "commande": "signalement", "message": { "N": message } }),
            Save::AskRemoval { message } => {
                json!({ "commande": "signalementSuppression", "message": { "N": message } })
            }
            Save::Forward { messages, subject, content, recipients } => json!({
                "commande": "transfert",
                "listeMessagesTransfert": possessions(messages),
                "objet": subject,
                "contenu": written(content),
                "listeDestinataires": addressees(recipients),
                "listeFichiers": [],
            }),
        }
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for Save {}

fn addressees(people: &[Addressee]) -> Value {
    people.iter().map(|one| json!({ "N": one.id, "G": one.kind.code(), "L": one.name, "E": 2 })).collect()
}
