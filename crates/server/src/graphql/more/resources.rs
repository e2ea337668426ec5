//! What teachers share: files, links, digital manuals.

use gateway::{Viewer, Whose};
use pronote::functions::contents;

use super::view::{Attachment, Show, view};
use super::{Answer, Date, page};

view! {
    /// A file or a link that a teacher shares.
    Resource of SharedResource {
        /// The file or link.
        file: Attachment,
        /// When it was shared.
        shared_on: Option<Date>,
        /// The subject it belongs to.
        subject: Option<String>,
    }
}

pub(super) async fn shared(viewer: &Viewer, whose: Whose) -> Answer<Vec<Resource>> {
    page(viewer, whose, &contents::Resources, Show::show).await
}
