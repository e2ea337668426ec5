//! The mutations that change something at school. Each needs a token that was granted writing at its sign-in.

#![expect(clippy::too_many_arguments, reason = "the arguments of a mutation are those of its function")]

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use gateway::{DiscussionChange, MessageChange, Reply, Unchanged, Viewer, Whose};
use pronote::model::{Color, SaveReport, SendKind, tab};

use super::discussions::ReplyKind;
use super::{Failure, asked_by};

/// What the school says of a change it accepted.
#[derive(SimpleObject)]
pub(crate) struct Saved {
    /// Its remarks, in its language: closed hours, recipients that refuse messages. Usually none.
    notices: Vec<String>,
}

type Change = Result<Saved, Failure>;

fn saved(report: Result<SaveReport, Unchanged>) -> Change {
    Ok(Saved { notices: report?.notices })
}

/// An answer to one question of a survey.
#[derive(InputObject)]
struct NewsAnswer {
    /// The place of the question among those of the news, from 1.
    question: u32,
    /// The text, for a question that takes one; or the text of the choice that asks for one.
    text: Option<String>,
    /// The ranks of the choices.
    #[graphql(default)]
    choices: Vec<u32>,
}

/// What is done with a whole discussion.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "DiscussionChange", name = "DiscussionChange")]
enum Discussed {
    /// Marks its messages as read.
    MarkRead,
    /// Marks its messages as unread.
    MarkUnread,
    /// Puts it into the archive.
    Archive,
    /// Takes it out of the archive.
    Unarchive,
    /// Puts it into the trash.
    Trash,
    /// Takes it out of the trash.
    Restore,
    /// Deletes it for good.
    Delete,
    /// Opens it to replies.
    Open,
    /// Closes it: nobody can reply.
    Close,
    /// Leaves it.
    Leave,
    /// Joins it again.
    Join,
    /// Leaves it, when it is a conversation.
    LeaveConversation,
    /// Joins it, when it is a conversation.
    JoinConversation,
}

/// What is done about one message.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "MessageChange", name = "MessageChange")]
enum AboutMessage {
    /// Reports it to the school.
    Report,
    /// Asks the school to remove it.
    AskRemoval,
}

