//! Decides about a person by what the sources say (`card.md`, section 6). Nothing is asked here.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use minijinja::Value;

use crate::config::{Affiliations, Config, Field, Fields, Report, Rule, Verdict};
use crate::explain::{Explanation, Made, Tried, attributes};
use crate::expression::{Day, Expression, Facts, Notes, Template, texts};
use crate::model::{Affiliation, Code};

/// What comes before the identifier in a European Student Identifier.
const EUID: &str = "urn:schac:personalUniqueCode:int:esi:";

/// Something that cannot be decided, because of the data or of how it is used.
#[derive(Debug)]
pub(crate) struct Undecided {
    /// The source whose data it is.
    pub(crate) source: String,
    /// What is the matter; names nobody.
    pub(crate) why: String,
}

impl Undecided {
    fn by(template: &Template, config: &Config, what: &str, why: &str) -> Self {
        let source = template.refers.first().map(|refers| refers.source.clone());
        let source = source.or_else(|| config.sources.first().map(|given| given.name.clone())).unwrap_or_default();
        Undecided { source, why: format!("`{what}`: {why}") }
    }

    /// That a field is empty that no card is without.
    pub(crate) fn missing(field: Field, fields: &Fields, config: &Config) -> Self {
        match (fields.templates.get(&field), &config.enrolment) {
            (Some(template), _) => Self::by(template, config, field.name(), "it is empty"),
            (None, Some(enrolment)) => Self::by(&enrolment.years, config, field.name(), "there is no current year"),
            (None, None) => Undecided { source: String::new(), why: format!("`{}`: it is empty", field.name()) },
        }
    }
}

/// On the way to a decision.
pub(crate) struct Derivation<'c> {
    pub(crate) config: &'c Config,
    pub(crate) facts: Facts,
    pub(crate) today: Date,
    pub(crate) notes: Notes,
    /// What is told of the way, if somebody wants to know.
    pub(crate) trace: Option<Explanation>,
}

/// What an affiliation comes to.
pub(crate) enum Layout {
    /// It has this layout.
    Has(Affiliation),
    /// It has no card; the layout chooses the wording.
    None(Affiliation),
}

