//! What was done in lessons, and what teachers share.

use pronote::model::{LessonContent, SharedResource};

use super::{Look, cell, file_names, joined, table, table_or};
use crate::items::{Listed, WithFiles as _};
use crate::when;

/// One row per lesson.
pub(crate) fn contents(list: &[Listed<LessonContent>], look: Look) -> String {
    let mut table = table(look, ["lesson", "subject", "what was done", "files", "id"]);
    for lesson in list {
        let start =
            lesson.start.map(|start| format!("{} {}", when::short(start.date()), start.time().strftime("%H:%M")));
        let what = lesson
            .items
            .iter()
            .map(|item| joined([item.title.clone().unwrap_or_default(), item.description.text()], ": "));
        table.add_row([
            cell(start.unwrap_or_default()),
            cell(joined(
                [lesson.subject.as_ref().map_or("", |subject| subject.name.as_str()), &lesson.teachers.join(", ")],
                "\n",
            )),
            cell(joined(what, "\n")),
            cell(file_names(&lesson.files())),
            cell(&lesson.listed_id),
        ]);
    }
    table_or(&table, "Nothing was written about these lessons.")
}

/// One row per file or link.
pub(crate) fn resources(shared: &[Listed<SharedResource>], manuals: &[Listed<SharedResource>], look: Look) -> String {
    let mut table = table(look, ["kind", "subject", "shared", "what", "id"]);
    let kinds = shared.iter().map(|resource| ("shared", resource));
    for (kind, resource) in kinds.chain(manuals.iter().map(|resource| ("manual", resource))) {
        table.add_row([
            cell(kind),
            cell(resource.subject.as_ref().map_or("", |subject| subject.name.as_str())),
            cell(resource.shared_on.map(when::short).unwrap_or_default()),
            cell(file_names(&resource.files())),
            cell(&resource.listed_id),
        ]);
    }
    table_or(&table, "No resources.")
}
