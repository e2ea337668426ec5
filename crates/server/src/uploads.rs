//! `POST /uploads/homework/{key}`: hands in a file for homework. The body is the file.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use gateway::{Unchanged, Whose};
use jiff::Timestamp;
use pronote::Cause;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::app::App;
use crate::client::{ClientAddress, ShownToken, in_query};
use crate::problem::{Problem, ProblemBody, TurnedAway};
use crate::seats::Seat;

/// The largest file, in bytes: schools take a few million.
const MOST_BYTES: usize = 16 << 20;
/// How much longer than other bodies a file may take, all of it: the largest in 80 seconds need 1.7 megabits in each.
const PATIENCE: u32 = 4;
/// How many files are received at once: each is in memory as a whole while the school takes it.
static ROOM: Semaphore = Semaphore::const_new(4);
/// The longest name of a file, in characters: file systems take no longer ones.
const LONGEST_NAME: usize = 200;

/// What the school says of a change it accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandedIn {
    /// Its remarks, in its language; usually none.
    notices: Vec<String>,
}

/// Hands in a file for homework. Needs a token that was granted writing.
#[utoipa::path(post, path = "/uploads/homework/{key}", tag = "files", params(
    ("key" = String, Path, description = "The key of the homework"),
    ("name" = String, Query, description = "What the file is called"),
    ("student" = Option<String>, Query, description = "The child, in a parent's account: its exact name"),
    ("Token" = Option<String>, Header, description = "The token; `Authorization: Bearer` does as well"),
), request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "The school has it", body = HandedIn),
    (status = 400, description = "Something is missing or does not fit", body = ProblemBody),
    TurnedAway,
    (status = 403, description = "The token may only read", body = ProblemBody),
    (status = 404, description = "There is no such homework any more", body = ProblemBody),
    (status = 408, description = "The file takes too long", body = ProblemBody),
    (status = 413, description = "The file is over 16 MiB", body = ProblemBody),
    (status = 422, description = "The school did not take it, and says why", body = ProblemBody),
    (status = 502, description = "The school answers nothing that makes sense", body = ProblemBody),
    (status = 503, description = "The school is closed", body = ProblemBody),
    (status = 504, description = "The school takes too long", body = ProblemBody),
))]
pub(crate) async fn hand_in(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    token: ShownToken,
    key: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    Extension(seat): Extension<Arc<Seat>>,
    file: Body,
) -> Result<Json<HandedIn>, Problem> {
    app.counters.question(from)?;
    let token = token.needed()?;
    let viewer = app.viewer(&token).await?;
    app.counters.question_of(&token)?;
    if !viewer.may_write() {
        return Err(problem(&Unchanged::ReadOnly, app.now()));
    }
    let Path(key) = key.map_err(|_| Problem::bad_request("The key of the homework is no text"))?;
    let query = query.unwrap_or_default();
    let name = in_query(&query, "name").filter(|name| is_a_file_name(name));
    let name = name.ok_or_else(|| Problem::bad_request("'name' must be the name of the file"))?;
    let whose = match in_query(&query, "student") {
        Some(student) => viewer.child(&student).map_err(|unknown| Problem::of_question(&unknown, app.now()))?,
        None => Whose::OWN,
    };
    if file.size_hint().lower() > MOST_BYTES as u64 {
        return Err(too_large());
    }
    let _room = ROOM.acquire().await;
    let content = timeout(app.config.patience.body * PATIENCE, axum::body::to_bytes(file, MOST_BYTES)).await;
    let content = content.map_err(|_| too_slow())?.map_err(|_| too_large())?;
    // Nothing more has to come from the client: what is being handed in is not cut off to make room, or to stop.
    seat.serve();
    let saved = viewer.hand_in(whose, &key, &name, &content).await;
    let saved = saved.map_err(|error| problem(&error, app.now()))?;
    Ok(Json(HandedIn { notices: saved.notices }))
}

fn is_a_file_name(name: &str) -> bool {
    let odd = |letter: char| letter.is_control() || matches!(letter, '/' | '\\');
    !name.trim_matches(['.', ' ']).is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(odd)
}

fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "The file takes too long to arrive").ours("TIMEOUT")
}

fn too_large() -> Problem {
    let message = format!("The file did not arrive whole, or has more than {MOST_BYTES} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message).ours("FILE_TOO_LARGE")
}

fn problem(error: &Unchanged, now: Timestamp) -> Problem {
    let (status, code) = match error {
        Unchanged::ReadOnly => (StatusCode::FORBIDDEN, "READ_ONLY"),
        Unchanged::Gone { .. } => (StatusCode::NOT_FOUND, "STALE_KEY"),
        Unchanged::Unfit(_) => (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
        Unchanged::Unanswered(gateway::Unanswered::Pronote(error)) if matches!(error.cause, Cause::SaveRefused(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "SAVE_REFUSED")
        }
        Unchanged::Unanswered(error) => return Problem::of_question(error, now),
    };
    Problem::new(status, error.to_string()).ours(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_leads_nowhere() {
        assert!(is_a_file_name("Devoir n° 3.pdf"));
        for name in ["", ".", "..", " ", "a/b", "a\\b", "a\nb", &"a".repeat(LONGEST_NAME + 1)] {
            assert!(!is_a_file_name(name), "{name:?}");
        }
    }
}
