//! Discussions, their messages, and the people one writes to.

use async_graphql::{ComplexObject, Context};
use gateway::ids;
use gateway::{Viewer, Whose};
use pronote::functions::messaging::{self, Messages, Participants};
use pronote::model;

use super::people::PersonKind;
use super::view::{Attachment, Pen, RichText, Show, choice, view};
use super::{Answer, Date, Failure, asked_by, gone, page};

view! {
    /// The discussions of the account, and the folders they are sorted in.
    Mailbox of Mailbox {
        /// The discussions, in the order of the school.
        discussions: Vec<Discussion> = |it, pen| listed(&it.discussions, pen),
        /// The folders.
        folders: Vec<Folder>,
        /// Whether the school has switched messaging off.
        disabled: bool,
    }
}

choice! {
    /// What a folder is for.
    FolderKind of FolderKind {
        /// The user's own.
        Custom,
        /// What was received.
        Received,
        /// What was archived.
        Archive,
        /// What was sent.
        Sent,
        /// What is not sent yet.
        Drafts,
        /// What was thrown away.
        Trash,
        /// What was reported.
        Reported,
        /// A blue label.
        Blue,
        /// A green label.
        Green,
        /// A red label.
        Red,
        /// The liaison book.
        LiaisonBook,
        /// Alerts.
        Alert,
        /// Exchanges with school life.
        SchoolLifeContact,
        /// Conversations.
        Conversation,
        /// What is hidden.
        Hidden,
        /// Reports of harassment.
        Harassment,
    }
}

view! {
    /// A folder of discussions, or a label.
    Folder of Folder {
        /// What the user calls it.
        name: String,
        /// What it is for.
        kind: FolderKind,
    }
}

view! {
    /// A discussion.
    Discussion of Discussion {
        /// What names it in `discussion` and in mutations, in every session.
        key: String = |_, _| String::new(),
        /// Its subject; may be empty.
        subject: String,
        /// Who began it; null for the user.
        creator: Option<String>,
        /// The others who take part, in short.
        correspondents: Option<String>,
        /// How many take part.
        recipient_count: Option<i32> = |it, pen| it.recipients.show(pen),
        /// How many messages it has.
        message_count: Option<i32> = |it, pen| it.messages.show(pen),
        /// How many of them are unread.
        unread: i32,
        /// How many drafts wait in it.
        drafts: i32,
        /// Whether nobody can reply.
        closed: bool,
        /// When its last message was sent, as well as it can be told from what the school writes.
        date: Option<Date>,
        /// The same, as the school writes it.
        date_label: Option<String>,
        /// The folders it is in.
        folders: Vec<Folder>,
    }
}

view! {
    /// A discussion with its messages.
    #[graphql(complex)]
    DiscussionThread of Thread {
        #[graphql(skip)]
        source: Option<(model::Discussion, Whose)> = |_, _| None,
        /// The discussion.
        discussion: Option<Discussion> = |_, _| None,
        /// The messages, in the order of the school; what is not sent yet is in `draft`.
        messages: Vec<Message> = |it, pen| {
            let sent: Vec<_> = it.messages.iter().filter(|message| !message.draft).cloned().collect();
            with_keys(&sent, pen)
        },
        /// How many messages there are in all.
        total: Option<i32>,
        /// To whom a reply may go; empty when nobody can reply.
        replies: Vec<ReplyKind> = |it, pen| it.actions.iter().map(|action| action.kind.show(pen)).collect(),
        /// The reply that waits to be finished.
        draft: Option<RichText> = |it, pen| it.unfinished().map(|draft| draft.content.show(pen)),
    }
}

/// What the list of discussions does not tell.
#[ComplexObject]
impl DiscussionThread {
    /// Who takes part; null when the school does not tell.
    async fn participants(&self, context: &Context<'_>) -> Option<Result<Vec<Participant>, Failure>> {
        let (discussion, whose) = self.source.as_ref()?;
        let request = Participants::of(discussion)?;
        page(asked_by(context), *whose, &request, Show::show).await.transpose()
    }
}

choice! {
    /// To whom a reply goes.
    ReplyKind of SendKind {
        /// To the author.
        Send,
        /// To everyone, as a new message.
        SendToAll,
        /// To everyone.
        ReplyToAll,
        /// As a new message to everyone but guardians and pupils.
        SendToStaff,
        /// To everyone but guardians and pupils.
        ReplyToStaff,
        /// To nobody: it closes the alert.
        CloseAlert,
    }
}

