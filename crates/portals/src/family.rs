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

use crate::page::Page;
use crate::registry::Family;
use crate::step::{Next, Stop};
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

/// Knows nothing but the engine's own.
pub(crate) struct Plain;

impl Guide for Plain {
    fn page(&self, _: &mut Walk, _: &Page) -> Result<Next, Stop> {
        Ok(Next::Unknown)
    }
}
