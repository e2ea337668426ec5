//! One person's way through the web: requests, redirects, cookies.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderValue, USER_AGENT};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::cookies::Jar;
use crate::response::{Opened, location};
use crate::transport::host;
use crate::{Download, Error, Hop, Request, Response, Transport};

/// How many redirects are followed. A sign-in through two portals takes about six between two forms.
const MAX_HOPS: usize = 10;

/// The longest wait, so that a deadline can always be computed.
const MAX_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// A cookie jar on top of the shared client. Its methods can be called by several tasks at once.
pub struct Browser {
    transport: Transport,
    jar: Jar,
    /// With it, every other origin has to be public.
    except: Option<Url>,
}

impl Browser {
    pub(crate) fn new(transport: Transport) -> Self {
        Self { transport, jar: Jar::default(), except: None }
    }

    pub(crate) fn public(transport: Transport, except: Url) -> Self {
        Self { except: Some(except), ..Self::new(transport) }
    }

    /// Opens a browser with the cookies another one [exported](Self::export).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidJar`] if the text is not such an export.
    pub fn restore(transport: &Transport, cookies: &str) -> Result<Self, Error> {
        Ok(Self { transport: transport.clone(), jar: Jar::restore(cookies)?, except: None })
    }

    /// Sends one request and reads its answer whole; a redirect is an answer like any other.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`] except those about redirects.
    pub async fn send(&self, request: impl Into<Request>) -> Result<Response, Error> {
        self.open(request.into()).await?.whole().await
    }

    /// Sends a request and follows redirects, one step at a time, to the answer that is none.
    ///
    /// After 301, 302 and 303 the next request is a GET; after 307 and 308 it is the same again. On another origin it
    /// keeps its content type, `Accept`, `Accept-Language` and `User-Agent` and loses its other headers. A redirect is
    /// refused from https to http, to a forbidden address, after ten others, and to where the browser has already been
    /// with the same cookies. The time limit is for each step.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`]; those of a step name the host of that step.
    pub async fn follow(&self, request: impl Into<Request>) -> Result<Response, Error> {
        let (opened, hops) = self.walk(request.into()).await?;
        let response = opened.whole().await?;
        Ok(Response { hops, ..response })
    }

    /// Sends a request, follows redirects like [`follow`](Self::follow), and leaves the body to be read by the caller.
    ///
    /// # Errors
    ///
    /// Those of [`follow`](Self::follow); the limit is [`Config::max_download`](crate::Config::max_download).
    pub async fn stream(&self, request: impl Into<Request>) -> Result<Download, Error> {
        let (opened, _) = self.walk(request.into()).await?;
        opened.download(self.transport.config().max_download)
    }

    /// Sets a cookie for the host of a URL and all its paths, until the end of the session.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCookie`] if a character of the name or the value may not be sent, or if the jar is full.
    pub fn set_cookie(&self, url: &Url, name: &str, value: &str) -> Result<(), Error> {
        self.jar.set(url, name, value)
    }

    /// Returns the value of the cookie of that name that would be sent to a URL.
    pub fn cookie(&self, url: &Url, name: &str) -> Option<String> {
        self.jar.get(url, name)
    }

    /// Writes the cookies as JSON, those that end with the session too. The text is a secret.
    pub fn export(&self) -> String {
        self.jar.export()
    }

    /// Drops every cookie that would not be sent to a URL.
    pub fn keep_only(&self, url: &Url) {
        self.jar.keep_only(url);
    }

    /// Returns the transport this browser goes out through.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Sends a request and waits for the head of its answer, whose cookies are kept.
    async fn open(&self, request: Request) -> Result<Opened, Error> {
        let client = self.transport.client_for(&request.url, self.except.as_ref())?;
        let patience = request.timeout.unwrap_or(self.transport.config().timeout).min(MAX_PATIENCE);
        let deadline = Instant::now() + patience;
        let limit = request.max_body.unwrap_or(self.transport.config().max_body);

        let url = request.url.clone();
        let mut outgoing = reqwest::Request::new(request.method, request.url);
        *outgoing.headers_mut() = request.headers;
        if let Some(cookies) = self.jar.header(&url) {
            outgoing.headers_mut().insert(COOKIE, cookies);
        }
        if !request.body.is_empty() {
            *outgoing.body_mut() = Some(request.body.into());
        } else if outgoing.method() == Method::POST {
            // Left out otherwise, and some servers insist.
            outgoing.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let response = match timeout_at(deadline, client.execute(outgoing)).await {
            Ok(answer) => answer.map_err(|error| Error::sort(host(&url), error))?,
            Err(_) => return Err(Error::Timeout { host: host(&url) }),
        };
        self.jar.keep(&url, response.headers());
        Ok(Opened::new(url, response, deadline, patience, limit))
    }

    /// Goes from redirect to redirect to the head of the answer that is none.
    async fn walk(&self, mut request: Request) -> Result<(Opened, Vec<Hop>), Error> {
        let mut hops = Vec::new();
        let mut seen = Vec::new();
        loop {
            // A sign-in may well come back to a URL, but with another cookie; otherwise the same would happen again.
            let state = (request.method.clone(), request.url.clone(), self.jar.header(&request.url));
            if hops.len() > MAX_HOPS || seen.contains(&state) {
                let last: Option<&Hop> = hops.last();
                return Err(Error::TooManyRedirects { host: host(last.map_or(&request.url, |hop| &hop.url)) });
            }
            seen.push(state);

            let opened = self.open(request.clone()).await?;
            if !matches!(opened.status, 301 | 302 | 303 | 307 | 308) {
                return Ok((opened, hops));
            }
            let Some(target) = location(&opened.url, &opened.headers) else { return Ok((opened, hops)) };
            request = redirected(request, target?, opened.status)?;
            hops.push(Hop { url: opened.url, status: opened.status });
        }
    }
}

/// Makes the request a redirect asks for.
fn redirected(mut request: Request, target: Url, status: u16) -> Result<Request, Error> {
    match (request.url.scheme(), target.scheme()) {
        ("https", "http") => return Err(Error::InsecureRedirect { host: host(&request.url) }),
        (_, "http" | "https") => {}
        _ => return Err(Error::InvalidRedirect { host: host(&request.url) }),
    }
    if !matches!(status, 307 | 308) {
        request.method = Method::GET;
        request.body = Bytes::new();
        request.headers.remove(CONTENT_TYPE);
    }
    if target.origin() != request.url.origin() {
        let kept = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT];
        request.headers =
            kept.into_iter().filter_map(|name| request.headers.remove(&name).map(|value| (name, value))).collect();
    }
    request.url = target;
    Ok(request)
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_may_make_things_secure_and_never_insecure() {
        let secure = Url::parse("https://a.example/page?SECRET").unwrap();
        let insecure = Url::parse("http://a.example/page?SECRET").unwrap();

        assert_eq!(redirected(Request::get(&insecure), secure.clone(), 302).unwrap().url, secure);
        let error = redirected(Request::get(&secure), insecure, 302).unwrap_err();
        assert_eq!(error.to_string(), "a.example redirects to an insecure address");
    }
}
