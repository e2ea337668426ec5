//! The portals that a sign-in may name. Signing in through them is not possible yet; naming them right already is.

use axum::http::StatusCode;

use crate::problem::Problem;

/// No portal: the school's own sign-in page.
const NONE: &str = "none";

/// Every portal's identifier.
const KNOWN: [&str; 39] = [
    "ac-besancon",
    "ac-bordeaux",
    "ac-bordeaux2",
    "ac-caen",
    "ac-clermont",
    "ac-dijon",
    "ac-grenoble",
    "ac-lille",
    "ac-limoges",
    "ac-lyon",
    "ac-montpellier",
    "ac-nancy-metz",
    "ac-nantes",
    "ac-orleans-tours",
    "ac-poitiers",
    "ac-reims",
    "ac-rouen",
    "ac-strasbourg",
    "ac-toulouse",
    "agora06",
    "arsene76",
    "atrium-sud",
    "haute-garonne",
    "hdf",
    "iledefrance",
    "seine-et-marne",
    "somme",
    "eure-normandie",
    "parisclassenumerique",
    "ljr-munich",
    "toutatice",
    "laclasse",
    "lyceeconnecte",
    "portail-famille",
    "cybercolleges42",
    "ac-valdoise",
    "ac-lille2",
    "moncollege-essonne",
    "monbureaunumerique-educonnect",
];

/// Lets a sign-in pass that names no portal.
pub(crate) fn check(id: &str) -> Result<(), Problem> {
    if id == NONE {
        Ok(())
    } else if KNOWN.contains(&id) {
        let message = format!("Signing in through the portal '{id}' is not available yet");
        Err(Problem::new(StatusCode::NOT_IMPLEMENTED, message).ours("PORTAL_UNAVAILABLE"))
    } else {
        Err(Problem::unknown_portal(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_is_known_by_its_exact_identifier() {
        assert_eq!(check("none"), Ok(()));
        let status = |id| check(id).unwrap_err().status.as_u16();
        assert!(KNOWN.iter().all(|id| status(id) == 501));
        for id in ["AC-LYON", " ac-lyon", "list", "constructor", "__proto__", "getCAS", "names", ""] {
            assert_eq!(check(id), Err(Problem::unknown_portal(id)));
        }
        let names = check("ac-lyon").unwrap_err().message;
        assert!(names.contains("'ac-lyon'") && names.contains("not available yet"));
    }
}
