//! How lessons are said on a board: in the language of the class, with the school's own words beside it.

use board::filling::{Line, Piece};
use i18n::{Language, t};
use jiff::civil::{Date, Time};

/// The longest words of a school that are taken over, in characters.
const LONGEST: usize = 300;
/// Stands where a subject is put in.
const PLACE: &str = "\u{1}";

/// The words of a language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(Language);

impl Words {
    /// Those that a class is spoken to in.
    pub(super) fn of(language: board::Language) -> Self {
        Words(match language {
            board::Language::Ru => Language::Ru,
            board::Language::Fr => Language::Fr,
            board::Language::En => Language::En,
        })
    }

    pub(super) fn cancelled(self) -> String {
        t(self.0, "filling-cancelled", &[])
    }

    pub(super) fn added(self) -> String {
        t(self.0, "filling-added", &[])
    }

    pub(super) fn room(self, rooms: &[String]) -> String {
        t(self.0, "filling-room", &[("rooms", rooms.join(", ").into())])
    }

    pub(super) fn files(self, files: &[String]) -> String {
        t(self.0, "filling-files", &[("files", files.join(", ").into())])
    }

    pub(super) fn other_subject(self) -> String {
        t(self.0, "filling-other-subject", &[])
    }

    pub(super) fn instead(self, subject: &str) -> Vec<Piece> {
        let said = t(self.0, "filling-instead", &[("subject", PLACE.into())]);
        let (before, after) = said.split_once(PLACE).unwrap_or((&said, ""));
        vec![Piece::Text(before.to_owned()), Piece::Subject(subject.to_owned()), Piece::Text(after.to_owned())]
    }

    pub(super) fn date(self, date: Date) -> String {
        i18n::date(self.0, date)
    }

    pub(super) fn weekday_and_date(self, date: Date) -> String {
        i18n::weekday_and_date(self.0, date)
    }
}

/// A line that is being written.
pub(super) struct Writing {
    pieces: Vec<Piece>,
    notes: usize,
}

impl Writing {
    /// Begins with what takes place, and when.
    pub(super) fn begin(rows: std::ops::Range<usize>, from: Time, to: Time) -> Self {
        let mut text = match rows.len() {
            0 => String::new(),
            1 => format!("{}. ", rows.start + 1),
            _ => format!("{}–{}. ", rows.start + 1, rows.end),
        };
        text.push_str(&format!("{}–{} ", from.strftime("%H:%M"), to.strftime("%H:%M")));
        Writing { pieces: vec![Piece::Text(text)], notes: 0 }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece::Text(text.into()));
        self
    }

    pub(super) fn subject(mut self, subject: &str) -> Self {
        self.pieces.push(Piece::Subject(subject.to_owned()));
        self
    }

    /// Adds something to what was said.
    pub(super) fn note(mut self, pieces: Vec<Piece>) -> Self {
        let between = if self.notes == 0 { ": " } else { ", " };
        self.notes += 1;
        self.pieces.push(Piece::Text(between.to_owned()));
        self.pieces.extend(pieces);
        self
    }

    pub(super) fn note_text(self, text: impl Into<String>) -> Self {
        self.note(vec![Piece::Text(text.into())])
    }

    pub(super) fn end(self) -> Line {
        Line(self.pieces)
    }
}

/// Words of a school on one line, and not too many of them; none when there is nothing to read.
pub(super) fn short(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short =
        if line.chars().count() > LONGEST { line.chars().take(LONGEST - 1).chain(['…']).collect() } else { line };
    (!short.is_empty()).then_some(short)
}
