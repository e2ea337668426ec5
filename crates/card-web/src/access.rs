//! Who may ask: by address and by token. Whatever is not let in is refused.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use card::config::{Access, Auth};
use ipnet::IpNet;
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::{Choice, ConstantTimeEq as _};

/// What a token opens; several at once, when nothing has to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Scopes {
    /// The answers to card applications.
    pub(crate) cards: bool,
    /// Pictures of cards.
    pub(crate) views: bool,
    /// Photos on the pages of verification.
    pub(crate) checks: bool,
    /// Whether pictures are open by a token that was shown, not because nobody has to show one.
    pub(crate) shown_views: bool,
}

/// Who may ask.
pub(crate) struct Gate {
    open: bool,
    cards: Tokens,
    views: Tokens,
    checkers: Tokens,
    networks: Vec<IpNet>,
}

impl Gate {
    pub(crate) fn new(access: &Access) -> Self {
        Gate {
            open: access.auth == Auth::Open,
            cards: Tokens::new(&access.tokens),
            views: Tokens::new(&access.view_tokens),
            checkers: Tokens::new(&access.checker_tokens),
            networks: access.allow_from.clone(),
        }
    }

    /// Whether anybody at an address may ask. Without tokens only this machine may.
    pub(crate) fn admits(&self, from: IpAddr) -> bool {
        (!self.open || from.is_loopback()) && self.networks.iter().any(|network| network.contains(&from))
    }

    /// What the token of a request opens.
    pub(crate) fn scopes(&self, headers: &HeaderMap) -> Scopes {
        let shown = bearer(headers).unwrap_or_default();
        let (cards, views) = (self.cards.hold(shown), self.views.hold(shown));
        Scopes {
            cards: cards || self.open,
            views: views || self.open && self.views.is_empty(),
            checks: self.checkers.hold(shown),
            shown_views: views && !cards,
        }
    }

    /// The tokens of those who check cards.
    pub(crate) fn checkers(&self) -> &Tokens {
        &self.checkers
    }
}

/// Tokens, of which only digests are kept.
pub(crate) struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    fn new(tokens: &[SecretString]) -> Self {
        Tokens(tokens.iter().map(|token| digest_of(token.expose_secret())).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a token is one of them. It takes the same time whichever it is, and if it is none.
    pub(crate) fn hold(&self, shown: &str) -> bool {
        let shown = digest_of(shown);
        let found = self.0.iter().fold(Choice::from(0), |found, token| found | token.ct_eq(&shown));
        found.into()
    }

    /// The digests, as keys for what follows from a token.
    pub(crate) fn digests(&self) -> &[[u8; 32]] {
        &self.0
    }
}

pub(crate) fn digest_of(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    bytes
}

/// The bearer of a request. Of several lines it could not be told which one somebody on the way has checked.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next().filter(|_| lines.next().is_none());
    let (scheme, token) = line?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What is wrong with the tokens beside each other: one that would open two things, so that it could not be told which of
/// them `/card/alice.svg` is.
pub(crate) fn faults(access: &Access) -> Vec<String> {
    let lists =
        [("tokens", &access.tokens), ("view_tokens", &access.view_tokens), ("checker_tokens", &access.checker_tokens)];
    let mut faults = Vec::new();
    for (at, (name, tokens)) in lists.iter().enumerate() {
        let here = Tokens::new(tokens);
        for (other, others) in &lists[..at] {
            if others.iter().any(|token| here.hold(token.expose_secret())) {
                faults.push(format!("a token is in `{other}` and in `{name}`: each opens one thing"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        let tokens = |text: &str| Tokens::new(&[text.to_owned().into()]);
        let networks = vec!["192.0.2.0/24".parse().unwrap(), "127.0.0.0/8".parse().unwrap()];
        Gate { open: false, cards: tokens("cards"), views: tokens("views"), checkers: tokens("checks"), networks }
    }

    fn showing(line: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, line.parse().unwrap())])
    }

    #[test]
    fn a_token_opens_its_own_thing_only() {
        let none = Scopes::default();
        for (line, scopes) in [
            ("Bearer cards", Scopes { cards: true, ..none }),
            ("bearer  cards ", Scopes { cards: true, ..none }),
            ("Bearer views", Scopes { views: true, shown_views: true, ..none }),
            ("Bearer checks", Scopes { checks: true, ..none }),
            ("Bearer undefined", none),
            ("Bearer", none),
            ("Bearer ", none),
            ("Basic cards", none),
            ("cards", none),
            ("Bearer cardsx", none),
        ] {
            assert_eq!(gate().scopes(&showing(line)), scopes, "{line}");
        }
        assert_eq!(gate().scopes(&HeaderMap::new()), none);
    }

    #[test]
    fn two_tokens_at_once_open_nothing() {
        for (one, other) in
            [("Bearer cards", "Bearer x"), ("Bearer x", "Bearer cards"), ("Bearer cards", "Bearer cards")]
        {
            let mut headers = showing(one);
            headers.append(header::AUTHORIZATION, other.parse().unwrap());
            assert_eq!(gate().scopes(&headers), Scopes::default(), "{one}, {other}");
        }
    }

    #[test]
    fn who_is_in_no_listed_network_is_not_let_in() {
        assert!(gate().admits("192.0.2.7".parse().unwrap()));
        assert!(!gate().admits("198.51.100.1".parse().unwrap()));
        assert!(!gate().admits("0.0.0.0".parse().unwrap()));
    }

    #[test]
    fn without_tokens_only_this_machine_may_ask() {
        let gate = Gate { open: true, cards: Tokens(Vec::new()), ..gate() };
        assert!(gate.admits("127.0.0.1".parse().unwrap()));
        assert!(!gate.admits("192.0.2.7".parse().unwrap()));
        assert!(gate.scopes(&HeaderMap::new()).cards);
        assert!(!gate.scopes(&HeaderMap::new()).views, "there are tokens for pictures");
    }
}
