//! What is asked after the password: a PIN, a device's name, a new password, a strategy (protocol §5.13).

use std::collections::BTreeSet;

use pronote::protocol::challenge::random_text;
use serde_json::{Value, json};

use super::Server;
use super::credentials::Device;
use super::session::{Session, Stage};
use crate::pages::{Refusal, write};
use crate::school::{Account, AccountId, SecondFactor};

/// The numbers of the actions asked (`actionsDoubleAuth`).
mod asked {
    pub(super) const NEW_PASSWORD: u8 = 0;
    pub(super) const STRATEGY: u8 = 1;
    pub(super) const CHOOSE_PIN: u8 = 2;
    pub(super) const ENTER_PIN: u8 = 3;
    pub(super) const RESET_PIN: u8 = 4;
    pub(super) const NAME_DEVICE: u8 = 5;
}

/// The numbers of the strategies.
mod strategy {
    pub(super) const INACTIVE: u8 = 1;
    pub(super) const NOTIFICATION: u8 = 2;
    pub(super) const PIN: u8 = 3;
}

/// Whoever mistypes the PIN so often has to sign in again.
const MOST_WRONG_PINS: u8 = 3;

/// The fewest characters of a password.
const SHORTEST_PASSWORD: usize = 8;

/// The most characters of a device's name.
const LONGEST_LABEL: usize = 30;

/// A sign-in that has steps left.
pub(super) struct Pending {
    pub(super) account: AccountId,
    actions: BTreeSet<u8>,
    phone: String,
    wrong_pins: u8,
    reset_code: Option<String>,
}

/// Decides whether steps are left after the password, and says which in the answer of `Authentification`.
pub(super) fn begin(
    server: &Server,
    session: &Session,
    account: &Account,
    factor: &SecondFactor,
    phone: &str,
    answer: &mut Value,
) -> Stage {
    let device = if phone.is_empty() { &session.navigator } else { phone };
    if factor.actions.is_empty() || server.credentials().knows_device(account.id, device) {
        return Stage::Open(account.id);
    }
    let actions: BTreeSet<u8> = factor.actions.iter().copied().collect();
    // One client reads this set as JSON: no ranges.
    answer["actionsDoubleAuth"] = write::typed(26, json!(actions).to_string());
    answer["modesPossibles"] = write::typed(26, "[1,2,3]");
    answer["modeSecurisationParDefaut"] = json!(strategy::PIN);
    answer["reglesSaisieMDP"] = password_rules();
    answer["codePINFixe"] = json!(false);
    answer["avecReinitPIN"] = json!(true);
    if actions.contains(&asked::NEW_PASSWORD) {
        answer["messageForcerModificationMdp"] = json!("Vous devez personnaliser votre mot de passe.");
    }
    Stage::Pending(Box::new(Pending {
        account: account.id,
        actions,
        phone: phone.to_owned(),
        wrong_pins: 0,
        reset_code: None,
    }))
}

/// At least eight characters, with a letter and a digit, other than the login; no maximum.
fn password_rules() -> Value {
    json!({ "min": SHORTEST_PASSWORD, "max": 0, "regles": { "_T": 26, "V": "[0,1,4]" } })
}

/// `SecurisationCompteDoubleAuth`: one step, or with action 3 all that were asked.
pub(super) fn step(server: &Server, session: &mut Session, data: &Value) -> Result<Value, Refusal> {
    let Stage::Pending(mut pending) = std::mem::replace(&mut session.stage, Stage::Closed) else {
        return Err(super::refusals::too_early());
    };
    let answer = pending.act(server, session, data);
    if pending.wrong_pins >= MOST_WRONG_PINS {
        session.close();
    } else if matches!(session.stage, Stage::Closed) {
        session.stage = Stage::Pending(pending);
    }
    answer
}

