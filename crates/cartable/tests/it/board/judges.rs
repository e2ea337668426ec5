//! Judges of the class board's new face, over the built binary.

use std::process::Command;

use super::add_user;
use crate::peers::{installed, judge, python};
use crate::running::Running;

#[test]
fn schemathesis_finds_the_new_face_as_it_is_described() {
    let Some(peers) = installed() else { return };
    let data = tempfile::tempdir().unwrap();
    let password = "Parol-77-parol";
    add_user(data.path(), "judge", password, &["--admin"]).done();
    let server = Running::start(&["serve", "0", "--data", data.path().to_str().unwrap()]);
    let environment = peers.join("schemathesis");
    let mut command: Command = python(&environment, "board_served.py");
    let place = format!("http://{}", server.place());
    judge(command.arg(environment.join("bin/schemathesis")).args([&place, "judge", password]));
}
