//! `board user …`: the accounts of the board.

use std::collections::BTreeMap;
use std::sync::Arc;

use board::{NewUser, Role, User};
use clap::Subcommand;
use secrecy::SecretString;
use serde_json::json;

use super::{ClassArg, Invocation, person};
use crate::exit::{Family, failure};
use crate::present::{cell, joined, line, table, table_or};
use crate::{input, output};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account: an editor of the class, if nothing else is said
    Add {
        /// Its name: letters, digits and `_`
        name: String,
        /// Let it do everything in the class: subjects, accounts, chats, settings
        #[arg(long)]
        head: bool,
        /// Let it administer the school: every class, as its head, and the list of classes
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        class: ClassArg,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the accounts
    List,
    /// Give an account another password; whoever is signed in with it is no longer
    Password {
        /// Its name
        name: String,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove an account
    Remove {
        /// Its name
        name: String,
    },
}

/// Runs `board user`.
pub(super) async fn run(invocation: &Invocation, command: UserCommand) -> anyhow::Result<()> {
    let board = &invocation.board;
    match command {
        UserCommand::Add { name, head, admin, class, password_stdin } => {
            // An administrator is the head of every class, and has a part of its own in one only if that is said.
            let mut roles = BTreeMap::new();
            if !admin || head || class.class.is_some() {
                let class = invocation.class(class.class.as_deref()).await?;
                roles.insert(class.id, if head { Role::Head } else { Role::Editor });
            }
            if board.user(&name).await?.is_some() {
                return Err(board::Error::Taken("user").into());
            }
            let password = password(&name, password_stdin)?;
            let user = board.add_user(&person(), NewUser { name, password, strong: true, admin, roles }).await?;
            told(invocation, "added", &user.name, "can sign in")
        }
        UserCommand::List => list(invocation).await,
        UserCommand::Password { name, password_stdin } => {
            let user = find(invocation, &name).await?;
            let password = password(&name, password_stdin)?;
            board.set_password(&person(), user.id, &password).await?;
            told(invocation, "changed", &name, "has another password")
        }
        UserCommand::Remove { name } => {
            let user = find(invocation, &name).await?;
            board.remove_user(&person(), user.id).await?;
            told(invocation, "removed", &name, "is removed")
        }
    }
}

async fn find(invocation: &Invocation, name: &str) -> anyhow::Result<Arc<User>> {
    invocation.board.user(name).await?.ok_or_else(|| {
        let advice = "`cartable board user list` shows them.";
        failure(Family::Missing, format!("there is no account `{name}`"), advice)
    })
}

fn told(invocation: &Invocation, what: &str, name: &str, sentence: &str) -> anyhow::Result<()> {
    if invocation.json {
        output::answer(&json!({ what: name }), &[])
    } else {
        output::line(line(&format!("Account `{name}` {sentence}.")))
    }
}

fn password(name: &str, from_stdin: bool) -> anyhow::Result<SecretString> {
    let typed = match from_stdin {
        true => input::secret_line()?,
        false => input::ask_secret(&format!("Password of {name}"))?,
    };
    typed.ok_or_else(|| {
        failure(Family::Usage, "no password was given", "Give it on standard input with --password-stdin.")
    })
}

async fn list(invocation: &Invocation) -> anyhow::Result<()> {
    let classes: BTreeMap<_, _> =
        invocation.board.classes().await?.into_iter().map(|class| (class.id, class.slug)).collect();
    let mut table = table(output::look(), ["account", "may", "last signed in"]);
    let mut rows = Vec::new();
    for user in invocation.board.users().await? {
        let roles: BTreeMap<&str, Role> =
            user.roles.iter().filter_map(|(class, role)| Some((classes.get(class)?.as_str(), *role))).collect();
        let parts = roles.iter().map(|(class, role)| format!("{class}: {}", role_name(*role)));
        let admin = user.admin.then(|| "administers the school".to_owned());
        let off = user.disabled.then(|| "disabled".to_owned());
        let may = joined(admin.into_iter().chain(parts).chain(off), ", ");
        let last = user.last_sign_in.map(|at| at.strftime("%F %H:%M").to_string()).unwrap_or_default();
        table.add_row([&user.name, &may, &last].map(cell));
        rows.push(json!({
            "name": user.name, "admin": user.admin, "disabled": user.disabled, "roles": roles,
            "last_sign_in": user.last_sign_in,
        }));
    }
    if invocation.json {
        return output::answer(&rows, &[]);
    }
    output::bytes(table_or(&table, "There is no account yet: `cartable board user add` makes one.").as_bytes())
}

/// A role as it is written.
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Editor => "editor",
        Role::Head => "head",
    }
}
