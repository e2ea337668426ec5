//! What is answered: a whole body, or a download chunk by chunk.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::Error;
use crate::transport::host;

/// How much memory a body is given before its bytes arrive, whatever length it announces.
const FIRST_ALLOCATION: usize = 64 * 1024;

/// A whole answer.
#[derive(Clone)]
pub struct Response {
    /// The URL that answered; after redirects, the last one.
    pub url: Url,
    /// The HTTP status. No status is an error here: what it means is the caller's to say.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: Bytes,
    /// The redirects that led here, oldest first.
    pub hops: Vec<Hop>,
}

/// One redirect on the way to an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Hop {
    /// The URL that redirected.
    pub url: Url,
    /// The status it redirected with.
    pub status: u16,
}

impl Response {
    /// Reads the body as UTF-8, with replacement characters where it is not.
    pub fn text(&self) -> Cow<'_, str> {
        // Nearly every body is UTF-8, and looking whether it is costs far less than looking where it is not.
        match std::str::from_utf8(&self.body) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(&self.body),
        }
    }

    /// Returns a header's first value, if it is text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the URL the `Location` header points to, if there is one and it is valid.
    pub fn location(&self) -> Option<Url> {
        location(&self.url, &self.headers)?.ok()
    }

    /// Says whether the status is of the 2xx family.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Reads where an answer points to: nothing, a URL, or a header that is not a URL.
pub(crate) fn location(base: &Url, headers: &HeaderMap) -> Option<Result<Url, Error>> {
    let location = headers.get(LOCATION)?;
    // Servers write accented letters in this header, against its rules, as UTF-8.
    let url = str::from_utf8(location.as_bytes()).ok().and_then(|text| base.join(text).ok());
    Some(url.ok_or_else(|| Error::InvalidRedirect { host: host(base) }))
}

/// A download: the headers are there, the body comes chunk by chunk.
pub struct Download {
    /// The URL that answers; after redirects, the last one.
    pub url: Url,
    /// The HTTP status. No status is an error here: what it means is the caller's to say.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    body: Body,
    patience: Duration,
}

impl Download {
    /// Returns the content type, if it is given.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Returns how many bytes are still to come, if the server said.
    pub fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// Waits for the next chunk; `None` is the end.
    ///
    /// # Errors
    ///
    /// [`Error::Timeout`] if no chunk comes in time, [`Error::Interrupted`] if the connection is lost before the end,
    /// [`Error::TooLarge`] beyond [`Config::max_download`](crate::Config::max_download).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match timeout(self.patience, self.body.chunk(&self.url)).await {
            Ok(chunk) => chunk,
            Err(_) => Err(Error::Timeout { host: host(&self.url) }),
        }
    }
}

/// An answer whose body has not been read.
pub(crate) struct Opened {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    body: Body,
    deadline: Instant,
    patience: Duration,
    /// The most bytes taken of it as a whole.
    limit: usize,
}

impl Opened {
    pub(crate) fn new(
        url: Url,
        mut response: reqwest::Response,
        deadline: Instant,
        patience: Duration,
        limit: usize,
    ) -> Self {
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = Body { response, taken: 0, limit: 0 };
        Self { url, status, headers, body, deadline, patience, limit }
    }

    /// Reads the body to its end, before the deadline of the exchange.
    pub(crate) async fn whole(mut self) -> Result<Response, Error> {
        self.body.set_limit(&self.url, self.limit as u64)?;
        let body = match timeout_at(self.deadline, self.body.whole(&self.url)).await {
            Ok(body) => body?,
            Err(_) => return Err(Error::Timeout { host: host(&self.url) }),
        };
        tracing::debug!(status = self.status, bytes = body.len(), "Received an answer");
        Ok(Response { url: self.url, status: self.status, headers: self.headers, body, hops: Vec::new() })
    }

    /// Leaves the body to be read by the caller.
    pub(crate) fn download(mut self, limit: u64) -> Result<Download, Error> {
        self.body.set_limit(&self.url, limit)?;
        let Self { url, status, headers, body, patience, .. } = self;
        Ok(Download { url, status, headers, body, patience })
    }
}

/// A body being read, never beyond its limit.
struct Body {
    response: reqwest::Response,
    taken: u64,
    limit: u64,
}

impl Body {
    fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// Sets the limit, and refuses at once a body that announces more.
    fn set_limit(&mut self, url: &Url, limit: u64) -> Result<(), Error> {
        self.limit = limit;
        if self.length().is_some_and(|length| length > limit) { Err(self.too_large(url)) } else { Ok(()) }
    }

    fn too_large(&self, url: &Url) -> Error {
        Error::TooLarge { host: host(url), limit: self.limit }
    }

    async fn chunk(&mut self, url: &Url) -> Result<Option<Bytes>, Error> {
        let chunk = self.response.chunk().await.map_err(|error| Error::sort(host(url), error))?;
        if let Some(chunk) = &chunk {
            self.taken += chunk.len() as u64;
            if self.taken > self.limit {
                return Err(self.too_large(url));
            }
        }
        Ok(chunk)
    }

    async fn whole(&mut self, url: &Url) -> Result<Bytes, Error> {
        let announced = self.length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        let Some(first) = self.chunk(url).await? else { return Ok(Bytes::new()) };
        // Most answers come in one piece, which is then not copied.
        let Some(second) = self.chunk(url).await? else { return Ok(first) };
        let mut body = BytesMut::with_capacity(announced.min(FIRST_ALLOCATION).max(first.len() + second.len()));
        body.extend_from_slice(&first);
        body.extend_from_slice(&second);
        while let Some(chunk) = self.chunk(url).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("host", &host(&self.url))
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .field("hops", &self.hops)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, host(&self.url))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("host", &host(&self.url))
            .field("status", &self.status)
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}
