//! MonLycée.net: Keycloak, then Edifice (portals §2.7).

use axum::http::StatusCode;

use super::edifice;
use crate::portals::accounts::{CODE, Scenario, Who};
use crate::portals::asked::{Asked, Verdict};
use crate::portals::reply::{Reply, encode, escape, hidden, with_query};

const ENTRY: &str = "psn.monlycee.net";
const KEYCLOAK: &str = "auth.monlycee.net";
const EDIFICE: &str = "ent.monlycee.net";
const AUTHORIZE: &str = "/realms/IDF/protocol/openid-connect/auth";
const AUTHENTICATE: &str = "/realms/IDF/login-actions/authenticate";
const ACTION: &str = "/realms/IDF/login-actions/required-action";
/// Where codes come back to, on both other hosts.
const RETURN: &str = "/auth/openid/callback";
/// The cookie of whoever signed in at Keycloak.
const IDENTITY: &str = "KEYCLOAK_IDENTITY";
/// The cookie of the entry's own session.
const ENTERED: &str = "PSN_SESSION";

/// Answers for a host of the portal.
pub(super) fn answer(asked: &Asked<'_>) -> Reply {
    match asked.host {
        ENTRY => entry(asked),
        KEYCLOAK => keycloak(asked),
        _ => portal(asked),
    }
}

/// Sends somebody to Keycloak for a client; `wish` is where they want to go.
fn authorize(asked: &Asked<'_>, client: &str, wish: &str) -> Reply {
    let state = asked.note("state", wish);
    let to = format!(
        "https://{KEYCLOAK}{AUTHORIZE}?client_id={client}&redirect_uri={}&response_type=code&scope=openid&state={state}",
        encode(&asked.here(RETURN)),
    );
    Reply::redirect(&to).says("to Keycloak")
}

/// What a code of Keycloak's and the state beside it say: who, and where they want to go.
fn redeem(asked: &Asked<'_>) -> Option<(Who, String)> {
    let wish = asked.noted("state", asked.query.filled("state")?)?;
    let code = asked.state.notes.take(asked.state.now(), asked.query.filled("code")?)?;
    (code.about == "code" && code.host == asked.host).then(|| Who::named(&code.text)).flatten().map(|who| (who, wish))
}

/// `psn.monlycee.net`: the page people begin at.
fn entry(asked: &Asked<'_>) -> Reply {
    match asked.path {
        "/" if asked.remembered(ENTERED).is_some() => Reply::redirect(&format!("https://{EDIFICE}/auth/openid/login")),
        "/" => authorize(asked, "psn-web-een", "/"),
        RETURN => match redeem(asked) {
            Some((who, _)) => {
                let session = asked.remember(&who);
                Reply::redirect(&format!("https://{EDIFICE}/auth/openid/login"))
                    .cookie(ENTERED, &session)
                    .says("entered")
            }
            None => Reply::status(StatusCode::BAD_REQUEST).says("code refused"),
        },
        _ => Reply::missing(),
    }
}

/// `ent.monlycee.net`: Edifice.
fn portal(asked: &Asked<'_>) -> Reply {
    match asked.path {
        "/cas/login" => edifice::cas(asked, |asked, wish| {
            Reply::redirect(&with_query(&asked.here("/auth/openid/login"), "callBack", wish))
        }),
        "/auth/openid/login" => authorize(asked, "edifice", asked.query.filled("callBack").unwrap_or("/")),
        RETURN => match redeem(asked) {
            Some((who, wish)) => edifice::welcome(asked, &who, Some(wish)),
            None => Reply::status(StatusCode::BAD_REQUEST).says("code refused"),
        },
        "/" => Reply::page("Accueil", "<p>Vous êtes connecté.</p>").says("home"),
        _ => Reply::missing(),
    }
}

/// `auth.monlycee.net`: who somebody is.
fn keycloak(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        (AUTHORIZE, false) => match asked.remembered(IDENTITY) {
            Some(who) => back(asked, asked.raw_query, &who),
            None => form(asked, &asked.note("request", asked.raw_query), false),
        },
        (AUTHENTICATE, true) => authenticate(asked),
        (ACTION, false) => match asked.query.get("execution") {
            Some("UPDATE_PASSWORD") => Reply::page(
                "Mise à jour du mot de passe",
                "<form id=\"kc-passwd-update-form\" action=\"#\" method=\"post\"><input type=\"password\" \
                 name=\"password-new\"><input type=\"password\" name=\"password-confirm\"><input \
                 type=\"submit\"></form>",
            ),
            _ => Reply::page(
                "Action requise",
                "<form id=\"kc-action-form\" method=\"post\"><input type=\"submit\"></form>",
            ),
        },
        _ => Reply::missing(),
    }
}

