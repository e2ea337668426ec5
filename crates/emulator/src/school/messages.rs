//! Discussions between people.
//!
//! A discussion is one list of messages; everybody in it keeps what concerns them alone: what is unread, which folder, which
//! labels. Nothing is ever taken out of a discussion, so whoever has deleted it can still be shown it.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{DiscussionId, DraftId, FileId, LabelId, PersonId, Shelf};

/// Discussions of the school, and what people have not sent yet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// The discussions; [`Messages::start`] adds one, and who is in it never changes afterwards.
    #[serde(default)]
    pub discussions: Shelf<Discussion>,
    /// Messages that were kept and not sent.
    #[serde(default)]
    pub drafts: Shelf<Draft>,
    /// Labels people made for themselves.
    #[serde(default)]
    pub labels: Shelf<Label>,
    /// Who is in which discussions: every answer counts what somebody has not read. Made when it is first asked for.
    #[serde(skip)]
    places: OnceLock<HashMap<PersonId, Vec<DiscussionId>>>,
}

/// A discussion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discussion {
    /// The number.
    pub id: DiscussionId,
    /// What it is about; may be empty.
    #[serde(default)]
    pub subject: String,
    /// Who began it.
    pub creator: PersonId,
    /// Whether nobody may answer any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Everybody who takes or took part.
    pub members: Shelf<Member>,
    /// The messages, the oldest first; the first has number 1.
    pub messages: Vec<Message>,
}

/// Somebody's side of a discussion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Where this person has put the discussion.
    #[serde(default, skip_serializing_if = "Folder::is_inbox")]
    pub folder: Folder,
    /// Whether this person has left it, and gets no new messages.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// The numbers of the messages not read yet.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unread: BTreeSet<u32>,
    /// The labels this person has put on it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<LabelId>,
}

/// Where somebody keeps a discussion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Folder {
    /// With the others.
    #[default]
    Inbox,
    /// Put away.
    Archive,
    /// Thrown away, and can be taken back.
    Trash,
    /// Deleted: no longer listed.
    Deleted,
}

impl Folder {
    fn is_inbox(&self) -> bool {
        *self == Self::Inbox
    }
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who wrote it.
    pub author: PersonId,
    /// When.
    pub sent: DateTime,
    /// Who received it; the author has it too.
    pub to: Vec<PersonId>,
    /// Whether it was kept from some members of the discussion.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// The number of the message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<u32>,
    /// The text, as it was sent.
    #[serde(flatten)]
    pub content: Content,
    /// The files it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Messages of other discussions it passes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwarded: Vec<Place>,
}

/// The text of a message, never changed on its way.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// Plain text or HTML.
    pub text: String,
    /// Whether it is HTML.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub html: bool,
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The discussion.
    pub discussion: DiscussionId,
    /// The number of the message in it.
    pub number: u32,
}

/// A message that was kept and not sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The number.
    pub id: DraftId,
    /// Who writes it.
    pub author: PersonId,
    /// When it was last kept.
    pub saved: DateTime,
    /// The message it answers; none for the beginning of a discussion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Place>,
    /// For the beginning of a discussion: what it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// For the beginning of a discussion: to whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<PersonId>,
    /// The text.
    #[serde(flatten)]
    pub content: Content,
    /// The files it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Whether it was thrown away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trashed: bool,
    /// The message it has become; whoever still has its identifier is led there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Place>,
}

/// A label that somebody made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The number.
    pub id: LabelId,
    /// Whose it is.
    pub owner: PersonId,
    /// Its name.
    pub name: String,
    /// A short form of the name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short: String,
    /// `#RRGGBB`, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub color: String,
}

numbered! {
    Discussion: DiscussionId;
    Draft: DraftId;
    Label: LabelId;
}

impl super::Numbered for Member {
    type Id = PersonId;

    fn id(&self) -> PersonId {
        self.person
    }
}

