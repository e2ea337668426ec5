//! The shared client: built once, cloned everywhere.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use url::Url;

use crate::addresses::{Addresses, PublicOnly, has_forbidden_address};
#[cfg(feature = "detour")]
use crate::detour::Detour;
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
    /// Certificates that are trusted beside the system's, in PEM: for servers that send an incomplete chain. Default: none.
    pub certificates: Vec<Vec<u8>>,
    /// For tests: where names lead instead. Default: what the variable `CARTABLE_DETOUR` says.
    #[cfg(feature = "detour")]
    pub detour: Option<Detour>,
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
            certificates: Vec::new(),
            #[cfg(feature = "detour")]
            detour: Detour::from_environment(),
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
    /// Reaches every address.
    open: OnceLock<reqwest::Client>,
    /// Reaches public addresses only.
    guarded: OnceLock<reqwest::Client>,
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
        let inner = Inner { config, open: OnceLock::new(), guarded: OnceLock::new() };
        // Whatever is wrong with the configuration shows now.
        if inner.config.addresses == Addresses::Any {
            inner.open()?
        } else {
            inner.guarded()?
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Opens a browser with an empty cookie jar.
    pub fn browser(&self) -> Browser {
        Browser::new(self.clone())
    }

    /// Opens a browser with an empty cookie jar that reaches public addresses by https and nothing else, whatever this
    /// transport may reach; but for one origin, for which this transport's own rule holds.
    pub fn public_browser(&self, except: &Url) -> Browser {
        Browser::public(self.clone(), except.clone())
    }

    /// Returns the limits and manners this transport was built with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Checks a URL and chooses the client that may reach it. Called for every hop. With `except`, every other origin
    /// has to be public.
    pub(crate) fn client_for(&self, url: &Url, except: Option<&Url>) -> Result<&reqwest::Client, Error> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::InvalidUrl { reason: "it is neither http nor https" });
        }
        // Passwords belong in a form or a header, not where every log and error could show them.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::InvalidUrl { reason: "it holds a user name or a password" });
        }
        let inner = &*self.inner;
        let may_be_private = except.is_none_or(|except| except.origin() == url.origin())
            && match &inner.config.addresses {
                Addresses::Any => true,
                Addresses::Public { allowed } => allowed.iter().any(|origin| origin.origin() == url.origin()),
            };
        if may_be_private {
            inner.open()
        } else if url.scheme() == "https" && !has_forbidden_address(url) {
            inner.guarded()
        } else {
            Err(Error::ForbiddenAddress { host: host(url) })
        }
    }
}

impl Inner {
    fn open(&self) -> Result<&reqwest::Client, Error> {
        Self::once(&self.open, || client(&self.config, false))
    }

    fn guarded(&self) -> Result<&reqwest::Client, Error> {
        Self::once(&self.guarded, || client(&self.config, true))
    }

    fn once(
        cell: &OnceLock<reqwest::Client>,
        make: impl FnOnce() -> Result<reqwest::Client, Error>,
    ) -> Result<&reqwest::Client, Error> {
        match cell.get() {
            Some(client) => Ok(client),
            None => make().map(|client| cell.get_or_init(|| client)),
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
    let mut trusted = Vec::new();
    for pem in &config.certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(pem);
        trusted.extend(certificates.map_err(|error| Error::Setup { source: error.into() })?);
    }
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
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .pool_idle_timeout(IDLE_CONNECTION_LIFE);
        #[cfg(feature = "detour")]
        if let Some(detour) = &config.detour {
            return detour.take(builder, guarded);
        }
        if guarded { builder.dns_resolver(PublicOnly) } else { builder }
    };
    let merged = |builder: reqwest::ClientBuilder| {
        if trusted.is_empty() { builder } else { builder.tls_certs_merge(trusted.clone()) }
    };
    let built = merged(build()).build().or_else(|error| {
        // A bare container has no certificates. Plain HTTP, the demo for one, must work there all the same;
        // with nothing to trust, every https connection is then refused.
        let client = build().tls_certs_only(trusted.clone()).build()?;
        tracing::warn!(%error, "No system certificates found, https will not work");
        Ok::<_, reqwest::Error>(client)
    });
    built.map_err(|error| Error::Setup { source: error.into() })
}
