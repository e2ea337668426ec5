//! What a viewer changes at school.
//!
//! Things are named by their keys ([`crate::ids`]), which outlive sessions. Each change reads its page anew, finds the
//! thing of that key, and saves with the identifiers just read: what was shown a moment ago is never trusted.

mod discussions;
mod homework;
mod news;

pub use discussions::{DiscussionChange, MessageChange};
pub use news::Reply;
use pronote::functions::news::ReplyMismatch;
use pronote::functions::report;
use pronote::functions::{Read, Write};
use pronote::model::{Period, SaveReport};
use pronote::{Cause, Session};

use crate::ids::{self, Identity};
use crate::{Unanswered, Viewer, Whose};

/// Why nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unchanged {
    /// The sign-in did not ask for writing.
    #[error("this token may only read: sign in with \"write\": true to change things")]
    ReadOnly,
    /// Nothing has this key any more.
    #[error("there is no {what} '{key}' any more: read the list again")]
    Gone {
        /// What was looked for.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// The change does not fit the thing.
    #[error("{0}")]
    Unfit(String),
    /// The school, the network, or the pace.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
}

impl From<pronote::Error> for Unchanged {
    fn from(error: pronote::Error) -> Self {
        if matches!(error.cause, Cause::ReadOnly) { Unchanged::ReadOnly } else { Unchanged::Unanswered(error.into()) }
    }
}

impl From<ReplyMismatch> for Unchanged {
    fn from(mismatch: ReplyMismatch) -> Self {
        Unchanged::Unfit(mismatch.to_string())
    }
}

/// A session that is about to change something.
struct Hand<'a> {
    viewer: &'a Viewer,
    session: Session,
}

impl<'a> Hand<'a> {
    fn of(viewer: &'a Viewer, whose: Whose) -> Result<Self, Unchanged> {
        if !viewer.may_write() {
            return Err(Unchanged::ReadOnly);
        }
        Ok(Hand { viewer, session: viewer.session(whose)? })
    }

    /// Reads a page as it is now.
    async fn read<R: Read + Sync>(&self, request: &R) -> Result<R::Answer, Unchanged> {
        Ok(self.session.read(request).await?.value)
    }

    async fn save<W: Write + Sync>(&self, change: &W) -> Result<W::Answer, Unchanged> {
        let saved = self.session.writer()?.save(change).await;
        // Also when it failed: whether the school took it may be unknown.
        self.viewer.forget_pages();
        Ok(saved?.value)
    }
}

/// The thing of that key.
fn find<'a, T: Identity>(things: &'a [T], what: &'static str, key: &str) -> Result<&'a T, Unchanged> {
    let place = ids::ids(things).iter().position(|known| known == key);
    place.map(|place| &things[place]).ok_or_else(|| Unchanged::Gone { what, key: key.to_owned() })
}

impl Viewer {
    /// Confirms that a guardian has read a report card.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn acknowledge_report(&self, whose: Whose, period: Option<Period>) -> Result<SaveReport, Unchanged> {
        Hand::of(self, whose)?.save(&report::Acknowledge { period }).await
    }
}
