//! From an entry page to a session key (protocol §5.1 to §5.6).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::OwnedMutexGuard;
use transport::{Browser, Request};
use url::Url;

use super::steps::{Demand, Offer};
use super::{Client, Credentials, Device, Keeper, SavedLogin, SignIn};
use crate::address::{SchoolAddress, Space};
use crate::channel::{Ask, Channel, Peer};
use crate::error::{Cause, Error, Refusal, Secret, Step};
use crate::functions::{self, Context, Function, Payload};
use crate::model::{DeviceId, Instance};
use crate::protocol::challenge::{self, Rule};
use crate::protocol::cipher::{self, Keys};
use crate::protocol::page::{Closed, EntryPage};
use crate::protocol::{Generation, Version};
use crate::session::{Renewal, parse_payload};
use crate::wire::Node;

/// Passes by a portal in front of the school (protocol §1.3).
const BYPASS: &str = "A6ABB224-12DD-4E31-AD3E-8A39A1C2C335";

/// Mobile pages answer a telephone for sure.
const USER_AGENT: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

/// A session whose keys are agreed on, and who is about to prove who they are.
pub(super) struct Handshake {
    channel: Channel,
    instance: Instance,
    iv: [u8; 16],
    space: Space,
    claim: Claim,
    /// Nobody else of this process signs in at the school meanwhile.
    _door: OwnedMutexGuard<()>,
}

/// Who claims to sign in, and the proof, once a QR code is opened.
pub(super) struct Claim {
    secret_kind: Secret,
    login: String,
    secret: SecretString,
}

/// A sign-in that the server accepted.
pub(super) struct Verified {
    pub(super) channel: Channel,
    pub(super) instance: Instance,
    pub(super) demands: Vec<Demand>,
    pub(super) offer: Offer,
    /// The login that belongs to a token.
    pub(super) login: String,
    pub(super) saved: Option<SavedLogin>,
}

impl Handshake {
    /// Opens the entry page and agrees on keys.
    pub(super) async fn begin(client: &Client, sign_in: &SignIn) -> Result<Self, Error> {
        let (school, space, claim) = claim(&sign_in.credentials)?;
        let door = client.pacer.door(&school.key()).await;
        let may_try = |claim: Option<&Claim>, school: &SchoolAddress| match claim {
            Some(Claim { login, secret, .. }) => {
                let allowed = client.pacer.may_sign_in(&school.key(), space, login, secret.expose_secret());
                allowed.map_err(|paused| Error::new(Step::Identification, paused))
            }
            None => Ok(()),
        };
        may_try(claim.as_ref(), &school)?;
        let (browser, address, page) = match &sign_in.credentials {
            Credentials::Portal(landing) => {
                let browser = Browser::restore(&client.transport, landing.cookies.expose_secret());
                let browser = browser.map_err(|error| Error::new(Step::Bootstrap, error))?;
                (browser, landing.school.clone(), landing.page.clone())
            }
            credentials => {
                let browser = client.transport.browser();
                let (address, page) = open_page(client, &browser, &school, space, credentials).await?;
                (browser, address, page)
            }
        };
        // Refusals are counted where the school really is.
        may_try(claim.as_ref(), &address)?;
        let claim = match (claim, &page.portal) {
            (Some(claim), _) => claim,
            (None, Some(portal)) => Claim {
                secret_kind: Secret::Portal,
                login: portal.account.to_string(),
                secret: portal.key.as_str().into(),
            },
            (None, None) => {
                let host = address.root().host_str().unwrap_or_default().to_owned();
                return Err(Error::new(Step::Bootstrap, Cause::PortalRequired { host }).of_version(page.version));
            }
        };
        let (pacer, replays) = (client.pacer.clone(), client.replays.clone());
        let mut channel = Channel::new(Peer { address, browser, page, pacer, replays });

        let iv = cipher::random();
        let uuid = match &channel.peer().page.rsa {
            Some(key) => STANDARD.encode(key.encrypt(&iv)),
            None => STANDARD.encode(iv),
        };
        let request = functions::instance::Request { uuid, device_id: navigator_of(sign_in) };
        let context = Context::default();
        let data = request.arguments(&context);
        let ask =
            Ask { step: Step::KeyExchange, function: functions::instance::Request::NAME, data: &data, signature: None };
        let answer = channel.exchange_keys(ask, &iv).await.map_err(no_key_exchange)?;
        let read = |payload: Payload<'_>| functions::instance::Request::read(payload, &context);
        let (instance, _) =
            parse_payload(&answer, read).map_err(|cause| channel.peer().error(&Step::KeyExchange, cause))?;
        Ok(Handshake { channel, instance, iv, space, claim, _door: door })
    }

