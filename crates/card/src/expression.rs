//! Templates and expressions: how a field is made of what sources say, and when a rule holds.
//!
//! They are MiniJinja's, with filters and tests for what directories write. An attribute is a list of
//! values that prints as the first of them, is false when there is none, and can be iterated; what gives no value gives a
//! blank text, and a blank text is no value.

mod compile;
mod conditions;
mod day;
mod facts;
mod filters;
mod notation;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

pub(crate) use compile::{Compiler, unknown};
pub(crate) use day::Day;
pub(crate) use facts::{Facts, Labels};
pub(crate) use notation::is_blank;
pub(crate) use values::texts;

/// The steps that one evaluation may take; each also pays for 64 bytes, so that no text grows beyond some megabytes.
const FUEL: u64 = 20_000;
/// How deep templates may nest.
const DEEPEST: usize = 64;
/// The longest text that a template may give, in bytes: it becomes a line of a card, or a code.
const LONGEST_TEXT: usize = 16 << 10;

/// The labels of codes, by the name of their table.
pub type Tables = BTreeMap<String, BTreeMap<String, String>>;

/// Prepares an environment: our filters and tests, and limits, so that no template runs or grows without end.
pub fn prepare(env: &mut Environment<'_>) {
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(DEEPEST);
    env.set_debug(true);
    filters::add(env);
    conditions::add(env);
}

/// Evaluates the templates and expressions that were compiled for it. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Environment<'static>>);

/// An attribute of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The name of the source.
    pub source: String,
    /// The attribute.
    pub attribute: String,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.source, self.attribute)
    }
}

/// What gives a text; a blank one is no value.
#[derive(Debug, Clone)]
pub struct Template {
    /// As it was written.
    pub text: String,
    /// Where.
    pub span: Range<usize>,
    /// The attributes that it names.
    pub refers: Vec<Reference>,
    /// The other names that it uses, such as `year` or `field.csn`.
    pub(crate) names: BTreeSet<String>,
    form: Form,
}

/// How a template is evaluated: most are so plain that no engine is needed.
#[derive(Debug, Clone)]
enum Form {
    /// It is what it gives.
    Literal,
    /// It gives the first value of the one attribute that it names.
    Attribute,
    /// It is kept in the engine by this name.
    Compiled(String),
}

/// What gives a value, or holds or not.
#[derive(Debug, Clone)]
pub struct Expression(pub(crate) Template);

impl Template {
    /// Whether it gives the same text for everybody.
    pub(crate) fn is_literal(&self) -> bool {
        matches!(self.form, Form::Literal)
    }
}

impl std::ops::Deref for Expression {
    type Target = Template;

    fn deref(&self) -> &Template {
        &self.0
    }
}

/// The variable that an expression is kept in while it is evaluated.
const RESULT: &str = "_result";

/// What was noticed while a template was evaluated: codes that are not in their table, each with the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// The name of a table, and a code that is not in it.
    pub unknown_codes: BTreeSet<(String, String)>,
}

impl Engine {
    /// The text that a template gives, without the white space around it; none, if it is blank.
    ///
    /// # Errors
    ///
    /// Why it gives none; names no value.
    pub(crate) fn text(&self, template: &Template, facts: &Facts, notes: &mut Notes) -> Result<Option<String>, String> {
        let given = match &template.form {
            Form::Literal => Some(template.text.trim().to_owned()),
            Form::Attribute => template.refers.first().and_then(|refers| facts.first(refers)),
            Form::Compiled(name) => {
                let captured = self.evaluate(name, facts)?;
                note(captured.state(), notes);
                Some(captured.output().trim().to_owned())
            }
        };
        match given {
            Some(text) if text.len() > LONGEST_TEXT => Err("it gives more text than a card can hold".to_owned()),
            given => Ok(given.filter(|text| !text.is_empty())),
        }
    }

    /// The value that an expression gives.
    ///
    /// # Errors
    ///
    /// Why it gives none; names no value.
    pub(crate) fn value(&self, expression: &Expression, facts: &Facts, notes: &mut Notes) -> Result<Value, String> {
        let Form::Compiled(name) = &expression.form else { return Ok(Value::from(())) };
        let captured = self.evaluate(name, facts)?;
        note(captured.state(), notes);
        Ok(captured.state().lookup(RESULT).unwrap_or_default())
    }

