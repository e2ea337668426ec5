//! What is asked: a URL, headers and perhaps a body.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::{Url, form_urlencoded};

use crate::Error;
use crate::transport::host;

/// A request to be sent by a [`Browser`](crate::Browser). A plain `&Url` is a GET.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) timeout: Option<Duration>,
    pub(crate) max_body: Option<usize>,
}

impl Request {
    /// Asks for a page.
    pub fn get(url: &Url) -> Self {
        Self {
            method: Method::GET,
            url: url.clone(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: None,
            max_body: None,
        }
    }

    /// Sends a body of the given content type.
    pub fn post(url: &Url, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::with_body(url, HeaderValue::from_static(content_type), body.into())
    }

    /// Sends form fields, as a page's form does.
    pub fn form<K: AsRef<str>, V: AsRef<str>>(url: &Url, fields: impl IntoIterator<Item = (K, V)>) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self::post(url, "application/x-www-form-urlencoded", body)
    }

    /// Sends form fields and files.
    pub fn multipart(url: &Url, form: Multipart) -> Self {
        let (content_type, body) = form.finish();
        Self::with_body(url, content_type, body)
    }

    /// Adds a header, replacing the one of that name. A `User-Agent` replaces the transport's.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHeader`] if the value holds control characters.
    pub fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Result<Self, Error> {
        let value = value.try_into().map_err(|_| Error::InvalidHeader { name: name.to_string() })?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Waits this long instead of [`Config::timeout`](crate::Config::timeout).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Takes so many bytes of the answer at most instead of [`Config::max_body`](crate::Config::max_body), counted after
    /// decompression.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = Some(bytes);
        self
    }

    fn with_body(url: &Url, content_type: HeaderValue, body: Bytes) -> Self {
        let mut request = Self { method: Method::POST, body, ..Self::get(url) };
        request.headers.insert(CONTENT_TYPE, content_type);
        request
    }
}

impl From<&Url> for Request {
    fn from(url: &Url) -> Self {
        Self::get(url)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).field("host", &host(&self.url)).finish_non_exhaustive()
    }
}

/// The fields and files of a `multipart/form-data` body, written as browsers write them.
#[derive(Clone)]
pub struct Multipart {
    boundary: String,
    body: Vec<u8>,
}

impl Multipart {
    /// Begins an empty form.
    pub fn new() -> Self {
        Self { boundary: format!("cartable-{:032x}", fastrand::u128(..)), body: Vec::new() }
    }

    /// Adds a field.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.part(name, "", value.as_bytes());
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Self {
        let file = format!("; filename=\"{}\"\r\nContent-Type: {}", escape(file_name), escape(content_type));
        self.part(name, &file, content);
        self
    }

    fn part(&mut self, name: &str, file: &str, content: &[u8]) {
        let head =
            format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"{file}\r\n\r\n", self.boundary, escape(name));
        self.body.reserve(head.len() + content.len() + self.boundary.len() + 8);
        self.body.extend_from_slice(head.as_bytes());
        self.body.extend_from_slice(content);
        self.body.extend_from_slice(b"\r\n");
    }

    fn finish(mut self) -> (HeaderValue, Bytes) {
        self.body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={}", self.boundary))
            .expect("a boundary of letters and digits fits a header");
        (content_type, self.body.into())
    }
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multipart").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// Keeps a name inside its quotes and its line (HTML standard, "multipart/form-data encoding algorithm").
fn escape(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}
