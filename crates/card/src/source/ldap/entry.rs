//! An entry as the server sends it.

use std::sync::Arc;

use ldap3::ResultEntry;
use ldap3::asn1::{PL, StructureTag};

use crate::record::{Datum, Record};

/// Attributes that are bytes even when those happen to be a text.
const BINARY: [&str; 3] = ["jpegphoto", "photo", "thumbnailphoto"];
/// An option of an attribute's name that says how it is sent, and is no part of the name.
const SENT_BINARY: &str = ";binary";

/// An entry.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// Its name in the directory.
    pub(crate) dn: String,
    attributes: Vec<Attribute>,
}

struct Attribute {
    /// In lower case.
    name: String,
    binary: bool,
    values: Vec<Vec<u8>>,
}

impl Entry {
    /// Reads what a server sends; `None`, if it is no entry.
    pub(crate) fn read(sent: ResultEntry) -> Option<Self> {
        let mut parts = constructed(sent.0)?.into_iter();
        let dn = text(parts.next()?)?;
        let attributes = constructed(parts.next()?)?.into_iter().map(Attribute::read).collect::<Option<_>>()?;
        Some(Entry { dn, attributes })
    }

    /// Whether it has an attribute, with or without values.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// The values of an attribute.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let named = self.attributes.iter().filter(|attribute| attribute.name.eq_ignore_ascii_case(name));
        named.flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
    }

    /// What it says: text where it is text.
    pub(crate) fn into_record(self) -> Record {
        let mut record = Record::default();
        for Attribute { name, binary, values } in self.attributes {
            for value in values.into_iter().filter(|value| !value.is_empty()) {
                let datum = match String::from_utf8(value) {
                    Ok(text) if !binary => Datum::Text(text),
                    Ok(text) => Datum::Bytes(Arc::from(text.into_bytes())),
                    Err(error) => Datum::Bytes(Arc::from(error.into_bytes())),
                };
                record.add(&name, datum);
            }
        }
        record
    }

    #[cfg(test)]
    pub(crate) fn for_tests(values: &[(&str, &str)]) -> Self {
        let attribute = |(name, value): &(&str, &str)| {
            let value = StructureTag { payload: PL::P(value.as_bytes().to_vec()), ..tests::nothing() };
            tests::attribute(name, vec![value])
        };
        let attributes = tests::sequence(values.iter().map(attribute).collect());
        Entry::read(tests::sent(vec![tests::octets(b"uid=x"), attributes])).unwrap()
    }
}

impl Attribute {
    fn read(sent: StructureTag) -> Option<Self> {
        let mut parts = constructed(sent)?.into_iter();
        let sent_as = text(parts.next()?)?.to_lowercase();
        let values =
            constructed(parts.next()?)?.into_iter().map(StructureTag::expect_primitive).collect::<Option<_>>()?;
        let name = sent_as.strip_suffix(SENT_BINARY).unwrap_or(&sent_as).to_owned();
        Some(Attribute { binary: name.len() < sent_as.len() || BINARY.contains(&name.as_str()), name, values })
    }
}

/// It is about somebody: only its size is shown.
impl std::fmt::Debug for Attribute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.values.len())
    }
}

fn constructed(tag: StructureTag) -> Option<Vec<StructureTag>> {
    match tag.payload {
        PL::C(parts) => Some(parts),
        PL::P(_) => None,
    }
}

fn text(tag: StructureTag) -> Option<String> {
    String::from_utf8(tag.expect_primitive()?).ok()
}

#[cfg(test)]
mod tests {
    use ldap3::asn1::TagClass;

    use super::*;

    pub(super) fn nothing() -> StructureTag {
        StructureTag { class: TagClass::Universal, id: 4, payload: PL::P(vec![]) }
    }

    pub(super) fn octets(bytes: &[u8]) -> StructureTag {
        StructureTag { payload: PL::P(bytes.to_vec()), ..nothing() }
    }

    pub(super) fn sequence(parts: Vec<StructureTag>) -> StructureTag {
        StructureTag { payload: PL::C(parts), ..nothing() }
    }

    pub(super) fn attribute(name: &str, values: Vec<StructureTag>) -> StructureTag {
        sequence(vec![octets(name.as_bytes()), sequence(values)])
    }

    pub(super) fn sent(parts: Vec<StructureTag>) -> ResultEntry {
        ResultEntry::new(sequence(parts))
    }

    #[test]
    fn text_is_text_and_the_rest_is_bytes() {
        let attributes = sequence(vec![
            attribute("SN", vec![octets("Lefèvre".as_bytes()), octets(b"")]),
            attribute("jpegPhoto", vec![octets(b"plain")]),
            attribute("supannX;binary", vec![octets(b"plain")]),
            attribute("audio", vec![octets(b"\xff\xd8")]),
        ]);
        let entry = Entry::read(sent(vec![octets(b"uid=x"), attributes])).unwrap();
        assert!(entry.has("JPEGphoto") && !entry.has("photo"));
        let record = entry.into_record();
        assert_eq!(record.get("sn"), [Datum::Text("Lefèvre".to_owned())]);
        assert_eq!(record.get("jpegphoto"), [Datum::Bytes(b"plain".as_slice().into())]);
        assert_eq!(record.get("supannx"), [Datum::Bytes(b"plain".as_slice().into())]);
        assert_eq!(record.get("audio"), [Datum::Bytes(b"\xff\xd8".as_slice().into())]);
    }

    #[test]
    fn what_is_no_entry_is_refused_without_a_panic() {
        let list = || sequence(vec![attribute("sn", vec![octets(b"x")])]);
        for parts in [
            vec![],
            vec![octets(b"uid=x")],
            vec![octets(b"\xff"), list()],
            vec![octets(b"uid=x"), octets(b"x")],
            vec![octets(b"uid=x"), sequence(vec![octets(b"sn")])],
            vec![octets(b"uid=x"), sequence(vec![sequence(vec![octets(b"sn")])])],
            vec![octets(b"uid=x"), sequence(vec![attribute("sn", vec![list()])])],
        ] {
            assert!(Entry::read(sent(parts)).is_none());
        }
        assert!(Entry::read(ResultEntry::new(octets(b"x"))).is_none());
    }
}
