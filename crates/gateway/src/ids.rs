//! Names of things that outlive a session.
//!
//! PRONOTE names a thing anew in every session, so what one command prints the next could not use. A thing is told apart
//! here by what it says: never by an identifier of a session, never by what a reader may change (read, done).

use pronote::model::{
    ClassRef, Discussion, EntryKind, Grade, Homework, LessonContent, Message, NewsItem, NewsKind, Pupil, Recipient,
    SharedResource, TimetableEntry,
};
use ring::digest::{SHA256, digest};

/// How many characters an identifier has: 50 bits, enough for every thing of a school.
const LENGTH: usize = 10;
/// The fewest characters that someone may type of it.
const LEAST: usize = 3;
/// Digits and letters that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Something that can be told apart by what it says.
pub trait Identity {
    /// What it is, in one word.
    const KIND: &'static str;

    /// What tells it apart from others of its kind, the same in every session.
    fn identity(&self) -> Vec<String>;
}

/// Why an identifier names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// Nothing bears it.
    #[error("nothing has this identifier")]
    Nothing,
    /// It is the beginning of several.
    #[error("several identifiers begin like this one")]
    Several,
    /// It is too short to tell.
    #[error("an identifier has at least {LEAST} characters")]
    TooShort,
}

/// The identifiers of things, in their order. Things that say the same are numbered from the last one, since lists that
/// grow do so at their beginning.
#[must_use]
pub fn ids<T: Identity>(things: &[T]) -> Vec<String> {
    ids_of(things)
}

/// The same, for things that are not side by side.
#[must_use]
pub fn ids_of<'a, T: Identity + 'a>(things: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    let mut ids: Vec<String> = things.into_iter().map(|thing| fingerprint(T::KIND, &thing.identity())).collect();
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for id in ids.iter_mut().rev() {
        let number = seen.entry(id.clone()).and_modify(|number| *number += 1).or_insert(1);
        if *number > 1 {
            id.push_str(&format!("-{number}"));
        }
    }
    ids
}

/// The place of an identifier, or of the only one that begins like it.
///
/// # Errors
/// None does, or several do.
pub fn position(ids: &[String], typed: &str) -> Result<usize, Unknown> {
    let typed = typed.trim().to_lowercase();
    if let Some(place) = ids.iter().position(|id| *id == typed) {
        return Ok(place);
    }
    if typed.len() < LEAST {
        return Err(Unknown::TooShort);
    }
    let mut places = ids.iter().enumerate().filter(|(_, id)| id.starts_with(&typed)).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(Unknown::Nothing),
        (Some(_), Some(_)) => Err(Unknown::Several),
    }
}

