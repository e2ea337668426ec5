//! `Navigation` and `Presence`: telling the server where the user is, and that there still is one (data §20).

use serde_json::{Value, json};

use super::{Context, Function, Payload, Read};
use crate::model::tab;
use crate::wire::Malformed;

/// Tells which page is shown (servers since 2024.3.9).
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// The tab that is opened.
    pub to: u32,
    /// The tab that was open before.
    pub from: u32,
}

/// Stays where it is: what keeps a session alive.
impl Default for Request {
    fn default() -> Self {
        Request { to: tab::HOME, from: tab::HOME }
    }
}

impl Function for Request {
    const NAME: &'static str = "Navigation";
    const TAB: Option<u32> = Some(tab::HOME);
    type Answer = ();

    fn arguments(&self, _: &Context) -> Value {
        json!({ "onglet": self.to, "ongletPrec": self.from })
    }

    fn read(_: Payload<'_>, _: &Context) -> Result<(), Malformed> {
        Ok(())
    }
}

impl Read for Request {}

/// Keeps a session alive on older servers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Presence;

impl Function for Presence {
    const NAME: &'static str = "Presence";
    const TAB: Option<u32> = Some(tab::HOME);
    type Answer = ();

    fn arguments(&self, _: &Context) -> Value {
        Value::Null
    }

    fn read(_: Payload<'_>, _: &Context) -> Result<(), Malformed> {
        Ok(())
    }
}

impl Read for Presence {}
