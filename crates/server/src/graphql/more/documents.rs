//! Documents that the school makes on demand.

use gateway::{Viewer, Whose};
use pronote::functions::pdf;
use pronote::model::tab;

use super::super::files;
use super::{Answer, Given, day, page};

/// Where a document is received: a path on this server.
fn download(viewer: &Viewer, made: &pdf::Generated, name: &str) -> Option<String> {
    viewer.document_handle(&made.path, name).map(|handle| files::path(&handle))
}

pub(super) async fn timetable(
    viewer: &Viewer,
    whose: Whose,
    week: Option<Given>,
    portrait: Option<bool>,
) -> Answer<String> {
    let week = day(viewer, "week", week)?.map(|day| viewer.instance().week_of(day));
    let request = pdf::Timetable { week, portrait: portrait.unwrap_or(false) };
    Ok(page(viewer, whose, &request, |made, _| download(viewer, made, "timetable.pdf")).await?.flatten())
}

pub(super) async fn report(viewer: &Viewer, whose: Whose, period: Option<String>) -> Answer<String> {
    let request = pdf::Report { period: viewer.period(whose, tab::REPORT, period.as_deref())? };
    Ok(page(viewer, whose, &request, |made, _| download(viewer, made, "report.pdf")).await?.flatten())
}
