//! `board class …`: the classes of the board.

use board::{ClassSettings, Language};
use clap::Subcommand;
use serde_json::json;

use super::{Invocation, person};
use crate::output;
use crate::present::{cell, line, table, text_of};

#[derive(Debug, Subcommand)]
pub(super) enum ClassCommand {
    /// Make a class
    Add {
        /// Its name in addresses: small Latin letters, digits and hyphens, for instance `9b`
        slug: String,
        /// Its name as people write it [default: the name in addresses]
        #[arg(long)]
        name: Option<String>,
        /// The language of its bot
        #[arg(long, value_name = "LANGUAGE", default_value = "ru", value_parser = language)]
        language: Language,
    },
    /// List the classes
    List,
}

/// Runs `board class`.
pub(super) async fn run(invocation: &Invocation, command: ClassCommand) -> anyhow::Result<()> {
    match command {
        ClassCommand::Add { slug, name, language } => {
            let name = name.as_ref().unwrap_or(&slug);
            let settings = ClassSettings { language, ..ClassSettings::named(name) };
            let class = invocation.board.add_class(&person(), &slug, settings).await?;
            if invocation.json {
                return output::answer(&json!({ "slug": class.slug, "code": class.code }), &[]);
            }
            let told = format!("Class `{}` is there. A chat is bound to it with the code {}.", class.slug, class.code);
            output::line(line(&told))
        }
        ClassCommand::List => list(invocation).await,
    }
}

async fn list(invocation: &Invocation) -> anyhow::Result<()> {
    let default = invocation.board.default_class().await?.id;
    let mut table = table(output::look(), ["class", "name", "code", "language", ""]);
    let mut rows = Vec::new();
    for class in invocation.board.classes().await? {
        let (is_default, archived) = (class.id == default, class.archived.is_some());
        let state = if archived {
            "put away"
        } else if is_default {
            "default"
        } else {
            ""
        };
        let language = language_name(class.settings.language);
        table.add_row([&class.slug, &class.settings.name, &class.code, language, state].map(cell));
        rows.push(json!({
            "slug": class.slug, "name": class.settings.name, "code": class.code, "language": class.settings.language,
            "default": is_default, "archived": class.archived,
        }));
    }
    if invocation.json { output::answer(&rows, &[]) } else { output::bytes(text_of(&table).as_bytes()) }
}

/// The languages, as they are typed.
const LANGUAGES: [(&str, Language); 3] = [("ru", Language::Ru), ("fr", Language::Fr), ("en", Language::En)];

fn language(text: &str) -> Result<Language, String> {
    let found = LANGUAGES.iter().find(|(name, _)| *name == text).map(|(_, language)| *language);
    found.ok_or_else(|| "a language is one of ru, fr, en".to_owned())
}

fn language_name(language: Language) -> &'static str {
    LANGUAGES.iter().find(|(_, known)| *known == language).map_or("", |(name, _)| name)
}
