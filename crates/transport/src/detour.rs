//! For tests only: names that lead to an emulator on this machine.
//!
//! A release has none of this: the feature is enabled by the dev-dependencies of tests alone.

use std::collections::HashMap;
use std::fs;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::addresses::{NoPublicAddress, is_public};

/// Where names lead instead, and who vouches for what is found there.
#[derive(Debug, Clone)]
pub struct Detour {
    /// Names with an address of their own. One that is not of this machine's loopback is judged like any other.
    pub hosts: HashMap<String, SocketAddr>,
    /// Where every other name leads, but for `localhost`.
    pub otherwise: SocketAddr,
    /// The one authority that is trusted, in PEM.
    pub authority: Vec<u8>,
}

impl Detour {
    /// Leads every name to one address.
    #[must_use]
    pub fn to(otherwise: SocketAddr, authority: impl Into<Vec<u8>>) -> Self {
        Detour { hosts: HashMap::new(), otherwise, authority: authority.into() }
    }

    /// Reads `CARTABLE_DETOUR`: an address, a comma, and the file of the authority.
    pub(crate) fn from_environment() -> Option<Self> {
        let text = std::env::var("CARTABLE_DETOUR").ok()?;
        let (address, file) = text.split_once(',')?;
        Some(Detour::to(address.parse().ok()?, fs::read(file).ok()?))
    }

    pub(crate) fn take(&self, builder: reqwest::ClientBuilder, guarded: bool) -> reqwest::ClientBuilder {
        let builder = builder.dns_resolver(Detoured { detour: Arc::new(self.clone()), guarded });
        match reqwest::Certificate::from_pem(&self.authority) {
            Ok(authority) => builder.tls_certs_only([authority]),
            Err(_) => builder,
        }
    }
}

struct Detoured {
    detour: Arc<Detour>,
    guarded: bool,
}

impl Resolve for Detoured {
    fn resolve(&self, name: Name) -> Resolving {
        let (detour, guarded) = (Arc::clone(&self.detour), self.guarded);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = match name.as_str() {
                "localhost" => ("localhost", 0).to_socket_addrs()?.filter(|_| !guarded).collect(),
                name => vec![detour.hosts.get(name).copied().unwrap_or(detour.otherwise)],
            };
            let allowed = |address: &SocketAddr| !guarded || address.ip().is_loopback() || is_public(address.ip());
            let addresses: Vec<SocketAddr> = addresses.into_iter().filter(allowed).collect();
            if addresses.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
