//! The scalar `Date`: out, milliseconds since the epoch; in, such a number or an ISO 8601 text.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use gateway::{Range, Viewer};
use jiff::Timestamp;
use jiff::civil::{self, DateTime};

use super::failure::Failure;

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date(pub(crate) Timestamp);

impl Date {
    /// What stands where the school gives no date.
    pub(crate) const NONE: Date = Date(Timestamp::UNIX_EPOCH);

    /// The moment a clock of the school shows.
    pub(crate) fn at(viewer: &Viewer, clock: DateTime) -> Self {
        Date(viewer.moment(clock))
    }

    /// The first moment of a day at the school.
    pub(crate) fn of(viewer: &Viewer, day: civil::Date) -> Self {
        Date(viewer.moment(day.to_datetime(civil::Time::midnight())))
    }
}

/// Equivalent of the JS Date type
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        Err(InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        self.0.as_millisecond().into()
    }
}

/// A `Date` as it was given. Nothing is refused while the question is read, so that only the field it is given to has no
/// answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    /// Milliseconds since the epoch.
    Milliseconds(i64),
    /// A text.
    Text(String),
    /// Something else.
    Nonsense,
}

impl InputType for Given {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Date as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        Ok(match value {
            Some(Value::Number(number)) => number.as_i64().map_or(Given::Nonsense, Given::Milliseconds),
            Some(Value::String(text)) => Given::Text(text),
            _ => Given::Nonsense,
        })
    }

    fn to_value(&self) -> Value {
        match self {
            Given::Milliseconds(number) => (*number).into(),
            Given::Text(text) => text.as_str().into(),
            Given::Nonsense => Value::Null,
        }
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl Given {
    /// The moment it means at the school.
    fn moment(&self, viewer: &Viewer) -> Option<Timestamp> {
        match self {
            Given::Milliseconds(number) => Timestamp::from_millisecond(*number).ok(),
            Given::Text(text) => parse(text, |clock| viewer.zone().to_timestamp(clock).ok()),
            Given::Nonsense => None,
        }
    }
}

/// The moment that an optional argument means.
///
/// # Errors
/// It is no date.
pub(crate) fn moment(
    viewer: &Viewer,
    argument: &'static str,
    given: Option<Given>,
) -> Result<Option<Timestamp>, Failure> {
    let meant = |given: Given| given.moment(viewer).ok_or(Failure::BadInput { argument, expected: "a date" });
    given.map(meant).transpose()
}

/// The stretch of time that the arguments `from` and `to` mean.
///
/// # Errors
/// One of them is no date.
pub(crate) fn range(viewer: &Viewer, from: Option<Given>, to: Option<Given>) -> Result<Range, Failure> {
    Ok(viewer.range(moment(viewer, "from", from)?, moment(viewer, "to", to)?))
}

/// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM[:SS[.mmm]]`, and the latter with `Z` or an offset.
fn parse(text: &str, at_school: impl FnOnce(DateTime) -> Option<Timestamp>) -> Option<Timestamp> {
    /// A date, a time to the nanosecond, an offset.
    const LONGEST: usize = 36;
    let bytes = text.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    // The parsers below know more forms, such as eight digits in a row.
    let is_date = (10..=LONGEST).contains(&bytes.len())
        && [&bytes[..4], &bytes[5..7], &bytes[8..10]].into_iter().all(digits)
        && (bytes[4], bytes[7]) == (b'-', b'-')
        && matches!(bytes.get(10), None | Some(b'T'))
        && !text.contains('[');
    if !is_date {
        return None;
    }
    text.parse::<Timestamp>().ok().or_else(|| at_school(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn paris(text: &str) -> Option<i64> {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        parse(text, |clock| zone.to_timestamp(clock).ok()).map(Timestamp::as_millisecond)
    }

    #[test]
    fn a_text_without_a_zone_means_the_clocks_of_the_school() {
        assert_eq!(paris("2020-09-02"), Some(1_598_997_600_000));
        assert_eq!(paris("2020-09-02T09:00"), Some(1_599_030_000_000));
        assert_eq!(paris("2020-09-02T09:00:00.000"), Some(1_599_030_000_000));
    }

    #[test]
    fn a_text_with_a_zone_means_what_it_says() {
        assert_eq!(paris("2020-09-01T22:00:00Z"), Some(1_598_997_600_000));
        assert_eq!(paris("2020-09-02T09:00:00+02:00"), Some(1_599_030_000_000));
        assert_eq!(paris("2020-09-02T09:00-05:30"), Some(1_599_057_000_000));
    }

    #[test]
    fn what_is_no_date_is_none() {
        let texts =
            ["", "garbage", "1599004800000", "20200902", "2020-13-01", "2020-02-30", "2020-09-02T25:00", "2020"];
        let odd = ["2020-09-02 09:00", "2020-09-02T09:00[Europe/Paris]", "2020-09-02T", "éééééééééé"];
        for text in texts.into_iter().chain(odd) {
            assert_eq!(paris(text), None, "{text}");
        }
    }

    #[test]
    fn only_numbers_and_texts_are_dates() {
        let parse = |value: Value| Given::parse(Some(value)).unwrap();
        assert_eq!(parse(1_599_004_800_000_i64.into()), Given::Milliseconds(1_599_004_800_000));
        assert_eq!(parse("x".into()), Given::Text("x".into()));
        assert_eq!(parse(1.5.into()), Given::Nonsense);
        assert_eq!(parse(true.into()), Given::Nonsense);
        assert_eq!(parse(Value::List(vec![])), Given::Nonsense);
    }
}
