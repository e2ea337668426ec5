//! What a school may ask before it opens an account: a PIN, a new password, a name for the device (protocol §5.13).

use std::collections::BTreeSet;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::handshake::{Verified, keep, saved_login};
use super::{Credentials, to_the_end};
use crate::channel::{Ask, Channel};
use crate::error::{Cause, Error, Step};
use crate::model::Instance;
use crate::session::{Renewal, Session, parse_payload};
use crate::wire::{Node, Set};

/// How many wrong PINs the official client allows before it gives up; a fourth could lock the account.
const MOST_PINS: u8 = 3;

/// Something the school asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// A new password of one's own.
    NewPassword,
    /// A choice between the ways to protect the account.
    ChooseStrategy,
    /// A new PIN, and a name for this device.
    NewPin,
    /// The PIN, and a name for this device.
    Pin,
    /// A new PIN in place of a forgotten one, and a name for this device.
    ResetPin,
    /// A name for this device.
    DeviceName,
    /// Something Cartable does not know.
    Other(u32),
}

impl Demand {
    fn of_code(code: u32) -> Self {
        match code {
            0 => Demand::NewPassword,
            1 => Demand::ChooseStrategy,
            2 => Demand::NewPin,
            3 => Demand::Pin,
            4 => Demand::ResetPin,
            5 => Demand::DeviceName,
            other => Demand::Other(other),
        }
    }

    pub(super) fn read_all(node: Node<'_>) -> Vec<Self> {
        node.read::<Set>("actionsDoubleAuth").map(|set| set.iter().map(Self::of_code).collect()).unwrap_or_default()
    }
}

/// A way to protect an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Nothing beyond the password.
    Inactive,
    /// A notice when an unknown device signs in.
    Notification,
    /// A PIN on unknown devices.
    Pin,
}

impl Strategy {
    fn of_code(code: u32) -> Option<Self> {
        [Strategy::Inactive, Strategy::Notification, Strategy::Pin].into_iter().find(|strategy| strategy.code() == code)
    }

    fn code(self) -> u32 {
        match self {
            Strategy::Inactive => 1,
            Strategy::Notification => 2,
            Strategy::Pin => 3,
        }
    }
}

/// A rule a new password must obey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordRule {
    /// One letter at least.
    Letter,
    /// One digit at least.
    Digit,
    /// One special character at least.
    Special,
    /// Small and capital letters.
    MixedCase,
    /// Not the login.
    NotTheLogin,
    /// A rule Cartable does not know.
    Other(u32),
}

/// What a new password must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PasswordRules {
    /// The fewest characters.
    pub least: u32,
    /// The most characters; none when there is no limit.
    pub most: Option<u32>,
    /// The rules.
    pub rules: Vec<PasswordRule>,
}

/// What the server says about the steps it asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The strategies to choose from.
    pub strategies: Vec<Strategy>,
    /// The strategy the school proposes.
    pub default_strategy: Option<Strategy>,
    /// What a new password must be like.
    pub password: PasswordRules,
    /// Whether a PIN has exactly four digits; otherwise at least four.
    pub fixed_pin: bool,
    /// Whether a forgotten PIN can be reset by e-mail.
    pub pin_reset: bool,
    /// The address it would go to, masked by the server.
    pub masked_email: Option<String>,
    /// The text shown when a new password is asked for.
    pub message: Option<String>,
}

impl Offer {
    pub(super) fn read(node: Node<'_>) -> Self {
        let strategies = node.read::<Set>("modesPossibles").unwrap_or_default();
        Offer {
            strategies: strategies.iter().filter_map(Strategy::of_code).collect(),
            default_strategy: node.read("modeSecurisationParDefaut").and_then(Strategy::of_code),
            password: node.get("reglesSaisieMDP").map(PasswordRules::read).unwrap_or_default(),
            fixed_pin: node.flag("codePINFixe"),
            pin_reset: node.flag("avecReinitPIN"),
            masked_email: node.read("emailOcculte"),
            message: node.read("messageForcerModificationMdp"),
        }
    }
}

impl PasswordRules {
    fn read(node: Node<'_>) -> Self {
        let rule = |code| match code {
            0 => PasswordRule::Letter,
            1 => PasswordRule::Digit,
            2 => PasswordRule::Special,
            3 => PasswordRule::MixedCase,
            4 => PasswordRule::NotTheLogin,
            other => PasswordRule::Other(other),
        };
        PasswordRules {
            least: node.read("min").unwrap_or(0),
            most: node.read::<u32>("max").filter(|most| *most > 0),
            rules: node.read::<Set>("regles").map(|rules| rules.iter().map(rule).collect()).unwrap_or_default(),
        }
    }
}