    /// Says who signs in, and proves it.
    pub(super) async fn prove(mut self, client: &Client, sign_in: &SignIn) -> Result<Verified, Error> {
        let step = Step::Identification;
        let data = self.identification(sign_in);
        let ask = Ask { step: step.clone(), function: "Identification", data: &data, signature: None };
        let answer = self.channel.call(ask).await?;
        let question = reading(&answer, Question::read).map_err(|cause| self.channel.peer().error(&step, cause))?;

        let step = Step::Challenge;
        let (keys, login) = self.temporary_keys(&question, sign_in);
        let rule = question.rule(self.channel.peer().page.version);
        let school = self.channel.peer().address.key();
        if rule == Rule::Scrambled && !is_encrypted(&question.challenge) {
            return Err(self.channel.peer().error(&step, Cause::Mismatch("kind of challenge")));
        }
        let Ok(solved) = challenge::answer(rule, &keys, &question.challenge) else {
            client.pacer.refused(&school, self.space, &self.claim.login, Some(self.claim.secret.expose_secret()));
            return Err(self.channel.peer().error(&step, Cause::Unopened(self.claim.secret_kind)));
        };
        let data = json!({
            "connexion": i32::from(sign_in.in_class),
            "challenge": solved,
            "espace": self.channel.peer().page.space,
        });
        let ask = Ask { step: step.clone(), function: "Authentification", data: &data, signature: None };
        let answer = self.channel.call(ask).await?;
        let kind = self.claim.secret_kind;
        let verdict = reading(&answer, |node| Verdict::read(node, kind))
            .map_err(|cause| self.channel.peer().error(&step, cause))?;
        let Verdict { key, token, login: canonical, demands, offer } = match verdict {
            Ok(verdict) => verdict,
            Err(refusal) => {
                // Other codes say something of the account, nothing of the secret.
                let wrong = matches!(refusal.code, None | Some(1)).then(|| self.claim.secret.expose_secret());
                client.pacer.refused(&school, self.space, &self.claim.login, wrong);
                return Err(self.channel.peer().error(&step, refusal));
            }
        };
        let key = challenge::session_key(&keys, &key)
            .map_err(|_| self.channel.peer().error(&step, Cause::Mismatch("session key")))?;
        self.channel.switch_key(&key);
        client.pacer.accepted(&school);

        let login = question.login.clone().or(canonical).unwrap_or(login);
        let saved = token.map(|token| saved_login(&self.channel, &self.instance, sign_in, login.clone(), token));
        keep(sign_in.keeper.as_ref(), saved.as_ref())
            .await
            .map_err(|error| error.of_version(self.channel.peer().page.version))?;
        Ok(Verified { channel: self.channel, instance: self.instance, demands, offer, login, saved })
    }

