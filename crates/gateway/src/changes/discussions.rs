//! Discussions: begun, answered, sorted, left.

use pronote::functions::messaging::{self, Addressee, Messages, Recipients, Save, SaveFolder};
use pronote::model::{Color, Content, Discussion, Folder, Message, PersonKind, SaveReport, SendKind, Thread};

use super::{Hand, Unchanged, find};
use crate::ids;
use crate::{Viewer, Whose};

/// What can be done with a whole discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum DiscussionChange {
    MarkRead,
    MarkUnread,
    Archive,
    Unarchive,
    Trash,
    Restore,
    Delete,
    Open,
    Close,
    Leave,
    Join,
    LeaveConversation,
    JoinConversation,
}

/// What can be done about one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageChange {
    /// Reports it to the school.
    Report,
    /// Asks the school to remove it.
    AskRemoval,
}

impl DiscussionChange {
    fn save(self, discussion: &Discussion) -> Result<Save, Unchanged> {
        let possessions = discussion.possessions.clone();
        let possession = || {
            let unfit = || Unchanged::Unfit("this discussion cannot be left or joined".to_owned());
            discussion.possessions.last().cloned().ok_or_else(unfit)
        };
        Ok(match self {
            Self::MarkRead => Save::MarkRead { possessions, read: true },
            Self::MarkUnread => Save::MarkRead { possessions, read: false },
            Self::Archive => Save::Archive { possessions, archived: true },
            Self::Unarchive => Save::Archive { possessions, archived: false },
            Self::Trash => Save::Trash { possessions },
            Self::Restore => Save::Restore { possessions },
            Self::Delete => Save::Delete { possessions },
            Self::Open => Save::Open { possessions, open: true },
            Self::Close => Save::Open { possessions, open: false },
            Self::Leave => Save::Leave { possession: possession()?, left: true },
            Self::Join => Save::Leave { possession: possession()?, left: false },
            Self::LeaveConversation => Save::LeaveConversation { possession: possession()?, left: true },
            Self::JoinConversation => Save::LeaveConversation { possession: possession()?, left: false },
        })
    }
}

impl Hand<'_> {
    async fn discussion(&self, key: &str) -> Result<Discussion, Unchanged> {
        find(&self.read(&messaging::Request::default()).await?.discussions, "discussion", key).cloned()
    }

    async fn thread(&self, key: &str) -> Result<Thread, Unchanged> {
        let discussion = self.discussion(key).await?;
        self.read(&Messages::of(&discussion)).await
    }

    async fn message(&self, discussion: &str, key: &str) -> Result<Message, Unchanged> {
        let mut messages = self.thread(discussion).await?.messages;
        // Drafts are no messages yet, and their keys would shift those of the others.
        messages.retain(|message| !message.draft);
        find(&messages, "message", key).cloned()
    }

    /// The folder of that name.
    async fn folder(&self, name: &str) -> Result<Folder, Unchanged> {
        let folders = self.read(&messaging::Request::default()).await?.folders;
        named(&folders, name).cloned()
    }

    /// The people of those keys, among all those the account may write to.
    async fn addressees(&self, keys: &[String]) -> Result<Vec<Addressee>, Unchanged> {
        let rights = self.session.user().rights;
        let kinds = [
            (rights.write_to_teachers, PersonKind::Teacher),
            (rights.write_to_staff, PersonKind::Staff),
            (rights.write_to_guardians, PersonKind::Guardian),
            (rights.write_to_pupils, PersonKind::Pupil),
        ];
        let mut found: Vec<Option<Addressee>> = vec![None; keys.len()];
        for (_, kind) in kinds.into_iter().filter(|(allowed, _)| *allowed) {
            if found.iter().all(Option::is_some) {
                break;
            }
            let people = self.read(&Recipients { kind }).await?;
            for (person, key) in people.iter().zip(ids::ids(&people)) {
                if let Some(place) = keys.iter().position(|wanted| *wanted == key) {
                    found[place] = Some(person.into());
                }
            }
        }
        let gone = |key: &String| Unchanged::Gone { what: "recipient", key: key.clone() };
        found.into_iter().zip(keys).map(|(person, key)| person.ok_or_else(|| gone(key))).collect()
    }
}

fn named<'a>(folders: &'a [Folder], name: &str) -> Result<&'a Folder, Unchanged> {
    let folder = folders.iter().find(|folder| folder.name == name);
    folder.ok_or_else(|| Unchanged::Gone { what: "folder", key: name.to_owned() })
}

fn said(text: &str) -> Result<Content, Unchanged> {
    if text.trim().is_empty() {
        return Err(Unchanged::Unfit("the text is empty".to_owned()));
    }
    Ok(Content::Text(text.to_owned()))
}

