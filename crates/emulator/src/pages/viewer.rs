//! Who asks, and about which child.

use serde_json::Value;

use super::{Ids, Refusal};
use crate::School;
use crate::school::{Account, AccountId, Kind, Person, PersonId, Space};

/// Who asks a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// The login.
    pub(crate) account: AccountId,
    /// Whose login it is.
    pub(crate) person: PersonId,
    /// For a guardian: the child the question is about.
    pub(crate) child: Option<PersonId>,
    /// The space entered.
    pub(crate) space: Space,
}

impl Viewer {
    /// The viewer of a call, with the child it is about.
    pub(crate) fn of(
        school: &School,
        ids: &Ids,
        account: &Account,
        signature: &Value,
        data: &Value,
    ) -> Result<Self, Refusal> {
        let child = resolve_child(school, ids, account.person, signature, data)?;
        Ok(Self { account: account.id, person: account.person, child, space: account.space })
    }

    /// The pupil the question is about: the child, or the pupil who asks.
    pub(crate) fn pupil<'a>(&self, school: &'a School) -> Result<&'a Person, Refusal> {
        school
            .people
            .get(self.child.unwrap_or(self.person))
            .filter(|person| person.kind == Kind::Student)
            .ok_or_else(|| Refusal::denied("Cette page concerne un élève."))
    }

    /// Whether the viewer is a guardian: guardians read, and seldom write.
    pub(crate) fn is_guardian(&self) -> bool {
        self.space == Space::Guardian
    }
}

/// Finds the child a guardian's call is about: `membre`, else `ressource` of the signature, else `ressource` of the data, else
/// the first child (data §1.5). A child of somebody else is refused; for other people there is no child.
pub(crate) fn resolve_child(
    school: &School,
    ids: &Ids,
    person: PersonId,
    signature: &Value,
    data: &Value,
) -> Result<Option<PersonId>, Refusal> {
    let Some(guardian) = school.people.get(person).filter(|person| person.kind == Kind::Guardian) else {
        return Ok(None);
    };
    for element in [&signature["membre"], &signature["ressource"], &data["ressource"], &data["Ressource"]] {
        let Some(id) = ids.of(element)? else { continue };
        if id.genre == Kind::Guardian.genre() && id.key == u64::from(person) {
            continue;
        }
        let child = guardian.children.iter().copied().find(|child| u64::from(*child) == id.key);
        return match child {
            Some(child) if id.genre == Kind::Student.genre() => Ok(Some(child)),
            _ => Err(Refusal::denied("Cet élève n'est pas rattaché à votre compte.")),
        };
    }
    Ok(guardian.children.first().copied())
}
