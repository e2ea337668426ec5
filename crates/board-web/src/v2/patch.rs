//! Changes to some members of a thing: laid over what is there, and over what is there then if somebody was faster.

use board::{Expect, tag};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// How often a change is laid over anew. Each time somebody else has been faster, so this is many.
const MOST: u32 = 20;

/// A thing with some of its members changed, each as a whole.
pub(super) fn merged<T: Serialize + DeserializeOwned>(present: &T, patch: &Map<String, Value>) -> Result<T, Problem> {
    let merged = serde_json::to_value(present).and_then(|mut value| {
        if let Value::Object(members) = &mut value {
            members.extend(patch.clone());
        }
        serde_json::from_value(value)
    });
    // The members were judged, and the rest was there.
    merged.map_err(|error| board::Error::Damaged(error.to_string()).into())
}

/// Tries to change something: once, where the client says what it expects, or until nobody is faster.
pub(super) struct Rounds {
    expect: Expect,
    left: u32,
}

/// Begins to try.
pub(super) fn rounds(expect: Expect) -> Rounds {
    let left = if expect == Expect::Anything { MOST } else { 0 };
    Rounds { expect, left }
}

impl Rounds {
    /// What this round expects: that what is changed is still what was read, since the rest of it is written too.
    pub(super) fn next(&self, present: &impl Serialize) -> Expect {
        match &self.expect {
            Expect::Anything => Expect::Tag(tag(present)),
            expect => expect.clone(),
        }
    }

    /// Whether there is another round.
    pub(super) fn again(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }
}
