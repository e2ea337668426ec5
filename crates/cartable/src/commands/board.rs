//! `board …`: the class board, from the command line, also beside a server that runs.

mod backup;
mod chat;
mod classes;
mod filling;
mod transfer;
mod users;

use std::sync::Arc;

use board::{Actor, Board, Class, Clock};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret as _;

use crate::cli::Global;
use crate::config::{self, Config};
use crate::exit::{Family, failure};

/// The options of `board`.
#[derive(Debug, Args)]
pub(crate) struct BoardArgs {
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take over an installation of the board before this one: a folder with bot.db and text files
    Import(transfer::ImportArgs),
    /// Write a class as the board before this one has it, to go back
    Export(transfer::ExportArgs),
    /// Copy the database into a file, also while a server runs
    Backup(backup::BackupArgs),
    /// Classes
    #[command(subcommand)]
    Class(classes::ClassCommand),
    /// Accounts
    #[command(subcommand)]
    User(users::UserCommand),
    /// Talk to the bot at the terminal
    Chat(chat::ChatArgs),
    /// Fill a class from a PRONOTE account that is signed in
    Bind(filling::BindArgs),
    /// Fill it now, instead of at its next turn
    Fill(filling::FilledClass),
    /// Fill it no more, and take away what came from there and nobody changed
    Unbind(filling::FilledClass),
}

/// Which class a command is about.
#[derive(Debug, Args)]
struct ClassArg {
    /// The class, by its name in addresses [default: the oldest]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
}

/// What a `board` command runs with.
struct Invocation {
    /// The configuration.
    config: Config,
    /// The board.
    board: Board,
    /// Whether JSON is wanted.
    json: bool,
}

/// Runs a `board` command.
pub(crate) async fn run(global: &Global, args: BoardArgs) -> anyhow::Result<()> {
    let BoardArgs { json, command } = args;
    let config = config::load(global)?;
    let board = open(&config, Arc::new(Timestamp::now)).await?;
    let invocation = Invocation { config, board, json };
    let done = match command {
        Command::Import(args) => transfer::import(&invocation, &args).await,
        Command::Export(args) => transfer::export(&invocation, &args).await,
        Command::Backup(args) => backup::backup(&invocation, &args).await,
        Command::Class(command) => classes::run(&invocation, command).await,
        Command::User(command) => users::run(&invocation, command).await,
        Command::Chat(args) => chat::chat(&invocation, &args).await,
        Command::Bind(args) => filling::bind(&invocation, &args).await,
        Command::Fill(class) => filling::fill(&invocation, &class).await,
        Command::Unbind(class) => filling::unbind(&invocation, &class).await,
    };
    invocation.board.close().await;
    done
}

/// Opens the board that a configuration names; makes it if it is not there.
pub(crate) async fn open(config: &Config, clock: Clock) -> anyhow::Result<Board> {
    let settings = &config.settings.board;
    let opened = Board::open(board::Config {
        folder: config.data.join("board"),
        database: settings.database.as_ref().map(|database| database.expose_secret().to_owned()),
        zone: settings.zone.clone().unwrap_or_else(TimeZone::system),
        clock,
    });
    Ok(opened.await?)
}

/// Who does it, for the history.
fn person() -> Actor {
    Actor::program("command")
}

impl Invocation {
    /// The class that is meant: the one of a name, or the oldest.
    async fn class(&self, slug: Option<&str>) -> anyhow::Result<Class> {
        let Some(slug) = slug else { return Ok(self.board.default_class().await?) };
        match self.board.class(slug).await? {
            Some(class) => Ok(class),
            None => {
                let classes = self.board.classes().await?;
                let known: Vec<&str> = classes.iter().map(|class| class.slug.as_str()).collect();
                let advice = format!("There are: {}. `cartable board class add` makes another.", known.join(", "));
                Err(failure(Family::Missing, format!("there is no class `{slug}`"), advice))
            }
        }
    }
}
