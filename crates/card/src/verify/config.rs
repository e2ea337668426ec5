//! `[card.verify]`.

use jiff::SignedDuration;
use serde::Deserialize;

/// How codes are made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Whether there are codes at all. Default `false`.
    pub enabled: bool,
    /// How long a slot is, in seconds, 10 to 300. Default 30: a code is then good for 30 to 90 seconds.
    pub slot_seconds: u32,
    /// The most codes of a series, 1 to 60. Default 20: ten minutes with slots of 30 seconds.
    pub series: usize,
    /// Whether codes are such that gates can check them without asking; they are longer. Default `false`.
    pub offline: bool,
    /// After how many days a new key signs, 1 to 3650. Default 30.
    pub rotate_days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Config { enabled: false, slot_seconds: 30, series: 20, offline: false, rotate_days: 30 }
    }
}

impl Config {
    /// What is wrong with it, each as a sentence without the name of the section.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(10..=300).contains(&self.slot_seconds) {
            faults.push("`slot_seconds` has to be 10 to 300".to_owned());
        }
        if !(1..=60).contains(&self.series) {
            faults.push("`series` has to be 1 to 60".to_owned());
        }
        if !(1..=3650).contains(&self.rotate_days) {
            faults.push("`rotate_days` has to be 1 to 3650".to_owned());
        }
        faults
    }

    /// How long after it was made the last code of a series can be good.
    pub(super) fn horizon(&self) -> SignedDuration {
        let slots = i64::try_from(self.series).unwrap_or(i64::MAX).saturating_add(2);
        SignedDuration::from_secs(slots.saturating_mul(self.slot_seconds.into()))
    }
}
