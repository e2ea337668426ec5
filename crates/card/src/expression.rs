//! Templates and expressions: how a field is made of what sources say, and when a rule holds.
//!
//! They are MiniJinja's, with filters and tests for what directories write. An attribute is a list of values that prints as
//! the first of them, is false when there is none, and can be iterated.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The labels of codes, by the name of their table.
pub type Tables = BTreeMap<String, BTreeMap<String, String>>;

/// Prepares an environment: our filters and tests, and limits, so that no template runs or grows without end.
pub fn prepare(env: &mut minijinja::Environment<'_>) {
    env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    env.set_fuel(Some(50_000));
}

/// Evaluates templates and expressions that were compiled for it.
#[derive(Clone)]
pub struct Engine {
    /// Where they are kept.
    pub(crate) environment: Arc<minijinja::Environment<'static>>,
}

/// An attribute of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The name of the source.
    pub source: String,
    /// The attribute.
    pub attribute: String,
}

/// What gives a text; a blank one is no value.
#[derive(Debug, Clone)]
pub struct Template {
    /// As it was written.
    pub text: String,
    /// Where.
    pub span: Range<usize>,
    /// What it refers to.
    pub refers: Vec<Reference>,
    /// By what name it is kept.
    pub(crate) name: String,
}

/// What gives a value, or holds or not.
#[derive(Debug, Clone)]
pub struct Expression(pub Template);