    /// The text that a template gives over facts that were handed out as a value; none, if it is blank.
    ///
    /// # Errors
    ///
    /// Why it gives none; names no value.
    pub(crate) fn over(&self, template: &Template, facts: &Value) -> Result<Option<String>, String> {
        let given = match (&template.form, template.refers.first()) {
            (Form::Attribute, Some(Reference { source, attribute })) => {
                let values = facts.get_attr(source).and_then(|source| source.get_attr(attribute));
                values.map_err(|error| told(&error))?.to_string()
            }
            (Form::Compiled(name), _) => {
                let template = self.0.get_template(name).map_err(|error| told(&error))?;
                template.render(facts.clone()).map_err(|error| told(&error))?
            }
            (Form::Literal | Form::Attribute, _) => template.text.clone(),
        };
        if given.len() > LONGEST_TEXT {
            return Err("it gives more text than a card can hold".to_owned());
        }
        Ok(Some(given.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    fn evaluate(&self, name: &str, facts: &Facts) -> Result<minijinja::Captured<'_>, String> {
        let template = self.0.get_template(name).map_err(|error| told(&error))?;
        template.render_captured(facts.value()).map_err(|error| told(&error))
    }
}

/// Keeps what our filters noticed.
fn note(state: &minijinja::State<'_, '_>, notes: &mut Notes) {
    if let Some(noticed) = state.get_extension::<Notes>() {
        notes.unknown_codes.extend(noticed.unknown_codes.iter().cloned());
    }
}

/// What can be told of an error when the values are somebody's: what our own filters say, and of others only the kind.
fn told(error: &minijinja::Error) -> String {
    let line = error.line().filter(|line| *line > 1).map(|line| format!(" in its line {line}")).unwrap_or_default();
    match (std::error::Error::source(error).and_then(|source| source.downcast_ref::<Told>()), error.kind()) {
        (Some(Told(what)), _) => format!("{what}{line}"),
        (None, ErrorKind::OutOfFuel) => format!("it takes too many steps, or makes too much text{line}"),
        (None, kind) => format!("{kind}{line}"),
    }
}

/// An error of our own filters and tests, which names no value.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Told(String);

/// An error that may be told.
fn fault(what: impl Into<String>) -> minijinja::Error {
    let what = what.into();
    minijinja::Error::new(ErrorKind::InvalidOperation, what.clone()).with_source(Told(what))
}

/// Renders any template over any JSON, within the limits: for fuzzing. `sources` is an object of objects of lists of texts.
#[doc(hidden)]
pub fn try_anything(template: &str, sources: &str) -> Result<String, String> {
    let (mut compiler, facts) = anything(sources)?;
    let template = compiler.template(template, 0..0, &facts)?;
    compiler.finish().text(&template, &facts, &mut Notes::default()).map(Option::unwrap_or_default)
}

/// The texts that any expression gives, in the same way.
#[doc(hidden)]
pub fn try_any_expression(expression: &str, sources: &str) -> Result<Vec<String>, String> {
    let (mut compiler, facts) = anything(sources)?;
    let expression = compiler.expression(expression, 0..0, &facts)?;
    let value = compiler.finish().value(&expression, &facts, &mut Notes::default())?;
    texts(&value).map_err(|error| told(&error))
}

/// A compiler that knows some sources, and what they say of somebody.
fn anything(sources: &str) -> Result<(Compiler, Facts), String> {
    let records: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        serde_json::from_str(sources).map_err(|error| error.to_string())?;
    let mut compiler = Compiler::new(records.keys().map(|name| (name.clone(), None)));
    crate::qr::prepare(compiler.environment());
    let mut facts = Facts::new("somebody", Day::of(jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC));
    for (name, attributes) in records {
        let mut record = crate::record::Record::default();
        for (attribute, values) in attributes {
            values.iter().for_each(|value| record.add(&attribute, value.as_str()));
        }
        facts.know(&name, record);
    }
    let courses = BTreeMap::from([("{UAI:1}M1".to_owned(), "Master 1".to_owned())]);
    facts.tell("tables", Value::from_object(Labels(Arc::new(Tables::from([("courses".to_owned(), courses)])))));
    facts.tell("year", 2026);
    Ok((compiler, facts))
}

#[cfg(test)]
mod tests;
