//! One request at a time, within the limits of a sign-in (portals §5 R6, R7, R12).

use std::time::Duration;

use jiff::Timestamp;
use pronote::Client;
use pronote::pace::{Paused, Why};
use tokio::time::Instant;
use transport::header::{ACCEPT, ACCEPT_LANGUAGE, ORIGIN, REFERER, USER_AGENT};
use transport::{Browser, Bytes, Request, Response};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::Hop;
use crate::error::Kind;
use crate::page::Method;
use crate::registry::row::Limits;
use crate::step::{Stop, Submission};

/// What is said to portals: a browser's name, since some firewalls refuse others, and Cartable's own (portals §2.0).
const AGENT: &str = concat!(
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Cartable/",
    env!("CARGO_PKG_VERSION")
);
/// The most bytes of headers of an answer (portals §5 R6).
const MOST_HEADERS: usize = 64 << 10;

/// The way out of one sign-in: its cookies, what it may still spend, and where it has been.
pub(super) struct Net {
    pub(super) client: Client,
    pub(super) browser: Browser,
    /// Where the pace is kept.
    school: (Url, String),
    limits: Limits,
    deadline: Instant,
    requests: usize,
    /// Redirects since the last page.
    redirects: usize,
    pub(super) trail: Vec<Hop>,
    /// A failed request was sent again: once in a sign-in, and never after the password.
    repeated: bool,
}

impl Net {
    pub(super) fn new(client: &Client, school: &Url, key: String) -> Self {
        let limits = Limits::default();
        Net {
            client: client.clone(),
            browser: client.transport().public_browser(school),
            school: (school.clone(), key),
            deadline: Instant::now() + limits.total,
            limits,
            requests: 0,
            redirects: 0,
            trail: Vec::new(),
            repeated: false,
        }
    }

    /// Takes a row's own limits, which are no higher.
    pub(super) fn limit(&mut self, limits: &Limits) {
        let usual = Limits::default();
        let spent = usual.total.saturating_sub(self.left());
        self.limits = limits.clone();
        self.deadline = Instant::now() + limits.total.min(usual.total).saturating_sub(spent);
    }

    /// Begins again with no cookie.
    pub(super) fn forget(&mut self) {
        self.browser = self.client.transport().public_browser(&self.school.0);
    }

    /// The time that is left.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Goes on with so much time left.
    pub(super) fn resume(&mut self, left: Duration) {
        self.deadline = Instant::now() + left;
    }

    /// Counts a redirect; false when there were too many in a row.
    pub(super) fn count_redirect(&mut self) -> bool {
        self.redirects += 1;
        self.redirects <= self.limits.redirects
    }

    /// A page was reached.
    pub(super) fn arrived(&mut self) {
        self.redirects = 0;
    }

    /// Says what the last page is.
    pub(super) fn name_page(&mut self, kind: &'static str) {
        if let Some(hop) = self.trail.last_mut() {
            hop.page = Some(kind);
            let host = logged(&self.school.0, &hop.host);
            tracing::debug!(host, path = hop.path, status = hop.status, page = kind, "Reached a page");
        }
    }

    pub(super) async fn get(&mut self, url: &Url, posted: bool) -> Result<Response, Stop> {
        self.send("GET", Request::get(url), url, !posted).await
    }

    /// Sends a form, with the headers that a browser would send along.
    pub(super) async fn form(&mut self, form: &Submission, posted: bool) -> Result<Response, Stop> {
        let body = encode(&form.fields);
        let (method, url, request) = match form.method {
            Method::Get => {
                let mut url = form.url.clone();
                url.set_query(Some(&body));
                ("GET", url.clone(), Request::get(&url))
            }
            Method::Post => {
                let body = Bytes::from_owner(Zeroizing::new(Vec::from(body.as_bytes())));
                ("POST", form.url.clone(), Request::post(&form.url, "application/x-www-form-urlencoded", body))
            }
        };
        let mut referer = form.page.clone();
        referer.set_path(&path(&form.page));
        referer.set_query(None);
        referer.set_fragment(None);
        let origin = form.page.origin().ascii_serialization();
        let headed = request.header(REFERER, referer.as_str());
        let headed = match method {
            "POST" => headed.and_then(|request| request.header(ORIGIN, origin)),
            _ => headed,
        };
        let request = headed.map_err(|error| failed(&url, &error))?;
        self.send(method, request, &url, !posted).await
    }

