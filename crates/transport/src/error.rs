//! What can go wrong on the way out.

use std::error::Error as StdError;
use std::io;

use crate::addresses::NoPublicAddress;

type Source = Box<dyn StdError + Send + Sync>;

/// Why an exchange failed. No text names more of a URL than its host.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client could not be built.
    #[error("could not build the HTTP client")]
    Setup {
        /// What the HTTP library said.
        #[source]
        source: Source,
    },
    /// The URL cannot be asked for.
    #[error("cannot use this URL: {reason}")]
    InvalidUrl {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A header's value holds characters that may not be sent.
    #[error("the value of header `{name}` cannot be sent")]
    InvalidHeader {
        /// The header's name.
        name: String,
    },
    /// A cookie's name or value holds characters that may not be sent, or is too long.
    #[error("this cookie cannot be sent")]
    InvalidCookie,
    /// The text is not a cookie jar that was exported.
    #[error("could not read the saved cookies")]
    InvalidJar,
    /// Only https to public addresses is allowed, and this is something else.
    #[error("the address of {host} is forbidden: it is not a public one, by https")]
    ForbiddenAddress {
        /// The host that was to be reached.
        host: String,
    },
    /// The host's name has no address, or no connection could be made in time.
    #[error("could not reach {host}")]
    Unreachable {
        /// The host that was to be reached.
        host: String,
        /// What the system said.
        #[source]
        source: Source,
    },
    /// The connection could not be made secure.
    #[error("could not make a secure connection to {host}")]
    Tls {
        /// The host that was to be reached.
        host: String,
        /// What is wrong with the certificate or the handshake.
        #[source]
        source: Source,
    },
    /// The answer did not come, or did not end, in time.
    #[error("{host} did not answer in time")]
    Timeout {
        /// The host that was asked.
        host: String,
    },
    /// The connection was lost, or what came is not HTTP.
    #[error("the exchange with {host} was cut short")]
    Interrupted {
        /// The host that was asked.
        host: String,
        /// What the HTTP library said.
        #[source]
        source: Source,
    },
    /// The answer is larger than allowed.
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// The host that was asked.
        host: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The last answer is one redirect too many, or redirects where the browser has just been, in the same state.
    #[error("{host} redirects too many times")]
    TooManyRedirects {
        /// The host that redirected last.
        host: String,
    },
    /// The answer redirects to something that is not a URL.
    #[error("{host} redirects to an invalid URL")]
    InvalidRedirect {
        /// The host that redirected.
        host: String,
    },
    /// The answer redirects from https to http.
    #[error("{host} redirects to an insecure address")]
    InsecureRedirect {
        /// The host that redirected.
        host: String,
    },
}

impl Error {
    /// Says whether the request may have reached the server, so that repeating it might do the same thing twice.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::TooLarge { .. }
            | Self::TooManyRedirects { .. }
            | Self::InvalidRedirect { .. }
            | Self::InsecureRedirect { .. } => true,
            Self::Setup { .. }
            | Self::InvalidUrl { .. }
            | Self::InvalidHeader { .. }
            | Self::InvalidCookie
            | Self::InvalidJar
            | Self::ForbiddenAddress { .. }
            | Self::Unreachable { .. }
            | Self::Tls { .. } => false,
        }
    }

    /// Says whether the same request may succeed a little later: the network or the server is at fault.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { .. } | Self::Interrupted { .. })
    }

    /// Sorts an error of the HTTP library, of which no URL is kept.
    pub(crate) fn sort(host: String, error: reqwest::Error) -> Self {
        let error = error.without_url();
        if any_cause(&error, &|cause| cause.is::<NoPublicAddress>()) {
            Self::ForbiddenAddress { host }
        } else if error.is_builder() {
            Self::InvalidUrl { reason: "it is too long or holds characters that cannot be sent" }
        } else if !error.is_connect() {
            Self::Interrupted { host, source: error.into() }
        } else if any_cause(&error, &|cause| cause.is::<rustls::Error>()) {
            Self::Tls { host, source: error.into() }
        } else {
            Self::Unreachable { host, source: error.into() }
        }
    }
}

/// Walks down the causes of an error, also into those an [`io::Error`] wraps without showing them as its source.
fn any_cause(error: &(dyn StdError + 'static), wanted: &dyn Fn(&(dyn StdError + 'static)) -> bool) -> bool {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wanted(error)
        || wrapped.is_some_and(|inner| any_cause(inner, wanted))
        || error.source().is_some_and(|source| any_cause(source, wanted))
}