view! {
    /// A message of a discussion.
    Message of Message {
        /// What names it in mutations, in every session.
        key: String = |_, _| String::new(),
        /// Whether the user wrote it.
        mine: bool,
        /// Who wrote it; null for the user.
        author: Option<String>,
        /// What the author is, in the school's word.
        author_role: Option<String>,
        /// Who received it, when it is one person other than the user.
        recipient: Option<String>,
        /// Whether the user is who received it.
        to_me: bool,
        /// How many received it.
        recipient_count: Option<i32> = |it, pen| it.recipients.show(pen),
        /// When it was sent.
        sent: Option<Date>,
        /// When it was sent, as the school writes it.
        date_label: Option<String>,
        /// Whether the user has read it, when the school says so.
        read: Option<bool>,
        /// Whether only some see it.
        aside: bool,
        /// What it says.
        content: RichText,
        /// The files that come with it.
        attachments: Vec<Attachment>,
        /// The messages it forwards.
        forwarded: Vec<Message> = |it, pen| with_keys(&it.forwarded, pen),
    }
}

view! {
    /// Someone who takes part in a discussion.
    Participant of Participant {
        /// Their name, as the school writes it.
        name: String,
        /// What they are.
        kind: Option<PersonKind>,
        /// Whether they left the discussion.
        left: bool,
        /// Whether they refuse messages.
        refuses_messages: bool,
    }
}

view! {
    /// Someone one might write to.
    Recipient of Recipient {
        /// What names them in mutations, in every session.
        key: String = |_, _| String::new(),
        /// Their name.
        name: String,
        /// What they are.
        kind: PersonKind,
        /// Their e-mail address, if they show it.
        email: Option<String>,
        /// Whether they can be written to.
        reachable: bool,
        /// Whether they refuse messages.
        refuses_messages: bool,
        /// What a teacher teaches.
        subjects: Vec<String> = |it, _| it.subjects.iter().map(|subject| subject.name.clone()).collect(),
        /// What a member of staff does.
        role: Option<String>,
        /// Whether they are the head teacher.
        head_teacher: bool,
    }
}

fn with_keys(messages: &[model::Message], pen: &Pen<'_>) -> Vec<Message> {
    messages.iter().zip(ids::ids(messages)).map(|(message, key)| Message { key, ..message.show(pen) }).collect()
}

fn listed(discussions: &[model::Discussion], pen: &Pen<'_>) -> Vec<Discussion> {
    let keys = ids::ids(discussions);
    discussions.iter().zip(keys).map(|(discussion, key)| Discussion { key, ..discussion.show(pen) }).collect()
}

pub(super) async fn list(viewer: &Viewer, whose: Whose, unread_only: Option<bool>) -> Answer<Mailbox> {
    // Always the whole list: the keys of things that look alike depend on it.
    let mailbox = page(viewer, whose, &messaging::Request::default(), Show::show).await?;
    Ok(mailbox.map(|mut mailbox: Mailbox| {
        mailbox.discussions.retain(|discussion| !unread_only.unwrap_or(false) || discussion.unread > 0);
        mailbox
    }))
}

/// A discussion and its messages, which stay unread.
pub(super) async fn thread(viewer: &Viewer, whose: Whose, key: String) -> Answer<DiscussionThread> {
    if !viewer.has(model::tab::MESSAGING) {
        return Ok(None);
    }
    let mailbox = viewer.read(whose, &messaging::Request::default()).await?;
    let place = ids::ids(&mailbox.discussions).into_iter().position(|known| known == key);
    let source = &mailbox.discussions[place.ok_or_else(|| gone("discussion", &key))?];
    let discussion = |pen: &Pen<'_>| Discussion { key, ..source.show(pen) };
    page(viewer, whose, &Messages::of(source), |thread, pen| DiscussionThread {
        source: Some((source.clone(), whose)),
        discussion: Some(discussion(pen)),
        ..thread.show(pen)
    })
    .await
}

/// Everyone of a kind whom one may write to.
pub(super) async fn recipients(viewer: &Viewer, whose: Whose, kind: PersonKind) -> Answer<Vec<Recipient>> {
    let request = messaging::Recipients { kind: kind_of(kind)? };
    page(viewer, whose, &request, |people, pen| {
        people.iter().zip(ids::ids(people)).map(|(person, key)| Recipient { key, ..person.show(pen) }).collect()
    })
    .await
}

pub(super) fn kind_of(kind: PersonKind) -> Result<model::PersonKind, Failure> {
    Ok(match kind {
        PersonKind::Teacher => model::PersonKind::Teacher,
        PersonKind::Pupil => model::PersonKind::Pupil,
        PersonKind::Guardian => model::PersonKind::Guardian,
        PersonKind::Staff => model::PersonKind::Staff,
        PersonKind::Other => {
            return Err(Failure::BadInput { argument: "kind", expected: "a kind of people other than OTHER" });
        }
    })
}
