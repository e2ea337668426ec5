//! The section `[card]` of a configuration: where people come from, how a card is made of what is known of them, and who
//! may ask.
//!
//! Every expression and template is compiled here, and everything that is wrong is told at once, each with its place in the
//! text. What is read is whole: [`Connector::open`](crate::connector::Connector::open) takes it as it is.

mod access;
mod drawing;
mod field;
mod people;
mod reader;
mod sources;
mod stages;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use self::people::People;
use self::reader::{Notes, Section};
use self::stages::Stages;
use crate::expression::{Compiler, Engine, Expression, Reference, Template};
use crate::model::{Affiliation, Code};
use crate::panel::Panels;
use crate::render::Renderer;
use crate::source::Source;
use crate::year::Year;
use crate::{photo, qr, render, verify};

pub use self::field::Field;
pub(crate) use self::people::{LONGEST_CODE, is_secure};

/// Something that is wrong, or worth a warning, and where in the text of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is the matter; holds no secret.
    pub what: String,
}

/// Opens a source of a kind that this crate does not know, with the keys of its own that were given: `None`, if it does not
/// know the kind either.
pub type OpenOther<'a> = &'a dyn Fn(&str, &toml::Table) -> Option<Result<Arc<dyn Source>, String>>;

/// What reading needs from around it.
pub struct Surroundings<'a> {
    /// The folder that paths are relative to.
    pub folder: &'a Path,
    /// Fetches a secret that is written `env:NAME` or `file:PATH`.
    pub secret: &'a dyn Fn(&str) -> Result<SecretString, String>,
    /// Opens kinds of sources from outside.
    pub other: OpenOther<'a>,
}

/// A connector's whole configuration.
pub struct Config {
    /// Who may ask, and by which paths.
    pub access: Access,
    /// The academic year.
    pub year: Year,
    /// The zone of all days.
    pub timezone: TimeZone,
    /// The longest that finding out about a person may take; by default 3 s.
    pub budget: Duration,
    /// What is answered about people whom nobody knows.
    pub unknown_user: UnknownUser,
    /// Where people come from; the first identifies them.
    pub sources: Vec<Given>,
    /// Who is a student, and who is staff.
    pub affiliation: Affiliations,
    /// Who is enrolled; without it everybody is.
    pub enrolment: Option<Enrolment>,
    /// How the fields are made, for students and for staff.
    pub student: Fields,
    /// The same, for staff.
    pub staff: Fields,
    /// Where the photo is: the first that is usable is taken.
    pub photo: Vec<Reference>,
    /// How photos are made ready, and what a source of photos that fails leads to.
    pub photos: photo::Config,
    /// What may stand against a card, in the order in which it is tried.
    pub rules: Vec<Rule>,
    /// Whether all codes are sent, or the first.
    pub report: Report,
    /// The code beside the card.
    pub qr: Qr,
    /// What is in the code of a European card.
    pub european: Option<Template>,
    /// How cards are verified.
    pub verify: verify::Config,
    /// What is shown below the card, for a code of the type `image`.
    pub panels: Option<Arc<Panels>>,
    /// How pictures of cards are drawn, as it was configured; [`renderer`](Self::renderer) reads the templates.
    pub render: render::Config,
    /// The folder that paths are relative to.
    folder: PathBuf,
    /// Where `[card.render]` is.
    render_span: Range<usize>,
    /// What templates and expressions are evaluated with.
    pub engine: Engine,
    /// The labels of codes, by the name of their table; the tables are at hand in templates as `tables`.
    pub tables: Arc<crate::expression::Tables>,
    /// What works, and should not be so.
    pub warnings: Vec<Fault>,
}

/// Who may ask, and by which paths. A path that is empty is switched off, but for `path`, which then is the root.
#[derive(Debug, Clone)]
pub struct Access {
    /// Where cards are asked for: `<path>/<login>`. By default `/card`.
    pub path: String,
    /// Where European cards are asked for: `<eu_path>/<login>/extended`. By default `/card-eu`.
    pub eu_path: String,
    /// Where pictures of cards are: `<view_path>/<login>/card.svg`. By default `/card-view`.
    pub view_path: String,
    /// Where applications up to 2.1 ask: `<legacy_path>/<login>`. By default off.
    pub legacy_path: String,
    /// Where cards are verified: `<verify_path>/<token>`. By default `/v`.
    pub verify_path: String,
    /// Whether a token has to be shown.
    pub auth: Auth,
    /// The tokens of the card application's server.
    pub tokens: Vec<SecretString>,
    /// The tokens for pictures of cards.
    pub view_tokens: Vec<SecretString>,
    /// The tokens of gates and checkers.
    pub checker_tokens: Vec<SecretString>,
    /// The addresses that may ask; by default those of this machine.
    pub allow_from: Vec<IpNet>,
    /// The address by which phones reach the pages for verification.
    pub public_url: Option<Url>,
    /// How often may be asked.
    pub limits: Limits,
    /// Where it is written down who was asked about.
    pub audit: Audit,
}

