//! The digital cards of `serve`.

use std::net::IpAddr;
use std::sync::Arc;

use card::Clock;
use card::config::Auth;
use card_web::audit::{Audit, Logins, Settings};
use gateway::Gateway;

use crate::commands::card::{self as cards, Opened, Reading};
use crate::config::Config;
use crate::exit::{Family, failure};

/// Cards at work.
pub(crate) struct Cards {
    faces: Arc<card_web::App>,
    /// What reads the people of PRONOTE beside them.
    reading: Reading,
    /// Whether anybody may ask who reaches them.
    open: bool,
}

impl Cards {
    /// Opens the connector, if there is to be one, and lets it read what PRONOTE says of its people.
    pub(crate) fn start(config: &Config, gateway: &Gateway, clock: &Clock) -> anyhow::Result<Option<Self>> {
        cards::open(config, clock)?.map(|opened| Cards::with(opened, config, gateway, clock)).transpose()
    }

    /// Starts what works beside an open connector.
    pub(crate) fn with(opened: Opened, config: &Config, gateway: &Gateway, clock: &Clock) -> anyhow::Result<Self> {
        let Opened { connector, issuer, renderer, pronote } = opened;
        let card = connector.config();
        let reading = pronote.read(gateway);
        let audit = card.access.audit.clone();
        let timezone = card.timezone.clone();
        let open = card.access.auth == Auth::Open;
        let mut faces = card_web::App::new(connector, Arc::clone(clock)).drawing(renderer);
        if let Some(issuer) = issuer {
            issuer.tidy(clock());
            faces = faces.verifying(issuer);
        }
        if let Some(file) = audit.file {
            let keys = config.data.join(cards::FOLDER);
            let logins = if audit.plain { Logins::Plain } else { Logins::Hashed };
            let settings = Settings { file, days: audit.days, logins, keys, timezone };
            faces = faces.audited(Audit::open(settings)?);
        }
        Ok(Cards { faces: Arc::new(faces), reading, open })
    }

    /// Refuses to show them without tokens where more than this machine comes.
    pub(crate) fn check_reach(&self, listening: IpAddr) -> anyhow::Result<()> {
        if !self.open || listening.is_loopback() {
            return Ok(());
        }
        let message =
            format!("cards are shown without tokens, and {listening} can be reached from outside this machine");
        Err(failure(Family::Configuration, message, "Name `tokens` in [card], in place of `auth = \"none\"`."))
    }

    /// Waits until what PRONOTE says of its people was read, or could not be.
    pub(crate) async fn ready(&self) {
        self.reading.ready().await;
    }

    /// What shows them over HTTP.
    pub(crate) fn faces(&self) -> Arc<card_web::App> {
        Arc::clone(&self.faces)
    }

    /// Ends what works beside them.
    pub(crate) async fn end(self) {
        self.reading.end().await;
    }
}