/// A person's answers to the demands. What is not demanded is not sent; the device is listed under its own name
/// ([`Device::name`](super::Device)), and one without a name is asked again next time.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The PIN, or the new one.
    pub pin: Option<SecretString>,
    /// The new password.
    pub new_password: Option<SecretString>,
    /// The strategy chosen.
    pub strategy: Option<Strategy>,
    /// The code received by e-mail, when a PIN is reset.
    pub reset_code: Option<SecretString>,
}

/// A sign-in that the server accepted, with steps left before it opens.
pub struct SecuritySteps {
    pending: Option<(Channel, Instance)>,
    demands: BTreeSet<Demand>,
    offer: Offer,
    renewal: Arc<Renewal>,
    login: String,
    wrong_pins: u8,
}

impl SecuritySteps {
    pub(super) fn new(verified: Verified, renewal: Arc<Renewal>) -> Self {
        let Verified { channel, instance, demands, offer, login, .. } = verified;
        SecuritySteps {
            pending: Some((channel, instance)),
            demands: demands.into_iter().collect(),
            offer,
            renewal,
            login,
            wrong_pins: 0,
        }
    }

    /// What the school asks for.
    #[must_use]
    pub fn demands(&self) -> Vec<Demand> {
        self.demands.iter().copied().collect()
    }

    /// What it says about it.
    #[must_use]
    pub fn offer(&self) -> &Offer {
        &self.offer
    }

    /// The error of a sign-in that meets these steps while nobody is there to answer them.
    #[must_use]
    pub fn unanswered(&self) -> Error {
        match &self.pending {
            Some((channel, _)) => channel.peer().error(&Step::Device, Cause::StepNeeded),
            None => Error::new(Step::Device, Cause::StepNeeded),
        }
    }

    /// Whether the school already lists a device of that name.
    ///
    /// # Errors
    /// At [`Step::Device`].
    pub async fn is_known_device(&mut self, name: &str) -> Result<bool, Error> {
        let answer = self.ask(json!({ "action": 2, "libelle": name })).await?;
        Ok(answer.known)
    }

    /// Asks for a code by e-mail, to reset a forgotten PIN.
    ///
    /// # Errors
    /// At [`Step::Device`]: also when the school sends none.
    pub async fn request_pin_reset(&mut self) -> Result<(), Error> {
        let answer = self.ask(json!({ "action": 10 })).await?;
        if answer.accepted { Ok(()) } else { Err(self.refused("to send a code")) }
    }

    /// Gives the answers, and opens the session when the school takes them. After a refusal it can be called again.
    ///
    /// # Errors
    /// At [`Step::Device`]: which answer is missing or was refused.
    pub async fn finish(&mut self, answers: &Answers) -> Result<Session, Error> {
        let mut record = json!({ "action": 3 });
        if let Some(password) =
            self.answer_to(&[Demand::NewPassword], answers.new_password.as_ref(), "a new password")?
        {
            record["nouveauMDP"] = self.encrypted(&password);
            let check = json!({ "action": 1, "nouveauMDP": record["nouveauMDP"] });
            if !self.ask(check).await?.accepted {
                return Err(self.refused("this new password"));
            }
        }
        if self.demands.contains(&Demand::ChooseStrategy) {
            let strategy = answers.strategy.or(self.offer.default_strategy);
            let strategy = strategy.ok_or_else(|| self.refused("to go on without a strategy"))?;
            record["mode"] = strategy.code().into();
        }
        if self.demands.contains(&Demand::ResetPin) {
            let code = self.answer_to(&[Demand::ResetPin], answers.reset_code.as_ref(), "a code from the e-mail")?;
            let code = code.map(|code| self.encrypted(&code));
            if !self.ask(json!({ "action": 11, "codePin": code })).await?.accepted {
                return Err(self.refused("this code"));
            }
            record["reinitPIN_OK"] = true.into();
            record["codePINVerifReinit"] = code.into();
        }
        let needs_pin = [Demand::Pin, Demand::NewPin, Demand::ResetPin];
        if let Some(pin) = self.answer_to(&needs_pin, answers.pin.as_ref(), "a PIN")? {
            record["codePin"] = self.encrypted(&pin);
            if self.demands.contains(&Demand::Pin) {
                self.check_pin(&record["codePin"]).await?;
            }
        }
        let label = self.renewal.sign_in.device.label();
        if !label.is_empty() {
            record["avecIdentification"] = true.into();
            record["strIdentification"] = label.into();
        }
        let Some(pending) = self.pending.take() else { return Err(Error::new(Step::Device, Cause::Expired)) };
        let recording = to_the_end(open(pending, record, Arc::clone(&self.renewal), self.login.clone()));
        let (pending, session) = recording.await;
        self.pending = pending;
        session
    }

