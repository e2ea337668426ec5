//! Report cards.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Color, Named, Subject};
use crate::wire::{Mark, RemoteId};

/// The report card of a period (data §9).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Whether it can be read already.
    pub published: bool,
    /// What the school says in its place, for instance the day it will be published; or beside it.
    pub notice: Option<String>,
    /// The class.
    pub class: Option<Named>,
    /// Subject by subject.
    pub subjects: Vec<ReportSubject>,
    /// The pupil's overall average.
    pub student: Option<Mark>,
    /// The class's overall average.
    pub class_average: Option<Mark>,
    /// The overall comments.
    pub comments: Vec<ReportComment>,
    /// Absences, delays, punishments and sanctions.
    pub school_life: ReportSchoolLife,
    /// The chart of the averages: a PNG picture in base64.
    pub chart_png: Option<String>,
}

/// A subject of a report card.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportSubject {
    /// Its identifier in this session.
    pub id: Option<RemoteId>,
    /// The subject.
    pub subject: Subject,
    /// Its color.
    pub color: Option<Color>,
    /// The family of subjects it belongs to.
    pub group: Option<String>,
    /// What it weighs.
    pub coefficient: Option<Decimal>,
    /// The pupil's average.
    pub student: Option<Mark>,
    /// The class's average.
    pub class_average: Option<Mark>,
    /// The lowest average of the class.
    pub lowest: Option<Mark>,
    /// The highest average of the class.
    pub highest: Option<Mark>,
    /// The teachers' comments.
    pub comments: Vec<String>,
    /// The teachers.
    pub teachers: Vec<String>,
    /// The parts of the subject that have their own line.
    pub parts: Vec<ReportPart>,
}

/// A part of a subject, with a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportPart {
    /// What it is called.
    pub name: Option<String>,
    /// The teachers.
    pub teachers: Vec<String>,
    /// The teachers' comments.
    pub comments: Vec<String>,
}

/// An overall comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportComment {
    /// Whose or what kind of comment it is.
    pub heading: Option<String>,
    /// The comment.
    pub text: String,
}

/// What a report card says of school life, in the school's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReportSchoolLife {
    /// Of absences.
    pub absences: Option<String>,
    /// Of delays.
    pub delays: Option<String>,
    /// Of punishments.
    pub punishments: Option<String>,
    /// Of sanctions.
    pub sanctions: Option<String>,
}
