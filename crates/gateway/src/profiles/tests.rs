use std::collections::HashSet;

use super::*;

fn name(text: &str) -> ProfileName {
    text.parse().unwrap()
}

fn profile() -> Profile {
    Profile {
        portal: None,
        school: "https://ecole.example/pronote".to_owned(),
        space: Space::Student,
        login: "anna".to_owned(),
        device: Device::new("table"),
        pace: Pace::Careful,
        kept: Timestamp::UNIX_EPOCH,
    }
}

fn secrets(token: &str) -> Secrets {
    Secrets { token: Some(token.into()), navigator: None, password: Some("Sesame-1".into()) }
}

fn opened() -> (tempfile::TempDir, Profiles) {
    let data = tempfile::tempdir().unwrap();
    let profiles = Profiles::open(data.path()).unwrap();
    (data, profiles)
}

/// Every file under a folder.
fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

#[test]
fn what_is_kept_is_there_again() {
    let (data, profiles) = opened();
    profiles.keep(&name("anna"), &profile(), &secrets("TOKEN-1")).unwrap();
    let again = Profiles::open(data.path()).unwrap();
    let (profile, secrets) = again.unseal(&name("anna")).unwrap();
    let login = profile.saved_login(&secrets).unwrap();
    assert_eq!((login.login.as_str(), login.token.expose_secret()), ("anna", "TOKEN-1"));
    assert_eq!(secrets.password.unwrap().expose_secret(), "Sesame-1");
}

