//! What a key can hold, and how it is written.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use server::Rate;
use toml::de::{DeFloat, DeInteger, DeValue};
use url::Url;

/// Something a key can hold.
pub(crate) trait Value: Sized {
    /// Reads it; the error says what it should be, after the name of the key.
    fn read(value: &DeValue<'_>) -> Result<Self, String>;
    /// Writes it as TOML.
    fn show(&self) -> String;
}

impl Value for bool {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| "has to be true or false".to_owned())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

macro_rules! whole_number {
    ($($number:ty),*) => {$(
        impl Value for $number {
            fn read(value: &DeValue<'_>) -> Result<Self, String> {
                let number = value.as_integer().and_then(|number| <$number>::from_str_radix(number.as_str(), number.radix()).ok());
                number.ok_or_else(|| format!("has to be a whole number from 0 to {}", <$number>::MAX))
            }

            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

whole_number!(u32, usize);

impl Value for f64 {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let text = value.as_float().map(DeFloat::as_str).or(value.as_integer().map(DeInteger::as_str));
        let number = text.and_then(|text| text.parse().ok()).filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| "has to be a number".to_owned())
    }

    fn show(&self) -> String {
        format!("{self:?}")
    }
}

impl Value for String {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().map(str::to_owned).ok_or_else(|| "has to be a text in quotation marks".to_owned())
    }

    fn show(&self) -> String {
        quoted(self)
    }
}

impl Value for SocketAddr {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        parsed(value, "an address and a port, such as \"127.0.0.1:21727\" or \"[::1]:21727\"")
    }

    fn show(&self) -> String {
        quoted(&self.to_string())
    }
}

impl Value for IpNet {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let text = value.as_str().unwrap_or_default();
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| "has to be an address or a network, such as \"127.0.0.1\" or \"10.0.0.0/8\"".to_owned())
    }

    fn show(&self) -> String {
        quoted(&self.to_string())
    }
}

impl Value for Url {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let url: Url = parsed(value, "an address, such as \"https://pronote.example\"")?;
        if matches!(url.scheme(), "http" | "https") && url.has_host() {
            Ok(url)
        } else {
            Err("has to begin with http:// or https:// and name a host".to_owned())
        }
    }

    fn show(&self) -> String {
        quoted(self.as_str())
    }
}

impl Value for TimeZone {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let name = value.as_str().unwrap_or_default();
        TimeZone::get(name).map_err(|_| "has to be the name of a time zone, such as \"Europe/Paris\"".to_owned())
    }

    fn show(&self) -> String {
        quoted(self.iana_name().unwrap_or("UTC"))
    }
}

/// Units of time in milliseconds, the largest first.
const TIMES: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
/// Units of size in bytes, the largest first.
const SIZES: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl Value for Duration {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let millis = value.as_str().and_then(|text| measured(text, &TIMES));
        let expected = "has to be a time with its unit (ms, s, m, h or d), such as \"90s\" or \"15m\"";
        millis.map(Duration::from_millis).ok_or_else(|| expected.to_owned())
    }

    fn show(&self) -> String {
        let millis = u64::try_from(self.as_millis()).unwrap_or(u64::MAX);
        // Nobody says "0d".
        if millis == 0 { quoted("0s") } else { quoted(&with_unit(millis, &TIMES)) }
    }
}

