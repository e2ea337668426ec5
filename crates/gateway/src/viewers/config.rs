//! How many may be signed in, how long, and how often schools are asked.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::calendar::USUAL_ZONE;

/// How many may be signed in, and how long.
#[derive(Debug, Clone)]
pub struct Config {
    /// The most tokens. Default 10 000: twice what one process was measured with.
    pub most_tokens: usize,
    /// The most tokens that one client address holds; 0 for no bound of its own. Default 100: a family and its
    /// programs, a bot for a class; whoever serves many people from one address raises it.
    pub most_per_address: usize,
    /// The most sign-ins that wait for a person's answers. Default 1000: each holds a connection's keys for minutes, and
    /// takes one of its address's places, so that it takes many addresses to keep others out.
    pub most_steps: usize,
    /// After how long without use a token is forgotten; zero for never. Default 90 days: longer than any holidays.
    pub idle: Duration,
    /// Whether what signs in again is kept on the disk, sealed, so that sessions heal and tokens outlive the process.
    /// Default no.
    pub keep_sign_ins: bool,
    /// How often a session that is kept alive speaks. Default 120 seconds: schools end silent ones after about 300.
    pub keep_alive_every: Duration,
    /// How old a page may be that is given again. Default 60 seconds: what several questions of one visit need.
    pub fresh: Duration,
    /// How old a page may be that a calendar is made from. Default 15 minutes: calendar programs ask every hour or so.
    pub feed_fresh: Duration,
    /// What the pages of all accounts may weigh in memory, in bytes. Default 32 MiB: some thousand pages.
    pub page_bytes: u64,
    /// How long the goodbyes may take when everything ends. Default 10 seconds: service managers kill soon after.
    pub close_within: Duration,
    /// The zone of the schools' clocks. Default `Europe/Paris`.
    pub zone: TimeZone,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            most_tokens: 10_000,
            most_per_address: 100,
            most_steps: 1000,
            idle: Duration::from_secs(90 * 24 * 60 * 60),
            keep_sign_ins: false,
            keep_alive_every: Duration::from_secs(120),
            fresh: Duration::from_secs(60),
            feed_fresh: Duration::from_secs(15 * 60),
            page_bytes: 32 << 20,
            close_within: Duration::from_secs(10),
            zone: TimeZone::get(USUAL_ZONE).unwrap_or(TimeZone::UTC),
        }
    }
}
