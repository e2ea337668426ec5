//! `user` and `account`: who is signed in.

use anyhow::Result;
use pronote::functions::account::Request;

use super::desk::{Desk, Shown};
use crate::commands::pronote::Invocation;
use crate::present;

pub(super) async fn user(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let user = session.user();
        let text = present::school::user(&user, desk.look);
        Ok(Shown { text, data: serde_json::to_value(&*user)?, diagnostics: Vec::new() })
    })
    .await
}

pub(super) async fn run(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let page = session.read(&Request).await?;
        Shown::new(&page, present::people::account(&page))
    })
    .await
}
