//! Reads tables key by key, and notes everything that is wrong rather than the first thing only.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Fault;
use crate::expression::unknown;

/// What was found out besides the settings.
#[derive(Default)]
pub(super) struct Notes {
    faults: RefCell<Vec<Fault>>,
    warnings: RefCell<Vec<Fault>>,
}

impl Notes {
    /// Notes that something is wrong.
    pub(super) fn fault(&self, span: Range<usize>, what: impl Into<String>) {
        self.faults.borrow_mut().push(Fault { span, what: what.into() });
    }

    /// Notes that something works, and should not be so.
    pub(super) fn warn(&self, span: Range<usize>, what: impl Into<String>) {
        self.warnings.borrow_mut().push(Fault { span, what: what.into() });
    }

    /// What is wrong, or else the warnings, in the order of the text.
    pub(super) fn finish(self) -> Result<Vec<Fault>, Vec<Fault>> {
        let sorted = |mut faults: Vec<Fault>| {
            faults.sort_by(|a, b| (a.span.start, &a.what).cmp(&(b.span.start, &b.what)));
            faults
        };
        let faults = sorted(self.faults.into_inner());
        if faults.is_empty() { Ok(sorted(self.warnings.into_inner())) } else { Err(faults) }
    }
}

/// A table on its way to become settings. Its keys are taken one by one; what nobody took is unknown.
pub(super) struct Section<'n, 't> {
    /// Where it is.
    pub(super) span: Range<usize>,
    pub(super) notes: &'n Notes,
    name: String,
    given: DeTable<'t>,
    known: Vec<&'static str>,
    taken: Vec<&'static str>,
}

impl<'n, 't> Section<'n, 't> {
    pub(super) fn new(name: &str, table: Spanned<DeTable<'t>>, notes: &'n Notes) -> Self {
        Section {
            span: table.span(),
            notes,
            name: name.to_owned(),
            given: table.into_inner(),
            known: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// Notes that something is wrong.
    pub(super) fn fault(&self, span: Range<usize>, what: impl Into<String>) {
        self.notes.fault(span, what);
    }

    /// Notes that something works, and should not be so.
    pub(super) fn warn(&self, span: Range<usize>, what: impl Into<String>) {
        self.notes.warn(span, what);
    }

    /// Whether anything was wrong so far, so that what is missing may be a consequence.
    pub(super) fn has_faults(&self) -> bool {
        !self.notes.faults.borrow().is_empty()
    }

    /// Ends: what is left is unknown.
    pub(super) fn finish(self) {
        for (key, _) in &self.given {
            let what = unknown(key.get_ref(), self.known.iter().copied());
            self.notes.fault(key.span(), format!("[{}]: {what}", self.name));
        }
    }

    /// What is left, for whoever knows more keys.
    pub(super) fn rest(self) -> Spanned<DeTable<'t>> {
        Spanned::new(self.span, self.given)
    }

    /// The name by which a key of it is spoken of.
    fn called(&self, key: &str) -> String {
        format!("[{}]: `{key}`", self.name)
    }

    /// Takes a key, whatever it holds.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.known.push(name);
        let (key, value) = self.given.remove_entry(name)?;
        self.taken.push(name);
        // The place of the key, too: a value may begin on a later line.
        Some(Spanned::new(key.span().start..value.span().end, value.into_inner()))
    }

    /// Whether a key was asked for and given.
    pub(super) fn took(&self, name: &str) -> bool {
        self.taken.contains(&name)
    }

    /// Where a key is that was not taken yet.
    pub(super) fn place(&self, name: &str) -> Option<Range<usize>> {
        self.given.get_key_value(name).map(|(key, value)| key.span().start..value.span().end)
    }

