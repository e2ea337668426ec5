//! Subjects: found by their names, or made.

use std::collections::BTreeSet;

use super::super::imported::{Imported, Line, Row};
use super::super::origins::{self, Kind, Origin};
use super::{Names, Pass, written_over};
use crate::Error;
use crate::model::{Source, Subject};
use crate::subjects::{LONGEST_NAME, fits, judge_name};

impl Pass<'_> {
    /// Sees to it that every subject that is named is on the board, unless a person put it away.
    pub(super) async fn subjects(&mut self, imported: &Imported) -> Result<Names, Error> {
        let known = origins::origins(self.write, self.class, Kind::Subject).await?;
        let mut present = self.write.subjects(self.class).await?;
        let mut names = Names::new();
        for name in mentioned(imported) {
            let Some(wanted) = board_name(name) else {
                self.report.left_out += 1;
                continue;
            };
            let origin = known.iter().find(|origin| origin.key == name);
            let source = Source::Pronote { origin: name.to_owned() };
            if let Some(number) = origin.map(Origin::number).transpose()?
                && let Some(subject) =
                    present.iter().find(|subject| subject.number == number && is_of(subject, &wanted))
            {
                names.insert(name.to_owned(), (number, subject.name.clone()));
                continue;
            }
            if let Some(subject) = present.iter_mut().find(|subject| same(&subject.name, &wanted)) {
                // The class had it before: it stays the class's own.
                if subject.source == Source::Hand {
                    subject.source = written_over(&source);
                    self.write.put_subject(self.by, self.class, subject.number, Some(subject)).await?;
                }
                names.insert(name.to_owned(), (subject.number, subject.name.clone()));
                let number = subject.number;
                self.note(Kind::Subject, &Origin::new(name, number)).await?;
                continue;
            }
            if origin.is_some() {
                // A person put it away.
                self.report.by_hand += 1;
                continue;
            }
            let added = self.write.add_subjects(self.by, self.class, &[wanted], &source).await?;
            for subject in added {
                self.report.subjects.added += 1;
                self.note(Kind::Subject, &Origin::new(name, subject.number)).await?;
                names.insert(name.to_owned(), (subject.number, subject.name.clone()));
                present.push(subject);
            }
        }
        Ok(names)
    }
}

/// The names of all subjects that something is said of.
fn mentioned(imported: &Imported) -> BTreeSet<&str> {
    let planned = imported.weeks.iter().flat_map(|week| week.rows.iter().flatten().flatten());
    let changed = imported.changes.values().flat_map(|changes| &changes.rows).filter_map(|row| match row {
        Row::Subject(name) => Some(name),
        Row::Same | Row::NoLesson => None,
    });
    let pieces = imported.weeks.iter().flat_map(|week| week.texts.iter().flatten());
    let pieces = pieces.chain(imported.changes.values().flat_map(|changes| &changes.text));
    let said = pieces.flat_map(Line::subjects);
    let given = imported.homework.iter().flat_map(|homework| &homework.tasks).map(|task| &task.subject);
    planned.chain(changed).chain(said).chain(given).map(String::as_str).collect()
}

/// A name as the board takes it: what it does not allow becomes a blank. None when nothing to read is left.
fn board_name(name: &str) -> Option<String> {
    let allowed: String = name.chars().map(|c| if fits(c) { c } else { ' ' }).collect();
    let words = allowed.split_whitespace().collect::<Vec<_>>().join(" ");
    let short = words.chars().take(LONGEST_NAME).collect::<String>().trim_end().to_owned();
    judge_name(&short).is_ok().then_some(short)
}

fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// Whether a subject came under a name. Numbers are given again: the subject that has one now may be another.
fn is_of(subject: &Subject, wanted: &str) -> bool {
    subject.source.origin().and_then(board_name).is_some_and(|origin| same(&origin, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_the_board_does_not_allow() {
        let name = |name| board_name(name).unwrap();
        assert_eq!(name("HISTOIRE-GÉOGRAPHIE"), "HISTOIRE-GÉOGRAPHIE");
        assert_eq!(name("ED.PHYSIQUE & SPORT."), "ED PHYSIQUE SPORT");
        assert_eq!(name(" L'art,  c'est\ncela "), "L art c est cela");
        assert_eq!(name(&"é".repeat(80)).chars().count(), 50);
        assert_eq!(board_name(" & / "), None);
    }
}