impl Pending {
    fn act(&mut self, server: &Server, session: &mut Session, data: &Value) -> Result<Value, Refusal> {
        let account = server.school().accounts.get(self.account).cloned();
        let Some(account) = account else { return Err(super::refusals::too_early()) };
        let secret = |name: &str| open(session, data, name);
        match data["action"].as_i64() {
            Some(0) => Ok(json!({ "result": self.check_pin(&account, secret("codePin").as_deref()) })),
            Some(1) => Ok(password_report(&account, secret("nouveauMDP").as_deref())),
            Some(2) => {
                let label = data["libelle"].as_str().unwrap_or_default().trim();
                Ok(json!({ "dejaConnu": server.credentials().knows_label(self.account, label) }))
            }
            Some(3) => self.record(server, session, &account, data),
            Some(10) => {
                let code = random_text::<3>();
                let school = server.school();
                let address = school.people.get(account.person).map(|person| person.email.clone()).unwrap_or_default();
                server.journal.mail(address, code.clone());
                self.reset_code = Some(code);
                Ok(json!({ "ok": true }))
            }
            Some(11) => Ok(json!({ "result": self.reset_code.is_some() && self.reset_code == secret("codePin") })),
            _ => Err(Refusal::denied("Cette action de sécurisation n'existe pas.")),
        }
    }

    fn check_pin(&mut self, account: &Account, pin: Option<&str>) -> bool {
        let right = account.second_factor.as_ref().and_then(|factor| factor.pin.as_deref());
        let good = pin.is_some() && pin == right;
        if !good {
            self.wrong_pins += 1;
        }
        good
    }

    /// Action 3: everything that was asked must be there and right; then the account changes and the session opens.
    fn record(
        &mut self,
        server: &Server,
        session: &mut Session,
        account: &Account,
        data: &Value,
    ) -> Result<Value, Refusal> {
        let password = open(session, data, "nouveauMDP");
        let pin = open(session, data, "codePin");
        let strategy = data["mode"].as_u64().and_then(|mode| u8::try_from(mode).ok());
        let label = data["strIdentification"].as_str().map(str::trim).filter(|label| !label.is_empty());
        let asked = |action| self.actions.contains(&action);

        if asked(asked::NEW_PASSWORD) {
            let report = password_report(account, password.as_deref());
            if report["result"] != json!(true) {
                return Ok(report);
            }
        }
        // Whoever chooses a strategy other than the PIN need not choose a PIN.
        let wants_pin = strategy.is_none_or(|strategy| strategy == strategy::PIN);
        let new_pin = (asked(asked::STRATEGY) && strategy == Some(strategy::PIN))
            || (asked(asked::CHOOSE_PIN) && wants_pin)
            || asked(asked::RESET_PIN);
        let strategy_is_good = !asked(asked::STRATEGY) || strategy.is_some_and(|strategy| (1..=3).contains(&strategy));
        let code_is_good = !asked(asked::RESET_PIN)
            || (self.reset_code.is_some() && self.reset_code == open(session, data, "codePINVerifReinit"));
        let pin_is_good = !new_pin || pin.as_deref().is_some_and(is_pin);
        let label_is_good = label.is_none_or(|label| label.chars().count() <= LONGEST_LABEL)
            && (label.is_some() || !asked(asked::NAME_DEVICE));
        if asked(asked::ENTER_PIN) && !new_pin && !self.check_pin(account, pin.as_deref()) {
            return Ok(json!({ "result": false }));
        }
        if !(strategy_is_good && code_is_good && pin_is_good && label_is_good) {
            return Ok(json!({ "result": false }));
        }

        let mut school = server.school();
        if let Some(account) = school.accounts.get_mut(self.account) {
            if let Some(password) = password.filter(|_| self.actions.contains(&asked::NEW_PASSWORD)) {
                account.password = password;
            }
            if let Some(factor) = &mut account.second_factor {
                if new_pin {
                    factor.pin = pin;
                }
                factor.strategy = strategy.unwrap_or(factor.strategy);
                factor.actions = actions_of(factor.strategy, factor.pin.is_some());
            }
        }
        drop(school);
        let mut answer = json!({ "result": true });
        let mut credentials = server.credentials();
        if let Some(label) = label {
            let device = if self.phone.is_empty() { &session.navigator } else { &self.phone };
            credentials.remember_device(self.account, device, label);
        }
        // Whoever only proved who they are keeps the token of this sign-in; one client knows of no other.
        let changed = self.actions.iter().any(|action| ![asked::ENTER_PIN, asked::NAME_DEVICE].contains(action));
        if changed && !self.phone.is_empty() {
            let rotation = credentials.rotate(self.account, Device::Mobile(self.phone.clone()));
            answer["jetonConnexionAppliMobile"] = json!(rotation.new_token());
            session.rotation = Some(rotation);
        }
        session.stage = Stage::Open(self.account);
        Ok(answer)
    }
}