/// Whether a token has to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// One of the tokens.
    Tokens,
    /// None: whoever listens has to make sure that it is on the loopback only.
    Open,
}

/// How often may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In all, per second; by default 50.
    pub per_second: u32,
    /// About one login, per minute; by default 10.
    pub per_login_per_minute: u32,
    /// About different logins that nobody knows, per hour and address; by default 300.
    pub unknown_per_hour: u32,
}

/// Where it is written down who was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The file; without one nothing is written.
    pub file: Option<PathBuf>,
    /// How many days it is kept; by default 183.
    pub days: u32,
    /// Whether logins are written as they are; by default as a keyed hash.
    pub plain: bool,
}

/// What is answered about people whom nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownUser {
    /// That nobody is known.
    NotFound,
    /// That there is no active card: a message in the application instead of an alert.
    NoActiveCard,
}

/// A source, as it was configured.
#[derive(Clone)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// By which key it is asked: none for the source that identifies people, which is asked by the login.
    pub key: Option<Template>,
    /// Whether its failure leaves its attributes empty, instead of making the answer impossible.
    pub optional: bool,
    /// The longest that it is waited for; by default 2 s.
    pub timeout: Duration,
    /// The source.
    pub source: Arc<dyn Source>,
    /// The attributes that are asked of it: those that something names.
    pub attributes: Vec<String>,
}

/// Who is a student, and who is staff.
#[derive(Debug, Clone)]
pub struct Affiliations {
    /// Whose value decides.
    pub from: Template,
    /// The values of students; compared without case.
    pub student: Vec<String>,
    /// The values of staff.
    pub staff: Vec<String>,
    /// The values of those who have no card.
    pub none: Vec<String>,
    /// What any other value means; by default no card.
    pub other: Option<Affiliation>,
}

/// Who is enrolled.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The first years of the academic years of enrolment.
    pub years: Expression,
    /// When enrolment ends; the last counts.
    pub until: Option<Expression>,
}

/// How the fields of one layout are made. One that is not configured is empty.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// The templates.
    pub templates: BTreeMap<Field, Template>,
    /// Those that are given, and wrong.
    faulty: Vec<Field>,
}

impl Config {
    /// What draws pictures of cards. Reads fonts and tries the templates, which takes a moment.
    ///
    /// # Errors
    ///
    /// What is wrong with `[card.render]` and its templates.
    pub fn renderer(&self) -> Result<Renderer, Vec<Fault>> {
        let names: Vec<String> = self.sources.iter().map(|given| given.name.clone()).collect();
        let fault = |what| Fault { span: self.render_span.clone(), what: format!("[card.render]: {what}") };
        Renderer::new(&self.render, &self.folder, &names).map_err(|faults| faults.into_iter().map(fault).collect())
    }
}

/// What stands against a card.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it leads to.
    pub verdict: Verdict,
    /// Whom it is about; everybody, if none is given.
    pub affiliation: Option<Affiliation>,
    /// When it holds.
    pub when: Expression,
}

/// What a rule leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The person counts as unknown.
    NotFound,
    /// A code.
    Code(Code),
}

/// Whether all codes are sent, or the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// All, so that somebody learns at once all that is to be put right.
    All,
    /// The first.
    First,
}

/// The code beside the card.
#[derive(Debug, Clone)]
pub struct Qr {
    /// Its type; none, if there is no code.
    pub kind: Option<String>,
    /// What is in it.
    pub value: Option<Template>,
    /// Whether types may be sent that not every application knows.
    pub allow_extended: bool,
}

/// Reads the section. Everything that is wrong is told, in the order of the text.
///
/// # Errors
///
/// What is wrong.
pub fn read(table: &Spanned<DeTable<'_>>, around: &Surroundings<'_>) -> Result<Config, Vec<Fault>> {
    let notes = Notes::default();
    let config = read_all(Section::new("card", table.clone(), &notes), around);
    let warnings = notes.finish()?;
    match config {
        Some(config) => Ok(Config { warnings, ..config }),
        // Whatever is missing was noted, or else this is our mistake, and to be told rather than hidden.
        None => Err(vec![Fault { span: table.span(), what: "the section cannot be read".to_owned() }]),
    }
}

