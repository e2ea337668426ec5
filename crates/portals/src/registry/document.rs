//! From a file to rows of fields, each with its line: what a row may say is known by name here (portals §4.2).

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, map};

use super::Fault;

/// The names of the fields of a row.
const FIELDS: [&str; 37] = [
    "id",
    "extends",
    "override",
    "aliases",
    "display",
    "region",
    "status",
    "replaced_by",
    "verified",
    "evidence",
    "family",
    "entry.mode",
    "entry.url",
    "entry.cas_root",
    "entry.set_query",
    "detect.hosts",
    "detect.query",
    "profiles.pupil",
    "profiles.guardian",
    "profiles.staff",
    "wayf",
    "form",
    "hosts.navigate",
    "hosts.credentials",
    "hosts.assertion",
    "markers.wrong",
    "markers.locked",
    "markers.renew",
    "markers.activate",
    "markers.mfa",
    "markers.closed",
    "markers.overload",
    "markers.no_account",
    "markers.service",
    "limits",
    "steps",
    "notes",
];

/// The fields that are of their row alone, and that no other row takes over.
const OWN: [&str; 4] = ["id", "extends", "override", "aliases"];

/// A row as it is written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The file that it is in.
    pub(super) file: String,
    /// The line that it begins at.
    pub(super) line: usize,
    /// Its fields, by the names of [`FIELDS`].
    pub(super) fields: BTreeMap<&'static str, Item>,
}

/// A value and the place of it.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The file, as a field may come from a row of another one.
    pub(super) file: String,
    /// The line.
    pub(super) line: usize,
    /// The value.
    pub(super) value: Value,
}

/// What can stand behind a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Flag(bool),
    Number(i64),
    Date(Date),
    List(Vec<Item>),
    Table(Vec<(String, Item)>),
    Other,
}

/// Values are the same wherever they are written.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Written {
    /// Takes over what this row does not say from another one.
    pub(super) fn extend(&mut self, base: &Written) {
        for (name, item) in &base.fields {
            if !OWN.contains(name) {
                self.fields.entry(name).or_insert_with(|| item.clone());
            }
        }
    }

    /// The text of a field, when it is one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.fields.get(name).map(|item| &item.value) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The line of a field, or of the row.
    pub(super) fn line_of(&self, name: &str) -> usize {
        self.fields.get(name).map_or(self.line, |item| item.line)
    }

    /// The names of the fields that say another thing than in another row.
    pub(super) fn differences(&self, other: &Written) -> Vec<String> {
        FIELDS
            .iter()
            .filter(|name| !OWN[1..3].contains(name) && self.fields.get(*name) != other.fields.get(*name))
            .map(|name| (*name).to_owned())
            .collect()
    }
}

/// Reads the rows of a file. Those that a fault lies in are left out.
pub(super) fn rows(file: &str, text: &str) -> (Vec<Written>, Vec<Fault>) {
    let place = Place { file, lines: lines(text) };
    let (document, errors) = DeTable::parse_recoverable(text);
    let broken: Vec<usize> = errors.iter().map(|error| error.span().map_or(1, |span| place.line(span.start))).collect();
    let mut faults: Vec<Fault> =
        errors.iter().zip(&broken).map(|(error, line)| place.fault(*line, error.message().trim())).collect();
    let mut written = Vec::new();
    if let Err(fault) = schema(&place, document.get_ref()) {
        faults.push(fault);
        return (written, faults);
    }
    for (key, value) in document.get_ref() {
        let line = place.line(key.span().start);
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("schema", _) => {}
            ("portal", DeValue::Array(array)) => {
                for row in array {
                    match row.get_ref() {
                        DeValue::Table(table) => match place.row(place.line(row.span().start), table) {
                            Ok(row) => written.push(row),
                            Err(more) => faults.extend(more),
                        },
                        _ => faults.push(place.fault(place.line(row.span().start), "a portal is a `[[portal]]` table")),
                    }
                }
            }
            ("portal", _) => faults.push(place.fault(line, "a portal begins with `[[portal]]`, in two brackets")),
            (other, _) => {
                let hint = meant(other, &["schema", "portal"]);
                faults.push(place.fault(line, &format!("`{other}` is unknown here{hint}")));
            }
        }
    }
    written.sort_by_key(|row| row.line);
    let starts: Vec<usize> = written.iter().map(|row| row.line).chain([usize::MAX]).collect();
    let mut next = starts.iter().skip(1);
    written.retain(|row| {
        let end = next.next().copied().unwrap_or(usize::MAX);
        !broken.iter().any(|line| (row.line..end).contains(line))
    });
    faults.sort_by_key(|fault| fault.line);
    (written, faults)
}

