//! Evaluations of skills.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Color, Named, Subject, Theme};
use crate::wire::RemoteId;

/// An evaluation (data §10).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// What it is called.
    pub name: String,
    /// What it was about.
    pub description: Option<String>,
    /// The subject.
    pub subject: Option<Subject>,
    /// The place of its subject among the subjects.
    #[serde(skip)]
    pub subject_order: Option<i64>,
    /// Its color.
    pub color: Option<Color>,
    /// The teacher.
    pub teacher: Option<String>,
    /// The day.
    pub date: Date,
    /// The period it counts in.
    pub period: Option<Named>,
    /// The domain of skills, when it is about a single one.
    pub domain: Option<String>,
    /// What it weighs.
    pub coefficient: Decimal,
    /// The cycles of studies.
    pub levels: Vec<String>,
    /// The themes.
    pub themes: Vec<Theme>,
    /// What was evaluated, in the teacher's order.
    pub acquisitions: Vec<Acquisition>,
}

/// How far a skill is acquired.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Acquisition {
    /// Its identifier in this session.
    pub id: Option<RemoteId>,
    /// The level, for instance `Très bonne maîtrise`.
    pub level: String,
    /// The level's code, as in the school's list of levels.
    pub level_code: Option<i64>,
    /// The level's abbreviation, for instance `A+`.
    pub abbreviation: String,
    /// The level's color, from the school's list of levels.
    pub color: Option<Color>,
    /// Its place in the evaluation.
    pub order: u32,
    /// What it weighs.
    pub coefficient: Decimal,
    /// The domain of skills.
    pub domain: Option<String>,
    /// The skill; none when the domain was evaluated as a whole.
    pub item: Option<String>,
    /// The pillar of the common base.
    pub pillar: Option<String>,
    /// The short names of the pillar, for instance `D1.1`.
    pub pillar_prefixes: Vec<String>,
}
