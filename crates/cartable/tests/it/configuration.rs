//! The configuration: one file, variables, secrets, and everything that can be wrong with them.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{Ran, cartable};

/// A file with five faults, and the line of each.
const FAULTY: (&str, [usize; 5]) = (
    "[serve]
listen = \"localhost\"
public = 1
frish = \"60s\"

[pace]
burst = 0

[servr]
",
    [2, 3, 4, 7, 9],
);

/// Runs a command with variables.
fn with_variables(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_cartable"))
        .args(arguments)
        .env_clear()
        .env("CARTABLE_DATA", data)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn five_faults_are_told_at_once_each_with_its_line() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("faulty.toml");
    fs::write(&file, FAULTY.0).unwrap();
    for command in ["check", "serve"] {
        let ran = cartable(data.path(), &[command, "--config", file.to_str().unwrap()]);
        assert_eq!(ran.code, 3, "{}", ran.out);
        for line in FAULTY.1 {
            assert!(ran.err.contains(&format!("faulty.toml:{line}: ")), "{line}: {}", ran.err);
        }
        assert!(ran.err.contains("did you mean `fresh`?") && ran.err.contains("did you mean `serve`?"), "{}", ran.err);
    }
}

#[test]
fn a_configuration_without_fault_is_said_to_be_used() {
    let data = tempfile::tempdir().unwrap();
    assert!(cartable(data.path(), &["check"]).done().contains("no configuration file"));
    fs::write(data.path().join("cartable.toml"), "[pace]\nburst = 2\n").unwrap();
    let said = with_variables(data.path(), &["check"], &[("CARTABLE_SERVE_FRESH", "5m")]).done();
    assert!(said.contains("cartable.toml:2: pace.burst = 2"), "{said}");
    assert!(said.contains("CARTABLE_SERVE_FRESH: serve.fresh = \"5m\""), "{said}");
    assert_eq!(cartable(data.path(), &["check", "--config", "missing.toml"]).code, 3);
}

#[test]
fn a_certificate_that_is_none_is_told() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("bad.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    fs::write(data.path().join("cartable.toml"), "[network]\ncertificates = [\"bad.pem\"]\n").unwrap();
    let ran = cartable(data.path(), &["check"]);
    assert!(ran.code == 3 && ran.err.contains("`certificates` in [network]"), "{} {}", ran.out, ran.err);
}

#[test]
fn a_wrong_variable_is_named() {
    let data = tempfile::tempdir().unwrap();
    let ran = with_variables(
        data.path(),
        &["check"],
        &[("CARTABLE_SERVE_FRESH", "soon"), ("CARTABLE_SERVE_LISTN", "127.0.0.1:1")],
    );
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("CARTABLE_SERVE_FRESH: `fresh` has to be a time"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `CARTABLE_SERVE_LISTEN`?"), "{}", ran.err);
}

#[test]
fn the_example_has_no_fault() {
    let data = tempfile::tempdir().unwrap();
    let example = cartable(data.path(), &["config", "example"]).done();
    let file = data.path().join("cartable.toml");
    fs::write(&file, &example).unwrap();
    cartable(data.path(), &["check"]).done();
}

#[test]
fn a_secret_may_stand_elsewhere_and_is_never_shown() {
    let data = tempfile::tempdir().unwrap();
    let (file, secret) = (data.path().join("cartable.toml"), data.path().join("metrics"));
    fs::write(&secret, "a secret\n").unwrap();
    let write = |source: &str| fs::write(&file, format!("[serve]\nmetrics_token = \"{source}\"\n")).unwrap();
    let check = || with_variables(data.path(), &["check"], &[("MINE", "a secret")]);

    for source in ["env:MINE", "file:metrics", "a secret"] {
        write(source);
        let ran = check();
        assert!(ran.code == 0 && !(ran.out + &ran.err).contains("a secret"), "{source}");
    }
    for (source, told) in [("env:OTHERS", "no variable OTHERS"), ("file:missing", "cannot be read"), ("", "empty")] {
        write(source);
        let ran = check();
        assert!(ran.code == 3 && ran.err.contains("cartable.toml:2: ") && ran.err.contains(told), "{}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;

    let data = tempfile::tempdir().unwrap();
    let secret = data.path().join("metrics");
    fs::write(&secret, "a secret").unwrap();
    fs::write(data.path().join("cartable.toml"), "[serve]\nmetrics_token = \"file:metrics\"\n").unwrap();
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).unwrap();
        let ran = cartable(data.path(), &["check"]);
        assert_eq!((ran.code, ran.err.contains("can be read by others")), (0, warned), "{}", ran.err);
    }
}

#[test]
fn listening_wider_than_this_machine_has_to_be_meant() {
    let data = tempfile::tempdir().unwrap();
    let ran = with_variables(data.path(), &["check"], &[("CARTABLE_SERVE_LISTEN", "0.0.0.0:21727")]);
    assert!(ran.code == 3 && ran.err.contains("public = true"), "{}", ran.err);
    let meant = [("CARTABLE_SERVE_LISTEN", "0.0.0.0:21727"), ("CARTABLE_SERVE_PUBLIC", "true")];
    with_variables(data.path(), &["check"], &meant).done();
}