/// The login page; `request` is the name of the note with what was asked.
fn form(asked: &Asked<'_>, request: &str, refused: bool) -> Reply {
    let invalid = if refused { " aria-invalid=\"true\"" } else { "" };
    let message =
        if refused { "<span id=\"input-error\">Nom d'utilisateur ou mot de passe invalide.</span>" } else { "" };
    Reply::page(
        "Connexion à MonLycée.net",
        &format!(
            "<form id=\"kc-form-login\" action=\"{}\" method=\"post\"><input type=\"text\" id=\"username\" \
             name=\"username\" value=\"\"{invalid}>{message}<input type=\"password\" id=\"password\" \
             name=\"password\"{invalid}>{}<input type=\"submit\" id=\"kc-login\" name=\"login\" \
             value=\"Se connecter\"></form>",
            escape(&action(asked, request)),
            hidden("credentialId", ""),
        ),
    )
    .says(if refused { "refused" } else { "credential form" })
}

fn action(asked: &Asked<'_>, request: &str) -> String {
    let execution = asked.note("execution", request);
    asked.here(&format!(
        "{AUTHENTICATE}?session_code={request}&execution={execution}&client_id=psn-web-een&tab_id={}",
        &request[..8]
    ))
}

/// Takes the login page, or the one-time code.
fn authenticate(asked: &Asked<'_>) -> Reply {
    let request = asked.query.filled("session_code").unwrap_or_default().to_owned();
    let execution = asked.query.filled("execution").and_then(|name| asked.state.notes.take(asked.state.now(), name));
    let query = asked.noted("request", &request).filter(|_| execution.is_some_and(|note| note.text == request));
    let Some(query) = query else {
        return Reply::notice(StatusCode::BAD_REQUEST, "Erreur", "Votre session a expiré.").says("stale");
    };
    if let Some(code) = asked.form.get("otp") {
        let who = asked.cookies.filled("AUTH_SESSION_ID").and_then(|name| asked.noted("otp", name));
        return match who.and_then(|login| Who::named(&login)).filter(|_| code == CODE) {
            Some(who) => welcome(asked, &query, &who),
            None => code_form(asked, &request),
        };
    }
    match asked.judge("username", "password") {
        Verdict::Right(who) if who.scenario == Scenario::Code => {
            let session = asked.note("otp", &who.login);
            code_form(asked, &request).cookie("AUTH_SESSION_ID", &session)
        }
        Verdict::Right(who) => welcome(asked, &query, &who),
        // A lock is not told from a wrong password, by design.
        Verdict::Wrong | Verdict::Locked | Verdict::Blocked => form(asked, &request, true),
        Verdict::Renewal => {
            Reply::redirect(&asked.here(&format!("{ACTION}?execution=UPDATE_PASSWORD"))).says("renewal")
        }
        Verdict::Activation => {
            Reply::redirect(&asked.here(&format!("{ACTION}?execution=VERIFY_EMAIL"))).says("activation")
        }
        Verdict::Terms => {
            Reply::redirect(&asked.here(&format!("{ACTION}?execution=TERMS_AND_CONDITIONS"))).says("terms")
        }
        Verdict::Odd(reply) => reply,
    }
}

fn code_form(asked: &Asked<'_>, request: &str) -> Reply {
    Reply::page(
        "Code à usage unique",
        &format!(
            "<form id=\"kc-otp-login-form\" action=\"{}\" method=\"post\"><input type=\"text\" id=\"otp\" name=\"otp\" \
             autocomplete=\"one-time-code\"><input type=\"submit\" name=\"login\" value=\"Se connecter\"></form>",
            escape(&action(asked, request)),
        ),
    )
    .says("code asked")
}

fn welcome(asked: &Asked<'_>, query: &str, who: &Who) -> Reply {
    let identity = asked.remember(who);
    back(asked, query, who).cookie(IDENTITY, &identity)
}

/// Sends somebody back to the client that asked, with a code.
fn back(asked: &Asked<'_>, query: &str, who: &Who) -> Reply {
    let query = crate::portals::asked::Pairs::read(query.as_bytes());
    let to = query.filled("redirect_uri").unwrap_or_default();
    let known = [ENTRY, EDIFICE].into_iter().find(|host| to == format!("https://{host}{RETURN}"));
    let Some(host) = known else {
        return Reply::notice(StatusCode::BAD_REQUEST, "Erreur", "Paramètre invalide : redirect_uri")
            .says("unknown client");
    };
    let note = crate::portals::state::Note { host: host.to_owned(), about: "code", text: who.login.clone() };
    let code = asked.state.notes.give(asked.state.now(), note);
    let state = query.get("state").unwrap_or_default();
    Reply::redirect(&format!("{to}?state={}&code={code}", encode(state))).says("code")
}
