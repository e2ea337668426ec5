use std::path::Path;

use super::reader::Environment;
use super::{Findings, Settings, sample};

fn read(text: &str, variables: &[(&str, &str)]) -> (Settings, Findings) {
    let environment: Environment = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    super::read(Path::new("cartable.toml"), text, &environment)
}

fn faults(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    read(text, variables).1.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_given_is_the_defaults() {
    let (settings, findings) = read("", &[("HOME", "/home/me"), ("CARTABLE_DATA", "/srv")]);
    assert!(findings.faults.is_empty() && findings.warnings.is_empty() && findings.given.is_empty());
    assert_eq!(settings.pace, pronote::pace::Limits::default());
}

#[test]
fn every_fault_is_told_at_once_with_its_line() {
    let text = "[pace]
burst = 0
haste = 1
seconds_per_cal = 1

[pase]
burst = 2
";
    assert_eq!(
        faults(text, &[("CARTABLE_PACE_CALLS_PER_DAY", "many"), ("CARTABLE_PACE_BURTS", "1")]),
        [
            "cartable.toml:2: `burst` is 0, and has to be from 1 to 10000",
            "cartable.toml:3: `haste` is not known",
            "cartable.toml:4: `seconds_per_cal` is not known; did you mean `seconds_per_call`?",
            "cartable.toml:6: `pase` is not known; did you mean `pace`?",
            "CARTABLE_PACE_BURTS: `CARTABLE_PACE_BURTS` is not known; did you mean `CARTABLE_PACE_BURST`?",
            "CARTABLE_PACE_CALLS_PER_DAY: `calls_per_day` has to be a whole number from 0 to 4294967295",
        ]
    );
}

#[test]
fn what_is_no_toml_is_told_beside_the_rest() {
    let told = faults("[pace]\nburst = \n[data]\ndirr = 1\npace = 1 2\n", &[]);
    assert!(told[0].starts_with("cartable.toml:2: ") && told[1].starts_with("cartable.toml:4: "), "{told:#?}");
    assert_eq!(faults("pace = 1\n", &[]), ["cartable.toml:1: `pace` is a section: write `[pace]`, and its keys below"]);
    assert_eq!(faults("[pace]\nburst = 1\nburst = 2\n", &[]).len(), 1, "which one is meant?");
}

#[test]
fn certificates_are_files_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("no.pem"), "no certificate").unwrap();
    std::fs::write(folder.path().join("chain.pem"), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
        .unwrap();
    let read = |files: &str| {
        let text = format!("[network]\ncertificates = {files}\n");
        super::read(&folder.path().join("cartable.toml"), &text, &Environment::new())
    };
    let (settings, findings) = read("['chain.pem']");
    assert!(findings.faults.is_empty() && settings.certificates.len() == 1);
    let told: Vec<String> =
        read("['no.pem', 'gone.pem', '/dev/zero']").1.faults.iter().map(ToString::to_string).collect();
    assert!(told.len() == 3 && told.iter().all(|fault| fault.contains("cartable.toml:2: ")), "{told:?}");
}

#[test]
fn a_variable_overrides_the_file() {
    let (settings, findings) = read(
        "[pace]\nburst = 2\ncalls_per_day = 3\n[data]\ndir = 'here'\n",
        &[("CARTABLE_PACE_BURST", "7"), ("CARTABLE_PACE_SECONDS_PER_CALL", "0.5")],
    );
    assert_eq!((settings.pace.burst, settings.pace.calls_per_day, settings.pace.seconds_per_call), (7, 3, 0.5));
    let given: Vec<String> = findings.given.iter().map(ToString::to_string).collect();
    assert!(given.contains(&"CARTABLE_PACE_BURST: pace.burst = 7".to_owned()), "{given:?}");
}

#[test]
fn the_sample_holds_every_key_at_its_default() {
    let (_, Findings { known, .. }) = read("", &[]);
    let (_, findings) = read(&sample::sample(), &[]);
    assert!(findings.faults.is_empty(), "{:?}", findings.faults);
    let keys: Vec<_> = known.iter().flat_map(|section| section.keys.iter().map(|key| (section.name, key))).collect();
    let defaults = keys.iter().filter(|(_, key)| key.has_default);
    let defaults: Vec<String> =
        defaults.map(|(section, key)| format!("{section}.{} = {}", key.name, key.sample)).collect();
    let given: Vec<String> = findings.given.iter().map(ToString::to_string).collect();
    let given: Vec<&str> = given.iter().filter_map(|given| Some(given.split_once(": ")?.1)).collect();
    assert_eq!(given, defaults, "each stands in it once, and is read as what it is without it");

    // What stands behind a # can be read too, wherever it points.
    let all = sample::sample()
        .replace("\n#", "\n")
        .lines()
        .filter(|line| !line.starts_with(' '))
        .collect::<Vec<_>>()
        .join("\n");
    let (_, findings) = read(&all, &[]);
    assert_eq!(findings.given.len(), keys.len(), "{all}\n{:?}", findings.faults);
    insta::assert_snapshot!(sample::sample());
}

#[test]
fn the_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let (head, _) = written.split_once("\n## `[").unwrap_or((&written, ""));
    let current = format!("{}\n{}", head.trim_end(), sample::reference());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == current, "docs/configuration.md is stale: UPDATE_DOCS=1 cargo test -p cartable reference");
}
