use std::fmt;

use serde::Serialize;

/// The largest number a set may hold; a school year has 62 weeks at most, so anything near this is nonsense.
const MOST: u32 = 4096;

/// A set of small numbers: weeks, weekdays, codes (`[1..5,8]`, protocol §6.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Set(Vec<u32>);

impl Set {
    /// Reads the bracketed form, or the older string of bits (`10110` is 1, 3 and 4).
    ///
    /// `None` for anything else, a descending range, or a number past 4096.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some(inside) = text.strip_prefix('[') else {
            return Self::parse_bits(text);
        };
        let inside = inside.strip_suffix(']')?;
        let mut members = Vec::new();
        if !inside.is_empty() {
            for item in inside.split(',') {
                let (first, last) = item.split_once("..").unwrap_or((item, item));
                let (first, last) = (number(first)?, number(last)?);
                if first > last {
                    return None;
                }
                members.extend(first..=last);
                if members.len() > MOST as usize {
                    return None;
                }
            }
        }
        Some(members.into_iter().collect())
    }

    fn parse_bits(text: &str) -> Option<Self> {
        if text.len() > MOST as usize || !text.bytes().all(|byte| matches!(byte, b'0' | b'1')) {
            return None;
        }
        Some((1..).zip(text.bytes()).filter(|(_, byte)| *byte == b'1').map(|(position, _)| position).collect())
    }

    /// Whether the number is a member.
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        self.0.binary_search(&number).is_ok()
    }

    /// The members, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?.filter(|number| *number <= MOST)
}

impl FromIterator<u32> for Set {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut members: Vec<u32> = numbers.into_iter().collect();
        members.sort_unstable();
        members.dedup();
        Set(members)
    }
}

/// Writes the bracketed form, consecutive numbers merged (`[3..4]`).
impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        let mut rest = self.0.as_slice();
        let mut separator = "";
        while let [first, ..] = rest {
            let run = rest.iter().zip(*first..).take_while(|(member, expected)| **member == *expected).count();
            match run {
                1 => write!(f, "{separator}{first}")?,
                _ => write!(f, "{separator}{first}..{}", rest[run - 1])?,
            }
            rest = &rest[run..];
            separator = ",";
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn members(text: &str) -> Option<Vec<u32>> {
        Set::parse(text).map(|set| set.iter().collect())
    }

    #[test]
    fn ranges_and_bits_are_read() {
        assert_eq!(members("[]"), Some(vec![]));
        assert_eq!(members(" [1..5,8] "), Some(vec![1, 2, 3, 4, 5, 8]));
        assert_eq!(members("10110"), Some(vec![1, 3, 4]));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["[", "[1..]", "[5..1]", "[1..99999]", "[a]", "[1,,2]", "[-1]", "12", "[1 ,2]"] {
            assert_eq!(members(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_set_survives_writing_and_reading(numbers in proptest::collection::vec(0u32..80, 0..40)) {
            let set: Set = numbers.into_iter().collect();
            prop_assert_eq!(Set::parse(&set.to_string()), Some(set));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[\\[\\]0-9., ]{0,30}") {
            let _ = Set::parse(&text);
        }
    }
}