    async fn send(
        &mut self,
        method: &'static str,
        request: Request,
        url: &Url,
        repeat: bool,
    ) -> Result<Response, Stop> {
        let common = |request: Request| {
            request
                .header(USER_AGENT, AGENT)?
                .header(ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")?
                .header(ACCEPT_LANGUAGE, "fr-FR,fr")
        };
        let request = common(request).map_err(|error| failed(url, &error))?.max_body(self.limits.page_bytes);
        loop {
            match self.once(method, request.clone(), url).await {
                Err(error) if repeat && !self.repeated && error.is_temporary() => self.repeated = true,
                Err(error) => return Err(failed(url, &error)),
                Ok(response) => return response,
            }
        }
    }

    async fn once(
        &mut self,
        method: &'static str,
        request: Request,
        url: &Url,
    ) -> Result<Result<Response, Stop>, transport::Error> {
        if url.origin() == self.school.0.origin() {
            let passed = tokio::time::timeout(self.left(), self.client.pacer().pass(&self.school.1)).await;
            match passed {
                Ok(Ok(())) => {}
                Ok(Err(paused)) => return Ok(Err(Stop::on(url, held_back(&paused)))),
                Err(_) => return Ok(Err(Stop::on(url, Kind::Timeout))),
            }
        }
        self.requests += 1;
        if self.requests > self.limits.requests {
            return Ok(Err(Stop::on(url, Kind::TooManyRedirects)));
        }
        let patience = self.left().min(self.limits.request);
        if patience.is_zero() {
            return Ok(Err(Stop::on(url, Kind::Timeout)));
        }
        let began = Instant::now();
        let answer = self.browser.send(request.timeout(patience)).await;
        let status = answer.as_ref().map_or(0, |response| response.status);
        let hop = Hop {
            method,
            host: url.host_str().unwrap_or_default().to_owned(),
            path: path(url),
            status,
            page: None,
            took: began.elapsed(),
        };
        let host = logged(&self.school.0, &hop.host);
        tracing::debug!(method, host, path = hop.path, status, took = ?hop.took, "Asked on the way through a portal");
        self.trail.push(hop);
        let response = answer?;
        let headers = response.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>();
        if headers > MOST_HEADERS {
            return Ok(Err(Stop::on(url, Kind::TooLarge)));
        }
        Ok(Ok(response))
    }
}

/// A host as it goes into a log, where no school is named.
fn logged<'a>(school: &Url, host: &'a str) -> &'a str {
    if school.host_str() == Some(host) { "the school" } else { host }
}

/// A path as it may be shown, and told to another host: without what some servers hide in it (`;jsessionid=…`).
fn path(url: &Url) -> String {
    url.path().split('/').map(|part| part.split(';').next().unwrap_or_default()).collect::<Vec<_>>().join("/")
}

/// A form's fields as a body, in memory that is wiped and never moved while it is written (portals §5 R11).
fn encode(fields: &[(String, Zeroizing<String>)]) -> Zeroizing<String> {
    let longest = fields.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let mut body = Zeroizing::new(String::with_capacity(longest));
    let mut serializer = form_urlencoded::Serializer::new(&mut *body);
    for (name, value) in fields {
        serializer.append_pair(name, value);
    }
    serializer.finish();
    body
}

/// What a failed exchange means.
fn failed(url: &Url, error: &transport::Error) -> Stop {
    use transport::Error;
    let host = || url.host_str().unwrap_or_default().to_owned();
    let kind = match error {
        Error::ForbiddenAddress { .. } => Kind::HostNotAllowed { host: host() },
        Error::Tls { .. } => Kind::Tls,
        Error::Timeout { .. } => Kind::Timeout,
        Error::TooLarge { .. } => Kind::TooLarge,
        Error::Unreachable { .. } | Error::Interrupted { .. } | Error::Setup { .. } => Kind::Unreachable,
        _ => Kind::UnexpectedPage { title: None },
    };
    Stop::on(url, kind)
}

/// Why this side holds a request back.
pub(super) fn held_back(paused: &Paused) -> Kind {
    let until: Option<Timestamp> = Some(paused.until);
    match paused.why {
        Why::Suspended => Kind::IpSuspended { until },
        Why::RateLimited | Why::Budget => Kind::RateLimited { until },
        // Until it is another one.
        Why::SameSecret => Kind::AlreadyRefused { until: until.filter(|until| *until < Timestamp::MAX) },
        Why::Refusals => Kind::TooManyAttempts { until },
        Why::PortalClosed => Kind::PortalOverloaded,
    }
}
