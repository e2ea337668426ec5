//! Days, with everything that bears on them laid together: what the bot goes by.

use super::answer::{self, Answer};
use super::caller::{At, Day, Reader};
use super::classes::ClassPath;
use super::condition::{Known, WhenRead};
use super::shape;

/// A day: its lessons with the changes laid over them, and the homework that is due.
#[utoipa::path(get, path = "/classes/{class}/days/{date}", tag = "days", params(ClassPath, ("date" = String, Path, format = Date, description = "The day"), WhenRead), responses((status = 200, description = "The day", body = shape::Day)))]
pub(super) async fn show(at: At<Reader>, Day(date): Day, known: Known) -> Answer {
    let snapshot = at.board().snapshot(at.class.id).await?;
    let day = if date < snapshot.since {
        at.board().snapshot_around(at.class.id, date, date).await?.day(date)
    } else {
        snapshot.day(date)
    };
    answer::read(&known, &day)
}
