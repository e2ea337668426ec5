//! Who has which layout, who is enrolled, how the fields are made, and what stands against a card.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::reader::Section;
use super::sources::Opened;
use super::stages::Stages;
use super::{Affiliations, Enrolment, Field, Fields, Qr, Report, Rule, Verdict};
use crate::expression::{Compiler, Expression, Facts, Reference, Template};
use crate::measure;
use crate::model::{Affiliation, Code};

/// The most rules.
const MOST_RULES: usize = 100;
/// The longest text that a code may be made of, in bytes: a phone still reads it.
pub(crate) const LONGEST_CODE: usize = 1000;
/// What is in a European card's code, if nothing is said.
const EUROPEAN_CODE: &str = "https://esc.gg/{{ field.escn }}";

/// Compiles what the configuration holds, and notes what is wrong with it.
pub(super) struct People<'c> {
    pub(super) compiler: &'c mut Compiler,
    pub(super) stages: &'c Stages,
}

impl People<'_> {
    fn template(&mut self, section: &Section<'_, '_>, text: &Spanned<String>, sample: &Facts) -> Option<Template> {
        let compiled = self.compiler.template(text.get_ref(), text.span(), sample);
        compiled.map_err(|what| section.fault(text.span(), format!("the template: {what}"))).ok()
    }

    fn expression(&mut self, section: &Section<'_, '_>, text: &Spanned<String>, sample: &Facts) -> Option<Expression> {
        let compiled = self.compiler.expression(text.get_ref(), text.span(), sample);
        compiled.map_err(|what| section.fault(text.span(), format!("the expression: {what}"))).ok()
    }

    /// The key of a source, which may speak of those before it.
    pub(super) fn key(&mut self, card: &Section<'_, '_>, source: &Opened, before: &[String]) -> Option<Template> {
        let key = source.key.as_ref()?;
        self.template(card, key, &self.stages.key(before))
    }

    /// One of the attributes that photos are in.
    pub(super) fn photo(&mut self, card: &Section<'_, '_>, text: &Spanned<String>) -> Option<Reference> {
        let read = self.compiler.photo(text.get_ref());
        read.map_err(|what| card.fault(text.span(), format!("`photo`: {what}"))).ok()
    }

    /// `[card.affiliation]`.
    pub(super) fn affiliation(&mut self, card: &mut Section<'_, '_>) -> Option<Affiliations> {
        let Some(mut section) = card.table("affiliation") else {
            card.fault(card.span.clone(), "[card.affiliation] is missing: it says who is a student, and who is staff");
            return None;
        };
        let from = section.required("from");
        let from = from.and_then(|from| self.template(&section, &from, &self.stages.joined.clone()));
        let mut list = |name, default: &[&str]| {
            let given = section.texts(name).map(|texts| texts.into_iter().map(Spanned::into_inner).collect());
            given.unwrap_or_else(|| default.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>())
        };
        let student = list("student", &["student"]);
        let staff = list("staff", &["faculty", "teacher", "researcher", "employee", "staff", "emeritus", "retired"]);
        let none = list("none", &["alum", "affiliate", "library-walk-in", "registered-reader"]);
        let words = [("student", Some(Affiliation::Student)), ("staff", Some(Affiliation::Staff)), ("none", None)];
        let other = section.word("other", &words).flatten();
        let mut seen = BTreeMap::new();
        for (list, values) in [("student", &student), ("staff", &staff), ("none", &none)] {
            for value in values {
                if let Some(before) = seen.insert(value.to_lowercase(), list).filter(|before| *before != list) {
                    section.fault(section.span.clone(), format!("`{value}` is both in `{before}` and in `{list}`"));
                }
            }
        }
        section.finish();
        Some(Affiliations { from: from?, student, staff, none, other })
    }

    /// `[card.enrolment]`.
    pub(super) fn enrolment(&mut self, card: &mut Section<'_, '_>) -> Option<Enrolment> {
        let mut section = card.table("enrolment")?;
        let sample = self.stages.affiliated.clone();
        let years = section.required("years");
        let years = years.and_then(|years| self.expression(&section, &years, &sample));
        let until = section.text("until").and_then(|until| self.expression(&section, &until, &sample));
        section.finish();
        Some(Enrolment { years: years?, until })
    }

    /// `[card.fields]`, `[card.student]` and `[card.staff]`.
    pub(super) fn fields(&mut self, card: &mut Section<'_, '_>) -> (Fields, Fields, Vec<Spanned<String>>) {
        let mut photo = Vec::new();
        let mut common = Fields::default();
        if let Some(mut section) = card.table("fields") {
            photo = section.texts("photo").unwrap_or_default();
            common = self.some_fields(&mut section, None);
            section.finish();
        }
        let mut layout = |name, affiliation| {
            let mut fields = Fields::default();
            let mut span = card.span.clone();
            if let Some(mut section) = card.table(name) {
                span = section.span.clone();
                fields = self.some_fields(&mut section, Some(affiliation));
                section.finish();
            }
            for (field, template) in &common.templates {
                if *field != Field::Ine || affiliation == Affiliation::Student {
                    fields.templates.entry(*field).or_insert_with(|| template.clone());
                }
            }
            for field in [Field::Lastname, Field::Firstname, Field::Title, Field::IdNumber] {
                if !fields.templates.contains_key(&field)
                    && !fields.faulty.contains(&field)
                    && !common.faulty.contains(&field)
                {
                    let what = format!(
                        "[card.{name}]: `{}` is missing, there or in [card.fields]: no card is without",
                        field.name()
                    );
                    card.fault(span.clone(), what);
                }
            }
            fields
        };
        let student = layout("student", Affiliation::Student);
        let staff = layout("staff", Affiliation::Staff);
        (student, staff, photo)
    }

    fn some_fields(&mut self, section: &mut Section<'_, '_>, of: Option<Affiliation>) -> Fields {
        let mut fields = Fields::default();
        for field in Field::ALL {
            let Some(text) = section.text(field.name()) else {
                if section.peek(field.name()).is_some() {
                    fields.faulty.push(field);
                }
                continue;
            };
            if field == Field::Ine && of == Some(Affiliation::Staff) {
                section.fault(text.span(), "`ine` is the number of students: staff has none");
                continue;
            }
            if text.get_ref().trim().is_empty() {
                section.fault(text.span(), format!("`{}` is blank", field.name()));
                fields.faulty.push(field);
                continue;
            }
            match self.template(section, &text, &self.stages.fields.clone()) {
                None => fields.faulty.push(field),
                Some(template) => {
                    warn_of_length(section, field, &template);
                    fields.templates.insert(field, template);
                }
            }
        }
        fields
    }

    /// `[[card.rule]]`.
    pub(super) fn rules(&mut self, card: &mut Section<'_, '_>) -> Vec<Rule> {
        let sections = card.tables("rule");
        if sections.len() > MOST_RULES {
            card.fault(card.span.clone(), format!("there are more than {MOST_RULES} rules"));
        }
        let mut rules = Vec::new();
        for mut section in sections {
            let words = [
                ("not_found", Verdict::NotFound),
                ("UNPAID_FEES", Verdict::Code(Code::UnpaidFees)),
                ("NO_ACTIVE_CARD", Verdict::Code(Code::NoActiveCard)),
                ("NO_PHOTO", Verdict::Code(Code::NoPhoto)),
            ];
            let place = section.span.clone();
            if section.peek("code").is_none() {
                section.fault(place.clone(), "[[card.rule]]: `code` is missing");
            }
            let verdict = section.word("code", &words);
            let mut affiliation =
                section.word("affiliation", &[("student", Affiliation::Student), ("staff", Affiliation::Staff)]);
            match (verdict, affiliation) {
                (Some(Verdict::NotFound), Some(_)) => section.fault(
                    place,
                    "whether somebody is unknown is decided before their affiliation: leave `affiliation` out",
                ),
                (Some(Verdict::Code(Code::UnpaidFees)), Some(Affiliation::Staff)) => {
                    section.fault(place, "staff pays no fees: UNPAID_FEES is for students");
                }
                (Some(Verdict::Code(Code::UnpaidFees)), None) => affiliation = Some(Affiliation::Student),
                _ => {}
            }
            let sample = match verdict {
                Some(Verdict::NotFound) => self.stages.identity.clone(),
                _ => self.stages.rules.clone(),
            };
            let when = section.required("when");
            let when = when.and_then(|when| self.expression(&section, &when, &sample));
            section.finish();
            if let (Some(verdict), Some(when)) = (verdict, when) {
                rules.push(Rule { verdict, affiliation, when });
            }
        }
        rules
    }

    /// `[card.qr]` and `[card.eu]`. The number of a student never goes into a code.
    pub(super) fn codes(&mut self, card: &mut Section<'_, '_>, student: &Fields) -> (Qr, Option<Template>) {
        let ine = student.templates.get(&Field::Ine).map(|ine| ine.refers.clone()).unwrap_or_default();
        let private = |section: &Section<'_, '_>, template: &Template| {
            let named = template.names.iter().any(|name| matches!(name.as_str(), "field.ine" | "card.ine"));
            if named || template.refers.iter().any(|refers| ine.contains(refers)) {
                section.fault(template.span.clone(), "the national number of students never goes into a code");
            }
        };
        let mut qr = Qr { kind: None, value: None, allow_extended: false };
        if let Some(mut section) = card.table("qr") {
            qr.allow_extended = section.flag("allow_extended").unwrap_or(false);
            let kind = section.text("type");
            let value = section.text("value");
            let none = kind.as_ref().is_none_or(|kind| kind.get_ref() == "none");
            if let Some(kind) = kind.filter(|_| !none) {
                check_kind(&section, &kind, qr.allow_extended);
                if value.is_none() {
                    section.fault(section.span.clone(), "[card.qr]: `value` is missing");
                }
                qr.kind = Some(kind.into_inner());
            }
            if let Some(value) = value {
                let template = self.template(&section, &value, &self.stages.codes.clone());
                if let Some(template) = &template {
                    private(&section, template);
                    check_value(&section, &value, qr.kind.as_deref());
                }
                qr.value = template;
            }
            section.finish();
        }
        let mut code = Spanned::new(0..0, EUROPEAN_CODE.to_owned());
        if let Some(mut section) = card.table("eu") {
            code = section.text("qr").unwrap_or(code);
            let template = self.template(&section, &code, &self.stages.codes.clone());
            if let Some(template) = &template {
                private(&section, template);
            }
            section.finish();
            return (qr, template);
        }
        let template = self.template(card, &code, &self.stages.codes.clone());
        (qr, template)
    }
}

