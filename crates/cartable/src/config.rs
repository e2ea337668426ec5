//! The configuration: one file, `cartable.toml`, each key of which a variable may override.
//!
//! ```text
//! config/reader.rs  the document, section by section: every fault at once
//! config/serve.rs   the keys of `cartable serve`
//! config/board.rs   those of the class board and its bots
//! config/portals.rs the portals that the user adds
//! config/value.rs   what a key can hold
//! config/secret.rs  secrets, and where they are
//! config/sample.rs  the documented sample, and the reference
//! ```

pub(crate) mod board;
pub(crate) mod card;
mod portals;
mod reader;
pub(crate) mod sample;
mod secret;
pub(crate) mod serve;
mod value;

use std::path::{Path, PathBuf};

use ::portals::{Fault, Registry};
use anyhow::Context as _;
use etcetera::{AppStrategy as _, AppStrategyArgs};
use pronote::pace::Limits;
use transport::{Addresses, Transport};

use crate::cli::Global;
use crate::exit::{Family, failure};
use crate::input;
use serve::Serve;

use reader::{Environment, Finding, Findings, Reader};

/// The name of the file in the data folder.
const FILE: &str = "cartable.toml";

/// What to do about a server that others would reach.
pub(crate) const NOT_PUBLIC: &str = "To let others reach it, set `public = true` in `[serve]`, or CARTABLE_SERVE_PUBLIC=true; \
                                     and put a reverse proxy with TLS before it.";

/// Everything that can be set, and where it was.
pub(crate) struct Config {
    /// The file, if there is one.
    pub(crate) file: Option<PathBuf>,
    /// The folder of all that is kept.
    pub(crate) data: PathBuf,
    /// The folder of the portals that the user adds.
    pub(crate) portals: PathBuf,
    /// What the file and the variables say.
    pub(crate) settings: Settings,
    /// What was given, each with its place.
    pub(crate) given: Vec<Finding>,
    /// What works, and should not be so.
    pub(crate) warnings: Vec<Finding>,
    /// The section of digital cards, if there is one.
    pub(crate) card: Option<card::Card>,
}

/// What the file and the variables say, with the defaults of what they do not.
#[derive(Default)]
pub(crate) struct Settings {
    /// How much may be asked of one school.
    pub(crate) pace: Limits,
    /// What the gateway runs with.
    pub(crate) serve: Serve,
    /// What the class board runs with.
    pub(crate) board: board::Board,
    /// What its bot speaks to VK with.
    pub(crate) vk: board::Vk,
    /// What its bot speaks to Telegram with.
    pub(crate) telegram: board::Telegram,
    /// Where to keep what is kept.
    data: Option<PathBuf>,
    /// Certificates that are trusted beside the system's, in PEM.
    certificates: Vec<Vec<u8>>,
}

impl Config {
    /// The way out, to addresses of a kind.
    pub(crate) fn transport(&self, addresses: Addresses) -> anyhow::Result<Transport> {
        let certificates = self.settings.certificates.clone();
        let config = transport::Config { addresses, certificates, ..transport::Config::default() };
        let advice = "`certificates` in [network] names files with certificates in PEM.";
        Transport::new(config).map_err(|error| failure(Family::Configuration, crate::exit::told(&error.into()), advice))
    }

    /// Every portal there is, and what is wrong with those that the user adds.
    pub(crate) fn portals(&self) -> (Registry, Vec<Fault>) {
        portals::read(&self.portals)
    }

    /// Tells what is wrong with the portals that the user adds.
    pub(crate) fn warn_of_portals(&self) {
        for fault in self.portals().1 {
            eprintln!("warning: {fault}");
        }
    }
}

