//! What pages say in words, where their structure does not tell: words refine a kind, they never make a sign-in go on
//! (portals §2.6).

use crate::error::Kind;
use crate::page::{Form, Page, plain};

/// More is said by pages of people who are signed in: news, footers.
const SHORT: usize = 1500;

const CLOSED: [&str; 9] = [
    "portail ferme",
    "portail est ferme",
    "service ferme",
    "service est ferme",
    "momentanement ferme",
    "fermeture du portail",
    "momentanement indisponible",
    "n'est pas disponible pour le moment",
    "en maintenance",
];
const OVERLOADED: [&str; 7] = [
    "surcharge",
    "trop de connexions",
    "trop charge",
    "trop sollicite",
    "too loaded",
    "overloaded",
    "too many connections",
];
const STRANGE_SERVICE: [&str; 7] = [
    "pas autorisee a utiliser",
    "pas autorise a utiliser",
    "non autorisee a utiliser",
    "non autorise a utiliser",
    "service non autorise",
    "application non autorisee",
    "not authorized to use cas",
];
const RENEWAL: [&str; 8] = [
    "mot de passe a expire",
    "mot de passe est expire",
    "changer votre mot de passe",
    "changez votre mot de passe",
    "modifier votre mot de passe",
    "renouveler votre mot de passe",
    "devez le renouveler",
    "password has expired",
];
const ACTIVATION: [&str; 7] = [
    "compte a activer",
    "compte doit etre active",
    "activer votre compte",
    "activez votre compte",
    "activer mon compte",
    "compte n'est pas active",
    "compte n'a pas encore ete active",
];
const TERMS: [&str; 4] = ["conditions d'utilisation", "conditions generales", "charte d'utilisation", "terms of use"];
const BLOCKED: [&str; 16] = [
    "est bloque",
    "est verrouille",
    "est suspendu",
    "a ete bloque",
    "a ete verrouille",
    "a ete suspendu",
    "compte bloque",
    "compte verrouille",
    "temporairement bloque",
    "temporairement verrouille",
    "temporairement suspendu",
    "trop de tentatives",
    "is locked",
    "is blocked",
    "has been locked",
    "too many attempts",
];
const NO_ACCOUNT: [&str; 2] = ["compte introuvable", "aucun compte"];
const TYPED: [&str; 16] = [
    "mot de passe",
    "identifiant",
    "incorrect",
    "invalid",
    "errone",
    "mauvais",
    "echec",
    "echoue",
    "refuse",
    "authentifi",
    "password",
    "credential",
    "wrong",
    "denied",
    "failed",
    "reconnu",
];
/// What a complaint speaks of that blames nobody: a page that waited for too long, a portal that does not work.
const NOBODYS_FAULT: [&str; 14] = [
    "session a expire",
    "session est expire",
    "session expire",
    "page a expire",
    "delai",
    "inactivite",
    "csrf",
    "jeton",
    "session has expired",
    "session expired",
    "maintenance",
    "indisponible",
    "erreur technique",
    "erreur interne",
];
const FOR_A_WHILE: [&str; 7] = ["temporaire", "tentatives", "attempts", "minute", "heure", "provisoire", "plus tard"];

/// Whether a page says that the portal is not there for anybody, or not for this PRONOTE: in its title, or in a text that
/// says little else.
pub(crate) fn unavailable(page: &Page) -> Option<Kind> {
    let says_little =
        !page.asks_password() && page.text().len() < SHORT && (page.status >= 500 || page.forms().is_empty());
    let said = plain(&if says_little { format!("{} {}", page.title, page.text()) } else { page.title.clone() });
    if says(&said, &CLOSED) {
        return Some(Kind::PortalClosed { pronote: false });
    }
    if says(&said, &STRANGE_SERVICE) {
        return Some(Kind::ServiceNotAllowed);
    }
    says(&said, &OVERLOADED).then_some(Kind::PortalOverloaded)
}

/// Whether a page of a CAS server says that it is not there for this PRONOTE.
pub(crate) fn refuses_service(page: &Page) -> bool {
    STRANGE_SERVICE.iter().any(|words| page.says(words))
}

/// What an account has to do first, or what is wrong with it, as a complaint or a short page says it after its password
/// was sent.
pub(crate) fn wanted(said: &str) -> Option<Kind> {
    if said.len() > SHORT {
        return None;
    }
    if let Some(temporary) = lock(said) {
        return Some(Kind::AccountLocked { temporary });
    }
    let said = plain(said);
    if says(&said, &RENEWAL) {
        Some(Kind::PasswordRenewal)
    } else if says(&said, &ACTIVATION) {
        Some(Kind::ActivationRequired)
    } else {
        says(&said, &TERMS).then_some(Kind::PortalAction)
    }
}

/// The same, as a page without any form for a password tells it: in its title, its headings, or where it complains. Also
/// that the portal has no account for whom an identity provider names.
pub(crate) fn told(page: &Page) -> Option<Kind> {
    if page.asks_password() {
        return None;
    }
    let complaint = page.complaint();
    let headings = ["h1", "h2"].iter().filter_map(|heading| page.text_of(heading));
    let told = headings.chain([&*page.title]).chain(complaint.as_deref()).collect::<Vec<_>>().join(" | ");
    if says(&plain(&told), &NO_ACCOUNT) {
        return Some(Kind::NoPortalAccount);
    }
    wanted(&told)
}

/// Whether a complaint is of what was typed: it speaks of that, or the page marks a field, and nothing of it is nobody's
/// fault.
pub(crate) fn is_of_credentials(complaint: &str, marked: bool) -> bool {
    let complaint = plain(complaint);
    (marked || says(&complaint, &TYPED)) && !says(&complaint, &NOBODYS_FAULT)
}

/// Whether a complaint says that the account is blocked, and if so whether for a while. What only warns of it does not.
pub(crate) fn lock(complaint: &str) -> Option<bool> {
    let complaint = plain(complaint);
    says(&complaint, &BLOCKED).then(|| says(&complaint, &FOR_A_WHILE))
}

/// The form that asks for a code that was sent: one with a single field to write in.
pub(crate) fn code(page: &Page) -> Option<(&Form, String)> {
    if !page.says("code") {
        return None;
    }
    page.forms().iter().find_map(|form| {
        let writes = |kind: &str| matches!(kind, "text" | "tel" | "number" | "password");
        let mut fields = form.controls.iter().filter(|control| writes(&control.kind) && !control.disabled);
        let field = fields.next()?;
        let is_code = field.name.as_deref().is_some_and(|name| {
            let name = plain(name);
            name.contains("code") || name.contains("otp") || name.contains("token")
        });
        (is_code && fields.next().is_none()).then(|| Some((form, field.name.clone()?)))?
    })
}

fn says(said: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| said.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_no_lock() {
        for (complaint, kind) in [
            ("Votre compte est verrouillé.", Some(Kind::AccountLocked { temporary: false })),
            ("Votre compte a été bloqué. Réessayez dans 15 minutes.", Some(Kind::AccountLocked { temporary: true })),
            ("Identifiant incorrect. Après 5 essais, votre compte sera bloqué.", None),
            ("Mot de passe incorrect", None),
            ("Votre mot de passe a expiré", Some(Kind::PasswordRenewal)),
            ("Votre compte doit être activé", Some(Kind::ActivationRequired)),
        ] {
            assert_eq!(wanted(complaint), kind, "{complaint}");
        }
    }
}