impl Member {
    /// Somebody who has just come in.
    pub fn new(person: PersonId) -> Self {
        Self { person, folder: Folder::Inbox, left: false, unread: BTreeSet::new(), labels: BTreeSet::new() }
    }
}

impl Messages {
    /// Begins a discussion with its first message, between its author and those it is for.
    pub fn start(&mut self, subject: String, message: Message) -> DiscussionId {
        let id = DiscussionId(self.discussions.last().map_or(1, |last| last.id.0 + 1));
        let people = message.to.iter().chain([&message.author]);
        let mut discussion = Discussion {
            id,
            subject,
            creator: message.author,
            closed: false,
            members: people.map(|person| Member::new(*person)).collect(),
            messages: Vec::new(),
        };
        discussion.post(message);
        self.discussions.put(discussion);
        self.places.take();
        id
    }

    /// Finds a message that somebody wrote or received.
    pub fn message(&self, person: PersonId, place: Place) -> Option<(&Discussion, &Message)> {
        let discussion = self.discussions.get(place.discussion)?;
        let message = discussion.message(place.number)?;
        message.concerns(person).then_some((discussion, message))
    }

    /// The discussions somebody has not deleted, by number.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = (&Discussion, &Member)> {
        let places = self.places.get_or_init(|| self.places());
        places.get(&person).into_iter().flatten().filter_map(move |id| {
            let discussion = self.discussions.get(*id)?;
            let member = discussion.members.get(person)?;
            (member.folder != Folder::Deleted).then_some((discussion, member))
        })
    }

    fn places(&self) -> HashMap<PersonId, Vec<DiscussionId>> {
        let mut places: HashMap<_, Vec<_>> = HashMap::new();
        for discussion in &self.discussions {
            for member in &discussion.members {
                places.entry(member.person).or_default().push(discussion.id);
            }
        }
        places
    }

    /// How many messages somebody has not read, those in the trash left out.
    pub fn unread(&self, person: PersonId) -> usize {
        let kept = self.of(person).filter(|(_, member)| member.folder != Folder::Trash);
        kept.map(|(_, member)| member.unread.len()).sum()
    }

    /// What somebody has kept and not sent.
    pub fn drafts_of(&self, person: PersonId) -> impl Iterator<Item = &Draft> {
        self.drafts.iter().filter(move |draft| draft.author == person && draft.sent.is_none())
    }

    /// The number of the next draft.
    pub fn next_draft(&self) -> DraftId {
        DraftId(self.drafts.last().map_or(1, |last| last.id.0 + 1))
    }
}

impl Discussion {
    /// Finds a message by its number.
    pub fn message(&self, number: u32) -> Option<&Message> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.messages.get(at)
    }

    /// The messages somebody wrote or received, with their numbers, the oldest first.
    pub fn seen_by(&self, person: PersonId) -> impl DoubleEndedIterator<Item = (u32, &Message)> {
        let numbered = self.messages.iter().enumerate();
        numbered.filter(move |(_, message)| message.concerns(person)).map(|(at, message)| (at as u32 + 1, message))
    }

    /// Everybody who has not left, without `but`.
    pub fn others(&self, but: PersonId) -> impl Iterator<Item = PersonId> {
        self.members.iter().filter(move |member| !member.left && member.person != but).map(|member| member.person)
    }

    /// Adds a message and gives its number; the discussion comes back to the inbox of all whom it concerns.
    pub fn post(&mut self, message: Message) -> u32 {
        let number = self.messages.len() as u32 + 1;
        for member in self.members.iter_mut().filter(|member| message.concerns(member.person)) {
            member.folder = Folder::Inbox;
            if member.person != message.author {
                member.unread.insert(number);
            }
        }
        self.messages.push(message);
        number
    }
}

impl Message {
    /// Whether somebody wrote or received it.
    pub fn concerns(&self, person: PersonId) -> bool {
        self.author == person || self.to.contains(&person)
    }
}
