//! Homework, by the day it is due.

use pronote::model::{Difficulty, Homework, ReturnKind};

use super::{Look, Tone, cell, file_names, joined, table, table_or, toned};
use crate::items::{Listed, WithFiles as _};
use crate::when;

/// One row per piece of homework.
pub(crate) fn homework(list: &[Listed<Homework>], look: Look) -> String {
    let mut table = table(look, ["due", "done", "subject", "what", "files", "id"]);
    let mut last = None;
    for item in list {
        let due = if look.width.is_some() && last == Some(item.due) { String::new() } else { when::short(item.due) };
        last = Some(item.due);
        let done = if item.done { ("yes", Some(Tone::Good)) } else { ("no", None) };
        table.add_row([
            cell(due),
            toned(done.0, done.1),
            cell(item.subject.as_ref().map_or("", |subject| subject.name.as_str())),
            cell(joined([item.description.text(), remarks(item)], "\n")),
            cell(file_names(&item.files())),
            cell(&item.listed_id),
        ]);
    }
    table_or(&table, "No homework.")
}

/// What else is known of it, in words.
fn remarks(item: &Homework) -> String {
    let difficulty = match item.difficulty {
        Difficulty::Easy => "easy",
        Difficulty::Medium => "medium",
        Difficulty::Hard => "hard",
        Difficulty::Unsaid | Difficulty::Other(_) => "",
    };
    let minutes = item.estimated_minutes.map(|minutes| format!("about {minutes} min")).unwrap_or_default();
    let submission = &item.submission;
    let how = match submission.kind {
        ReturnKind::Paper => "to hand in on paper",
        ReturnKind::File if submission.file.is_some() => "handed in",
        ReturnKind::File if submission.possible => "to hand in as a file",
        ReturnKind::File => "can no longer be handed in",
        ReturnKind::Manual => "to do in a digital manual",
        ReturnKind::Recording => "to record",
        ReturnKind::None | ReturnKind::Other(_) => "",
    };
    let quiz = item.quiz.as_ref().map(|quiz| format!("quiz: {}", quiz.name)).unwrap_or_default();
    let comment = submission.correction_comment.clone().unwrap_or_default();
    let all = joined([difficulty.to_owned(), minutes, how.to_owned(), quiz, comment], ", ");
    if all.is_empty() { all } else { format!("({all})") }
}