/// Declares changes twice: for an account's own person, and for parents, with the child first.
macro_rules! changes {
    ($own:ident, $child:ident: $(
        $(#[doc = $doc:literal])*
        $name:ident($($argument:ident: $type:ty = $described:literal),*) = $change:path;
    )*) => {
        /// What the account's own person changes.
        #[derive(Default)]
        pub(crate) struct $own;

        #[Object]
        impl $own {
            $(
                $(#[doc = $doc])*
                async fn $name(
                    &self,
                    context: &Context<'_>,
                    $(#[graphql(desc = $described)] $argument: $type),*
                ) -> Result<Saved, Failure> {
                    $change(asked_by(context), Whose::OWN, $($argument),*).await
                }
            )*
        }

        /// What parents change in the name of a child.
        #[derive(Default)]
        pub(crate) struct $child;

        #[Object]
        impl $child {
            $(
                $(#[doc = $doc])*
                async fn $name(
                    &self,
                    context: &Context<'_>,
                    #[graphql(desc = "The child: its exact name.")] student: String,
                    $(#[graphql(desc = $described)] $argument: $type),*
                ) -> Result<Saved, Failure> {
                    let viewer = asked_by(context);
                    $change(viewer, viewer.child(&student)?, $($argument),*).await
                }
            )*
        }
    };
}

changes! { OwnPupilChanges, ChildPupilChanges:
    /// Marks homework as done, or not done. Pupils only.
    set_homework_done(key: String = "Its key in `homeworks`.", done: bool = "Whether it is done.") = set_homework_done;
    /// Takes back the file that was handed in for homework. Files are handed in at `POST /uploads/homework/{key}`.
    withdraw_homework(key: String = "Its key in `homeworks`.") = withdraw_homework;
    /// Confirms that a guardian has read a report card. Guardians only.
    acknowledge_report(
        period: Option<String> = "The name of the period; the current one if it is left out."
    ) = acknowledge_report;
}

changes! { OwnChanges, ChildChanges:
    /// Marks news as read, or unread.
    mark_news(key: String = "Its key in `news`.", read: bool = "Whether it is read.") = mark_news;
    /// Confirms that news was read, where the school asks for it.
    acknowledge_news(key: String = "Its key in `news`.") = acknowledge_news;
    /// Answers questions of a survey.
    answer_news(key: String = "Its key in `news`.", answers: Vec<NewsAnswer> = "The answers.") = answer_news;
    /// Takes news out of the list, for good.
    delete_news(key: String = "Its key in `news`.") = delete_news;
    /// Begins a discussion.
    begin_discussion(
        to: Vec<String> = "The recipients: their keys in `recipients`.",
        subject: String = "What it is about.",
        text: String = "The message."
    ) = begin_discussion;
    /// Replies in a discussion.
    reply(
        discussion: String = "Its key in `discussions`.",
        text: String = "The message.",
        to: Option<ReplyKind> = "To whom; the first way the school offers if it is left out."
    ) = reply;
    /// Keeps a reply for later. The next `reply` takes its place.
    save_draft(discussion: String = "Its key in `discussions`.", text: String = "The message so far.") = save_draft;
    /// Changes a whole discussion: read, archived, thrown away, left…
    change_discussion(
        discussion: String = "Its key in `discussions`.",
        change: Discussed = "What is done."
    ) = change_discussion;
    /// Gives a discussion another subject.
    rename_discussion(
        discussion: String = "Its key in `discussions`.",
        subject: String = "The new subject."
    ) = rename_discussion;
    /// Reports a message, or asks for its removal.
    change_message(
        discussion: String = "Its key in `discussions`.",
        message: String = "Its key in `discussion`.",
        change: AboutMessage = "What is done."
    ) = change_message;
    /// Sends a message on to other people, as a new discussion.
    forward_message(
        discussion: String = "Its key in `discussions`.",
        message: String = "Its key in `discussion`.",
        to: Vec<String> = "The recipients: their keys in `recipients`.",
        subject: String = "What the new discussion is about.",
        text: String = "A word to go with it."
    ) = forward_message;
    /// Deletes for good what is in the trash.
    empty_trash() = empty_trash;
    /// Makes a folder for discussions.
    create_folder(name: String = "Its name.", color: String = "Its colour, `#rrggbb`.") = create_folder;
    /// Gives a folder of one's own another name.
    rename_folder(folder: String = "Its name.", name: String = "Its new name.") = rename_folder;
    /// Deletes a folder of one's own; the discussions in it stay.
    delete_folder(folder: String = "Its name.") = delete_folder;
    /// Puts a discussion into folders, and takes it out of others.
    sort_discussion(
        discussion: String = "Its key in `discussions`.",
        into: Option<Vec<String>> = "The names of the folders it is put into.",
        out_of: Option<Vec<String>> = "The names of the folders it is taken out of."
    ) = sort_discussion;
}

async fn set_homework_done(viewer: &Viewer, whose: Whose, key: String, done: bool) -> Change {
    saved(viewer.mark_homework(whose, &key, done).await)
}

async fn withdraw_homework(viewer: &Viewer, whose: Whose, key: String) -> Change {
    saved(viewer.withdraw(whose, &key).await)
}

async fn mark_news(viewer: &Viewer, whose: Whose, key: String, read: bool) -> Change {
    saved(viewer.mark_news(whose, &key, read).await)
}

async fn acknowledge_news(viewer: &Viewer, whose: Whose, key: String) -> Change {
    saved(viewer.acknowledge_news(whose, &key).await)
}

async fn answer_news(viewer: &Viewer, whose: Whose, key: String, answers: Vec<NewsAnswer>) -> Change {
    let replies = answers.into_iter().map(|NewsAnswer { question, text, choices }| Reply { question, text, choices });
    saved(viewer.answer_news(whose, &key, replies.collect()).await)
}

async fn delete_news(viewer: &Viewer, whose: Whose, key: String) -> Change {
    saved(viewer.delete_news(whose, &key).await)
}

async fn acknowledge_report(viewer: &Viewer, whose: Whose, period: Option<String>) -> Change {
    let period = viewer.period(whose, tab::REPORT, period.as_deref())?;
    saved(viewer.acknowledge_report(whose, period).await)
}

async fn begin_discussion(viewer: &Viewer, whose: Whose, to: Vec<String>, subject: String, text: String) -> Change {
    saved(viewer.begin_discussion(whose, &to, subject, &text).await)
}

async fn reply(viewer: &Viewer, whose: Whose, discussion: String, text: String, to: Option<ReplyKind>) -> Change {
    let to = to.map(send_kind).transpose()?;
    saved(viewer.reply(whose, &discussion, &text, to).await)
}

fn send_kind(kind: ReplyKind) -> Result<SendKind, Failure> {
    Ok(match kind {
        ReplyKind::Send => SendKind::Send,
        ReplyKind::SendToAll => SendKind::SendToAll,
        ReplyKind::ReplyToAll => SendKind::ReplyToAll,
        ReplyKind::SendToStaff => SendKind::SendToStaff,
        ReplyKind::ReplyToStaff => SendKind::ReplyToStaff,
        ReplyKind::CloseAlert => SendKind::CloseAlert,
        ReplyKind::Other => {
            return Err(Failure::BadInput { argument: "to", expected: "a kind of reply other than OTHER" });
        }
    })
}

async fn save_draft(viewer: &Viewer, whose: Whose, discussion: String, text: String) -> Change {
    saved(viewer.keep_draft(whose, &discussion, &text).await)
}

async fn change_discussion(viewer: &Viewer, whose: Whose, discussion: String, change: Discussed) -> Change {
    saved(viewer.change_discussion(whose, &discussion, change.into()).await)
}

async fn rename_discussion(viewer: &Viewer, whose: Whose, discussion: String, subject: String) -> Change {
    saved(viewer.rename_discussion(whose, &discussion, subject).await)
}

async fn change_message(
    viewer: &Viewer,
    whose: Whose,
    discussion: String,
    message: String,
    change: AboutMessage,
) -> Change {
    saved(viewer.change_message(whose, &discussion, &message, change.into()).await)
}

async fn forward_message(
    viewer: &Viewer,
    whose: Whose,
    discussion: String,
    message: String,
    to: Vec<String>,
    subject: String,
    text: String,
) -> Change {
    saved(viewer.forward(whose, (&discussion, &message), &to, subject, &text).await)
}

async fn empty_trash(viewer: &Viewer, whose: Whose) -> Change {
    saved(viewer.empty_trash(whose).await)
}

async fn create_folder(viewer: &Viewer, whose: Whose, name: String, color: String) -> Change {
    let color =
        Color::parse(&color).ok_or(Failure::BadInput { argument: "color", expected: "a colour like #ffd966" })?;
    saved(viewer.create_folder(whose, name, color).await)
}

async fn rename_folder(viewer: &Viewer, whose: Whose, folder: String, name: String) -> Change {
    saved(viewer.rename_folder(whose, &folder, name).await)
}

async fn delete_folder(viewer: &Viewer, whose: Whose, folder: String) -> Change {
    saved(viewer.delete_folder(whose, &folder).await)
}

async fn sort_discussion(
    viewer: &Viewer,
    whose: Whose,
    discussion: String,
    into: Option<Vec<String>>,
    out_of: Option<Vec<String>>,
) -> Change {
    let (into, out_of) = (into.unwrap_or_default(), out_of.unwrap_or_default());
    saved(viewer.sort_discussion(whose, &discussion, &into, &out_of).await)
}
