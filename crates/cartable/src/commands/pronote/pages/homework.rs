//! `homework`: what is to be done, and what a pupil does about it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use pronote::Session;
use pronote::functions::homework::{MarkDone, Request};
use pronote::functions::submission::{Submit, Withdraw};
use pronote::model::{Homework, Instance};

use super::Span;
use super::desk::{Desk, Reading, Shown, today};
use crate::commands::pronote::Invocation;
use crate::exit::{Family, failure};
use crate::items::{self, Listed, found, listed};
use crate::{present, when};

/// How many days are shown without a wish.
const DAYS: i64 = 14;

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
    Submit {
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

pub(super) async fn run(invocation: &Invocation, args: HomeworkArgs) -> Result<()> {
    match args.command {
        None => list(invocation, &args.span).await,
        Some(HomeworkCommand::Done { id, undo }) => done(invocation, &id, !undo).await,
        Some(HomeworkCommand::Submit { id, file }) => submit(invocation, &id, file).await,
        Some(HomeworkCommand::Withdraw { id }) => withdraw(invocation, &id).await,
    }
}

async fn list(invocation: &Invocation, span: &Span) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let instance = session.instance();
        let today = today(&instance);
        let (from, to) = span.days(today, today, DAYS);
        let page = session.read(&Request { weeks: instance.week_range(from, to) }).await?;
        let diagnostics = page.diagnostics.clone();
        let mut list = in_order(page.value);
        list.retain(|item| (from..=to).contains(&item.due));
        Ok(Shown { text: present::homework::homework(&list, desk.look), data: items::json(&list)?, diagnostics })
    })
    .await
}

/// All the homework of the year: an identifier does not say when it is due.
pub(super) async fn of_the_year(session: &Session) -> Result<Reading<Vec<Listed<Homework>>>> {
    let page = session.read(&Request { weeks: whole_year(&session.instance()) }).await?;
    Ok(Reading::from(page).map(in_order))
}

/// Every week of the school year.
pub(super) fn whole_year(instance: &Instance) -> std::ops::RangeInclusive<u32> {
    1..=instance.last_week()
}

fn in_order(mut homework: Vec<Homework>) -> Vec<Listed<Homework>> {
    homework.sort_by_key(|item| item.due);
    listed(homework)
}

async fn done(invocation: &Invocation, id: &str, done: bool) -> Result<()> {
    let desk = Desk::open_to_write(invocation).await?;
    let list = of_the_year(&desk.session).await?.value;
    let item = found(&list, id)?;
    let report = desk.session.writer()?.save(&MarkDone { homework: item.id.clone(), done }).await?;
    let state = if done { "Done" } else { "Not done" };
    desk.done(&item.listed_id, &format!("{state}: {}.", named(item)), &report)
}

async fn submit(invocation: &Invocation, id: &str, file: PathBuf) -> Result<()> {
    let content = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let desk = Desk::open_to_write(invocation).await?;
    let largest = desk.session.user().rights.largest_return;
    if let Some(largest) = largest.filter(|largest| content.len() as u64 > *largest) {
        let reason = format!("{} has {} bytes, and the school takes at most {largest}", file.display(), content.len());
        return Err(failure(Family::Configuration, reason, "Hand in a smaller file."));
    }
    let list = of_the_year(&desk.session).await?.value;
    let item = found(&list, id)?;
    if !item.submission.possible {
        let reason = format!("nothing can be handed in for {}", named(item));
        return Err(failure(Family::Refused, reason, "The list shows which homework is to be handed in as a file."));
    }
    let submit = |file_key| Submit { homework: item.id.clone(), file_name: name.clone(), file_key };
    let report = desk.session.writer()?.save_with_file(&name, &content, submit).await?;
    desk.done(&item.listed_id, &format!("Handed in {name} for {}.", named(item)), &report)
}

async fn withdraw(invocation: &Invocation, id: &str) -> Result<()> {
    let desk = Desk::open_to_write(invocation).await?;
    let list = of_the_year(&desk.session).await?.value;
    let item = found(&list, id)?;
    if item.submission.file.is_none() {
        let reason = format!("nothing was handed in for {}", named(item));
        return Err(failure(Family::Missing, reason, "There is nothing to take back."));
    }
    let report = desk.session.writer()?.save(&Withdraw { homework: item.id.clone() }).await?;
    desk.done(&item.listed_id, &format!("Took back the file handed in for {}.", named(item)), &report)
}

fn named(item: &Homework) -> String {
    let subject = item.subject.as_ref().map_or("homework", |subject| subject.name.as_str());
    format!("{subject}, due {}", when::short(item.due))
}
