//! The commands that show a page, or change something on it. One file per page: its arguments, what it asks, what it shows.

mod absences;
mod account;
mod classes;
mod contents;
mod desk;
mod download;
mod evaluations;
mod export;
mod grades;
mod home;
mod homework;
mod ics;
mod menus;
mod messages;
mod news;
mod report;
mod timetable;
mod year;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::Invocation;
use crate::when::{Day, shifted};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lessons, week by week
    Timetable(timetable::TimetableArgs),
    /// Homework: show it, mark it done, hand in a file
    Homework(homework::HomeworkArgs),
    /// Grades and averages of a period
    Grades(Period),
    /// Evaluations of skills of a period
    Evaluations(Period),
    /// Absences, delays, punishments and observations of a period
    Absences(absences::AbsencesArgs),
    /// News and surveys: show, acknowledge, answer
    News(news::NewsArgs),
    /// Menus of the canteen
    Menus(Span),
    /// Discussions: read, reply, begin, tidy
    Messages(messages::MessagesArgs),
    /// The report card of a period
    Report(report::ReportArgs),
    /// What was done in lessons
    Contents(Span),
    /// Resources that teachers share
    Resources,
    /// What is near, from every page at once
    Home,
    /// The people who teach
    Team,
    /// Who is signed in
    User,
    /// Personal data of the account
    Account,
    /// The grading periods of the year
    Periods,
    /// The holidays of the year
    Holidays,
    /// The classes of a school-life account
    Classes,
    /// The pupils of a class, for school life
    Students(classes::StudentsArgs),
    /// Save a file: an attachment, or the photo
    Download(download::DownloadArgs),
    /// Save everything of the year into a folder: JSON, calendar, files
    Export(export::ExportArgs),
    /// Print an iCalendar of lessons, homework and holidays
    Ics(ics::IcsArgs),
}

/// Some days.
#[derive(Debug, Args)]
pub(crate) struct Span {
    /// The first day: 2026-11-22, today, tomorrow, monday, +7
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    from: Option<Day>,
    /// The last day
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    to: Option<Day>,
}

impl Span {
    /// The days meant: from today, for so many days, unless said otherwise. Both in order.
    fn days(&self, today: Date, from: Date, length: i64) -> (Date, Date) {
        let first = self.from.map(|day| day.on(today));
        let last = self.to.map(|day| day.on(today));
        let (first, last) = match (first, last) {
            (Some(first), Some(last)) => (first, last),
            (Some(first), None) => (first, shifted(first, length - 1)),
            (None, Some(last)) => (from.min(last), last),
            (None, None) => (from, shifted(from, length - 1)),
        };
        (first.min(last), first.max(last))
    }
}

/// A period of the year.
#[derive(Debug, Args)]
pub(crate) struct Period {
    /// The period: its number in `periods`, its name or a part of it [default: the current one]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
}

/// Runs a command about a page.
pub(crate) async fn run(invocation: &Invocation, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Timetable(args) => timetable::run(invocation, args).await,
        Command::Homework(args) => homework::run(invocation, args).await,
        Command::Grades(period) => grades::run(invocation, period).await,
        Command::Evaluations(period) => evaluations::run(invocation, period).await,
        Command::Absences(args) => absences::run(invocation, args).await,
        Command::News(args) => news::run(invocation, args).await,
        Command::Menus(span) => menus::run(invocation, span).await,
        Command::Messages(args) => messages::run(invocation, args).await,
        Command::Report(args) => report::run(invocation, args).await,
        Command::Contents(span) => contents::run(invocation, span).await,
        Command::Resources => contents::resources(invocation).await,
        Command::Home => home::run(invocation).await,
        Command::Team => home::team(invocation).await,
        Command::User => account::user(invocation).await,
        Command::Account => account::run(invocation).await,
        Command::Periods => year::periods(invocation).await,
        Command::Holidays => year::holidays(invocation).await,
        Command::Classes => classes::classes(invocation).await,
        Command::Students(args) => classes::students(invocation, args).await,
        Command::Download(args) => download::run(invocation, args).await,
        Command::Export(args) => export::run(invocation, args).await,
        Command::Ics(args) => ics::run(invocation, args).await,
    }
}
