//! `messages`: discussions, and what one says and does in them.

use std::io::Read as _;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use pronote::functions::messaging::{Messages, Participants, Recipients, Request, Save};
use pronote::model::{Content, Discussion, FolderKind, Message, PersonKind, Recipient, SendKind, Thread};
use pronote::wire::RemoteId;
use pronote::{Page, Session};
use serde_json::Value;

use super::desk::{Desk, Reading, Shown};
use crate::commands::pronote::Invocation;
use crate::exit::{Family, failure};
use crate::items::{self, Listed, found, listed};
use crate::present::{self, line};

/// The page that references to files of messages begin with.
pub(super) const PAGE: &str = "messages";
/// The longest text read from standard input.
const MOST_TEXT: u64 = 1 << 20;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct MessagesArgs {
    /// Only discussions with unread messages
    #[arg(long)]
    unread: bool,
    /// The discussions in the trash
    #[arg(long, conflicts_with = "unread")]
    in_trash: bool,
    #[command(subcommand)]
    command: Option<MessagesCommand>,
}

#[derive(Debug, Subcommand)]
enum MessagesCommand {
    /// Show the messages of a discussion
    Show {
        /// Its identifier, as the list shows it
        id: String,
    },
    /// Show who takes part in a discussion
    Participants {
        /// Its identifier, as the list shows it
        id: String,
    },
    /// Answer a discussion
    Reply {
        /// Its identifier, as the list shows it
        id: String,
        /// The text; `-` reads it from standard input
        text: String,
        /// To whom [default: the first way the school offers]
        #[arg(long, value_enum)]
        to: Option<ReplyTo>,
    },
    /// Begin a discussion
    New {
        /// Someone to write to, as `recipients` shows them: an identifier or a name; may be repeated
        #[arg(long = "to", required = true, value_name = "RECIPIENT")]
        to: Vec<String>,
        /// What it is about
        #[arg(long)]
        subject: String,
        /// The text; `-` reads it from standard input
        text: String,
    },
    /// Show whom one may write to
    Recipients {
        /// Only people of a kind
        #[arg(long, value_enum)]
        kind: Option<Kind>,
    },
    /// Mark a discussion as read
    Mark {
        /// Its identifier, as the list shows it
        id: String,
        /// Mark it as unread
        #[arg(long)]
        unread: bool,
    },
    /// Put a discussion into the trash
    Trash {
        /// Its identifier, as the list shows it
        id: String,
    },
    /// Take a discussion out of the trash
    Restore {
        /// Its identifier, as `messages --in-trash` shows it
        id: String,
    },
    /// Delete a discussion for good
    Delete {
        /// Its identifier, as the list shows it
        id: String,
    },
}

/// To whom a reply goes.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReplyTo {
    /// The author of the last message
    Author,
    /// Everyone
    All,
    /// Everyone but guardians and pupils
    Staff,
}

/// Kinds of people one may write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Teachers
    Teachers,
    /// Other staff
    Staff,
    /// Guardians
    Guardians,
    /// Pupils
    Pupils,
}

pub(super) async fn run(invocation: &Invocation, args: MessagesArgs) -> Result<()> {
    let Some(command) = args.command else { return list(invocation, args.unread, args.in_trash).await };
    match command {
        MessagesCommand::Show { id } => show(invocation, &id).await,
        MessagesCommand::Participants { id } => participants(invocation, &id).await,
        MessagesCommand::Reply { id, text, to } => reply(invocation, &id, &text, to).await,
        MessagesCommand::New { to, subject, text } => begin(invocation, &to, subject, &text).await,
        MessagesCommand::Recipients { kind } => recipients(invocation, kind).await,
        MessagesCommand::Mark { id, unread } => {
            let what = if unread { "Marked as unread" } else { "Marked as read" };
            change(invocation, &id, what, |possessions| Save::MarkRead { possessions, read: !unread }).await
        }
        MessagesCommand::Trash { id } => {
            change(invocation, &id, "Put into the trash", |possessions| Save::Trash { possessions }).await
        }
        MessagesCommand::Restore { id } => {
            change(invocation, &id, "Taken out of the trash", |possessions| Save::Restore { possessions }).await
        }
        MessagesCommand::Delete { id } => {
            change(invocation, &id, "Deleted", |possessions| Save::Delete { possessions }).await
        }
    }
}

