//! What a portal sign-in can end with (portals §2.16).

use jiff::Timestamp;
use pronote::Retry;

use crate::registry::Profile;

/// Why a sign-in did not get through, and at which site. No text holds a secret; what a portal said is plain text, at
/// most 300 characters, to be shown after the name of its host.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}{kind}{}", speaker(kind, .host.as_deref()), place(kind, .host.as_deref(), .said.as_deref()))]
pub struct Error {
    /// What happened.
    pub kind: Kind,
    /// The portal's identifier, when one was chosen.
    pub portal: Option<String>,
    /// The host it happened at.
    pub host: Option<String>,
    /// What that host said about it.
    pub said: Option<String>,
    /// Whether the password had been sent by then.
    pub evaluated: bool,
}

/// Before words of a portal's own: the host that they come from (portals §5 R15).
fn speaker(kind: &Kind, host: Option<&str>) -> String {
    host.filter(|_| kind.quotes()).map(|host| format!("{host}: ")).unwrap_or_default()
}

/// Where it was, unless that has been told, and what was said there: never without the host that said it.
fn place(kind: &Kind, host: Option<&str>, said: Option<&str>) -> String {
    match (host, said) {
        (None, _) => String::new(),
        (Some(host), Some(said)) => format!("; {host} says: “{said}”"),
        (Some(host), None) if kind.quotes() || kind.to_string().contains(host) => String::new(),
        (Some(host), None) => format!(" (at {host})"),
    }
}

