//! Whether a form was sent from a page of ours, by whoever it was shown to.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::ConstantTimeEq as _;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The token that goes into the forms of a session, or of whoever is about to sign in: it follows from the secret in
/// their cookie, which a foreign page cannot read.
pub(crate) fn token(secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    base16ct::lower::encode_string(hmac::sign(&key, b"cartable board forms").as_ref())
}

/// Whether a token is that of a secret.
pub(crate) fn holds(secret: &str, shown: &str) -> bool {
    token(secret).as_bytes().ct_eq(shown.as_bytes()).into()
}

/// A secret for whoever is about to sign in.
pub(crate) fn secret() -> Result<String, board::Error> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| board::Error::NoRandomness)?;
    Ok(base16ct::lower::encode_string(&bytes))
}

/// Whether the browser says that a page of ours sent the form. An old one says nothing, and is held to the token alone.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(&ORIGIN), text(&HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, there)| there == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        is_ours(&headers.collect())
    }

    #[test]
    fn a_token_is_good_for_its_own_secret_only() {
        assert!(holds("a", &token("a")));
        assert!(!holds("b", &token("a")));
        assert!(!holds("a", ""));
    }

    #[test]
    fn a_form_of_another_site_is_told_by_what_the_browser_says() {
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(from(&[("origin", "https://board.example:8443"), ("host", "board.example:8443")]));
        assert!(!from(&[("origin", "https://evil.example"), ("host", "board.example")]));
        assert!(!from(&[("origin", "null"), ("host", "board.example")]));
        assert!(from(&[("host", "board.example")]));
    }
}
