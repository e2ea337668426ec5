//! Evaluations of skills, and report cards.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{Audience, ClassId, EvaluationId, PeriodId, PersonId, SubjectId};

/// The levels of skill, in PRONOTE's order from 1: label, abbreviation, colour, points for the brevet.
pub const SKILL_LEVELS: [(&str, &str, &str, &str); 10] = [
    ("Très bonne maîtrise", "A+", "#008000", "50"),
    ("Maîtrise satisfaisante", "A", "#45B851", "40"),
    ("Presque maîtrisé", "B", "#ADDE1F", ""),
    ("Maîtrise fragile", "C", "#FFDA01", "25"),
    ("Début de maîtrise", "D", "#FF880F", ""),
    ("Maîtrise insuffisante", "E", "#F80A0A", "10"),
    ("Absent", "Abs", "#FFFFFF", "|1"),
    ("Non évalué", "Ne", "#FFFFFF", ""),
    ("Dispensé", "Dsp", "#FFFFFF", "|2"),
    ("Non rendu", "Nr", "#FFFFFF", "|5"),
];

/// An evaluation of skills.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The number.
    pub id: EvaluationId,
    /// Its name.
    pub name: String,
    /// What it was about.
    #[serde(default)]
    pub description: String,
    /// The subject.
    pub subject: SubjectId,
    /// Who was evaluated.
    pub audience: Audience,
    /// Who evaluated.
    pub teacher: PersonId,
    /// The day; it decides the period.
    pub date: Date,
    /// Its weight.
    #[serde(default = "one")]
    pub coefficient: u32,
    /// The skills looked at.
    pub skills: Vec<Skill>,
}

/// A skill looked at in an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// The domain of the subject.
    pub domain: String,
    /// The item; absent when the domain as a whole was evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The part of the common frame.
    pub pillar: String,
    /// The codes of the common frame, such as `D1.1, D2`; may be empty.
    #[serde(default)]
    pub prefixes: String,
    /// Its weight.
    #[serde(default = "one")]
    pub coefficient: u32,
    /// Who reached which of [`SKILL_LEVELS`], counted from 1.
    pub levels: Vec<(PersonId, u8)>,
}

/// When a class's report cards of a period may be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The class.
    pub class: ClassId,
    /// The period.
    pub period: PeriodId,
    /// The first day on which they may be read.
    pub from: Date,
}

/// What the teachers wrote on a pupil's report card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The pupil.
    pub pupil: PersonId,
    /// The period.
    pub period: PeriodId,
    /// What each teacher wrote.
    pub comments: Vec<(SubjectId, String)>,
    /// Headings with the text below, such as `Appréciation globale`.
    pub overall: Vec<(String, String)>,
    /// The guardians who confirmed having read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read_by: Vec<PersonId>,
}

fn one() -> u32 {
    1
}

numbered! {
    Evaluation: EvaluationId;
}