/// Reads every discussion.
pub(super) async fn read(session: &Session) -> Result<Reading<Vec<Listed<Discussion>>>> {
    let page = session.read(&Request::default()).await?;
    if page.disabled {
        let advice = "The school has switched messaging off for this account.";
        return Err(failure(Family::Refused, "there is no messaging", advice));
    }
    Ok(Reading::from(page).map(|mailbox| listed(mailbox.discussions)))
}

async fn list(invocation: &Invocation, unread: bool, in_trash: bool) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let Reading { value: mut list, diagnostics, .. } = read(session).await?;
        list.retain(|discussion| discussion.is_in(FolderKind::Trash) == in_trash);
        list.retain(|discussion| !unread || discussion.unread > 0);
        Ok(Shown { text: present::messages::list(&list, desk.look), data: list_json(&list)?, diagnostics })
    })
    .await
}

/// The JSON of discussions, with identifiers that last.
pub(super) fn list_json(list: &[Listed<Discussion>]) -> Result<Value> {
    list.iter().map(|discussion| items::json_with_files(&**discussion, &discussion.listed_id, PAGE, &[])).collect()
}

/// Reads the messages of a discussion.
pub(super) async fn thread(session: &Session, discussion: &Discussion) -> Result<Page<Thread>> {
    Ok(session.read(&Messages::of(discussion)).await?)
}

/// The files of a discussion, message after message.
pub(super) fn files(thread: &Thread) -> Vec<&pronote::model::Attachment> {
    fn of<'a>(messages: &'a [Message], files: &mut Vec<&'a pronote::model::Attachment>) {
        for message in messages {
            files.extend(&message.attachments);
            of(&message.forwarded, files);
        }
    }
    let mut files = Vec::new();
    of(&thread.messages, &mut files);
    files
}

async fn show(invocation: &Invocation, id: &str) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let list = read(session).await?.value;
        let discussion = found(&list, id)?;
        let page = thread(session, discussion).await?;
        let files = files(&page);
        let text = present::messages::thread(discussion, &page, &|file| {
            let place = files.iter().position(|known| std::ptr::eq(*known, file))?;
            Some(items::reference(PAGE, &discussion.listed_id, place))
        });
        let data = items::json_with_files(&page.value, &discussion.listed_id, PAGE, &files)?;
        Ok(Shown { text, data, diagnostics: page.diagnostics.clone() })
    })
    .await
}

async fn participants(invocation: &Invocation, id: &str) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let list = read(session).await?.value;
        let Some(request) = Participants::of(found(&list, id)?) else {
            let advice = "The school does not tell who takes part in this discussion.";
            return Err(failure(Family::Missing, "no participants", advice));
        };
        let page = session.read(&request).await?;
        Shown::new(&page, present::messages::participants(&page, desk.look))
    })
    .await
}

async fn reply(invocation: &Invocation, id: &str, text: &str, to: Option<ReplyTo>) -> Result<()> {
    let content = Content::Text(text_or_input(text)?);
    let desk = Desk::open_to_write(invocation).await?;
    let list = read(&desk.session).await?.value;
    let discussion = found(&list, id)?;
    let thread = thread(&desk.session, discussion).await?.value;
    let wanted: &[SendKind] = match to {
        None => &[],
        Some(ReplyTo::Author) => &[SendKind::Send],
        Some(ReplyTo::All) => &[SendKind::ReplyToAll, SendKind::SendToAll],
        Some(ReplyTo::Staff) => &[SendKind::ReplyToStaff, SendKind::SendToStaff],
    };
    let sends = |action: &&pronote::model::SendAction| action.kind != SendKind::CloseAlert;
    let mut actions = thread.actions.iter().filter(sends);
    let action = match to {
        None => actions.next(),
        Some(_) => actions.find(|action| wanted.contains(&action.kind)),
    };
    let (Some(target), Some(action)) = (thread.reply.clone(), action.cloned()) else {
        let offered: Vec<String> = thread.actions.iter().map(|action| line(&action.label)).collect();
        let advice = if offered.is_empty() {
            "The discussion is closed.".to_owned()
        } else {
            format!("The school offers: {}.", offered.join(", "))
        };
        return Err(failure(Family::Refused, "this discussion takes no such reply", advice));
    };
    let report = desk.session.writer()?.save(&Save::Reply { to: target, action, content }).await?;
    desk.done(&discussion.listed_id, &format!("Replied: {}", discussion.subject), &report)
}