/// The kinds of outcome (portals §2.16), and those of choosing a portal (portals §4.4).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The user name, the password or the kind of account is wrong.
    #[error("{idp} refuses this user name, this password, or this kind of account ({})", spoken(*.profile))]
    WrongCredentials {
        /// The site that checked them.
        idp: String,
        /// The kind of account that was asked for.
        profile: Profile,
    },
    /// The account is blocked.
    #[error("the account is blocked{}", if *.temporary { " for a while" } else { "" })]
    AccountLocked {
        /// For a while only.
        temporary: bool,
    },
    /// A new password has to be chosen.
    #[error("the portal asks for a new password")]
    PasswordRenewal,
    /// The account has to be activated.
    #[error("the account has not been activated yet")]
    ActivationRequired,
    /// The portal wants something else of the person: terms to accept, an address to confirm.
    #[error("the portal wants something that can only be done in a browser")]
    PortalAction,
    /// The portal asks who the person is, and has had no answer, or a wrong one.
    #[error("the portal asks for the date of birth")]
    IdentityConfirmation,
    /// The portal asks for a code.
    #[error("the portal asks for a code")]
    MfaRequired,
    /// The portal asks for a proof that no program is at work.
    #[error("the portal asks for a proof that no program is at work")]
    CaptchaRequired,
    /// Several accounts or schools are behind this one.
    #[error("the portal asks which account or school to open: {}", .options.join("; "))]
    ProfileChoice {
        /// Their names.
        options: Vec<String>,
    },
    /// The portal does not take the choice that was made.
    #[error("the portal does not take the way to sign in that was chosen")]
    SelectionRejected,
    /// The portal refuses this network.
    #[error("the portal refuses this network; the password was not looked at")]
    NetworkFiltered,
    /// The portal, or PRONOTE, is closed.
    #[error("{} is closed", if *.pronote { "PRONOTE" } else { "the portal" })]
    PortalClosed {
        /// PRONOTE is, not the portal.
        pronote: bool,
    },
    /// The portal has too much to do.
    #[error("the portal is overloaded")]
    PortalOverloaded,
    /// The portal does not know this PRONOTE.
    #[error("the portal does not accept this PRONOTE's address")]
    ServiceNotAllowed,
    /// The portal and PRONOTE send each other around.
    #[error("the portal and PRONOTE send each other around in circles")]
    ServiceLoop,
    /// The password is right, but the portal has no account for it.
    #[error("the portal has no account for this person")]
    NoPortalAccount,
    /// The portal accepts the account, PRONOTE does not.
    #[error("the portal accepts the account, but PRONOTE opens nothing for it")]
    NoPronoteAccess,
    /// PRONOTE wants its own login and password once, to know whose portal account this is.
    #[error("PRONOTE wants its own login and password once, to link the two accounts")]
    AccountBindingRequired,
    /// PRONOTE's vendor has suspended this network's address.
    #[error("PRONOTE has suspended this network's address{}", before(*.until))]
    IpSuspended {
        /// Until when nothing is sent.
        until: Option<Timestamp>,
    },
    /// Too many requests were made.
    #[error("too many requests were made{}", before(*.until))]
    RateLimited {
        /// Until when nothing is sent.
        until: Option<Timestamp>,
    },
    /// The portal is gone.
    #[error("this portal no longer exists{}", .replaced_by.as_ref().map(|id| format!("; `{id}` replaces it")).unwrap_or_default())]
    Retired {
        /// What replaces it.
        replaced_by: Option<String>,
    },
    /// The portal cannot be signed in through safely.
    #[error("this portal cannot be signed in through safely")]
    Refused,
    /// The way leads to a host that is none of this portal's.
    #[error("the way leads to {host}, which is not known to belong to this portal")]
    HostNotAllowed {
        /// The host.
        host: String,
    },
    /// The way leads to an address without TLS.
    #[error("the way leads to {host} without encryption")]
    Insecure {
        /// The host.
        host: String,
    },
    /// The form would send the password to a host that may not have it.
    #[error("the password would go to {host}, which may not have it for this portal")]
    CredentialHostRefused {
        /// The host.
        host: String,
    },
    /// A second site asks for a password after the first had it. It is never given (portals §5 R9).
    #[error("a second password is asked for")]
    SecondLoginRequested,
    /// The portal says something else than yes.
    #[error("the portal does not go on")]
    PortalMessage,
    /// A page that is not known.
    #[error("a page came that is not known{}", .title.as_ref().map(|title| format!(": “{title}”")).unwrap_or_default())]
    UnexpectedPage {
        /// Its title.
        title: Option<String>,
    },
    /// No answer in time.
    #[error("there was no answer in time")]
    Timeout,
    /// No connection, or one that was cut.
    #[error("the site cannot be reached, or cuts its answer short")]
    Unreachable,
    /// No secure connection.
    #[error("no secure connection can be made")]
    Tls,
    /// An answer is larger than any page of a sign-in.
    #[error("the answer is larger than a sign-in takes")]
    TooLarge,
    /// Redirects without an end, or more requests than any sign-in takes.
    #[error("the way has no end")]
    TooManyRedirects,
    /// This very password was refused there before; it is not sent again.
    #[error("this password was already refused there, and is not sent again{}", before(*.until))]
    AlreadyRefused {
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Passwords were sent within minutes and none was accepted; none is sent for now.
    #[error("several sign-ins of this account came to nothing{}", before(*.until))]
    TooManyAttempts {
        /// Until when.
        until: Option<Timestamp>,
    },
    /// The school signs people in through a portal that is not known.
    #[error("the school signs people in through {host}, which is no portal known here")]
    UnknownPortal {
        /// The portal's host.
        host: String,
    },
    /// The school's portal could be one of several.
    #[error("the school's portal may be any of these: {}", .candidates.join(", "))]
    AmbiguousPortal {
        /// Their identifiers.
        candidates: Vec<String>,
    },
    /// There is no portal of this identifier.
    #[error("there is no portal `{id}`")]
    NoSuchPortal {
        /// What was given in place of an identifier.
        id: String,
    },
    /// The school signs people in itself.
    #[error("the school has no portal: it signs people in itself")]
    NoPortal,
    /// The address is not PRONOTE's.
    #[error("the address is not one of PRONOTE")]
    NotPronote,
    /// This kind of account cannot sign in through this portal here.
    #[error("this kind of account ({}) cannot sign in through this portal here", spoken(*.profile))]
    ProfileNotSupported {
        /// The kind of account.
        profile: Profile,
    },
}

impl Kind {
    /// Whether it is told with words of the portal's own.
    fn quotes(&self) -> bool {
        matches!(self, Kind::UnexpectedPage { title: Some(_) } | Kind::ProfileChoice { .. })
    }
}

fn spoken(profile: Profile) -> &'static str {
    match profile {
        Profile::Pupil => "pupil",
        Profile::Guardian => "guardian",
        Profile::Staff => "staff",
    }
}

fn before(until: Option<Timestamp>) -> String {
    until.map(|until| format!("; nothing is sent before {until:.0}")).unwrap_or_default()
}

impl Error {
    /// Whether the school turns out to have no portal: it has a form of its own, or is at an address that none stands before.
    #[must_use]
    pub fn finds_no_portal(&self) -> bool {
        matches!(self.kind, Kind::NoPortal | Kind::NotPronote | Kind::Insecure { .. })
    }

