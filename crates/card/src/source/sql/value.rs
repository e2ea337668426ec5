//! A cell of a row as a text, or as bytes: whatever its type, if it is one that is met.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use sqlx::{Column as _, Database, MySql, Postgres, Row as _, Sqlite, TypeInfo as _, ValueRef as _};

use crate::record::Datum;

/// What a cell holds: several values when it is an array, none when it is null. `None`, if it is not known how to read it.
pub(crate) type Cell = Option<Vec<Datum>>;

/// An engine whose cells can be read.
pub(crate) trait Speaks: Database {
    /// Reads a cell of a row.
    fn cell(row: &Self::Row, at: usize) -> Cell;

    /// The name of the type of a column.
    fn type_name(row: &Self::Row, at: usize) -> String;
}

impl Speaks for Sqlite {
    fn cell(row: &Self::Row, at: usize) -> Cell {
        let raw = row.try_get_raw(at).ok()?;
        if raw.is_null() {
            return Some(vec![]);
        }
        // What the value is, not what the column was declared as.
        let kind = raw.type_info().name().to_owned();
        match kind.as_str() {
            "INTEGER" => one(row.try_get_unchecked::<i64, _>(at).ok()?.to_string()),
            "REAL" => one(row.try_get_unchecked::<f64, _>(at).ok()?.to_string()),
            "TEXT" => Some(vec![text_or_bytes(row.try_get_unchecked(at).ok()?)]),
            "BLOB" => Some(vec![Datum::Bytes(row.try_get_unchecked::<&[u8], _>(at).ok()?.into())]),
            _ => None,
        }
    }

    fn type_name(row: &Self::Row, at: usize) -> String {
        row.columns().get(at).map(|column| column.type_info().name().to_owned()).unwrap_or_default()
    }
}

impl Speaks for MySql {
    fn cell(row: &Self::Row, at: usize) -> Cell {
        if row.try_get_raw(at).ok()?.is_null() {
            return Some(vec![]);
        }
        let bytes = || row.try_get_unchecked::<&[u8], _>(at).ok();
        let name = Self::type_name(row, at);
        match name.as_str() {
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
                one(row.try_get_unchecked::<i64, _>(at).ok()?.to_string())
            }
            "YEAR" | "BIT" => one(row.try_get_unchecked::<u64, _>(at).ok()?.to_string()),
            _ if name.ends_with("UNSIGNED") => one(row.try_get_unchecked::<u64, _>(at).ok()?.to_string()),
            "FLOAT" => one(row.try_get_unchecked::<f32, _>(at).ok()?.to_string()),
            "DOUBLE" => one(row.try_get_unchecked::<f64, _>(at).ok()?.to_string()),
            "BINARY" | "VARBINARY" => Some(vec![Datum::Bytes(bytes()?.into())]),
            _ if name.ends_with("BLOB") => Some(vec![Datum::Bytes(bytes()?.into())]),
            "DATE" => one(mysql_date(bytes()?)?.to_string()),
            "DATETIME" => one(mysql_date(bytes()?)?.to_datetime(mysql_time(bytes()?)?).to_string()),
            // The session's time zone is UTC.
            "TIMESTAMP" => one(format!("{}Z", mysql_date(bytes()?)?.to_datetime(mysql_time(bytes()?)?))),
            "TIME" => one(row.try_get_unchecked::<sqlx::mysql::types::MySqlTime, _>(at).ok()?.to_string()),
            "CHAR" | "VARCHAR" | "ENUM" | "SET" | "JSON" | "DECIMAL" => Some(vec![text_or_bytes(bytes()?)]),
            _ if name.ends_with("TEXT") => Some(vec![text_or_bytes(bytes()?)]),
            _ => None,
        }
    }

    fn type_name(row: &Self::Row, at: usize) -> String {
        row.columns().get(at).map(|column| column.type_info().name().to_owned()).unwrap_or_default()
    }
}