    async fn check_pin(&mut self, encrypted: &Value) -> Result<(), Error> {
        if self.wrong_pins >= MOST_PINS {
            return Err(self.refused("any more PINs"));
        }
        if self.ask(json!({ "action": 0, "codePin": encrypted })).await?.accepted {
            return Ok(());
        }
        self.wrong_pins += 1;
        Err(self.refused("this PIN"))
    }

    /// The answer to any of some demands; `None` when none of them was made.
    fn answer_to(
        &self,
        demands: &[Demand],
        answer: Option<&SecretString>,
        what: &'static str,
    ) -> Result<Option<SecretString>, Error> {
        if !demands.iter().any(|demand| self.demands.contains(demand)) {
            return Ok(None);
        }
        answer.cloned().map(Some).ok_or_else(|| Error::new(Step::Device, Cause::AnswerNeeded(what)))
    }

    fn encrypted(&self, secret: &SecretString) -> Value {
        let keys = self.pending.as_ref().map(|(channel, _)| channel.keys());
        keys.map(|keys| keys.encrypt_hex(secret.expose_secret().trim().as_bytes())).into()
    }

    fn refused(&self, what: &'static str) -> Error {
        match &self.pending {
            Some((channel, _)) => channel.peer().error(&Step::Device, Cause::StepRefused(what)),
            None => Error::new(Step::Device, Cause::Expired),
        }
    }

    async fn ask(&mut self, data: Value) -> Result<StepAnswer, Error> {
        let (channel, _) = self.pending.as_mut().ok_or_else(|| Error::new(Step::Device, Cause::Expired))?;
        ask(channel, &data).await
    }
}

async fn ask(channel: &mut Channel, data: &Value) -> Result<StepAnswer, Error> {
    let ask = Ask { step: Step::Device, function: "SecurisationCompteDoubleAuth", data, signature: None };
    let answer = channel.call(ask).await?;
    let read = parse_payload(&answer, |payload| Ok(StepAnswer::read(payload.data)));
    read.map(|(answer, _)| answer).map_err(|cause| channel.peer().error(&Step::Device, cause))
}

/// Records the answers and opens the session. What the school did not take gives the line back, to try again.
async fn open(
    (mut channel, instance): (Channel, Instance),
    record: Value,
    renewal: Arc<Renewal>,
    login: String,
) -> (Option<(Channel, Instance)>, Result<Session, Error>) {
    let recorded = ask(&mut channel, &record).await.and_then(|recorded| match recorded.accepted {
        true => Ok(recorded),
        false => Err(channel.peer().error(&Step::Device, Cause::StepRefused("these answers"))),
    });
    let recorded = match recorded {
        Ok(recorded) => recorded,
        Err(error) => return (Some((channel, instance)), Err(error)),
    };
    let mut renewal = renewal;
    if let Some(token) = recorded.token {
        // It supersedes the one that came with the sign-in, or is the first.
        let saved = saved_login(&channel, &instance, &renewal.sign_in, login, token);
        if let Err(error) = keep(renewal.sign_in.keeper.as_ref(), Some(&saved)).await {
            return (None, Err(error.of_version(channel.peer().page.version)));
        }
        let (client, sign_in) = (renewal.client.clone(), renewal.sign_in.clone());
        renewal = Arc::new(Renewal { client, credentials: Some(Credentials::Token(saved)), sign_in });
    }
    (None, Session::open(channel, instance, renewal).await)
}

impl std::fmt::Debug for SecuritySteps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecuritySteps").field("demands", &self.demands).finish_non_exhaustive()
    }
}

/// The few fields the answers to these steps have.
struct StepAnswer {
    accepted: bool,
    known: bool,
    token: Option<SecretString>,
}

impl StepAnswer {
    fn read(node: Node<'_>) -> Self {
        let said = node.read::<bool>("result").or_else(|| node.read("ok"));
        StepAnswer {
            // Some servers only say what is wrong with a password.
            accepted: said.unwrap_or(!node.has("erreurMDP") && !node.has("messageErreur")),
            known: node.flag("dejaConnu"),
            token: node.read::<String>("jetonConnexionAppliMobile").filter(|token| !token.is_empty()).map(Into::into),
        }
    }
}
