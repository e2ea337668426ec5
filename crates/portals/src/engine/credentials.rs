//! The password: sent once, where it may go, and what it means when it is asked for again (portals §5 R2, R5, R8, R9).

use pronote::pace::PortalAccount;
use secrecy::{ExposeSecret as _, SecretString};
use transport::Response;
use zeroize::Zeroizing;

use super::net::held_back;
use super::walker::{Stage, Walker};
use crate::error::Kind;
use crate::page::{Method, Page, clean};
use crate::registry::Profile;
use crate::registry::row::Idp;
use crate::step::{Stop, Submission};
use crate::words;

/// A user name and a password at a portal.
pub(super) struct Credentials {
    pub(super) login: Zeroizing<String>,
    pub(super) password: SecretString,
}

impl Walker {
    /// Sends the user name and the password: once, where they may go, unless the form is none to fill in. Without
    /// credentials, gives the names of the form's fields.
    pub(super) async fn sign_in(
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
        self.guard.send(&form)?;
        if form.method == Method::Get {
            return Err(Stop::on(&form.page, Kind::UnexpectedPage { title: None }));
        }
        self.complaint_before.clone_from(&self.complaint);
        let Some(credentials) = &self.credentials else {
            let form = form.set(user, "").set(password, "");
            let names = form.fields.iter().filter_map(|(name, _)| clean(name)).collect();
            return Ok(Err(names));
        };
        let host = form.url.host_str().unwrap_or_default().to_owned();
        let pacer = self.net.client.pacer().clone();
        let account = account(self.walk.profile, &host, &credentials.login);
        let held = |paused| Stop::on(&form.url, held_back(&paused));
        let secret = credentials.password.expose_secret();
        pacer.may_try(&account, secret).map_err(held)?;
        // Sign-ins made at once would all be let through before the first is refused.
        let name = account.name();
        let waiting = tokio::time::timeout(self.net.left(), pacer.one_at_a_time(&name));
        self.door = Some(waiting.await.map_err(|_| Stop::on(&form.url, Kind::Timeout))?);
        pacer.try_at(&account, secret).map_err(held)?;

        let form = form.set(user, &credentials.login).set(password, secret);
        self.walk.posted = Some(host);
        self.net.form(&form, true).await.map(Ok)
    }

    /// A password is asked for although it was sent. It is never sent again; and it is blamed only when the very site that
    /// had it answers with its form.
    fn asked_again(&self, form: &Submission) -> Stop {
        let posted = self.walk.posted.as_deref();
        let complaint = self.complaint.as_deref();
        let kind = if form.page.host_str() != posted {
            Kind::SecondLoginRequested
        } else if let Err(stop) = self.guard.password(&form.url) {
            return stop;
        } else if self.returns > 0 {
            Kind::ServiceLoop
        } else if self.walk.accepted || self.moved_on {
            Kind::SecondLoginRequested
        } else if form.passwords > 1 {
            Kind::PasswordRenewal
        } else if let Some(kind) = complaint.and_then(words::wanted) {
            kind
        } else if let Some(doubt) = &self.doubt {
            doubt.clone()
        } else {
            Kind::WrongCredentials { idp: posted.unwrap_or_default().to_owned(), profile: self.walk.profile }
        };
        Stop { said: self.complaint.clone(), ..Stop::on(&form.page, kind) }
    }

    /// What a page means that asks for the password again, unless it says that the password is wrong: an answer that is
    /// none of a form's, an old conversation, work in progress. EduConnect marks what is wrong (portals §2.5).
    pub(super) fn doubt(&self, page: &Page) -> Option<Kind> {
        let blames = match &self.complaint {
            Some(complaint) => words::is_of_credentials(complaint, page.marks_a_control()),
            None => self.walk.way.idp != Idp::Educonnect || page.marks_a_control(),
        };
        match page.status {
            429 | 502..=504 => Some(Kind::PortalOverloaded),
            200 | 401 if blames => None,
            _ => Some(Kind::PortalMessage),
        }
    }

    /// Notes what became of the password, once it is known: a wrong one is not sent again (portals §5 R8). A question in
    /// between says nothing of it: some sites ask whatever was typed.
    pub(super) fn remember(&mut self, outcome: Result<&Stage, &Stop>) {
        let (Some(host), Some(credentials)) = (&self.walk.posted, &self.credentials) else { return };
        let account = account(self.walk.profile, host, &credentials.login);
        let pacer = self.net.client.pacer();
        match outcome.map_err(|stop| &stop.kind) {
            Err(Kind::WrongCredentials { .. }) => pacer.refused_at(&account, credentials.password.expose_secret()),
            _ if self.walk.accepted => pacer.accepted_at(&account),
            Ok(Stage::Landed(_)) => pacer.accepted_at(&account),
            Ok(_) => return,
            Err(_) => {}
        }
        self.credentials = None;
    }
}

/// An account as refusals are remembered of it.
pub(super) fn account<'a>(profile: Profile, host: &'a str, login: &'a str) -> PortalAccount<'a> {
    let kind = match profile {
        Profile::Pupil => "pupil",
        Profile::Guardian => "guardian",
        Profile::Staff => "staff",
    };
    PortalAccount { host, login, kind }
}
