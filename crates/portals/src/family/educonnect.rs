//! EduConnect, the ministry's identity provider: a part of the way through many portals (portals §2.5).
//!
//! The identity provider of agricultural schools is of the same make, without the kinds of account.

use url::Url;
use zeroize::Zeroizing;

use crate::error::Kind;
use crate::page::{Form, Page};
use crate::question::Question;
use crate::registry::row::Idp;
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::Walk;
use crate::words;

/// Where EduConnect sends those whose network it refuses.
const ASSISTANCE: &str = "assistance.phm.education.gouv.fr";
/// Where an account is activated, changed, unlocked.
const ACCOUNT: &str = "moncompte.educonnect.education.gouv.fr";

/// Whether an address is at the identity provider of this kind of account.
pub(crate) fn is_idp(walk: &Walk, url: &Url) -> bool {
    walk.way.idp.host().is_some_and(|host| url.host_str() == Some(host))
}

/// Whether a redirect of the identity provider says something by itself.
pub(crate) fn redirect(walk: &Walk, from: &Url, to: &Url) -> Option<Stop> {
    if walk.way.idp != Idp::Educonnect || !is_idp(walk, from) {
        return None;
    }
    match to.host_str() {
        Some(ASSISTANCE) if walk.posted.is_none() => Some(Stop::on(from, Kind::NetworkFiltered)),
        Some(ACCOUNT) if walk.posted.is_some() => Some(Stop::on(to, pending(to.path()))),
        _ => None,
    }
}

/// What the place or the title of a page about the account itself wants.
fn pending(what: &str) -> Kind {
    let what = crate::page::plain(what);
    if what.contains("activ") {
        Kind::ActivationRequired
    } else if what.contains("cgu") || what.contains("condition") {
        Kind::PortalAction
    } else {
        Kind::PasswordRenewal
    }
}

/// The page by which the identity provider looks at what the browser stores: sent back as it is, without credentials.
pub(crate) fn probe(page: &Page) -> Result<Option<Next>, Stop> {
    let is_probe = |form: &&Form| {
        form.passwords() == 0
            && form
                .controls
                .iter()
                .any(|control| control.name.as_deref().is_some_and(|name| name.starts_with("shib_idp_ls_")))
    };
    let Some(form) = page.forms().iter().find(is_probe) else { return Ok(None) };
    Ok(Some(Next::Submit(Submission::of(page, form)?.set("_eventId_proceed", ""))))
}

/// The outcome that a page of the identity provider shows.
pub(crate) fn outcome(walk: &Walk, page: &Page) -> Option<Stop> {
    let asks_other_password =
        page.asks_password() && page.form_with(&["j_password"]).is_none() && identity(page).is_none();
    if walk.posted.is_some() && asks_other_password {
        let (title, text) = (pending(&page.title), page.says("activ"));
        let kind = if title == Kind::PasswordRenewal && text && !page.says("renouvel") {
            Kind::ActivationRequired
        } else {
            title
        };
        return Some(Stop::at(page, kind));
    }
    None
}

/// What to do at a page of the identity provider.
pub(crate) fn page(walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
    if let Some(form) = page.form_with(&["j_username", "j_password"]) {
        let mut filled = Submission::of(page, form)?;
        if let Some(kind) = walk.way.type_user.as_deref().filter(|_| form.control("typeUser").is_some()) {
            filled = filled.set("typeUser", kind);
        }
        return filled.set("_eventId_proceed", "").sign_in("j_username", "j_password");
    }
    if walk.posted.is_none() {
        // An old conversation: nothing is lost by beginning again.
        let is_stale = page.status == 400 || page.says("session a expire") || page.says("stale request");
        return Ok(if is_stale { Next::Restart } else { Next::Unknown });
    }
    if let Some(form) = identity(page) {
        return if walk.once("identity") {
            ask_birth_date(page, form)
        } else {
            Err(Stop::at(page, Kind::IdentityConfirmation))
        };
    }
    if let Some((form, field)) = words::code(page) {
        return walk.ask_code(page, form, &field);
    }
    let words = format!("{} {}", page.title, page.text());
    if page.says("code") && (page.says("sms") || page.says("mail")) {
        return Err(Stop::at(page, Kind::MfaRequired));
    }
    if page.says("mot de passe") || page.says("activ") || page.says("conditions") {
        return Err(Stop::at(page, pending(&words)));
    }
    Ok(Next::Unknown)
}

/// The form that asks for a date of birth (portals §2.5, E3).
fn identity(page: &Page) -> Option<&Form> {
    page.form("#theForm").filter(|form| date_field(form).is_some())
}

fn date_field(form: &Form) -> Option<&str> {
    let control = form.control("password-input").or_else(|| form.control_of_id("password-input"))?;
    control.name.as_deref().or(control.id.as_deref())
}

fn ask_birth_date(page: &Page, form: &Form) -> Result<Next, Stop> {
    let field = date_field(form).unwrap_or("password-input").to_owned();
    // The day, the month and the year stand beside, where a script joins them.
    let parts: Vec<(String, &'static str)> = form
        .controls
        .iter()
        .filter_map(|control| {
            let name = control.name.clone()?;
            let plain = crate::page::plain(&name);
            let format = if plain.contains("jour") || plain.contains("day") {
                "%d"
            } else if plain.contains("mois") || plain.contains("month") {
                "%m"
            } else if plain.contains("annee") || plain.contains("year") {
                "%Y"
            } else {
                return None;
            };
            Some((name, format))
        })
        .collect();
    Ask::secret(Question::BirthDate, Submission::of(page, form)?, move |form, answer| {
        let date = answer.date().ok_or(Kind::IdentityConfirmation)?;
        let written = |format| Zeroizing::new(date.strftime(format).to_string());
        let whole = form.set(&field, &written("%d%m%Y"));
        Ok(parts.iter().fold(whole, |form, (name, format)| form.set(name, &written(format))))
    })
}