#[test]
fn no_secret_is_anywhere_under_the_data_folder() {
    let (data, profiles) = opened();
    profiles.keep(&name("anna"), &profile(), &secrets("TOKEN-1")).unwrap();
    for path in files_under(data.path()) {
        let content = fs::read(&path).unwrap();
        for secret in ["TOKEN-1", "Sesame-1", "VE9LRU4tMQ", "544f4b454e2d31"] {
            assert!(!content.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", path.display());
        }
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;

    let (data, profiles) = opened();
    profiles.keep(&name("anna"), &profile(), &secrets("TOKEN-1")).unwrap();
    profiles.set_default(&name("anna")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files = files_under(data.path());
    assert_eq!(files.len(), 3, "the key, the profile, the choice");
    for path in files {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    for folder in ["pronote", "pronote/profiles"] {
        assert_eq!(mode(&data.path().join(folder)), 0o700, "{folder}");
    }
}

#[test]
fn another_key_is_named_with_what_to_do() {
    let (data, profiles) = opened();
    profiles.keep(&name("anna"), &profile(), &secrets("TOKEN-1")).unwrap();
    let key = data.path().join("key");
    let told = || {
        let error = profiles.unseal(&name("anna")).unwrap_err();
        assert!(matches!(error, Error::Unsealed { .. }));
        for path in ["anna.json", "key"] {
            assert!(error.to_string().contains(path) && error.advice().contains(path), "{error}");
        }
    };
    fs::write(&key, [7; 32]).unwrap();
    told();
    fs::remove_file(&key).unwrap();
    told();
    assert!(!key.exists(), "a lost key is not replaced by one that opens nothing");
}

#[test]
fn a_token_does_not_open_beside_another_school() {
    let (_data, profiles) = opened();
    profiles.keep(&name("anna"), &profile(), &secrets("TOKEN-1")).unwrap();
    let path = profiles.path(&name("anna"));
    let text = fs::read_to_string(&path).unwrap().replace("ecole.example", "thief.example");
    fs::write(&path, text).unwrap();
    assert!(matches!(profiles.unseal(&name("anna")), Err(Error::Unsealed { .. })));
}

#[test]
fn a_damaged_profile_is_named_and_its_content_is_not() {
    let (_data, profiles) = opened();
    for text in ["", "{", "[]", r#"{"school": "TOKEN-1"}"#, r#"{"school": {"TOKEN-1": 1}}"#] {
        fs::write(profiles.path(&name("anna")), text).unwrap();
        let error = profiles.unseal(&name("anna")).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{text}");
        assert!(error.to_string().contains("anna.json") && !error.to_string().contains("TOKEN-1"), "{error}");
    }
}

#[test]
fn a_write_that_fails_loses_nothing() {
    let (_data, profiles) = opened();
    profiles.keep(&name("anna"), &profile(), &secrets("TOKEN-1")).unwrap();
    // A folder in the place of the new file: it cannot be replaced.
    let other = name("boris");
    fs::create_dir(profiles.path(&other)).unwrap();
    assert!(matches!(profiles.keep(&other, &profile(), &secrets("TOKEN-2")), Err(Error::Storage { .. })));
    let drafts = files_under(&profiles.folder).into_iter().filter(|path| path.extension().unwrap() == "draft");
    assert_eq!(drafts.count(), 0, "no draft is left behind");
    assert!(profiles.unseal(&name("anna")).is_ok());
}

#[test]
fn a_new_password_takes_the_place_of_a_kept_one_only() {
    let (_data, profiles) = opened();
    let kept = |secrets: &Secrets| {
        profiles.keep(&name("anna"), &profile(), secrets).unwrap();
        profiles.renew_password(&name("anna"), "Sesame-2".into()).unwrap();
        let (_, secrets) = profiles.unseal(&name("anna")).unwrap();
        secrets.password.map(|password| password.expose_secret().to_owned())
    };
    assert_eq!(kept(&secrets("T")).as_deref(), Some("Sesame-2"));
    assert_eq!(kept(&Secrets { password: None, ..secrets("T") }), None);
}

#[test]
fn names_cannot_leave_the_folder() {
    for text in ["", "..", ".hidden", "a/b", "a\\b", "é", "a b", &"a".repeat(65)] {
        assert!(matches!(text.parse::<ProfileName>(), Err(Error::Name)), "{text}");
    }
    assert!("anna.2026-27_b".parse::<ProfileName>().is_ok());
}

#[test]
fn the_default_follows_the_choice_until_it_is_removed() {
    let (_data, profiles) = opened();
    assert_eq!(profiles.default_name().unwrap(), name("default"));
    assert!(matches!(profiles.set_default(&name("anna")), Err(Error::NoProfile(_))));
    for person in ["boris", "anna"] {
        profiles.keep(&name(person), &profile(), &secrets("T")).unwrap();
    }
    assert_eq!(profiles.names().unwrap(), [name("anna"), name("boris")]);
    profiles.set_default(&name("anna")).unwrap();
    assert_eq!(profiles.default_name().unwrap(), name("anna"));
    profiles.remove(&name("anna")).unwrap();
    assert_eq!(profiles.default_name().unwrap(), name("default"));
    assert!(matches!(profiles.remove(&name("anna")), Err(Error::NoProfile(_))));
}

#[test]
fn only_a_school_on_this_machine_is_asked_without_pause() {
    for (address, pace) in [
        ("http://127.0.0.1:8700/pronote", Pace::Off),
        ("http://[::1]:8700/pronote", Pace::Off),
        ("http://localhost/pronote", Pace::Off),
        ("https://127.ecole.example/pronote", Pace::Careful),
        ("http://192.168.1.4/pronote", Pace::Careful),
    ] {
        assert_eq!(Pace::of(&address.parse().unwrap()), pace, "{address}");
    }
}

#[tokio::test]
async fn one_process_at_a_time_signs_in_with_a_profile() {
    let (data, profiles) = opened();
    let other = Profiles::open(data.path()).unwrap();
    let anna = name("anna");
    let held = profiles.lock(&anna).await.unwrap();
    let mut waiting = Box::pin(other.lock(&anna));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    assert!(other.lock(&name("boris")).await.is_ok(), "another profile is free");
    drop(held);
    assert!(waiting.await.is_ok());
}

#[test]
fn two_first_uses_agree_on_one_key() {
    let data = tempfile::tempdir().unwrap();
    let keys: HashSet<Vec<u8>> = std::thread::scope(|scope| {
        let open = || {
            let profiles = Profiles::open(data.path()).unwrap();
            profiles.keep(&name("anna"), &profile(), &secrets("T")).unwrap();
            fs::read(data.path().join("key")).unwrap()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(keys.len(), 1);
}
