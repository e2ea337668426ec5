//! What a release does not have.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The variable that leads every name of a test build to an emulator.
const DETOUR: &[u8] = b"CARTABLE_DETOUR";

fn cargo(arguments: &[&str]) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ran = Command::new(env!("CARGO")).args(arguments).current_dir(workspace).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

fn holds_detour(binary: &Path) -> bool {
    std::fs::read(binary).unwrap().windows(DETOUR.len()).any(|window| window == DETOUR)
}

#[test]
fn r19_only_tests_enable_the_detour() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--offline", "--no-deps", "--format-version", "1"])).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let name = &package["name"];
        for needed in package["dependencies"].as_array().unwrap() {
            let enables = needed["features"].as_array().unwrap().iter().any(|feature| feature == "detour");
            assert!(!enables || needed["kind"] == "dev", "{name} enables it outside its tests");
        }
        // Nor does a feature that somebody could turn on by name, but for the one that is it.
        let features = package["features"].to_string();
        assert_eq!(features.contains("detour"), name == "transport", "{name}: {features}");
        assert!(!package["features"]["default"].to_string().contains("detour"));
    }
    // What Cargo makes of it for a release, features unified.
    let built = cargo(&["tree", "--offline", "-p", "cartable", "-e", "normal,build,features", "-i", "transport"]);
    assert!(built.contains("cartable") && !built.contains("detour"), "{built}");
}

#[test]
fn r19_a_release_has_no_way_round_the_names() {
    assert!(
        holds_detour(Path::new(env!("CARGO_BIN_EXE_cartable"))),
        "the binary of the tests has it: this looks right"
    );
    // CI looks at what it builds; here, at what there is.
    let release = Path::new(env!("CARGO_BIN_EXE_cartable")).parent().unwrap().join("../release/cartable");
    if release.exists() {
        assert!(!holds_detour(&release), "{} has it", release.display());
    } else {
        eprintln!("no release is built here: `cargo build --release` makes one to look at");
    }
}
