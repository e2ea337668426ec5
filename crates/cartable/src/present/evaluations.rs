//! Evaluations of skills.

use pronote::model::{Acquisition, Evaluation};

use super::{Look, cell, joined, table, table_or};
use crate::when;

/// One row per evaluation, its skills below each other.
pub(crate) fn evaluations(list: &[Evaluation], look: Look) -> String {
    let mut table = table(look, ["date", "subject", "evaluation", "level", "skills"]);
    for evaluation in list {
        let subject = evaluation.subject.as_ref().map_or("", |subject| subject.name.as_str());
        let about = evaluation.description.as_ref().filter(|about| !evaluation.name.contains(*about));
        table.add_row([
            cell(when::short(evaluation.date)),
            cell(joined([subject, evaluation.teacher.as_deref().unwrap_or_default()], "\n")),
            cell(joined([Some(&evaluation.name), about].into_iter().flatten(), "\n")),
            cell(column(&evaluation.acquisitions, |acquisition| &acquisition.abbreviation)),
            cell(column(&evaluation.acquisitions, |acquisition| {
                acquisition.item.as_ref().or(acquisition.domain.as_ref()).unwrap_or(&acquisition.level)
            })),
        ]);
    }
    table_or(&table, "No evaluations.")
}

/// One line per skill, also where there is nothing to say, so that two columns stay side by side.
fn column<'a>(acquisitions: &'a [Acquisition], text: impl Fn(&'a Acquisition) -> &'a str) -> String {
    let lines = acquisitions.iter().map(|acquisition| super::line(text(acquisition)));
    lines.map(|line| if line.is_empty() { "-".into() } else { line }).collect::<Vec<_>>().join("\n")
}
