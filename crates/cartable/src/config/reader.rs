//! Reads a document section by section, and notes everything that is wrong with it rather than the first thing only.
//!
//! A section takes its keys one by one: name, default and meaning of a key stand together, in the code that takes it, and
//! the sample and the reference are written from there. What nobody took is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::secret::Source;
use super::value::{self, Size, Value};
use crate::input;

/// The variables of the process.
pub(crate) type Environment = BTreeMap<String, String>;

/// How alike two names are, from 0 to 1, when one may be meant by the other.
const ALIKE: f64 = 0.8;

/// What a certificate in PEM begins with.
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// The largest file of certificates: every authority that browsers trust fits several times.
const MOST_PEM_BYTES: u64 = 2 << 20;

/// Where something was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A line of the file, counted from 1.
    Line(PathBuf, usize),
    /// A variable.
    Variable(String),
}

/// Something that is wrong, or worth a warning, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    place: Place,
    what: String,
}

impl Finding {
    /// Something at a place.
    pub(super) fn new(place: Place, what: String) -> Self {
        Finding { place, what }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Line(file, line) => write!(f, "{}:{line}: {}", file.display(), self.what),
            Place::Variable(name) => write!(f, "{name}: {}", self.what),
        }
    }
}

/// What reading found out besides the settings.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// What is wrong, in the order of the lines.
    pub(crate) faults: Vec<Finding>,
    /// What works, and should not be so.
    pub(crate) warnings: Vec<Finding>,
    /// What was given, and is used.
    pub(crate) given: Vec<Finding>,
    /// Every section and key there is.
    pub(crate) known: Vec<KnownSection>,
    /// The sections that are there, and read elsewhere.
    pub(crate) aside: Vec<&'static str>,
}

/// A section as it is documented.
#[derive(Debug)]
pub(crate) struct KnownSection {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is about.
    pub(crate) about: &'static str,
    /// Its keys.
    pub(crate) keys: Vec<KnownKey>,
}

/// A key as it is documented.
#[derive(Debug)]
pub(crate) struct KnownKey {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its default, or an example if it has none, as TOML.
    pub(crate) sample: String,
    /// Whether the sample is the default.
    pub(crate) has_default: bool,
    /// What it means.
    pub(crate) about: &'static str,
}

impl KnownSection {
    /// The variable that overrides a key.
    pub(crate) fn variable(&self, key: &str) -> String {
        format!("CARTABLE_{}_{key}", self.name).to_uppercase()
    }
}

/// What a table holds: where each key stands, and its value.
type Entries<'a> = BTreeMap<String, (Range<usize>, DeValue<'a>)>;

fn entries(table: DeTable<'_>) -> Entries<'_> {
    table.into_iter().map(|(key, value)| (key.get_ref().to_string(), (key.span(), value.into_inner()))).collect()
}

/// A document on its way to become settings.
pub(crate) struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
    root: Entries<'a>,
    environment: &'a Environment,
    /// The lines that are no TOML: what was made of them says nothing more.
    garbled: BTreeSet<Place>,
    findings: Findings,
}

impl<'a> Reader<'a> {
    /// Begins with a document and the variables that override it. What is no TOML is noted, and the rest read.
    pub(crate) fn new(file: &'a Path, text: &'a str, environment: &'a Environment) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let root = entries(root.into_inner());
        let mut reader =
            Reader { file, text, root, environment, garbled: BTreeSet::new(), findings: Findings::default() };
        for error in errors {
            let place = reader.line(error.span().unwrap_or_default().start);
            reader.fault(place.clone(), error.message().to_owned());
            reader.garbled.insert(place);
        }
        reader
    }

    /// Reads a section.
    pub(crate) fn section(&mut self, name: &'static str, about: &'static str, read: impl FnOnce(&mut Section<'_, 'a>)) {
        let given = match self.root.remove(name) {
            None => Entries::new(),
            Some((_, DeValue::Table(table))) => entries(table),
            Some((place, _)) => {
                self.fault(
                    self.line(place.start),
                    format!("`{name}` is a section: write `[{name}]`, and its keys below"),
                );
                Entries::new()
            }
        };
        let known = KnownSection { name, about, keys: Vec::new() };
        let mut section = Section { known, given, places: BTreeMap::new(), reader: self };
        read(&mut section);
        let Section { known, given, .. } = section;
        for (key, (place, _)) in given {
            let names = known.keys.iter().map(|key| key.name.to_owned());
            self.unknown(self.line(place.start), &key, names.collect());
        }
        let prefix = known.variable("");
        for variable in self.environment.keys().filter(|variable| variable.starts_with(&prefix)) {
            let names: Vec<String> = known.keys.iter().map(|key| known.variable(key.name)).collect();
            if !names.contains(variable) {
                self.unknown(Place::Variable(variable.clone()), variable, names);
            }
        }
        self.findings.known.push(known);
    }

