//! A judge: unmodified pronotepy, whose portal sign-ins are what they were before EduConnect changed.
//!
//! `peers/install` fetches it. Where Python or the network is missing the test says so and is skipped, unless `CI` is set:
//! there it must pass.

use std::path::{Path, PathBuf};
use std::process::Command;

use emulator::portals::IdpMode;

/// The folder of `peers/install`, once it is complete.
fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers");
    let install = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../peers/install");
    let output = Command::new(install).arg(&folder).output().unwrap();
    if output.status.success() {
        return Some(folder);
    }
    let trouble = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert!(std::env::var_os("CI").is_none(), "{trouble}");
    eprintln!("skipped: {trouble}");
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pronotepy_signs_in_through_every_portal_it_knows_while_educonnect_is_as_it_was() {
    let Some(peers) = tokio::task::spawn_blocking(installed).await.unwrap() else { return };
    let portals = super::portals(IdpMode::Legacy).await;
    let authority = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portals-authority.pem");
    std::fs::write(&authority, portals.authority()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../peers/ent.py");
    let mut command = Command::new(peers.join("ent/bin/python"));
    command.arg("-B").arg(script).arg(portals.address().to_string()).arg(portals.control_url()).arg(&authority);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let (said, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{faults}");
    assert!(said.contains("right: current: monbureaunumerique fails"), "{said}");
}
