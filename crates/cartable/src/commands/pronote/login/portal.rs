//! `login --ent`: signing in through the school's portal, with whatever it asks at the terminal.

use clap::{Args, ValueEnum};
use gateway::{Error, Gateway, PortalAccount, ProfileName, ThroughPortal};
use portals::{Answer, Kind, Pending, Progress, Question, SignIn};
use pronote::login::{Device, Entrance, Landing};
use pronote::pace;
use pronote::{SchoolAddress, Session, Space};
use secrecy::{ExposeSecret as _, SecretString};

use crate::commands::pronote::session::{PASSWORD, enter, password_of_environment};
use crate::commands::pronote::steps::{self, Answered, Given};
use crate::exit::{Family, failure};
use crate::input;
use crate::present::line;

/// How often an answer that is none may be typed again.
const MOST_TRIES: usize = 3;

/// The options of a sign-in through a portal.
#[derive(Debug, Clone, Args)]
pub(crate) struct PortalArgs {
    /// Sign in through the school's portal (ENT): the one of that identifier, or the one that the school's redirect
    /// leads to. `cartable pronote portals` lists them
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["qr", "token"])]
    pub(super) ent: Option<String>,
    /// The kind of account at the portal [default: the one that goes with the space]
    #[arg(long, value_name = "KIND", requires = "ent")]
    ent_account: Option<Account>,
    /// Send a password that the portal has refused before: it has been changed there since, to this one
    #[arg(long, requires = "ent")]
    again: bool,
}

/// A kind of account, as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Account {
    /// A pupil's
    Pupil,
    /// A parent's or guardian's
    Guardian,
    /// A teacher's, or other staff's
    Staff,
}

impl From<Account> for portals::Profile {
    fn from(account: Account) -> Self {
        match account {
            Account::Pupil => portals::Profile::Pupil,
            Account::Guardian => portals::Profile::Guardian,
            Account::Staff => portals::Profile::Staff,
        }
    }
}

/// An account that is to be signed in to through a portal.
pub(super) struct Way {
    pub(super) school: SchoolAddress,
    pub(super) space: Space,
    pub(super) login: String,
    pub(super) password: SecretString,
    pub(super) portal: PortalArgs,
    pub(super) device: Device,
    pub(super) keep_password: bool,
    /// Whether answers come line by line from standard input, as the password did.
    pub(super) from_stdin: bool,
}

/// Signs in through the portal, and keeps what the school gives for the next time.
pub(super) async fn login(gateway: &Gateway, name: &ProfileName, way: Way, given: Given) -> anyhow::Result<Session> {
    let Way { school, space, login, password, portal, device, keep_password, from_stdin } = way;
    let PortalArgs { ent, ent_account, again } = portal;
    if !from_stdin && password_of_environment().is_some() {
        eprintln!(
            "warning: the portal's password is taken from {PASSWORD}, where other programs can read it; type it, or give \
             it with --password-stdin"
        );
    }
    let (portal, profile) = (ent.filter(|id| !id.is_empty()), ent_account.map(portals::Profile::from));
    let mut sign_in = SignIn { school, space, portal, profile, login, password };
    if sign_in.portal.is_none() && keep_password {
        // A password that is kept goes to this portal, not to wherever the school redirects by then.
        let found = gateway.portals().find(gateway.client_for(&sign_in.school), &sign_in.school, space).await;
        sign_in.portal = Some(found.or_else(|error| which(gateway, error))?);
    }
    if again {
        forget_refusals(gateway, &sign_in);
    }
    let landing = landing(gateway, &mut sign_in, from_stdin).await?;
    let SignIn { portal, profile: kind, login, password, .. } = sign_in;
    let (session, given) = match gateway.land(landing, &device).await? {
        Entrance::Open(session) => (session, given),
        Entrance::Steps(asked) => {
            let Answered { session, given, .. } = steps::answer(*asked, given).await?;
            (session, given)
        }
    };
    let account = PortalAccount { portal, kind, login };
    let password = keep_password.then_some(password);
    let entrance =
        gateway.take_over(name, session, space, ThroughPortal { account, password, device, write: false }).await?;
    enter(gateway, name, entrance, given).await
}

/// Forgets that the portal has refused passwords of this account.
fn forget_refusals(gateway: &Gateway, sign_in: &SignIn) {
    let pacer = gateway.client_for(&sign_in.school).pacer();
    let registry = gateway.portals().registry();
    let named = sign_in.portal.as_deref().and_then(|id| registry.get(id));
    let portals = registry.iter().filter(|portal| named.is_none_or(|named| named.id == portal.id));
    for host in portals.flat_map(|portal| &portal.credential_hosts) {
        pacer.forget_refusals(&pace::PortalAccount { host, login: &sign_in.login, kind: "" });
    }
}

