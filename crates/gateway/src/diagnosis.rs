//! A report for bug reports: what works with a school and what does not, with nothing about anyone in it.
//!
//! It is made of versions, numbers, the server's names of functions and fields, and words of our own. No value of an
//! answer goes into it, and no text of the server.

use std::time::Instant;

use jiff::civil::{Date, DateTime};
use pronote::functions::timetable::When;
use pronote::functions::{
    Read, account, contents, evaluations, grades, home, homework, menus, messaging, news, notifications, pupils,
    report, school_life, team, timetable,
};
use pronote::model::{NewsFolder, PersonKind};
use pronote::protocol::page::Closed;
use pronote::wire::Diagnostic;
use pronote::{Cause, Error, Facts, Session, Step};
use serde::Serialize;

/// What works with a school, and what does not.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// Our version.
    pub cartable: &'static str,
    /// The system and the processor it runs on.
    pub platform: String,
    /// What is known of the server.
    pub server: Facts,
    /// What kind of account it is.
    pub account: AccountShape,
    /// The shape of the year.
    pub year: YearShape,
    /// How each page went.
    pub pages: Vec<PageCheck>,
}

/// An account, in numbers.
#[derive(Debug, Serialize)]
pub struct AccountShape {
    /// What the account's person is.
    pub kind: PersonKind,
    /// How many children it has.
    pub children: usize,
    /// How many classes it has.
    pub classes: usize,
    /// The tabs it may open, as the server numbers them.
    pub tabs: Vec<u32>,
}

/// A year, in numbers.
#[derive(Debug, Serialize)]
pub struct YearShape {
    /// Slots in a day.
    pub slots_per_day: u32,
    /// Slots in an hour.
    pub slots_per_hour: u32,
    /// Hours that are listed.
    pub slots: usize,
    /// Weeks.
    pub weeks: u32,
    /// Grading periods.
    pub periods: usize,
    /// Alternating weeks.
    pub fortnights: usize,
    /// Holidays.
    pub holidays: usize,
    /// Levels of skills.
    pub skill_levels: usize,
    /// Whether the server's day stands still.
    pub frozen: bool,
}

/// How one page went.
#[derive(Debug, Serialize)]
pub struct PageCheck {
    /// The server's name of the function.
    pub function: &'static str,
    /// The tab it is asked from.
    pub tab: Option<u32>,
    /// How long the answer took, waiting for its turn included.
    pub milliseconds: u128,
    /// The size of the answer, unfolded.
    pub bytes: Option<usize>,
    /// What could not be read: where, what was expected, what kind of value was there.
    pub diagnostics: Vec<Diagnostic>,
    /// Why there is no answer.
    pub failure: Option<Failure>,
}

/// A failure, without a word of the server.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// At which step.
    pub step: String,
    /// Of which kind.
    pub kind: &'static str,
    /// The server's number for it, or the HTTP status.
    pub code: Option<i64>,
    /// Where an answer made no sense.
    pub malformed: Option<Diagnostic>,
}

/// Asks every page once.
pub async fn diagnose(session: &Session) -> Diagnosis {
    let (user, instance) = (session.user(), session.instance());
    Diagnosis {
        cartable: env!("CARGO_PKG_VERSION"),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        server: session.facts(),
        account: AccountShape {
            kind: user.person.kind,
            children: user.children.len(),
            classes: user.classes.len(),
            tabs: user.tabs.iter().collect(),
        },
        year: YearShape {
            slots_per_day: instance.slots_per_day,
            slots_per_hour: instance.slots_per_hour,
            slots: instance.slots.len(),
            weeks: instance.last_week(),
            periods: instance.periods.len(),
            fortnights: instance.fortnights.len(),
            holidays: instance.holidays.len(),
            skill_levels: instance.skill_levels.len(),
            frozen: instance.demo_date.is_some(),
        },
        pages: pages(session).await,
    }
}