/// A title that is too long for the card is seen at once; one of names only when somebody has it.
fn warn_of_length(section: &Section<'_, '_>, field: Field, template: &Template) {
    let overflows = match field {
        Field::Title => measure::title_overflows,
        Field::Subtitle => measure::subtitle_overflows,
        _ => return,
    };
    if template.is_literal() && overflows(&template.text) {
        let what = format!("`{}` is too long for the card: it runs under the photo", field.name());
        section.warn(template.span.clone(), what);
    }
}

fn check_kind(section: &Section<'_, '_>, kind: &Spanned<String>, extended: bool) {
    let word = kind.get_ref();
    if word.is_empty() || !word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        section.fault(kind.span(), "`type` has to be \"none\", \"text\", \"url\" or \"image\"");
    } else if !matches!(word.as_str(), "text" | "url") && !extended {
        let what = format!("`type = \"{word}\"` needs `allow_extended = true`: not every application knows it");
        section.fault(kind.span(), what);
    }
}

fn check_value(section: &Section<'_, '_>, value: &Spanned<String>, kind: Option<&str>) {
    let text = value.get_ref().trim();
    let begins = text.split("{{").next().unwrap_or_default();
    let fault = |span: Range<usize>, what: &str| section.fault(span, what.to_owned());
    if begins.len() > LONGEST_CODE {
        fault(value.span(), "the code would hold more than 1000 bytes");
    }
    let secure = begins.is_empty() || is_secure(begins);
    if kind == Some("url") && !(secure || begins.starts_with("{%")) {
        fault(value.span(), "an address in a code begins with https://");
    }
}

/// Whether an address in a code is one that a phone may be sent to.
pub(crate) fn is_secure(text: &str) -> bool {
    let secure = ["https://", "http://localhost", "http://127.0.0.1", "http://[::1]"];
    // In a QR code the beginning is in capitals.
    secure.iter().any(|start| text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start)))
}

/// `[card.errors]`.
pub(super) fn report(card: &mut Section<'_, '_>) -> Report {
    let Some(mut section) = card.table("errors") else { return Report::All };
    let report = section.word("report", &[("all", Report::All), ("first", Report::First)]);
    section.finish();
    report.unwrap_or(Report::All)
}
