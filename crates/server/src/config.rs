//! What whoever starts the server chooses.

use std::time::Duration;

use ipnet::IpNet;
use pronote::pace::Clock;
use secrecy::SecretString;
use url::Url;

use crate::{Rates, graphql};

/// Everything that is chosen before the server starts, except the socket.
#[derive(Clone)]
pub struct Config {
    /// Proxies whose `X-Forwarded-For` is believed. Default: none.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins whose pages may ask from a browser. Default: none.
    pub origins: Vec<Url>,
    /// What `GET /metrics` asks for as its bearer. Default: nothing.
    pub metrics_token: Option<SecretString>,
    /// The most connections at once; past it, the one that has waited longest makes room. Default: 4096.
    pub connections: usize,
    /// How long clients may take.
    pub patience: Patience,
    /// How often they may ask.
    pub rates: Rates,
    /// How much one question may ask for.
    pub graphql: graphql::Limits,
    /// Tells the time.
    pub clock: Clock,
}

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From the connection, or the last answer, to the last header of a request. Default: 20 seconds.
    pub head: Duration,
    /// From the last header to the last byte of the body. Default: 20 seconds.
    pub body: Duration,
    /// Between two bytes that a client takes of its answer. Default: 30 seconds.
    pub write: Duration,
    /// From a whole request to the beginning of its answer; schools are asked slowly. Default: 2 minutes.
    pub answer: Duration,
    /// For the requests at hand when the server stops. Default: 10 seconds.
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Patience { head: seconds(20), body: seconds(20), write: seconds(30), answer: seconds(120), stop: seconds(10) }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            trusted_proxies: Vec::new(),
            origins: Vec::new(),
            metrics_token: None,
            // At most some 24 KiB each while they send: 100 MiB when all of them mean harm.
            connections: 4096,
            patience: Patience::default(),
            rates: Rates::default(),
            graphql: graphql::Limits::default(),
            clock: std::sync::Arc::new(jiff::Timestamp::now),
        }
    }
}
