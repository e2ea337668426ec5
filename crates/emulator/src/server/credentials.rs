//! What the server has given out besides passwords: mobile tokens, QR codes, known devices, portal cookies.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pronote::protocol::challenge::random_text;

use crate::school::AccountId;

/// How long a QR code may be used.
const CODE_LIFE: Duration = Duration::from_secs(600);

/// The most devices an account keeps tokens for; the one unused for longest loses its own.
const MOST_DEVICES: usize = 16;

/// What a token is bound to besides its account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Device {
    /// A phone, by `uuidAppliMobile`.
    Mobile(String),
    /// A browser, by `identifiantNav`.
    Browser(String),
}

/// A token that took the place of another.
#[derive(Debug, Clone)]
pub(super) struct Rotation {
    account: AccountId,
    device: Device,
    old: Option<String>,
    new: String,
}

impl Rotation {
    /// The token that is good now.
    pub(super) fn new_token(&self) -> &str {
        &self.new
    }
}

/// Everything that was given out.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    /// In the order of their last use.
    tokens: Vec<(AccountId, Device, String)>,
    codes: BTreeMap<AccountId, (String, Instant)>,
    /// With the names they were given.
    devices: BTreeMap<(AccountId, String), String>,
    portal: BTreeMap<String, String>,
}

impl Credentials {
    /// The token of an account on a device.
    pub(super) fn token(&self, account: AccountId, device: &Device) -> Option<&str> {
        self.tokens.iter().find(|token| (token.0, &token.1) == (account, device)).map(|token| token.2.as_str())
    }

    /// Gives a device a new token; its old one is good no more.
    pub(super) fn rotate(&mut self, account: AccountId, device: Device) -> Rotation {
        let new = random_text::<32>();
        let old = self.set(account, &device, Some(new.clone()));
        Rotation { account, device, old, new }
    }

    /// Takes a rotation back: the device never heard of it.
    pub(super) fn undo(&mut self, rotation: &Rotation) {
        self.set(rotation.account, &rotation.device, rotation.old.clone());
    }

    /// Lets a rotation happen after all.
    pub(super) fn redo(&mut self, rotation: &Rotation) {
        self.set(rotation.account, &rotation.device, Some(rotation.new.clone()));
    }

    fn set(&mut self, account: AccountId, device: &Device, token: Option<String>) -> Option<String> {
        let at = self.tokens.iter().position(|token| (token.0, &token.1) == (account, device));
        let old = at.map(|at| self.tokens.remove(at).2);
        if let Some(token) = token {
            if self.tokens.iter().filter(|token| token.0 == account).count() >= MOST_DEVICES
                && let Some(oldest) = self.tokens.iter().position(|token| token.0 == account)
            {
                self.tokens.remove(oldest);
            }
            self.tokens.push((account, device.clone(), token));
        }
        old
    }

    /// Forgets the tokens of an account, as when its password is changed.
    pub(super) fn forget_tokens(&mut self, account: AccountId) {
        self.tokens.retain(|token| token.0 != account);
        self.codes.remove(&account);
    }

    /// Makes the one-time token of a QR code; the account's earlier code is good no more.
    pub(super) fn make_code(&mut self, account: AccountId, now: Instant) -> String {
        let token = random_text::<16>();
        self.codes.insert(account, (token.clone(), now));
        token
    }

    /// The one-time token of an account's QR code, while it may be used.
    pub(super) fn code(&self, account: AccountId, now: Instant) -> Option<&str> {
        let (token, made) = self.codes.get(&account)?;
        (now.saturating_duration_since(*made) <= CODE_LIFE).then_some(token.as_str())
    }

    /// Lets a QR code be used no more.
    pub(super) fn spend_code(&mut self, account: AccountId) {
        self.codes.remove(&account);
    }

    /// Whether a device has passed the second factor of an account before.
    pub(super) fn knows_device(&self, account: AccountId, device: &str) -> bool {
        !device.is_empty() && self.devices.contains_key(&(account, device.to_owned()))
    }

    /// Remembers a device under a name; the name of another device passes to this one.
    pub(super) fn remember_device(&mut self, account: AccountId, device: &str, label: &str) {
        if !device.is_empty() {
            self.devices.retain(|(owner, _), known| *owner != account || known != label);
            self.devices.insert((account, device.to_owned()), label.to_owned());
        }
    }

    /// Whether a device of an account has this name.
    pub(super) fn knows_label(&self, account: AccountId, label: &str) -> bool {
        self.devices.iter().any(|((owner, _), known)| *owner == account && known == label)
    }

    /// Forgets the devices of an account.
    pub(super) fn forget_devices(&mut self, account: AccountId) {
        self.devices.retain(|(owner, _), _| *owner != account);
    }

    /// Gives out a portal cookie for a login.
    pub(super) fn enter_portal(&mut self, login: &str) -> String {
        let cookie = random_text::<16>();
        self.portal.insert(cookie.clone(), login.to_owned());
        cookie
    }

    /// The login behind a portal cookie.
    pub(super) fn portal_login(&self, cookie: &str) -> Option<&str> {
        self.portal.get(cookie).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId(1);

    #[test]
    fn a_rotation_can_be_taken_back_and_done_again() {
        let mut credentials = Credentials::default();
        let phone = Device::Mobile("phone".to_owned());
        let first = credentials.rotate(ACCOUNT, phone.clone());
        let second = credentials.rotate(ACCOUNT, phone.clone());
        assert_eq!(credentials.token(ACCOUNT, &phone), Some(second.new.as_str()));
        credentials.undo(&second);
        assert_eq!(credentials.token(ACCOUNT, &phone), Some(first.new.as_str()));
        credentials.redo(&second);
        assert_eq!(credentials.token(ACCOUNT, &phone), Some(second.new.as_str()));
    }

    #[test]
    fn an_account_keeps_tokens_for_a_few_devices_only() {
        let mut credentials = Credentials::default();
        for number in 0..=MOST_DEVICES {
            credentials.rotate(ACCOUNT, Device::Mobile(number.to_string()));
        }
        assert_eq!(credentials.token(ACCOUNT, &Device::Mobile("0".to_owned())), None);
        assert!(credentials.token(ACCOUNT, &Device::Mobile("1".to_owned())).is_some());
    }

    #[test]
    fn a_qr_code_lives_ten_minutes_and_once() {
        let mut credentials = Credentials::default();
        let now = Instant::now();
        let token = credentials.make_code(ACCOUNT, now);
        assert_eq!(credentials.code(ACCOUNT, now + CODE_LIFE), Some(token.as_str()));
        assert_eq!(credentials.code(ACCOUNT, now + CODE_LIFE + Duration::from_secs(1)), None);
        credentials.spend_code(ACCOUNT);
        assert_eq!(credentials.code(ACCOUNT, now), None);
    }
}