    /// A value that is left in its place, if it is there.
    pub(super) fn peek(&self, name: &str) -> Option<&DeValue<'t>> {
        self.given.get(name).map(Spanned::get_ref)
    }

    /// Takes a key and reads it; what is not of its form is wrong.
    fn read<T>(
        &mut self,
        name: &'static str,
        form: &str,
        read: impl FnOnce(DeValue<'t>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let value = self.take(name)?;
        let span = value.span();
        match read(value.into_inner()) {
            Some(value) => Some(Spanned::new(span, value)),
            None => {
                self.fault(span, format!("{} has to be {form}", self.called(name)));
                None
            }
        }
    }

    /// Takes a text.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Spanned<String>> {
        self.read(name, "a text", |value| value.as_str().map(str::to_owned))
    }

    /// Takes a text that has to be there.
    pub(super) fn required(&mut self, name: &'static str) -> Option<Spanned<String>> {
        if !self.given.contains_key(name) {
            self.known.push(name);
            self.fault(self.span.clone(), format!("{} is missing", self.called(name)));
            return None;
        }
        self.text(name)
    }

    /// Takes one of a few words.
    pub(super) fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        let written: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let form = match written.as_slice() {
            [one] => one.clone(),
            _ => format!("one of {}", written.join(", ")),
        };
        let find = |value: DeValue<'t>| words.iter().find(|(word, _)| Some(*word) == value.as_str()).map(|(_, t)| *t);
        self.read(name, &form, find).map(Spanned::into_inner)
    }

    /// Takes a flag.
    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.read(name, "true or false", |value| value.as_bool()).map(Spanned::into_inner)
    }

    /// Takes a whole number.
    pub(super) fn number(&mut self, name: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let form = format!("a number from {} to {}", range.start(), range.end());
        let read = |value: DeValue<'t>| {
            let number = value.as_integer()?;
            u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| range.contains(number))
        };
        self.read(name, &form, read).map(Spanned::into_inner)
    }

    /// Takes a list of texts, or one text.
    pub(super) fn texts(&mut self, name: &'static str) -> Option<Vec<Spanned<String>>> {
        let value = self.take(name)?;
        let span = value.span();
        let texts = match value.into_inner() {
            DeValue::String(text) => Some(vec![Spanned::new(span.clone(), text.into_owned())]),
            DeValue::Array(items) => {
                let text =
                    |item: Spanned<DeValue<'t>>| Some(Spanned::new(item.span(), item.get_ref().as_str()?.to_owned()));
                items.into_iter().map(text).collect()
            }
            _ => None,
        };
        if texts.is_none() {
            self.fault(span, format!("{} has to be a list of texts", self.called(name)));
        }
        texts
    }

    /// Takes a table, or nothing of the sort, which is an empty one.
    pub(super) fn table(&mut self, name: &'static str) -> Option<Section<'n, 't>> {
        let full = format!("{}.{name}", self.name);
        let form = format!("a table: write `[{full}]`, and its keys below");
        let read = |value| if let DeValue::Table(table) = value { Some(table) } else { None };
        let table = self.read(name, &form, read)?;
        Some(Section::new(&full, table, self.notes))
    }

    /// Takes a list of tables.
    pub(super) fn tables(&mut self, name: &'static str) -> Vec<Section<'n, 't>> {
        let full = format!("{}.{name}", self.name);
        let form = format!("a list of tables: write `[[{full}]]`, and its keys below");
        let read = |value| {
            let DeValue::Array(items) = value else { return None };
            let table = |item: Spanned<DeValue<'t>>| match (item.span(), item.into_inner()) {
                (span, DeValue::Table(table)) => Some(Spanned::new(span, table)),
                _ => None,
            };
            items.into_iter().map(table).collect::<Option<Vec<_>>>()
        };
        let tables = self.read(name, &form, read).map(Spanned::into_inner).unwrap_or_default();
        tables.into_iter().map(|table| Section::new(&full, table, self.notes)).collect()
    }

    /// Takes a table that knows how to read itself, or its default.
    pub(super) fn whole<T: DeserializeOwned + Default>(
        &mut self,
        name: &'static str,
        faults: impl FnOnce(&T) -> Vec<String>,
    ) -> T {
        let Some(section) = self.table(name) else { return T::default() };
        let (span, called) = (section.span.clone(), section.name.clone());
        match T::deserialize(toml::de::Deserializer::from(section.rest())) {
            Ok(settings) => {
                faults(&settings).into_iter().for_each(|what| self.fault(span.clone(), format!("[{called}]: {what}")));
                settings
            }
            Err(error) => {
                self.fault(error.span().unwrap_or(span), format!("[{called}]: {}", error.message()));
                T::default()
            }
        }
    }

    /// The keys that are left, each with a text as its value; others are wrong.
    pub(super) fn pairs(self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (key, value) in &self.given {
            match value.get_ref().as_str() {
                Some(text) => pairs.push((key.get_ref().to_string(), text.to_owned())),
                None => self.fault(value.span(), format!("{} has to be a text", self.called(key.get_ref()))),
            }
        }
        pairs
    }

    /// The tables that are left, each by its name; others are wrong.
    pub(super) fn named(self) -> Vec<(String, Section<'n, 't>)> {
        let mut sections = Vec::new();
        for (key, value) in self.given {
            let full = format!("{}.{}", self.name, key.get_ref());
            match (value.span(), value.into_inner()) {
                (span, DeValue::Table(table)) => {
                    let section = Section::new(&full, Spanned::new(span, table), self.notes);
                    sections.push((key.into_inner().into_owned(), section));
                }
                (span, _) => self.notes.fault(span, format!("`{full}` has to be a table")),
            }
        }
        sections
    }
}