    /// The flags of each way to sign in are a table of their own (protocol §5.4).
    fn identification(&self, sign_in: &SignIn) -> Value {
        let kind = self.claim.secret_kind;
        let device = device_of(sign_in);
        let asks_token = kind == Secret::QrToken || (sign_in.ask_token && kind != Secret::DeviceToken);
        let mobile = asks_token || kind == Secret::DeviceToken;
        json!({
            "genreConnexion": i32::from(sign_in.in_class),
            "genreEspace": self.channel.peer().page.space,
            "identifiant": self.claim.login,
            "pourENT": kind == Secret::Portal,
            "enConnexionAuto": false,
            "demandeConnexionAuto": false,
            "enConnexionAppliMobile": kind == Secret::DeviceToken,
            "demandeConnexionAppliMobile": asks_token,
            "demandeConnexionAppliMobileJeton": kind == Secret::QrToken,
            "uuidAppliMobile": if mobile { device.id.as_str() } else { "" },
            "loginTokenSAV": "",
        })
    }

    /// The keys of the challenge, and the login they were made with (protocol §5.3).
    fn temporary_keys(&self, question: &Question, sign_in: &SignIn) -> (Keys, String) {
        let portal = self.claim.secret_kind == Secret::Portal;
        let mobile = sign_in.ask_token || self.claim.secret_kind != Secret::Password;
        let mut login = self.claim.login.trim().to_owned();
        if let Some(canonical) = question.login.as_ref().filter(|_| mobile && !portal) {
            login.clone_from(canonical);
        }
        if question.fold_login && !portal {
            login = login.to_lowercase();
        }
        let secret = self.claim.secret.expose_secret().trim();
        let secret: SecretString = match question.fold_secret && !portal {
            true => secret.to_lowercase().into(),
            false => secret.to_owned().into(),
        };
        let prefix = if portal { "" } else { login.as_str() };
        let material = challenge::temporary_key(prefix, &question.salt, secret.expose_secret());
        (Keys::new(material.as_bytes(), &self.iv), login)
    }
}

impl Verified {
    /// What a later renewal of this session signs in with: the token when there is one.
    pub(super) fn renewal(&self, client: &Client, sign_in: SignIn) -> Renewal {
        let credentials = match (&self.saved, &sign_in.credentials) {
            (Some(saved), _) => Some(Credentials::Token(saved.clone())),
            (None, Credentials::Password { .. }) => Some(sign_in.credentials.clone()),
            // A QR code is used up, and so is what a portal gave.
            (None, _) => None,
        };
        let navigator = self.instance.device_id.clone().or_else(|| navigator_of(&sign_in));
        Renewal { client: client.clone(), credentials, sign_in: SignIn { navigator, ..sign_in } }
    }
}

/// What to keep of a sign-in that gave a token.
pub(super) fn saved_login(
    channel: &Channel,
    instance: &Instance,
    sign_in: &SignIn,
    login: String,
    token: SecretString,
) -> SavedLogin {
    SavedLogin {
        school: channel.peer().address.to_string(),
        space: space_of(&sign_in.credentials),
        login,
        token,
        device: device_of(sign_in).clone(),
        navigator: instance.device_id.clone().or_else(|| navigator_of(sign_in)),
    }
}

/// Hands a login to its keeper, if there are both.
pub(super) async fn keep(keeper: Option<&Keeper>, saved: Option<&SavedLogin>) -> Result<(), Error> {
    match (keeper, saved) {
        (Some(keeper), Some(saved)) => {
            keeper.keep(saved.clone()).await.map_err(|error| Error::new(Step::Keeping, Cause::NotKept(error.into())))
        }
        _ => Ok(()),
    }
}

fn claim(credentials: &Credentials) -> Result<(SchoolAddress, Space, Option<Claim>), Error> {
    Ok(match credentials {
        Credentials::Password { school, space, login, password } => {
            let claim = Claim { secret_kind: Secret::Password, login: login.clone(), secret: password.clone() };
            (school.clone(), *space, Some(claim))
        }
        Credentials::QrCode { code, pin } => {
            let (login, secret) = code.open(pin)?;
            (code.school.clone(), code.space, Some(Claim { secret_kind: Secret::QrToken, login, secret }))
        }
        Credentials::Token(saved) => {
            let claim =
                Claim { secret_kind: Secret::DeviceToken, login: saved.login.clone(), secret: saved.token.clone() };
            (saved.school.parse()?, saved.space, Some(claim))
        }
        Credentials::Portal(landing) => (landing.school.clone(), landing.space, None),
    })
}

