//! Compiles templates and expressions, and finds what is wrong with them before anybody is asked about.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use minijinja::{Environment, Error};
use regex::Regex;

use super::{Engine, Expression, Facts, Form, RESULT, Reference, Template, is_blank, prepare};

/// How alike two names are, from 0 to 1, when one may be meant by the other.
const ALIKE: f64 = 0.8;
/// The longest template, in bytes.
const LONGEST: usize = 16 << 10;

/// Texts within quotes, in the language of templates.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex(r#"'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*""#));
/// What is evaluated of a template.
static EVALUATED: LazyLock<Regex> = LazyLock::new(|| regex(r"(?s)\{\{.*?\}\}|\{%.*?%\}"));
/// A comparison that has an attribute on its left, or the list that a filter makes of one.
static LEFT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\b(\w+)\.\w+\b|\|\s*(?:label|composite|hex|hex_reversed|decimal|date|table|upper|lower|trim|add)\b\s*(?:\([^()]*\))?)\s*(?:==|!=|<=|>=|<|>|\b(?:not\s+)?in\b)",
    )
});
/// A comparison that has an attribute on its right, with what follows.
static RIGHT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:==|!=|<=|>=|<|>)\s*(\w+)\.\w+\b\s*(\||\(|\[|\.)?"));
/// An attribute that is named by a text, because it has a hyphen or the like.
static NAMED: LazyLock<Regex> = LazyLock::new(|| regex(r#"\b(\w+)\[\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*\]"#));

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that is constant, and tested")
}

/// Collects templates and expressions into an engine.
pub(crate) struct Compiler {
    environment: Environment<'static>,
    /// The sources, each with its attributes in lower case, if all are known.
    sources: BTreeMap<String, Option<BTreeSet<String>>>,
    compiled: usize,
}

impl Compiler {
    /// Begins with the names of all sources, each with its attributes, if all are known.
    pub(crate) fn new(sources: impl IntoIterator<Item = (String, Option<Vec<String>>)>) -> Self {
        let mut environment = Environment::new();
        prepare(&mut environment);
        let lower = |names: Vec<String>| names.iter().map(|name| name.to_lowercase()).collect();
        let sources = sources.into_iter().map(|(name, columns)| (name, columns.map(lower))).collect();
        Compiler { environment, sources, compiled: 0 }
    }

    /// The environment, for more functions.
    pub(crate) fn environment(&mut self) -> &mut Environment<'static> {
        &mut self.environment
    }

    /// Ends: what was compiled can be evaluated.
    pub(crate) fn finish(self) -> Engine {
        Engine(Arc::new(self.environment))
    }

    /// Compiles a template. It may speak of what is in the sample, and is tried with it.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn template(&mut self, text: &str, span: Range<usize>, sample: &Facts) -> Result<Template, String> {
        let mut template = self.unnamed(text, span)?;
        if !["{{", "{%", "{#"].iter().any(|open| text.contains(open)) {
            return if self.forgets_braces(text) {
                Err(format!("without braces it is that text: for the attribute write `{{{{ {} }}}}`", text.trim()))
            } else {
                Ok(template)
            };
        }
        for tag in EVALUATED.find_iter(text) {
            self.refuse_comparisons(tag.as_str())?;
        }
        let parsed = self.environment.template_from_named_str("", text).map_err(|error| why(&error))?;
        let names = parsed.undeclared_variables(true);
        self.look_up(&mut template, names, sample)?;
        template.form = match self.plain(text) {
            Some(refers) if template.refers == [refers.clone()] => Form::Attribute,
            _ => Form::Compiled(self.keep(text.to_owned())?),
        };
        self.try_with(&template, sample)?;
        Ok(template)
    }

    /// Compiles an expression. It may speak of what is in the sample, and is tried with it.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn expression(&mut self, text: &str, span: Range<usize>, sample: &Facts) -> Result<Expression, String> {
        let mut template = self.unnamed(text, span)?;
        if is_blank(text) {
            return Err("it is empty".to_owned());
        }
        self.refuse_comparisons(text)?;
        let parsed = self.environment.compile_expression_owned(text.to_owned()).map_err(|error| why(&error))?;
        let names = parsed.undeclared_variables(true);
        self.look_up(&mut template, names, sample)?;
        template.form = Form::Compiled(self.keep(format!("{{% set {RESULT} = ({text}) %}}"))?);
        self.try_with(&template, sample)?;
        Ok(Expression(template))
    }

    /// Reads the name of an attribute that photos are in, `source.attribute`. It need not be a column: a source may have photos
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn photo(&self, text: &str) -> Result<Reference, String> {
        let refers = text.trim().split_once('.').filter(|(source, rest)| !source.is_empty() && !rest.is_empty());
        let Some((source, attribute)) = refers else {
            return Err(format!("`{text}` is no attribute: write `source.attribute`"));
        };
        if !self.sources.contains_key(source) {
            return Err(unknown(source, self.sources.keys().map(String::as_str)));
        }
        Ok(Reference { source: source.to_owned(), attribute: attribute.to_owned() })
    }

    /// The attributes that a template of whatever kind names; none, if it cannot be read.
    pub(crate) fn mentioned(&self, text: &str) -> Vec<Reference> {
        let Ok(parsed) = self.environment.template_from_named_str("", text) else { return Vec::new() };
        let mut mentioned = Vec::new();
        for name in parsed.undeclared_variables(true) {
            let mut parts = name.split('.');
            if let (Some(source), Some(attribute)) = (parts.next(), parts.next())
                && self.sources.contains_key(source)
            {
                mentioned.push(Reference { source: source.to_owned(), attribute: attribute.to_owned() });
            }
        }
        for found in NAMED.captures_iter(text).filter(|found| self.sources.contains_key(&found[1])) {
            let attribute = found.get(2).or(found.get(3)).map(|name| name.as_str().to_owned());
            mentioned.extend(attribute.map(|attribute| Reference { source: found[1].to_owned(), attribute }));
        }
        mentioned
    }

    fn unnamed(&self, text: &str, span: Range<usize>) -> Result<Template, String> {
        if text.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        Ok(Template { text: text.to_owned(), span, refers: Vec::new(), names: BTreeSet::new(), form: Form::Literal })
    }

    fn keep(&mut self, source: String) -> Result<String, String> {
        self.compiled += 1;
        let name = format!("t{}", self.compiled);
        self.environment.add_template_owned(name.clone(), source).map_err(|error| why(&error))?;
        Ok(name)
    }

    /// Sorts the names that a template uses into attributes and others; all have to be known.
    fn look_up(
        &self,
        template: &mut Template,
        names: impl IntoIterator<Item = String>,
        sample: &Facts,
    ) -> Result<(), String> {
        let mut refers = BTreeSet::new();
        for name in names {
            let (first, rest) = name.split_once('.').map_or((name.as_str(), None), |(first, rest)| (first, Some(rest)));
            if sample.record(first).is_some() {
                if let Some(rest) = rest {
                    // What follows a second dot is asked of the value.
                    let attribute = rest.split('.').next().unwrap_or_default().to_owned();
                    refers.insert(self.known(Reference { source: first.to_owned(), attribute })?);
                    continue;
                }
                let named = NAMED.captures_iter(&template.text).filter(|found| &found[1] == first);
                let named: Vec<String> = named
                    .filter_map(|found| found.get(2).or(found.get(3)).map(|name| name.as_str().to_owned()))
                    .collect();
                if named.is_empty() {
                    return Err(format!("`{first}` is a source: name an attribute of it, `{first}.attribute`"));
                }
                for attribute in named {
                    refers.insert(self.known(Reference { source: first.to_owned(), attribute })?);
                }
            } else if self.sources.contains_key(first) {
                return Err(format!("the source `{first}` is not asked before this is decided"));
            } else if let Some(missing) = sample.lacks(first, rest) {
                return Err(format!("`{first}`: {missing}"));
            } else if sample.knows(first) || self.environment.globals().any(|(global, _)| global == first) {
                template.names.insert(name);
            } else {
                let known: Vec<String> = sample.names().collect();
                return Err(unknown(first, known.iter().map(String::as_str)));
            }
        }
        template.refers = refers.into_iter().collect();
        Ok(())
    }

    /// An attribute as it is, if its source has it or may have it.
    fn known(&self, refers: Reference) -> Result<Reference, String> {
        match self.sources.get(&refers.source) {
            Some(Some(columns)) if !columns.contains(&refers.attribute.to_lowercase()) => {
                let what = unknown(&refers.attribute, columns.iter().map(String::as_str));
                Err(format!("the source `{}`: {what}", refers.source))
            }
            _ => Ok(refers),
        }
    }

    /// The attribute that is all that a template consists of.
    fn plain(&self, text: &str) -> Option<Reference> {
        let name = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
        let (source, attribute) = name.split_once('.')?;
        let plain = attribute.chars().all(|c| c.is_alphanumeric() || c == '_') && self.sources.contains_key(source);
        plain.then(|| Reference { source: source.to_owned(), attribute: attribute.to_owned() })
    }

    /// Whether a text was to be an attribute: it would stand on everybody's card as it is.
    fn forgets_braces(&self, text: &str) -> bool {
        let attribute = text.trim().split_once('.').filter(|(source, _)| self.sources.contains_key(*source));
        attribute.is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    }

    /// An attribute is a list: to compare it with a text would always fail, and silently.
    fn refuse_comparisons(&self, text: &str) -> Result<(), String> {
        let text = QUOTED.replace_all(text, "''");
        let is_source =
            |name: Option<regex::Match<'_>>| name.is_none_or(|name| self.sources.contains_key(name.as_str()));
        let left = LEFT.captures_iter(&text).any(|found| is_source(found.get(1)));
        let right = RIGHT.captures_iter(&text).any(|found| is_source(found.get(1)) && found.get(2).is_none());
        if left || right {
            return Err("an attribute is a list of values, and cannot be compared: write `x.y is holding('a', 'b')`, \
                        `'a' in x.y`, or `x.y | first == 'a'`; of days `x.y is before(today)`"
                .to_owned());
        }
        Ok(())
    }

    /// Evaluates with nothing in any source: what fails then fails for whoever lacks an attribute.
    fn try_with(&self, template: &Template, sample: &Facts) -> Result<(), String> {
        let Form::Compiled(name) = &template.form else { return Ok(()) };
        let kept = self.environment.get_template(name).map_err(|error| why(&error))?;
        match kept.render_captured(sample.value()) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("when the attributes are empty: {}", why(&error))),
        }
    }
}

/// All that is known of an error, as nobody's values are in it.
fn why(error: &Error) -> String {
    let line = error.line().filter(|line| *line > 1).map(|line| format!(" (its line {line})")).unwrap_or_default();
    match error.detail() {
        Some(detail) => format!("{}: {detail}{line}", error.kind()),
        None => format!("{}{line}", error.kind()),
    }
}

/// That a name is not known, with the one that may be meant.
pub(crate) fn unknown<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let alike = |known: &&str| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
    let nearest = known.into_iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|known| alike(known) > ALIKE);
    let meant = nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
    format!("`{name}` is not known{meant}")
}
