//! Homework with a date.

use board::{Assignments, Error, Source, Task};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::answer::{self, Answer, List};
use super::body::Body;
use super::caller::{At, Editor, Number, Reader};
use super::classes::ClassPath;
use super::condition::{Expected, Known, WhenRead, WhenWritten};
use super::query::{Listing, Page};
use super::{patch, shape};

/// Which homework is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The first day that it is due.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day that it is due.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// The very day that it is due.
    #[param(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// The number of its subject.
    subject: Option<i64>,
}

/// Homework as it is given.
#[derive(Deserialize)]
pub(super) struct New {
    subject: i64,
    given: Option<Date>,
    due: Date,
    text: String,
    #[serde(default)]
    links: Vec<String>,
}

/// What changes of homework.
pub(super) type AssignmentPatch = shape::Patch<shape::Assignment>;

/// Homework by the day that it is due.
#[utoipa::path(get, path = "/classes/{class}/assignments", tag = "assignments", params(ClassPath, Wanted, Page), responses((status = 200, description = "Homework", body = List<shape::Assignment>)))]
pub(super) async fn list(at: At<Reader>, Listing(wanted, page): Listing<Wanted>) -> Answer {
    let wanted = Assignments {
        from: wanted.from.max(wanted.due),
        to: [wanted.to, wanted.due].into_iter().flatten().min(),
        subject: wanted.subject,
        after: page.after()?,
        limit: page.one_more(),
    };
    let found = at.board().assignments(at.class.id, &wanted).await?;
    page.list(found, |assignment| (assignment.task.due, assignment.id)).answer()
}

/// Gives homework.
#[utoipa::path(post, path = "/classes/{class}/assignments", tag = "assignments", params(ClassPath), request_body = shape::Assignment, responses((status = 201, description = "The homework", body = shape::Assignment)))]
pub(super) async fn give(at: At<Editor>, Body(new, _): Body<shape::Assignment, New>) -> Answer {
    let New { subject, given, due, text, links } = new;
    let given = given.unwrap_or_else(|| at.board().today(&at.class).min(due));
    let task = Task { subject, given, due, text, links, source: Source::Hand };
    let assignment = at.board().add_assignment(at.by(), at.class.id, task).await?;
    answer::created(&at.address(format_args!("assignments/{}", assignment.id)), &assignment)
}

/// Homework.
#[utoipa::path(get, path = "/classes/{class}/assignments/{assignment}", tag = "assignments", params(ClassPath, ("assignment" = i64, Path, description = "Its key"), WhenRead), responses((status = 200, description = "The homework", body = shape::Assignment)))]
pub(super) async fn show(at: At<Reader>, Number(id): Number, known: Known) -> Answer {
    answer::read(&known, &present(&at, id).await?)
}

/// Changes homework.
#[utoipa::path(patch, path = "/classes/{class}/assignments/{assignment}", tag = "assignments", params(ClassPath, ("assignment" = i64, Path, description = "Its key"), WhenWritten), request_body = AssignmentPatch, responses((status = 200, description = "The homework", body = shape::Assignment)))]
pub(super) async fn change(
    at: At<Editor>,
    Number(id): Number,
    Expected(expect): Expected,
    Body(patch, _): Body<AssignmentPatch, Map<String, Value>>,
) -> Answer {
    let mut rounds = patch::rounds(expect);
    loop {
        let present = present(&at, id).await?;
        let task: Task = patch::merged(&present.task, &patch)?;
        let set = at.board().set_assignment(at.by(), at.class.id, id, task, rounds.next(&present)).await;
        match set {
            Err(Error::Stale { .. }) if rounds.again() => {}
            set => return answer::written(&set?),
        }
    }
}

/// Takes homework away.
#[utoipa::path(delete, path = "/classes/{class}/assignments/{assignment}", tag = "assignments", params(ClassPath, ("assignment" = i64, Path, description = "Its key"), WhenWritten), responses((status = 204, description = "It is taken away")))]
pub(super) async fn remove(at: At<Editor>, Number(id): Number, Expected(expect): Expected) -> Answer {
    at.board().remove_assignment(at.by(), at.class.id, id, expect).await?;
    answer::done()
}

async fn present<R>(at: &At<R>, id: i64) -> Result<board::Assignment, Error> {
    at.board().assignment(at.class.id, id).await?.ok_or(Error::Missing("assignment"))
}
