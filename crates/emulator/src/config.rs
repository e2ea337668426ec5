//! How an emulated server behaves.

use std::str::FromStr;
use std::time::Duration;

use pronote::protocol::{Flags, Generation, Version};

use crate::School;

/// Everything that is chosen before the server starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// The school it serves.
    pub school: School,
    /// Which PRONOTE it plays. Default: [`Profile::recommended`].
    pub profile: Profile,
    /// What is done to payloads. Default: nothing.
    pub flags: Flags,
    /// How long a silent session lives. Default: 300 seconds, as seen on real servers.
    pub session_idle: Duration,
    /// How long a poll is held when nothing happens. Default: 50 seconds.
    pub poll_hold: Duration,
    /// Whether identifiers outlive their session. Default: they do not, as on real servers.
    pub ids: IdScope,
    /// Whether every request is answered in the names it used, whatever the profile says. Default: no.
    pub follow_dialect: bool,
    /// Whether the spaces are entered through a regional portal. Default: no.
    pub portal: bool,
    /// Whether the server says it is a demonstration. Default: no.
    pub demo: bool,
    /// Whether a mobile token whose successor never reached the device stays good. Default: yes.
    pub token_grace: bool,
    /// What the server refuses for its size or number.
    pub limits: Limits,
    /// Where the school is, for the central directory.
    pub place: Place,
    /// A page for whoever opens the root of the address in a browser. Default: none.
    pub welcome: Option<String>,
}

impl Config {
    /// The recommended server for a school.
    pub fn new(school: School) -> Self {
        Self {
            school,
            profile: Profile::recommended(),
            flags: Flags::default(),
            session_idle: Duration::from_secs(300),
            poll_hold: Duration::from_secs(50),
            ids: IdScope::Session,
            follow_dialect: false,
            portal: false,
            demo: false,
            token_grace: true,
            limits: Limits::default(),
            place: Place::default(),
            welcome: None,
        }
    }
}

/// Which PRONOTE is played: its version, and what goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// The version announced; it decides the names.
    pub version: Version,
    /// The shape of entry pages.
    pub skin: Skin,
    /// How a password is to be proved.
    pub challenge: ChallengeRule,
    /// Whether sign-ins are salted (`alea`).
    pub salt: bool,
}

impl Profile {
    /// The one that most unmodified clients understand at the same time (protocol §8.5).
    pub const fn recommended() -> Self {
        Self {
            version: Version::new(2026, 1, 3, Some(0)),
            skin: Skin::Hybrid,
            challenge: ChallengeRule::Tolerant,
            salt: true,
        }
    }

    /// A server of one generation, exact in everything.
    pub const fn of(generation: Generation) -> Self {
        let (version, skin, challenge, salt) = match generation {
            Generation::G22 => (Version::new(2022, 1, 6, Some(0)), Skin::Classic, ChallengeRule::Scrambled, true),
            Generation::G23 => (Version::new(2023, 0, 2, Some(8)), Skin::Classic, ChallengeRule::Scrambled, true),
            Generation::G24 => (Version::new(2024, 3, 9, Some(0)), Skin::Classic, ChallengeRule::Scrambled, true),
            Generation::G25 => (Version::new(2025, 2, 11, Some(0)), Skin::Classic, ChallengeRule::Scrambled, true),
            Generation::G26 => (Version::new(2026, 2, 5, Some(7)), Skin::Script, ChallengeRule::Direct, false),
        };
        Self { version, skin, challenge, salt }
    }

    /// The dialect that the version speaks.
    pub fn generation(&self) -> Generation {
        Generation::of(self.version)
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "default" => Self::recommended(),
            "g22" => Self::of(Generation::G22),
            "g23" => Self::of(Generation::G23),
            "g24" => Self::of(Generation::G24),
            "g25" => Self::of(Generation::G25),
            "g26" => Self::of(Generation::G26),
            _ => return Err(UnknownProfile),
        })
    }
}

/// The text names no profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a profile is one of default, g22, g23, g24, g25, g26")]
pub struct UnknownProfile;

/// The shapes of the entry page (protocol §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skin {
    /// Relaxed JavaScript in an attribute.
    Classic,
    /// Strict JSON in a script.
    Script,
    /// Both at once, which nearly every client reads.
    Hybrid,
}

/// How a password is proved (protocol §5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeRule {
    /// A scrambled text, to be unscrambled.
    Scrambled,
    /// A text to be encrypted as it is.
    Direct,
    /// A scrambled text; both answers are good.
    Tolerant,
}

/// How long an identifier means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdScope {
    /// In every session of the school.
    Stable,
    /// In the session that received it; elsewhere it gives error 22.
    Session,
}

/// Bounds of the server; real ones have them too, of unknown size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most sessions held at once; the one unused for longest goes first. Default: 20 000.
    pub sessions: usize,
    /// The most bytes of a call. Default: 8 MiB.
    pub call: usize,
    /// The most bytes of an uploaded file. Default: 4 MiB.
    pub upload: usize,
    /// After so many refused sign-ins in a row, every page says that the address is suspended. Default: never.
    pub refusals: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sessions: 20_000, call: 8 << 20, upload: 4 << 20, refusals: None }
    }
}

/// A place on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// In degrees, north positive.
    pub latitude: f64,
    /// In degrees, east positive.
    pub longitude: f64,
    /// The postal code.
    pub postal_code: String,
}

impl Default for Place {
    /// A square in Paris.
    fn default() -> Self {
        Self { latitude: 48.8534, longitude: 2.3488, postal_code: "75004".to_owned() }
    }
}