    /// Sets a section aside for whoever knows its keys.
    pub(crate) fn aside(&mut self, name: &'static str, about: &'static str) {
        if self.root.remove(name).is_some() {
            self.findings.aside.push(name);
        }
        self.findings.known.push(KnownSection { name, about, keys: Vec::new() });
    }

    /// Ends: what is left of the document is unknown.
    pub(crate) fn finish(mut self) -> Findings {
        for (key, (place, _)) in std::mem::take(&mut self.root) {
            let names = self.findings.known.iter().map(|section| section.name.to_owned());
            self.unknown(self.line(place.start), &key, names.collect());
        }
        self.findings.faults.sort();
        self.findings
    }

    fn unknown(&mut self, place: Place, name: &str, known: Vec<String>) {
        let alike = |known: &String| strsim::jaro_winkler(known, name);
        let nearest = known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|known| alike(known) > ALIKE);
        let meant = nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
        self.fault(place, format!("`{name}` is not known{meant}"));
    }

    fn fault(&mut self, place: Place, what: String) {
        if !self.garbled.contains(&place) {
            self.findings.faults.push(Finding { place, what });
        }
    }

    fn line(&self, offset: usize) -> Place {
        let before = self.text.bytes().take(offset);
        Place::Line(self.file.to_owned(), before.filter(|byte| *byte == b'\n').count() + 1)
    }

    /// The folder that paths in the file are relative to.
    fn folder(&self) -> &'a Path {
        self.file.parent().unwrap_or(Path::new(""))
    }
}

/// A section on its way to become settings.
pub(crate) struct Section<'r, 'a> {
    known: KnownSection,
    given: Entries<'a>,
    places: BTreeMap<&'static str, Place>,
    reader: &'r mut Reader<'a>,
}

impl Section<'_, '_> {
    /// Takes a key. `setting` holds its default.
    pub(crate) fn key<T: Value>(&mut self, name: &'static str, setting: &mut T, about: &'static str) {
        if let Some(given) = self.take(KnownKey { name, sample: setting.show(), has_default: true, about }) {
            *setting = given;
        }
    }

    /// Takes a key whose value lies between two others.
    pub(crate) fn within<T: Value + PartialOrd>(
        &mut self,
        name: &'static str,
        setting: &mut T,
        range: RangeInclusive<T>,
        about: &'static str,
    ) {
        let known = KnownKey { name, sample: setting.show(), has_default: true, about };
        let Some(given) = self.take(known) else { return };
        if range.contains(&given) {
            *setting = given;
        } else {
            let (from, to) = range.into_inner();
            self.fault(
                name,
                format!("`{name}` is {}, and has to be from {} to {}", given.show(), from.show(), to.show()),
            );
        }
    }

    /// Takes a number of bytes between two others.
    pub(crate) fn size(
        &mut self,
        name: &'static str,
        setting: &mut u64,
        range: RangeInclusive<u64>,
        about: &'static str,
    ) {
        let (from, to) = range.into_inner();
        let mut size = Size(*setting);
        self.within(name, &mut size, Size(from)..=Size(to), about);
        *setting = size.0;
    }

    /// Takes a path, which is relative to the folder of the file.
    pub(crate) fn path(
        &mut self,
        name: &'static str,
        setting: &mut Option<PathBuf>,
        example: &str,
        about: &'static str,
    ) {
        let known = KnownKey { name, sample: value::quoted(example), has_default: false, about };
        if let Some(given) = self.take::<String>(known) {
            *setting = Some(self.reader.folder().join(given));
        }
    }

