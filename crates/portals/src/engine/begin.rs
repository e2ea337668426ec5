//! Which portal, and where its way begins (portals §2.2, §4.4).

use std::sync::Arc;

use pronote::{Client, SchoolAddress, Space};
use secrecy::ExposeSecret as _;
use url::Url;

use super::credentials::{Credentials, account};
use super::net::{Net, held_back};
use super::school::{self, AtSchool};
use super::walker::Walker;
use crate::error::{Error, Kind};
use crate::family::{Plain, guide};
use crate::guard::{Guard, is_loopback};
use crate::registry::row::EntryMode;
use crate::registry::{DEMONSTRATION, Portal, Profile, Registry};
use crate::step::{Next, Stop};
use crate::walk::{Walk, is_school, school_page, with_query};

/// How many redirects PRONOTE may answer before it leads to a portal: to a slash at the end, to another page.
const MOST_AT_SCHOOL: usize = 5;

/// Who wants to go where.
pub(super) struct Wish<'a> {
    pub(super) client: &'a Client,
    pub(super) registry: &'a Registry,
    pub(super) school: &'a SchoolAddress,
    pub(super) space: Space,
    pub(super) portal: Option<&'a str>,
    pub(super) profile: Option<Profile>,
}

impl Walker {
    /// Finds the portal, and asks PRONOTE where it leads if need be. Nothing is sent for a portal that is gone.
    pub(super) async fn begin(wish: Wish<'_>, credentials: Option<Credentials>) -> Result<(Self, Next), Error> {
        let root = wish.school.root();
        let mut net = Net::new(wish.client, root, wish.school.key());
        let named = wish.portal.map(|id| wish.registry.usable(id)).transpose()?;
        if root.scheme() != "https" && !is_loopback(root) {
            let host = root.host_str().unwrap_or_default().to_owned();
            return Err(fail(Stop::on(root, Kind::Insecure { host }), named));
        }
        let profile = wish.profile.unwrap_or_else(|| profile_of(wish.space));
        if let (Some(portal), Some(credentials)) = (named, &credentials) {
            worth_it(&wish, portal, profile, credentials).map_err(|stop| fail(stop, named))?;
        }
        let first = named.is_none_or(|portal| portal.row.entry.mode == EntryMode::PronoteFirst);
        let redirect = match first {
            true => ask_school(&mut net, &wish).await.map_err(|stop| fail(stop, named))?,
            false => None,
        };
        let portal = match (named, &redirect) {
            (Some(portal), _) => portal,
            (None, Some(redirect)) => detect(wish.registry, redirect).map_err(|stop| fail(stop, None))?,
            (None, None) => return Err(fail(Stop::on(root, Kind::NoPortal), None)),
        };
        let Some(way) = portal.row.way(profile).cloned() else {
            return Err(fail(Kind::ProfileNotSupported { profile }, Some(portal)));
        };
        net.limit(&portal.row.limits);
        let demonstration = portal.id == DEMONSTRATION;
        let mut walk = Walk::new(Arc::clone(&portal.row), profile, way, wish.school.clone(), wish.space);
        walk.login = login_address(&walk, redirect).map_err(|stop| fail(stop, Some(portal)))?;
        let mut walker = Walker {
            net,
            portal: portal.id.clone(),
            guide: portal.row.family.map_or(&Plain, guide),
            guard: Guard::new(portal.row.reach(profile), root, demonstration),
            walk,
            credentials,
            returns: 0,
            restarted: false,
            complaint: None,
            complaint_before: None,
            doubt: None,
            moved_on: false,
            door: None,
        };
        let next = walker.guide.enter(&mut walker.walk).map_err(|stop| walker.fail(stop))?;
        Ok((walker, next))
    }
}

/// Why it ends before there is a walker: the password has gone nowhere.
fn fail(stop: impl Into<Stop>, portal: Option<&Portal>) -> Error {
    let Stop { kind, host, said } = stop.into();
    Error { kind, portal: portal.map(|portal| portal.id.clone()), host, said, evaluated: false }
}

fn profile_of(space: Space) -> Profile {
    match space {
        Space::Student => Profile::Pupil,
        Space::Parent => Profile::Guardian,
        _ => Profile::Staff,
    }
}

/// Where one host alone may have the password, and has refused it, nobody is asked anything (portals §5 R8).
fn worth_it(wish: &Wish<'_>, portal: &Portal, profile: Profile, credentials: &Credentials) -> Result<(), Stop> {
    let reach = portal.row.reach(profile);
    let [origin] = &reach.credentials[..] else { return Ok(()) };
    let account = account(profile, origin.host(), &credentials.login);
    let paused = match wish.client.pacer().may_try(&account, credentials.password.expose_secret()) {
        Ok(()) => return Ok(()),
        Err(paused) => paused,
    };
    Err(Stop { host: Some(origin.host().to_owned()), ..held_back(&paused).into() })
}

/// The one portal that a school's redirect leads to (portals §4.4).
fn detect<'r>(registry: &'r Registry, redirect: &Url) -> Result<&'r Portal, Stop> {
    match registry.detect(redirect)[..] {
        [] => {
            let host = redirect.host_str().unwrap_or_default().to_owned();
            Err(Stop::on(redirect, Kind::UnknownPortal { host }))
        }
        [portal] => portal.usable().map(|()| portal).map_err(|kind| Stop::on(redirect, kind)),
        ref several => {
            let candidates = several.iter().map(|portal| portal.id.clone()).collect();
            Err(Stop::on(redirect, Kind::AmbiguousPortal { candidates }))
        }
    }
}

/// Asks PRONOTE's page without cookies, and gives the address of the portal that it leads to; none when it has a form of
/// its own.
async fn ask_school(net: &mut Net, wish: &Wish<'_>) -> Result<Option<Url>, Stop> {
    let mut url = school_page(wish.school, wish.space)?;
    for _ in 0..MOST_AT_SCHOOL {
        let response = net.get(&url, false).await?;
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            net.name_page("PRONOTE");
            return match school::read(wish.client, wish.school, &response, false)? {
                AtSchool::OwnForm | AtSchool::Opened(_) => Ok(None),
            };
        }
        let Some(to) = response.location() else {
            return Err(Stop::on(&response.url, Kind::UnexpectedPage { title: None }));
        };
        if !is_school(wish.school, &to) {
            net.forget();
            return Ok(Some(to));
        }
        url = to;
    }
    Err(Stop::on(&url, Kind::TooManyRedirects))
}

/// The portal's login address for this school, as the school says it, else as the row does (portals §2.2).
fn login_address(walk: &Walk, redirect: Option<Url>) -> Result<Option<Url>, Stop> {
    let pairs = walk.row.set_query(walk.profile);
    if let Some(redirect) = redirect {
        return Ok(Some(with_query(&redirect, &pairs)));
    }
    let Some(root) = walk.row.entry.cas_root.as_ref().filter(|_| walk.row.entry.mode != EntryMode::PortalFirst) else {
        // A portal that comes first needs none.
        let needs = walk.row.entry.mode != EntryMode::PortalFirst;
        return if needs { Err(Kind::NoPortal.into()) } else { Ok(None) };
    };
    let mut login = root.clone();
    login.set_path(&format!("{}/login", root.path().trim_end_matches('/')));
    let mut pairs = pairs;
    pairs.push(("service".into(), walk.school_page()?.into()));
    Ok(Some(with_query(&login, &pairs)))
}
