//! `emulator`: an invented PRONOTE school, served until it is told to end.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use emulator::portals::{self, IdpMode, Portals};
use emulator::school::Space;
use emulator::{Clock, Config, Emulator, FaultRule, IdScope, Profile, School};
use jiff::civil::DateTime;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::exit::{Family, failure};
use crate::present::{cell, table};
use crate::signals::Signals;
use crate::{input, output};

/// How many accounts are listed.
const MOST_LISTED: usize = 20;

/// The options of `emulator`.
#[derive(Debug, Args)]
pub(crate) struct EmulatorArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
    /// Which PRONOTE to play: default, or one generation exactly: g22, g23, g24, g25, g26
    #[arg(long, value_name = "PROFILE", default_value = "default")]
    profile: Profile,
    /// Encrypt payloads
    #[arg(long)]
    encrypt: bool,
    /// Compress payloads
    #[arg(long)]
    compress: bool,
    /// Serve the school of this file instead of an invented one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pupils", "seed"])]
    school: Option<PathBuf>,
    /// Write the school to this file, to change it and serve it with --school, and end
    #[arg(long, value_name = "FILE")]
    write_school: Option<PathBuf>,
    /// About how many pupils to invent
    #[arg(long, value_name = "N", default_value_t = 48)]
    pupils: usize,
    /// What the invention begins with: the same seed, size and day give the same school
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// When it is in the school, for instance 2026-11-17T10:00:00 [default: now]
    #[arg(long, value_name = "DATE-TIME")]
    clock: Option<DateTime>,
    /// Let a session expire after so many silent seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    session_idle: u64,
    /// What goes wrong: `FUNCTION:FAULT[=NUMBER][@PROBABILITY]`, for instance `PageMenus:delay=500@0.3`; may be repeated
    #[arg(long, value_name = "SPEC")]
    fault: Vec<FaultRule>,
    /// Keep identifiers the same in every session
    #[arg(long)]
    stable_ids: bool,
    /// Answer every request in the dialect it was asked in
    #[arg(long)]
    follow_dialect: bool,
    /// Let people in through a portal
    #[arg(long, conflicts_with = "portals")]
    portal: bool,
    /// Play all regional portals and EduConnect in front of the school, every host by its name over TLS at the address of
    /// --listen
    #[arg(long)]
    portals: bool,
    /// Where the portals are told what to do and what they saw; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", requires = "portals")]
    portals_control: SocketAddr,
    /// File for the certificate of the authority that vouches for the portals' hosts
    #[arg(long, value_name = "FILE", default_value = "portals-authority.pem", requires = "portals")]
    portals_authority: PathBuf,
    /// How EduConnect behaves: current, current+dob, one-page, legacy, legacy-2, filtered
    #[arg(long, value_name = "MODE", default_value = "current", requires = "portals")]
    portals_idp: IdpMode,
    /// Say that it is a demonstration server
    #[arg(long)]
    demonstration: bool,
    /// Say that the address is suspended after so many refused sign-ins in a row
    #[arg(long, value_name = "N")]
    suspend_after: Option<u32>,
    /// Make a sign-in QR code for this login: drawn and as JSON on stderr
    #[arg(long, value_name = "LOGIN")]
    qr: Option<String>,
    /// The space of the QR code: student, parent, teacher, school-life
    #[arg(long, value_name = "SPACE", default_value = "student", value_parser = space)]
    qr_space: Space,
    /// The PIN of the QR code
    #[arg(long, value_name = "PIN", default_value = "1234")]
    qr_pin: String,
    /// Save the QR code as a PNG picture too
    #[arg(long, value_name = "FILE", requires = "qr")]
    qr_png: Option<PathBuf>,
}

/// Serves the school until SIGINT or SIGTERM.
pub(crate) async fn run(args: EmulatorArgs) -> anyhow::Result<()> {
    let config = config(&args)?;
    if let Some(path) = &args.write_school {
        return write_school(&config.school, path);
    }
    let listener = listen(args.listen, "--listen").await?;
    if args.portals {
        return run_portals(&args, config, listener).await;
    }
    let emulator = Emulator::serve(config, listener, CancellationToken::new())?;
    prepare(&emulator, &args)?;
    let mut signals = Signals::hear()?;
    output::line(format!("emulator ready: {}", emulator.url()))?;
    signals.end_wanted().await;
    emulator.shutdown().await;
    Ok(())
}

