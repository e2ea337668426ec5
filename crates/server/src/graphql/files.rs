//! Files and links: attachments of anything, and the page `files`.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Unanswered, Viewer, Whose};
use pronote::functions::files as address;
use pronote::model::{Attachment, AttachmentKind};
use pronote::wire::RemoteId;

use super::asked::Asked;
use super::date::Date;
use super::failure::Failure;
use super::id::{Fingerprint, distinct};

/// Answers `files`.
///
/// # Errors
/// The school does not answer.
pub(crate) async fn files(asked: Result<Asked, Failure>) -> Result<Option<Vec<File>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let Some(page) = viewer.resources(whose).await? else { return Ok(None) };
    let holder = Holder { viewer, whose };
    let subject = |place: usize| page[place].subject.as_ref().map(|subject| subject.name.as_str());
    let ids = distinct((0..page.len()).map(|place| {
        let named = subject(place).into_iter().fold(Fingerprint::new(), |id, subject| id.text("subject", subject));
        named.text("name", &page[place].file.name).id()
    }));
    let file = |(place, id): (usize, String)| File {
        holder: holder.clone(),
        id,
        time: page[place].shared_on.map_or(Date::NONE, |day| Date::of(&holder.viewer, day)),
        subject: subject(place).unwrap_or_default().to_owned(),
        file: page[place].file.clone(),
    };
    Ok(Some(ids.into_iter().enumerate().map(file).collect()))
}

/// Where a file is received through this server.
pub(crate) fn path(handle: &str) -> String {
    format!("/files/{handle}")
}

/// Whose page something stands on, and who reads it.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) viewer: Arc<Viewer>,
    pub(crate) whose: Whose,
}

/// A file or a link.
pub(crate) struct File {
    holder: Holder,
    id: String,
    time: Date,
    subject: String,
    file: Attachment,
}

impl File {
    /// A file or link that is joined to something of a subject and a moment.
    pub(crate) fn attached(holder: &Holder, file: &Attachment, subject: &str, time: Date) -> Self {
        let id = Fingerprint::new().text("name", &file.name).id();
        File { holder: holder.clone(), id, time, subject: subject.to_owned(), file: file.clone() }
    }
}

#[Object]
impl File {
    async fn id(&self) -> &str {
        &self.id
    }
    /// Milliseconds since the epoch, as a text.
    async fn time(&self) -> String {
        self.time.0.as_millisecond().to_string()
    }
    async fn subject(&self) -> &str {
        &self.subject
    }
    async fn name(&self) -> &str {
        &self.file.name
    }
    /// Where a link leads; a file's address at the school, which opens it for anyone while the session lives.
    async fn url(&self) -> Result<String, Failure> {
        match (&self.file.url, address::payload_of(&self.file)) {
            (None, Some(element)) => link(&self.holder.viewer, self.holder.whose, &element, &self.file.name).await,
            (url, _) => Ok(url.clone().unwrap_or_default()),
        }
    }
    /// Where the file is received through this server, with the token that asks; none for a link.
    async fn download(&self) -> Option<String> {
        Some(path(&self.holder.viewer.file_handle(&self.file)?))
    }
    /// Whether it is a link to elsewhere rather than a file of the school.
    async fn is_link(&self) -> Option<bool> {
        Some(self.file.url.is_some())
    }
    /// Whether it is a video conference to join.
    async fn is_video_conference(&self) -> Option<bool> {
        Some(self.file.kind == AttachmentKind::VideoLink)
    }
}

/// The address of a person's photo, good while the session of the school lives.
///
/// # Errors
/// The session has no such child any more.
pub(crate) async fn photo_address(viewer: &Arc<Viewer>, whose: Whose, id: &RemoteId) -> Result<String, Failure> {
    link(viewer, whose, &address::payload(id, None), address::PHOTO_NAME).await
}

async fn link(viewer: &Viewer, whose: Whose, element: &str, name: &str) -> Result<String, Failure> {
    let session = viewer.session(whose)?;
    // The original wrote names escaped twice, and clients undo both.
    let link = session.file_link(element, &escaped(name)).await.map_err(Unanswered::from)?;
    Ok(link.into())
}

/// A text as one part of an address.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => escaped.push(byte.into()),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => escaped.push(byte.into()),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_one_part_of_an_address() {
        assert_eq!(escaped("a b/é.pdf"), "a%20b%2F%C3%A9.pdf");
        assert_eq!(escaped("Fiche_(1)-~!*'.odt"), "Fiche_(1)-~!*'.odt");
    }
}
