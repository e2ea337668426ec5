//! `classes` and `students`: what school life may see of pupils.

use anyhow::Result;
use clap::Args;
use pronote::functions::pupils::{Card, Request};
use pronote::model::ClassRef;
use serde_json::{Value, json};

use super::desk::{Desk, Shown};
use crate::commands::pronote::Invocation;
use crate::exit::{Family, failure};
use crate::items::{Listed, found, listed};
use crate::present::{self, line};

#[derive(Debug, Args)]
pub(crate) struct StudentsArgs {
    /// The class: its name, or its identifier in `classes`
    class: String,
    /// A pupil of the class, to show the card of: the identifier in the list
    pupil: Option<String>,
}

pub(super) async fn classes(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let classes = listed(session.user().classes.clone());
        let text = present::people::classes(&classes, desk.look);
        Ok(Shown { text, data: with_ids(&classes)?, diagnostics: Vec::new() })
    })
    .await
}

pub(super) async fn students(invocation: &Invocation, args: StudentsArgs) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let classes = listed(session.user().classes.clone());
        let class = class(&classes, &args.class)?;
        let page = session.read(&Request { class: class.id.clone() }).await?;
        let diagnostics = page.diagnostics.clone();
        let pupils = listed(page.value);
        let Some(typed) = &args.pupil else {
            let text = present::people::pupils(&pupils, desk.look);
            return Ok(Shown { text, data: with_ids(&pupils)?, diagnostics });
        };
        let card = session.read(&Card { pupil: found(&pupils, typed)?.id.clone() }).await?;
        Shown::new(&card, present::people::card(&card))
    })
    .await
}

fn class<'a>(classes: &'a [Listed<ClassRef>], typed: &str) -> Result<&'a Listed<ClassRef>> {
    if classes.is_empty() {
        let advice = "Only accounts of school life and teachers have classes.";
        return Err(failure(Family::Refused, "this account has no classes", advice));
    }
    let wanted = typed.trim().to_lowercase();
    let named = classes.iter().find(|class| class.name.to_lowercase() == wanted);
    named.map_or_else(|| found(classes, typed), Ok).map_err(|_| {
        let names: Vec<String> = classes.iter().map(|class| line(&class.name)).collect();
        failure(Family::Missing, format!("no class `{typed}`"), format!("The classes are: {}.", names.join(", ")))
    })
}

fn with_ids<T: serde::Serialize>(items: &[Listed<T>]) -> Result<Value> {
    let values = items.iter().map(|item| -> Result<Value> {
        let mut value = serde_json::to_value(&**item)?;
        value["id"] = json!(item.listed_id);
        Ok(value)
    });
    values.collect()
}
