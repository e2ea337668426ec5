//! Answers of the played hosts.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

/// An answer, and what came of the request, for the journal.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) response: Response,
    pub(super) outcome: String,
}

impl Reply {
    /// An answer with a body of its own.
    pub(super) fn new(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Self { response, outcome: String::new() }
    }

    /// A page; `body` is HTML.
    pub(super) fn page(title: &str, body: &str) -> Self {
        Self::page_of(StatusCode::OK, title, body)
    }

    /// A page with a status.
    pub(super) fn page_of(status: StatusCode, title: &str, body: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{body}\n\
             </body></html>\n",
            escape(title)
        );
        Self::new(status, "text/html; charset=utf-8", page)
    }

    /// A page with one sentence.
    pub(super) fn notice(status: StatusCode, title: &str, sentence: &str) -> Self {
        Self::page_of(status, title, &format!("<h1>{}</h1><p>{}</p>", escape(title), escape(sentence)))
    }

    /// Nothing but a status.
    pub(super) fn status(status: StatusCode) -> Self {
        Self::notice(status, status.canonical_reason().unwrap_or_default(), "")
    }

    /// Nothing is there.
    pub(super) fn missing() -> Self {
        Self::status(StatusCode::NOT_FOUND)
    }

    /// Sends the browser elsewhere.
    pub(super) fn redirect(to: &str) -> Self {
        Self::new(StatusCode::FOUND, "text/plain", "").header(header::LOCATION, to)
    }

    /// Adds a header.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.response.headers_mut().append(name, value);
        }
        self
    }

    /// Sets a cookie of this host.
    pub(super) fn cookie(self, name: &str, value: &str) -> Self {
        self.header(header::SET_COOKIE, &format!("{name}={value}; Path=/; Secure; HttpOnly"))
    }

    /// Says what came of the request.
    pub(super) fn says(mut self, outcome: &str) -> Self {
        outcome.clone_into(&mut self.outcome);
        self
    }
}

/// Text for HTML, in an element or between double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A hidden control.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
}

/// Text for a query or for a value in one.
pub(super) fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// An address with more in its query.
pub(super) fn with_query(url: &str, name: &str, value: &str) -> String {
    format!("{url}{}{name}={}", if url.contains('?') { '&' } else { '?' }, encode(value))
}
