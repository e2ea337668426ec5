//! Apereo CAS with other identity providers behind it: Net O'Centre (portals §2.8).

use crate::error::Kind;
use crate::family::{Guide, choose_account};
use crate::page::{Form, Page};
use crate::step::{Next, Stop, Submission};
use crate::walk::Walk;
use crate::words;

pub(crate) struct Apereo;

impl Guide for Apereo {
    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        let says = |words: &[&str]| words.iter().any(|words| page.says(words));
        let kind = if words::refuses_service(page) {
            Kind::ServiceNotAllowed
        } else if !page.asks_password()
            && says(&["portail est ferme", "acces est ferme", "fermeture du portail", "n'est pas encore ouvert"])
        {
            Kind::PortalClosed { pronote: false }
        } else if walk.posted.is_some()
            && says(&["aucun compte", "pas de compte", "compte n'a pas ete trouve", "unresolved principal"])
        {
            Kind::NoPortalAccount
        } else {
            return None;
        };
        Some(Stop::at(page, kind))
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        if let Some(form) = page.form("#fm1").or_else(|| page.form("#fm1-b")).filter(|form| form.passwords() > 0) {
            return Submission::of(page, form)?.sign_in("username", "password");
        }
        if let Some(choice) = choose_account(walk, page, is_account) {
            return choice;
        }
        if let Some((form, field)) = code(page) {
            return match &walk.posted {
                Some(_) => walk.ask_code(page, form, &field),
                None => Err(Stop::at(page, Kind::MfaRequired)),
            };
        }
        // Signed in, but the service was lost on the way: PRONOTE names it again.
        let is_success = page.status == 200 && page.forms().iter().all(|form| form.passwords() == 0);
        if walk.posted.is_some() && is_success && walk.once("ticket") {
            return Ok(Next::Service);
        }
        Ok(Next::Unknown)
    }
}

/// Whether a form opens one of several accounts.
pub(super) fn is_account(form: &Form) -> bool {
    form.id.as_deref().is_some_and(|id| id.starts_with("form-"))
}

fn code(page: &Page) -> Option<(&Form, String)> {
    let field = |form: &Form| ["token", "otp", "code"].into_iter().find(|name| form.control(name).is_some());
    page.forms()
        .iter()
        .filter(|form| form.passwords() == 0 || field(form).is_some())
        .find_map(|form| Some((form, field(form)?.to_owned())))
}
