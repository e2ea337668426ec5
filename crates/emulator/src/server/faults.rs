//! Things that go wrong on demand, so that a client's patience can be tested.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// What goes wrong with one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes this much later.
    Delay(Duration),
    /// The connection breaks before the call is read: nothing happened.
    LostRequest,
    /// The connection breaks after the call was done: only the answer is lost.
    LostReply,
    /// The connection breaks in the middle of the answer.
    Truncated,
    /// An HTTP status and no answer.
    Status(u16),
    /// A page of a proxy instead of JSON.
    Html,
    /// The session has just expired.
    Expired,
    /// The school has closed the site.
    Closed,
    /// The vendor has suspended the address.
    Suspended,
    /// Too many calls: error 25.
    RateLimited,
    /// The first element of every list of the answer is nonsense.
    Malformed,
    /// What may be missing from the elements of the answer is missing.
    Missing,
    /// Every object of the answer has a field that nobody knows.
    NewField,
    /// Every kind of the answer is one that nobody knows.
    NewCode,
    /// So many "please wait" before the answer (protocol §3.5).
    Wait(u32),
    /// The sign-in is refused with this `Acces` (protocol §5.6); a file is refused whatever the number.
    Access(u8),
}

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// The next so many times.
    Next(u32),
    /// With this probability, between 0 and 1.
    Sometimes(f64),
}

/// A fault, and the exchanges it strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRule {
    /// The name of a function, or one of `page`, `polling`, `upload` and `file`; `*` for everything.
    pub function: String,
    /// What goes wrong.
    pub fault: Fault,
    /// When.
    pub when: When,
}

/// Reads `FUNCTION:FAULT[=NUMBER][@PROBABILITY]`, such as `PageMenus:delay=500@0.3` (milliseconds) or `*:expired@0.01`.
impl FromStr for FaultRule {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (function, rest) = text.split_once(':').ok_or(UnknownFault)?;
        let (fault, probability) = match rest.split_once('@') {
            Some((fault, probability)) => (fault, probability.parse().map_err(|_| UnknownFault)?),
            None => (rest, 1.0),
        };
        let (name, number) = match fault.split_once('=') {
            Some((name, number)) => (name, Some(number.parse::<u32>().map_err(|_| UnknownFault)?)),
            None => (fault, None),
        };
        let small = |default: u16| number.map_or(Ok(default), u16::try_from).map_err(|_| UnknownFault);
        let fault = match name {
            "delay" => Fault::Delay(Duration::from_millis(u64::from(number.unwrap_or(1_000)))),
            "lost-request" => Fault::LostRequest,
            "lost-reply" => Fault::LostReply,
            "truncated" => Fault::Truncated,
            "status" => Fault::Status(small(500)?),
            "html" => Fault::Html,
            "expired" => Fault::Expired,
            "closed" => Fault::Closed,
            "suspended" => Fault::Suspended,
            "rate-limited" => Fault::RateLimited,
            "malformed" => Fault::Malformed,
            "missing" => Fault::Missing,
            "new-field" => Fault::NewField,
            "new-code" => Fault::NewCode,
            "wait" => Fault::Wait(number.unwrap_or(1)),
            "access" => Fault::Access(u8::try_from(small(5)?).map_err(|_| UnknownFault)?),
            _ => return Err(UnknownFault),
        };
        if function.is_empty() || !(0.0..=1.0).contains(&probability) {
            return Err(UnknownFault);
        }
        Ok(Self { function: function.to_owned(), fault, when: When::Sometimes(probability) })
    }
}

/// The text describes no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a fault is written FUNCTION:FAULT[=NUMBER][@PROBABILITY], where FAULT is one of delay, lost-request, lost-reply, \
     truncated, status, html, expired, closed, suspended, rate-limited, malformed, missing, new-field, new-code, wait, access"
)]
pub struct UnknownFault;

/// The faults in force; they can be changed while the server runs.
#[derive(Debug)]
pub struct Faults(Mutex<(Vec<FaultRule>, fastrand::Rng)>);

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new((Vec::new(), fastrand::Rng::with_seed(seed))))
    }

    /// Lets the next `times` calls of a function meet a fault.
    pub fn next(&self, function: &str, times: u32, fault: Fault) {
        self.add(FaultRule { function: function.to_owned(), fault, when: When::Next(times) });
    }

    /// Lets calls of a function meet a fault with a probability.
    pub fn sometimes(&self, function: &str, probability: f64, fault: Fault) {
        self.add(FaultRule { function: function.to_owned(), fault, when: When::Sometimes(probability) });
    }

    /// Adds a rule; when several fit, the oldest strikes.
    pub fn add(&self, rule: FaultRule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.push(rule);
    }

    /// Lets everything work again.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.clear();
    }

    /// The fault that strikes this call, if one does.
    pub(crate) fn strike(&self, function: &str) -> Option<Fault> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (rules, random) = &mut *guard;
        let at = rules.iter_mut().position(|rule| {
            (rule.function == function || rule.function == "*")
                && match &mut rule.when {
                    When::Next(times) => {
                        *times = times.saturating_sub(1);
                        true
                    }
                    When::Sometimes(probability) => random.f64() < *probability,
                }
        })?;
        let fault = rules[at].fault;
        if rules[at].when == When::Next(0) {
            rules.remove(at);
        }
        Some(fault)
    }
}

