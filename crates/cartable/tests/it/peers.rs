//! Judges: other people's clients, unmodified, against our emulator and our gateway.
//!
//! `peers/install` fetches them. Where Python, Node or the network is missing the test says so and is skipped, unless `CI` is
//! set: there a judge that cannot come is a failure.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::school::School;
use crate::serve::serving;

/// The published clients of the Python library that are judged by.
const PRONOTEPY: [&str; 3] = ["2.15.7", "2.15.6", "2.14.6"];

/// The four ways a server can send its payloads.
const TRANSPORTS: [&[&str]; 4] = [&[], &["--encrypt"], &["--compress"], &["--encrypt", "--compress"]];

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../peers")
}

/// Installs the judges once and gives their folder, or `None` where they cannot come.
pub(crate) fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers");
        let install =
            Command::new(scripts().join("install")).arg(&folder).output().map_err(|error| error.to_string())?;
        if install.status.success() { Ok(folder) } else { Err(String::from_utf8_lossy(&install.stderr).into_owned()) }
    });
    match folder {
        Ok(folder) => Some(folder),
        Err(why) if std::env::var_os("CI").is_some() => {
            panic!("the judges could not be installed: {why}")
        }
        Err(why) => {
            eprintln!("skipped: the judges could not be installed: {why}");
            None
        }
    }
}

/// Runs one of the scripts to its end and expects it to find everything right.
pub(crate) fn judge(command: &mut Command) -> String {
    // Calendars and clocks of the judges must not depend on this machine.
    let output = command
        .env("TZ", "Europe/Paris")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the interpreter was installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?} found a fault\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

pub(crate) fn python(environment: &Path, script: &str) -> Command {
    let mut command = Command::new(environment.join("bin/python"));
    command.arg(scripts().join(script));
    command
}

pub(crate) fn node(peers: &Path, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(scripts().join(script)).env("PAWNOTE_FOLDER", peers.join("pawnote"));
    command
}

#[test]
fn pronotepys_own_tests_pass() {
    let Some(peers) = installed() else { return };
    for version in PRONOTEPY {
        let school = School::start(&[]);
        let environment = peers.join(format!("pronotepy-{version}"));
        judge(python(&environment, "pronotepy_suite.py").arg(environment.join("source")).arg(&school.url));
    }
}

#[test]
fn pronotepy_signs_in_reads_and_writes() {
    let Some(peers) = installed() else { return };
    for version in PRONOTEPY {
        let environment = peers.join(format!("pronotepy-{version}"));
        // The strict generation each one speaks besides the tolerant default.
        let strict = if version == "2.15.7" { "g26" } else { "g25" };
        let mut runs = vec![vec![]];
        runs.extend(TRANSPORTS.map(|transport| [&["--profile", strict], transport].concat()));
        for options in runs {
            let school = School::start(&options);
            judge(python(&environment, "pronotepy_signin.py").arg(&school.url));
        }
    }
}

#[test]
fn pawnote_tours_every_generation_it_speaks() {
    let Some(peers) = installed() else { return };
    for profile in ["g22", "g23", "g24", "g25", "default"] {
        for transport in TRANSPORTS {
            let school = School::start(&[&["--profile", profile], transport].concat());
            judge(node(peers, "pawnote_tour.mjs").arg(&school.url));
        }
    }
}

/// Lets a script ask a gateway about a school; both are its arguments.
fn judge_the_gateway(command: &mut Command) {
    let (school, data) = (School::start(&[]), tempfile::tempdir().expect("there is room for a folder"));
    let gateway = serving(data.path(), &school.url);
    judge(command.arg(format!("http://{}/", gateway.place())).arg(&school.url));
}

#[test]
fn a_strict_graphql_client_understands_every_page() {
    let Some(peers) = installed() else { return };
    judge_the_gateway(&mut python(&peers.join("gql"), "gateway.py"));
}

#[test]
fn a_program_written_for_the_2x_gateway_goes_on_working() {
    let Some(peers) = installed() else { return };
    judge_the_gateway(&mut node(peers, "gateway.mjs"));
}
