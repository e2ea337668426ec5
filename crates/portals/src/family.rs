//! The families of portals: how each is entered, and what its pages are (portals §2).
//!
//! A family is a [`Guide`]. The engine sends the requests, follows redirects and knows what is the same everywhere:
//! PRONOTE's own page, the marks of the row, SAML forms, EduConnect. A guide is asked for the rest. It never sees the user
//! name or the password: it says which form of which page takes them.

mod apereo;
mod cas_form;
mod edifice;
mod edifice_oidc;
pub(crate) mod educonnect;
mod form_chain;
mod hub;
mod laclasse;
mod saml_entry;
mod shib_wayf;
mod skolengo;
mod toutatice;

use url::Url;

use crate::page::{Form, Page};
use crate::registry::Family;
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::Walk;

/// What a family knows.
pub(crate) trait Guide: Sync {
    /// What comes first, PRONOTE having been asked where that is wanted (portals §2.2).
    fn enter(&self, walk: &mut Walk) -> Result<Next, Stop> {
        walk.usual_entry()
    }

    /// Whether a redirect says something by itself. Asked before it is followed, and before its host is checked.
    fn redirect(&self, walk: &mut Walk, from: &Url, to: &Url) -> Result<Option<Next>, Stop> {
        let _ = (walk, from, to);
        Ok(None)
    }

    /// The outcome that a page shows, if it shows one. Asked first of all, whatever forms are there.
    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        let _ = (walk, page);
        None
    }

    /// What to do at a page that is no outcome, no SAML form and not EduConnect's. A login form is answered with
    /// [`Next::SignIn`] whenever it comes: what its coming again means is the engine's to say.
    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop>;
}

/// The guide of a family.
pub(crate) fn guide(family: Family) -> &'static dyn Guide {
    match family {
        Family::Skolengo => &skolengo::Skolengo,
        Family::CasForm => &cas_form::CasForm,
        Family::Laclasse => &laclasse::Laclasse,
        Family::ShibWayf => &shib_wayf::ShibWayf,
        Family::Toutatice => &toutatice::Toutatice,
        Family::HubEduconnect => &hub::Hub,
        Family::SamlEntry => &saml_entry::SamlEntry,
        Family::FormChain => &form_chain::FormChain,
        Family::Edifice => &edifice::Edifice,
        Family::EdificeOidc => &edifice_oidc::EdificeOidc,
        Family::Apereo => &apereo::Apereo,
    }
}

/// The page that asks a person who is signed in which account, of which school, to open: one form for each.
fn choose_account(walk: &mut Walk, page: &Page, is_account: impl Fn(&Form) -> bool) -> Option<Result<Next, Stop>> {
    let accounts: Vec<&Form> = page.forms().iter().filter(|form| is_account(form)).collect();
    if walk.posted.is_none() || accounts.is_empty() {
        return None;
    }
    if let Err(stop) = walk.choosing("account", page) {
        return Some(Err(stop));
    }
    let option = |form| Ok((shown(page, form), Next::Submit(Submission::of(page, form)?)));
    let options: Result<Vec<_>, Stop> = accounts.into_iter().map(option).collect();
    Some(options.and_then(|mut options| match options.len() {
        1 => Ok(options.remove(0).1),
        _ => Ask::choice(options),
    }))
}

/// What an account is called: what its form shows, else what its button says, else its login.
fn shown<'p>(page: &'p Page, form: &'p Form) -> &'p str {
    let button = form.controls.iter().find(|control| control.kind == "submit");
    let values = [button, form.control("login")].into_iter().flatten().map(|control| control.value.as_str());
    [page.text_in_form(form)].into_iter().chain(values).find(|name| !name.is_empty()).unwrap_or_default()
}

/// Knows nothing but the engine's own.
pub(crate) struct Plain;

impl Guide for Plain {
    fn page(&self, _: &mut Walk, _: &Page) -> Result<Next, Stop> {
        Ok(Next::Unknown)
    }
}
