//! Filling a class from PRONOTE: whether it is, and what came of it last.

use axum::http::StatusCode;
use board::{Error, FillReport, Filling, Outcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{self, Answer};
use super::body::Body;
use super::caller::{At, Head};
use super::classes::ClassPath;

/// How a class is bound to PRONOTE.
#[derive(Serialize, ToSchema)]
pub(super) struct Binding {
    /// The name of the sign-in, kept on the server, that it is read with.
    profile: String,
    /// The child whose pages are read, in a parent's account; perhaps empty.
    child: String,
    /// Who bound it.
    by: String,
    /// When it was bound.
    #[schema(value_type = String, format = DateTime)]
    bound: Timestamp,
    /// When it was read last.
    #[schema(value_type = Option<String>, format = DateTime)]
    last: Option<Timestamp>,
    /// What came of that.
    #[schema(value_type = Option<PassShape>)]
    outcome: Option<Outcome>,
}

impl From<Filling> for Binding {
    fn from(filling: Filling) -> Self {
        let Filling { profile, child, by, bound, last, outcome, .. } = filling;
        Binding { profile, child, by, bound, last, outcome }
    }
}

/// To what a class is to be bound.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewBinding {
    /// The name of a sign-in that is kept on the server: `cartable pronote login` makes one.
    #[schema(min_length = 1, max_length = 64)]
    profile: String,
    /// The child, in a parent's account: a number from 1, or a part of the name.
    #[serde(default)]
    #[schema(max_length = 200)]
    child: String,
}

/// What came of reading.
#[derive(ToSchema)]
#[schema(as = Pass)]
#[expect(dead_code, reason = "it documents what is answered")]
pub(super) struct PassShape {
    state: PassState,
    /// The step at which it went wrong; empty when it went well.
    step: String,
    /// What went wrong, in English; empty when it went well.
    words: String,
    /// What a person can do about it, in English; perhaps empty.
    advice: String,
    /// Before when nothing is asked again.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// What it changed.
    report: FillReportShape,
}

/// How it ended: as it should; it is tried later, since the school is not to be asked now or something went wrong; or nothing is
/// asked any more until the class is bound again.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it documents what is answered")]
enum PassState {
    Filled,
    Waiting,
    Failed,
    Stopped,
}

/// What was changed.
#[derive(ToSchema)]
#[schema(as = FillReport)]
#[expect(dead_code, reason = "it documents what is answered")]
pub(super) struct FillReportShape {
    subjects: Counts,
    weeks: Counts,
    changes: Counts,
    assignments: Counts,
    /// How much stands as a person wrote it, or stays away since a person removed it.
    by_hand: u32,
    /// How much does not fit on the board.
    left_out: u32,
}

/// How many things of a kind were changed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it documents what is answered")]
struct Counts {
    added: u32,
    changed: u32,
    removed: u32,
}

/// How the class is bound to PRONOTE; 404 when it is not.
#[utoipa::path(get, path = "/classes/{class}/pronote", tag = "pronote", params(ClassPath), responses((status = 200, description = "The binding", body = Binding)))]
pub(super) async fn show(at: At<Head>) -> Answer {
    let filling = at.board().filling(at.class.id).await?.ok_or(Error::Missing("filling"))?;
    Ok(answer::json(StatusCode::OK, &Binding::from(filling)))
}

/// Binds the class to a sign-in that is kept on the server. That takes who administers the school: the sign-ins are those of
/// families.
#[utoipa::path(put, path = "/classes/{class}/pronote", tag = "pronote", params(ClassPath), request_body = NewBinding, responses((status = 200, description = "The binding", body = Binding)))]
pub(super) async fn bind(at: At<Head>, Body(new, _): Body<NewBinding>) -> Answer {
    at.caller.administers()?;
    let filling = at.board().bind_filling(at.by(), at.class.id, &new.profile, &new.child).await?;
    Ok(answer::json(StatusCode::OK, &Binding::from(filling)))
}

/// Unbinds the class: all that came from PRONOTE and that nobody changed goes away.
#[utoipa::path(delete, path = "/classes/{class}/pronote", tag = "pronote", params(ClassPath), responses((status = 200, description = "What went away", body = FillReportShape)))]
pub(super) async fn unbind(at: At<Head>) -> Answer {
    let report: FillReport = at.board().unbind_filling(at.by(), at.class.id).await?;
    Ok(answer::json(StatusCode::OK, &report))
}
