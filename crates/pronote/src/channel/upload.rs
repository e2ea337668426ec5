//! Sending a file, in one piece (protocol §7.7).

use std::sync::Arc;
use std::time::Duration;

use transport::header::CONTENT_DISPOSITION;
use transport::{Multipart, Request, Response};

use super::{Channel, DEFAULT_WAIT, MOST_WAITING, Peer};
use crate::error::{Cause, Error, Step};
use crate::protocol::cipher::{self, Keys};
use crate::protocol::envelope::Unreadable;
use crate::protocol::page::EntryPage;
use crate::wire::{Document, Json};

enum UploadState {
    Done,
    InProgress,
    Refused(Vec<String>),
}

impl Channel {
    /// Sends a file for a function to use, in one piece, and gives the identifier to name it by (protocol §7.7).
    pub(crate) async fn upload(&mut self, function: &str, name: &str, content: &[u8]) -> Result<String, Error> {
        let step = Step::Upload;
        self.settle(&step).await?;
        let peer = Arc::clone(&self.peer);
        let EntryPage { session, space, .. } = peer.page;
        let [order_name, session_name, function_name, file_name, digest_name] = peer.page.generation().names().upload;
        let file = format!("reqUpl_{}_{}", self.order, peer.pacer.now().as_millisecond());
        let url = peer.address.below(&format!("uploadfilesession/{space}/{session}"))?;
        let (order, expected) = (self.encrypted_order(), self.order + 1);
        let mut waited = Duration::ZERO;
        loop {
            peer.pass(&step).await?;
            self.uploading = true;
            let form = Multipart::new()
                .text(order_name, &order)
                .text(session_name, &session.to_string())
                .text(function_name, function)
                .text(file_name, &file)
                .text(digest_name, &cipher::md5_hex(content))
                .file("files[]", name, "application/octet-stream", content);
            let disposition = format!("attachment; filename=\"{}\"", encode(name));
            let request = Request::multipart(&url, form)
                .header(CONTENT_DISPOSITION, disposition)
                .map_err(|error| peer.error(&step, error))?;
            let response = peer.browser.send(request).await.map_err(|error| peer.error(&step, error))?;
            match peer.upload_state(&response, &self.keys, expected)? {
                UploadState::Done => break,
                UploadState::InProgress if waited < MOST_WAITING => {
                    waited += DEFAULT_WAIT;
                    tokio::time::sleep(DEFAULT_WAIT).await;
                }
                UploadState::InProgress => return Err(peer.error(&step, Cause::StillWaiting(waited.as_secs()))),
                UploadState::Refused(messages) => {
                    // A refused file uses its numbers up as well.
                    self.answered();
                    return Err(peer.error(&step, Cause::SaveRefused(messages)));
                }
            }
        }
        self.answered();
        Ok(file)
    }
}

impl Peer {
    fn upload_state(&self, response: &Response, keys: &Keys, expected: u64) -> Result<UploadState, Error> {
        let fail = |cause: Cause| self.error(&Step::Upload, cause);
        let text = response.text();
        let no_answer = |cause: Cause| fail(self.page_refusal(response.status, &text).unwrap_or(cause));
        if response.status != 200 {
            return Err(no_answer(Cause::Status(response.status)));
        }
        let json = Json::parse(&text).map_err(|_| no_answer(Unreadable::NotAnEnvelope.into()))?;
        if let Some(error) = json.get("Erreur") {
            return Err(fail(self.server_error(&serde_json::to_string(error).unwrap_or_default())));
        }
        let document = Document::new(&json);
        let root = document.root();
        let order = root.read::<&str>("numeroOrdre").map(|order| keys.decrypt_hex(order));
        match root.read::<i64>("etat") {
            Some(1) if order.is_some_and(|order| order.as_deref() != Ok(expected.to_string().as_bytes())) => {
                Err(fail(Cause::Mismatch("order number")))
            }
            Some(1) => Ok(UploadState::Done),
            Some(3) => Ok(UploadState::InProgress),
            _ => Ok(UploadState::Refused(vec![root.text("message")])),
        }
    }
}

/// Percent-encodes a file's name as one segment of a path.
fn encode(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}
