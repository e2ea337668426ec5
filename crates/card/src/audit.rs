//! All people at once: how many have a card, and why the others have none.

use std::collections::BTreeMap;
use std::fmt;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde::Serialize;

use crate::connector::Connector;
use crate::measure;
use crate::model::{Card, Code, Outcome};
use crate::source::SourceError;

/// How many people are asked about at a time: more would keep the sources from those who want their card.
const AT_ONCE: usize = 8;

/// Whom an audit is about.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'a> {
    /// Everybody whom the source knows that identifies people.
    Everybody,
    /// Some people, by their logins.
    These(&'a [String]),
}

/// What an audit found. Counts name nobody; the list of people, if one was asked for, holds logins and nothing else of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// How many people were asked about.
    pub people: usize,
    /// How many have a card.
    pub cards: usize,
    /// How many have none, by why; whoever has two codes counts twice.
    pub codes: BTreeMap<&'static str, usize>,
    /// How many count as unknown.
    pub unknown: usize,
    /// How many could not be told about, by what was the matter.
    pub unavailable: BTreeMap<String, usize>,
    /// On how many cards a text is longer than its line, by its field.
    pub overflowing: BTreeMap<&'static str, usize>,
    /// The codes that have no label, as `table: code`, and how many people have them.
    pub unknown_codes: BTreeMap<String, usize>,
    /// Each person with the outcome, if that was asked for.
    #[serde(skip)]
    pub list: Vec<Person>,
}

/// One person of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The login.
    pub login: String,
    /// `card`, `no card`, `unknown` or `unavailable`.
    pub outcome: &'static str,
    /// The codes, what was the matter, or which fields are longer than their lines.
    pub details: Vec<String>,
}

/// Why an audit could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source that identifies people cannot list them.
    #[error("the source `{0}` cannot list its people: give their logins")]
    Unlisted(String),
    /// It failed.
    #[error("the source `{0}`: {1}")]
    Source(String, SourceError),
}

impl Connector {
    /// Finds out about many people. `progress` is told after each page how many it were so far.
    ///
    /// # Errors
    ///
    /// People cannot be listed. That something is wrong with one of them is none: it is counted.
    pub async fn audit(
        &self,
        whom: Whom<'_>,
        at: Timestamp,
        list: bool,
        mut progress: impl FnMut(usize),
    ) -> Result<Audit, Error> {
        let mut audit = Audit::default();
        match whom {
            Whom::These(logins) => {
                for page in logins.chunks(256) {
                    self.audit_page(&mut audit, page, at, list).await;
                    progress(audit.people);
                }
            }
            Whom::Everybody => {
                let mut after: Option<String> = None;
                while let Some(page) = self.page(after.as_deref()).await? {
                    self.audit_page(&mut audit, &page, at, list).await;
                    progress(audit.people);
                    after = page.last().cloned();
                }
            }
        }
        Ok(audit)
    }

    /// The logins after one; none, when there are no more.
    async fn page(&self, after: Option<&str>) -> Result<Option<Vec<String>>, Error> {
        // A configuration without a source is not read.
        let Some(given) = self.config().sources.first() else { return Ok(None) };
        let page = given.source.keys(after).await.map_err(|error| Error::Source(given.name.clone(), error))?;
        let page = page.ok_or_else(|| Error::Unlisted(given.name.clone()))?;
        // A source that does not go on would be asked forever.
        let goes_on = page.last().map(String::as_str) != after;
        Ok(Some(page).filter(|page| !page.is_empty() && goes_on))
    }

    async fn audit_page(&self, audit: &mut Audit, logins: &[String], at: Timestamp, list: bool) {
        let decisions =
            futures_util::stream::iter(logins).map(|login| async move { (login, self.decision(login, at).await) });
        let mut decisions = decisions.buffered(AT_ONCE);
        while let Some((login, (outcome, unknown_codes))) = decisions.next().await {
            for (table, code) in unknown_codes {
                *audit.unknown_codes.entry(format!("{table}: {code}")).or_default() += 1;
            }
            let (outcome, details) = audit.count(outcome);
            if list {
                audit.list.push(Person { login: login.clone(), outcome, details });
            }
        }
    }
}

impl Audit {
    fn count(&mut self, outcome: Outcome) -> (&'static str, Vec<String>) {
        self.people += 1;
        match outcome {
            Outcome::Card(card) => {
                self.cards += 1;
                let overflowing = overflowing(&card);
                overflowing.iter().for_each(|field| *self.overflowing.entry(field).or_default() += 1);
                ("card", overflowing.iter().map(|field| format!("{field} is longer than its line")).collect())
            }
            Outcome::NoCard { codes, .. } => {
                codes.iter().for_each(|code| *self.codes.entry(code.name()).or_default() += 1);
                ("no card", codes.into_iter().map(Code::name).map(str::to_owned).collect())
            }
            Outcome::Unknown(_) => {
                self.unknown += 1;
                ("unknown", Vec::new())
            }
            Outcome::Unavailable { source, why } => {
                let what = format!("{source}: {why}");
                *self.unavailable.entry(what.clone()).or_default() += 1;
                ("unavailable", vec![what])
            }
        }
    }

    /// The list as a file for a spreadsheet, with semicolons.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = String::from("login;outcome;details\r\n");
        for Person { login, outcome, details } in &self.list {
            let cells = [login.as_str(), outcome, &details.join(", ")].map(cell);
            csv.push_str(&cells.join(";"));
            csv.push_str("\r\n");
        }
        csv
    }
}

/// The fields of a card that are longer than their lines.
fn overflowing(card: &Card) -> Vec<&'static str> {
    let mut fields = Vec::new();
    let mut add = |field, overflows: bool| fields.extend(Some(field).filter(|_| overflows));
    add("lastname", measure::name_overflows(&card.lastname));
    add("firstname", measure::name_overflows(&card.firstname));
    add("title", measure::title_overflows(&card.title));
    add("subtitle", card.subtitle.as_deref().is_some_and(measure::subtitle_overflows));
    fields
}

/// A cell, which no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    let text = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text };
    if text.contains([';', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>8} people", self.people)?;
        writeln!(f, "{:>8} cards", self.cards)?;
        for (code, count) in &self.codes {
            writeln!(f, "{count:>8} {code}")?;
        }
        writeln!(f, "{:>8} unknown", self.unknown)?;
        for (what, count) in &self.unavailable {
            writeln!(f, "{count:>8} could not be told about: {what}")?;
        }
        for (field, count) in &self.overflowing {
            writeln!(f, "{count:>8} with a `{field}` that is longer than its line")?;
        }
        for (code, count) in &self.unknown_codes {
            writeln!(f, "{count:>8} with a code without a label: {code}")?;
        }
        Ok(())
    }
}
