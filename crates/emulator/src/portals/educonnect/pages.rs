//! EduConnect's pages (portals §2.5). The wording where none is established is ours.

use axum::http::StatusCode;

use crate::portals::asked::Asked;
use crate::portals::reply::{Reply, escape, hidden};

/// Why the form comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The user name, the password or the profile is wrong.
    Wrong,
    /// The account is locked.
    Locked,
}

fn token_of(token: Option<&str>) -> String {
    token.map(|token| hidden("csrf_token", token)).unwrap_or_default()
}

/// The page that looks whether the browser keeps things.
pub(super) fn probe(action: &str, token: Option<&str>) -> Reply {
    let names = ["shib_idp_ls_exception.shib_idp_session_ss", "shib_idp_ls_success.shib_idp_session_ss"];
    let more = ["shib_idp_ls_value.shib_idp_session_ss", "shib_idp_ls_exception.shib_idp_persistent_ss"];
    let last = ["shib_idp_ls_success.shib_idp_persistent_ss", "shib_idp_ls_value.shib_idp_persistent_ss"];
    let inputs: String = [names, more, last].concat().iter().map(|name| hidden(name, "")).collect();
    Reply::page(
        "EduConnect - chargement des informations de session",
        &format!(
            "<form name=\"form1\" action=\"{}\" method=\"post\">{}{inputs}{}<noscript><button type=\"submit\" \
             name=\"_eventId_proceed\" value=\"\">Continuer</button></noscript></form>",
            escape(action),
            token_of(token),
            hidden("shib_idp_ls_supported", ""),
        ),
    )
    .says("probe")
}

/// The form for user name and password; with the profile chosen so far when it asks for one.
pub(super) fn credentials(action: &str, token: Option<&str>, profile: Option<&str>, refused: Option<Refused>) -> Reply {
    let (invalid, message) = match refused {
        None => ("", ""),
        Some(Refused::Wrong) => {
            (" aria-invalid=\"true\"", "<p class=\"fr-error-text\">Identifiant ou mot de passe incorrect</p>")
        }
        Some(Refused::Locked) => (
            " aria-invalid=\"true\"",
            "<p class=\"fr-error-text\">Votre compte est verrouillé suite à plusieurs tentatives. Réessayez dans 15 \
             minutes.</p>",
        ),
    };
    let (buttons, kind) = match profile {
        None => ("", String::new()),
        Some(profile) => (
            "<button type=\"button\" id=\"bouton_responsable\">Représentant légal</button><button type=\"button\" \
             id=\"bouton_eleve\">Élève</button>",
            hidden("typeUser", profile),
        ),
    };
    Reply::page(
        "EduConnect - connexion",
        &format!(
            "{buttons}<form id=\"validerAuth\" action=\"{}\" method=\"post\">{}{kind}{message}<label \
             for=\"username\">Identifiant</label><input type=\"text\" id=\"username\" name=\"j_username\" \
             value=\"\"{invalid}><label for=\"password\">Mot de passe</label><input type=\"password\" id=\"password\" \
             name=\"j_password\" value=\"\"{invalid}><button type=\"submit\" id=\"bouton_valider\" \
             name=\"_eventId_proceed\" value=\"\">Se connecter</button></form>",
            escape(action),
            token_of(token),
        ),
    )
    .says("credential form")
}

/// The page that confirms who one is.
pub(super) fn birth_date(action: &str, token: Option<&str>) -> Reply {
    Reply::page(
        "EduConnect - confirmation d'identité",
        &format!(
            "<h1>Confirmez votre identité</h1><form id=\"theForm\" action=\"{}\" method=\"post\">{}<fieldset \
             id=\"dateNaissance\"><legend>Date de naissance</legend><input id=\"jour\" maxlength=\"2\"><input \
             id=\"mois\" maxlength=\"2\"><input id=\"annee\" maxlength=\"4\"></fieldset><input type=\"hidden\" \
             id=\"password-input\" name=\"password-input\" value=\"\"><button type=\"submit\" id=\"submit-button\" \
             name=\"_eventId_proceed\" value=\"\">Valider</button></form>",
            escape(action),
            token_of(token),
        ),
    )
    .says("birth date asked")
}

/// The page that asks for a code sent by SMS.
pub(super) fn code(action: &str, token: Option<&str>) -> Reply {
    Reply::page(
        "EduConnect - code de vérification",
        &format!(
            "<p>Un code vous a été envoyé par SMS.</p><form id=\"codeForm\" action=\"{}\" method=\"post\">{}<label \
             for=\"code\">Code</label><input type=\"text\" id=\"code\" name=\"code\" inputmode=\"numeric\" \
             autocomplete=\"one-time-code\"><button type=\"submit\" name=\"_eventId_proceed\" \
             value=\"\">Valider</button></form>",
            escape(action),
            token_of(token),
        ),
    )
    .says("code asked")
}

/// A new password is demanded.
pub(super) fn renewal(_asked: &Asked<'_>) -> Reply {
    Reply::page(
        "EduConnect - nouveau mot de passe",
        "<h1>Votre mot de passe doit être renouvelé</h1><form id=\"renouvellement\" action=\"/idp/renouvellement\" \
         method=\"post\"><input type=\"password\" name=\"nouveau\"><input type=\"password\" name=\"confirmation\"><button \
         type=\"submit\">Valider</button></form>",
    )
    .says("renewal page")
}

/// The account is not active yet.
pub(super) fn activation(_asked: &Asked<'_>) -> Reply {
    Reply::page(
        "EduConnect - activation du compte",
        "<h1>Activez votre compte</h1><p>Votre compte n'est pas encore activé.</p><a \
         href=\"https://moncompte.educonnect.education.gouv.fr/\">Activer mon compte</a>",
    )
    .says("activation page")
}

/// Conditions are to be accepted.
pub(super) fn terms(_asked: &Asked<'_>) -> Reply {
    Reply::page(
        "EduConnect - conditions générales d'utilisation",
        "<h1>Conditions générales d'utilisation</h1><form action=\"/idp/conditions\" method=\"post\"><input \
         type=\"checkbox\" name=\"accepte\"><button type=\"submit\">Accepter</button></form>",
    )
    .says("conditions page")
}

/// The conversation is over or was never.
pub(super) fn stale() -> Reply {
    Reply::notice(StatusCode::BAD_REQUEST, "EduConnect - erreur", "Votre demande a expiré. Recommencez.").says("stale")
}
