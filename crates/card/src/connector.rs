//! The connector: asks the sources about a person, and decides.

use std::sync::Arc;

use crate::Clock;
use crate::config::Config;
use crate::explain::Explanation;
use crate::model::{Decided, Finding, Outcome};
use crate::source::SourceError;

/// The longest login, in bytes.
const LONGEST_LOGIN: usize = 256;

/// Whether something can be a login at all (`card.md`, 1.1): it is not empty, not longer than 256 bytes, and holds neither a
/// control character nor a slash.
#[must_use]
pub fn is_login(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_LOGIN && !text.chars().any(|c| c.is_control() || c == '/')
}

/// Finds out about people. Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    config: Arc<Config>,
    clock: Clock,
}

impl Connector {
    /// A connector with what was configured. Reaches no source yet.
    #[must_use]
    pub fn open(config: Config, clock: Clock) -> Self {
        Connector { config: Arc::new(config), clock }
    }

    /// What was configured.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Finds out whether somebody has a card.
    pub async fn find(&self, login: &str) -> Finding {
        let outcome = if is_login(login) {
            Outcome::Unavailable { source: "card".to_owned(), why: "it is being built".to_owned() }
        } else {
            Outcome::Unknown(Decided::Several)
        };
        Finding { outcome, facts: minijinja::Value::UNDEFINED, at: (self.clock)(), asked: Vec::new() }
    }

    /// Finds out the same, and tells how.
    pub async fn explain(&self, login: &str) -> Explanation {
        let _ = login;
        Explanation {}
    }

    /// Asks each source whether it works, by its name.
    pub async fn check(&self) -> Vec<(String, Result<String, SourceError>)> {
        Vec::new()
    }
}
