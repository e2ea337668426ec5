//! `home` and `team`: what is near, and who teaches.

use anyhow::Result;
use pronote::functions::{home, team};

use super::desk::{Desk, Shown};
use crate::commands::pronote::Invocation;
use crate::items::{self, listed};
use crate::present;

pub(super) async fn run(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let instance = session.instance();
        let page = session.read(&home::Request::default()).await?;
        let mut data = serde_json::to_value(&page.value)?;
        data["homework"] = items::json(&listed(page.homework.clone()))?;
        data["news"] = items::json(&listed(page.news.clone()))?;
        Ok(Shown {
            text: present::home::home(&page, &instance, desk.look),
            data,
            diagnostics: page.diagnostics.clone(),
        })
    })
    .await
}

pub(super) async fn team(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let page = session.read(&team::Request).await?;
        Shown::new(&page, present::people::team(&page, desk.look))
    })
    .await
}
