use std::cell::RefCell;
use std::fmt::{self, Write as _};

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::Serialize;

use super::mark::{self, NotAMark};
use super::{Html, Json, Mark, RemoteId, Set, parse_date, parse_date_time};

/// The most diagnostics one answer keeps; past that a broken page would cost more to describe than to read.
const MOST_DIAGNOSTICS: usize = 100;

/// Something in an answer that could not be read. Never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[error("{path}: expected {expected}, found {found}")]
pub struct Diagnostic {
    /// Where, in the server's own names: `ListeTravauxAFaire.V[3].PourLe`.
    pub path: String,
    /// What should have been there.
    pub expected: &'static str,
    /// What was there: a kind of value, never the value.
    pub found: &'static str,
}

/// A part of an answer without which its element cannot exist is absent or unreadable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Malformed(#[from] Box<Diagnostic>);

impl Malformed {
    /// What was wrong, and where.
    #[must_use]
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.0
    }
}

/// What a [`FromWire`] type says of a value it cannot read: what it expected, and what it found instead.
#[derive(Debug, Clone, Copy)]
pub struct Unexpected {
    /// What should have been there, for instance `a date`.
    pub expected: &'static str,
    /// What was there.
    pub found: &'static str,
}

/// One decoded answer, and what was noticed while reading it.
///
/// ```
/// use pronote::wire::{Document, Json};
///
/// let json = Json::parse(r#"{"liste":{"_T":24,"V":[{"L":"a"},{"L":7.5},{}]}}"#).unwrap();
/// let document = Document::new(&json);
/// let labels = document.root().each("liste", |node| node.need::<String>("L"));
/// assert_eq!(labels, ["a", "7.5"]);
/// assert_eq!(document.diagnostics()[0].path, "liste.V[2].L");
/// ```
pub struct Document<'a> {
    root: &'a Json<'a>,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Document<'a> {
    /// Begins to read an answer.
    #[must_use]
    pub fn new(root: &'a Json<'a>) -> Self {
        Document { root, diagnostics: RefCell::default() }
    }

    /// The cursor on the whole answer.
    #[must_use]
    pub fn root(&'a self) -> Node<'a> {
        Node { json: self.root.opened(), document: self }
    }

    /// What could not be read so far.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.borrow().clone()
    }

    fn note(&self, diagnostic: Diagnostic) {
        let mut diagnostics = self.diagnostics.borrow_mut();
        if diagnostics.len() < MOST_DIAGNOSTICS {
            diagnostics.push(diagnostic);
        }
    }

    /// Finds where a node stands by its address, so that reading pays nothing for paths until something is wrong.
    /// Past the diagnostics that are kept nobody reads it, and a search for each of a million would take hours.
    fn path_of(&self, target: &Json<'_>) -> String {
        if self.diagnostics.borrow().len() >= MOST_DIAGNOSTICS {
            return String::new();
        }
        fn search(json: &Json<'_>, target: &Json<'_>, path: &mut String) -> bool {
            if std::ptr::eq(json, target) {
                return true;
            }
            let length = path.len();
            match json {
                Json::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        let _ = write!(path, "[{index}]");
                        if search(item, target, path) {
                            return true;
                        }
                        path.truncate(length);
                    }
                }
                Json::Object(members) => {
                    for (name, value) in members {
                        let dot = if length == 0 { "" } else { "." };
                        let _ = write!(path, "{dot}{name}");
                        if search(value, target, path) {
                            return true;
                        }
                        path.truncate(length);
                    }
                }
                _ => {}
            }
            false
        }
        let mut path = String::new();
        search(self.root, target, &mut path);
        path
    }
}

/// A cursor on one value of an answer. Typed values are already opened.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    json: &'a Json<'a>,
    document: &'a Document<'a>,
}

impl<'a> Node<'a> {
    /// The value under the cursor.
    #[must_use]
    pub fn json(self) -> &'a Json<'a> {
        self.json
    }