/// The version of these files.
fn schema(place: &Place<'_>, document: &DeTable<'_>) -> Result<(), Fault> {
    match document.get("schema").map(|value| (place.line(value.span().start), value.get_ref())) {
        Some((_, DeValue::Integer(number))) if number.to_string() == "1" => Ok(()),
        Some((line, _)) => Err(place.fault(line, "this program reads files of `schema = 1`")),
        None => Err(place.fault(1, "the file begins with `schema = 1`")),
    }
}

/// What was probably meant by a word that is none of those known: a part of a sentence, or nothing.
pub(super) fn meant(word: &str, known: &[&str]) -> String {
    let leaf = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    known
        .iter()
        .map(|name| {
            let whole = strsim::damerau_levenshtein(word, name);
            // `mode` for `entry.mode`: only the place is wrong.
            (if leaf(word) == leaf(name) { whole.min(1) } else { whole }, name)
        })
        .min()
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3))
        .map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"))
}

/// A file, and where its lines begin.
struct Place<'a> {
    file: &'a str,
    lines: Vec<usize>,
}

fn lines(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

impl Place<'_> {
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    fn fault(&self, line: usize, why: &str) -> Fault {
        Fault { file: self.file.to_owned(), line, why: why.to_owned() }
    }

    /// One row: every field by its whole name.
    fn row(&self, line: usize, table: &DeTable<'_>) -> Result<Written, Vec<Fault>> {
        let mut row = Written { file: self.file.to_owned(), line, fields: BTreeMap::new() };
        let mut faults = Vec::new();
        let name = match table.get("id").map(Spanned::get_ref) {
            Some(DeValue::String(id)) => format!("portal `{id}`: "),
            _ => String::new(),
        };
        for (key, value) in table {
            let group = key.get_ref().as_ref();
            let groups = FIELDS.iter().filter_map(|field| field.split_once('.')).any(|(first, _)| first == group);
            match value.get_ref() {
                DeValue::Table(inner) if groups => {
                    for (key, value) in inner {
                        self.field(&mut row, &mut faults, &name, &format!("{group}.{}", key.get_ref()), key, value);
                    }
                }
                _ if groups => {
                    let line = self.line(key.span().start);
                    faults.push(self.fault(line, &format!("{name}`{group}` is a table of fields")));
                }
                _ => self.field(&mut row, &mut faults, &name, group, key, value),
            }
        }
        if faults.is_empty() { Ok(row) } else { Err(faults) }
    }

    fn field(
        &self,
        row: &mut Written,
        faults: &mut Vec<Fault>,
        of: &str,
        name: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let line = self.line(key.span().start);
        match FIELDS.iter().find(|field| **field == name) {
            Some(field) => {
                row.fields.insert(field, Item { line, ..self.item(value) });
            }
            None => faults.push(self.fault(line, &format!("{of}`{name}` is unknown{}", meant(name, &FIELDS)))),
        }
    }

    fn item(&self, value: &Spanned<DeValue<'_>>) -> Item {
        let file = self.file.to_owned();
        let line = self.line(value.span().start);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Integer(number) => number.to_string().parse().map_or(Value::Other, Value::Number),
            DeValue::Datetime(moment) => match (moment.date, moment.time) {
                (Some(day), None) => day.to_string().parse().map_or(Value::Other, Value::Date),
                _ => Value::Other,
            },
            DeValue::Array(array) => Value::List(array.iter().map(|item| self.item(item)).collect()),
            DeValue::Table(table) => Value::Table(self.pairs(table.iter())),
            DeValue::Float(_) => Value::Other,
        };
        Item { file, line, value }
    }

    fn pairs<'t, 'i: 't>(
        &self,
        table: map::Iter<'t, Spanned<std::borrow::Cow<'i, str>>, Spanned<DeValue<'i>>>,
    ) -> Vec<(String, Item)> {
        table
            .map(|(key, value)| {
                (key.get_ref().clone().into_owned(), Item { line: self.line(key.span().start), ..self.item(value) })
            })
            .collect()
    }
}
