//! Why somebody has a card, or none: everything that was asked, made and decided on the way.
//!
//! An explanation holds what is known of the person. It is for whoever may see that, and for the person.

use std::fmt;

use serde::Serialize;

use crate::expression::{Facts, Template};
use crate::measure;
use crate::model::{Affiliation, Code, Outcome};
use crate::record::Datum;

/// How it was found out whether somebody has a card. Written as text, or as JSON.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Explanation {
    /// The login that was asked about.
    pub login: String,
    /// The moment that was taken for the present, in the institution's time zone.
    pub at: String,
    /// The sources, in the order in which they were asked.
    pub sources: Vec<Asked>,
    /// What decided on the layout.
    pub affiliation: Option<Made>,
    /// The years of enrolment, and which of them is current.
    pub enrolment: Option<Made>,
    /// The fields of the card.
    pub fields: Vec<Made>,
    /// The rules, in the order in which they were tried.
    pub rules: Vec<Tried>,
    /// What became of photos.
    pub photos: Vec<String>,
    /// What else was noticed.
    pub notes: Vec<String>,
    /// The decision.
    pub decision: String,
    /// The codes, if there is no card.
    pub codes: Vec<Code>,
    /// What the application shows.
    pub shown: Vec<String>,
}

/// A source that was asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Its name.
    pub source: String,
    /// Its kind.
    pub kind: String,
    /// By which key it was asked.
    pub key: Option<String>,
    /// What it said.
    pub said: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// The attributes that were asked for and did not come: the person has none, or the source hides them.
    pub missing: Vec<String>,
}

/// Something that was made by a template.
#[derive(Debug, Clone, Serialize)]
pub struct Made {
    /// What it is.
    pub name: String,
    /// The template, as it was configured.
    pub template: String,
    /// The attributes that it names.
    pub from: Vec<Attribute>,
    /// What it gave.
    pub value: Option<String>,
    /// Why it gave nothing that can be used.
    pub failed: Option<String>,
}

/// An attribute with its values.
#[derive(Debug, Clone, Serialize)]
pub struct Attribute {
    /// `source.attribute`.
    pub name: String,
    /// Its values; of those that are no text, their length.
    pub values: Vec<String>,
}

/// A rule that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// What it leads to.
    pub code: String,
    /// When it holds, as it was configured.
    pub when: String,
    /// The attributes that it names.
    pub from: Vec<Attribute>,
    /// What came of it.
    pub verdict: String,
}

/// The attributes that a template names, with their values.
pub(crate) fn attributes(template: &Template, facts: &Facts) -> Vec<Attribute> {
    let shown = |datum: &Datum| match datum {
        Datum::Text(text) => text.clone(),
        Datum::Bytes(bytes) => format!("({} bytes)", bytes.len()),
    };
    let values = |refers: &crate::expression::Reference| match facts.record(&refers.source) {
        Some(record) => record.get(&refers.attribute).iter().map(shown).collect(),
        None => Vec::new(),
    };
    let attribute = |refers| Attribute { name: format!("{refers}"), values: values(refers) };
    template.refers.iter().map(attribute).collect()
}

impl Explanation {
    /// Notes the decision, and what the application makes of it.
    pub(crate) fn conclude(&mut self, outcome: &Outcome) {
        (self.decision, self.shown) = match outcome {
            Outcome::Card(card) => {
                let mut shown = vec![layout(card.affiliation).to_owned()];
                let runs = |shown: &mut Vec<String>, name: &str, overflows: bool| {
                    if overflows {
                        shown.push(format!("`{name}` is longer than its line"));
                    }
                };
                runs(&mut shown, "lastname", measure::name_overflows(&card.lastname));
                runs(&mut shown, "firstname", measure::name_overflows(&card.firstname));
                runs(&mut shown, "title", measure::title_overflows(&card.title));
                runs(&mut shown, "subtitle", card.subtitle.as_deref().is_some_and(measure::subtitle_overflows));
                shown.push(format!("the years {} and {}", card.end_date - 1, card.end_date));
                if card.qr_code.is_none() {
                    shown.push("no code".to_owned());
                }
                ("a card".to_owned(), shown)
            }
            Outcome::NoCard { affiliation, codes } => {
                self.codes.clone_from(codes);
                let whom = match affiliation {
                    Affiliation::Student => "the wording for students",
                    Affiliation::Staff => "the wording for staff",
                };
                ("no card".to_owned(), vec![format!("a message, in {whom}")])
            }
            Outcome::Unknown(_) => ("nobody is known by this login".to_owned(), vec!["an alert".to_owned()]),
            Outcome::Unavailable { source, why } => {
                (format!("it cannot be told: {source}: {why}"), vec!["an alert".to_owned()])
            }
        };
    }
}

fn layout(affiliation: Affiliation) -> &'static str {
    match affiliation {
        Affiliation::Student => "the student layout",
        Affiliation::Staff => "the staff layout",
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "login      {}", line(&self.login))?;
        writeln!(f, "at         {}", self.at)?;
        for Asked { source, kind, key, said, milliseconds, missing } in &self.sources {
            let key = key.as_ref().map(|key| format!(" by {}", line(key))).unwrap_or_default();
            writeln!(f, "source     {source} ({kind}){key}: {said}, {milliseconds} ms")?;
            if !missing.is_empty() {
                writeln!(f, "             without {}", missing.join(", "))?;
                if kind == "ldap" {
                    writeln!(f, "             (a directory leaves out what it hides from the service account, too)")?;
                }
            }
        }
        for (what, made) in [("layout", &self.affiliation), ("enrolment", &self.enrolment)] {
            made.iter().try_for_each(|made| write_made(f, what, made))?;
        }
        self.fields.iter().try_for_each(|made| write_made(f, "field", made))?;
        for Tried { code, when, from, verdict } in &self.rules {
            writeln!(f, "rule       {code}: {verdict}")?;
            writeln!(f, "             when {}", line(when))?;
            write_attributes(f, from)?;
        }
        self.photos.iter().try_for_each(|what| writeln!(f, "photo      {what}"))?;
        self.notes.iter().try_for_each(|what| writeln!(f, "note       {what}"))?;
        writeln!(f, "decision   {}", self.decision)?;
        for code in &self.codes {
            writeln!(f, "             {}", code.name())?;
        }
        writeln!(f, "shown      {}", self.shown.join(", "))
    }
}

fn write_made(f: &mut fmt::Formatter<'_>, what: &str, made: &Made) -> fmt::Result {
    let Made { name, template, from, value, failed } = made;
    let gave = match (value, failed) {
        (_, Some(failed)) => format!("(wrong: {failed})"),
        (Some(value), None) => line(value),
        (None, None) => "(nothing)".to_owned(),
    };
    writeln!(f, "{what:<10} {name} = {gave}")?;
    if !from.is_empty() || template.contains("{{") {
        writeln!(f, "             of {}", line(template))?;
    }
    write_attributes(f, from)
}

fn write_attributes(f: &mut fmt::Formatter<'_>, from: &[Attribute]) -> fmt::Result {
    for Attribute { name, values } in from {
        let values: Vec<String> = values.iter().map(|value| format!("“{}”", line(value))).collect();
        let values = if values.is_empty() { "(nothing)".to_owned() } else { values.join(" ") };
        writeln!(f, "             {name} = {values}")?;
    }
    Ok(())
}

/// A text in one line, without what a terminal would take for an order.
fn line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }));
    }
    line
}