    /// The member of that name, opened; `None` when it is absent or `null`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        let json = self.json.get(key)?.opened();
        (!matches!(json, Json::Null)).then_some(Node { json, document: self.document })
    }

    /// A node without members, in place of one that is absent.
    #[must_use]
    pub fn empty(self) -> Node<'a> {
        static EMPTY: Json<'static> = Json::Object(Vec::new());
        Node { json: &EMPTY, document: self.document }
    }

    /// The first of several names that is there: servers of different years spell some fields differently.
    #[must_use]
    pub fn get_any(self, keys: &[&str]) -> Option<Node<'a>> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// Whether a member of that name is there and not `null`.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value itself as `T`; a mistyped one is noted and gives `None`.
    #[must_use]
    pub fn value<T: FromWire<'a>>(self) -> Option<T> {
        match T::from_wire(self) {
            Ok(value) => Some(value),
            Err(unexpected) => {
                self.document.note(self.diagnostic(unexpected));
                None
            }
        }
    }

    /// The member as `T`; absent gives `None`, mistyped is noted and gives `None`.
    #[must_use]
    pub fn read<T: FromWire<'a>>(self, key: &str) -> Option<T> {
        self.get(key)?.value()
    }

    /// The first of several members that is there, as `T`.
    #[must_use]
    pub fn read_any<T: FromWire<'a>>(self, keys: &[&str]) -> Option<T> {
        self.get_any(keys)?.value()
    }

    /// The member as `T`, without which this element cannot exist.
    ///
    /// # Errors
    /// It is absent or mistyped; nothing is noted yet, the caller decides what is lost.
    pub fn need<T: FromWire<'a>>(self, key: &str) -> Result<T, Malformed> {
        let node = self.need_node(key)?;
        T::from_wire(node).map_err(|unexpected| Malformed(Box::new(node.diagnostic(unexpected))))
    }

    /// The member as a node, without which this element cannot exist.
    ///
    /// # Errors
    /// It is absent.
    pub fn need_node(self, key: &str) -> Result<Node<'a>, Malformed> {
        self.get(key).ok_or_else(|| self.missing(key))
    }

    /// The error of a member that should have been there.
    #[must_use]
    pub fn missing(self, key: &str) -> Malformed {
        let mut path = self.document.path_of(self.json);
        let dot = if path.is_empty() { "" } else { "." };
        let _ = write!(path, "{dot}{key}");
        Malformed(Box::new(Diagnostic { path, expected: "a value", found: "nothing" }))
    }

    /// The error of a value that is there and makes no sense.
    #[must_use]
    pub fn unexpected(self, expected: &'static str) -> Malformed {
        Malformed(Box::new(self.diagnostic(Unexpected { expected, found: self.json.kind() })))
    }

    /// A yes or no; absent is no.
    #[must_use]
    pub fn flag(self, key: &str) -> bool {
        self.read(key).unwrap_or(false)
    }

    /// A text; absent is empty.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.read(key).unwrap_or_default()
    }

    /// A part read by a decoder; absent gives `None`, malformed is noted and gives `None`.
    pub fn maybe<T>(self, key: &str, decode: impl FnOnce(Node<'a>) -> Result<T, Malformed>) -> Option<T> {
        self.get(key)?.or_note(decode)
    }

    /// Reads this node with a decoder; a malformed one is noted and gives `None`.
    pub fn or_note<T>(self, decode: impl FnOnce(Node<'a>) -> Result<T, Malformed>) -> Option<T> {
        match decode(self) {
            Ok(value) => Some(value),
            Err(Malformed(diagnostic)) => {
                self.document.note(*diagnostic);
                None
            }
        }
    }

    /// Every element of a list that a decoder can read; the others are noted and left out.
    pub fn each<T>(self, key: &str, decode: impl Fn(Node<'a>) -> Result<T, Malformed>) -> Vec<T> {
        let mut elements: Vec<T> = self.items(key).filter_map(|node| node.or_note(&decode)).collect();
        // Models are kept as long as a session or a page is, and growing leaves up to half of a list's room empty.
        elements.shrink_to_fit();
        elements
    }

    /// The elements of a list. Absent is empty; a single element stands for a list of one (`_T` 24 holds both).
    pub fn items(self, key: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let document = self.document;
        let items = match self.get(key).map(|node| node.json) {
            None => [].iter(),
            Some(Json::Array(items)) => items.iter(),
            Some(single @ Json::Object(_)) => std::slice::from_ref(single).iter(),
            Some(other) => {
                let unexpected = Unexpected { expected: "a list", found: other.kind() };
                document.note(Node { json: other, document }.diagnostic(unexpected));
                [].iter()
            }
        };
        items.map(move |json| Node { json: json.opened(), document })
    }

    fn diagnostic(self, unexpected: Unexpected) -> Diagnostic {
        let Unexpected { expected, found } = unexpected;
        Diagnostic { path: self.document.path_of(self.json), expected, found }
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({} at {:?})", self.json.kind(), self.document.path_of(self.json))
    }
}

/// A type that one value of an answer can be read as.
pub trait FromWire<'a>: Sized {
    /// Reads the value under the cursor.
    ///
    /// # Errors
    /// The value is of another kind, or makes no sense.
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected>;
}

fn unexpected<'a, T>(expected: &'static str, node: Node<'a>) -> Result<T, Unexpected> {
    let found = match node.json {
        Json::Text(_) => "another text",
        Json::Number(_) => "another number",
        json => json.kind(),
    };
    Err(Unexpected { expected, found })
}

