//! Parameters as PHP reads them from a query or a form: the last of a name counts, and brackets make a list of it.

use std::borrow::Cow;

/// The last parameter of a name; nothing when there is none, or when it is a list. Bytes that are no UTF-8 are replaced.
pub(crate) fn find(encoded: &[u8], name: &str) -> Option<String> {
    let mut found = None;
    for pair in encoded.split(|byte| *byte == b'&') {
        let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        match named(&decoded(&pair[..cut]), name) {
            Named::Plain => found = Some(pair.get(cut + 1..).unwrap_or_default()),
            Named::List => found = None,
            Named::Otherwise => {}
        }
    }
    found.map(|value| String::from_utf8_lossy(&decoded(value)).into_owned())
}

/// How a parameter is named, beside a name that is looked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// Just so.
    Plain,
    /// So, with brackets behind it.
    List,
    /// Otherwise.
    Otherwise,
}

/// Tells how a decoded parameter is named. Blanks before a name do not count.
pub(crate) fn named(parameter: &[u8], name: &str) -> Named {
    let begin = parameter.iter().position(|byte| *byte != b' ').unwrap_or(parameter.len());
    match parameter[begin..].strip_prefix(name.as_bytes()) {
        Some([]) => Named::Plain,
        // A bracket that is not closed is part of the name.
        Some([b'[', rest @ ..]) if rest.contains(&b']') => Named::List,
        _ => Named::Otherwise,
    }
}

/// Undoes the encoding of forms. A percent sign without two digits stands for itself.
fn decoded(encoded: &[u8]) -> Cow<'_, [u8]> {
    if !encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(encoded);
    }
    let digit = |at: usize| encoded.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut bytes, mut at) = (Vec::with_capacity(encoded.len()), 0);
    while let Some(byte) = encoded.get(at) {
        let escaped = if *byte == b'%' { digit(at + 1).zip(digit(at + 2)) } else { None };
        let (byte, length) = match (byte, escaped) {
            // Two digits make a byte.
            (_, Some((high, low))) => (u8::try_from(high * 16 + low).unwrap_or_default(), 3),
            (b'+', None) => (b' ', 1),
            (byte, None) => (*byte, 1),
        };
        bytes.push(byte);
        at += length;
    }
    Cow::Owned(bytes)
}

/// A number as it is written in a query: digits, perhaps with a minus sign, within 64 bits.
pub(crate) fn number(text: &str) -> Option<i64> {
    // The standard library would take a plus sign.
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_parameter_of_a_name_counts() {
        let found = |query: &str| find(query.as_bytes(), "id");
        assert_eq!(found("id=2&x=3&id=5").as_deref(), Some("5"));
        for (query, value) in
            [("id", ""), ("id=", ""), ("&&id=1=2&", "1=2"), ("%69%64=1", "1"), (" id=1", "1"), ("id[=2&id=1", "1")]
        {
            assert_eq!(found(query).as_deref(), Some(value), "{query}");
        }
        for query in ["", "ID=1", "ids=1", "x=id", "id%00=1", "i.d=1", "id[=1"] {
            assert_eq!(found(query), None, "{query}");
        }
    }

    #[test]
    fn brackets_make_a_list() {
        for query in ["id[]=1", "id[x]=1", "id=1&id[]=2", "id%5B%5D=1", "id[a][b]=1"] {
            assert_eq!(find(query.as_bytes(), "id"), None, "{query}");
        }
        assert_eq!(find(b"id[]=2&id=1", "id").as_deref(), Some("1"));
    }

    #[test]
    fn forms_are_decoded() {
        let found = |query: &[u8]| find(query, "a").unwrap();
        assert_eq!(found(b"a=x+y%20%D0%B6%2B"), "x y ж+");
        assert_eq!(found(b"a=100%&b=1"), "100%");
        assert_eq!(found(b"a=%zz%4"), "%zz%4");
        assert_eq!(found(b"a=%ff\xfe"), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_number_is_digits_and_perhaps_a_minus() {
        for (text, value) in [("005", 5), ("-1", -1), ("0", 0), ("-0", 0), ("9223372036854775807", i64::MAX)] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "-", "+5", " 1", "1 ", "1.5", "1e2", "1abc", "9223372036854775808", "--1", "٣", "first"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_others_encode_is_read(name in "[a-z]{1,3}", value in ".*", other in ".*") {
            let pairs = [(name.as_str(), "first"), ("other", &other), (&name, &value)];
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            prop_assert_eq!(find(query.as_bytes(), &name), Some(value));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..50), name in ".{0,3}") {
            let _ = find(&bytes, &name);
            let _ = number(&String::from_utf8_lossy(&bytes));
        }
    }
}