    /// Takes files of certificates, whose paths are relative to the folder of the file.
    pub(crate) fn certificates(&mut self, name: &'static str, setting: &mut Vec<Vec<u8>>, about: &'static str) {
        let known = KnownKey { name, sample: Vec::<String>::new().show(), has_default: true, about };
        for path in self.take::<Vec<String>>(known).unwrap_or_default() {
            let path = self.reader.folder().join(path);
            match input::small_file(&path, MOST_PEM_BYTES) {
                Ok(pem) if pem.windows(PEM.len()).any(|window| window == PEM) => setting.push(pem),
                Ok(_) => self.fault(name, format!("`{name}`: {} holds no certificate in PEM", path.display())),
                Err(error) => self.fault(name, format!("`{name}`: {} cannot be read: {error}", path.display())),
            }
        }
    }

    /// Takes a key that has no default.
    pub(crate) fn optional<T: Value>(
        &mut self,
        name: &'static str,
        setting: &mut Option<T>,
        example: &str,
        about: &'static str,
    ) {
        let known = KnownKey { name, sample: value::quoted(example), has_default: false, about };
        if let Some(given) = self.take(known) {
            *setting = Some(given);
        }
    }

    /// Takes a secret, from wherever the key says it is.
    pub(crate) fn secret(
        &mut self,
        name: &'static str,
        setting: &mut Option<SecretString>,
        example: &str,
        about: &'static str,
    ) {
        let known = KnownKey { name, sample: value::quoted(example), has_default: false, about };
        let Some(given) = self.take::<Source>(known) else { return };
        self.fetch(name, given, setting);
    }

    /// Takes the address of a database, which may hold a password, or the path of a file, which is relative to the folder
    /// of the configuration.
    pub(crate) fn database(
        &mut self,
        name: &'static str,
        setting: &mut Option<SecretString>,
        example: &str,
        about: &'static str,
    ) {
        let known = KnownKey { name, sample: value::quoted(example), has_default: false, about };
        match self.take::<Source>(known) {
            None => {}
            Some(Source::Inline(path)) if is_path(path.expose_secret()) => {
                let path = self.reader.folder().join(path.expose_secret());
                *setting = Some(path.to_string_lossy().into_owned().into());
            }
            Some(given) => self.fetch(name, given, setting),
        }
    }

    /// Fetches a secret from where it is.
    fn fetch(&mut self, name: &'static str, given: Source, setting: &mut Option<SecretString>) {
        if let Some(Place::Line(file, _)) = self.places.get(name)
            && let Some(exposed) = given.exposed(file)
        {
            self.warn(name, format!("`{name}`: {exposed}"));
        }
        match given.secret(self.reader.folder(), self.reader.environment) {
            Ok(secret) => *setting = Some(secret),
            Err(what) => self.fault(name, format!("`{name}`: {what}")),
        }
    }

    /// Notes that what a key was given cannot be.
    pub(crate) fn fault(&mut self, name: &'static str, what: String) {
        if let Some(place) = self.places.get(name) {
            self.reader.fault(place.clone(), what);
        }
    }

    /// Notes that what a key was given works, and should not be so.
    pub(crate) fn warn(&mut self, name: &'static str, what: String) {
        if let Some(place) = self.places.get(name) {
            self.reader.findings.warnings.push(Finding { place: place.clone(), what });
        }
    }

    /// What was given for a key and can be read.
    fn take<T: Value>(&mut self, known: KnownKey) -> Option<T> {
        let name = known.name;
        let variable = self.known.variable(name);
        self.known.keys.push(known);
        let written = self.given.remove(name);
        let (place, read) = match (self.reader.environment.get(&variable), written) {
            (Some(text), _) => (Place::Variable(variable), of_variable(text)),
            (None, Some((place, value))) => (self.reader.line(place.start), T::read(&value)),
            (None, None) => return None,
        };
        self.places.insert(name, place.clone());
        match read {
            Ok(value) => {
                let what = format!("{}.{name} = {}", self.known.name, value.show());
                self.reader.findings.given.push(Finding { place, what });
                Some(value)
            }
            Err(what) => {
                self.fault(name, format!("`{name}` {what}"));
                None
            }
        }
    }
}

/// Whether the address of a database is rather the path of a file.
fn is_path(database: &str) -> bool {
    !database.trim().is_empty() && !database.contains("://")
}

/// What a variable says: a text as it stands; or, where no text is wanted, TOML.
fn of_variable<T: Value>(text: &str) -> Result<T, String> {
    let as_text = T::read(&DeValue::String(text.into()));
    as_text.or_else(|what| match DeValue::parse(text).map(Spanned::into_inner) {
        Ok(value) if !value.is_str() => T::read(&value),
        _ => Err(what),
    })
}
