//! The loop: a request, a look at what came, the next request (portals §2.0).

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use pronote::login::Landing;
use pronote::{Client, SchoolAddress, Space};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::OwnedMutexGuard;
use transport::Response;
use url::Url;
use zeroize::Zeroizing;

use super::Hop;
use super::net::{Net, held_back};
use super::school::{self, AtSchool};
use crate::error::{Error, Kind};
use crate::family::{Guide, educonnect, guide};
use crate::guard::{Guard, is_loopback};
use crate::page::{Method, Page};
use crate::registry::row::{EntryMode, Meaning};
use crate::registry::{Portal, Profile, Registry, Status};
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::{Walk, fits, query, with_query};
use crate::words;

/// The built-in row of the demonstration, the only one that may be plain http (portals §5 R1).
const DEMONSTRATION: &str = "demonstration";
/// The most that a `RelayState` may be (portals §5 R4).
const MOST_RELAY_STATE: usize = 4096;
/// How many redirects PRONOTE may answer before it leads to a portal: to a slash at the end, to another page.
const MOST_AT_SCHOOL: usize = 5;
/// How often PRONOTE may send a browser back to a portal that has signed it in (portals §2.3).
const MOST_RETURNS: usize = 3;

/// A user name and a password at a portal.
pub(super) struct Credentials {
    pub(super) login: Zeroizing<String>,
    pub(super) password: SecretString,
}

/// A sign-in that is going on.
pub(super) struct Walker {
    net: Net,
    portal: String,
    walk: Walk,
    guide: &'static dyn Guide,
    guard: Guard,
    /// None where only the way is looked at.
    credentials: Option<Credentials>,
    /// How often PRONOTE has sent the browser to the portal since the password was sent.
    returns: usize,
    restarted: bool,
    /// What the last page complains of.
    complaint: Option<String>,
    /// Keeps other sign-ins of the same account out from before the password is sent to when its outcome is known.
    door: Option<OwnedMutexGuard<()>>,
}

/// Where a walk has come to.
pub(super) enum Stage {
    Landed(Box<Landing>),
    Ask(String, Ask),
    /// The form that takes the password, in a walk without one: the names of its fields.
    Form(Vec<String>),
}

/// Who wants to go where.
pub(super) struct Wish<'a> {
    pub(super) client: &'a Client,
    pub(super) registry: &'a Registry,
    pub(super) school: &'a SchoolAddress,
    pub(super) space: Space,
    pub(super) portal: Option<&'a str>,
    pub(super) profile: Option<Profile>,
}

impl Walker {
    /// Finds the portal, and asks PRONOTE where it leads if need be. Nothing is sent for a portal that is gone.
    pub(super) async fn begin(wish: Wish<'_>, credentials: Option<Credentials>) -> Result<(Self, Next), Error> {
        let root = wish.school.root();
        let mut net = Net::new(wish.client, root, wish.school.key());
        let named = wish.portal.map(|id| wish.registry.get(id).ok_or(Kind::NoSuchPortal)).transpose();
        let named = named.map_err(|kind| error(kind.into(), None, false))?;
        if let Some(portal) = named {
            usable(portal).map_err(|kind| error(kind.into(), Some(portal), false))?;
        }
        if root.scheme() != "https" && !is_loopback(root) {
            let host = root.host_str().unwrap_or_default().to_owned();
            return Err(error(Stop::on(root, Kind::Insecure { host }), named, false));
        }
        let fail = |stop, portal| error(stop, portal, false);
        let profile = wish.profile.unwrap_or_else(|| profile_of(wish.space));
        let first = named.is_none_or(|portal| portal.row.entry.mode == EntryMode::PronoteFirst);
        let redirect = match first {
            true => ask_school(&mut net, &wish, named).await.map_err(|stop| fail(stop, named))?,
            false => None,
        };
        let portal = match (named, &redirect) {
            (Some(portal), _) => portal,
            (None, Some(redirect)) => detect(wish.registry, redirect).map_err(|stop| fail(stop, None))?,
            (None, None) => return Err(fail(Stop::on(root, Kind::NoPortal), None)),
        };
        let Some(way) = portal.row.way(profile).cloned() else {
            return Err(fail(Kind::ProfileNotSupported { profile }.into(), Some(portal)));
        };
        net.limit(&portal.row.limits);
        let demonstration = portal.id == DEMONSTRATION && portal.file.is_none();
        let mut walk = Walk::new(Arc::clone(&portal.row), profile, way, wish.school.clone(), wish.space);
        walk.login = login_address(&walk, redirect).map_err(|stop| fail(stop, Some(portal)))?;
        let mut walker = Walker {
            net,
            portal: portal.id.clone(),
            guide: portal.row.family.map_or(&crate::family::Plain, guide),
            guard: Guard::new(portal.row.reach(profile), root, demonstration),
            walk,
            credentials,
            returns: 0,
            restarted: false,
            complaint: None,
            door: None,
        };
        let next = walker.guide.enter(&mut walker.walk).map_err(|stop| walker.fail(stop))?;
        Ok((walker, next))
    }