async fn pages(session: &Session) -> Vec<PageCheck> {
    let instance = session.instance();
    // The server's day, as of its sign-in: the only one that has lessons in a demonstration.
    let today: Date = instance.today(instance.server_time.map_or(instance.first_date, DateTime::date));
    let week = instance.week_of(today);
    let mut pages = vec![
        check(session, &timetable::Request { when: When::Week(week) }).await,
        check(session, &timetable::Presence).await,
        check(session, &homework::Request { weeks: week..=week }).await,
        check(session, &contents::Request { weeks: week..=week }).await,
        check(session, &contents::Resources).await,
        check(session, &grades::Request { period: None }).await,
        check(session, &evaluations::Request { period: None }).await,
        check(session, &report::Request { period: None }).await,
        check(session, &school_life::Request { period: None, from: None, to: None }).await,
        check(session, &news::Request { folders: vec![NewsFolder::Received] }).await,
        check(session, &home::Request { date: None }).await,
        check(session, &menus::Request { date: today }).await,
        check(session, &messaging::Request { unread_only: false }).await,
        check(session, &team::Request).await,
        check(session, &account::Request).await,
        check(session, &notifications::Request).await,
    ];
    if let Some(class) = session.user().classes.first() {
        pages.push(check(session, &pupils::Request { class: class.id.clone() }).await);
    }
    pages
}

async fn check<R: Read + Sync>(session: &Session, request: &R) -> PageCheck {
    let start = Instant::now();
    let answer = session.read(request).await;
    let milliseconds = start.elapsed().as_millis();
    let (bytes, diagnostics, failure) = match answer {
        Ok(page) => (Some(page.json().len()), page.diagnostics, None),
        Err(error) => (None, Vec::new(), Some(Failure::of(&error))),
    };
    PageCheck { function: R::NAME, tab: R::TAB, milliseconds, bytes, diagnostics, failure }
}

impl Failure {
    fn of(error: &Error) -> Self {
        let code = match &error.cause {
            Cause::Status(status) => Some(i64::from(*status)),
            Cause::Server { code, .. } => Some(*code),
            Cause::Refused(refusal) => refusal.code,
            _ => None,
        };
        let malformed = match &error.cause {
            Cause::Malformed(malformed) => Some(malformed.diagnostic().clone()),
            _ => None,
        };
        // The name of a page is one of ours: only known functions are asked.
        let step = match &error.step {
            Step::Page(_) => "page".to_owned(),
            step => step.to_string(),
        };
        Failure { step, kind: kind(&error.cause), code, malformed }
    }
}

/// A cause in a word of our own.
pub(crate) fn kind(cause: &Cause) -> &'static str {
    match cause {
        Cause::Address(_) => "address",
        Cause::Transport(error) => transport_kind(error),
        Cause::Closed(Closed::Suspended) => "suspended",
        Cause::Closed(Closed::Unavailable) => "closed",
        Cause::Closed(Closed::Busy) => "busy",
        Cause::Closed(Closed::Outdated) => "outdated",
        Cause::Closed(Closed::NoSpace) => "no such space",
        Cause::Closed(Closed::NotPronote) => "not PRONOTE",
        Cause::Status(_) => "HTTP status",
        Cause::Unreadable(_) => "unreadable",
        Cause::Mismatch(_) => "not the answer to this call",
        Cause::Malformed(_) => "malformed",
        Cause::StillWaiting(_) => "still waiting",
        Cause::Expired => "expired",
        Cause::StaleIdentifiers => "stale identifiers",
        Cause::RateLimited => "rate limited",
        Cause::Denied => "denied",
        Cause::Server { .. } => "error of the server",
        Cause::Unopened(_) | Cause::Refused(_) => "sign-in refused",
        Cause::Paused(_) => "held back",
        Cause::NotKept(_) => "credentials not kept",
        Cause::StepNeeded => "security step needed",
        Cause::NoTab => "not in this account",
        _ => "another",
    }
}

fn transport_kind(error: &transport::Error) -> &'static str {
    use transport::Error;

    match error {
        Error::Timeout { .. } => "no answer in time",
        Error::Interrupted { .. } => "cut short",
        Error::Unreachable { .. } => "unreachable",
        Error::Tls { .. } => "no secure connection",
        Error::TooLarge { .. } => "answer too large",
        Error::TooManyRedirects { .. } | Error::InvalidRedirect { .. } | Error::InsecureRedirect { .. } => "redirects",
        _ => "another exchange",
    }
}
