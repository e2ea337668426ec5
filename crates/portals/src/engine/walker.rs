//! The loop: a request, a look at what came, the next request (portals §2.0).

use std::ops::ControlFlow;

use pronote::login::Landing;
use tokio::sync::OwnedMutexGuard;
use transport::Response;
use url::Url;

use super::credentials::Credentials;
use super::net::Net;
use super::school::{self, AtSchool};
use crate::error::{Error, Kind};
use crate::family::{Guide, educonnect};
use crate::guard::Guard;
use crate::marks;
use crate::page::{Method, Page};
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::{Walk, query};
use crate::words;

/// What a page is called that goes on by itself: a redirect in all but its status.
const REFRESH: &str = "refresh";
/// How often PRONOTE may send a browser back to a portal that has signed it in (portals §2.3).
const MOST_RETURNS: usize = 3;

/// A sign-in that is going on.
pub(super) struct Walker {
    pub(super) net: Net,
    pub(super) portal: String,
    pub(super) walk: Walk,
    pub(super) guide: &'static dyn Guide,
    pub(super) guard: Guard,
    /// None where only the way is looked at.
    pub(super) credentials: Option<Credentials>,
    /// How often PRONOTE has sent the browser to the portal since the password was sent.
    pub(super) returns: usize,
    pub(super) restarted: bool,
    /// What the last page complains of, and what it complained of before the password was sent.
    pub(super) complaint: Option<String>,
    pub(super) complaint_before: Option<String>,
    /// What the last page means if it asks for the password again, where that does not say that it is wrong.
    pub(super) doubt: Option<Kind>,
    /// Whether another page or another host has come since the password was sent: it was not refused at once.
    pub(super) moved_on: bool,
    /// Keeps other sign-ins of the same account out from before the password is sent to when its outcome is known.
    pub(super) door: Option<OwnedMutexGuard<()>>,
}

/// Where a walk has come to.
pub(super) enum Stage {
    Landed(Box<Landing>),
    Ask(String, Ask),
    /// The form that takes the password, in a walk without one: the names of its fields.
    Form(Vec<String>),
}

impl Walker {
    /// Goes on to PRONOTE's page, to a question or, without credentials, to a form.
    pub(super) async fn run(&mut self, next: Next) -> Result<Stage, Error> {
        let stage = self.steps(next).await;
        // Whatever came of it, others may try: what was refused is remembered by then.
        self.remember(stage.as_ref());
        self.door = None;
        stage.map_err(|stop| self.fail(stop))
    }

    async fn steps(&mut self, mut next: Next) -> Result<Stage, Stop> {
        loop {
            let posted = self.walk.posted.is_some();
            let response = match next {
                Next::Get(url) => {
                    self.guard.visit(&url)?;
                    self.net.get(&url, posted).await?
                }
                Next::Submit(form) => self.submit(&form).await?,
                Next::SignIn { form, user, password } => match self.sign_in(form, &user, &password).await? {
                    Ok(response) => response,
                    Err(fields) => return Ok(Stage::Form(fields)),
                },
                Next::Ask(ask) => {
                    // Nobody is asked for what could then be sent nowhere. A site of the way that asks for itself has to
                    // be answered in a browser.
                    if let Some(to) = &ask.to
                        && let Err(stop) = self.guard.password(to)
                    {
                        let asks_itself = self.guard.visit(to).is_ok() && to.host_str() == Some(&self.here());
                        return Err(if asks_itself { Stop::on(to, ask.question.unanswered()) } else { stop });
                    }
                    return Ok(Stage::Ask(self.here(), ask));
                }
                Next::Service => {
                    let url = self.walk.school_page()?;
                    self.guard.visit(&url)?;
                    self.net.get(&url, posted).await?
                }
                Next::Restart if !posted && !self.restarted => {
                    self.restarted = true;
                    self.net.forget();
                    let login = self.walk.login.clone();
                    self.walk.begin_again();
                    self.walk.login = login;
                    next = self.guide.enter(&mut self.walk)?;
                    continue;
                }
                Next::Restart | Next::Unknown => {
                    return Err(Stop { host: Some(self.here()), ..Kind::UnexpectedPage { title: None }.into() });
                }
            };
            next = match self.look(&response)? {
                Seen::Continue(next) => next,
                Seen::Break(landing) => return Ok(Stage::Landed(landing)),
            };
        }
    }

