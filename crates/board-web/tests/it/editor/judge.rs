//! A judge: a real Chromium, driven by `peers/editor.mjs`, against the pages.
//!
//! `peers/install` fetches what drives it; Chromium itself is Debian's, or the one that `CHROMIUM` names. Where either
//! is missing the test says so and is skipped, unless `CI` is set.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PASSWORD, school};

#[tokio::test(flavor = "multi_thread")]
async fn people_use_the_editor_in_a_real_browser() {
    let Some(peers) = tokio::task::spawn_blocking(installed).await.unwrap() else { return };
    let house = school().await;
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
    let mut judge = Command::new("node");
    judge
        .arg(scripts().join("editor.mjs"))
        .args([&format!("http://{}/board/", house.at), "admin", PASSWORD])
        .arg(&pictures)
        .env("PAWNOTE_FOLDER", peers.join("pawnote"));

    let output = tokio::task::spawn_blocking(move || judge.output()).await.unwrap().expect("node was installed");

    let said = String::from_utf8_lossy(&output.stdout);
    let faults = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{faults}\npictures are in {}", pictures.display());
    assert!(said.starts_with("the editor holds"), "{said}");
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../peers")
}

/// Installs what drives the browser and gives its folder; nothing where it cannot come.
fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers");
    let chromium = std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    let install = || -> Result<(), String> {
        if !chromium.exists() {
            return Err(format!("{} is not there", chromium.display()));
        }
        let mut install = Command::new(scripts().join("install"));
        let output = install.arg(&folder).output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    };
    match install() {
        Ok(()) => Some(folder),
        Err(why) if std::env::var_os("CI").is_some() => panic!("the browser could not come: {why}"),
        Err(why) => {
            eprintln!("skipped: the browser could not come: {why}");
            None
        }
    }
}
