//! Whom the user name makes one: the accounts that scenarios are driven by (portals §3.5).
//!
//! `eleve.ok+7` is an account of its own that behaves like `eleve.ok`, so that tests side by side can be told apart.

use crate::school::{Account, AccountId, Kind, PersonId, School, SecondFactor, Space};

/// The password of every valid account.
pub const PASSWORD: &str = "motdepasse-test";
/// The date of birth that confirms an identity, as `DDMMYYYY`.
pub const BIRTH_DATE: &str = "04032012";
/// The one-time code that `code.sms` receives.
pub const CODE: &str = "246810";
/// The PIN that a school in [`SchoolMode::Pin`](super::SchoolMode::Pin) asks for.
const PIN: &str = "1234";

/// What happens to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scenario {
    /// It works, for a pupil alone.
    Pupil,
    /// It works, for a guardian alone.
    Guardian,
    /// Always refused.
    Refused,
    /// Locked: at once with the right password, after one refusal with a wrong one.
    Locked,
    /// Blocked by the school.
    Blocked,
    /// The password must be renewed.
    Renewal,
    /// The account must be activated.
    Activation,
    /// Conditions must be accepted.
    Terms,
    /// There are accounts in two schools.
    Schools,
    /// The date of birth is asked, at EduConnect.
    BirthDate,
    /// A one-time code is asked.
    Code,
    /// EduConnect accepts, the portal has no account.
    Unknown,
    /// The portal accepts, PRONOTE has no account.
    NoRight,
    /// The portal is closed.
    Closed,
    /// The portal has too much to do.
    Overloaded,
    /// The portal forgets, on the way, where somebody wanted to go; at those that may.
    Lost,
    /// The portal's XML has entities without end; at those that speak XML.
    Entities,
    /// Redirected to a host that is no part of the portal.
    Elsewhere,
    /// Sent to another form, on a host that is no part of the portal.
    FormElsewhere,
    /// Redirected to plain HTTP.
    PlainHttp,
    /// Redirected without end.
    Loop,
    /// A page of 64 MiB.
    Huge,
    /// A page at one byte a second.
    Slow,
}

/// The user names, what each is for, and what happens to it.
const ACCOUNTS: [(&str, &str, Scenario); 23] = [
    ("eleve.ok", "a pupil", Scenario::Pupil),
    ("parent.ok", "a guardian", Scenario::Guardian),
    ("faux.mdp", "is always refused", Scenario::Refused),
    ("verrou", "is locked", Scenario::Locked),
    ("bloque", "is blocked by the school", Scenario::Blocked),
    ("renouv", "must renew the password", Scenario::Renewal),
    ("activer", "must activate the account", Scenario::Activation),
    ("cgu", "must accept conditions", Scenario::Terms),
    ("deux.ecoles", "has accounts in two schools", Scenario::Schools),
    ("naissance", "is asked for the date of birth", Scenario::BirthDate),
    ("code.sms", "is asked for a one-time code", Scenario::Code),
    ("inconnu", "has no account at the portal", Scenario::Unknown),
    ("sans.pronote", "has no account at PRONOTE", Scenario::NoRight),
    ("ferme", "finds the portal closed", Scenario::Closed),
    ("surcharge", "finds the portal overloaded", Scenario::Overloaded),
    ("sans.service", "is left at the portal without service", Scenario::Lost),
    ("xml.bombe", "gets XML with entities without end", Scenario::Entities),
    ("redirige.ailleurs", "is redirected to a foreign host", Scenario::Elsewhere),
    ("form.ailleurs", "is shown a form of a foreign host", Scenario::FormElsewhere),
    ("http.clair", "is redirected to plain HTTP", Scenario::PlainHttp),
    ("boucle", "is redirected without end", Scenario::Loop),
    ("gros", "gets a page of 64 MiB", Scenario::Huge),
    ("gros.lent", "gets a page at one byte a second", Scenario::Slow),
];

/// The user names that scenarios are driven by, and what each is for.
pub fn accounts() -> impl Iterator<Item = (&'static str, &'static str)> {
    ACCOUNTS.into_iter().map(|(login, purpose, _)| (login, purpose))
}

/// Somebody who proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    /// The user name as typed.
    pub(super) login: String,
    /// What happens next.
    pub(super) scenario: Scenario,
}

impl Who {
    /// The account of a user name, when there is one.
    pub(super) fn named(login: &str) -> Option<Self> {
        let base = base(login);
        let (_, _, scenario) = ACCOUNTS.into_iter().find(|(name, ..)| *name == base)?;
        Some(Self { login: login.trim().to_owned(), scenario })
    }

    /// Whether EduConnect knows the account under a profile: `eleve` or `responsable`.
    pub(super) fn is(&self, profile: &str) -> bool {
        match profile {
            "eleve" => self.scenario != Scenario::Guardian,
            "responsable" => self.scenario != Scenario::Pupil,
            _ => false,
        }
    }
}

/// The user name without what tells twins apart.
fn base(login: &str) -> String {
    let login = login.trim().to_lowercase();
    login.split_once('+').map(|(base, _)| base.to_owned()).unwrap_or(login)
}

/// The login that an account has at PRONOTE; the twin whose PIN is asked when `pin`.
pub(super) fn login_at_pronote(login: &str, pin: bool) -> String {
    format!("{}{}", base(login), if pin { ".pin" } else { "" })
}

/// Gives every account one at PRONOTE, in the spaces that fit, with a twin whose PIN is asked.
pub(super) fn enroll(school: &mut School) {
    let all = |kind| school.people.iter().filter(move |person| person.kind == kind);
    let pupil = all(Kind::Student).next().map(|person| person.id);
    let guardian = all(Kind::Guardian).rev().max_by_key(|person| person.children.len()).map(|person| person.id);
    for (name, _, scenario) in ACCOUNTS {
        if scenario == Scenario::NoRight {
            continue;
        }
        for (space, person, other) in
            [(Space::Student, pupil, Scenario::Guardian), (Space::Guardian, guardian, Scenario::Pupil)]
        {
            if let Some(person) = person.filter(|_| scenario != other) {
                let factor = SecondFactor { pin: Some(PIN.to_owned()), actions: vec![3], strategy: 3 };
                add(school, name, (space, person), None);
                add(school, &login_at_pronote(name, true), (space, person), Some(factor));
            }
        }
    }
}

fn add(school: &mut School, login: &str, (space, person): (Space, PersonId), second_factor: Option<SecondFactor>) {
    let id = AccountId(school.accounts.last().map_or(1, |last| last.id.0 + 1));
    // Nobody learns it: the password of a portal is not the one of PRONOTE.
    let password = pronote::protocol::challenge::random_text::<8>();
    let (login, note) = (login.to_owned(), String::new());
    school.accounts.put(Account { id, login, password, space, person, note, locked: false, second_factor });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_known_with_a_suffix_and_in_capitals() {
        assert_eq!(Who::named("Eleve.OK+12").unwrap().scenario, Scenario::Pupil);
        assert_eq!(Who::named("eleve.ok.x"), None);
        assert_eq!(login_at_pronote("Eleve.OK+12", true), "eleve.ok.pin");
    }
}
