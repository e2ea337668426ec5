//! The families of portals: one file each, with one function that answers a request.
//!
//! [`Asked`] is the request, with what every family does: [`Asked::judge`] takes a credential form (and answers what is odd
//! everywhere), [`Asked::remember`] and [`Asked::remembered`] are the session behind a cookie, [`Asked::note`] and
//! [`Asked::noted`] keep what comes back later, [`Asked::serves`] and [`Asked::ticket`] end at a school,
//! [`Asked::ask_by_form`], [`Asked::ask_by_redirect`] and [`Asked::learn`] speak with EduConnect.

mod apereo;
mod cas;
mod edifice;
pub(super) mod hostile;
mod hub;
mod keycloak;
mod laclasse;
mod saml_entry;
mod session;
mod shib_wayf;
mod skolengo;
mod toutatice;

use super::asked::Asked;
use super::places::PlaceKind;
use super::reply::Reply;

/// Lets the family of a place answer.
pub(super) fn answer(asked: &Asked<'_>) -> Reply {
    match &asked.place.kind {
        PlaceKind::Skolengo { .. } => skolengo::answer(asked),
        PlaceKind::Edifice { .. } => edifice::answer(asked),
        PlaceKind::EdificeOidc => keycloak::answer(asked),
        PlaceKind::Apereo => apereo::answer(asked),
        PlaceKind::CasForm { root, lenient } => cas::answer(asked, root, *lenient),
        PlaceKind::SamlEntry => saml_entry::answer(asked),
        PlaceKind::LaClasse => laclasse::answer(asked),
        PlaceKind::ShibWayf => shib_wayf::answer(asked),
        PlaceKind::Toutatice => toutatice::answer(asked),
        PlaceKind::HubEduconnect => hub::answer(asked),
        PlaceKind::Hostile => hostile::place(asked),
    }
}
