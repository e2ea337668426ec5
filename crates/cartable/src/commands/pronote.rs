//! `pronote …`: what a person does with an account.

mod login;
mod pages;
mod portals;
mod raw;
mod school;
mod session;
mod share;
mod steps;

use clap::{Args, Subcommand};
use pronote::Space;

use crate::cli::Global;
use crate::config::{self, Config};
pub(crate) use session::{gateway, open_session};

/// Who asks, and how the answer is shown: what every `pronote` command takes.
#[derive(Debug, Args)]
pub(crate) struct PronoteArgs {
    #[command(flatten)]
    account: Account,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    /// The child to ask about, in a parent's account: its number (from 1) or a part of its name
    #[arg(long, global = true, value_name = "CHILD")]
    child: Option<String>,
    #[command(subcommand)]
    command: Command,
}

/// Which account. With `--username`, the password is taken from the variable CARTABLE_PRONOTE_PASSWORD.
#[derive(Debug, Args)]
pub(crate) struct Account {
    /// The profile to use, as `login` made it [default: the default profile]
    #[arg(long, global = true, value_name = "NAME", env = "CARTABLE_PRONOTE_PROFILE", hide_env_values = true)]
    pub(crate) profile: Option<String>,
    /// The school's address, as a browser shows it; a profile has its own
    #[arg(long, global = true, value_name = "URL", env = "CARTABLE_PRONOTE_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    /// The login, to do without a profile; the password is read from CARTABLE_PRONOTE_PASSWORD
    #[arg(long, global = true, value_name = "LOGIN", env = "CARTABLE_PRONOTE_USERNAME", hide_env_values = true)]
    pub(crate) username: Option<String>,
    /// The space: student, parent, teacher, school-life [default: the one the address names,
    /// else student]; a profile has its own
    #[arg(long, global = true, value_name = "SPACE", env = "CARTABLE_PRONOTE_SPACE", hide_env_values = true, value_parser = space)]
    pub(crate) space: Option<Space>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sign in, and keep a profile
    Login(login::LoginArgs),
    /// Forget a profile, its token and its password
    Logout,
    /// List the profiles
    Profiles(login::ProfilesArgs),
    /// List the regional portals (ENT) to sign in through; `check` shows how far one is reached
    Portals(portals::PortalsArgs),
    /// What a school tells everyone: name, version, spaces
    Instance,
    /// Schools near a place
    Find(school::FindArgs),
    #[command(flatten)]
    Page(pages::Command),
    /// Make a QR code that signs another device in
    Qr(share::QrArgs),
    /// Ask any function in the server's own names, and print the JSON of its answer
    Request(raw::RequestArgs),
    /// Decode a captured answer: for bug reports
    Decode(raw::DecodeArgs),
    /// Write a redacted report of what works with this school: for bug reports
    Diagnose(share::DiagnoseArgs),
}

/// What a `pronote` command runs with.
pub(crate) struct Invocation {
    /// The configuration.
    pub(crate) config: Config,
    /// The account.
    pub(crate) account: Account,
    /// The child asked about, as typed.
    pub(crate) child: Option<String>,
    /// Whether JSON is wanted rather than a table.
    pub(crate) json: bool,
}

/// Runs a `pronote` command.
pub(crate) async fn run(global: &Global, args: PronoteArgs) -> anyhow::Result<()> {
    let PronoteArgs { account, json, child, command } = args;
    let invocation = Invocation { config: config::load(global)?, account, child, json };
    match command {
        Command::Login(args) => login::login(&invocation, args).await,
        Command::Logout => login::logout(&invocation),
        Command::Profiles(args) => login::profiles(&invocation, &args),
        Command::Portals(args) => portals::run(&invocation, &args).await,
        Command::Instance => school::instance(&invocation).await,
        Command::Find(args) => school::find(&invocation, &args).await,
        Command::Qr(args) => share::qr(&invocation, &args).await,
        Command::Request(args) => raw::request(&invocation, &args).await,
        Command::Decode(args) => raw::decode(&invocation, &args),
        Command::Diagnose(args) => share::diagnose(&invocation, &args).await,
        Command::Page(command) => pages::run(&invocation, command).await,
    }
}

/// The spaces, as they are typed.
const SPACES: [(&str, Space); 7] = [
    ("student", Space::Student),
    ("parent", Space::Parent),
    ("teacher", Space::Teacher),
    ("school-life", Space::SchoolLife),
    ("management", Space::Management),
    ("companion", Space::Companion),
    ("company", Space::Company),
];

fn space(text: &str) -> Result<Space, String> {
    let found = SPACES.iter().find(|(name, _)| *name == text).map(|(_, space)| *space);
    found.ok_or_else(|| format!("a space is one of {}", SPACES.map(|(name, _)| name).join(", ")))
}

fn space_name(space: Space) -> &'static str {
    SPACES.iter().find(|(_, known)| *known == space).map_or("another", |(name, _)| name)
}
