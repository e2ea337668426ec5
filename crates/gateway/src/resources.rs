//! What teachers share.

use pronote::functions::contents::Resources;
use pronote::model::{SharedResource, tab};

use crate::{Fresh, Unanswered, Viewer, Whose};

impl Viewer {
    /// The files and links that teachers share, of the whole year; none when the account has no such page.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn resources(&self, whose: Whose) -> Result<Option<Fresh<Vec<SharedResource>>>, Unanswered> {
        if !self.has(tab::RESOURCES) {
            return Ok(None);
        }
        self.read(whose, &Resources).await.map(Some)
    }
}