impl Viewer {
    /// Begins a discussion with people, by their keys.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn begin_discussion(
        &self,
        whose: Whose,
        to: &[String],
        subject: String,
        text: &str,
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let content = said(text)?;
        let recipients = hand.addressees(to).await?;
        if recipients.is_empty() {
            return Err(Unchanged::Unfit("a discussion has at least one recipient".to_owned()));
        }
        hand.save(&Save::NewDiscussion { subject, content, recipients }).await
    }

    /// Replies in a discussion: the way the school offers first, or the one asked for.
    ///
    /// # Errors
    /// Nothing was changed: also when the school does not offer that reply.
    pub async fn reply(
        &self,
        whose: Whose,
        key: &str,
        text: &str,
        to: Option<SendKind>,
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let content = said(text)?;
        let thread = hand.thread(key).await?;
        let wanted = |kind: SendKind| to.map_or(kind != SendKind::CloseAlert, |to| kind == to);
        let draft = thread.unfinished();
        let action = thread.actions.into_iter().find(|action| wanted(action.kind));
        let unfit = || Unchanged::Unfit("this discussion takes no such reply".to_owned());
        let (to, action) = thread.reply.zip(action).ok_or_else(unfit)?;
        match draft {
            // Otherwise the draft would stay beside what it became.
            Some(draft) => hand.save(&Save::SendDraft { draft: draft.id, to, action, content }).await,
            None => hand.save(&Save::Reply { to, action, content }).await,
        }
    }

    /// Keeps a reply for later, in place of the one that was kept before.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn keep_draft(&self, whose: Whose, key: &str, text: &str) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let content = said(text)?;
        let discussion = hand.discussion(key).await?;
        let thread = hand.read(&Messages::of(&discussion)).await?;
        let draft = Save::SaveDraft {
            draft: thread.unfinished().map(|draft| draft.id),
            reply_to: thread.reply,
            subject: discussion.subject,
            content,
            recipients: Vec::new(),
        };
        hand.save(&draft).await
    }

    /// Changes a whole discussion.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn change_discussion(
        &self,
        whose: Whose,
        key: &str,
        change: DiscussionChange,
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let save = change.save(&hand.discussion(key).await?)?;
        hand.save(&save).await
    }

    /// Gives a discussion another subject.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn rename_discussion(&self, whose: Whose, key: &str, subject: String) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let discussion = hand.discussion(key).await?;
        let possession = discussion.possessions.last().cloned().filter(|_| discussion.can_rename);
        let possession = possession.ok_or_else(|| Unchanged::Unfit("its subject cannot be changed".to_owned()))?;
        hand.save(&Save::Rename { possession, subject }).await
    }

    /// Reports a message, or asks for its removal.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn change_message(
        &self,
        whose: Whose,
        discussion: &str,
        key: &str,
        change: MessageChange,
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let message = hand.message(discussion, key).await?.id;
        match change {
            MessageChange::Report => hand.save(&Save::Report { message }).await,
            MessageChange::AskRemoval => hand.save(&Save::AskRemoval { message }).await,
        }
    }

    /// Sends a message on to other people.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn forward(
        &self,
        whose: Whose,
        (discussion, key): (&str, &str),
        to: &[String],
        subject: String,
        text: &str,
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let content = said(text)?;
        let messages = vec![hand.message(discussion, key).await?.id];
        let recipients = hand.addressees(to).await?;
        hand.save(&Save::Forward { messages, subject, content, recipients }).await
    }

    /// Deletes for good what is in the trash.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn empty_trash(&self, whose: Whose) -> Result<SaveReport, Unchanged> {
        Hand::of(self, whose)?.save(&Save::EmptyTrash).await
    }

    /// Makes a folder for discussions.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn create_folder(&self, whose: Whose, name: String, color: Color) -> Result<SaveReport, Unchanged> {
        let abbreviation = name.chars().take(2).collect();
        Hand::of(self, whose)?.save(&SaveFolder::Create { name, abbreviation, color }).await
    }

    /// Gives a folder another name.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn rename_folder(&self, whose: Whose, folder: &str, name: String) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let folder = hand.folder(folder).await?.id;
        hand.save(&SaveFolder::Rename { folder, name }).await
    }

    /// Deletes a folder; the discussions in it stay.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn delete_folder(&self, whose: Whose, folder: &str) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let folder = hand.folder(folder).await?.id;
        hand.save(&SaveFolder::Delete { folder }).await
    }

    /// Puts a discussion into folders, and takes it out of others.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn sort_discussion(
        &self,
        whose: Whose,
        key: &str,
        into: &[String],
        out_of: &[String],
    ) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let mailbox = hand.read(&messaging::Request::default()).await?;
        let possessions = find(&mailbox.discussions, "discussion", key)?.possessions.clone();
        let ids = |names: &[String]| {
            names
                .iter()
                .map(|name| Ok(named(&mailbox.folders, name)?.id.clone()))
                .collect::<Result<Vec<_>, Unchanged>>()
        };
        let sort = SaveFolder::Sort { possessions, into: ids(into)?, out_of: ids(out_of)? };
        hand.save(&sort).await
    }
}