/// Reads the configuration that the options name, or the one in the data folder, or none.
pub(crate) fn load(options: &Global) -> anyhow::Result<Config> {
    let usual = || match &options.data {
        Some(data) => Ok(data.clone()),
        None => platform_folder(),
    };
    let file = match &options.config {
        Some(file) => Some(file.clone()),
        None => Some(usual()?.join(FILE)).filter(|file| file.exists()),
    };
    let text = file.as_deref().map_or(Ok(String::new()), input::text_of)?;
    let lossless = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
    };
    let environment = std::env::vars_os().map(lossless).collect();
    let (settings, findings) = read(file.as_deref().unwrap_or(Path::new(FILE)), &text, &environment);
    if !findings.faults.is_empty() {
        return Err(wrong(&findings.faults));
    }
    let data = match (&options.data, &settings.data) {
        (Some(data), _) | (None, Some(data)) => data.clone(),
        (None, None) => platform_folder()?,
    };
    let at = file.clone().unwrap_or_else(|| FILE.into());
    let beside = file.as_deref().and_then(Path::parent).unwrap_or(&data);
    let portals = beside.join(portals::FOLDER);
    let card = findings.aside.contains(&"card").then(|| card::Card::new(at, text, environment));
    Ok(Config { file, data, portals, settings, given: findings.given, warnings: findings.warnings, card })
}

/// Tells everything that is wrong with a configuration.
pub(crate) fn wrong(faults: &[Finding]) -> anyhow::Error {
    let told: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
    let message = format!("the configuration is wrong:{}", told.concat());
    failure(Family::Configuration, message, "`cartable config example` shows every key, with its default.")
}

/// The folder that the platform has for such data.
fn platform_folder() -> anyhow::Result<PathBuf> {
    let names = AppStrategyArgs { app_name: "cartable".into(), ..AppStrategyArgs::default() };
    let strategy = etcetera::choose_app_strategy(names).context("could not tell the data folder; give --data DIR")?;
    Ok(strategy.data_dir())
}

/// Reads a configuration: every section and every key there is.
fn read(file: &Path, text: &str, environment: &Environment) -> (Settings, Findings) {
    let mut reader = Reader::new(file, text, environment);
    let Settings { mut pace, mut serve, mut board, mut vk, mut telegram, mut data, mut certificates } =
        Settings::default();
    reader.section("data", "Where things are kept.", |section| {
        let about = "Folder of profiles and of what has to be remembered; `--data` goes before it. Without it, the \
                     platform's data folder.";
        section.path("dir", &mut data, "/var/lib/cartable", about);
    });
    let about = "How much may be asked of one school. The defaults get nobody suspended. A school on this machine's own \
                 loopback address, such as the emulator, is asked without pause.";
    reader.section("pace", about, |section| {
        let Limits { seconds_per_call, burst, calls_per_day, refusals_per_hour } = &mut pace;
        section.within(
            "seconds_per_call",
            seconds_per_call,
            0.0..=86_400.0,
            "Seconds between two calls in the long run.",
        );
        section.within("burst", burst, 1..=10_000, "Calls that may go at once after a quiet time.");
        let about = "Calls in one day (UTC), of all accounts together. A session that is kept alive makes 720 of them, one \
                     each `keep_alive_interval`: for many accounts of one school, raise one or both.";
        section.within("calls_per_day", calls_per_day, 1..=10_000_000, about);
        let about = "Refused sign-ins of one account in one hour, after which none is sent.";
        section.within("refusals_per_hour", refusals_per_hour, 1..=1000, about);
    });
    reader.section("network", "The way out, to schools and portals.", |section| {
        let about = "Files with certificates in PEM that are trusted beside the system's: the missing ones of a school or a \
                     portal that sends an incomplete chain. Nothing turns the checking off.";
        section.certificates("certificates", &mut certificates, about);
    });
    reader.section("serve", "The gateway, `cartable serve`.", |section| serve::read(section, &mut serve));
    let about = "The class board: accounts, timetable, changes and homework of classes, kept here.";
    reader.section("board", about, |section| board::read(section, &mut board));
    // The clocks of the schools are the same, whoever reads them.
    board.filling.zone = serve.viewers.zone.clone();
    let about = "The bot of the class board on VK. Without a token there is none.";
    reader.section("vk", about, |section| board::read_vk(section, &mut vk));
    let about = "The bot of the class board on Telegram. Without a token there is none.";
    reader.section("telegram", about, |section| board::read_telegram(section, &mut telegram));
    reader.aside("card", card::ABOUT);
    (Settings { pace, serve, board, vk, telegram, data, certificates }, reader.finish())
}

#[cfg(test)]
mod tests;