impl Speaks for Postgres {
    fn cell(row: &Self::Row, at: usize) -> Cell {
        let raw = row.try_get_raw(at).ok()?;
        if raw.is_null() {
            return Some(vec![]);
        }
        let bytes = raw.as_bytes().ok()?;
        let name = Self::type_name(row, at);
        match name.to_uppercase().as_str() {
            "BOOL" => one(u8::from(*bytes.first()? != 0).to_string()),
            "INT2" => one(i16::from_be_bytes(bytes.try_into().ok()?).to_string()),
            "INT4" => one(i32::from_be_bytes(bytes.try_into().ok()?).to_string()),
            "INT8" => one(i64::from_be_bytes(bytes.try_into().ok()?).to_string()),
            "OID" => one(u32::from_be_bytes(bytes.try_into().ok()?).to_string()),
            "FLOAT4" => one(f32::from_be_bytes(bytes.try_into().ok()?).to_string()),
            "FLOAT8" => one(f64::from_be_bytes(bytes.try_into().ok()?).to_string()),
            "NUMERIC" => one(numeric(bytes)?),
            "DATE" => one(postgres_date(i32::from_be_bytes(bytes.try_into().ok()?))?.to_string()),
            "TIMESTAMP" => one(postgres_moment(bytes)?.to_zoned(TimeZone::UTC).datetime().to_string()),
            "TIMESTAMPTZ" => one(postgres_moment(bytes)?.to_string()),
            "TIME" => {
                let since = SignedDuration::from_micros(i64::from_be_bytes(bytes.try_into().ok()?));
                one(Time::midnight().checked_add(since).ok()?.to_string())
            }
            "UUID" => one(uuid(bytes.try_into().ok()?)),
            "BYTEA" => Some(vec![Datum::Bytes(bytes.into())]),
            "JSONB" => Some(vec![text_or_bytes(bytes.get(1..)?)]),
            "TEXT" | "VARCHAR" | "CHAR" | "\"CHAR\"" | "NAME" | "JSON" | "XML" | "CITEXT" | "UNKNOWN" => {
                Some(vec![text_or_bytes(bytes)])
            }
            "TEXT[]" | "VARCHAR[]" | "CHAR[]" | "NAME[]" => {
                let values: Vec<Option<String>> = row.try_get_unchecked(at).ok()?;
                Some(values.into_iter().flatten().map(Datum::Text).collect())
            }
            // An enumeration of the database's own is a text.
            _ if matches!(row.columns().get(at)?.type_info().kind(), sqlx::postgres::PgTypeKind::Enum(_)) => {
                Some(vec![text_or_bytes(bytes)])
            }
            _ => None,
        }
    }

    fn type_name(row: &Self::Row, at: usize) -> String {
        row.columns().get(at).map(|column| column.type_info().name().to_owned()).unwrap_or_default()
    }
}

fn one(text: String) -> Cell {
    Some(vec![Datum::Text(text)])
}

fn text_or_bytes(bytes: &[u8]) -> Datum {
    match str::from_utf8(bytes) {
        Ok(text) => Datum::Text(text.to_owned()),
        Err(_) => Datum::Bytes(bytes.into()),
    }
}

