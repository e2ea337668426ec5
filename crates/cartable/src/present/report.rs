//! Report cards.

use pronote::model::{Report, ReportSubject};

use super::{Look, block, cell, joined, line, mark, number, table, text_of};

/// The report, or why there is none.
pub(crate) fn report(report: &Report, look: Look) -> String {
    let mut text = report.notice.as_ref().map(|notice| block(notice) + "\n").unwrap_or_default();
    if !report.published {
        return if text.is_empty() { "This report card is not published.\n".into() } else { text };
    }
    let mut table = table(look, ["subject", "average", "class", "lowest", "highest", "coeff.", "comments"]);
    for subject in &report.subjects {
        table.add_row([
            cell(joined([subject.subject.name.clone(), subject.teachers.join(", ")], "\n")),
            cell(subject.student.as_ref().map(mark).unwrap_or_default()),
            cell(subject.class_average.as_ref().map(mark).unwrap_or_default()),
            cell(subject.lowest.as_ref().map(mark).unwrap_or_default()),
            cell(subject.highest.as_ref().map(mark).unwrap_or_default()),
            cell(subject.coefficient.map(number).unwrap_or_default()),
            cell(comments(subject)),
        ]);
    }
    text.push_str(&text_of(&table));
    if let Some(student) = &report.student {
        let class = report.class_average.as_ref().map(|class| format!(" · class {}", mark(class))).unwrap_or_default();
        text.push_str(&format!("Overall average: {}{class}\n", mark(student)));
    }
    for comment in &report.comments {
        let heading = comment.heading.as_ref().map(|heading| format!("{}: ", line(heading))).unwrap_or_default();
        text.push_str(&format!("{heading}{}\n", block(&comment.text)));
    }
    let life = &report.school_life;
    for counted in [&life.absences, &life.delays, &life.punishments, &life.sanctions].into_iter().flatten() {
        text.push_str(&format!("{}\n", line(counted)));
    }
    text
}

fn comments(subject: &ReportSubject) -> String {
    let parts = subject
        .parts
        .iter()
        .map(|part| joined([part.name.clone().unwrap_or_default(), part.comments.join("\n")], ": "));
    joined(subject.comments.iter().cloned().chain(parts), "\n")
}
