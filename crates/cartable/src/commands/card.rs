//! `card …`: digital cards, from the command line, also beside a server that runs.

mod audit;
mod example;
mod explain;
mod pronote;
mod render;
mod withdraw;

use std::sync::Arc;

use card::Clock;
use card::connector::Connector;
use card::render::Renderer;
use card::verify::Issuer;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

pub(crate) use self::pronote::{Pronote, Reading};
use crate::cli::Global;
use crate::config::{self, Config};
use crate::exit::{Family, failure};

/// The folder of the keys of codes and of the audit, in the data folder.
pub(crate) const FOLDER: &str = "card";

/// What the server answers itself, where no card can be.
const OTHERS: [&str; 14] = [
    "/graphql",
    "/auth",
    "/files",
    "/feeds",
    "/uploads",
    "/schema",
    "/openapi.json",
    "/health",
    "/metrics",
    "/board",
    "/api",
    "/c",
    "/index.php",
    "/telegram",
];

/// The options of `card`.
#[derive(Debug, Args)]
pub(crate) struct CardArgs {
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell why somebody has a card, or none: which source said what, which rule holds, what is answered
    Explain(explain::ExplainArgs),
    /// Look at the cards of all people, and count
    Audit(audit::AuditArgs),
    /// Draw somebody's card into a file: SVG, PNG, or a PDF of the size of a card
    Render(render::RenderArgs),
    /// Withdraw the codes that prove somebody's card, from this moment on
    Revoke(withdraw::WithdrawArgs),
    /// Take that back
    Restore(withdraw::WithdrawArgs),
    /// Print a whole configuration to begin with
    Example(example::ExampleArgs),
}

/// Runs a command on the connector.
pub(crate) async fn run(options: &Global, args: CardArgs) -> anyhow::Result<()> {
    let CardArgs { json, command } = args;
    match command {
        Command::Explain(args) => explain::run(options, args, json).await,
        Command::Audit(args) => audit::run(options, args, json).await,
        Command::Render(args) => render::run(options, args).await,
        Command::Revoke(args) => withdraw::revoke(options, &args),
        Command::Restore(args) => withdraw::restore(options, &args),
        Command::Example(args) => example::run(&args),
    }
}

/// A connector, and what belongs to it.
pub(crate) struct Opened {
    pub(crate) connector: Connector,
    /// Makes and checks codes, if there are any.
    pub(crate) issuer: Option<Arc<Issuer>>,
    /// Draws cards.
    pub(crate) renderer: Arc<Renderer>,
    /// Its sources that are people of PRONOTE.
    pub(crate) pronote: Pronote,
}

/// Opens the connector that is configured, if one is. No source is asked yet.
pub(crate) fn open(config: &Config, clock: &Clock) -> anyhow::Result<Option<Opened>> {
    let Some(section) = &config.card else { return Ok(None) };
    let pronote = Pronote::default();
    let (card, warnings) =
        section.read(&|kind, keys| pronote.open(kind, keys)).map_err(|faults| config::wrong(&faults))?;
    let renderer = card.renderer().map_err(|faults| config::wrong(&section.found(&faults)))?;
    let faults = card_web::faults(&card.access, card.verify.enabled, &OTHERS);
    if !faults.is_empty() {
        let told: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        let message = format!("the section [card] is wrong:{}", told.concat());
        return Err(failure(Family::Configuration, message, "Mend it, then ask `cartable check`."));
    }
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    let folder = config.data.join(FOLDER);
    let issuer = match card.verify.enabled {
        true => Some(Arc::new(Issuer::open(&folder, card.verify.clone(), clock())?)),
        false => None,
    };
    let mut connector = Connector::open(card, Arc::clone(clock));
    if let Some(issuer) = &issuer {
        connector = connector.with_issuer(Arc::clone(issuer));
    }
    Ok(Some(Opened { connector, issuer, renderer: Arc::new(renderer), pronote }))
}

/// Opens the connector for one command.
fn opened(config: &Config) -> anyhow::Result<Opened> {
    let clock: Clock = Arc::new(Timestamp::now);
    open(config, &clock)?.ok_or_else(|| {
        let advice = "`cartable card example` prints one to begin with.";
        failure(Family::Configuration, "no digital cards are configured: there is no section [card]", advice)
    })
}

/// Reads the people of PRONOTE, if any are wanted, while a command runs.
async fn reading(config: &Config, pronote: Pronote) -> anyhow::Result<Reading> {
    if !pronote.is_wanted() {
        return Ok(Reading::default());
    }
    let reading = pronote.read(&super::serve::gateway(config)?);
    reading.ready().await;
    Ok(reading)
}

/// The moment that a command looks at: now, noon of a day, or a time of day, in the zone of the cards or of this machine.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Day(Date),
    Time(DateTime),
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(day) = text.parse::<Date>()
            && text.len() == "2026-11-22".len()
        {
            return Ok(Moment::Day(day));
        }
        text.parse().map(Moment::Time).map_err(|_| "give a day such as 2026-11-22, or 2026-11-22T08:00".to_owned())
    }
}

impl Moment {
    fn of(at: Option<Self>, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        let time = match at {
            None => return Ok(Timestamp::now()),
            Some(Moment::Day(day)) => day.at(12, 0, 0, 0),
            Some(Moment::Time(time)) => time,
        };
        Ok(time.to_zoned(zone.clone())?.timestamp())
    }
}
