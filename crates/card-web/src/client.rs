//! Who asks, as whoever listens says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::extract::Request;

/// The address a client asks from; behind trusted proxies, the one they name. Whoever listens puts it into the extensions
/// of each request; without it a request comes from nowhere, and is let in nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Where a request comes from.
pub(crate) fn address(request: &Request) -> IpAddr {
    let nobody = ClientAddress(Ipv4Addr::UNSPECIFIED.into());
    request.extensions().get().copied().unwrap_or(nobody).0.to_canonical()
}

/// What counts as one place: an address, or the network that one IPv6 customer is given.
pub(crate) fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 64)).into(),
        address => address,
    }
}
