//! `login`, `logout`, `profiles`: which accounts this machine can open.

mod portal;

use std::path::Path;

use clap::{Args, Subcommand};
use gateway::{Gateway, NewLogin, Profile, ProfileName};
use pronote::login::{Credentials, Device, QrCode, SavedLogin};
use pronote::{SchoolAddress, Session};
use secrecy::SecretString;
use serde_json::json;

use super::portals::show_draft;
use super::session::{
    DEVICE_NAME, PASSWORD, enter, gateway, password_credentials, password_of_environment, profile_name, school,
};
use super::steps::Given;
use super::{Invocation, space_name};
use crate::exit::{Family, failure};
use crate::present::{cell, line, table, text_of};
use crate::{input, output, picture};

/// How to sign in. Without --qr and --token: with --username and a password.
#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// Sign in with a QR code: a PNG or JPEG picture of it, or its text
    #[arg(long, value_name = "FILE|TEXT", conflicts_with = "token")]
    qr: Option<String>,
    /// The PIN of the QR code; asked for when it is left out
    #[arg(long, value_name = "PIN", requires = "qr")]
    pin: Option<SecretString>,
    /// Sign in with the token of another client; `-` reads it from standard input
    #[arg(long, value_name = "TOKEN", requires = "device_id")]
    token: Option<SecretString>,
    /// The identifier of the device that the token belongs to
    #[arg(long, value_name = "ID", requires = "token")]
    device_id: Option<String>,
    /// Read the password from the first line of standard input; those after it answer what a portal asks
    #[arg(long, conflicts_with_all = ["qr", "token"])]
    password_stdin: bool,
    /// Keep the password too, sealed: for schools that give no token. After --ent it is the portal's
    #[arg(long)]
    keep_password: bool,
    /// The name under which the school lists this device
    #[arg(long, value_name = "NAME", default_value = DEVICE_NAME)]
    device_name: String,
    #[command(flatten)]
    portal: portal::PortalArgs,
    #[command(flatten)]
    given: Given,
}

#[derive(Debug, Args)]
pub(crate) struct ProfilesArgs {
    #[command(subcommand)]
    command: Option<ProfilesCommand>,
}

#[derive(Debug, Subcommand)]
enum ProfilesCommand {
    /// Choose the profile that is used when none is named
    Default {
        /// Its name
        name: String,
    },
    /// Forget a profile, its token and its password
    Remove {
        /// Its name
        name: String,
    },
}

/// Signs in, and keeps a profile.
pub(crate) async fn login(invocation: &Invocation, args: LoginArgs) -> anyhow::Result<()> {
    let gateway = gateway(&invocation.config)?;
    let name = profile_name(&gateway, &invocation.account)?;
    let session = match args.portal.ent {
        Some(_) => through_portal(invocation, &gateway, &name, args).await,
        None => straight(invocation, &gateway, &name, args).await,
    };
    let session = session.inspect_err(|error| {
        if let Some(gateway::Error::Portal(error)) = error.downcast_ref() {
            show_draft(invocation, &gateway, error);
        }
    })?;
    // Whoever has one profile means that one.
    if gateway.profiles().names()? == [name.clone()] {
        gateway.profiles().set_default(&name)?;
    }
    let (user, instance) = (session.user(), session.instance());
    if invocation.json {
        let kept = json!({
            "profile": name,
            "school": session.school().to_string(),
            "school_name": instance.school_name,
            "name": user.person.name,
        });
        output::answer(&kept, &[])?;
    } else {
        let (person, school) = (line(&user.person.name), line(&instance.school_name));
        output::line(format!("Signed in as {person} ({school}); kept as profile `{name}`."))?;
    }
    leave(session).await;
    Ok(())
}

