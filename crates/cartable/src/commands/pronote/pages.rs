//! The commands that show a page, or change something on it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Invocation, open_session};
use crate::exit::{Family, failure};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lessons, week by week
    Timetable(Span),
    /// Homework; `done ID` marks it
    Homework(HomeworkArgs),
    /// Grades and averages of a period
    Grades(Period),
    /// Evaluations of skills
    Evaluations(Period),
    /// Absences, lateness, punishments and observations
    Absences(Period),
    /// News and surveys
    News(NewsArgs),
    /// Menus of the canteen
    Menus(Span),
    /// Discussions
    Messages(MessagesArgs),
    /// The report card of a period
    Report(ReportArgs),
    /// What was done in lessons
    Contents(Span),
    /// Resources that teachers share
    Resources,
    /// Who is signed in
    User,
    /// Save an attachment
    Download(DownloadArgs),
    /// Save everything of the year into a folder: JSON, calendars, files
    Export(ExportArgs),
    /// Print an iCalendar of lessons, homework and holidays
    Ics(IcsArgs),
}

/// Some days.
#[derive(Debug, Args)]
pub(crate) struct Span {
    /// The first day, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// The last day, YYYY-MM-DD [default: depends on the page]
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
}

/// A period of the year.
#[derive(Debug, Args)]
pub(crate) struct Period {
    /// The period: its number (from 1) or a part of its name [default: the current one]
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct HomeworkArgs {
    #[command(flatten)]
    span: Span,
    #[command(subcommand)]
    command: Option<HomeworkCommand>,
}

#[derive(Debug, Subcommand)]
enum HomeworkCommand {
    /// Mark homework as done
    Done {
        /// Its identifier, as the list shows it
        id: String,
        /// Mark it as not done
        #[arg(long)]
        undo: bool,
    },
    /// Hand in a file
    Return {
        /// The homework's identifier, as the list shows it
        id: String,
        /// The file
        file: PathBuf,
    },
    /// Take back the file that was handed in
    Withdraw {
        /// The homework's identifier, as the list shows it
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NewsArgs {
    #[command(subcommand)]
    command: Option<NewsCommand>,
}

#[derive(Debug, Subcommand)]
enum NewsCommand {
    /// Acknowledge a piece of news
    Ack {
        /// Its identifier, as the list shows it
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MessagesArgs {
    #[command(subcommand)]
    command: Option<MessagesCommand>,
}

#[derive(Debug, Subcommand)]
enum MessagesCommand {
    /// Show the messages of a discussion
    Read {
        /// Its identifier, as the list shows it
        id: String,
    },
    /// Answer a discussion
    Reply {
        /// Its identifier, as the list shows it
        id: String,
        /// The text; `-` reads it from standard input
        text: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    period: Period,
    /// Save the report as a PDF file
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DownloadArgs {
    /// The attachment's identifier, as the lists show it
    id: String,
    /// Where to save it [default: its own name, in this folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The folder; it is made if it is not there
    dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct IcsArgs {
    #[command(flatten)]
    span: Span,
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs a command about a page.
pub(crate) async fn run(invocation: &Invocation, command: Command) -> anyhow::Result<()> {
    let _ = (open_session(invocation, false).await?, command);
    Err(failure(Family::Unexpected, "not there yet", ""))
}
