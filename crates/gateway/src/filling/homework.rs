//! Homework as a board keeps it.

use board::filling::ImportedTask;
use pronote::model::{AttachmentKind, Homework};

use super::privacy::Privacy;
use super::words::{Words, short};

/// The longest text of a piece of homework, in characters.
const LONGEST: usize = 20_000;
/// The most links, and the longest: what the board takes.
const MOST_LINKS: usize = 20;
const LONGEST_LINK: usize = 2000;

/// A piece of homework for the class; none when it is for one pupil, or says nothing. What a pupil did with it and handed
/// in for it is that pupil's own.
pub(super) fn task(homework: &Homework, privacy: &Privacy, words: Words) -> Option<ImportedTask> {
    if privacy.hides_homework(homework) {
        return None;
    }
    let subject = homework.subject.as_ref().and_then(|subject| short(&subject.name));
    let subject = subject.unwrap_or_else(|| words.other_subject());
    let mut parts = vec![homework.description.text().trim().to_owned()];
    parts.extend(homework.quiz.as_ref().and_then(|quiz| short(&quiz.name)));
    let (mut files, mut links) = (Vec::new(), Vec::new());
    for attachment in &homework.attachments {
        let address = attachment.url.as_deref().filter(|_| attachment.kind == AttachmentKind::Link);
        match address {
            Some(address) if is_web(address) && links.len() < MOST_LINKS => links.push(address.to_owned()),
            // Addresses of files are good for one session only.
            _ => files.extend(short(&attachment.name)),
        }
    }
    if !files.is_empty() {
        parts.push(words.files(&files));
    }
    parts.retain(|part| !part.is_empty());
    parts.extend(parts.is_empty().then(|| links.first().cloned()).flatten());
    let text: String = parts.join("\n").chars().take(LONGEST).collect();
    // Where the day of giving is not told, or cannot be right, that of the due date is all there is.
    let given = homework.given.filter(|given| *given <= homework.due).unwrap_or(homework.due);
    let origin = format!("{subject}, {}", words.date(given));
    (!text.is_empty()).then_some(ImportedTask { subject, given, due: homework.due, text, links, origin })
}

/// Whether the board takes an address.
fn is_web(address: &str) -> bool {
    let web = address.starts_with("https://") || address.starts_with("http://");
    web && address.len() <= LONGEST_LINK && !address.contains(char::is_whitespace)
}