/// Signs in at the school itself; where it lets people in through its portal only, through that.
async fn straight(
    invocation: &Invocation,
    gateway: &Gateway,
    name: &ProfileName,
    args: LoginArgs,
) -> anyhow::Result<Session> {
    let (credentials, device) = credentials(invocation, &args)?;
    let own = match &credentials {
        Credentials::Password { school, space, login, password } => {
            Some((school.clone(), *space, login.clone(), password.clone()))
        }
        _ => None,
    };
    let login = NewLogin { credentials, device: device.clone(), keep_password: args.keep_password, write: false };
    let (refused, (school, space, login, password)) = match (gateway.sign_in(name, login).await, own) {
        (Err(refused), Some(own)) if refused.may_be_behind_a_portal() => (refused, own),
        (entrance, _) => return enter(gateway, name, entrance?, args.given).await,
    };
    eprintln!("note: {}; this goes through its portal", line(&refused.to_string()));
    let LoginArgs { portal, keep_password, password_stdin: from_stdin, given, .. } = args;
    let way = portal::Way { school, space, login, password, portal, device, keep_password, from_stdin };
    match portal::login(gateway, name, way, given).await {
        Err(error) if portal::is_no_portal(&error) => Err(refused.into()),
        session => session,
    }
}

/// Signs in through a portal.
async fn through_portal(
    invocation: &Invocation,
    gateway: &Gateway,
    name: &ProfileName,
    mut args: LoginArgs,
) -> anyhow::Result<Session> {
    let (school, space) = school(&invocation.account)?;
    // Before anything is typed in vain.
    invocation.config.warn_of_portals();
    if let Some(id) = args.portal.ent.as_mut().filter(|id| !id.is_empty()) {
        let portal = gateway.portals().registry().usable(id).map_err(gateway::Error::from)?;
        id.clone_from(&portal.id);
    }
    let login = username(invocation.account.username.clone())?;
    let password = password(&args, &school, &login)?;
    let device = Device::new(args.device_name.as_str());
    let LoginArgs { portal, keep_password, password_stdin: from_stdin, given, .. } = args;
    let way = portal::Way { school, space, login, password, portal, device, keep_password, from_stdin };
    portal::login(gateway, name, way, given).await
}

/// Forgets the profile that the arguments name, or the default one.
pub(crate) fn logout(invocation: &Invocation) -> anyhow::Result<()> {
    let gateway = gateway(&invocation.config)?;
    let name = profile_name(&gateway, &invocation.account)?;
    gateway.profiles().remove(&name)?;
    told(
        invocation,
        "removed",
        name.as_str(),
        "is forgotten; the school still lists the device in the account's settings",
    )
}

/// Lists the profiles, or changes what they are.
pub(crate) fn profiles(invocation: &Invocation, args: &ProfilesArgs) -> anyhow::Result<()> {
    let gateway = gateway(&invocation.config)?;
    match &args.command {
        None => list(invocation, &gateway),
        Some(ProfilesCommand::Default { name }) => {
            gateway.profiles().set_default(&name.parse()?)?;
            told(invocation, "default", name, "is used when none is named")
        }
        Some(ProfilesCommand::Remove { name }) => {
            gateway.profiles().remove(&name.parse()?)?;
            told(invocation, "removed", name, "is forgotten")
        }
    }
}

fn told(invocation: &Invocation, what: &str, name: &str, sentence: &str) -> anyhow::Result<()> {
    if invocation.json {
        output::answer(&json!({ what: name }), &[])
    } else {
        output::line(format!("Profile `{name}` {sentence}."))
    }
}

fn list(invocation: &Invocation, gateway: &Gateway) -> anyhow::Result<()> {
    let profiles = gateway.profiles();
    let default = profiles.default_name()?;
    let mut table = table(output::look(), ["profile", "school", "space", "login", "portal", "last kept"]);
    let mut rows = Vec::new();
    for name in profiles.names()? {
        // One damaged profile does not hide the others.
        match profiles.describe(&name) {
            Ok(Profile { school, space, login, kept, pace, portal, .. }) => {
                let mark = if name == default { format!("{name} *") } else { name.to_string() };
                let through = match &portal {
                    Some(account) => account.portal.as_deref().unwrap_or("found each time"),
                    None => "",
                };
                let kept_at = kept.strftime("%F %H:%M").to_string();
                table.add_row([&mark, &school, space_name(space), &login, through, &kept_at].map(cell));
                rows.push(json!({
                    "name": name, "default": name == default, "school": school, "space": space, "login": login,
                    "kept": kept, "pace": pace, "portal": portal,
                }));
            }
            Err(error) => eprintln!("{error}\n{}", error.advice()),
        }
    }
    if invocation.json {
        output::answer(&rows, &[])
    } else if rows.is_empty() {
        output::line("There is no profile yet: `cartable pronote login` makes one.")
    } else {
        output::bytes(text_of(&table).as_bytes())
    }
}

