//! `login --ent`: signing in through the school's portal, with whatever it asks at the terminal.

use clap::{Args, ValueEnum};
use gateway::{Error, Gateway, PortalAccount, ProfileName, ThroughPortal};
use portals::{Answer, Pending, Progress, Question, SignIn};
use pronote::login::{Device, Entrance, Landing};
use pronote::pace;
use pronote::{SchoolAddress, Session, Space};
use secrecy::{ExposeSecret as _, SecretString};

use crate::commands::pronote::session::{PASSWORD, enter};
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
    let kind = portal.ent_account.map(portals::Profile::from);
    let again = portal.again;
    let mut id = portal.ent.filter(|id| !id.is_empty());
    if id.is_none() && keep_password {
        // A password that is kept goes to this portal, not to wherever the school redirects by then.
        let client = gateway.client_for(&school);
        id = Some(gateway.portals().find(client, &school, space).await.map_err(Error::from)?);
    }
    let sign_in = SignIn { school, space, portal: id, profile: kind, login: login.clone(), password: password.clone() };
    let portal = sign_in.portal.clone();
    if again {
        forget_refusals(gateway, &sign_in);
    }
    let landing = landing(gateway, sign_in, from_stdin).await?;
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

/// Warns of a portal's password that others can read.
pub(super) fn warn_of_environment() {
    eprintln!(
        "warning: the portal's password is taken from {PASSWORD}, where other programs can read it; type it, or give it \
         with --password-stdin"
    );
}

/// Goes through the portal, and answers what it asks.
async fn landing(gateway: &Gateway, sign_in: SignIn, from_stdin: bool) -> anyhow::Result<Box<Landing>> {
    let mut progress = match gateway.through_portal(sign_in.clone()).await {
        Err(Error::Unconfirmed { portal, hosts }) => {
            confirm(gateway, &portal, &hosts)?;
            gateway.through_portal(SignIn { portal: Some(portal), ..sign_in }).await?
        }
        progress => progress?,
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

/// Shows where a portal that was added here would send the password, once.
fn confirm(gateway: &Gateway, id: &str, hosts: &[String]) -> anyhow::Result<()> {
    let question = format!("The portal `{id}` was added here. Is the password for {}? (yes/no)", hosts.join(", "));
    let unconfirmed = || Error::Unconfirmed { portal: id.to_owned(), hosts: hosts.to_vec() };
    let agreed = input::ask(&question)?.is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "yes" | "y"));
    let portal = gateway.portals().registry().get(id).filter(|_| agreed).ok_or_else(unconfirmed)?;
    Ok(gateway.trust(portal)?)
}

/// What the person says to a portal's question. It is typed again when it is no answer.
fn answer(asked: &Pending, from_stdin: bool) -> anyhow::Result<Answer> {
    let (host, question) = (line(asked.host()), asked.question());
    let what = match question {
        Question::BirthDate => {
            format!("{host} asks for the date of birth, of the pupil or of one child of a guardian (DD/MM/YYYY)")
        }
        Question::Code => format!("{host} asks for the code that it has sent, or that an application shows"),
        Question::Choice { options } => {
            eprintln!("{host} asks to choose:");
            for (place, option) in options.iter().enumerate() {
                eprintln!("  {} {}", place + 1, line(option));
            }
            "The number of the choice".to_owned()
        }
    };
    for _ in 0..MOST_TRIES {
        let typed = match question {
            _ if from_stdin => Some(input::secret_line()?).filter(|typed| !typed.expose_secret().is_empty()),
            Question::Choice { .. } => input::ask(&what)?.map(Into::into),
            Question::BirthDate | Question::Code => input::ask_secret(&what)?,
        };
        let Some(typed) = typed else { break };
        match question.answer(typed.expose_secret()) {
            Ok(answer) => return Ok(answer),
            Err(why) => eprintln!("{why}"),
        }
    }
    let advice = "Sign in at a terminal, where it is asked; or give the answer on the line after the password, with \
                  --password-stdin.";
    Err(failure(Family::Refused, what, advice))
}
