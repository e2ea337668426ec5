//! Edifice, also OpenENT, NEO and ONE: its own form, or a way to EduConnect and back (portals §2.6).

use url::Url;

use crate::error::Kind;
use crate::family::{Guide, choose_account};
use crate::page::{Form, Page, plain};
use crate::registry::row::Idp;
use crate::step::{Ask, Next, Stop, Submission};
use crate::walk::{Walk, with_query};

pub(crate) struct Edifice;

/// Its own form, and the page that somebody is sent back to.
const LOGIN: &str = "/auth/login";
/// The identity providers by name.
const PROVIDER: &str = "/auth/saml/authn/";
/// The page that names them.
const WAYF: &str = "/auth/saml/wayf";
/// Where it takes the identity provider's word.
const CONSUMER: &str = "/auth/saml/acs";

impl Guide for Edifice {
    fn redirect(&self, walk: &mut Walk, from: &Url, to: &Url) -> Result<Option<Next>, Stop> {
        if let Some(stop) = asked_for_more(walk, from, to) {
            return Err(stop);
        }
        let is_own = from.origin() == to.origin();
        let federated = walk.way.idp.host().is_some();
        if federated && walk.accepted && is_own && from.path() == CONSUMER && to.path() == LOGIN {
            return Err(Stop::on(to, Kind::NoPortalAccount));
        }
        // It would show its form, or a chooser, which may be at another host: the row has chosen.
        let asks_who = from.path() == "/cas/login" && !walk.is_school(to);
        let shows_the_form = !federated && is_own && to.path() == LOGIN;
        if walk.posted.is_none() && asks_who && !shows_the_form && walk.once("provider") {
            return start(walk, from).map(Some);
        }
        Ok(None)
    }

    fn outcome(&self, walk: &Walk, page: &Page) -> Option<Stop> {
        outcome(walk, page)
    }

    fn page(&self, walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
        let path = page.url.path();
        if path.starts_with(PROVIDER) && page.status == 403 {
            // The operator has not enabled the named way: the one that begins at the identity provider remains.
            return start_at_idp(walk).map_or_else(|| Ok(Next::Get(wayf(walk, &page.url))), |url| Ok(Next::Get(url)));
        }
        if let Some(form) = page.form_with(&["email", "password"]) {
            if walk.way.idp != Idp::Local && walk.posted.is_none() && walk.once("provider") {
                return start(walk, &page.url);
            }
            return fill(walk, page, form);
        }
        if let Some(choice) = choose_account(walk, page, |form| acts_on(page, form, "/auth/saml/selectUser")) {
            return choice;
        }
        let providers: Vec<_> = page.links().iter().filter(|link| link.href.contains(PROVIDER)).collect();
        let federated = walk.way.idp.host().is_some();
        if federated && walk.posted.is_none() && !providers.is_empty() && walk.once("wayf") {
            let option = |link: &&crate::page::Link| {
                let url = page.resolve(&link.href).map_err(|_| Stop::unexpected(page))?;
                Ok((page.text_of_link(link), Next::Get(url)))
            };
            let mut options = providers.iter().map(option).collect::<Result<Vec<_>, Stop>>()?;
            return if options.len() == 1 { Ok(options.remove(0).1) } else { Ask::choice(options) };
        }
        signed_in(walk, page)
    }
}

/// A redirect to what has to be done in a browser first.
pub(super) fn asked_for_more(walk: &mut Walk, from: &Url, to: &Url) -> Option<Stop> {
    if walk.posted.is_none() || walk.is_school(to) {
        return None;
    }
    let path = to.path();
    if path.starts_with("/auth/reset/") {
        return Some(Stop::on(to, Kind::PasswordRenewal));
    }
    if path.starts_with("/auth/activation") {
        return Some(Stop::on(to, Kind::ActivationRequired));
    }
    // Its own form leads elsewhere when it has accepted what was in it.
    walk.accepted |= from.path() == LOGIN && walk.posted.as_deref() == from.host_str() && path != LOGIN;
    let known = [LOGIN, "/auth/saml/", "/auth/openid/"].iter().any(|known| path.starts_with(known));
    (path.starts_with("/auth/") && !known && from.origin() == to.origin()).then(|| Stop::on(to, Kind::PortalAction))
}

