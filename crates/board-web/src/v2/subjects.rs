//! Subjects, and their homework without a date.

use board::{Error, References, SubjectChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{self, Answer, List};
use super::body::{Body, LARGE};
use super::caller::{At, Editor, Head, Number, Reader};
use super::classes::ClassPath;
use super::condition::{Expected, Known, WhenRead, WhenWritten};
use super::query::{Listing, Page, Whole};
use super::shape;
use crate::problem::ProblemBody;

/// A subject to be added.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSubject)]
pub(super) struct New {
    /// Its name; no two of a class have the same. Letters and digits of any script, blanks, brackets, `-` and `_`.
    #[schema(format = "subject-name", min_length = 1, max_length = 50)]
    name: String,
}

/// What changes of a subject. The name takes a head.
pub(super) type SubjectPatch = shape::Patch<shape::Subject>;

/// What goes on naming a subject that was put away, by its number.
#[derive(Serialize, ToSchema)]
pub(super) struct Archived {
    #[schema(value_type = ReferencesShape)]
    named_by: References,
}

/// What names a subject: of what has a date, only what is not long past.
#[derive(ToSchema)]
#[schema(as = References)]
#[expect(dead_code, reason = "it documents what is answered")]
pub(super) struct ReferencesShape {
    /// Whether the timetable without a date does.
    week: bool,
    /// Whether the changes without a date do.
    changes: bool,
    /// The timetables with a date that do.
    timetables: Vec<i64>,
    /// The days whose changes do.
    days: Vec<String>,
    /// The homework with a date that does.
    assignments: Vec<i64>,
}

/// The subjects, by number.
#[utoipa::path(get, path = "/classes/{class}/subjects", tag = "subjects", params(ClassPath, Page), responses((status = 200, description = "Subjects", body = List<shape::Subject>)))]
pub(super) async fn list(at: At<Reader>, Listing(_, page): Listing<Whole>) -> Answer {
    let snapshot = at.board().snapshot(at.class.id).await?;
    page.of(snapshot.subjects.values(), |subject| subject.number)?.answer()
}

/// Adds a subject, numbered one more than the greatest number present.
#[utoipa::path(post, path = "/classes/{class}/subjects", tag = "subjects", params(ClassPath), request_body = New, responses(
    (status = 201, description = "The subject", body = shape::Subject),
    (status = 409, description = "There is a subject of that name", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn add(at: At<Head>, Body(new, _): Body<New>) -> Answer {
    let added = at.board().add_subjects(at.by(), at.class.id, &[new.name]).await?;
    let subject = added.into_iter().next().ok_or(Error::Missing("subject"))?;
    answer::created(&at.address(format_args!("subjects/{}", subject.number)), &subject)
}

/// A subject.
#[utoipa::path(get, path = "/classes/{class}/subjects/{subject}", tag = "subjects", params(ClassPath, ("subject" = i64, Path, description = "Its number"), WhenRead), responses((status = 200, description = "The subject", body = shape::Subject)))]
pub(super) async fn show(at: At<Reader>, Number(number): Number, known: Known) -> Answer {
    let snapshot = at.board().snapshot(at.class.id).await?;
    answer::read(&known, snapshot.subjects.get(&number).ok_or(Error::Missing("subject"))?)
}

/// Renames a subject, or sets its homework without a date.
#[utoipa::path(patch, path = "/classes/{class}/subjects/{subject}", tag = "subjects", params(ClassPath, ("subject" = i64, Path, description = "Its number"), WhenWritten), request_body = SubjectPatch, responses(
    (status = 200, description = "The subject", body = shape::Subject),
    (status = 409, description = "There is a subject of that name", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn change(
    at: At<Editor>,
    Number(number): Number,
    Expected(expect): Expected,
    Body(change, _): Body<SubjectPatch, SubjectChange, LARGE>,
) -> Answer {
    if change.name.is_some() {
        at.caller.session.may(at.class.id, board::Role::Head)?;
    }
    let subject = at.board().set_subject(at.by(), at.class.id, number, change, expect).await?;
    answer::written(&subject)
}

/// Puts a subject away. What names it keeps naming it, and is told.
#[utoipa::path(delete, path = "/classes/{class}/subjects/{subject}", tag = "subjects", params(ClassPath, ("subject" = i64, Path, description = "Its number"), WhenWritten), responses((status = 200, description = "It is put away", body = Archived)))]
pub(super) async fn remove(at: At<Head>, Number(number): Number, Expected(expect): Expected) -> Answer {
    at.board().remove_subject(at.by(), at.class.id, number, expect).await?;
    let named_by = at.board().snapshot(at.class.id).await?.references(number);
    Ok(answer::json(axum::http::StatusCode::OK, &Archived { named_by }))
}