impl Derivation<'_> {
    /// Tells something of the way, if somebody wants to know.
    pub(crate) fn tell(&mut self, tell: impl FnOnce(&mut Explanation, &Facts)) {
        if let Some(trace) = &mut self.trace {
            tell(trace, &self.facts);
        }
    }

    fn text(&mut self, template: &Template, what: &str) -> Result<Option<String>, Undecided> {
        let text = self.config.engine.text(template, &self.facts, &mut self.notes);
        text.map_err(|why| Undecided::by(template, self.config, what, &why))
    }

    fn value(&mut self, expression: &Expression, what: &str) -> Result<Value, Undecided> {
        let value = self.config.engine.value(expression, &self.facts, &mut self.notes);
        value.map_err(|why| Undecided::by(expression, self.config, what, &why))
    }

    /// The texts that an expression gives.
    fn list(&mut self, expression: &Expression, what: &str) -> Result<Vec<String>, Undecided> {
        let value = self.value(expression, what)?;
        texts(&value).map_err(|_| Undecided::by(expression, self.config, what, "it gives no values"))
    }

    /// The key by which a source is asked.
    pub(crate) fn key(&mut self, key: &Template) -> Result<Option<String>, Undecided> {
        self.text(key, "key")
    }

    /// Whether the person counts as unknown, by what the source says that identifies people.
    pub(crate) fn is_unknown(&mut self) -> Result<bool, Undecided> {
        let config = self.config;
        for rule in config.rules.iter().filter(|rule| rule.verdict == Verdict::NotFound) {
            if self.holds(rule)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn holds(&mut self, rule: &Rule) -> Result<bool, Undecided> {
        let value = self.value(&rule.when, "when");
        let holds = value.map(|value| value.is_true());
        self.tell(|trace, facts| {
            let verdict = match &holds {
                Ok(true) => "holds".to_owned(),
                Ok(false) => "does not hold".to_owned(),
                Err(undecided) => undecided.why.clone(),
            };
            trace.rules.push(tried(rule, attributes(&rule.when, facts), verdict));
        });
        holds
    }

    /// Which layout the person has.
    pub(crate) fn layout(&mut self) -> Result<Layout, Undecided> {
        let Affiliations { from, student, staff, none, other } = &self.config.affiliation;
        let text = self.text(from, "affiliation")?;
        let lower = text.as_deref().unwrap_or_default().to_lowercase();
        let among = |values: &[String]| values.iter().any(|value| value.to_lowercase() == lower);
        let layout = if among(student) {
            Some(Affiliation::Student)
        } else if among(staff) {
            Some(Affiliation::Staff)
        } else if among(none) {
            None
        } else {
            *other
        };
        self.tell(|trace, facts| {
            let came_to = match layout {
                Some(Affiliation::Student) => "student",
                Some(Affiliation::Staff) => "staff",
                None => "neither student nor staff",
            };
            let value = Some(format!("{}, which is {came_to}", text.as_deref().unwrap_or("(nothing)")));
            trace.affiliation = Some(made("affiliation", from, facts, value, None));
        });
        if let Some(layout) = layout {
            return Ok(Layout::Has(layout));
        }
        // Whoever has a student number is spoken to as a student.
        let number = self.config.student.templates.get(&Field::IdNumber).filter(|number| !number.is_literal());
        let mut asked = Facts::clone(&self.facts);
        asked.tell("affiliation", "student");
        asked.tell("year", i64::from(self.config.year.of(self.today)));
        asked.tell("enrolled", false);
        let mut notes = Notes::default();
        let number = number.and_then(|number| self.config.engine.text(number, &asked, &mut notes).ok().flatten());
        Ok(Layout::None(if number.is_some() { Affiliation::Student } else { Affiliation::Staff }))
    }

    /// The academic year for which the person is enrolled now. Without a word about enrolment it is the present one.
    pub(crate) fn enrol(&mut self, affiliation: Affiliation) -> Result<Option<i16>, Undecided> {
        let config = self.config;
        self.facts.tell("affiliation", affiliation.name());
        let academic = config.year.of(self.today);
        let current = match &config.enrolment {
            Some(enrolment) if affiliation == Affiliation::Student => {
                let years = self.list(&enrolment.years, "years")?;
                let until = match &enrolment.until {
                    Some(until) => self.list(until, "until")?,
                    None => Vec::new(),
                };
                let last = until.iter().filter_map(|text| Day::read(text, &config.timezone)).max();
                let ended = last.is_some_and(|last| last < self.today);
                let read = years.iter().filter_map(|year| year.trim().parse().ok());
                let current = config.year.current(read, self.today).filter(|_| !ended);
                self.tell(|trace, facts| {
                    let value = match (current, ended) {
                        (Some(year), _) => format!("{year}, of {}", years.join(", ")),
                        (None, true) => "none: it has ended".to_owned(),
                        (None, false) => format!("none that counts now, of {}", years.join(", ")),
                    };
                    let mut step = made("years", &enrolment.years, facts, Some(value), None);
                    step.from.extend(enrolment.until.iter().flat_map(|until| attributes(until, facts)));
                    trace.enrolment = Some(step);
                });
                current
            }
            Some(_) => None,
            None => Some(academic),
        };
        self.facts.tell("year", i64::from(current.unwrap_or(academic)));
        self.facts.tell("enrolled", current.is_some());
        Ok(current)
    }

    /// Makes the fields.
    pub(crate) fn fields(&mut self, fields: &Fields) -> Result<BTreeMap<Field, String>, Undecided> {
        let mut values = BTreeMap::new();
        for (field, template) in &fields.templates {
            let text = self.text(template, field.name());
            self.tell(|trace, facts| {
                let (value, failed) = match &text {
                    Ok(value) => (value.clone(), None),
                    Err(undecided) => (None, Some(undecided.why.clone())),
                };
                trace.fields.push(made(field.name(), template, facts, value, failed));
            });
            let Some(text) = text? else { continue };
            match tidy(*field, text) {
                Some(text) => drop(values.insert(*field, text)),
                None => {
                    let what = format!("`{}` is not of its form, and is left out", field.name());
                    tracing::warn!("{what}");
                    self.tell(|trace, _| trace.notes.push(what));
                }
            }
        }
        let value = |field: Field| (field.name(), Value::from(values.get(&field).map_or("", String::as_str)));
        let value = Value::from_pairs(Field::ALL.map(value));
        self.facts.tell("field", value.clone());
        self.facts.tell("card", value);
        Ok(values)
    }

    /// The last year of validity.
    pub(crate) fn end_date(
        &mut self,
        affiliation: Affiliation,
        enrolled: Option<i16>,
        given: Option<&String>,
    ) -> Result<Option<i16>, Undecided> {
        let config = self.config;
        let given = match given {
            None => None,
            Some(text) => match self.year_of(text) {
                Some(year) => Some(year),
                None => {
                    let fields = if affiliation == Affiliation::Student { &config.student } else { &config.staff };
                    let why = "it is neither a year nor a date";
                    return Err(match fields.templates.get(&Field::EndDate) {
                        Some(template) => Undecided::by(template, config, "endDate", why),
                        None => Undecided { source: String::new(), why: why.to_owned() },
                    });
                }
            },
        };
        let academic = config.year.of(self.today).saturating_add(1);
        Ok(match affiliation {
            Affiliation::Student => given.or(enrolled.map(|year| year.saturating_add(1))),
            Affiliation::Staff => Some(given.map_or(academic, |given| given.min(academic))),
        })
    }

    /// The year that a text names, or in which the academic year of a day ends that it names.
    fn year_of(&self, text: &str) -> Option<i16> {
        let year = text.parse::<i16>().ok().filter(|_| text.len() == 4);
        let last = || Some(self.config.year.of(Day::read(text, &self.config.timezone)?).saturating_add(1));
        // What the application can print.
        year.or_else(last).filter(|year| (2000..3000).contains(year))
    }

    /// The codes of the rules that hold.
    pub(crate) fn rules(&mut self, affiliation: Affiliation) -> Result<Vec<Code>, Undecided> {
        let config = self.config;
        let mut codes = Vec::new();
        for rule in &config.rules {
            let Verdict::Code(code) = rule.verdict else { continue };
            if rule.affiliation.is_some_and(|whom| whom != affiliation) {
                let whom = if affiliation == Affiliation::Staff { "staff" } else { "a student" };
                let verdict = format!("is not for {whom}");
                self.tell(|trace, _| trace.rules.push(tried(rule, Vec::new(), verdict)));
            } else if self.holds(rule)? {
                codes.push(code);
            }
        }
        Ok(codes)
    }
}

/// The codes as they are sent: in their order, each once; that there is no card is left out beside what causes it.
pub(crate) fn sent(mut codes: Vec<Code>, report: Report) -> Vec<Code> {
    codes.sort_unstable();
    codes.dedup();
    if codes.contains(&Code::UnpaidFees) {
        codes.retain(|code| *code != Code::NoActiveCard);
    }
    if report == Report::First {
        codes.truncate(1);
    }
    codes
}

/// A value without what does not belong to it; none, if nothing is left that an application accepts.
fn tidy(field: Field, text: String) -> Option<String> {
    let within = |text: &str, lengths: RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match field {
        Field::Lastname | Field::Firstname => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Field::Csn => {
            let text = text.replace([' ', ':', '-'], "").to_ascii_uppercase();
            Some(text).filter(|text| within(text, 4..=32))
        }
        Field::Ine => Some(text).filter(|text| within(text, 10..=11)),
        Field::Euid => match text.get(..EUID.len()) {
            Some(prefix) if prefix.eq_ignore_ascii_case(EUID) => Some(text[EUID.len()..].to_owned()),
            _ => Some(text),
        },
        Field::Escn => Some(text.to_lowercase()),
        _ => Some(text),
    }
}

fn made(name: &str, template: &Template, facts: &Facts, value: Option<String>, failed: Option<String>) -> Made {
    let from = attributes(template, facts);
    Made { name: name.to_owned(), template: template.text.clone(), from, value, failed }
}

fn tried(rule: &Rule, from: Vec<crate::explain::Attribute>, verdict: String) -> Tried {
    let code = match rule.verdict {
        Verdict::NotFound => "not_found",
        Verdict::Code(code) => code.name(),
    };
    Tried { code: code.to_owned(), when: rule.when.text.clone(), from, verdict }
}
