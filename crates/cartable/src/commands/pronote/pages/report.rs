//! `report`: the report card of a period, and its PDF.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use pronote::Session;
use pronote::functions::{pdf, report};
use pronote::model;

use super::Period;
use super::desk::{Desk, Shown, period};
use super::download::save;
use crate::commands::pronote::Invocation;
use crate::output;
use crate::present;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    period: Period,
    /// Save the report as a PDF file
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "pdf")]
    force: bool,
}

pub(super) async fn run(invocation: &Invocation, args: ReportArgs) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    if let Some(target) = &args.pdf {
        let period = period(&desk.session.instance(), args.period.period.as_deref())?;
        save_pdf(&desk.session, period, target, args.force).await?;
        return output::saved(target, invocation.json);
    }
    desk.show(async |session| {
        let period = period(&session.instance(), args.period.period.as_deref())?;
        let page = session.read(&report::Request { period }).await?;
        Shown::new(&page, present::report::report(&page, desk.look))
    })
    .await
}

/// Has the server make the PDF of a report card, and saves it.
pub(super) async fn save_pdf(
    session: &Session,
    period: Option<model::Period>,
    target: &Path,
    replace: bool,
) -> Result<()> {
    let made = session.read(&pdf::Report { period }).await?;
    let link = session.document_link(&made.path)?;
    save(session, &link, target, replace).await
}
