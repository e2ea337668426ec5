//! What the page commands share: the session they ask, whom it is about, and how the answer is shown.

use anyhow::Result;
use jiff::civil::{Date, DateTime};
use pronote::model::{Attachment, Instance, Period, SaveReport};
use pronote::wire::Diagnostic;
use pronote::{Page, Session};
use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::pronote::{Invocation, open_session};
use crate::exit::{Family, failure};
use crate::items::without_session_ids;
use crate::output;
use crate::present::{Look, line};
use crate::when::{monday, shifted};

/// A session, and how its answers are shown.
pub(crate) struct Desk<'a> {
    invocation: &'a Invocation,
    pub(crate) session: Session,
    pub(crate) look: Look,
}

/// What was read of a page, perhaps in several calls.
#[derive(Debug, Default)]
pub(crate) struct Reading<T> {
    /// What it says.
    pub(crate) value: T,
    /// What could not be read of it.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The server's own JSON, call by call.
    pub(crate) raw: Vec<String>,
}

impl<T> Reading<T> {
    /// The same page, said otherwise.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { value: change(self.value), diagnostics: self.diagnostics, raw: self.raw }
    }

    /// Adds another call, and gives what it says.
    pub(crate) fn add<U>(&mut self, page: impl Into<Reading<U>>) -> U {
        let Reading { value, diagnostics, raw } = page.into();
        self.diagnostics.extend(diagnostics);
        self.raw.extend(raw);
        value
    }
}

impl<T> From<Page<T>> for Reading<T> {
    fn from(page: Page<T>) -> Self {
        let raw = vec![page.json().to_owned()];
        Reading { value: page.value, diagnostics: page.diagnostics, raw }
    }
}

/// A page, ready for both a person and a program.
pub(crate) struct Shown {
    /// What a person reads.
    pub(crate) text: String,
    /// What a program reads.
    pub(crate) data: Value,
    /// What could not be read of the page.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Shown {
    /// A page that is shown whole.
    pub(crate) fn new<T: Serialize>(page: &Page<T>, text: String) -> Result<Self> {
        Ok(Shown { text, data: serde_json::to_value(&page.value)?, diagnostics: page.diagnostics.clone() })
    }
}

impl<'a> Desk<'a> {
    /// Opens a session that may only read.
    pub(crate) async fn open(invocation: &'a Invocation) -> Result<Self> {
        Self::opened(invocation, false).await
    }

    /// Opens a session that may change things.
    pub(crate) async fn open_to_write(invocation: &'a Invocation) -> Result<Self> {
        Self::opened(invocation, true).await
    }

    async fn opened(invocation: &'a Invocation, write: bool) -> Result<Self> {
        let session = open_session(invocation, write).await?;
        Ok(Desk { invocation, session, look: output::look() })
    }

    /// Shows a page: of each child, in the account of a parent who named none.
    pub(crate) async fn show(&self, page: impl AsyncFn(&Session) -> Result<Shown>) -> Result<()> {
        let children = &self.session.user().children;
        if children.len() < 2 || self.invocation.child.is_some() {
            return self.print(page(&self.session).await?);
        }
        let mut all = Vec::new();
        for (place, child) in children.iter().enumerate() {
            let shown = page(&self.session.for_child(place)?).await?;
            if self.invocation.json {
                let Shown { mut data, diagnostics, .. } = shown;
                without_session_ids(&mut data);
                all.push(json!({ "child": child.name, "data": data, "diagnostics": diagnostics }));
            } else {
                let gap = if place == 0 { "" } else { "\n" };
                output::bytes(format!("{gap}# {}\n\n", line(&child.name)).as_bytes())?;
                self.print(shown)?;
            }
        }
        if self.invocation.json { output::json(&json!({ "children": all })) } else { Ok(()) }
    }

    /// The session about one child: the one that was named, else the first, with a note when there are others.
    pub(crate) fn one_child(&self) -> Result<Session> {
        let children = &self.session.user().children;
        if let (None, [first, _, ..]) = (&self.invocation.child, children.as_slice()) {
            eprintln!("note: about {}; --child names another child", line(&first.name));
            return Ok(self.session.for_child(0)?);
        }
        Ok(self.session.clone())
    }

    /// Shows a page that is the same for every child.
    pub(crate) async fn show_once(&self, page: impl AsyncFn(&Session) -> Result<Shown>) -> Result<()> {
        self.print(page(&self.session).await?)
    }

