//! Names for files that an account may fetch: sealed, so that nobody needs to remember them, and good for one account.

use pronote::functions::files;
use pronote::model::{Attachment, Person};
use serde::{Deserialize, Serialize};
use transport::Download;

use crate::{Unanswered, Viewer, Whose};

/// What the seal of a file's name is bound to.
const BOUND: &str = "cartable file";
/// The longest name that is looked at: a file's own name has 255 characters at most, the rest is small.
const LONGEST: usize = 4096;

/// What a name holds.
#[derive(Serialize, Deserialize)]
struct Named {
    /// The account it was made for.
    viewer: u64,
    /// How often its session had been renewed.
    renewals: u64,
    what: What,
    name: String,
}

#[derive(Serialize, Deserialize)]
enum What {
    /// The text that is encrypted into the address of a file.
    Element(String),
    /// The path the school gave for a document it made.
    Document(String),
}

/// A file that is being received.
pub struct OpenFile {
    /// What the file is called.
    pub name: String,
    /// What comes of it.
    pub download: Download,
}

impl Viewer {
    /// A name for a file, by which this account can open it while its session lives; none for links, which lead
    /// elsewhere, and for files that the school does not name.
    #[must_use]
    pub fn file_handle(&self, file: &Attachment) -> Option<String> {
        self.handle(What::Element(files::payload_of(file)?), &file.name)
    }

    /// A name for a person's photo; none when there is none.
    #[must_use]
    pub fn photo_handle(&self, person: &Person) -> Option<String> {
        let id = person.id.as_ref().filter(|_| person.has_photo)?;
        self.handle(What::Element(files::payload(id, None)), files::PHOTO_NAME)
    }

    /// A name for a document that the school made, from the path it gave.
    #[must_use]
    pub fn document_handle(&self, path: &str, name: &str) -> Option<String> {
        self.handle(What::Document(path.to_owned()), name)
    }

    /// Opens the file of a name.
    ///
    /// # Errors
    /// The name is not one that this account was given, or its session was renewed since; or the school does not give
    /// the file.
    pub async fn open_file(&self, handle: &str) -> Result<OpenFile, Unanswered> {
        let sealed = Some(handle).filter(|handle| handle.len() <= LONGEST);
        let clear = sealed.and_then(|handle| self.core.house.files.open_from_address(handle, BOUND));
        let named: Option<Named> = clear.and_then(|clear| serde_json::from_slice(&clear).ok());
        let named = named.filter(|named| named.viewer == self.core.number).ok_or(Unanswered::UnknownFile)?;
        let session = self.session(Whose::OWN)?;
        if named.renewals != session.renewals() {
            return Err(Unanswered::StaleFile);
        }
        let link = match named.what {
            What::Element(element) => session.file_link(&element, &named.name).await?,
            What::Document(path) => session.document_link(&path)?,
        };
        // Another caller may have found the session expired while this one waited for its turn.
        if named.renewals != session.renewals() {
            return Err(Unanswered::StaleFile);
        }
        Ok(OpenFile { name: named.name, download: session.download(&link).await? })
    }

    fn handle(&self, what: What, name: &str) -> Option<String> {
        let (viewer, renewals) = (self.core.number, self.core.session.renewals());
        let named = Named { viewer, renewals, what, name: name.to_owned() };
        let clear = serde_json::to_vec(&named).ok()?;
        let handle = self.core.house.files.seal_for_address(&clear, BOUND).ok()?;
        (handle.len() <= LONGEST).then_some(handle)
    }
}
