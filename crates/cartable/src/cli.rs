//! Every command and option. The command reference, the completions and the man pages come from here.

#[cfg(test)]
mod reference;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::commands::board::BoardArgs;
use crate::commands::card::CardArgs;
use crate::commands::configuration::ConfigCommand;
use crate::commands::demo::DemoArgs;
use crate::commands::emulator::EmulatorArgs;
use crate::commands::pronote::PronoteArgs;
use crate::commands::serve::ServeArgs;
use crate::exit;

/// A school's information on your own machine: PRONOTE, a class board, digital cards.
#[derive(Debug, Parser)]
#[command(name = "cartable", version, after_help = exit::CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// `cartable serve` under the name of the server whose place it takes: `pronote-api-server [PORT [HOST]]`.
#[derive(Debug, Parser)]
#[command(name = SERVER_NAME, version, after_help = exit::CODES, max_term_width = 100)]
struct Server {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    args: ServeArgs,
}

/// The name under which a link to this program serves.
const SERVER_NAME: &str = "pronote-api-server";

/// Reads the command line. A wrong one, and `--help`, end the process.
pub(crate) fn parse() -> Cli {
    let name = std::env::args_os().next().map(PathBuf::from);
    if name.as_deref().and_then(Path::file_stem).is_some_and(|name| name == SERVER_NAME) {
        let Server { global, args } = Server::parse();
        return Cli { global, command: Command::Serve(args) };
    }
    Cli::parse()
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Folder of profiles and of what has to be remembered [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = "CARTABLE_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// The configuration [default: cartable.toml in the data folder, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "CARTABLE_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// What to log on stderr, for instance `info` or `pronote=debug` [default: warn]
    #[arg(long, global = true, value_name = "FILTER", env = "CARTABLE_LOG", hide_env_values = true)]
    pub(crate) log: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try everything on an invented school, without an account
    Demo(DemoArgs),
    /// Run an invented PRONOTE school on this machine
    Emulator(EmulatorArgs),
    /// Serve what schools have on PRONOTE to other programs, by GraphQL, the class board, and digital cards
    Serve(ServeArgs),
    /// Keep a class board: accounts, classes, what goes in and out, the bot
    Board(BoardArgs),
    /// Digital cards: why somebody has one or none, what they look like
    Card(CardArgs),
    /// Read, and change, what your school has on PRONOTE
    Pronote(PronoteArgs),
    /// Say what is wrong with the configuration, or what it sets
    Check,
    /// About the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write man pages into a folder
    Man {
        /// The folder; it is made if it is not there
        dir: PathBuf,
    },
}
