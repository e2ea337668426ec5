use jiff::civil::DateTime;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::{Attachment, Echo, Named, PersonKind, codes};
use crate::wire::{Html, RemoteId};

/// The discussions of an account, and the folders they are sorted in (data §15.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Mailbox {
    /// The whole discussions, in the order of the server; what belongs to one is in its `children`.
    pub discussions: Vec<Discussion>,
    /// The folders.
    pub folders: Vec<Folder>,
    /// Whether the school has switched messaging off.
    pub disabled: bool,
}

codes! {
    /// What a folder is for.
    FolderKind {
        /// The user's own.
        Custom = 0,
        /// What was received.
        Received = 1,
        /// What was archived.
        Archive = 2,
        /// What was sent.
        Sent = 3,
        /// What is not sent yet.
        Drafts = 4,
        /// What was thrown away.
        Trash = 5,
        /// What was reported.
        Reported = 6,
        /// A blue label.
        Blue = 7,
        /// A green label.
        Green = 8,
        /// A red label.
        Red = 9,
        /// The liaison book.
        LiaisonBook = 10,
        /// Alerts.
        Alert = 11,
        /// Exchanges with school life.
        SchoolLifeContact = 12,
        /// Conversations.
        Conversation = 13,
        /// What is hidden.
        Hidden = 14,
        /// Reports of harassment.
        Harassment = 15,
    }
}

/// A folder, or a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Folder {
    /// What the server calls it in this session.
    pub id: RemoteId,
    /// What the user calls it.
    pub name: String,
    /// What it is for.
    pub kind: FolderKind,
}

/// A discussion, a part of one, or one of its messages (data §15.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Discussion {
    /// What the server calls its last message in this session.
    pub id: Option<RemoteId>,
    /// Whether it is a discussion or a part of one; else it is a single message of it.
    pub is_discussion: bool,
    /// Its subject; may be empty.
    pub subject: String,
    /// Who began it; none for the user.
    pub creator: Option<String>,
    /// The others who take part, in short.
    pub correspondents: Option<String>,
    /// How many take part.
    pub recipients: Option<u32>,
    /// How many messages it has.
    pub messages: Option<u32>,
    /// How many of them are unread.
    pub unread: u32,
    /// How many drafts wait in it.
    pub drafts: u32,
    /// Whether it is read, when the server says so.
    pub read: Option<bool>,
    /// Whether it is closed: nobody can reply.
    pub closed: bool,
    /// Whether the user may close it.
    pub closable: bool,
    /// Whether the user may change its subject.
    pub can_rename: bool,
    /// Whether the user may see it without being one of its recipients.
    pub not_owned: bool,
    /// When its last message was sent, as the server says it: `14h30`, `lundi 14h30`, `12/03/25`.
    pub date_label: Option<String>,
    /// The same as a date, as well as it can be told from the server's clock.
    pub date: Option<DateTime>,
    /// The folders it is in.
    pub folders: Vec<Folder>,
    /// The user's copies of its messages: what reads and saves are asked with.
    pub possessions: Vec<RemoteId>,
    /// What its participants are asked with.
    pub participants_query: Option<RemoteId>,
    /// Its parts.
    pub children: Vec<Discussion>,
}

impl Discussion {
    /// Whether it is in a folder of that kind.
    #[must_use]
    pub fn is_in(&self, kind: FolderKind) -> bool {
        self.folders.iter().any(|folder| folder.kind == kind)
    }
}

/// The messages of a discussion, and what can be done with it (data §15.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Thread {
    /// The messages, in the order of the server.
    pub messages: Vec<Message>,
    /// What a reply answers to.
    pub reply: Option<ReplyTarget>,
    /// How a reply may be sent; empty when nobody can reply.
    pub actions: Vec<SendAction>,
    /// The reply that waits to be finished.
    pub draft: Option<Draft>,
    /// How many messages there are in all.
    pub total: Option<u32>,
}

impl Thread {
    /// The reply that waits to be finished: servers tell it apart, or list it among the messages.
    #[must_use]
    pub fn unfinished(&self) -> Option<Draft> {
        let among = || self.messages.iter().rfind(|message| message.draft);
        let draft = |message: &Message| Draft { id: message.id.clone(), content: message.content.clone() };
        self.draft.clone().or_else(|| among().map(draft))
    }
}

/// What someone wrote: HTML, or a text without any. Serialises as `{html, text}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Rich text.
    Html(Html),
    /// Plain text.
    Text(String),
}

