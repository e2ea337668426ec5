//! How the server lets in.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::sync::Mutex;
use transport::header::AUTHORIZATION;
use transport::{HeaderName, HeaderValue, Request, Response, Url};

use super::{Auth, Config};
use crate::source::SourceError;
use crate::source::http::{Http, is_private, unexpected};
use crate::source::pace::Refusal;

/// How long before its end a token is fetched anew.
const MARGIN: Duration = Duration::from_secs(30);

/// What every request takes with it.
pub(crate) enum Door {
    /// Nothing, or what never changes.
    Open(Option<(HeaderName, HeaderValue)>),
    /// A token that has to be fetched.
    Cas(Box<Cas>),
}

/// An account at CAS, with the token that it has now.
pub(crate) struct Cas {
    url: Url,
    user: String,
    password: SecretString,
    token: Mutex<Option<Token>>,
    refusal: Refusal,
}

#[derive(Clone)]
struct Token {
    header: HeaderValue,
    until: Option<Instant>,
}

impl Door {
    /// Checks that there is all that is needed to be let in.
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let needed = |name: &str| format!("`{name}` is needed for this `auth`");
        let token =
            || config.token.as_ref().filter(|token| !token.expose_secret().is_empty()).ok_or_else(|| needed("token"));
        let user = || config.user.as_ref().filter(|user| !user.is_empty()).ok_or_else(|| needed("user"));
        let password = || {
            config.password.as_ref().filter(|text| !text.expose_secret().is_empty()).ok_or_else(|| needed("password"))
        };
        Ok(match config.auth {
            Auth::None => Door::Open(None),
            Auth::Bearer => Door::Open(Some((AUTHORIZATION, bearer(token()?.expose_secret())?))),
            Auth::Basic => {
                let account = STANDARD.encode(format!("{}:{}", user()?, password()?.expose_secret()));
                Door::Open(Some((AUTHORIZATION, secret(&format!("Basic {account}"))?)))
            }
            Auth::Header => {
                let name = config.header.as_ref().ok_or_else(|| needed("header"))?;
                let name = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| "`header` is no name of a header".to_owned())?;
                Door::Open(Some((name, secret(token()?.expose_secret())?)))
            }
            Auth::Cas => {
                let url = config.token_url.clone().ok_or_else(|| needed("token_url"))?;
                if !config.allow_plain && !is_private(&url) {
                    return Err("`token_url` would be told the password for all to read: use https".to_owned());
                }
                let (user, password) = (user()?.clone(), password()?.clone());
                Door::Cas(Box::new(Cas { url, user, password, token: Mutex::default(), refusal: Refusal::default() }))
            }
        })
    }

    /// Sends a request with what it needs to be let in.
    pub(crate) async fn ask(&self, http: &Http, request: Request) -> Result<Response, SourceError> {
        let with = |name: &HeaderName, value: &HeaderValue| {
            let request = request.clone().header(name.clone(), value.clone());
            request.map_err(|error| SourceError::Unreadable(error.to_string()))
        };
        match self {
            Door::Open(None) => http.ask(request).await,
            Door::Open(Some((name, value))) => http.ask(with(name, value)?).await,
            Door::Cas(cas) => {
                let token = cas.token(http, None).await?;
                let answer = http.ask(with(&AUTHORIZATION, &token)?).await?;
                if answer.status != 401 {
                    return Ok(answer);
                }
                // It has ended sooner than it said.
                let token = cas.token(http, Some(&token)).await?;
                http.ask(with(&AUTHORIZATION, &token)?).await
            }
        }
    }
}

impl Cas {
    /// The token there is, unless it is one that is no longer taken; else a new one. All others wait for it.
    async fn token(&self, http: &Http, refused: Option<&HeaderValue>) -> Result<HeaderValue, SourceError> {
        let mut held = self.token.lock().await;
        let is_good =
            |token: &&Token| token.until.is_none_or(|until| Instant::now() < until) && refused != Some(&token.header);
        if let Some(token) = held.as_ref().filter(is_good) {
            return Ok(token.header.clone());
        }
        *held = None;
        if let Some(why) = self.refusal.recent() {
            return Err(SourceError::Refused(why));
        }
        let fields = [("username", self.user.as_str()), ("password", self.password.expose_secret()), ("token", "true")];
        let answer = http.ask(Request::form(&self.url, fields)).await?;
        match answer.status {
            200 | 201 => {}
            400 | 401 | 403 => {
                let why = format!("no token for this account, status {}", answer.status);
                self.refusal.note(&why);
                return Err(SourceError::Refused(why));
            }
            status => return Err(unexpected(status)),
        }
        let text = answer.text();
        let text = text.trim();
        let header = bearer(text).ok().filter(|_| is_token(text));
        let header = header.ok_or_else(|| SourceError::Unreadable("what it gives as a token is none".to_owned()))?;
        *held = Some(Token { header: header.clone(), until: life(text).map(|life| Instant::now() + life) });
        Ok(header)
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'='))
}

/// How long a JSON Web Token is good, as it says itself: of two moments of its server, so that our clock does not matter.
fn life(token: &str) -> Option<Duration> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    let life = claims["exp"].as_u64()?.checked_sub(claims["iat"].as_u64()?)?;
    Some(Duration::from_secs(life.min(24 * 60 * 60)).saturating_sub(MARGIN))
}

fn bearer(token: &str) -> Result<HeaderValue, String> {
    secret(&format!("Bearer {token}"))
}

fn secret(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|_| "a secret holds what cannot be sent".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_how_long_it_is_good() {
        let token = |claims: &str| format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(life(&token(r#"{"iat": 1000, "exp": 1600}"#)), Some(Duration::from_secs(570)));
        assert_eq!(life(&token(r#"{"iat": 1000, "exp": 1010}"#)), Some(Duration::ZERO));
        for claims in [r#"{"exp": 1}"#, r#"{"iat": 2, "exp": 1}"#, "x", r#"{"iat": 0, "exp": 1e300}"#] {
            assert_eq!(life(&token(claims)), None, "{claims}");
        }
        assert_eq!(life("opaque"), None);
        assert!(is_token("e30.e30.x_-") && !is_token("<html>") && !is_token("") && !is_token("a b"));
    }
}