    /// Goes on to PRONOTE's page, to a question or, without credentials, to a form.
    pub(super) async fn run(&mut self, next: Next) -> Result<Stage, Error> {
        let stage = self.steps(next).await;
        // Whatever came of it, others may try: what was refused is remembered by then.
        let result = stage.map_err(|stop| {
            self.remember(&stop.kind);
            self.fail(stop)
        });
        self.door = None;
        result
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
                Next::Ask(ask) => return Ok(Stage::Ask(self.here(), ask)),
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
            // A walk gets here by a ticket: the way began by PRONOTE's redirect, and it does not come back otherwise.
            return match school::read(&self.net.client, &self.walk, response, true)? {
                AtSchool::Opened(page) => {
                    let landing = Landing::new(self.walk.school.clone(), self.walk.space, &self.net.browser, *page);
                    landing.map(|landing| Seen::Break(Box::new(landing))).ok_or_else(|| Kind::NoPronoteAccess.into())
                }
                AtSchool::OwnForm => Err(Stop::on(&response.url, Kind::NoPronoteAccess)),
            };
        }
        let page = Page::read(response.url.clone(), response.status, &response.text())
            .map_err(|_| Stop::on(&response.url, Kind::TooLarge))?;
        if page.forms().iter().any(|form| form.controls.len() > self.walk.row.limits.controls) {
            return Err(Stop::at(&page, Kind::TooLarge));
        }
        self.complaint = page.complaint();
        let (kind, next) = self.judge(&page)?;
        self.net.name_page(kind);
        if kind == "refresh" {
            if !self.net.count_redirect() {
                return Err(Stop::at(&page, Kind::TooManyRedirects));
            }
        } else {
            self.net.arrived();
        }
        Ok(Seen::Continue(next))
    }

    /// A redirect: it may mean something by itself; it is followed by a GET, after the check of its host.
    fn redirected(&mut self, response: &Response) -> Result<Next, Stop> {
        let from = &response.url;
        let unusable = || Stop::on(from, Kind::UnexpectedPage { title: None });
        let to = response.location().ok_or_else(unusable)?;
        if !self.net.count_redirect() {
            let loops = self.returns + 1 >= MOST_RETURNS;
            return Err(Stop::on(from, if loops { Kind::ServiceLoop } else { Kind::TooManyRedirects }));
        }
        // What was posted would have to be posted again, elsewhere.
        if matches!(response.status, 307 | 308) && self.net.trail.last().is_some_and(|hop| hop.method == "POST") {
            self.guard.visit(&to)?;
            return Err(unusable());
        }
        let (leaves_school, comes_to_school) = (self.walk.is_school(from), self.walk.is_school(&to));
        if self.walk.posted.is_some() {
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
        if let Some(stop) = marked(walk, page) {
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
        match self.guide.page(walk, page)? {
            Next::Unknown => self.unknown(page),
            next => Ok((name_of(&next), next)),
        }
    }

    /// A page that nobody knows: it may go on by itself; otherwise its status says the most.
    fn unknown(&mut self, page: &Page) -> Result<(&'static str, Next), Stop> {
        if let Some(refresh) = page.refresh() {
            let url = page.resolve(refresh).map_err(|_| Stop::unexpected(page))?;
            return Ok(("refresh", Next::Get(url)));
        }
        if page.forms().iter().any(|form| page.has_captcha(form)) {
            return Err(Stop::at(page, Kind::CaptchaRequired));
        }
        if let Some(form) = page.forms().iter().find(|form| form.passwords() > 0) {
            // A form that would give the password away, whatever it is for.
            self.guard.password(&Submission::of(page, form)?.url)?;
        }
        if self.walk.posted.is_some() {
            if page.forms().iter().any(|form| form.passwords() > 1) {
                return Err(Stop::at(page, Kind::PasswordRenewal));
            }
            if let Some((form, field)) = words::code(page) {
                return match self.walk.once("code") {
                    true => Ok(("question", Ask::code(Submission::of(page, form)?, &field)?)),
                    false => Err(Stop::at(page, Kind::MfaRequired)),
                };
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
        self.guard.visit(&form.url)?;
        if form.fields.iter().any(|(name, value)| name == "RelayState" && value.len() > MOST_RELAY_STATE) {
            return Err(Stop::on(&form.page, Kind::TooLarge));
        }
        if form.is_assertion() {
            self.guard.assertion(&form.url)?;
            if form.method == Method::Get {
                return Err(Stop::on(&form.page, Kind::UnexpectedPage { title: None }));
            }
            self.walk.accepted |= self.walk.posted.is_some();
        }
        self.net.form(form, self.walk.posted.is_some()).await
    }

    /// Sends the user name and the password: once, where they may go, unless the form is none to fill in. Without
    /// credentials, gives the names of the form's fields.
    async fn sign_in(
        &mut self,
        form: Submission,
        user: &str,
        password: &str,
    ) -> Result<Result<Response, Vec<String>>, Stop> {
        if self.walk.posted.is_some() {
            return Err(self.asked_again(&form));
        }
        if form.passwords > 1 {
            return Err(Stop::on(&form.page, Kind::PasswordRenewal));
        }
        if form.captcha {
            return Err(Stop::on(&form.page, Kind::CaptchaRequired));
        }
        self.guard.password(&form.url)?;
        if form.method == Method::Get {
            return Err(Stop::on(&form.page, Kind::UnexpectedPage { title: None }));
        }
        let Some(credentials) = &self.credentials else {
            let mut names: Vec<String> = form.fields.into_iter().map(|(name, _)| name).collect();
            names.extend(
                [user, password]
                    .iter()
                    .filter(|name| !names.iter().any(|other| other == *name))
                    .map(|name| (*name).to_owned())
                    .collect::<Vec<_>>(),
            );
            return Ok(Err(names));
        };
        let host = form.url.host_str().unwrap_or_default().to_owned();
        let pacer = self.net.client.pacer().clone();
        let account = self.account(&host, &credentials.login);
        let held = |paused| Stop::on(&form.url, held_back(&paused));
        let may = |secret: &str| pacer.may_try(&account, secret).map_err(held);
        may(credentials.password.expose_secret())?;
        // Sign-ins made at once would all be let through before the first is refused.
        let name = account.name();
        let waiting = tokio::time::timeout(self.net.left(), pacer.one_at_a_time(&name));
        self.door = Some(waiting.await.map_err(|_| Stop::on(&form.url, Kind::Timeout))?);
        may(credentials.password.expose_secret())?;

        let form = form.set(user, &credentials.login).set(password, credentials.password.expose_secret());
        self.walk.posted = Some(host);
        self.net.form(&form, true).await.map(Ok)
    }

    /// A password is asked for although it was sent: refused, or a second site wants one. It is never sent again.
    fn asked_again(&self, form: &Submission) -> Stop {
        let posted = self.walk.posted.as_deref();
        let same = [&form.url, &form.page].iter().any(|url| url.host_str() == posted);
        let kind = match (self.walk.accepted, same) {
            (true, _) if self.returns > 0 => Kind::ServiceLoop,
            (true, _) | (false, false) => Kind::SecondLoginRequested,
            (false, true) => {
                // The form again, but for where it would go now: this says nothing of the password.
                if let Err(stop) = self.guard.password(&form.url) {
                    return stop;
                }
                let said = self.complaint.as_deref().and_then(words::wanted);
                let wrong = || Kind::WrongCredentials {
                    idp: posted.unwrap_or_default().to_owned(),
                    profile: self.walk.profile,
                };
                if form.passwords > 1 { Kind::PasswordRenewal } else { said.unwrap_or_else(wrong) }
            }
        };
        Stop { said: self.complaint.clone(), ..Stop::on(&form.page, kind) }
    }

    /// Notes a refusal, so that the same is not sent again (portals §5 R8).
    fn remember(&self, kind: &Kind) {
        let (Some(host), Some(credentials)) = (&self.walk.posted, &self.credentials) else { return };
        let account = self.account(host, &credentials.login);
        match kind {
            Kind::WrongCredentials { .. } => {
                self.net.client.pacer().refused_at(&account, Some(credentials.password.expose_secret()));
            }
            Kind::AccountLocked { .. } => self.net.client.pacer().refused_at(&account, None),
            _ => {}
        }
    }

    fn account<'a>(&self, host: &'a str, login: &'a str) -> pronote::pace::PortalAccount<'a> {
        let kind = match self.walk.profile {
            Profile::Pupil => "pupil",
            Profile::Guardian => "guardian",
            Profile::Staff => "staff",
        };
        pronote::pace::PortalAccount { host, login, kind }
    }

    /// The host of the last request.
    fn here(&self) -> String {
        self.net.trail.last().map(|hop| hop.host.clone()).unwrap_or_default()
    }

    fn fail(&self, stop: Stop) -> Error {
        let host = stop.host.or_else(|| Some(self.here()).filter(|host| !host.is_empty()));
        let portal = Some(self.portal.clone());
        Error { kind: stop.kind, portal, host, said: stop.said, evaluated: self.walk.posted.is_some() }
    }

    pub(super) fn trail(&mut self) -> Vec<Hop> {
        std::mem::take(&mut self.net.trail)
    }

    pub(super) fn portal(&self) -> &str {
        &self.portal
    }

    pub(super) fn left(&self) -> Duration {
        self.net.left()
    }

    /// Goes on after the person has answered; the time that they took does not count (portals §5 R7).
    pub(super) fn resume(&mut self, left: Duration) {
        self.net.resume(left);
    }

    pub(super) fn failed(&self, stop: Stop) -> Error {
        self.fail(stop)
    }
}

/// What comes after an answer: the next step, or nothing more.
type Seen = ControlFlow<Box<Landing>, Next>;

fn error(stop: Stop, portal: Option<&Portal>, evaluated: bool) -> Error {
    let portal = portal.map(|portal| portal.id.clone());
    Error { kind: stop.kind, portal, host: stop.host, said: stop.said, evaluated }
}

fn profile_of(space: Space) -> Profile {
    match space {
        Space::Student => Profile::Pupil,
        Space::Parent => Profile::Guardian,
        _ => Profile::Staff,
    }
}

fn usable(portal: &Portal) -> Result<(), Kind> {
    match portal.status {
        Status::Retired => Err(Kind::Retired { replaced_by: portal.replaced_by.clone() }),
        Status::Refused => Err(Kind::Refused),
        _ if portal.row.family.is_none() => Err(Kind::Retired { replaced_by: portal.replaced_by.clone() }),
        _ => Ok(()),
    }
}

/// The one portal that a school's redirect leads to (portals §4.4).
fn detect<'r>(registry: &'r Registry, redirect: &Url) -> Result<&'r Portal, Stop> {
    match registry.detect(redirect)[..] {
        [] => {
            let host = redirect.host_str().unwrap_or_default().to_owned();
            Err(Stop::on(redirect, Kind::UnknownPortal { host }))
        }
        [portal] => usable(portal).map(|()| portal).map_err(|kind| Stop::on(redirect, kind)),
        ref several => {
            let candidates = several.iter().map(|portal| portal.id.clone()).collect();
            Err(Stop::on(redirect, Kind::AmbiguousPortal { candidates }))
        }
    }
}

/// Asks PRONOTE's page without cookies, and gives the address of the portal that it leads to; none when it has a form of
/// its own.
async fn ask_school(net: &mut Net, wish: &Wish<'_>, portal: Option<&Portal>) -> Result<Option<Url>, Stop> {
    let row = portal.map_or_else(Arc::default, |portal| Arc::clone(&portal.row));
    let way = crate::registry::row::Way {
        idp: crate::registry::row::Idp::Local,
        type_user: None,
        provider: None,
        provider_id: None,
        set_query: Vec::new(),
    };
    let walk = Walk::new(row, Profile::Pupil, way, wish.school.clone(), wish.space);
    let mut url = walk.school_page()?;
    for _ in 0..MOST_AT_SCHOOL {
        let response = net.get(&url, false).await?;
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            net.name_page("PRONOTE");
            return match school::read(wish.client, &walk, &response, false)? {
                AtSchool::OwnForm | AtSchool::Opened(_) => Ok(None),
            };
        }
        let Some(to) = response.location() else {
            return Err(Stop::on(&response.url, Kind::UnexpectedPage { title: None }));
        };
        if !walk.is_school(&to) {
            net.forget();
            return Ok(Some(to));
        }
        url = to;
    }
    Err(Stop::on(&url, Kind::TooManyRedirects))
}

