//! The marks by which a row itself knows an outcome (portals §4.2).

use crate::error::Kind;
use crate::page::Page;
use crate::registry::row::Meaning;
use crate::step::Stop;
use crate::walk::{Walk, fits};

/// The outcome that the row's own marks show on a page.
pub(crate) fn marked(walk: &Walk, page: &Page) -> Option<Stop> {
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
