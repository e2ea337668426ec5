//! Answers that a test has its own way with: whatever a real server may say and this school would not.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Changes an answer; it is given what was asked (`data` of the call) and what the school answers to it (`data` of the answer).
type Script = Box<dyn Fn(&Value, &mut Value) + Send>;

/// The scripts in force, by function and in the order they were added.
#[derive(Default)]
pub(super) struct Scripts(Mutex<BTreeMap<String, Vec<Script>>>);

impl Scripts {
    /// Lets a script have its way with every later answer of a function.
    pub(super) fn add(&self, function: &str, script: impl Fn(&Value, &mut Value) + Send + 'static) {
        let mut scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        scripts.entry(function.to_owned()).or_default().push(Box::new(script));
    }

    /// Lets the scripts of a function have their way.
    pub(super) fn play(&self, function: &str, asked: &Value, answer: &mut Value) {
        let scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for script in scripts.get(function).into_iter().flatten() {
            script(asked, answer);
        }
    }
}

impl fmt::Debug for Scripts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.debug_set().entries(scripts.keys()).finish()
    }
}
