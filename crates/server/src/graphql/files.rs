//! Files and links: attachments of anything, and the page `files`.

use std::sync::Arc;

use gateway::{Unanswered, Viewer, Whose};
use pronote::functions::files as address;
use pronote::wire::RemoteId;

use super::failure::Failure;

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
