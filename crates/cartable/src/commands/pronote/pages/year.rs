//! `periods` and `holidays`: the school's year.

use anyhow::Result;
use serde_json::json;

use super::desk::{Desk, Shown, today};
use crate::commands::pronote::Invocation;
use crate::present;

pub(super) async fn periods(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let instance = session.instance();
        let text = present::school::periods(&instance, today(&instance), desk.look);
        Ok(Shown { text, data: json!(instance.periods), diagnostics: Vec::new() })
    })
    .await
}

pub(super) async fn holidays(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let instance = session.instance();
        let text = present::school::holidays(&instance, desk.look);
        Ok(Shown { text, data: json!(instance.holidays.as_slice()), diagnostics: Vec::new() })
    })
    .await
}