async fn begin(invocation: &Invocation, to: &[String], subject: String, text: &str) -> Result<()> {
    let content = Content::Text(text_or_input(text)?);
    let desk = Desk::open_to_write(invocation).await?;
    let people = everyone(&desk.session, None).await?.value;
    let recipients = to.iter().map(|typed| Ok((&**recipient(&people, typed)?).into()));
    let recipients = recipients.collect::<Result<Vec<_>>>()?;
    let sentence = format!("Sent to {}: {subject}", super::desk::counted(recipients.len(), "person", "people"));
    let report = desk.session.writer()?.save(&Save::NewDiscussion { subject, content, recipients }).await?;
    desk.done("", &sentence, &report)
}

fn recipient<'a>(people: &'a [Listed<Recipient>], typed: &str) -> Result<&'a Listed<Recipient>> {
    let wanted = typed.trim().to_lowercase();
    let mut named = people.iter().filter(|person| person.name.to_lowercase() == wanted);
    match (named.next(), named.next()) {
        (Some(person), None) => Ok(person),
        _ => found(people, typed),
    }
}

async fn recipients(invocation: &Invocation, kind: Option<Kind>) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let Reading { value: people, diagnostics, .. } = everyone(session, kind).await?;
        let data: Result<Value> =
            people.iter().map(|person| items::json_with_files(&**person, &person.listed_id, PAGE, &[])).collect();
        Ok(Shown { text: present::messages::recipients(&people, desk.look), data: data?, diagnostics })
    })
    .await
}

/// Everyone one may write to, of the kinds that the account may write to.
async fn everyone(session: &Session, only: Option<Kind>) -> Result<Reading<Vec<Listed<Recipient>>>> {
    let rights = session.user().rights;
    let kinds = [
        (Kind::Teachers, rights.write_to_teachers, PersonKind::Teacher),
        (Kind::Staff, rights.write_to_staff, PersonKind::Staff),
        (Kind::Guardians, rights.write_to_guardians, PersonKind::Guardian),
        (Kind::Pupils, rights.write_to_pupils, PersonKind::Pupil),
    ];
    let mut people = Reading::<Vec<Recipient>>::default();
    for (kind, allowed, person) in kinds {
        if allowed && only.is_none_or(|only| only == kind) {
            let more = people.add(session.read(&Recipients { kind: person }).await?);
            people.value.extend(more);
        }
    }
    Ok(people.map(listed))
}

async fn change(invocation: &Invocation, id: &str, what: &str, save: impl Fn(Vec<RemoteId>) -> Save) -> Result<()> {
    let desk = Desk::open_to_write(invocation).await?;
    let list = read(&desk.session).await?.value;
    let discussion = found(&list, id)?;
    let report = desk.session.writer()?.save(&save(discussion.possessions.clone())).await?;
    desk.done(&discussion.listed_id, &format!("{what}: {}", discussion.subject), &report)
}

/// The text itself, or what stands on standard input for `-`.
fn text_or_input(text: &str) -> Result<String> {
    let mut read = String::new();
    if text == "-" {
        let mut input = std::io::stdin().lock().take(MOST_TEXT);
        input.read_to_string(&mut read).context("cannot read the text from standard input")?;
    } else {
        read.push_str(text);
    }
    if read.trim().is_empty() {
        return Err(failure(Family::Usage, "the text is empty", "Say something."));
    }
    Ok(read)
}