/// Rates are written as what may go at once, and what in the long run.
impl Value for Rate {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let rate = |text: &str| {
            let (burst, long_run) = text.split_once(" at once, ")?;
            let per_minute = long_run.strip_suffix(" a minute")?;
            Some(Rate { burst: burst.parse().ok()?, per_minute: per_minute.parse().ok()? })
        };
        match value.as_str() {
            Some("none") => Ok(Rate::NONE),
            text => {
                text.and_then(rate).ok_or_else(|| "has to be a rate, such as \"60 at once, 30 a minute\"".to_owned())
            }
        }
    }

    fn show(&self) -> String {
        match *self {
            Rate { per_minute: 0, .. } => quoted("none"),
            Rate { per_minute, burst } => quoted(&format!("{burst} at once, {per_minute} a minute")),
        }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(pub(crate) u64);

impl Value for Size {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let bytes = value.as_str().and_then(|text| measured(text, &SIZES));
        bytes
            .map(Size)
            .ok_or_else(|| "has to be a size with its unit (B, KiB, MiB or GiB), such as \"64MiB\"".to_owned())
    }

    fn show(&self) -> String {
        quoted(&with_unit(self.0, &SIZES))
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        match value {
            DeValue::Array(items) => items.iter().map(|item| T::read(item.get_ref())).collect(),
            // As it is written in a variable.
            DeValue::String(text) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                items.map(|item| T::read(&DeValue::String(item.into()))).collect()
            }
            _ => Err("has to be a list in square brackets".to_owned()),
        }
    }

    fn show(&self) -> String {
        format!("[{}]", self.iter().map(T::show).collect::<Vec<_>>().join(", "))
    }
}

/// A text as TOML.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn parsed<T: FromStr>(value: &DeValue<'_>, expected: &str) -> Result<T, String> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| format!("has to be {expected}"))
}

/// Reads a number followed by one of some units.
fn measured(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|char: char| !char.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// Writes a number in the largest unit that divides it.
fn with_unit(number: u64, units: &[(&str, u64)]) -> String {
    let fits = units.iter().find(|(_, factor)| number.is_multiple_of(*factor));
    fits.map(|(name, factor)| format!("{}{name}", number / factor)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Value>(toml: &str) -> Result<T, String> {
        T::read(DeValue::parse(toml).unwrap().get_ref())
    }

    #[test]
    fn times_and_sizes_have_units() {
        for (text, millis) in [("90s", 90_000), ("15m", 900_000), ("1h", 3_600_000), ("2d", 172_800_000), ("0s", 0)] {
            let time: Duration = read(&quoted(text)).unwrap();
            assert_eq!(time.as_millis(), millis, "{text}");
        }
        for (text, bytes) in [("64MiB", 64 << 20), ("100 KiB", 100 << 10), ("7B", 7), ("1GiB", 1 << 30)] {
            assert_eq!(read::<Size>(&quoted(text)).unwrap().0, bytes, "{text}");
        }
        for text in ["", "s", "90", "-1s", "1.5h", "1 hour", "99999999999999999999d", "18446744073709551615d", "1mib"] {
            assert!(read::<Duration>(&quoted(text)).is_err(), "{text}");
            assert!(read::<Size>(&quoted(text)).is_err(), "{text}");
        }
        assert!(read::<Duration>("90").is_err(), "nobody knows the unit");
    }

    #[test]
    fn what_is_shown_reads_the_same() {
        fn check<T: Value + PartialEq + std::fmt::Debug>(value: T) {
            assert_eq!(read::<T>(&value.show()).as_ref(), Ok(&value));
        }
        for millis in [0, 1, 999, 1000, 90_000, 3_600_000, 5_400_000, 86_400_000] {
            check(Duration::from_millis(millis));
        }
        for bytes in [1, 1023, 1024, 100 << 10, 64 << 20] {
            check(Size(bytes));
        }
        check(0.5);
        check(1.0);
        check(true);
        check(5000_u32);
        check("a \"text\"\nof two lines".to_owned());
        check(vec!["127.0.0.1:1".parse::<SocketAddr>().unwrap(), "[::1]:2".parse().unwrap()]);
        check(TimeZone::get("Europe/Paris").unwrap());
        check(Url::parse("https://pronote.example/").unwrap());
    }

    #[test]
    fn what_is_something_else_is_told() {
        assert!(read::<bool>("1").unwrap_err().contains("true or false"));
        assert!(read::<u32>("-1").unwrap_err().contains("whole number"));
        assert!(read::<f64>("nan").is_err());
        assert!(read::<Url>("'ftp://a/'").is_err() && read::<Url>("'pronote'").is_err());
        assert!(read::<Vec<Url>>("[1]").is_err() && read::<Vec<Url>>("1").is_err());
        assert_eq!(read::<u32>("0x10"), Ok(16));
        assert_eq!(read::<f64>("1"), Ok(1.0));
    }
}
