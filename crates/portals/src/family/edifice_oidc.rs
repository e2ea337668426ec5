//! Edifice behind a Keycloak: MonLycée.net (portals §2.7).

use url::Url;

use super::edifice;
use crate::error::Kind;
use crate::family::Guide;
use crate::page::Page;
use crate::step::{Next, Stop, Submission};
use crate::walk::{Walk, query, with_query};

pub(crate) struct EdificeOidc;

impl Guide for EdificeOidc {
    fn redirect(&self, walk: &mut Walk, from: &Url, to: &Url) -> Result<Option<Next>, Stop> {
        if to.path().contains("/login-actions/required-action") {
            return Err(Stop::on(to, required(to)));
        }
        if walk.posted.is_some() && query(to, "code").is_some() && from.host_str() == walk.posted.as_deref() {
            walk.accepted = true;
        }
        if walk.accepted
            && let Some(stop) = edifice::asked_for_more(walk, from, to)
        {
            return Err(stop);
        }
        // Its own form is for nobody here: the Keycloak is behind another address.
        if to.path() == "/auth/login" && walk.posted.is_none() && walk.once("provider") {
            return provider(walk, to).map(Some);
        }
        Ok(None)
    }

    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        if page.url.path().contains("/login-actions/required-action") {
            return Some(Stop::at(page, required(&page.url)));
        }
        if walk.accepted && page.url.path() == "/auth/login" {
            return Some(Stop::at(page, Kind::NoPortalAccount));
        }
        edifice::outcome(walk, page)
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        if let Some(form) = page.form("#kc-form-login") {
            return Submission::of(page, form)?.sign_in("username", "password");
        }
        if let Some(form) = page.form("#kc-otp-login-form") {
            return walk.ask_code(page, form, "otp");
        }
        if page.form("#kc-passwd-update-form").is_some() {
            return Err(Stop::at(page, Kind::PasswordRenewal));
        }
        if page.form_with(&["email", "password"]).is_some() && walk.posted.is_none() && walk.once("provider") {
            return provider(walk, &page.url);
        }
        edifice::signed_in(walk, page)
    }
}

/// What a required action is.
fn required(url: &Url) -> Kind {
    match query(url, "execution").as_deref() {
        Some("UPDATE_PASSWORD") => Kind::PasswordRenewal,
        Some("CONFIGURE_TOTP") => Kind::MfaRequired,
        _ => Kind::PortalAction,
    }
}

fn provider(walk: &Walk, portal: &Url) -> Result<Next, Stop> {
    let url = portal.join("/auth/openid/login").map_err(|_| Stop::from(Kind::PortalMessage))?;
    Ok(Next::Get(with_query(&url, &[("callBack".into(), edifice::callback(walk)?)])))
}