fn space_of(credentials: &Credentials) -> Space {
    match credentials {
        Credentials::Password { space, .. } => *space,
        Credentials::Portal(landing) => landing.space,
        Credentials::QrCode { code, .. } => code.space,
        Credentials::Token(saved) => saved.space,
    }
}

/// A token only works for the device it was given to.
fn device_of(sign_in: &SignIn) -> &Device {
    match &sign_in.credentials {
        Credentials::Token(saved) => &saved.device,
        _ => &sign_in.device,
    }
}

/// The identifier the school gave this device, as the caller or the saved login knows it.
fn navigator_of(sign_in: &SignIn) -> Option<DeviceId> {
    sign_in.navigator.clone().or_else(|| match &sign_in.credentials {
        Credentials::Token(saved) => saved.navigator.clone(),
        _ => None,
    })
}

/// Opens the page of a space, and asks the school for its own form rather than its portal's.
async fn open_page(
    client: &Client,
    browser: &Browser,
    school: &SchoolAddress,
    space: Space,
    credentials: &Credentials,
) -> Result<(SchoolAddress, EntryPage), Error> {
    let step = Step::Bootstrap;
    let query = match credentials {
        Credentials::Password { .. } => format!("?fd=1&login=true&bydlg={BYPASS}"),
        _ => "?fd=1&login=true".to_owned(),
    };
    let url = school.below(&format!("{}{query}", space.page()))?;
    client.pacer.pass(&school.key()).await.map_err(|paused| Error::new(step.clone(), paused))?;
    if matches!(credentials, Credentials::QrCode { .. } | Credentials::Token(_)) {
        let cookie = browser.set_cookie(&url, "appliMobile", "1");
        cookie.map_err(|error| Error::new(step.clone(), error))?;
    }
    let request = Request::get(&url)
        .header(transport::header::USER_AGENT, USER_AGENT)
        .map_err(|error| Error::new(step.clone(), error))?;
    let response = browser.follow(request).await.map_err(|error| Error::new(step.clone(), error))?;
    let text = response.text();
    let elsewhere = response.url.host() != url.host() || !is_a_space(&response.url);
    match EntryPage::parse(&text, response.header(transport::header::SERVER)) {
        Ok(page) => Ok((moved_to(school, &response.url), page)),
        Err(Closed::NotPronote | Closed::NoSpace) if !response.hops.is_empty() && elsewhere => {
            let host = response.url.host_str().unwrap_or_default().to_owned();
            Err(Error::new(step, Cause::PortalRequired { host }))
        }
        Err(closed @ (Closed::NotPronote | Closed::NoSpace))
            if response.status >= 500 || (closed == Closed::NotPronote && response.status != 200) =>
        {
            let refusal = client.pacer.page_refusal(&school.key(), response.status, &text);
            Err(Error::new(step, refusal.unwrap_or(Cause::Status(response.status))))
        }
        Err(closed) => Err(Error::new(step, client.pacer.closed(&school.key(), closed))),
    }
}

fn is_a_space(url: &Url) -> bool {
    url.path_segments().and_then(|mut segments| segments.next_back()).and_then(Space::of_page).is_some()
}

/// Where the page really came from: a school may have moved from http to https, or to another folder.
fn moved_to(school: &SchoolAddress, landed: &Url) -> SchoolAddress {
    landed.as_str().parse().unwrap_or_else(|_| school.clone())
}

/// Error 21 is about the IV, which no person can do anything about; everything else keeps its name.
fn no_key_exchange(error: Error) -> Error {
    match error.cause {
        Cause::Server { code: 21, .. } => Error { cause: Cause::Mismatch("way to send the key"), ..error },
        _ => error,
    }
}