/// Texts are often numbers and numbers texts, depending on the year of the server.
impl<'a> FromWire<'a> for String {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        match node.json {
            Json::Text(text) => Ok(text.as_ref().to_owned()),
            Json::Number(number) => Ok(number.to_string()),
            _ => unexpected("a text", node),
        }
    }
}

impl<'a> FromWire<'a> for &'a str {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        match node.json {
            Json::Text(text) => Ok(text),
            _ => unexpected("a text", node),
        }
    }
}

impl<'a> FromWire<'a> for bool {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        match node.json {
            Json::Bool(value) => Ok(*value),
            Json::Number(number) if number.as_u64() == Some(0) => Ok(false),
            Json::Number(number) if number.as_u64() == Some(1) => Ok(true),
            Json::Text(text) if ["1", "true", "vrai"].iter().any(|yes| text.eq_ignore_ascii_case(yes)) => Ok(true),
            Json::Text(text) if ["", "0", "false", "faux"].iter().any(|no| text.eq_ignore_ascii_case(no)) => Ok(false),
            _ => unexpected("a yes or no", node),
        }
    }
}

impl<'a> FromWire<'a> for i64 {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        let number = match node.json {
            // Whole doubles such as `2.0` are integers written by another serialiser.
            Json::Number(number) => number.as_i64().or_else(|| number.to_string().strip_suffix(".0")?.parse().ok()),
            Json::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.map_or_else(|| unexpected("a whole number", node), Ok)
    }
}

macro_rules! smaller_integers {
    ($($type:ty),*) => {$(
        impl<'a> FromWire<'a> for $type {
            fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
                Self::try_from(i64::from_wire(node)?).or_else(|_| unexpected("a smaller whole number", node))
            }
        }
    )*};
}
smaller_integers!(u8, u16, u32, u64);

impl<'a> FromWire<'a> for Decimal {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        let number = match node.json {
            Json::Number(number) => mark::decimal(&number.to_string()),
            Json::Text(text) => mark::decimal(text),
            _ => None,
        };
        number.map_or_else(|| unexpected("a decimal number", node), Ok)
    }
}

impl<'a> FromWire<'a> for Date {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        <&str>::from_wire(node).ok().and_then(parse_date).map_or_else(|| unexpected("a date", node), Ok)
    }
}

impl<'a> FromWire<'a> for DateTime {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        <&str>::from_wire(node).ok().and_then(parse_date_time).map_or_else(|| unexpected("a date and time", node), Ok)
    }
}

