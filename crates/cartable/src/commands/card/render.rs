//! `card render`: a card as a picture.

use std::path::PathBuf;

use card::model::{Card, Finding, Outcome};
use card::render::{Renderer, Side as Drawn};
use clap::{Args, ValueEnum};

use super::{Opened, opened, reading};
use crate::cli::Global;
use crate::exit::{Family, failure};
use crate::{config, files, output};

/// The options of `card render`.
#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// The login
    login: String,
    /// The file; what it ends with (.svg, .png, .pdf) says what it is
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Which side; a PDF has both
    #[arg(long, value_enum, default_value_t = Side::Front)]
    side: Side,
    /// How many times the size, for PNG
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    scale: u8,
    /// Leave a margin of 3 mm to be cut off, for PDF
    #[arg(long)]
    bleed: bool,
}

/// A side of a card.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Side {
    Front,
    Back,
}

/// Draws it.
pub(super) async fn run(options: &Global, args: RenderArgs) -> anyhow::Result<()> {
    let config = config::load(options)?;
    let Opened { connector, renderer, pronote, .. } = opened(&config)?;
    let reading = reading(&config, pronote).await?;
    let finding = Box::pin(connector.find(&args.login)).await;
    reading.end().await;
    let card = match &finding.outcome {
        Outcome::Card(card) => card,
        Outcome::NoCard { codes, .. } => {
            let codes: Vec<&str> = codes.iter().map(|code| code.name()).collect();
            return Err(missing(&format!("there is no card: {}", codes.join(", ")), &args.login));
        }
        Outcome::Unknown(_) => return Err(missing("nobody is known by this login", &args.login)),
        Outcome::Unavailable { source, why } => {
            let advice = "`cartable check` asks every source whether it works.";
            return Err(failure(Family::Unreachable, format!("it cannot be told: {source}: {why}"), advice));
        }
    };
    let picture = draw(&renderer, card, &finding, &args)?;
    files::write(&args.to, &picture, args.force)?;
    output::line(format!("{} is written.", args.to.display()))
}

fn draw(renderer: &Renderer, card: &Card, finding: &Finding, args: &RenderArgs) -> anyhow::Result<Vec<u8>> {
    let facts = &finding.facts;
    let side = match args.side {
        Side::Front => Drawn::Front,
        Side::Back => Drawn::Back,
    };
    let extension = args.to.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_lowercase().as_str() {
        "svg" => Ok(renderer.svg(card, facts, side)?.into_bytes()),
        "png" => Ok(renderer.png(card, facts, side, args.scale)?),
        "pdf" => Ok(renderer.pdf(card, facts, args.bleed)?),
        _ => {
            let message = format!("{} is none of .svg, .png, .pdf", args.to.display());
            Err(failure(Family::Usage, message, "Give the file one of these endings."))
        }
    }
}

fn missing(what: &str, login: &str) -> anyhow::Error {
    failure(Family::Missing, what, format!("`cartable card explain {login}` tells why."))
}
