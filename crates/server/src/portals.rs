//! The portals that a sign-in may name.

use portals::Registry;

use crate::problem::Problem;

/// No portal: the school's own sign-in page.
const NONE: &str = "none";
/// The portal that the school redirects to.
const AUTO: &str = "auto";

/// What `cas` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cas {
    /// The school's own page.
    None,
    /// The portal that is found from the school's redirect.
    Found,
    /// A portal by its identifier.
    Named(String),
}

impl Cas {
    /// Reads an identifier, to the letter.
    pub(crate) fn of(id: &str, registry: &Registry) -> Result<Self, Problem> {
        match id {
            NONE => Ok(Cas::None),
            AUTO => Ok(Cas::Found),
            id if registry.get(id).is_some() => Ok(Cas::Named(id.to_owned())),
            id => Err(Problem::unknown_portal(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every portal that clients of `pronote-api` know.
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

    #[test]
    fn a_portal_is_known_by_its_exact_identifier() {
        let registry = Registry::builtin();
        let of = |id| Cas::of(id, &registry);
        assert_eq!((of("none"), of("auto")), (Ok(Cas::None), Ok(Cas::Found)));
        for id in KNOWN {
            assert_eq!(of(id), Ok(Cas::Named(id.to_owned())));
        }
        for id in ["AC-LYON", " ac-lyon", "list", "constructor", "__proto__", "getCAS", "names", "", "None", "AUTO"] {
            assert_eq!(of(id), Err(Problem::unknown_portal(id)));
        }
    }
}
