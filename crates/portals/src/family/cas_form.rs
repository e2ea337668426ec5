//! A CAS server with a form of its own: Atrium, EOLE, and others from CAS 3 on (portals §2.9).

use crate::error::Kind;
use crate::family::{Guide, apereo, choose_account};
use crate::page::{Form, Page};
use crate::step::{Next, Stop, Submission};
use crate::walk::Walk;
use crate::words;

pub(crate) struct CasForm;

/// How CAS servers say that one is signed in when they do not know for what.
const SIGNED_IN: [&str; 4] =
    ["connexion reussie", "vous vous etes authentifie", "log in successful", "successfully logged"];

impl Guide for CasForm {
    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        if words::refuses_service(page) {
            return Some(Stop::at(page, Kind::ServiceNotAllowed));
        }
        let to_activate = ["compte a activer", "activer votre compte", "activez votre compte", "pas encore active"];
        let asks = walk.posted.is_some() && !page.asks_password() && to_activate.iter().any(|words| page.says(words));
        asks.then(|| Stop::at(page, Kind::ActivationRequired))
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        if let Some(next) = fill(walk, page)? {
            return Ok(next);
        }
        if let Some(choice) = choose_account(walk, page, apereo::is_account) {
            return choice;
        }
        let signed_in = walk.posted.is_some() && SIGNED_IN.iter().any(|words| page.says(words));
        Ok(if signed_in && walk.once("service") { Next::Service } else { Next::Unknown })
    }
}

/// The form that the row describes, filled in; else the only one that asks for a password.
pub(super) fn fill(walk: &Walk, page: &Page) -> Result<Option<Next>, Stop> {
    let described = walk.row.form.selector.as_ref().and_then(|selector| page.form_by(selector));
    let form = described.filter(|form| form.passwords() > 0).or_else(|| page.password_form());
    form.map_or(Ok(None), |form| fill_in(walk, page, form))
}

/// A form with the two fields that the row names, filled in; none if it lacks one.
pub(super) fn fill_in(walk: &Walk, page: &Page, form: &Form) -> Result<Option<Next>, Stop> {
    let row = &walk.row.form;
    let (user, password) =
        (row.user_field.as_deref().unwrap_or("username"), row.password_field.as_deref().unwrap_or("password"));
    if form.control(user).is_none() || form.control(password).is_none() {
        return Ok(None);
    }
    let filled = row.extra.iter().fold(Submission::of(page, form)?, |form, (name, value)| form.set(name, value));
    filled.sign_in(user, password).map(Some)
}
