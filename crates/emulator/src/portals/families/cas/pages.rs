//! The pages of a CAS server as it comes: the form, and what it shows in place of a ticket (portals §2.8, §2.9).

use std::fmt::Write as _;

use crate::portals::reply::{escape, hidden};

/// The form. `carried` is what it takes along; `notice` is shown in the panel of errors.
pub(crate) fn login(action: &str, carried: &[(&str, &str)], notice: Option<&str>) -> String {
    let mut page = String::new();
    if let Some(notice) = notice {
        let _ =
            write!(page, "<div id=\"loginErrorsPanel\" class=\"banner alert errors\"><p>{}</p></div>", escape(notice));
    }
    let _ = write!(page, "<form id=\"fm1\" method=\"post\" action=\"{}\">", escape(action));
    for (name, value) in carried {
        page += &hidden(name, value);
    }
    page += "<input id=\"username\" name=\"username\" type=\"text\" autocomplete=\"username\">\
             <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"off\">\
             <input type=\"submit\" name=\"submit\" value=\"SE CONNECTER\"></form>";
    page
}

/// Signed in, and nowhere to go: the service was lost on the way.
pub(crate) fn success() -> String {
    "<div id=\"view-genericsuccess-security\"><h2>Connexion réussie</h2><p>Vous vous êtes authentifié(e) auprès du \
     service central d'authentification.</p><a href=\"logout\">Se déconnecter</a></div>"
        .to_owned()
}

/// The service is not one that may ask for tickets.
pub(crate) fn service_refused() -> String {
    "<div class=\"errors\" id=\"msg\"><h2>Application non autorisée à utiliser CAS</h2><p>L'application pour laquelle \
     vous avez tenté de vous authentifier n'est pas autorisée à utiliser CAS.</p></div>"
        .to_owned()
}

/// This server signs nobody in who brings no service.
pub(crate) fn service_missing() -> String {
    "<div id=\"msg\"><h2>Application inconnue</h2><p>Aucun service n'a été demandé.</p></div>".to_owned()
}

/// The account cannot be used for now.
pub(crate) fn locked() -> String {
    "<div id=\"loginErrorsPanel\" class=\"banner alert errors\"><h2>Votre compte est verrouillé.</h2><p>Contactez \
     votre établissement pour le déverrouiller.</p></div>"
        .to_owned()
}

/// The password must be changed first: two fields for the new one.
pub(crate) fn renewal(action: &str) -> String {
    format!(
        "<h2>Votre mot de passe a expiré</h2><form id=\"passwordManagementForm\" method=\"post\" action=\"{}\">\
         <input type=\"password\" name=\"password\">\
         <input type=\"password\" name=\"confirmedPassword\"><button name=\"submit\">Changer</button></form>",
        escape(action)
    )
}

/// The conditions of use must be accepted first.
pub(crate) fn conditions(action: &str) -> String {
    format!(
        "<h2>Conditions générales d'utilisation</h2><form id=\"aupForm\" method=\"post\" action=\"{}\"><input \
         type=\"hidden\" name=\"_eventId\" value=\"submit\"><button name=\"accept\">J'accepte les conditions d'utilisation</button></form>",
        escape(action)
    )
}

/// A code was sent.
pub(crate) fn code(action: &str, execution: &str) -> String {
    format!(
        "<h2>Authentification à deux facteurs</h2><p>Saisissez le code reçu par SMS.</p><form id=\"fm1\" method=\"post\" \
         action=\"{}\"><input type=\"hidden\" name=\"execution\" value=\"{execution}\"><input type=\"hidden\" \
         name=\"_eventId\" value=\"submit\"><input id=\"token\" name=\"token\" type=\"text\" \
         autocomplete=\"one-time-code\"><button>Valider</button></form>",
        escape(action)
    )
}

/// The account is new: it must be activated elsewhere.
pub(crate) fn activation() -> String {
    "<div class=\"alert\" id=\"activation\"><h2>Compte à activer</h2><p>Votre compte doit être activé avant la première \
     connexion.</p><a href=\"/activation\">Activer mon compte</a></div>"
        .to_owned()
}

/// No account here belongs to whom the identity provider names.
pub(crate) fn no_account() -> String {
    "<div id=\"view-unresolvedprincipal\"><h2>Compte introuvable</h2><p>Aucun compte de l'ENT ne correspond à votre \
     identité.</p></div>"
        .to_owned()
}

/// Closed between two school years.
pub(crate) fn closed() -> String {
    "<div id=\"view-closed\"><h2>Service fermé</h2><p>Le service est momentanément fermé pendant la préparation de la \
     rentrée.</p></div>"
        .to_owned()
}

/// One form for each account of a person who has several: `accounts` are identifiers and names.
pub(crate) fn selection(action: &str, execution: &str, accounts: &[(&str, &str)]) -> String {
    let mut page = String::from("<h2>Choisissez votre établissement</h2>");
    for (uid, name) in accounts {
        let _ = write!(
            page,
            "<form id=\"form-{uid}\" method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"execution\" \
             value=\"{execution}\"><input type=\"hidden\" name=\"_eventId\" value=\"submit\"><input type=\"hidden\" \
             name=\"credential\" value=\"{uid}\"><button type=\"submit\">{}</button></form>",
            escape(action),
            escape(name)
        );
    }
    page
}
