//! Opens the session that a command asks with.

use std::sync::Arc;

use gateway::{Gateway, ProfileName};
use jiff::Timestamp;
use pronote::login::{Credentials, Device, Entrance};
use pronote::{SchoolAddress, Session, Space};
use secrecy::SecretString;
use transport::Addresses;

use super::steps::{self, Answered, Given};
use super::{Account, Invocation};
use crate::config::Config;
use crate::exit::{Family, failure};

/// The variable with the password of an account without a profile.
pub(crate) const PASSWORD: &str = "CARTABLE_PRONOTE_PASSWORD";

/// What this device is called where a school lists it, unless someone says otherwise.
pub(crate) const DEVICE_NAME: &str = "Cartable";

/// Opens a session of the account that the arguments name, about the child they name.
///
/// A session that is not opened with `write` cannot change anything.
pub(crate) async fn open_session(invocation: &Invocation, write: bool) -> anyhow::Result<Session> {
    let gateway = gateway(&invocation.config)?;
    let session = match &invocation.account.username {
        Some(login) if invocation.account.profile.is_none() => {
            let password = password_of_environment().ok_or_else(no_password)?;
            let credentials = password_credentials(&invocation.account, login, password)?;
            match gateway.visit(credentials, Device::new(DEVICE_NAME), write).await? {
                Entrance::Open(session) => session,
                Entrance::Steps(asked) => steps::answer(*asked, Given::default()).await?.session,
            }
        }
        _ => {
            let name = profile_name(&gateway, &invocation.account)?;
            if invocation.account.username.is_some() || invocation.account.space.is_some() {
                eprintln!(
                    "note: profile `{name}` has its own school, login and space; those that were given are not used"
                );
            }
            let entrance = gateway.resume(&name, write).await?;
            enter(&gateway, &name, entrance, Given::default()).await?
        }
    };
    match &invocation.child {
        Some(child) => for_child(&session, child),
        None => Ok(session),
    }
}

/// Goes through what a school asks first; a profile that keeps a password keeps the new one.
pub(crate) async fn enter(
    gateway: &Gateway,
    name: &ProfileName,
    entrance: Entrance,
    given: Given,
) -> anyhow::Result<Session> {
    match entrance {
        Entrance::Open(session) => Ok(session),
        Entrance::Steps(asked) => {
            let Answered { session, new_password, .. } = steps::answer(*asked, given).await?;
            if let Some(password) = new_password {
                gateway.profiles().renew_password(name, password)?;
            }
            Ok(session)
        }
    }
}

/// Opens the gateway on the data folder, with the pace of the configuration.
pub(crate) fn gateway(config: &Config) -> anyhow::Result<Gateway> {
    let transport = config.transport(Addresses::Any)?;
    let gateway = Gateway::open(&config.data, transport, config.settings.pace, Arc::new(Timestamp::now))?;
    Ok(gateway.with_portals(config.portals().0))
}

/// The profile that the arguments name, or the default one.
pub(crate) fn profile_name(gateway: &Gateway, account: &Account) -> anyhow::Result<ProfileName> {
    Ok(match &account.profile {
        Some(name) => name.parse()?,
        None => gateway.profiles().default_name()?,
    })
}

/// The school that the arguments name, and the space of it.
pub(crate) fn school(account: &Account) -> anyhow::Result<(SchoolAddress, Space)> {
    let url = account.url.as_deref().ok_or_else(|| {
        let advice = "Give --url, or set CARTABLE_PRONOTE_URL, to the address that a browser shows.";
        failure(Family::Usage, "no school was named", advice)
    })?;
    let school: SchoolAddress = url.parse()?;
    let space = account.space.or(school.space()).unwrap_or(Space::Student);
    Ok((school, space))
}

/// The credentials of a login and a password.
pub(crate) fn password_credentials(
    account: &Account,
    login: &str,
    password: SecretString,
) -> anyhow::Result<Credentials> {
    let (school, space) = school(account)?;
    Ok(Credentials::Password { school, space, login: login.to_owned(), password })
}

/// The password that the environment holds.
pub(crate) fn password_of_environment() -> Option<SecretString> {
    std::env::var(PASSWORD).ok().filter(|password| !password.is_empty()).map(Into::into)
}

fn no_password() -> anyhow::Error {
    let advice = format!("Set {PASSWORD}, or sign in once with `cartable pronote login` and leave --username out.");
    failure(Family::Usage, "there is no password for the login that was given", advice)
}

/// The session about the child of that number, counted from 1, or of the only name with that part.
fn for_child(session: &Session, wanted: &str) -> anyhow::Result<Session> {
    let user = session.user();
    let names: Vec<String> = user.children.iter().map(|child| child.name.to_lowercase()).collect();
    let part = wanted.trim().to_lowercase();
    let mut named = (0..names.len()).filter(|place| !part.is_empty() && names[*place].contains(&part));
    let place = match part.parse::<usize>() {
        Ok(number) => number.checked_sub(1).filter(|place| *place < names.len()),
        Err(_) => named.next().filter(|_| named.next().is_none()),
    };
    let place = place.ok_or_else(|| {
        let known: Vec<String> =
            user.children.iter().enumerate().map(|(place, child)| format!("{} {}", place + 1, child.name)).collect();
        let advice = match known.is_empty() {
            true => "Leave --child out: this account has no children.".to_owned(),
            false => format!("Its children are: {}.", known.join(", ")),
        };
        failure(Family::Missing, format!("no one child of this account is meant by `{wanted}`"), advice)
    })?;
    Ok(session.for_child(place)?)
}
