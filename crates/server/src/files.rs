//! `GET /files/…`: attachments of the school, through this server and with its token only.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use gateway::Unanswered;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::client::{ClientAddress, ShownToken};
use crate::problem::{Problem, ProblemBody, TurnedAway};

/// The most files that travel at once: each holds a connection to a school, and to a client that may be slow.
const MOST_AT_ONCE: usize = 64;
/// When to come back when that many travel.
const BUSY_RETRY_SECONDS: u64 = 5;
/// The longest name given to a file, in bytes of its header.
const MOST_NAME_BYTES: usize = 600;

/// The room for files on their way.
pub(crate) fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(MOST_AT_ONCE))
}

/// Sends an attachment.
#[utoipa::path(get, path = "/files/{handle}", tag = "questions", params(
    ("handle" = String, Path, description = "As an answer gave it"),
    ("Token" = Option<String>, Header, description = "The token; `Authorization: Bearer` does as well"),
), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 403, description = "The school denies it", body = ProblemBody),
    (status = 404, description = "The account was given no such file", body = ProblemBody),
    (status = 410, description = "The session was renewed since the file was named: its page names it again", body = ProblemBody),
    TurnedAway,
    (status = 502, description = "The school does not give it", body = ProblemBody),
    (status = 503, description = "Too many files travel, or the school is closed", body = ProblemBody),
))]
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    token: ShownToken,
    handle: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    app.counters.question(from)?;
    let viewer = app.viewer(&token.needed()?).await?;
    let Ok(permit) = Arc::clone(&app.files).try_acquire_owned() else {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Too many files are being sent").ours("BUSY");
        return Err(problem.after(BUSY_RETRY_SECONDS));
    };
    let file = match &handle {
        Ok(handle) => viewer.open_file(handle).await,
        Err(_) => Err(Unanswered::UnknownFile),
    };
    let file = file.map_err(|why| Problem::of_question(&why, app.now()))?;
    let (name, download) = (file.name, file.download);
    let length = download.length();
    let chunks = stream::try_unfold((download, permit), |(mut download, permit)| async move {
        // What was sent so far cannot be taken back: the client sees the file cut short.
        let chunk = download.chunk().await.inspect_err(|error| tracing::debug!(%error, "A file was cut short"));
        chunk.map(|chunk| chunk.map(|chunk| (chunk, (download, permit))))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(&name)));
    if let Ok(disposition) = HeaderValue::try_from(disposition(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// The media type that a name promises. What a browser could run is not among them.
fn kind(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase());
    match end.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "txt" | "csv" | "md" => "text/plain; charset=utf-8",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "zip" => "application/zip",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => "application/octet-stream",
    }
}

/// Says that a file is to be saved, under its name in UTF-8.
fn disposition(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let mut text = "attachment; filename*=UTF-8''".to_owned();
    for char in if name.is_empty() { "file" } else { name }.chars() {
        if text.len() > MOST_NAME_BYTES {
            break;
        }
        if char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_') {
            text.push(char);
        } else {
            let mut bytes = [0; 4];
            for byte in char.encode_utf8(&mut bytes).bytes() {
                // Writing to a text cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header_or_its_folder() {
        assert_eq!(disposition("a b.pdf"), "attachment; filename*=UTF-8''a%20b.pdf");
        assert_eq!(disposition("é\"\r\nX: y"), "attachment; filename*=UTF-8''%C3%A9%22%0D%0AX%3A%20y");
        assert_eq!(disposition("../../etc/passwd"), "attachment; filename*=UTF-8''passwd");
        assert_eq!(disposition(""), "attachment; filename*=UTF-8''file");
        assert!(disposition(&"é".repeat(5000)).len() < MOST_NAME_BYTES + 10);
    }

    #[test]
    fn nothing_that_runs_in_a_browser_is_called_by_its_name() {
        assert_eq!(kind("cours.PDF"), "application/pdf");
        for name in ["x.html", "x.svg", "x.js", "x.xml", "x", ".", ""] {
            assert_eq!(kind(name), "application/octet-stream", "{name}");
        }
    }
}
