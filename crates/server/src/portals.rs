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

    #[test]
    fn a_portal_is_known_by_its_exact_identifier() {
        let registry = Registry::builtin();
        let of = |id| Cas::of(id, &registry);
        assert_eq!((of("none"), of("auto")), (Ok(Cas::None), Ok(Cas::Found)));
        for portal in registry.iter() {
            assert_eq!(of(&portal.id), Ok(Cas::Named(portal.id.clone())));
        }
        for id in ["AC-LYON", " ac-lyon", "list", "constructor", "__proto__", "getCAS", "names", "", "None", "AUTO"] {
            assert_eq!(of(id), Err(Problem::unknown_portal(id)));
        }
    }
}
