//! Who asks: the address it comes from, the token it shows; and what it says in a query.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use ipnet::IpNet;

use crate::app::App;
use crate::problem::Problem;

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The address a client asks from; behind trusted proxies, the one they name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().copied();
        Ok(ClientAddress(address(peer, &parts.headers, &app.config.trusted_proxies)))
    }
}

/// The address that a connection's request comes from.
pub(crate) fn address(peer: Option<Peer>, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    client_address(peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0), headers, trusted)
}

/// What a query says of a name: the first of that name counts.
pub(crate) fn in_query(query: &str, wanted: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

/// Whether somebody on this machine asks for somebody else who is not told: a proxy that is not one of the trusted. What it
/// brings comes from anywhere, and not from here.
pub(crate) fn is_brought(from: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    let brought = ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    brought && from.is_loopback() && !trusted.iter().any(|network| network.contains(&from))
}

/// Goes back from proxy to proxy as long as they are trusted: what stands before the last trusted one, anybody may
/// have written.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut client = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for").into_iter().rev();
    let mut named = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while is_trusted(client)
        && let Some(next) = named.next()
    {
        match next.trim().parse::<IpAddr>() {
            Ok(next) => client = next.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

/// The token of a request: its `Token` header, or else its bearer.
#[derive(Clone)]
pub(crate) struct ShownToken(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for ShownToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(ShownToken(shown_token(&parts.headers)))
    }
}

impl ShownToken {
    /// The token, where there is no going on without.
    pub(crate) fn needed(self) -> Result<String, Problem> {
        self.0.ok_or_else(|| Problem::unauthorized("Missing 'Token' header"))
    }
}

/// Several `Token` headers mean what they mean to HTTP: one, with commas, which is nobody's token.
fn shown_token(headers: &HeaderMap) -> Option<String> {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let tokens: Vec<String> = headers.get_all("token").iter().map(text).collect();
    let token = if tokens.is_empty() { bearer(headers)?.to_owned() } else { tokens.join(", ") };
    Some(token).filter(|token| !token.is_empty())
}

/// The bearer of an `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn without_trusted_proxies_nobody_says_where_they_come_from() {
        let forged = headers(&[("x-forwarded-for", "203.0.113.9")]);
        let peer = "198.51.100.7".parse().unwrap();
        assert_eq!(client_address(peer, &forged, &[]), peer);
    }

    #[test]
    fn behind_proxies_the_first_address_that_is_not_theirs_counts() {
        let trusted = ["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        let address = |lines: &[(&'static str, &'static str)]| {
            client_address("127.0.0.1".parse().unwrap(), &headers(lines), &trusted).to_string()
        };
        let line = |text| [("x-forwarded-for", text)];
        assert_eq!(address(&line("1.1.1.1, 198.51.100.7, 10.2.3.4")), "198.51.100.7", "1.1.1.1 is the client's word");
        assert_eq!(address(&[line("198.51.100.7")[0], line("10.2.3.4")[0]]), "198.51.100.7", "lines are in order");
        assert_eq!(address(&line("nonsense, 10.2.3.4")), "10.2.3.4");
        assert_eq!(address(&line("2001:db8::7")), "2001:db8::7");
        assert_eq!(address(&[]), "127.0.0.1");
    }

    #[test]
    fn what_a_proxy_brings_that_nobody_trusts_is_not_from_this_machine() {
        let here = IpAddr::from([127, 0, 0, 1]);
        let brought = headers(&[("x-forwarded-for", "203.0.113.9")]);
        assert!(is_brought(here, &brought, &[]));
        assert!(is_brought(here, &headers(&[("forwarded", "for=203.0.113.9")]), &[]));
        assert!(!is_brought(here, &headers(&[]), &[]), "this is from here");
        assert!(!is_brought(here, &brought, &["127.0.0.1/32".parse().unwrap()]), "it was believed already");
        assert!(!is_brought("192.0.2.7".parse().unwrap(), &brought, &[]), "who it is from is known");
    }

    #[test]
    fn a_token_is_shown_in_one_of_two_ways() {
        assert_eq!(shown_token(&headers(&[("token", "abc")])).unwrap(), "abc");
        assert_eq!(shown_token(&headers(&[("authorization", "bearer abc")])).unwrap(), "abc");
        assert_eq!(shown_token(&headers(&[("authorization", "Basic abc")])), None);
        assert_eq!(shown_token(&headers(&[("token", "a"), ("token", "b")])).unwrap(), "a, b");
        assert_eq!(shown_token(&headers(&[("token", "")])), None);
    }
}