impl Content {
    /// What a person reads.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Content::Html(html) => html.text(),
            Content::Text(text) => text.clone(),
        }
    }

    /// The same as HTML; a plain text is escaped.
    #[must_use]
    pub fn html(&self) -> Html {
        match self {
            Content::Html(html) => html.clone(),
            Content::Text(text) => {
                let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                let lines: Vec<_> = escaped.lines().collect();
                Html::new(format!("<div>{}</div>", lines.join("<br>")))
            }
        }
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let html = match self {
            Content::Html(html) => Some(html.as_html()),
            Content::Text(_) => None,
        };
        let mut both = serializer.serialize_struct("Content", 2)?;
        both.serialize_field("html", &html)?;
        both.serialize_field("text", &self.text())?;
        both.end()
    }
}

/// A message (data §15.4).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// What the server calls it in this session.
    pub id: RemoteId,
    /// The user's copy of it.
    pub possession: Option<RemoteId>,
    /// The message it replies to.
    pub reply_to: Option<RemoteId>,
    /// Whether the user wrote it.
    pub mine: bool,
    /// Who wrote it; none for the user.
    pub author: Option<String>,
    /// What the author is: `Professeur`, `Personnel`…
    pub author_role: Option<String>,
    /// Who received it, when it is one person other than the user.
    pub recipient: Option<String>,
    /// What the recipient is.
    pub recipient_role: Option<String>,
    /// Whether the user is who received it.
    pub to_me: bool,
    /// How many received it.
    pub recipients: Option<u32>,
    /// When it was sent.
    pub sent: Option<DateTime>,
    /// When it was sent, as the server says it.
    pub date_label: Option<String>,
    /// Whether the user has read it, when the server says so.
    pub read: Option<bool>,
    /// Whether it is an aside: only some see it.
    pub aside: bool,
    /// Whether it is not sent yet.
    pub draft: bool,
    /// What it says.
    pub content: Content,
    /// The files that come with it.
    pub attachments: Vec<Attachment>,
    /// The messages it forwards.
    pub forwarded: Vec<Message>,
}

/// A reply that waits to be finished.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Draft {
    /// What the server calls it in this session.
    pub id: RemoteId,
    /// What it says so far.
    pub content: Content,
}

/// The message a reply answers to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplyTarget {
    /// What the server calls it in this session.
    pub id: Option<RemoteId>,
    /// How many would receive the reply.
    pub recipients: Option<u32>,
    /// Whether the discussion is closed.
    pub closed: bool,
    /// The whole of it, as a reply must repeat it.
    #[serde(skip)]
    pub(crate) echo: Echo,
}

codes! {
    /// To whom a reply goes.
    SendKind {
        /// To the author.
        Send = 0,
        /// To everyone, as a new message.
        SendToAll = 1,
        /// To everyone.
        ReplyToAll = 2,
        /// As a new message to everyone but guardians and pupils.
        SendToStaff = 3,
        /// To everyone but guardians and pupils.
        ReplyToStaff = 4,
        /// To nobody: it closes the alert.
        CloseAlert = 5,
    }
}

/// One way to send a reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SendAction {
    /// To whom.
    pub kind: SendKind,
    /// What the server calls it.
    pub label: String,
    /// The whole of it, as a reply must repeat it.
    #[serde(skip)]
    pub(crate) echo: Echo,
}

/// Someone who takes part in a discussion, or received a message (data §15.5).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Participant {
    /// What the server calls them in this session.
    pub id: Option<RemoteId>,
    /// Their name, as the school writes it.
    pub name: String,
    /// What they are.
    pub kind: Option<PersonKind>,
    /// Whether they left the discussion.
    pub left: bool,
    /// Whether they refuse messages.
    pub refuses_messages: bool,
}

/// Someone the user might write to (data §15.6).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recipient {
    /// What the server calls them in this session.
    pub id: RemoteId,
    /// Their name.
    pub name: String,
    /// What they are.
    pub kind: PersonKind,
    /// Their e-mail address, if they show it.
    pub email: Option<String>,
    /// Whether they can be written to.
    pub reachable: bool,
    /// Whether they refuse messages.
    pub refuses_messages: bool,
    /// What a teacher teaches.
    pub subjects: Vec<RecipientSubject>,
    /// What a member of staff does.
    pub role: Option<Named>,
    /// Whether they are the head teacher.
    pub head_teacher: bool,
}

/// A subject of a teacher one can write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecipientSubject {
    /// What it is called.
    pub name: String,
    /// The subject it is a part of.
    pub parent: Option<String>,
}