/// Plays the portals until SIGINT or SIGTERM.
async fn run_portals(args: &EmulatorArgs, school: Config, listener: TcpListener) -> anyhow::Result<()> {
    let control = listen(args.portals_control, "--portals-control").await?;
    let config = portals::Config { idp: args.portals_idp, ..portals::Config::new(school) };
    let portals = Portals::serve(config, listener, control, CancellationToken::new())?;
    output::save(&args.portals_authority, portals.authority().as_bytes())?;
    prepare(portals.school(), args)?;
    let mut table = table(output::look(), ["user name", "at every portal"]);
    table.add_rows(portals::accounts().map(|(login, note)| [login, note].map(cell)));
    eprintln!(
        "{table}
The password of all of them: {}",
        portals::PASSWORD
    );
    output::line(format!("authority: {}", args.portals_authority.display()))?;
    output::line(format!("control: {}", portals.control_url()))?;
    output::line(format!("schools: {}", portals.school_url("PORTAL")))?;
    let mut signals = Signals::hear()?;
    output::line(format!("portals ready: {}", portals.address()))?;
    signals.end_wanted().await;
    portals.shutdown().await;
    Ok(())
}

/// What is done before the school is said to be ready.
fn prepare(emulator: &Emulator, args: &EmulatorArgs) -> anyhow::Result<()> {
    for fault in &args.fault {
        emulator.faults().add(fault.clone());
    }
    list_accounts(&emulator.school());
    match &args.qr {
        Some(login) => show_qr_code(emulator, login, args),
        None => Ok(()),
    }
}

fn config(args: &EmulatorArgs) -> anyhow::Result<Config> {
    let clock = args.clock.map_or_else(Clock::system, Clock::starting_at);
    let school = match &args.school {
        Some(path) => read_school(path, clock)?,
        None => School::generate(args.pupils, args.seed, clock),
    };
    let mut config = Config {
        profile: args.profile,
        session_idle: Duration::from_secs(args.session_idle),
        ids: if args.stable_ids { IdScope::Stable } else { IdScope::Session },
        follow_dialect: args.follow_dialect,
        portal: args.portal,
        demo: args.demonstration,
        ..Config::new(school)
    };
    config.flags.encrypt = args.encrypt;
    config.flags.compress = args.compress;
    config.limits.refusals = args.suspend_after;
    Ok(config)
}

fn read_school(path: &Path, clock: Clock) -> anyhow::Result<School> {
    let text = input::text_of(path)?;
    School::from_toml(&text, clock).map_err(|error| {
        let message = format!("the school {} cannot be served:\n{error}", path.display());
        failure(Family::Configuration, message, "Correct the lines named; --write-school shows a whole school.")
    })
}

fn write_school(school: &School, path: &Path) -> anyhow::Result<()> {
    output::save(path, school.to_toml()?.as_bytes())
}

/// Binds the address that an option names.
pub(crate) async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("Something listens there already; choose another port with {option} 127.0.0.1:0.")
            }
            _ => format!("Choose another address with {option}."),
        };
        failure(Family::Configuration, format!("could not listen on {address}: {error}"), advice)
    })
}

/// Lists the accounts worth knowing, on stderr: stdout is for programs.
pub(crate) fn list_accounts(school: &School) {
    eprintln!("{}", accounts(school));
}

/// A table of the accounts worth knowing.
pub(crate) fn accounts(school: &School) -> comfy_table::Table {
    let mut table = table(output::look(), ["space", "login", "password", "PIN", "note"]);
    let noted = school.accounts.iter().filter(|account| !account.note.is_empty());
    for account in noted.take(MOST_LISTED) {
        let pin = account.second_factor.as_ref().and_then(|factor| factor.pin.as_deref()).unwrap_or_default();
        table.add_row([account.space.label(), &account.login, &account.password, pin, &account.note].map(cell));
    }
    table
}

fn show_qr_code(emulator: &Emulator, login: &str, args: &EmulatorArgs) -> anyhow::Result<()> {
    let code = emulator.qr_code(login, args.qr_space, &args.qr_pin).ok_or_else(|| {
        let advice = "The accounts are listed above; --qr-space chooses among the spaces.";
        failure(Family::Usage, format!("the school has no login {login} in that space"), advice)
    })?;
    eprintln!("{}\n{}\nPIN {}, good for ten minutes and one use", code.terminal(), code.json(), args.qr_pin);
    match &args.qr_png {
        Some(path) => output::save(path, &code.png()),
        None => Ok(()),
    }
}

fn space(text: &str) -> Result<Space, String> {
    Ok(match text {
        "student" => Space::Student,
        "parent" => Space::Guardian,
        "teacher" => Space::Teacher,
        "school-life" => Space::SchoolLife,
        _ => return Err("a space is one of student, parent, teacher, school-life".to_owned()),
    })
}
