//! Timetables: the week without a date, and those that hold from a day on.

use axum::http::StatusCode;
use board::{Error, Parity, Plan, Week};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Answer, List};
use super::body::{Body, LARGE};
use super::caller::{At, Editor, Number, Reader};
use super::classes::ClassPath;
use super::condition::{Expected, Known, WhenRead, WhenWritten};
use super::query::{Listing, Page, Query, Whole};
use super::shape;

/// A timetable as it is sent.
type Sent = Body<shape::Timetable, Plan, LARGE>;

/// Which day is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct On {
    /// The day; today, where the class is, when it is not said.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<Date>,
}

/// The timetable that holds on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct CurrentTimetable {
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The key of the timetable; nothing when it is the one without a date.
    timetable: Option<i64>,
    /// Whether the day lies in a week A or B, where weeks take turns.
    #[schema(value_type = Option<shape::Parity>)]
    parity: Option<Parity>,
    /// The week.
    #[schema(value_type = shape::Week)]
    week: Week,
}

/// The timetable without a date, which holds where no other does.
#[utoipa::path(get, path = "/classes/{class}/timetables/undated", tag = "timetables", params(ClassPath, WhenRead), responses((status = 200, description = "The week", body = shape::Week)))]
pub(super) async fn undated(at: At<Reader>, known: Known) -> Answer {
    answer::read(&known, &at.board().snapshot(at.class.id).await?.week)
}

/// Replaces the timetable without a date, as a whole.
#[utoipa::path(put, path = "/classes/{class}/timetables/undated", tag = "timetables", params(ClassPath, WhenWritten), request_body = shape::Week, responses((status = 200, description = "The week", body = shape::Week)))]
pub(super) async fn set_undated(
    at: At<Editor>,
    Expected(expect): Expected,
    Body(week, _): Body<shape::Week, Week, LARGE>,
) -> Answer {
    answer::written(&at.board().set_week(at.by(), at.class.id, week, expect).await?)
}

/// The timetable that holds on a day: of those that have begun and not ended, the one that began last.
#[utoipa::path(get, path = "/classes/{class}/timetables/current", tag = "timetables", params(ClassPath, On), responses((status = 200, description = "The week of that day", body = CurrentTimetable)))]
pub(super) async fn current(at: At<Reader>, Query(on): Query<On>) -> Answer {
    let date = on.date.unwrap_or_else(|| at.board().today(&at.class));
    let snapshot = at.board().snapshot(at.class.id).await?;
    let current = CurrentTimetable {
        date,
        timetable: snapshot.timetable_on(date).map(|timetable| timetable.id),
        parity: snapshot.parity(date),
        week: snapshot.week_on(date).clone(),
    };
    Ok(answer::json(StatusCode::OK, &current))
}

/// The timetables with a date, the earliest first.
#[utoipa::path(get, path = "/classes/{class}/timetables", tag = "timetables", params(ClassPath, Page), responses((status = 200, description = "Timetables", body = List<shape::Timetable>)))]
pub(super) async fn list(at: At<Reader>, Listing(_, page): Listing<Whole>) -> Answer {
    let snapshot = at.board().snapshot(at.class.id).await?;
    page.of(snapshot.timetables.iter(), |timetable| (timetable.plan.valid_from, timetable.id))?.answer()
}

/// Adds a timetable.
#[utoipa::path(post, path = "/classes/{class}/timetables", tag = "timetables", params(ClassPath), request_body = shape::Timetable, responses((status = 201, description = "The timetable", body = shape::Timetable)))]
pub(super) async fn add(at: At<Editor>, Body(plan, _): Sent) -> Answer {
    let timetable = at.board().add_timetable(at.by(), at.class.id, plan).await?;
    answer::created(&at.address(format_args!("timetables/{}", timetable.id)), &timetable)
}

/// A timetable.
#[utoipa::path(get, path = "/classes/{class}/timetables/{timetable}", tag = "timetables", params(ClassPath, ("timetable" = i64, Path, description = "Its key"), WhenRead), responses((status = 200, description = "The timetable", body = shape::Timetable)))]
pub(super) async fn show(at: At<Reader>, Number(id): Number, known: Known) -> Answer {
    let snapshot = at.board().snapshot(at.class.id).await?;
    let timetable = snapshot.timetables.iter().find(|timetable| timetable.id == id);
    answer::read(&known, timetable.ok_or(Error::Missing("timetable"))?)
}

/// Replaces a timetable.
#[utoipa::path(put, path = "/classes/{class}/timetables/{timetable}", tag = "timetables", params(ClassPath, ("timetable" = i64, Path, description = "Its key"), WhenWritten), request_body = shape::Timetable, responses((status = 200, description = "The timetable", body = shape::Timetable)))]
pub(super) async fn set(at: At<Editor>, Number(id): Number, Expected(expect): Expected, Body(plan, _): Sent) -> Answer {
    answer::written(&at.board().set_timetable(at.by(), at.class.id, id, plan, expect).await?)
}

/// Removes a timetable.
#[utoipa::path(delete, path = "/classes/{class}/timetables/{timetable}", tag = "timetables", params(ClassPath, ("timetable" = i64, Path, description = "Its key"), WhenWritten), responses((status = 204, description = "It is removed")))]
pub(super) async fn remove(at: At<Editor>, Number(id): Number, Expected(expect): Expected) -> Answer {
    at.board().remove_timetable(at.by(), at.class.id, id, expect).await?;
    answer::done()
}
