//! Graded tests, their marks, and how averages may be seen.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::numbered;
use super::{Audience, ClassId, FileId, PersonId, SubjectId, TestId};

/// What a pupil got: points, or a reason for having none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Hundredths of a point.
    Points(i32),
    /// One of PRONOTE's annotations, 1 to 8 (data §1.7).
    Annotation(u8),
}

/// The names of annotations 1 to 8 in a school file.
const ANNOTATIONS: [&str; 8] = [
    "absent",
    "exempt",
    "not graded",
    "unfit",
    "not handed in",
    "absent, zero",
    "not handed in, zero",
    "congratulations",
];

impl Mark {
    /// A mark of whole and half points and the like; beyond a million points there is no mark.
    pub fn points(points: Decimal) -> Option<Self> {
        let hundredths = (points * Decimal::ONE_HUNDRED).round();
        i32::try_from(hundredths).ok().filter(|value| value.abs() <= 100_000_000).map(Self::Points)
    }

    /// What the mark counts for in an average, on a scale; none when it does not count.
    pub fn counts(self, scale: Decimal) -> Option<Decimal> {
        match self {
            Self::Points(hundredths) => Some(Decimal::new(i64::from(hundredths), 2)),
            Self::Annotation(6 | 7) => Some(Decimal::ZERO),
            Self::Annotation(8) => Some(scale),
            Self::Annotation(_) => None,
        }
    }

    /// The mark as PRONOTE writes it: `15,50`, `|1`.
    pub fn wire(self) -> String {
        match self {
            Self::Points(_) => self.to_string().replace('.', ","),
            Self::Annotation(code) => format!("|{code}"),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Points(hundredths) => Decimal::new(i64::from(*hundredths), 2).fmt(out),
            Self::Annotation(code) => {
                out.write_str(ANNOTATIONS.get(usize::from(*code).wrapping_sub(1)).unwrap_or(&"?"))
            }
        }
    }
}

impl std::str::FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(at) = ANNOTATIONS.iter().position(|name| *name == text) {
            return Ok(Self::Annotation(u8::try_from(at + 1).unwrap_or(1)));
        }
        let points = text.replace(',', ".").parse::<Decimal>().ok().and_then(Self::points);
        points.ok_or_else(|| format!("a mark is points such as \"15.5\", or one of {}", ANNOTATIONS.join(" / ")))
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A graded test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// The number.
    pub id: TestId,
    /// What it was about.
    pub title: String,
    /// The subject.
    pub subject: SubjectId,
    /// Who sat it.
    pub audience: Audience,
    /// The day; it decides the period.
    pub date: Date,
    /// What a perfect work gets.
    #[serde(default = "twenty")]
    pub scale: Decimal,
    /// Its weight in the average.
    #[serde(default = "one")]
    pub coefficient: Decimal,
    /// Whether only points above half of the scale count, as a gift.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bonus: bool,
    /// Whether it counts only where it raises the average.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Whether it is brought to the default scale before it counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rescaled: bool,
    /// The questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_file: Option<FileId>,
    /// The answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction_file: Option<FileId>,
    /// Who got what.
    pub marks: Vec<(PersonId, Mark)>,
    /// What the teacher remarked to one pupil.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<(PersonId, String)>,
}

impl Test {
    /// What a pupil got.
    pub fn mark(&self, pupil: PersonId) -> Option<Mark> {
        self.marks.iter().find(|(person, _)| *person == pupil).map(|(_, mark)| *mark)
    }
}

fn twenty() -> Decimal {
    Decimal::from(20)
}

fn one() -> Decimal {
    Decimal::ONE
}

/// How averages may be seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grading {
    /// Classes whose pupils see no overall average.
    #[serde(default)]
    pub hidden_overall: Vec<ClassId>,
    /// Subjects that show no average.
    #[serde(default)]
    pub hidden_subjects: Vec<SubjectId>,
}

numbered! {
    Test: TestId;
}
