//! The class board, as the person who keeps it sees it: commands, and a server they run beside.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod beside;
mod commands;
mod judges;
mod moving;
mod talking;

use std::path::{Path, PathBuf};

use board::legacy::{Legacy, LegacySubject, LegacyUser};
use board::{Changes, Role, Week};
use serde_json::Value;

use crate::command::{Ran, cartable, typing};

/// SHA-256 of `parol`.
const PAROL: &str = "1c62590c99871030411c60c4780da31ec05c4db349e2f02d79c01228fccd9380";

/// Runs `cartable board …`.
fn board(data: &Path, arguments: &[&str]) -> Ran {
    cartable(data, &[&["board"], arguments].concat())
}

/// What a command prints as JSON.
fn json(data: &Path, arguments: &[&str]) -> Value {
    board(data, &[arguments, &["--json"]].concat()).json()["data"].take()
}

/// Makes an account with a password.
fn add_user(data: &Path, name: &str, password: &str, options: &[&str]) -> Ran {
    let arguments = [&["board", "user", "add", name, "--password-stdin"], options].concat();
    typing(data, &arguments, &format!("{password}\n"))
}

/// An old installation, in a folder that it is given.
async fn old_installation(folder: &Path) -> PathBuf {
    let user = |name: &str, role| LegacyUser { name: name.into(), password: Some(PAROL.to_owned().into()), role };
    let subject = |number, name: &str, homework: &str| LegacySubject {
        number,
        name: name.to_owned(),
        homework: homework.to_owned(),
    };
    let mut week = Week::default();
    week.texts[0] = "1. Алгебра\n2. Физика\n".to_owned();
    week.rows[0] = vec![1, 2, 99];
    let old = Legacy {
        users: vec![user("anna", Role::Editor), user("olga", Role::Head)],
        subjects: vec![subject(1, "Алгебра", "№ 12"), subject(2, "Физика", "")],
        week,
        changes: Changes {
            text: "Физики не будет".to_owned(),
            rows: [-2, -1, -2, -2, -2, -2, -2, -2],
            ..Changes::default()
        },
        ..Legacy::default()
    };
    let place = folder.join("old");
    old.write(&place).await.unwrap();
    std::fs::write(place.join("APIInfo.php"), "<?php\n$token = \"vk1.a.secret\";\n$confirmation = \"c0ffee\";\n")
        .unwrap();
    place
}
