//! Grades and averages.

use pronote::model::{Grade, Grades, SubjectAverage};
use rust_decimal::Decimal;

use super::{Look, cell, file_names, joined, mark, number, out_of, table, table_or, text_of};
use crate::items::{Listed, WithFiles as _};
use crate::when;

/// The averages, then the grades of each subject.
pub(crate) fn grades(page: &Grades, grades: &[Listed<Grade>], look: Look) -> String {
    let mut text = overall(page);
    text.push_str(&averages(&page.subjects, look));
    if !text.is_empty() {
        text.push('\n');
    }
    let mut table = table(look, ["subject", "date", "grade", "class", "what", "id"]);
    let mut sorted: Vec<&Listed<Grade>> = grades.iter().collect();
    sorted.sort_by_key(|grade| (place(page, grade), grade.date));
    let mut last = None;
    for grade in sorted {
        let subject = grade.subject.as_ref().map_or("", |subject| subject.name.as_str());
        let shown = if look.width.is_some() && last == Some(subject) { "" } else { subject };
        last = Some(subject);
        table.add_row([
            cell(shown),
            cell(when::short(grade.date)),
            cell(grade.value.as_ref().map_or_else(|| "not published".into(), |value| out_of(value, grade.scale))),
            cell(class(grade)),
            cell(joined([joined([grade.title.clone(), remarks(grade)], " "), file_names(&grade.files())], "\n")),
            cell(&grade.listed_id),
        ]);
    }
    text + &table_or(&table, "No grades.")
}

/// The average of the class, and between which grades it lies.
fn class(grade: &Grade) -> String {
    let range = [&grade.lowest, &grade.highest].into_iter().flatten().map(mark);
    let range = joined(range, "-");
    let average = grade.class_average.as_ref().map(mark).unwrap_or_default();
    joined([average, if range.is_empty() { range } else { format!("({range})") }], "\n")
}

/// The place of a grade's subject among the averages; subjects without one come last.
fn place(page: &Grades, grade: &Grade) -> (usize, String) {
    let name = grade.subject.as_ref().map_or("", |subject| subject.name.as_str());
    let at = page.subjects.iter().position(|average| average.subject.name == name);
    (at.unwrap_or(usize::MAX), name.to_owned())
}

fn overall(page: &Grades) -> String {
    let overall = &page.overall;
    let own = match (&overall.student, overall.student_on_20) {
        (Some(value), _) => out_of(value, overall.scale),
        (None, Some(computed)) => format!("{}/20 (computed from the averages shown)", number(computed)),
        (None, None) => return String::new(),
    };
    let class = overall.class.as_ref().map(|class| format!(" · class {}", mark(class))).unwrap_or_default();
    format!("Overall average: {own}{class}\n")
}

fn averages(subjects: &[SubjectAverage], look: Look) -> String {
    let mut table = table(look, ["subject", "average", "class", "lowest", "highest"]);
    for average in subjects {
        let own = match (&average.student, average.student_on_20) {
            (Some(value), _) => out_of(value, average.scale),
            (None, Some(computed)) => format!("{}/20 (computed)", number(computed)),
            (None, None) => String::new(),
        };
        table.add_row([
            cell(&average.subject.name),
            cell(own),
            cell(average.class.as_ref().map(mark).unwrap_or_default()),
            cell(average.lowest.as_ref().map(mark).unwrap_or_default()),
            cell(average.highest.as_ref().map(mark).unwrap_or_default()),
        ]);
    }
    text_of(&table)
}

fn remarks(grade: &Grade) -> String {
    let rescaled = grade.rescaled && grade.scale != Decimal::from(20);
    let words = [
        (grade.bonus, "bonus"),
        (grade.optional, "optional"),
        (rescaled, "counts out of 20"),
        (grade.in_group, "group"),
    ];
    let words = words.iter().filter(|(is, _)| *is).map(|(_, word)| (*word).to_owned());
    let weight = (grade.coefficient != Decimal::ONE).then(|| format!("coefficient {}", number(grade.coefficient)));
    let all = joined(weight.into_iter().chain(words).chain(grade.remark.clone()), ", ");
    if all.is_empty() { all } else { format!("({all})") }
}
