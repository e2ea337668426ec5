//! Edifice's pages. Errors are known by the structure; their wording is a translation that may differ.

use axum::http::StatusCode;

use crate::portals::accounts::Who;
use crate::portals::asked::Asked;
use crate::portals::reply::{Reply, encode, escape, hidden};

/// What a wrong password is told.
pub(super) const WRONG: &str = "L'identifiant ou le mot de passe est incorrect.";

/// The controls of the form of an account to choose.
pub(super) const CHOICE_FIELDS: [&str; 9] =
    ["id", "login", "activationCode", "email", "mobile", "nameId", "source", "sessionIndex", "key"];

/// The own form, with an error text.
pub(super) fn login(asked: &Asked<'_>, error: &str) -> Reply {
    let callback = asked.query.filled("callback").or_else(|| asked.form.filled("callBack")).unwrap_or_default();
    let error = if error.is_empty() { String::new() } else { format!("<p class=\"error\">{}</p>", escape(error)) };
    Reply::page(
        "Connexion",
        &format!(
            "<form id=\"login\" action=\"/auth/login\" method=\"post\">{error}{}{}<label \
             for=\"email\">Identifiant</label><input type=\"text\" id=\"email\" name=\"email\"><label \
             for=\"password\">Mot de passe</label><input type=\"password\" id=\"password\" name=\"password\"><input \
             type=\"checkbox\" name=\"rememberMe\" value=\"true\"><button type=\"submit\">Connexion</button></form>",
            hidden("callBack", &encode(callback)),
            hidden("details", ""),
        ),
    )
}

/// The page that asks who one is; links begin with `base`.
pub(super) fn chooser(asked: &Asked<'_>, base: &str, routes: &[String]) -> Reply {
    let callback = asked.query.get("callBack").unwrap_or_default();
    let query = if callback.is_empty() { String::new() } else { format!("?callBack={}", encode(callback)) };
    let link = |route: &String| {
        let label = match route.as_str() {
            "student" => "Élève",
            "relative" => "Parent",
            other => other,
        };
        format!("<li><a href=\"{base}/auth/saml/authn/{route}{}\">{label}</a></li>", escape(&query))
    };
    let links: String = routes.iter().map(link).collect();
    let own =
        format!("<li><a href=\"{base}/auth/login{}\">Invité</a></li>", escape(&query.replace("callBack", "callback")));
    Reply::page("Qui êtes-vous ?", &format!("<ul class=\"wayf\">{links}{own}</ul>")).says("chooser")
}

/// One form for each account of somebody who has several.
pub(super) fn schools(asked: &Asked<'_>, who: &Who) -> Reply {
    let key = asked.note("choice", &who.login);
    let form = |number: u8, school: &str| {
        let values = [&format!("user-{number}"), &who.login, "", "", "", "name-id", "SSO", "1", &key];
        let inputs: String = CHOICE_FIELDS.iter().zip(values).map(|(name, value)| hidden(name, value)).collect();
        format!(
            "<form action=\"/auth/saml/selectUser\" method=\"post\">{inputs}<button type=\"submit\">{school}</button></form>"
        )
    };
    let forms = [form(1, "Collège de la Mer"), form(2, "Lycée de la Montagne")].concat();
    Reply::page("Choisissez votre compte", &forms).says("choice of accounts")
}

/// The page of somebody who is signed in. It has no form and its address no `login`.
pub(super) fn home() -> Reply {
    Reply::page("Accueil", "<p>Vous êtes connecté.</p>").says("home")
}

/// The portal knows no such service.
pub(super) fn invalid_service() -> Reply {
    let body = "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\"><cas:authenticationFailure \
                code=\"INVALID_SERVICE\"/></cas:serviceResponse>";
    Reply::new(StatusCode::BAD_REQUEST, "application/xml", body).says("service refused")
}

/// A password is to be changed.
pub(super) fn renewal() -> Reply {
    Reply::page(
        "Changement de mot de passe",
        "<form action=\"/auth/reset\" method=\"post\"><input type=\"password\" name=\"password\"><input type=\"password\" \
         name=\"confirmPassword\"><button type=\"submit\">Changer</button></form>",
    )
    .says("renewal page")
}

/// The password was the code that activates the account.
pub(super) fn activation(asked: &Asked<'_>) -> Reply {
    let login = asked.form.get("email").unwrap_or_default();
    Reply::page(
        "Activation du compte",
        &format!(
            "<h1>Activez votre compte</h1><form id=\"activation\" action=\"/auth/activation\" method=\"post\">{}{}<input \
             type=\"password\" name=\"password\"><input type=\"password\" name=\"confirmPassword\"><button \
             type=\"submit\">Activer</button></form>",
            hidden("login", login),
            hidden("activationCode", ""),
        ),
    )
    .says("activation page")
}

/// Conditions are to be accepted.
pub(super) fn terms() -> Reply {
    Reply::page(
        "Conditions générales d'utilisation",
        "<h1>Conditions générales d'utilisation</h1><form action=\"/auth/cgu\" method=\"post\"><button \
         type=\"submit\">J'accepte</button></form>",
    )
    .says("conditions page")
}

/// The portal has too much to do.
pub(super) fn too_loaded() -> Reply {
    Reply::notice(
        StatusCode::OK,
        "Trop de connexions",
        "Le service est momentanément surchargé. Veuillez réessayer dans quelques minutes.",
    )
    .says("too loaded")
}
