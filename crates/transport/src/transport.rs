//! The shared client: built once, cloned everywhere.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::addresses::{Addresses, PublicOnly, has_forbidden_address};
use crate::{Browser, Error};

/// How many idle connections are kept per host: enough for the sessions that are busy at one moment, so that a
/// thousand sleeping sessions hold no socket.
const IDLE_CONNECTIONS_PER_HOST: usize = 16;

/// How long an idle connection is kept: below the 60 s after which common servers close it.
const IDLE_CONNECTION_LIFE: Duration = Duration::from_secs(50);

/// The limits and manners of a [`Transport`].
#[derive(Debug, Clone)]
pub struct Config {
    /// Which addresses may be reached. Default: any.
    pub addresses: Addresses,
    /// How long resolving a name, connecting and the TLS handshake may take together. Default: 10 seconds.
    pub connect_timeout: Duration,
    /// How long one exchange may take, from the request to the last byte of the answer; for a download, how long the
    /// headers and then each chunk may take. Default: 30 seconds.
    pub timeout: Duration,
    /// The largest body taken into memory, in bytes. Default: 16 MiB.
    pub max_body: usize,
    /// The largest download, in bytes. Default: 1 GiB.
    pub max_download: u64,
    /// The `User-Agent` of requests that do not set their own. Default: `Cartable/` and the version.
    pub user_agent: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addresses: Addresses::Any,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            max_body: 16 * 1024 * 1024,
            max_download: 1024 * 1024 * 1024,
            user_agent: concat!("Cartable/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// The HTTP client of the process. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct Transport {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    /// Reaches every address; absent when nothing but public addresses is allowed.
    open: Option<reqwest::Client>,
    /// Reaches public addresses only; absent when every address is allowed.
    guarded: Option<reqwest::Client>,
}

impl Transport {
    /// Builds the client, after installing the process's TLS provider if nobody did.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] if the configuration cannot be used, for example a user agent with a line break.
    pub fn new(config: Config) -> Result<Self, Error> {
        // Fails when another thread has just installed it, which is as good.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let (open, guarded) = match &config.addresses {
            Addresses::Any => (Some(client(&config, false)?), None),
            Addresses::Public { allowed } if allowed.is_empty() => (None, Some(client(&config, true)?)),
            Addresses::Public { .. } => (Some(client(&config, false)?), Some(client(&config, true)?)),
        };
        Ok(Self { inner: Arc::new(Inner { config, open, guarded }) })
    }

    /// Opens a browser with an empty cookie jar.
    pub fn browser(&self) -> Browser {
        Browser::new(self.clone())
    }

    /// Returns the limits and manners this transport was built with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Checks a URL and chooses the client that may reach it. Called for every hop.
    pub(crate) fn client_for(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::InvalidUrl { reason: "it is neither http nor https" });
        }
        // Passwords belong in a form or a header, not where every log and error could show them.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::InvalidUrl { reason: "it holds a user name or a password" });
        }
        let inner = &*self.inner;
        match (&inner.config.addresses, &inner.open, &inner.guarded) {
            (Addresses::Any, Some(open), _) => Ok(open),
            (Addresses::Public { allowed }, Some(open), _)
                if allowed.iter().any(|origin| origin.origin() == url.origin()) =>
            {
                Ok(open)
            }
            (_, _, Some(guarded)) if url.scheme() == "https" && !has_forbidden_address(url) => Ok(guarded),
            _ => Err(Error::ForbiddenAddress { host: host(url) }),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

/// Returns the host of a URL for error texts, which never hold more of it.
pub(crate) fn host(url: &Url) -> String {
    url.host_str().unwrap_or("no host").to_owned()
}

fn client(config: &Config, guarded: bool) -> Result<reqwest::Client, Error> {
    let build = || {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where a client is made")]
        let builder = reqwest::Client::builder()
            .user_agent(config.user_agent.as_str())
            .connect_timeout(config.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .tcp_nodelay(true)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .pool_idle_timeout(IDLE_CONNECTION_LIFE);
        if guarded { builder.dns_resolver(PublicOnly) } else { builder }
    };
    let built = build().build().or_else(|error| {
        // A bare container has no certificates. Plain HTTP, the demo for one, must work there all the same;
        // with nothing to trust, every https connection is then refused.
        let client = build().tls_certs_only([]).build()?;
        tracing::warn!(%error, "No system certificates found, https will not work");
        Ok::<_, reqwest::Error>(client)
    });
    built.map_err(|error| Error::Setup { source: error.into() })
}