/// A date as MySQL sends it: how many bytes follow, the year in two of them, the month, the day, and perhaps the time.
fn mysql_date(bytes: &[u8]) -> Option<Date> {
    let [_, low, high, month, day, ..] = *bytes else { return None };
    let year = i16::try_from(u16::from_le_bytes([low, high])).ok()?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The time of such a date, at midnight if it has none.
fn mysql_time(bytes: &[u8]) -> Option<Time> {
    let Some([hour, minute, second]) = bytes.get(5..8) else { return Some(Time::midnight()) };
    let [hour, minute, second] = [hour, minute, second].map(|part| i8::try_from(*part).ok());
    let micros = bytes.get(8..12).map_or(Some(0), |micros| Some(u32::from_le_bytes(micros.try_into().ok()?)))?;
    Time::new(hour?, minute?, second?, i32::try_from(micros).ok()?.checked_mul(1000)?).ok()
}

/// A date as PostgreSQL sends it: days since the year 2000 began.
fn postgres_date(days: i32) -> Option<Date> {
    date(2000, 1, 1).checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok()
}

/// A moment as PostgreSQL sends it: microseconds since the year 2000 began.
fn postgres_moment(bytes: &[u8]) -> Option<Timestamp> {
    const YEAR_2000: i64 = 946_684_800_000_000;
    Timestamp::from_microsecond(i64::from_be_bytes(bytes.try_into().ok()?).checked_add(YEAR_2000)?).ok()
}

fn uuid(bytes: [u8; 16]) -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// A decimal number as PostgreSQL sends it: how many groups of four digits, how many of them are before the point (less
/// one), the sign, how many digits are after the point, and the groups.
fn numeric(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.chunks_exact(2).map(|word| i16::from_be_bytes([word[0], word[1]]));
    let (count, weight, sign, scale) = (words.next()?, words.next()?, words.next()?.cast_unsigned(), words.next()?);
    let groups: Vec<i16> = words.collect();
    if groups.len() != usize::try_from(count).ok()? || groups.iter().any(|group| !(0..10_000).contains(group)) {
        return None;
    }
    let group = |at: i32| usize::try_from(at).ok().and_then(|at| groups.get(at)).copied().unwrap_or(0);
    let (weight, scale) = (i32::from(weight), usize::try_from(scale).ok()?);
    let mut text = match sign {
        0x0000 => String::new(),
        0x4000 => "-".to_owned(),
        // Not a number, and infinities.
        _ => return None,
    };
    let whole: String = (0..=weight).map(|at| format!("{:04}", group(at))).collect();
    let whole = whole.trim_start_matches('0');
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if scale > 0 {
        let groups = i32::try_from(scale.div_ceil(4)).ok()?;
        let fraction: String = (1..=groups).map(|at| format!("{:04}", group(weight + at))).collect();
        text.push('.');
        text.push_str(&fraction[..scale]);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::*;

    fn words(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn decimal_numbers_are_written_out() {
        for (sent, text) in [
            (&[0, 0, 0, 0][..], "0"),
            (&[0, 0, 0, 2], "0.00"),
            (&[1, 0, 0, 0, 42], "42"),
            (&[2, 1, 0x4000, 0, 1, 5], "-10005"),
            (&[1, 1, 0, 0, 3], "30000"),
            (&[2, 0, 0, 3, 12, 3450], "12.345"),
            (&[1, -1, 0, 4, 7], "0.0007"),
            (&[1, -2, 0, 8, 7], "0.00000007"),
        ] {
            assert_eq!(numeric(&words(sent)).as_deref(), Some(text));
        }
        assert_eq!(numeric(&words(&[0, 0, 0xC000_u16.cast_signed(), 0])), None, "it is no number");
        assert_eq!(numeric(&words(&[3, 0, 0, 0, 1])), None);
    }

    #[test]
    fn dates_are_written_as_iso_8601() {
        assert_eq!(postgres_date(1520).unwrap().to_string(), "2004-02-29");
        assert_eq!(postgres_date(-7024).unwrap().to_string(), "1980-10-08");
        assert_eq!(postgres_date(i32::MAX), None, "infinity");
        assert_eq!(mysql_date(&[4, 0xd4, 0x07, 2, 29]).unwrap().to_string(), "2004-02-29");
        assert_eq!(mysql_time(&[7, 0xd4, 0x07, 2, 29, 23, 5, 9]).unwrap().to_string(), "23:05:09");
        assert_eq!(mysql_time(&[4, 0xd4, 0x07, 2, 29]), Some(Time::midnight()));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40), days in any::<i32>()) {
            let _ = (numeric(&bytes), mysql_date(&bytes), mysql_time(&bytes), postgres_moment(&bytes), postgres_date(days));
        }
    }
}