    /// Says what was done: a sentence, and what the school has to say about it.
    pub(crate) fn done(&self, id: &str, sentence: &str, report: &SaveReport) -> Result<()> {
        let notices = &report.notices;
        let text = std::iter::once(sentence).chain(notices.iter().map(String::as_str));
        let text = text.map(|sentence| line(sentence) + "\n").collect();
        self.print(Shown { text, data: json!({ "id": id, "notices": notices }), diagnostics: Vec::new() })
    }

    fn print(&self, shown: Shown) -> Result<()> {
        let Shown { text, mut data, diagnostics } = shown;
        if self.invocation.json {
            without_session_ids(&mut data);
            return output::answer(&data, &diagnostics);
        }
        if !diagnostics.is_empty() {
            eprintln!(
                "note: {} could not be read; --json tells what",
                counted(diagnostics.len(), "part of this page", "parts of this page")
            );
        }
        output::bytes(text.as_bytes())
    }
}

/// The day it is at the school.
pub(crate) fn today(instance: &Instance) -> Date {
    now(instance).date()
}

/// The Monday of the week that matters: this one, or the next once the last school day of this one is over.
pub(crate) fn school_week(instance: &Instance) -> Date {
    let today = today(instance);
    let mut left = (0..7 - i64::from(today.weekday().to_monday_zero_offset())).map(|days| shifted(today, days));
    let school =
        |day: Date| instance.working_days.contains(u32::from(day.weekday().to_monday_one_offset().unsigned_abs()));
    let over = !instance.working_days.is_empty() && !left.any(school);
    shifted(monday(today), if over { 7 } else { 0 })
}

/// The time it is at the school: the server's, so that an invented school stays in its own time.
pub(crate) fn now(instance: &Instance) -> DateTime {
    let server = instance.demo_date.or(instance.server_time);
    server.unwrap_or_else(|| jiff::Zoned::now().datetime())
}

/// The period that a person named: its number in the list of periods, its name, or a part of it that only it has.
pub(crate) fn period(instance: &Instance, typed: Option<&str>) -> Result<Option<Period>> {
    let Some(typed) = typed else { return Ok(None) };
    let by_number = typed.trim().parse::<usize>().ok().and_then(|number| instance.periods.get(number.checked_sub(1)?));
    let wanted = typed.trim().to_lowercase();
    let by_part = || {
        let mut named = instance.periods.iter().filter(|period| period.name.to_lowercase().contains(&wanted));
        named.next().filter(|_| !wanted.is_empty() && named.next().is_none())
    };
    let period = by_number.or_else(|| instance.period(typed)).or_else(by_part);
    period.cloned().map(Some).ok_or_else(|| {
        let names: Vec<String> = instance.periods.iter().map(|period| line(&period.name)).collect();
        failure(Family::Missing, format!("no period `{typed}`"), format!("The periods are: {}.", names.join(", ")))
    })
}

/// The link to a file of this session.
pub(crate) async fn link(session: &Session, file: &Attachment) -> Result<url::Url> {
    if let Some(url) = &file.url {
        let elsewhere = format!("`{}` is a link, not a file", line(&file.name));
        return Err(failure(Family::Missing, elsewhere, format!("It leads to {}", line(url))));
    }
    let Some(payload) = pronote::functions::files::payload_of(file) else {
        return Err(failure(Family::Missing, "this file has no identifier", "The school's server does not offer it."));
    };
    Ok(session.file_link(&payload, &file.name).await?)
}

/// `1 file`, `2 files`.
pub(crate) fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn over_the_weekend_the_week_to_come_matters() {
        let on = |day: Date, days: &[u32]| {
            let working_days = days.iter().copied().collect();
            school_week(&Instance { server_time: Some(day.at(8, 0, 0, 0)), working_days, ..Instance::default() })
        };
        let (friday, saturday) = (date(2026, 11, 20), date(2026, 11, 21));
        assert_eq!(on(friday, &[1, 2, 3, 4, 5]), date(2026, 11, 16));
        assert_eq!(on(saturday, &[1, 2, 3, 4, 5]), date(2026, 11, 23));
        assert_eq!(on(saturday, &[1, 2, 3, 4, 5, 6]), date(2026, 11, 16), "a school day itself");
        assert_eq!(on(saturday, &[]), date(2026, 11, 16), "a school that does not tell its days");
    }
}