/// What an unknown device is asked under a strategy.
fn actions_of(strategy: u8, has_pin: bool) -> Vec<u8> {
    match strategy {
        strategy::INACTIVE => Vec::new(),
        strategy::NOTIFICATION => vec![asked::NAME_DEVICE],
        strategy::PIN if has_pin => vec![asked::ENTER_PIN],
        _ => vec![asked::CHOOSE_PIN],
    }
}

/// `SecurisationComptePreference`: the account page, once signed in.
pub(super) fn preference(
    server: &Server,
    session: &Session,
    account: AccountId,
    data: &Value,
) -> Result<Value, Refusal> {
    let secret = |name: &str| open(session, data, name);
    let mut school = server.school();
    let Some(account) = school.accounts.get_mut(account) else { return Err(super::refusals::too_early()) };
    let has_old_password = secret("ancienMDP").is_some_and(|old| old == account.password);
    match data["action"].as_i64() {
        Some(4) => {
            let mode =
                data["mode"].as_u64().and_then(|mode| u8::try_from(mode).ok()).filter(|mode| (1..=3).contains(mode));
            let Some(mode) = mode else { return Ok(json!({ "result": false })) };
            let factor =
                account.second_factor.get_or_insert(SecondFactor { pin: None, actions: Vec::new(), strategy: 0 });
            if factor.pin.is_some() && secret("ancienCodePin") != factor.pin {
                return Ok(json!({ "result": false }));
            }
            factor.strategy = mode;
            factor.actions = actions_of(mode, factor.pin.is_some());
            Ok(json!({ "result": true }))
        }
        Some(5) => {
            let factor =
                account.second_factor.get_or_insert(SecondFactor { pin: None, actions: Vec::new(), strategy: 0 });
            let pin = secret("codePin").filter(|pin| is_pin(pin));
            if pin.is_none() || (factor.pin.is_some() && secret("ancienCodePin") != factor.pin) {
                return Ok(json!({ "result": false }));
            }
            factor.pin = pin;
            factor.strategy = strategy::PIN;
            factor.actions = actions_of(factor.strategy, true);
            Ok(json!({ "result": true }))
        }
        Some(6) => Ok(json!({ "result": true })),
        Some(7) => {
            server.credentials().forget_devices(account.id);
            Ok(json!({ "result": true }))
        }
        Some(8) if has_old_password => {
            let report = password_report(account, secret("nouveauMDP").as_deref());
            if let (true, Some(password)) = (report["result"] == json!(true), secret("nouveauMDP")) {
                account.password = password;
                server.credentials().forget_tokens(account.id);
            }
            Ok(report)
        }
        Some(9) if has_old_password => {
            match secret("identifiant").or_else(|| data["identifiant"].as_str().map(str::to_owned)) {
                Some(login) if !login.trim().is_empty() => {
                    account.login = login.trim().to_lowercase();
                    Ok(json!({ "result": true }))
                }
                _ => Ok(json!({ "result": false })),
            }
        }
        Some(8 | 9) => Ok(json!({ "result": false, "erreurMDP": { "erreurAncienMDP": true } })),
        _ => Err(Refusal::denied("Cette action de sécurisation n'existe pas.")),
    }
}

/// A field under the session key; none when it is absent or does not decrypt.
fn open(session: &Session, data: &Value, name: &str) -> Option<String> {
    let clear = session.keys.decrypt_hex(data[name].as_str()?).ok()?;
    String::from_utf8(clear).ok()
}

fn is_pin(pin: &str) -> bool {
    pin.len() >= 4 && pin.len() <= 16 && pin.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a password may become the account's, in both styles that clients look for.
fn password_report(account: &Account, password: Option<&str>) -> Value {
    let password = password.unwrap_or_default();
    let broken: Vec<u32> = [
        (0, password.chars().any(char::is_alphabetic)),
        (1, password.chars().any(|character| character.is_ascii_digit())),
        (4, !password.eq_ignore_ascii_case(&account.login)),
    ]
    .into_iter()
    .filter_map(|(rule, kept)| (!kept).then_some(rule))
    .collect();
    let short = password.chars().count() < SHORTEST_PASSWORD;
    let same = password == account.password;
    if broken.is_empty() && !short && !same {
        return json!({ "result": true });
    }
    json!({
        "result": false,
        "erreurMDP": {
            "erreurTailleMDP": short,
            "reglesNonRespectes": write::set(broken),
            "erreurAncienMDP": same,
        },
        "reglesSaisieMDP": password_rules(),
    })
}
