//! Changes to the timetable: those of a day, and those without a date.

use board::{Changes, Error};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Answer, List};
use super::body::{Body, LARGE};
use super::caller::{At, Day, Editor, Reader};
use super::classes::ClassPath;
use super::condition::{Expected, Known, WhenRead, WhenWritten};
use super::query::{Listing, Page};
use super::shape;

/// Changes as they are sent.
type Sent = Body<shape::Changes, Changes, LARGE>;

/// Which days are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The first.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// The changes of a day.
#[derive(Serialize, ToSchema)]
pub(super) struct DayChanges {
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Its changes.
    #[schema(value_type = shape::Changes)]
    changes: Changes,
}

/// The changes without a date, which bear on every day that has none of its own.
#[utoipa::path(get, path = "/classes/{class}/changes/undated", tag = "changes", params(ClassPath, WhenRead), responses((status = 200, description = "The changes", body = shape::Changes)))]
pub(super) async fn undated(at: At<Reader>, known: Known) -> Answer {
    answer::read(&known, &at.board().snapshot(at.class.id).await?.changes)
}

/// Replaces the changes without a date.
#[utoipa::path(put, path = "/classes/{class}/changes/undated", tag = "changes", params(ClassPath, WhenWritten), request_body = shape::Changes, responses((status = 200, description = "The changes", body = shape::Changes)))]
pub(super) async fn set_undated(at: At<Editor>, Expected(expect): Expected, Body(changes, _): Sent) -> Answer {
    answer::written(&at.board().set_changes(at.by(), at.class.id, None, changes, expect).await?)
}

/// The changes of days, the earliest first.
#[utoipa::path(get, path = "/classes/{class}/changes", tag = "changes", params(ClassPath, Wanted, Page), responses((status = 200, description = "Days with changes", body = List<DayChanges>)))]
pub(super) async fn list(at: At<Reader>, Listing(wanted, page): Listing<Wanted>) -> Answer {
    let after: Option<Date> = page.after()?;
    let from =
        wanted.from.unwrap_or(Date::ZERO).max(after.map_or(Date::ZERO, |after| after.tomorrow().unwrap_or(after)));
    let to = wanted.to.unwrap_or(Date::MAX);
    let days = at.board().changes_between(at.class.id, from, to, page.one_more()).await?;
    let days = days.into_iter().map(|(date, changes)| DayChanges { date, changes });
    // The day after the last there is cannot be said.
    let days = days.filter(|day| after.is_none_or(|after| day.date > after));
    page.list(days.collect(), |day| day.date).answer()
}

/// The changes of a day.
#[utoipa::path(get, path = "/classes/{class}/changes/{date}", tag = "changes", params(ClassPath, ("date" = String, Path, format = Date, description = "The day"), WhenRead), responses((status = 200, description = "The changes", body = shape::Changes)))]
pub(super) async fn show(at: At<Reader>, Day(date): Day, known: Known) -> Answer {
    answer::read(&known, &of_day(&at, date).await?.ok_or(Error::Missing("change"))?)
}

/// Sets the changes of a day.
#[utoipa::path(put, path = "/classes/{class}/changes/{date}", tag = "changes", params(ClassPath, ("date" = String, Path, format = Date, description = "The day"), WhenWritten), request_body = shape::Changes, responses(
    (status = 200, description = "The changes", body = shape::Changes),
    (status = 201, description = "The changes, of a day that had none", body = shape::Changes),
))]
pub(super) async fn set(at: At<Editor>, Day(date): Day, Expected(expect): Expected, Body(changes, _): Sent) -> Answer {
    let new = of_day(&at, date).await?.is_none();
    let changes = at.board().set_changes(at.by(), at.class.id, Some(date), changes, expect).await?;
    if new { answer::created(&at.address(format_args!("changes/{date}")), &changes) } else { answer::written(&changes) }
}

/// Removes the changes of a day: those without a date bear on it then.
#[utoipa::path(delete, path = "/classes/{class}/changes/{date}", tag = "changes", params(ClassPath, ("date" = String, Path, format = Date, description = "The day"), WhenWritten), responses((status = 204, description = "They are removed")))]
pub(super) async fn remove(at: At<Editor>, Day(date): Day, Expected(expect): Expected) -> Answer {
    at.board().remove_changes(at.by(), at.class.id, date, expect).await?;
    answer::done()
}

async fn of_day<R>(at: &At<R>, date: Date) -> Result<Option<Changes>, Error> {
    let found = at.board().changes_between(at.class.id, date, date, 1).await?;
    Ok(found.into_iter().next().map(|(_, changes)| changes))
}