/// What a page of it says went wrong. Texts are translated there: keys and structure first, words only to refine.
pub(super) fn outcome(walk: &Walk, page: &Page) -> Option<Stop> {
    let stop = |kind| Some(Stop::at(page, kind));
    if page.says("INVALID_SERVICE") || page.raw.contains("INVALID_SERVICE") {
        return stop(Kind::ServiceNotAllowed);
    }
    walk.posted.as_ref()?;
    if page.form_with(&["email", "password"]).is_none()
        && page.forms().iter().any(|form| acts_on(page, form, "/auth/activation"))
    {
        return stop(Kind::ActivationRequired);
    }
    let complaint = plain(&page.complaint().unwrap_or_default());
    let says = |words: &[&str]| words.iter().any(|words| complaint.contains(words));
    if says(&["auth.error.ban"]) {
        return stop(Kind::AccountLocked { temporary: true });
    }
    if says(&["auth.error.blocked"]) {
        return stop(Kind::AccountLocked { temporary: false });
    }
    if says(&["auth.error.otp", "usage unique", "one-time password"]) {
        return stop(Kind::MfaRequired);
    }
    let federated = walk.accepted && walk.way.idp.host().is_some();
    if federated && (page.url.path() == LOGIN || says(&["fed.auth.error"])) {
        return stop(Kind::NoPortalAccount);
    }
    None
}

/// A page of somebody who is signed in: back to where the ticket is given.
pub(super) fn signed_in(walk: &mut Walk, page: &Page) -> Result<Next, Stop> {
    if walk.posted.is_some()
        && page.status == 200
        && page.forms().iter().all(|form| form.passwords() == 0)
        && walk.once("ticket")
    {
        return Ok(walk.login.clone().map_or(Next::Service, Next::Get));
    }
    Ok(Next::Unknown)
}

/// Where the ticket is given, as the portal wants to be told where to go on: a path and a query.
pub(super) fn callback(walk: &Walk) -> Result<String, Stop> {
    let service: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("service", &walk.service()?).finish();
    Ok(format!("/cas/login?{service}"))
}

fn fill(walk: &Walk, page: &Page, form: &Form) -> Result<Next, Stop> {
    let filled = Submission::of(page, form)?;
    let named = filled.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("callback"));
    let filled = match named {
        Some((_, value)) if !value.is_empty() => filled,
        Some((name, _)) => {
            let name = name.clone();
            filled.set(&name, &callback(walk)?)
        }
        None => filled.set("callBack", &callback(walk)?),
    };
    filled.sign_in("email", "password")
}

/// Begins at its own form for accounts of its own; for others at the portal when it has a name for the identity provider:
/// it then keeps in mind where to go on, and says which kind of account signs in. Otherwise at the identity provider.
fn start(walk: &Walk, portal: &Url) -> Result<Next, Stop> {
    let (place, name) = match (&walk.way.provider, walk.way.idp) {
        (_, Idp::Local) => (LOGIN.to_owned(), "callback"),
        (Some(provider), _) => (format!("{PROVIDER}{provider}"), "callBack"),
        (None, _) => return Ok(Next::Get(start_at_idp(walk).unwrap_or_else(|| wayf(walk, portal)))),
    };
    let url = portal.join(&place).map_err(|_| Stop::from(Kind::PortalMessage))?;
    Ok(Next::Get(with_query(&url, &[(name.to_owned(), callback(walk)?)])))
}

fn start_at_idp(walk: &Walk) -> Option<Url> {
    let (host, id) = (walk.way.idp.host()?, walk.way.provider_id.clone()?);
    let url = Url::parse(&format!("https://{host}/idp/profile/SAML2/Unsolicited/SSO")).ok()?;
    Some(with_query(&url, &[("providerId".into(), id)]))
}

fn wayf(walk: &Walk, portal: &Url) -> Url {
    let mut url = portal.clone();
    url.set_path(WAYF);
    let pairs: Vec<_> = callback(walk).ok().map(|callback| ("callBack".to_owned(), callback)).into_iter().collect();
    url.set_query(None);
    with_query(&url, &pairs)
}

fn acts_on(page: &Page, form: &Form, path: &str) -> bool {
    page.action(form).is_ok_and(|url| url.path().starts_with(path))
}