/// Whether a school turned out to have no portal.
pub(super) fn is_no_portal(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Error::Portal(error)) if error.finds_no_portal())
}

/// Goes through the portal, and answers what it asks. A portal that the person chooses is named in the sign-in.
async fn landing(gateway: &Gateway, sign_in: &mut SignIn, from_stdin: bool) -> anyhow::Result<Box<Landing>> {
    let mut progress = loop {
        match gateway.through_portal(sign_in.clone()).await {
            Err(Error::Unconfirmed { portal, hosts }) => {
                confirm(gateway, &portal, &hosts)?;
                sign_in.portal = Some(portal);
            }
            Err(Error::Portal(error)) if sign_in.portal.is_none() => {
                sign_in.portal = Some(which(gateway, *error)?);
            }
            progress => break progress?,
        }
    };
    loop {
        match progress {
            Progress::Landed(landing) => return Ok(landing),
            Progress::Question(asked) => {
                let answer = answer(&asked, from_stdin)?;
                progress = asked.answer(answer).await.map_err(Error::from)?;
            }
        }
    }
}

/// Where a school's portal may be one of several, the person says which (portals §4.4): none is tried.
fn which(gateway: &Gateway, error: portals::Error) -> anyhow::Result<String> {
    if let Kind::AmbiguousPortal { candidates } = &error.kind
        && input::is_interactive()
    {
        let registry = gateway.portals().registry();
        let named = |id: &String| match registry.get(id) {
            Some(portal) => format!("{id}: {}", portal.display),
            None => id.clone(),
        };
        let question = Question::Choice { options: candidates.iter().map(named).collect() };
        let chosen = typed(&question, "The school's portal may be any of these", false)?;
        if let Some(id) = chosen.and_then(|answer| answer.choice()).and_then(|place| candidates.get(place)) {
            return Ok(id.clone());
        }
    }
    Err(Error::from(error).into())
}

/// Shows where a portal that was added here would send the password, once.
fn confirm(gateway: &Gateway, id: &str, hosts: &[String]) -> anyhow::Result<()> {
    let question = format!("The portal `{id}` was added here. Is the password for {}? (yes/no)", hosts.join(", "));
    let unconfirmed = || Error::Unconfirmed { portal: id.to_owned(), hosts: hosts.to_vec() };
    let agreed = input::ask(&question)?.is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "yes" | "y"));
    let portal = gateway.portals().registry().get(id).filter(|_| agreed).ok_or_else(unconfirmed)?;
    Ok(gateway.trust(portal)?)
}

/// What the person says to a portal's question.
fn answer(asked: &Pending, from_stdin: bool) -> anyhow::Result<Answer> {
    let (host, question) = (line(asked.host()), asked.question());
    let what = match question {
        Question::BirthDate => {
            format!("{host} asks for the date of birth, of the pupil or of one child of a guardian (DD/MM/YYYY)")
        }
        Question::Code => format!("{host} asks for the code that it has sent, or that an application shows"),
        Question::Choice { .. } => format!("{host} asks to choose"),
    };
    if let Some(answer) = typed(question, &what, from_stdin)? {
        return Ok(answer);
    }
    let advice = match input::is_interactive() && !from_stdin {
        true => "Nothing was answered. Sign in again, and answer what is asked.",
        false => {
            "Sign in at a terminal, where it is asked; or give the answer on the line after the password, with \
             --password-stdin."
        }
    };
    Err(failure(Family::Refused, what, advice))
}

/// What is typed as an answer, again when it is none; `None` when nobody answers.
fn typed(question: &Question, what: &str, from_stdin: bool) -> anyhow::Result<Option<Answer>> {
    if let Question::Choice { options } = question {
        eprintln!("{what}:");
        for (place, option) in options.iter().enumerate() {
            eprintln!("  {} {}", place + 1, line(option));
        }
    }
    for _ in 0..MOST_TRIES {
        let typed = match question {
            _ if from_stdin => input::secret_line()?,
            Question::Choice { .. } => input::ask("The number of the choice")?.map(Into::into),
            Question::BirthDate | Question::Code => input::ask_secret(what)?,
        };
        let Some(typed) = typed else { break };
        match question.answer(typed.expose_secret()) {
            Ok(answer) => return Ok(Some(answer)),
            Err(why) => eprintln!("{why}"),
        }
    }
    Ok(None)
}
