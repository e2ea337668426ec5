//! Apereo CAS with other identity providers behind it: Net O'Centre (portals §2.8).

use crate::error::Kind;
use crate::family::Guide;
use crate::page::{Form, Page};
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::Walk;
use crate::words;

pub(crate) struct Apereo;

impl Guide for Apereo {
    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        let says = |words: &[&str]| words.iter().any(|words| page.says(words));
        let kind = if words::refuses_service(page) {
            Kind::ServiceNotAllowed
        } else if says(&["portail est ferme", "acces est ferme", "fermeture du portail", "n'est pas encore ouvert"]) {
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
        if let Some(choice) = accounts(walk, page) {
            return choice;
        }
        if let Some((form, field)) = code(page) {
            return match walk.posted.is_some() && walk.once("code") {
                true => Ask::code(Submission::of(page, form)?, &field),
                false => Err(Stop::at(page, Kind::MfaRequired)),
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

/// The page that asks which account, of which school, to open: one form for each.
pub(super) fn accounts(walk: &mut Walk, page: &Page) -> Option<Result<Next, Stop>> {
    let is_account = |form: &&Form| form.id.as_deref().is_some_and(|id| id.starts_with("form-"));
    let accounts: Vec<&Form> = page.forms().iter().filter(is_account).collect();
    if walk.posted.is_none() || accounts.is_empty() {
        return None;
    }
    if !walk.once("account") {
        return Some(Err(Stop::at(page, Kind::SelectionRejected)));
    }
    let options = accounts.into_iter().map(|form| Ok((shown(page, form), Next::Submit(Submission::of(page, form)?))));
    Some(options.collect::<Result<_, Stop>>().and_then(Ask::choice))
}

/// What an account is called: what its form shows, else what its button says.
fn shown<'p>(page: &'p Page, form: &'p Form) -> &'p str {
    let shown = page.text_in_form(form);
    let button = || form.controls.iter().find(|control| control.kind == "submit").map(|control| control.value.as_str());
    if shown.is_empty() { button().unwrap_or_default() } else { shown }
}

fn code(page: &Page) -> Option<(&Form, String)> {
    let field = |form: &Form| ["token", "otp", "code"].into_iter().find(|name| form.control(name).is_some());
    page.forms()
        .iter()
        .filter(|form| form.passwords() == 0 || field(form).is_some())
        .find_map(|form| Some((form, field(form)?.to_owned())))
}