/// The portal's login address for this school, as the school says it, else as the row does (portals §2.2).
fn login_address(walk: &Walk, redirect: Option<Url>) -> Result<Option<Url>, Stop> {
    let pairs = walk.row.set_query(walk.profile);
    if let Some(redirect) = redirect {
        return Ok(Some(with_query(&redirect, &pairs)));
    }
    let Some(root) = walk.row.entry.cas_root.as_ref().filter(|_| walk.row.entry.mode != EntryMode::PortalFirst) else {
        // A portal that comes first needs none.
        let needs = walk.row.entry.mode != EntryMode::PortalFirst;
        return if needs { Err(Kind::NoPortal.into()) } else { Ok(None) };
    };
    let mut login = root.clone();
    login.set_path(&format!("{}/login", root.path().trim_end_matches('/')));
    let mut pairs = pairs;
    pairs.push(("service".into(), walk.school_page()?.into()));
    Ok(Some(with_query(&login, &pairs)))
}

/// The outcome that the row's own marks show on a page.
fn marked(walk: &Walk, page: &Page) -> Option<Stop> {
    // Before the password was sent, a page that warns of what may happen to an account tells nothing of this one.
    let idp = walk.posted.clone();
    let meant = |meaning: &Meaning| match (meaning, &idp) {
        (Meaning::Closed, _) => Some(Kind::PortalClosed { pronote: false }),
        (Meaning::Overload, _) => Some(Kind::PortalOverloaded),
        (Meaning::Service, _) => Some(Kind::ServiceNotAllowed),
        (_, None) => None,
        (Meaning::Wrong, Some(idp)) if !walk.accepted => {
            Some(Kind::WrongCredentials { idp: idp.clone(), profile: walk.profile })
        }
        (Meaning::Wrong, Some(_)) => None,
        (Meaning::Locked, Some(_)) => Some(Kind::AccountLocked { temporary: false }),
        (Meaning::Renew, Some(_)) => Some(Kind::PasswordRenewal),
        (Meaning::Activate, Some(_)) => Some(Kind::ActivationRequired),
        (Meaning::Mfa, Some(_)) => Some(Kind::MfaRequired),
        (Meaning::NoAccount, Some(_)) => Some(Kind::NoPortalAccount),
    };
    walk.row
        .markers
        .iter()
        .filter(|(_, marker)| fits(page, marker))
        .find_map(|(meaning, _)| Some(Stop::at(page, meant(meaning)?)))
}

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