    /// What an answer means.
    fn look(&mut self, response: &Response) -> Result<Seen, Stop> {
        if matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            return self.redirected(response).map(Seen::Continue);
        }
        if self.walk.is_school(&response.url) {
            self.net.arrived();
            self.net.name_page("PRONOTE");
            let came = self.walk.posted.is_some();
            return match school::read(&self.net.client, &self.walk.school, response, came)? {
                AtSchool::Opened(page) => {
                    let landing = Landing::new(self.walk.school.clone(), self.walk.space, &self.net.browser, *page);
                    landing.map(|landing| Seen::Break(Box::new(landing))).ok_or_else(|| Kind::NoPronoteAccess.into())
                }
                // The portal has sent the browser back, and has not asked for anything.
                AtSchool::OwnForm => Err(Stop::on(&response.url, Kind::UnexpectedPage { title: None })),
            };
        }
        let page = Page::read(response.url.clone(), response.status, &response.text())
            .map_err(|_| Stop::on(&response.url, Kind::TooLarge))?;
        if page.forms().iter().any(|form| form.controls.len() > self.walk.row.limits.controls) {
            return Err(Stop::at(&page, Kind::TooLarge));
        }
        // What was there before says nothing of the password.
        self.complaint = page
            .complaint()
            .filter(|complaint| self.walk.posted.is_none() || self.complaint_before.as_ref() != Some(complaint));
        self.doubt = self.doubt(&page);
        let (kind, next) = self.judge(&page)?;
        self.net.name_page(kind);
        if kind != REFRESH {
            self.moved_on |= self.walk.posted.is_some() && !matches!(next, Next::SignIn { .. });
            self.net.arrived();
        }
        Ok(Seen::Continue(next))
    }

    /// A redirect, after the check of what it would take along.
    fn redirected(&mut self, response: &Response) -> Result<Next, Stop> {
        let unusable = || Stop::on(&response.url, Kind::UnexpectedPage { title: None });
        let to = response.location().ok_or_else(unusable)?;
        // What was posted would have to be posted again, elsewhere.
        if matches!(response.status, 307 | 308) && self.net.trail.last().is_some_and(|hop| hop.method == "POST") {
            self.guard.visit(&to)?;
            return Err(unusable());
        }
        self.led(&response.url, to)
    }

    /// Where a redirect leads, or a page that goes on by itself: it may mean something by itself; it is followed by a GET,
    /// after the check of its host.
    fn led(&mut self, from: &Url, to: Url) -> Result<Next, Stop> {
        if !self.net.count_redirect() {
            let loops = self.returns + 1 >= MOST_RETURNS;
            return Err(Stop::on(from, if loops { Kind::ServiceLoop } else { Kind::TooManyRedirects }));
        }
        let (leaves_school, comes_to_school) = (self.walk.is_school(from), self.walk.is_school(&to));
        if self.walk.posted.is_some() {
            self.moved_on |= from.host_str() == self.walk.posted.as_deref() && to.host_str() != from.host_str();
            if comes_to_school && !leaves_school && query(&to, "ticket").is_some() {
                self.walk.accepted = true;
            }
            if leaves_school && !comes_to_school {
                self.returns += 1;
                if self.returns >= MOST_RETURNS {
                    return Err(Stop::on(&to, Kind::ServiceLoop));
                }
            }
        }
        if let Some(stop) = educonnect::redirect(&self.walk, from, &to) {
            return Err(stop);
        }
        let next = self.guide.redirect(&mut self.walk, from, &to)?;
        Ok(next.unwrap_or(Next::Get(to)))
    }

    /// Tells what a page is, by its content (portals §2.0), and what to do.
    fn judge(&mut self, page: &Page) -> Result<(&'static str, Next), Stop> {
        let walk = &mut self.walk;
        if let Some(stop) = marks::marked(walk, page) {
            return Err(stop);
        }
        if let Some(kind) = words::unavailable(page) {
            return Err(Stop::at(page, kind));
        }
        let at_idp = educonnect::is_idp(walk, &page.url);
        let outcome = if at_idp { educonnect::outcome(walk, page) } else { self.guide.outcome(walk, page) };
        if let Some(stop) = outcome {
            return Err(stop);
        }
        if let Some(form) = ["SAMLRequest", "SAMLResponse"].iter().find_map(|name| page.form_with(&[name]))
            && form.passwords() == 0
        {
            return Ok(("SAML form", Next::Submit(Submission::of(page, form)?)));
        }
        if let Some(probe) = educonnect::probe(page)? {
            return Ok(("storage probe", probe));
        }
        if at_idp {
            return match educonnect::page(walk, page)? {
                Next::Unknown => self.unknown(page),
                next => Ok(("EduConnect", next)),
            };
        }
        if page.refresh().is_some() && page.forms().is_empty() {
            return self.unknown(page);
        }
        if walk.posted.is_some()
            && let Some(kind) = words::told(page)
        {
            return Err(Stop::at(page, kind));
        }
        match self.guide.page(walk, page)? {
            Next::Unknown => self.unknown(page),
            next => Ok((name_of(&next), next)),
        }
    }

    /// A page that nobody knows: it may go on by itself; otherwise its status says the most.
    fn unknown(&mut self, page: &Page) -> Result<(&'static str, Next), Stop> {
        if let Some(refresh) = page.refresh() {
            let url = page.resolve(refresh).map_err(|_| Stop::unexpected(page))?;
            return Ok((REFRESH, self.led(&page.url, url)?));
        }
        for form in page.forms().iter().filter(|form| form.passwords() > 0) {
            // A form that nobody knows, and that would send a password to where none may go, is told as such.
            self.guard.password(&Submission::of(page, form)?.url)?;
            if self.walk.posted.is_some() && form.passwords() > 1 {
                return Err(Stop::at(page, Kind::PasswordRenewal));
            }
        }
        if page.forms().iter().any(|form| page.has_captcha(form)) {
            return Err(Stop::at(page, Kind::CaptchaRequired));
        }
        if self.walk.posted.is_some() {
            if let Some((form, field)) = words::code(page) {
                return Ok(("question", self.walk.ask_code(page, form, &field)?));
            }
            if let Some(kind) = words::wanted(&format!("{} {}", page.title, page.text())) {
                return Err(Stop::at(page, kind));
            }
        }
        Err(match page.status {
            429 | 502..=504 => Stop::at(page, Kind::PortalOverloaded),
            _ => Stop::unexpected(page),
        })
    }

    /// Sends a form that holds no password.
    async fn submit(&mut self, form: &Submission) -> Result<Response, Stop> {
        if form.captcha {
            return Err(Stop::on(&form.page, Kind::CaptchaRequired));
        }
        self.guard.send(form)?;
        if form.is_assertion() {
            if form.method == Method::Get {
                return Err(Stop::on(&form.page, Kind::UnexpectedPage { title: None }));
            }
            self.walk.accepted |= self.walk.posted.is_some();
        }
        self.net.form(form, self.walk.posted.is_some()).await
    }

    /// The host of the last request.
    fn here(&self) -> String {
        self.net.trail.last().map(|hop| hop.host.clone()).unwrap_or_default()
    }

    pub(super) fn fail(&self, stop: Stop) -> Error {
        let host = stop.host.or_else(|| Some(self.here()).filter(|host| !host.is_empty()));
        let portal = Some(self.portal.clone());
        Error { kind: stop.kind, portal, host, said: stop.said, evaluated: self.walk.posted.is_some() }
    }
}

/// What comes after an answer: the next step, or nothing more.
type Seen = ControlFlow<Box<Landing>, Next>;

fn name_of(next: &Next) -> &'static str {
    match next {
        Next::Get(_) => "link",
        Next::Submit(_) => "form",
        Next::SignIn { .. } => "login form",
        Next::Ask(_) => "question",
        Next::Service => "portal",
        Next::Restart | Next::Unknown => "other",
    }
}