/// Reads the section of a text that is a whole configuration; what else is in it is for others.
///
/// # Errors
///
/// What is wrong.
pub fn parse(text: &str, around: &Surroundings<'_>) -> Result<Config, Vec<Fault>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let span = |error: &toml::de::Error| error.span().unwrap_or_default();
    let faults: Vec<Fault> =
        errors.iter().map(|error| Fault { span: span(error), what: error.message().to_owned() }).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let card = root.into_inner().into_iter().find(|(key, _)| key.get_ref() == "card").map(|(_, value)| value);
    let card = card.map(|card| (card.span(), card.into_inner()));
    match card {
        Some((span, DeValue::Table(table))) => read(&Spanned::new(span, table), around),
        card => Err(vec![Fault {
            span: card.map(|(span, _)| span).unwrap_or_default(),
            what: "there is no section `[card]`".to_owned(),
        }]),
    }
}

fn read_all(mut card: Section<'_, '_>, around: &Surroundings<'_>) -> Option<Config> {
    let clear = card.flag("allow_clear_secrets").unwrap_or(false);
    let access = access::read(&mut card, around, clear);
    let access::Time { zone: timezone, year, budget } = access::time(&mut card);
    let unknown_user = access::unknown_user(&mut card);
    let photos: photo::Config = card.whole("photo", photo::Config::faults);
    let verify: verify::Config = card.whole("verify", verify::Config::faults);
    if verify.enabled && access.public_url.is_none() {
        card.fault(card.span.clone(), "[card.verify] needs `public_url`: the address by which phones reach the pages");
    }
    let tables = Arc::new(tables::read(&mut card, around));
    let opened = sources::open(&mut card, around, clear);

    let names: Vec<String> = opened.iter().map(|source| source.name.clone()).collect();
    let stages = Stages::new(&names, &tables, verify.enabled);
    let mut compiler = Compiler::new(opened.iter().map(|source| (source.name.clone(), source.columns())));
    qr::prepare(compiler.environment());
    let mut people = People { compiler: &mut compiler, stages: &stages };
    let keys: Vec<_> = (0..opened.len()).map(|at| people.key(&card, &opened[at], &names[..at])).collect();
    let affiliation = people.affiliation(&mut card);
    let enrolment = people.enrolment(&mut card);
    let (student, staff, photo) = people.fields(&mut card);
    let rules = people.rules(&mut card);
    let (qr, european) = people.codes(&mut card, &student);
    let report = people::report(&mut card);
    let photo: Vec<Reference> = photo.iter().filter_map(|text| people.photo(&card, text)).collect();
    if photo.is_empty() {
        card.warn(card.span.clone(), "[card.fields]: there is no `photo`: nobody has a card without one");
    }
    let drawn = drawing::read(&mut card, around, &names, &timezone, &qr, &verify);
    let mentioned = drawn.mentioned(&compiler, around.folder);
    card.finish();

    let engine = compiler.finish();
    let affiliation = affiliation?;
    let mut templates: Vec<&Template> = keys.iter().flatten().chain([&affiliation.from]).collect();
    templates.extend(enrolment.iter().map(|enrolment| &*enrolment.years));
    templates.extend(enrolment.iter().filter_map(|enrolment| enrolment.until.as_deref()));
    templates.extend(student.templates.values().chain(staff.templates.values()));
    templates.extend(rules.iter().map(|rule| &*rule.when));
    templates.extend(qr.value.iter().chain(&european));
    let asked = templates.iter().flat_map(|template| &template.refers).chain(&mentioned);
    let asked: BTreeSet<&Reference> = asked.collect();
    let attributes = |name: &str| -> Vec<String> {
        let of = asked.iter().filter(|refers| refers.source == name);
        of.map(|refers| refers.attribute.clone()).collect()
    };
    let asked: Vec<Vec<String>> = names.iter().map(|name| attributes(name)).collect();
    let sources = opened.into_iter().zip(keys).zip(asked);
    let sources = sources.map(|((opened, key), attributes)| opened.given(key, attributes)).collect::<Option<_>>()?;
    let warnings = Vec::new();
    Some(Config {
        access,
        year,
        timezone,
        budget,
        unknown_user,
        sources,
        affiliation,
        enrolment,
        student,
        staff,
        photo,
        photos,
        rules,
        report,
        qr,
        european,
        verify,
        panels: drawn.panels,
        render: drawn.render,
        folder: around.folder.to_owned(),
        render_span: drawn.render_span,
        engine,
        tables,
        warnings,
    })
}

#[cfg(test)]
mod tests;
