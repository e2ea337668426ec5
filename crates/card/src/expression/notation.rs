//! What directories write into one text: labels, composites, states (`card.md`, 4.1).

/// Whether a text holds nothing but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// `{LABEL}rest`: the label and the rest.
pub(super) fn labelled(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('{')?.split_once('}')
}

/// `[key=value][key=value]`: the pairs, in their order. A value runs to a bracket that is followed by another, or by the end.
pub(super) fn pairs(text: &str) -> Vec<(&str, &str)> {
    let Some(inner) = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']')) else { return Vec::new() };
    inner.split("][").filter_map(|pair| pair.split_once('=')).collect()
}

/// `{RESOURCE}STATE:substate:from:to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resource {
    /// `A` for active, `I` for inactive, `S` for suspended.
    pub(super) letter: String,
    /// Of the local or standard sub-states, or empty.
    pub(super) substate: String,
    /// From when, as `YYYYMMDD`, or empty.
    pub(super) from: String,
    /// Until when, as `YYYYMMDD`, or empty.
    pub(super) to: String,
}

impl Resource {
    /// The state of a resource, if that is what a text is about.
    pub(super) fn read(text: &str, resource: &str) -> Option<Self> {
        let (label, rest) = labelled(text)?;
        let mut parts = rest.split(':').map(|part| part.trim().to_owned());
        let mut part = || parts.next().unwrap_or_default();
        label.eq_ignore_ascii_case(resource).then(|| Resource {
            letter: part(),
            substate: part(),
            from: part(),
            to: part(),
        })
    }
}

/// The bytes that a text names in hexadecimal; blanks, colons and hyphens between them do not count.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-') && !c.is_whitespace()).collect();
    base16ct::mixed::decode_vec(digits).ok().filter(|bytes| !bytes.is_empty())
}

/// The number that bytes are, the first of them the most.
pub(super) fn number(bytes: &[u8]) -> Option<u128> {
    (bytes.len() <= 16).then(|| bytes.iter().fold(0, |number, byte| number << 8 | u128::from(*byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_composite_may_hold_brackets_within_a_value() {
        assert_eq!(pairs("[a=1][b={UAI:1}M1[x]y]"), [("a", "1"), ("b", "{UAI:1}M1[x]y")]);
        assert_eq!(pairs("[a=x=y]"), [("a", "x=y")]);
        assert_eq!(pairs("a=1"), []);
        assert_eq!(pairs("["), []);
    }

    #[test]
    fn a_state_may_lack_its_end() {
        let state = Resource::read("{Carte}S:DroitsImpayes:20260901:", "CARTE").unwrap();
        assert_eq!((state.letter.as_str(), state.substate.as_str()), ("S", "DroitsImpayes"));
        assert_eq!((state.from.as_str(), state.to.as_str()), ("20260901", ""));
        assert_eq!(Resource::read("{MAIL}A", "CARTE"), None);
        assert_eq!(Resource::read("{CARTE}A", "CARTE").unwrap().to, "");
    }

    #[test]
    fn bytes_are_read_however_they_are_grouped() {
        assert_eq!(bytes("04:a1 B2-c3"), Some(vec![4, 0xa1, 0xb2, 0xc3]));
        assert_eq!(bytes("4a1"), None);
        assert_eq!(bytes("zz"), None);
        assert_eq!(bytes(" "), None);
    }

    proptest! {
        #[test]
        fn what_is_composed_is_read_back(pairs in prop::collection::vec(("[a-z]{1,8}", "[^\\[\\]=]{0,12}"), 1..5)) {
            let text: String = pairs.iter().map(|(key, value)| format!("[{key}={value}]")).collect();
            let read: Vec<_> = super::pairs(&text).into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            prop_assert_eq!(read, pairs);
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC*") {
            let _ = (pairs(&text), labelled(&text), Resource::read(&text, "CARTE"), bytes(&text));
        }
    }
}