impl Fault {
    /// Spoils an answer, for the faults that change what it says.
    pub(crate) fn spoil(self, answer: &mut Value) {
        match self {
            Self::Malformed => each_list(answer, &mut |list| {
                if let Some(Value::Object(first)) = list.first_mut() {
                    for value in first.values_mut() {
                        *value = json!([true]);
                    }
                }
            }),
            Self::Missing => each_list(answer, &mut |list| {
                for element in list.iter_mut().filter_map(Value::as_object_mut) {
                    // An element without its number, name, kind and typed values would be no element.
                    element.retain(|key, value| matches!(key.as_str(), "N" | "L" | "G") || value.is_object());
                }
            }),
            Self::NewField => each_object(answer, &mut |object| {
                if !(object.len() == 2 && object.contains_key("_T")) {
                    object.insert("champInconnu".to_owned(), json!({ "_T": 99, "V": "?" }));
                }
            }),
            Self::NewCode => each_object(answer, &mut |object| {
                if let Some(kind) = object.get_mut("G").filter(|kind| kind.is_number()) {
                    *kind = json!(997);
                }
            }),
            _ => {}
        }
    }
}

fn each_list(value: &mut Value, change: &mut impl FnMut(&mut Vec<Value>)) {
    match value {
        Value::Array(list) => {
            for value in list.iter_mut() {
                each_list(value, change);
            }
            if list.iter().any(Value::is_object) {
                change(list);
            }
        }
        Value::Object(object) => object.values_mut().for_each(|value| each_list(value, change)),
        _ => {}
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| each_object(value, change)),
        Value::Object(object) => {
            object.values_mut().for_each(|value| each_object(value, change));
            change(object);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_was_told() {
        let faults = Faults::new(1);
        faults.next("PageMenus", 2, Fault::Html);
        assert_eq!(faults.strike("PageNotes"), None);
        assert_eq!(faults.strike("PageMenus"), Some(Fault::Html));
        assert_eq!(faults.strike("PageMenus"), Some(Fault::Html));
        assert_eq!(faults.strike("PageMenus"), None);
    }

    #[test]
    fn a_probability_of_a_half_strikes_about_half_the_time() {
        let faults = Faults::new(1);
        faults.sometimes("*", 0.5, Fault::Expired);
        let struck = (0..1000).filter(|_| faults.strike("any").is_some()).count();
        assert!((400..600).contains(&struck), "{struck}");
    }

    #[test]
    fn a_rule_is_read_from_text() {
        let rule: FaultRule = "PageMenus:delay=500@0.3".parse().unwrap();
        assert_eq!(rule.fault, Fault::Delay(Duration::from_millis(500)));
        assert_eq!(rule.when, When::Sometimes(0.3));
        for text in ["", "x", "x:y", ":html", "x:delay=a", "x:html@2", "x:status=99999"] {
            assert_eq!(text.parse::<FaultRule>(), Err(UnknownFault), "{text}");
        }
    }

    #[test]
    fn spoiling_changes_what_it_says_and_nothing_else() {
        let clean =
            json!({ "list": { "_T": 24, "V": [{ "N": "1#a", "G": 2, "L": "x", "color": "#fff" }, { "N": "1#b" }] } });
        let spoiled = |fault: Fault| {
            let mut value = clean.clone();
            fault.spoil(&mut value);
            value["list"]["V"].clone()
        };
        assert_eq!(spoiled(Fault::Malformed)[0]["N"], json!([true]));
        assert_eq!(spoiled(Fault::Malformed)[1], clean["list"]["V"][1]);
        assert_eq!(spoiled(Fault::Missing)[0], json!({ "N": "1#a", "G": 2, "L": "x" }));
        assert_eq!(spoiled(Fault::NewField)[1]["champInconnu"]["_T"], 99);
        assert_eq!(spoiled(Fault::NewCode)[0]["G"], 997);
        assert_eq!(spoiled(Fault::Html), clean["list"]["V"]);
    }
}
