//! Files and documents: links that live as long as their session, and what comes down them.

use std::sync::Arc;

use transport::Download;
use url::Url;

use super::{Session, lock};
use crate::error::{Cause, Error, Step};
use crate::functions::files;

/// How much of a page that comes in place of a file is looked at.
const MOST_OF_A_PAGE: usize = 64 * 1024;

impl Session {
    /// The link to a file, good while this session lives. `element` is the JSON that names it.
    ///
    /// # Errors
    /// The name makes no link.
    pub async fn file_link(&self, element: &str, name: &str) -> Result<Url, Error> {
        let channel = self.turn().await;
        let (peer, encrypted) = (channel.peer(), channel.keys().encrypt_hex(element.as_bytes()));
        let link = files::address(peer.address.root(), &encrypted, name, peer.page.session);
        link.ok_or_else(|| peer.error(&Step::Download, Cause::Address("a file makes no address with this root")))
    }

    /// The address of a document the server wrote, from the path it gave.
    ///
    /// # Errors
    /// The path leads away from the school.
    pub fn document_link(&self, path: &str) -> Result<Url, Error> {
        let link = files::generated_address(self.school().root(), path);
        link.ok_or_else(|| self.error(Step::Download, Cause::Address("a document's path leads away from the school")))
    }

    /// Starts to receive a file, at the pace of calls.
    ///
    /// # Errors
    /// At [`Step::Download`]: also when a page comes in its place, for instance the one that says that the address is
    /// suspended.
    pub async fn download(&self, link: &Url) -> Result<Download, Error> {
        let peer = Arc::clone(&lock(&self.shared.line).peer);
        peer.pass(&Step::Download).await?;
        let fail = |cause: Cause| peer.error(&Step::Download, cause);
        let mut download = peer.browser.stream(link).await.map_err(|error| fail(error.into()))?;
        let is_page = download.content_type().is_some_and(|kind| kind.starts_with("text/html"));
        let wants_page = [".html", ".htm"].iter().any(|end| link.path().to_ascii_lowercase().ends_with(end));
        if download.status == 200 && (wants_page || !is_page) {
            return Ok(download);
        }
        let mut page = Vec::new();
        while page.len() < MOST_OF_A_PAGE
            && let Some(chunk) = download.chunk().await.map_err(|error| fail(error.into()))?
        {
            page.extend_from_slice(&chunk);
        }
        let refusal = peer.page_refusal(download.status, &String::from_utf8_lossy(&page));
        Err(fail(refusal.unwrap_or(match download.status {
            200 => Cause::NothingThere("the server shows a page instead"),
            status => Cause::Status(status),
        })))
    }
}