/// A short name for a kind of thing and what it says.
#[must_use]
pub fn fingerprint(kind: &str, parts: &[String]) -> String {
    // Each part with its length, so that no two lists of parts read the same.
    let text: String = parts.iter().fold(kind.to_owned(), |text, part| format!("{text}\n{}:{part}", part.len()));
    let hash = digest(&SHA256, text.as_bytes());
    hash.as_ref().iter().take(LENGTH).map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

impl Identity for Homework {
    const KIND: &'static str = "homework";

    fn identity(&self) -> Vec<String> {
        let subject = self.subject.as_ref().map(|subject| &subject.name);
        vec![text(subject), text(self.given), self.due.to_string(), self.description.text()]
    }
}

impl Identity for LessonContent {
    const KIND: &'static str = "content";

    fn identity(&self) -> Vec<String> {
        let subject = self.subject.as_ref().map(|subject| &subject.name);
        vec![text(subject), text(self.start), self.groups.join("\n"), self.teachers.join("\n")]
    }
}

impl Identity for TimetableEntry {
    const KIND: &'static str = "lesson";

    fn identity(&self) -> Vec<String> {
        let kind = match self.kind {
            EntryKind::Lesson(_) => "lesson",
            EntryKind::Detention { .. } => "detention",
            EntryKind::Activity(_) => "activity",
        };
        // Not what a school changes on the day: the room, the teacher, whether it takes place.
        vec![kind.into(), self.start.to_string(), self.title().into(), self.groups.join("\n")]
    }
}

impl Identity for NewsItem {
    const KIND: &'static str = "news";

    fn identity(&self) -> Vec<String> {
        let kind = if self.kind == NewsKind::Survey { "survey" } else { "information" };
        let words = [&self.title, &self.author, &self.child].map(|part| text(part.as_ref()));
        let begins = self.created.or(self.visible_from);
        [kind.into(), text(begins), self.folder.code().to_string()].into_iter().chain(words).collect()
    }
}

impl Identity for Discussion {
    const KIND: &'static str = "discussion";

    fn identity(&self) -> Vec<String> {
        vec![self.subject.clone(), text(self.creator.as_ref()), text(self.correspondents.as_ref())]
    }
}

impl Identity for Message {
    const KIND: &'static str = "message";

    fn identity(&self) -> Vec<String> {
        // Not the label of its date, which changes as it grows old.
        vec![text(self.author.as_ref()), text(self.sent), self.content.text()]
    }
}

impl Identity for Grade {
    const KIND: &'static str = "grade";

    fn identity(&self) -> Vec<String> {
        let subject = self.subject.as_ref().map(|subject| &subject.name);
        vec![text(subject), self.date.to_string(), self.title.clone()]
    }
}

impl Identity for SharedResource {
    const KIND: &'static str = "resource";

    fn identity(&self) -> Vec<String> {
        let subject = self.subject.as_ref().map(|subject| &subject.name);
        vec![text(subject), text(self.shared_on), self.file.name.clone(), text(self.file.url.as_ref())]
    }
}

impl Identity for Pupil {
    const KIND: &'static str = "pupil";

    fn identity(&self) -> Vec<String> {
        vec![self.name.clone(), text(self.born)]
    }
}

impl Identity for ClassRef {
    const KIND: &'static str = "class";

    fn identity(&self) -> Vec<String> {
        vec![self.name.clone()]
    }
}

impl Identity for Recipient {
    const KIND: &'static str = "recipient";

    fn identity(&self) -> Vec<String> {
        vec![self.kind.code().to_string(), self.name.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Word(&'static str);

    impl Identity for Word {
        const KIND: &'static str = "word";

        fn identity(&self) -> Vec<String> {
            vec![self.0.into()]
        }
    }

    #[test]
    fn what_says_the_same_has_the_same_identifier() {
        let (once, again) = (ids(&[Word("a"), Word("b")]), ids(&[Word("b"), Word("a")]));
        assert_eq!(once[0], again[1]);
        assert_ne!(once[0], once[1]);
        assert_eq!(once[0].len(), LENGTH);
        let parts =
            |parts: &[&str]| fingerprint("word", &parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_ne!(parts(&["a", "bc"]), parts(&["ab", "c"]));
    }

    #[test]
    fn twins_keep_their_number_when_the_list_grows_at_its_beginning() {
        let before = ids(&[Word("a"), Word("a")]);
        let after = ids(&[Word("a"), Word("b"), Word("a"), Word("a")]);
        assert_eq!(after[2..], before);
        assert!(after[0].ends_with("-3"));
    }

    #[test]
    fn the_beginning_of_an_identifier_is_enough() {
        let ids = ["abc1".to_owned(), "abc2".into(), "abd1".into()];
        assert_eq!(position(&ids, " ABD "), Ok(2));
        assert_eq!(position(&ids, "abc1"), Ok(0));
        assert_eq!(position(&ids, "abc"), Err(Unknown::Several));
        assert_eq!(position(&ids, "xyz"), Err(Unknown::Nothing));
        assert_eq!(position(&ids, "ab"), Err(Unknown::TooShort));
    }
}