/// Reads the data of a clear payload.
fn reading<T>(payload: &str, read: impl FnOnce(Node<'_>) -> Result<T, crate::wire::Malformed>) -> Result<T, Cause> {
    parse_payload(payload, |payload| read(payload.data)).map(|(value, _)| value)
}

/// The answer to `Identification`.
struct Question {
    challenge: String,
    salt: String,
    fold_login: bool,
    fold_secret: bool,
    login: Option<String>,
}

impl Question {
    fn read(node: Node<'_>) -> Result<Self, crate::wire::Malformed> {
        Ok(Question {
            challenge: node.need("challenge")?,
            salt: node.text("alea"),
            fold_login: node.read::<i64>("modeCompLog").is_some_and(|mode| mode > 0),
            fold_secret: node.read::<i64>("modeCompMdp").is_some_and(|mode| mode > 0),
            login: node.read::<String>("login").filter(|login| !login.is_empty()),
        })
    }

    /// From its version on the direct rule holds. Below, a server that does not tell its build may be newer than it
    /// looks: the length gives it away, since a scrambled challenge takes two blocks or more (protocol §5.5).
    fn rule(&self, version: Version) -> Rule {
        let untold = matches!(version.build(), None | Some(0));
        let direct = Generation::of(version) >= Generation::G26 || (untold && self.challenge.len() == 32);
        if direct { Rule::Direct } else { Rule::Scrambled }
    }
}

/// Whether a text can be encrypted bytes at all: if not, its secret is not to blame.
fn is_encrypted(text: &str) -> bool {
    cipher::unhex(text).is_some_and(|bytes| !bytes.is_empty() && bytes.len().is_multiple_of(16))
}

/// The answer to `Authentification`.
struct Verdict {
    key: String,
    token: Option<SecretString>,
    login: Option<String>,
    demands: Vec<Demand>,
    offer: Offer,
}

impl Verdict {
    fn read(node: Node<'_>, secret: Secret) -> Result<Result<Self, Refusal>, crate::wire::Malformed> {
        let Some(key) = node.read::<String>("cle").filter(|key| !key.is_empty()) else {
            let message = node.get("AccesMessage").and_then(|message| message.read("message"));
            return Ok(Err(Refusal { secret, code: node.read("Acces"), message }));
        };
        Ok(Ok(Verdict {
            key,
            token: node.read::<String>("jetonConnexionAppliMobile").filter(|token| !token.is_empty()).map(Into::into),
            login: node.read("login"),
            demands: Demand::read_all(node),
            offer: Offer::read(node),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Document, Json};

    fn rule(version: &str, challenge: usize) -> Rule {
        let json = Json::Object(vec![("challenge".into(), Json::Text("A".repeat(challenge).into()))]);
        let document = Document::new(&json);
        Question::read(document.root()).unwrap().rule(version.parse().unwrap())
    }

    #[test]
    fn the_build_or_the_length_of_the_challenge_settles_the_rule() {
        assert_eq!(rule("2026.2.5.7", 64), Rule::Direct);
        assert_eq!(rule("2026.2.5.5", 32), Rule::Scrambled);
        assert_eq!(rule("2026.2.5", 32), Rule::Direct);
        assert_eq!(rule("2026.2.5.0", 32), Rule::Direct);
        assert_eq!(rule("2026.1.3", 96), Rule::Scrambled);
        assert_eq!(rule("2027.1.2", 64), Rule::Direct, "a longer challenge of a later year is no reason to go back");
    }

    #[test]
    fn a_damaged_challenge_is_not_the_password_s_fault() {
        for text in ["", "xyz", "00ff", &"0".repeat(31)] {
            assert!(!is_encrypted(text), "{text}");
        }
        assert!(is_encrypted(&"0A".repeat(32)));
    }
}
