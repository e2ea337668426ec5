use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

/// Why a mark is not an ordinary number (protocol §6.5, data §1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Annotation {
    /// The server could not read the mark.
    Unreadable,
    /// The pupil was absent; nothing counts.
    Absent,
    /// The pupil was exempted.
    Exempted,
    /// The test was not marked.
    NotGraded,
    /// The pupil was unfit.
    Unfit,
    /// The work was not handed in; nothing counts.
    NotHandedIn,
    /// Absent, and it counts as zero.
    AbsentZero,
    /// Not handed in, and it counts as zero.
    NotHandedInZero,
    /// Above the scale, with congratulations.
    Congratulations,
    /// A code this version of Cartable does not know.
    Other(i64),
}

impl Annotation {
    /// The annotation of a wire code.
    #[must_use]
    pub fn from_code(code: i64) -> Self {
        match code {
            -1 => Self::Unreadable,
            1 => Self::Absent,
            2 => Self::Exempted,
            3 => Self::NotGraded,
            4 => Self::Unfit,
            5 => Self::NotHandedIn,
            6 => Self::AbsentZero,
            7 => Self::NotHandedInZero,
            8 => Self::Congratulations,
            other => Self::Other(other),
        }
    }

    /// The wire code of the annotation.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            Self::Unreadable => -1,
            Self::Absent => 1,
            Self::Exempted => 2,
            Self::NotGraded => 3,
            Self::Unfit => 4,
            Self::NotHandedIn => 5,
            Self::AbsentZero => 6,
            Self::NotHandedInZero => 7,
            Self::Congratulations => 8,
            Self::Other(code) => code,
        }
    }
}

/// The text is neither a number nor an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a number nor an annotation")]
pub struct NotAMark;

/// A mark as the school shows it: a number, or an annotation in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// An ordinary number, on the scale given beside it.
    Value(Decimal),
    /// An annotation; congratulations carry the scale they stand for.
    Annotated {
        /// Why there is no ordinary number.
        annotation: Annotation,
        /// The scale named with it, if any.
        scale: Option<Decimal>,
    },
}

impl Mark {
    /// Reads `15,50`, `|1` or `|8|20`; `|0` and an empty text are no mark at all.
    ///
    /// `Ok(None)` when there is no mark.
    ///
    /// # Errors
    /// [`NotAMark`].
    pub fn parse(text: &str) -> Result<Option<Self>, NotAMark> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let Some(annotated) = text.strip_prefix('|') else {
            return decimal(text).map(|value| Some(Mark::Value(value))).ok_or(NotAMark);
        };
        let (code, scale) = annotated.split_once('|').map_or((annotated, None), |(code, scale)| (code, Some(scale)));
        if code.is_empty() {
            return Ok(None);
        }
        let annotation = match code.parse().map_err(|_| NotAMark)? {
            0 => return Ok(None),
            code => Annotation::from_code(code),
        };
        let scale = match scale {
            Some(scale) => Some(decimal(scale).ok_or(NotAMark)?),
            None => None,
        };
        Ok(Some(Mark::Annotated { annotation, scale }))
    }

    /// What counts in an average: the number, zero for the annotations that count as zero, the scale of
    /// congratulations; `None` when the mark does not count.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Mark::Value(value) => Some(*value),
            Mark::Annotated { annotation: Annotation::AbsentZero | Annotation::NotHandedInZero, .. } => {
                Some(Decimal::ZERO)
            }
            Mark::Annotated { annotation: Annotation::Congratulations, scale } => *scale,
            Mark::Annotated { .. } => None,
        }
    }

    /// The annotation, if there is one.
    #[must_use]
    pub fn annotation(&self) -> Option<Annotation> {
        match self {
            Mark::Value(_) => None,
            Mark::Annotated { annotation, .. } => Some(*annotation),
        }
    }
}

/// Writes the wire form, with a decimal comma.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mark::Value(value) => f.write_str(&value.to_string().replace('.', ",")),
            Mark::Annotated { annotation, scale: None } => write!(f, "|{}", annotation.code()),
            Mark::Annotated { annotation, scale: Some(scale) } => {
                write!(f, "|{}|{}", annotation.code(), scale.to_string().replace('.', ","))
            }
        }
    }
}

/// The most characters a number may have; no number that can be kept exactly needs more.
const LONGEST_NUMBER: usize = 64;

/// Reads a decimal with a comma or a point. Exponents, signs other than `-`, words like `NaN` and numbers that could
/// only be kept rounded are refused.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b'-'));
    if !plain || text.len() > LONGEST_NUMBER {
        return None;
    }
    Decimal::from_str_exact(&text.replace(',', ".")).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_annotations_are_read() {
        assert_eq!(Mark::parse("15,50"), Ok(Some(Mark::Value(Decimal::new(1550, 2)))));
        assert_eq!(Mark::parse("15.5"), Ok(Some(Mark::Value(Decimal::new(155, 1)))));
        assert_eq!(Mark::parse("|1"), Ok(Some(Mark::Annotated { annotation: Annotation::Absent, scale: None })));
        assert_eq!(
            Mark::parse("|8|20"),
            Ok(Some(Mark::Annotated { annotation: Annotation::Congratulations, scale: Some(Decimal::from(20)) }))
        );
        for text in ["", "|", "|0", "|00"] {
            assert_eq!(Mark::parse(text), Ok(None), "{text}");
        }
        assert_eq!(Mark::parse("|42").unwrap().unwrap().annotation(), Some(Annotation::Other(42)));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["NaN", "inf", "1e9", "1,2,3", "|x", "|8|x", "--1", "99999999999999999999999999999999"] {
            assert_eq!(Mark::parse(text), Err(NotAMark), "{text}");
        }
    }

    #[test]
    fn a_number_with_as_many_digits_as_can_be_kept_is_written_and_read_again() {
        for text in [".551777777777777777777777111", "79228162514264337593543950335", "0,0000000000000000000000000001"]
        {
            let mark = Mark::parse(text).unwrap().unwrap();
            assert_eq!(Mark::parse(&mark.to_string()), Ok(Some(mark)), "{text}");
        }
        assert_eq!(Mark::parse("0,00000000000000000000000000001"), Err(NotAMark), "nothing is rounded in silence");
    }

    #[test]
    fn only_some_annotations_count() {
        let number = |text| Mark::parse(text).unwrap().unwrap().number();
        assert_eq!(number("|1"), None);
        assert_eq!(number("|6"), Some(Decimal::ZERO));
        assert_eq!(number("|8|20"), Some(Decimal::from(20)));
    }

    proptest! {
        #[test]
        fn a_mark_survives_writing_and_reading(mantissa in -100_000i64..100_000, digits in 0u32..4, code in 1i64..12, kind in 0..3) {
            let value = Decimal::new(mantissa, digits);
            let mark = match kind {
                0 => Mark::Value(value),
                1 => Mark::Annotated { annotation: Annotation::from_code(code), scale: None },
                _ => Mark::Annotated { annotation: Annotation::from_code(code), scale: Some(value) },
            };
            prop_assert_eq!(Mark::parse(&mark.to_string()), Ok(Some(mark)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}") {
            let _ = Mark::parse(&text);
        }
    }
}
