//! The school file: the whole base as TOML, so that anybody can write a school of their own.
//!
//! Every section is a list of things with a number (`id`), and things name each other by number. Sections that a school does not
//! need may be left out. Dates and times are texts: `"2025-09-01"`, `"2025-09-01T08:00:00"`, `"08:00:00"`.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::School;
use super::check::{Finding, check};
use crate::Clock;

/// How many faults are told at once.
const MOST_FAULTS: usize = 20;

/// What is wrong with a school file; one line of text for each fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct FileError(Vec<Fault>);

impl FileError {
    /// The faults, at most twenty.
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

/// One fault of a school file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1; none where the file has no line for it.
    pub line: Option<usize>,
    /// The field, such as `lessons[3].subject`; elements are counted by their `id`. Empty in a text that is not TOML.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if !self.field.is_empty() {
            write!(out, "{}: ", self.field)?;
        }
        out.write_str(&self.problem)
    }
}

impl School {
    /// Writes the whole base.
    ///
    /// # Errors
    ///
    /// A base with a text or number that TOML cannot hold; a base read from a file or invented here has none.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// Reads a base from a file's text.
    ///
    /// # Errors
    ///
    /// A text that is not TOML, a section or field that is missing, unknown or of the wrong kind, or a number that leads nowhere.
    pub fn from_toml(text: &str, clock: Clock) -> Result<Self, FileError> {
        let school: Self = toml::from_str(text).map_err(|error| {
            let table = DeTable::parse(text).ok();
            let span = error.span();
            let field = match (&span, &table) {
                (Some(span), Some(table)) => path_of(table.get_ref(), span).unwrap_or_default(),
                _ => String::new(),
            };
            let line = span.map(|span| line_of(text, span.start));
            FileError(vec![Fault { line, field, problem: error.message().to_owned() }])
        })?;
        let school = Self { clock, ..school };
        let findings = check(&school);
        if findings.is_empty() {
            return Ok(school);
        }
        let table = DeTable::parse(text).ok();
        let fault = |finding: Finding| {
            let span = table.as_ref().and_then(|table| span_of(table.get_ref(), &finding));
            let id = finding.id.map(|id| format!("[{id}]")).unwrap_or_default();
            Fault {
                line: span.map(|span| line_of(text, span.start)),
                field: format!("{}{id}.{}", finding.section, finding.field),
                problem: finding.problem,
            }
        };
        Err(FileError(findings.into_iter().take(MOST_FAULTS).map(fault).collect()))
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The field that a place in the text belongs to: `lessons[3].subject`.
fn path_of(table: &DeTable<'_>, place: &Range<usize>) -> Option<String> {
    let holds = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
    for (name, value) in table {
        if holds(name.span()) {
            return Some(name.get_ref().to_string());
        }
        let below = match value.get_ref() {
            DeValue::Table(inner) => path_of(inner, place).map(|path| format!(".{path}")),
            DeValue::Array(items) => items.iter().find_map(|item| {
                let DeValue::Table(inner) = item.get_ref() else { return None };
                let path = path_of(inner, place).map(|path| format!(".{path}"));
                let path = path.or_else(|| holds(item.span()).then(String::new))?;
                let id = inner.get("id").map(number).unwrap_or_default();
                Some(format!("[{id}]{path}"))
            }),
            _ => None,
        };
        if let Some(below) = below {
            return Some(format!("{}{below}", name.get_ref()));
        }
        if holds(value.span()) {
            return Some(name.get_ref().to_string());
        }
    }
    None
}

/// Where the field of a finding stands, or its element where the field is left out.
fn span_of(table: &DeTable<'_>, finding: &Finding) -> Option<Range<usize>> {
    let mut value = None;
    let mut inside = table;
    for name in finding.section.split('.') {
        let found = inside.get(name)?;
        if let DeValue::Table(table) = found.get_ref() {
            inside = table;
        }
        value = Some(found);
    }
    if let (Some(id), Some(DeValue::Array(items))) = (finding.id, value.map(Spanned::get_ref)) {
        let wanted = id.to_string();
        // The last of two elements with the same number is the one too many.
        let (item, fields) = items.iter().rev().find_map(|item| match item.get_ref() {
            DeValue::Table(fields) if fields.get("id").map(number) == Some(wanted.clone()) => Some((item, fields)),
            _ => None,
        })?;
        return Some(fields.get(finding.field).map_or_else(|| item.span(), Spanned::span));
    }
    inside.get(finding.field).map(Spanned::span).or_else(|| value.map(Spanned::span))
}

/// A number as it stands in the file.
fn number(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::Integer(integer) => integer.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// The smallest school that is worth having.
    const SMALL: &str = include_str!("small.toml");

    fn clock() -> Clock {
        Clock::Fixed(date(2025, 11, 20).at(10, 15, 0, 0))
    }

    fn first_fault(text: &str) -> Fault {
        School::from_toml(text, clock()).unwrap_err().faults()[0].clone()
    }

    #[test]
    fn a_written_school_reads_back_the_same() {
        let school = School::demo(clock());
        let text = school.to_toml().unwrap();
        let again = School::from_toml(&text, clock()).unwrap();
        assert!(text == again.to_toml().unwrap());
    }

    #[test]
    fn a_small_school_needs_few_sections() {
        let school = School::from_toml(SMALL, clock()).unwrap();
        assert_eq!(school.people.len(), 3);
        let pupil = school.people.first().unwrap();
        let entries = school.timetable(super::super::Whose::Pupil(pupil), date(2025, 11, 17), date(2025, 11, 21));
        assert_eq!(entries.len(), 1);
    }

    #[test]
    fn a_fault_of_form_says_line_and_field() {
        let fault = first_fault(&SMALL.replace("day = 0", "day = \"Monday\""));
        let line = SMALL.lines().position(|line| line == "day = 0").unwrap() + 1;
        assert_eq!((fault.line, fault.field.as_str()), (Some(line), "lessons[1].day"));
        let fault = first_fault(&SMALL.replace("surname =", "nickname ="));
        assert!(fault.problem.contains("nickname") && fault.line.is_some(), "{fault}");
        assert_eq!(first_fault("name = ").line, Some(1));
    }

    #[test]
    fn a_number_that_leads_nowhere_says_line_and_field() {
        let fault = first_fault(&SMALL.replace("teachers = [3]", "teachers = [33]"));
        let line = SMALL.lines().position(|line| line == "teachers = [3]").unwrap() + 1;
        assert_eq!(fault.to_string(), format!("line {line}: lessons[1].teachers: there is no person 33"));
        let fault = first_fault(&SMALL.replace("\nslots = 2\n", "\nslots = 40\n"));
        assert_eq!(fault.field, "lessons[1].slot");
    }

    #[test]
    fn a_number_used_twice_is_found() {
        let twice = format!("{SMALL}\n[[rooms]]\nid = 1\nname = \"A\"\n[[rooms]]\nid = 1\nname = \"B\"\n");
        assert!(first_fault(&twice).to_string().ends_with("rooms[1].id: this number is used twice"));
    }
}