    /// Whether trying again by itself can help, and from when. Never once the password was sent, but for what is closed:
    /// a renewal then waits, longer each time (portals §5 R8, R10).
    #[must_use]
    pub fn retry(&self) -> Retry {
        match &self.kind {
            Kind::PortalClosed { .. } | Kind::PortalOverloaded => Retry::Later(None),
            Kind::IpSuspended { until } | Kind::RateLimited { until } => Retry::Later(*until),
            Kind::Timeout | Kind::Unreachable if !self.evaluated => Retry::Later(None),
            _ => Retry::Never,
        }
    }

    /// What the person can do about it, in one or two sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        let site = self.host.as_deref().unwrap_or("the portal");
        match &self.kind {
            Kind::WrongCredentials { idp, profile } => {
                let other = match profile {
                    Profile::Pupil => "guardian",
                    _ => "pupil",
                };
                format!(
                    "Check them by signing in at {idp} in a browser. The kind of account may be the wrong one: is it a \
                     {other}'s?"
                )
            }
            Kind::AccountLocked { temporary: true } => {
                format!("Wait as long as {site} says, then sign in there in a browser first.")
            }
            Kind::AccountLocked { temporary: false } => format!("Unblock the account at {site}, or ask the school."),
            Kind::PasswordRenewal | Kind::ActivationRequired | Kind::PortalAction | Kind::CaptchaRequired => {
                format!("Sign in at {site} in a browser and do what it asks, then sign in here again. {HAND_OFF}")
            }
            Kind::IdentityConfirmation => {
                "Sign in again and give the date of birth: the pupil's own, or a child's.".to_owned()
            }
            Kind::MfaRequired => format!("Sign in again and give the code, or use a browser. {HAND_OFF}"),
            Kind::ProfileChoice { .. } => "Sign in again and choose one.".to_owned(),
            Kind::SelectionRejected => format!("Sign in at {site} in a browser to see what it offers. {HAND_OFF}"),
            Kind::NetworkFiltered => format!(
                "Use another network: such sites refuse data centres, VPNs and other countries. Nothing is wrong with \
                 the password as far as is known. {HAND_OFF}"
            ),
            Kind::PortalClosed { .. } => "Wait some hours; it is opened again by those who closed it.".to_owned(),
            Kind::PortalOverloaded => "Try again in some minutes.".to_owned(),
            Kind::ServiceNotAllowed | Kind::ServiceLoop => {
                format!("Check PRONOTE's address, letter for letter, and that the school uses this portal. {HAND_OFF}")
            }
            Kind::NoPortalAccount | Kind::NoPronoteAccess => {
                "Check the kind of account, then ask the school: it is there that the accounts are linked.".to_owned()
            }
            Kind::AccountBindingRequired => {
                "Open PRONOTE through the portal in a browser once, and give PRONOTE's own login there.".to_owned()
            }
            Kind::IpSuspended { .. } | Kind::RateLimited { .. } => {
                "Wait; nothing is sent to this school until then. Asking more often makes it last longer.".to_owned()
            }
            Kind::Retired { replaced_by: Some(id) } => format!("Choose the portal `{id}`."),
            Kind::ProfileNotSupported { .. } => {
                format!("Check the kind of account, and the space of PRONOTE. {HAND_OFF}")
            }
            Kind::Retired { replaced_by: None } | Kind::Refused => ALONE.to_owned(),
            Kind::HostNotAllowed { host } => format!(
                "`cartable pronote portals --host {host}` tells whether that is another portal: choose it then. If this one \
                 has moved there, update Cartable, or write a row for it once you are sure that it is the portal's. \
                 {HAND_OFF}"
            ),
            Kind::CredentialHostRefused { host } | Kind::UnknownPortal { host } => {
                format!(
                    "If the portal has moved to {host}, update Cartable, or write a row for it once you are sure that it \
                     is the portal's. {HAND_OFF}"
                )
            }
            Kind::Insecure { .. } => format!("Nothing is sent without encryption. {HAND_OFF}"),
            Kind::SecondLoginRequested | Kind::PortalMessage => {
                format!("Sign in at {site} in a browser to see what it wants. {HAND_OFF}")
            }
            Kind::UnexpectedPage { .. } | Kind::TooLarge | Kind::TooManyRedirects => {
                format!("Check the portal with `cartable pronote portals check`, and report what it prints. {HAND_OFF}")
            }
            Kind::Timeout | Kind::Unreachable => "Check the network, then try again in some minutes.".to_owned(),
            Kind::Tls => format!(
                "Check that a browser opens {site}. If its certificate chain is incomplete, add the missing certificate \
                 to the configuration."
            ),
            Kind::AlreadyRefused { .. } => {
                "Check the password in a browser and give the right one: repeating a wrong one blocks the account."
                    .to_owned()
            }
            Kind::TooManyAttempts { .. } => {
                "Wait until then. Meanwhile a browser shows whether the portal lets the account in.".to_owned()
            }
            Kind::AmbiguousPortal { .. } => "Choose one of them.".to_owned(),
            Kind::NoSuchPortal { .. } => {
                "Give an identifier, as `cartable pronote portals` lists them; words after it search.".to_owned()
            }
            Kind::NoPortal => "Sign in with PRONOTE's own login, without a portal.".to_owned(),
            Kind::NotPronote => {
                "Give PRONOTE's address, not the portal's: open PRONOTE from the portal in a browser and copy the \
                 address it then shows."
                    .to_owned()
            }
        }
    }

    /// For programs: the kind's name, such as `WRONG_CREDENTIALS`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            Kind::WrongCredentials { .. } => "WRONG_CREDENTIALS",
            Kind::AccountLocked { .. } => "ACCOUNT_LOCKED",
            Kind::PasswordRenewal => "PASSWORD_RENEWAL",
            Kind::ActivationRequired => "ACTIVATION_REQUIRED",
            Kind::PortalAction => "PORTAL_ACTION",
            Kind::IdentityConfirmation => "IDENTITY_CONFIRMATION",
            Kind::MfaRequired => "MFA_REQUIRED",
            Kind::CaptchaRequired => "CAPTCHA_REQUIRED",
            Kind::ProfileChoice { .. } => "PROFILE_CHOICE",
            Kind::SelectionRejected => "SELECTION_REJECTED",
            Kind::NetworkFiltered => "NETWORK_FILTERED",
            Kind::PortalClosed { .. } => "PORTAL_CLOSED",
            Kind::PortalOverloaded => "PORTAL_OVERLOADED",
            Kind::ServiceNotAllowed => "SERVICE_NOT_ALLOWED",
            Kind::ServiceLoop => "SERVICE_LOOP",
            Kind::NoPortalAccount => "NO_PORTAL_ACCOUNT",
            Kind::NoPronoteAccess => "NO_PRONOTE_ACCESS",
            Kind::AccountBindingRequired => "ACCOUNT_BINDING_REQUIRED",
            Kind::IpSuspended { .. } => "IP_SUSPENDED",
            Kind::RateLimited { .. } => "RATE_LIMITED",
            Kind::Retired { .. } => "RETIRED",
            Kind::Refused => "REFUSED",
            Kind::HostNotAllowed { .. } => "HOST_NOT_ALLOWED",
            Kind::Insecure { .. } => "INSECURE_ADDRESS",
            Kind::CredentialHostRefused { .. } => "CREDENTIAL_HOST_REFUSED",
            Kind::SecondLoginRequested => "SECOND_LOGIN_REQUESTED",
            Kind::PortalMessage => "PORTAL_MESSAGE",
            Kind::UnexpectedPage { .. } => "UNEXPECTED_PAGE",
            Kind::Timeout => "TIMEOUT",
            Kind::Unreachable => "UNREACHABLE",
            Kind::Tls => "TLS",
            Kind::TooLarge => "TOO_LARGE",
            Kind::TooManyRedirects => "TOO_MANY_REDIRECTS",
            Kind::AlreadyRefused { .. } => "ALREADY_REFUSED",
            Kind::TooManyAttempts { .. } => "TOO_MANY_ATTEMPTS",
            Kind::UnknownPortal { .. } => "UNKNOWN_PORTAL",
            Kind::AmbiguousPortal { .. } => "AMBIGUOUS_PORTAL",
            Kind::NoSuchPortal { .. } => "NO_SUCH_PORTAL",
            Kind::NoPortal => "NO_PORTAL",
            Kind::NotPronote => "NOT_PRONOTE",
            Kind::ProfileNotSupported { .. } => "PROFILE_NOT_SUPPORTED",
        }
    }
}

/// What works at every school, whatever its portal (portals §2.3).
const ALONE: &str = "Sign in with a QR code made in PRONOTE, which needs no portal.";
/// The same, after something else that may work.
const HAND_OFF: &str = "Or sign in with a QR code made in PRONOTE, which needs no portal.";