fn credentials(invocation: &Invocation, args: &LoginArgs) -> anyhow::Result<(Credentials, Device)> {
    let device = Device::new(args.device_name.as_str());
    let account = &invocation.account;
    let credentials = if let Some(qr) = &args.qr {
        Credentials::QrCode { code: qr_code(qr)?, pin: pin(args)? }
    } else if let (Some(token), Some(id)) = (&args.token, &args.device_id) {
        let (school, space) = school(account)?;
        let device = Device { id: id.clone(), name: device.name };
        let token = read_token(token)?;
        let login = username(account.username.clone())?;
        let saved =
            SavedLogin { school: school.to_string(), space, login, token, device: device.clone(), navigator: None };
        return Ok((Credentials::Token(saved), device));
    } else {
        // Before anything is typed in vain.
        let (school, _) = school(account)?;
        let login = username(account.username.clone())?;
        let password = password(args, &school, &login)?;
        password_credentials(account, &login, password)?
    };
    Ok((credentials, device))
}

/// The code of a text or of a picture.
fn qr_code(given: &str) -> anyhow::Result<QrCode> {
    let text = match given.trim_start().starts_with('{') {
        true => given.to_owned(),
        false => picture::qr_text(&input::bytes_of(Path::new(given))?)?,
    };
    Ok(text.parse()?)
}

fn pin(args: &LoginArgs) -> anyhow::Result<SecretString> {
    let asked = || input::ask_secret("The PIN of the QR code");
    args.pin.clone().map_or_else(asked, |pin| Ok(Some(pin)))?.ok_or_else(|| {
        failure(Family::Usage, "a QR code needs its PIN", "Give the four digits chosen with it with --pin.")
    })
}

fn read_token(given: &SecretString) -> anyhow::Result<SecretString> {
    use secrecy::ExposeSecret as _;

    let read = match given.expose_secret() {
        "-" => input::secret_line()?,
        _ => Some(given.clone()),
    };
    read.ok_or_else(|| failure(Family::Usage, "no token was given", "Give it on the first line of standard input."))
}

fn username(given: Option<String>) -> anyhow::Result<String> {
    let asked = || input::ask("Login");
    let login = given.map_or_else(asked, |login| Ok(Some(login)))?;
    login.filter(|login| !login.trim().is_empty()).ok_or_else(|| {
        failure(Family::Usage, "no login was given", "Give --username, or set CARTABLE_PRONOTE_USERNAME.")
    })
}

fn password(args: &LoginArgs, school: &SchoolAddress, login: &str) -> anyhow::Result<SecretString> {
    let host = school.root().host_str().unwrap_or_default();
    let place = match args.portal.ent.as_deref() {
        None => host.to_owned(),
        Some("") => format!("the portal of {host}"),
        Some(id) => format!("the portal {id}"),
    };
    let given = match password_of_environment() {
        _ if args.password_stdin => input::secret_line()?,
        Some(password) => Some(password),
        None => input::ask_secret(&format!("Password of {login} at {place}"))?,
    };
    // None is sent in its place: it would be a refused sign-in.
    given.ok_or_else(|| {
        let advice = format!("Give it on standard input with --password-stdin, or set {PASSWORD}.");
        failure(Family::Usage, "no password was given", advice)
    })
}

/// Leaves politely; that it fails changes nothing.
async fn leave(session: Session) {
    if let Err(error) = session.log_out().await {
        tracing::debug!(%error, "The session was left without a word");
    }
}