impl<'a> FromWire<'a> for Set {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        <&str>::from_wire(node).ok().and_then(Set::parse).map_or_else(|| unexpected("a set of numbers", node), Ok)
    }
}

/// Empty marks are "no mark": read them as `Option<Mark>`.
impl<'a> FromWire<'a> for Option<Mark> {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        let read = match node.json {
            Json::Text(text) => Mark::parse(text),
            Json::Number(number) => Mark::parse(&number.to_string()),
            _ => Err(NotAMark),
        };
        read.or_else(|NotAMark| unexpected("a mark", node))
    }
}

impl<'a> FromWire<'a> for Html {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        String::from_wire(node).map(Html::new)
    }
}

impl<'a> FromWire<'a> for RemoteId {
    fn from_wire(node: Node<'a>) -> Result<Self, Unexpected> {
        match String::from_wire(node)? {
            none if none.is_empty() || none == "0" => unexpected("an identifier", node),
            id => Ok(RemoteId::new(id)),
        }
    }
}

impl<'a> Node<'a> {
    /// The identifier `N` of an element; `"0"` and absent are none.
    #[must_use]
    pub fn id(self) -> Option<RemoteId> {
        RemoteId::from_wire(self.get("N")?).ok()
    }

    /// A mark; an absent or empty one is none.
    #[must_use]
    pub fn mark(self, key: &str) -> Option<Mark> {
        self.read::<Option<Mark>>(key).flatten()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn reading<T>(text: &str, read: impl FnOnce(Node<'_>) -> T) -> (T, Vec<Diagnostic>) {
        let json = Json::parse(text).unwrap();
        let document = Document::new(&json);
        let value = read(document.root());
        (value, document.diagnostics())
    }

    #[test]
    fn one_bad_element_costs_that_element() {
        let text = r#"{"liste":[{"d":{"_T":7,"V":"01/09/2025"}},{"d":{"_T":7,"V":"31/02/2025"}},{"d":3},{}]}"#;
        let (dates, noted) = reading(text, |root| root.each("liste", |node| node.need::<Date>("d")));
        assert_eq!(dates, [date(2025, 9, 1)]);
        let paths: Vec<_> = noted.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, ["liste[1].d.V", "liste[2].d", "liste[3].d"]);
    }

    #[test]
    fn a_mistyped_optional_field_costs_that_field() {
        let (value, noted) = reading(r#"{"a":{"x":1}}"#, |root| root.read::<i64>("a"));
        assert_eq!(value, None);
        assert_eq!(noted[0].to_string(), "a: expected a whole number, found an object");
    }

    #[test]
    fn no_value_is_told_in_a_diagnostic() {
        let (_, noted) = reading(r#"{"a":"Durand"}"#, |root| root.read::<Date>("a"));
        assert!(!format!("{noted:?}").contains("Durand"));
    }

    #[test]
    fn a_single_element_stands_for_a_list_of_one() {
        let (labels, noted) =
            reading(r#"{"l":{"_T":24,"V":{"L":"a"}}}"#, |root| root.each("l", |node| node.need::<String>("L")));
        assert_eq!((labels, noted), (vec!["a".to_owned()], vec![]));
    }

    #[test]
    fn absent_null_and_zero_identifiers_are_none() {
        for text in ["{}", r#"{"N":null}"#, r#"{"N":"0"}"#, r#"{"N":0}"#, r#"{"N":""}"#] {
            assert_eq!(reading(text, |root| root.id().is_none()), (true, vec![]), "{text}");
        }
    }

    #[test]
    fn a_broken_page_keeps_a_bounded_number_of_diagnostics() {
        // As many as a body can hold: a search for the path of each would not end.
        let text = format!("{{\"l\":[{}]}}", vec!["1"; 200_000].join(","));
        let (_, noted) = reading(&text, |root| root.each("l", |node| node.need::<String>("L")));
        assert_eq!(noted.len(), MOST_DIAGNOSTICS);
    }
}
