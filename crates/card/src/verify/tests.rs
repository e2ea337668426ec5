use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::{SignedDuration, ToSpan as _};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn at(seconds: i64) -> Timestamp {
    // A moment at which a slot begins.
    Timestamp::from_second(1_795_345_200 + seconds).unwrap()
}

fn alice() -> Subject<'static> {
    Subject {
        login: "amartin",
        affiliation: Affiliation::Student,
        end_date: 2027,
        firstname: "Alice",
        lastname: "martin",
    }
}

fn opened() -> (TempDir, Issuer) {
    let folder = tempfile::tempdir().unwrap();
    let issuer = open(&folder, at(0));
    (folder, issuer)
}

fn open(folder: &TempDir, at: Timestamp) -> Issuer {
    Issuer::open(folder.path(), Config::default(), at).unwrap()
}

fn of_alice() -> Shown {
    Shown {
        login: "amartin".to_owned(),
        affiliation: Affiliation::Student,
        end_date: Some(2027),
        name: "Alice M.".to_owned(),
    }
}

#[test]
fn a_code_of_this_moment_is_good() {
    let (_folder, issuer) = opened();
    for code in [issuer.online(&alice(), at(0)), issuer.offline(&alice(), at(0))] {
        assert_eq!(issuer.check(&code, at(5)), Verdict::Valid(of_alice()));
    }
}

#[test]
fn a_code_is_made_for_the_alphanumeric_mode_of_a_qr_code() {
    let (_folder, issuer) = opened();
    let (online, offline) = (issuer.online(&alice(), at(0)), issuer.offline(&alice(), at(0)));
    assert_eq!((online.len(), offline.len()), (56, 133));
    assert!((online + &offline).bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
}

#[test]
fn the_form_of_codes_is_a_setting() {
    let (folder, issuer) = opened();
    let offline = Config { offline: true, ..Config::default() };
    let gates = Issuer::open(folder.path(), offline, at(0)).unwrap();
    assert_eq!((issuer.code(&alice(), at(0)).len(), gates.code(&alice(), at(0)).len()), (56, 133));
    assert_eq!((issuer.series(&alice(), 2, at(0))[1].len(), gates.series(&alice(), 2, at(0))[1].len()), (56, 133));
}

#[test]
fn a_code_older_than_its_life_is_refused() {
    let (_folder, issuer) = opened();
    let code = issuer.online(&alice(), at(0));
    assert!(matches!(issuer.check(&code, at(59)), Verdict::Valid(_)));
    assert_eq!(issuer.check(&code, at(60)), Verdict::Expired);
    assert_eq!(issuer.check(&code, at(86_400)), Verdict::Expired);
}

#[test]
fn a_code_of_later_is_not_good_yet() {
    let (_folder, issuer) = opened();
    let codes = issuer.series(&alice(), 5, at(0));
    assert_eq!(codes.len(), 5);
    for (ahead, code) in (0_i64..).zip(&codes) {
        let expected = if ahead <= 1 { Verdict::Valid(of_alice()) } else { Verdict::Expired };
        assert_eq!(issuer.check(code, at(0)), expected, "{ahead}");
        let again = issuer.check(code, at(30 * ahead));
        assert!(matches!(again, Verdict::Valid(_) | Verdict::AlreadyShown { .. }), "{again:?}");
    }
}

#[test]
fn no_more_codes_are_made_ahead_than_are_configured() {
    let (_folder, issuer) = opened();
    assert_eq!(issuer.series(&alice(), usize::MAX, at(0)).len(), 20);
    assert_eq!(issuer.ends(at(7)), at(30));
}

#[test]
fn a_code_that_is_seen_twice_says_when_it_was_seen_first() {
    let (_folder, issuer) = opened();
    let code = issuer.online(&alice(), at(0));
    assert_eq!(issuer.peek(&code, at(2)), Verdict::Valid(of_alice()));
    assert_eq!(issuer.check(&code, at(3)), Verdict::Valid(of_alice()));
    assert_eq!(issuer.check(&code, at(9)), Verdict::AlreadyShown { at: at(3), shown: of_alice() });
    let other = issuer.online(&alice(), at(10));
    assert_eq!(issuer.check(&other, at(10)), Verdict::Valid(of_alice()), "another code of the same person");
}

#[test]
fn what_others_made_is_unknown() {
    let ((_mine, issuer), (_theirs, other)) = (opened(), opened());
    for code in [other.online(&alice(), at(0)), other.offline(&alice(), at(0))] {
        assert_eq!(issuer.check(&code, at(0)), Verdict::Unknown);
    }
    for text in ["", "A", "é", "../../etc/passwd", "%00", &"A".repeat(56), &"A".repeat(133), &"A".repeat(100_000)] {
        assert_eq!(issuer.check(text, at(0)), Verdict::Unknown, "{text}");
    }
    let code = issuer.online(&alice(), at(0));
    assert_eq!(issuer.check(&code.to_lowercase(), at(0)), Verdict::Unknown);
}

#[test]
fn a_card_that_is_withdrawn_is_refused_until_it_is_given_back() {
    let (folder, issuer) = opened();
    let (elsewhere, code) = (open(&folder, at(0)), issuer.online(&alice(), at(0)));
    assert!(matches!(elsewhere.peek(&code, at(0)), Verdict::Valid(_)));

    issuer.revoke("AMartin").unwrap();
    assert_eq!(issuer.check(&code, at(1)), Verdict::Revoked);
    assert_eq!(elsewhere.check(&code, at(1)), Verdict::Revoked, "another process notices");
    assert!(open(&folder, at(1)).is_revoked("amartin", at(1)), "and one that starts later");
    let list = fs::read_to_string(folder.path().join("revoked")).unwrap();
    assert!(!list.contains("amartin") && list.len() == 17, "it names nobody: {list}");

    issuer.restore("amartin").unwrap();
    assert!(matches!(elsewhere.check(&code, at(3)), Verdict::Valid(_)));
}

#[test]
fn neither_a_restart_nor_a_second_process_breaks_what_a_phone_shows() {
    let (folder, issuer) = opened();
    let (second, code) = (open(&folder, at(0)), issuer.online(&alice(), at(0)));
    assert_eq!(second.check(&code, at(1)), Verdict::Valid(of_alice()));
    let later = issuer.online(&Subject { login: "blefevre", affiliation: Affiliation::Staff, ..alice() }, at(1));
    assert!(matches!(second.check(&later, at(2)), Verdict::Valid(Shown { affiliation: Affiliation::Staff, .. })));
    drop((issuer, second));
    assert_eq!(open(&folder, at(3)).check(&code, at(3)), Verdict::Valid(of_alice()));
}

#[test]
fn nobody_is_named_in_clear_on_the_disk_nor_for_long() {
    let (folder, issuer) = opened();
    let _ = issuer.online(&alice(), at(0));
    let files = || fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let shown = |path: &std::path::PathBuf| path.to_string_lossy().contains("shown-");
    for path in files() {
        let content = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains("amartin") && !text.contains("Alice"), "{}", path.display());
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    }
    assert!(files().iter().any(shown));
    let restarted = open(&folder, at(3 * 3600 + 900));
    assert!(files().iter().any(shown), "a command that only looks takes nothing away");
    restarted.tidy(at(3 * 3600 + 900));
    assert!(!files().iter().any(shown));
}

#[test]
fn a_half_written_or_foreign_journal_does_no_harm() {
    let (folder, issuer) = opened();
    let code = issuer.online(&alice(), at(0));
    let hour = at(0).as_second() / 3600;
    for (name, content) in [("a", vec![0xff; 3000]), ("b", vec![0, 200, 1, 2]), ("c", Vec::new()), ("d", vec![0; 64])] {
        fs::write(folder.path().join(format!("shown-{hour}-{name}")), content).unwrap();
    }
    let restarted = open(&folder, at(1));
    assert_eq!(restarted.check(&code, at(1)), Verdict::Valid(of_alice()));
    // An entry that is written in two goes is read when it is whole.
    let path = folder.path().join(format!("shown-{hour}-{}", issuer.journal.process));
    let before = fs::metadata(&path).unwrap().len();
    let bob = issuer.online(&Subject { login: "bob", ..alice() }, at(1));
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..usize::try_from(before).unwrap() + 9]).unwrap();
    assert_eq!(restarted.check(&bob, at(2)), Verdict::Expired, "nobody knows yet for whom it is");
    fs::write(&path, whole).unwrap();
    assert!(matches!(restarted.check(&bob, at(3)), Verdict::Valid(_)));
}

#[test]
fn a_new_key_is_published_before_it_signs_and_the_old_one_is_kept_until_its_last_code() {
    let (folder, issuer) = opened();
    let elsewhere = open(&folder, at(0));
    let day = 86_400;
    let ids = |issuer: &Issuer, at| {
        let list: serde_json::Value = serde_json::from_str(&issuer.public_keys(at)).unwrap();
        list["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&issuer, at(28 * day)), ["1"]);
    assert_eq!(ids(&issuer, at(29 * day)), ["1", "2"]);
    assert_eq!(ids(&elsewhere, at(29 * day)), ["1", "2"], "another process takes the same");

    let eve = at(30 * day - 1);
    let old = issuer.online(&alice(), eve);
    let new = elsewhere.online(&alice(), at(30 * day));
    assert_eq!((token::read(&old).unwrap().claims.key, token::read(&new).unwrap().claims.key), (1, 2));
    assert!(matches!(issuer.check(&old, at(30 * day + 5)), Verdict::Valid(_)));
    assert!(matches!(issuer.check(&new, at(30 * day + 5)), Verdict::Valid(_)));
    assert_eq!(ids(&issuer, at(59 * day)), ["2", "3"], "what is over is dropped with the next rotation");
}

#[test]
fn after_a_long_sleep_a_new_key_signs_at_once() {
    let (folder, issuer) = opened();
    drop(issuer);
    let later = at(400 * 86_400);
    let issuer = open(&folder, later);
    let code = issuer.online(&alice(), later);
    assert_eq!(token::read(&code).unwrap().claims.key, 2);
    assert!(matches!(issuer.check(&code, later), Verdict::Valid(_)));
}

#[test]
fn the_numbers_of_keys_start_again_after_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { rotate_days: 1, ..Config::default() };
    for day in 0..300 {
        let now = at(86_400 * day);
        let issuer = Issuer::open(folder.path(), config.clone(), now).unwrap();
        let code = issuer.online(&alice(), now);
        assert!(matches!(issuer.check(&code, now), Verdict::Valid(_)), "day {day}");
    }
}

#[test]
fn damaged_keys_are_never_replaced() {
    let (folder, issuer) = opened();
    let code = issuer.online(&alice(), at(0));
    let path = folder.path().join("keys.json");
    let kept = fs::read(&path).unwrap();
    for broken in [&b"{"[..], b"", b"{\"root\":\"\",\"keys\":[]}", &kept[..kept.len() / 2]] {
        fs::write(&path, broken).unwrap();
        assert!(matches!(Issuer::open(folder.path(), Config::default(), at(0)), Err(Error::Damaged("keys.json"))));
        assert_eq!(fs::read(&path).unwrap(), broken);
    }
    assert!(matches!(issuer.check(&code, at(5)), Verdict::Valid(_)), "who has them already goes on");
}

/// Checks an offline code with the public keys only, as a gate does that was written by somebody else.
const GATE: &str = r#"
import base64, json, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
listed = json.loads(sys.stdin.readline())
code, now = sys.stdin.readline().split()
token = base64.b32decode(code + "=" * (-len(code) % 8))
assert len(token) == 83 and token[0] == 2
key = next(key for key in listed["keys"] if key["kid"] == str(token[1]))
assert key["kty"] == "OKP" and key["crv"] == "Ed25519" and key["nbf"] <= int(now) <= key["exp"]
x = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
Ed25519PublicKey.from_public_bytes(x).verify(token[19:], token[:19])
slot = int.from_bytes(token[2:6], "big")
assert abs(slot - int(now) // listed["slot_seconds"]) <= listed["slots_around"]
print("staff" if token[14] & 1 else "student", 2020 + (token[14] >> 1 & 63))
"#;

#[test]
fn anybody_with_the_public_keys_can_check_an_offline_code() {
    let there = Command::new("python3").args(["-c", "import cryptography"]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        // OpenSSL's library is not ours either; ring checks it in the other tests.
        println!("skipped: there is no Python with `cryptography`");
        assert!(std::env::var_os("CI").is_none(), "CI has to have it");
        return;
    }
    let (_folder, issuer) = opened();
    let code = issuer.offline(&alice(), at(0));
    let keys = issuer.public_keys(at(0));
    let judge = |code: &str, now: Timestamp| {
        let mut python = Command::new("python3");
        let python = python.args(["-c", GATE]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut gate = python.spawn().unwrap();
        writeln!(gate.stdin.take().unwrap(), "{keys}\n{code} {}", now.as_second()).unwrap();
        let output = gate.wait_with_output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(judge(&code, at(10)).as_deref(), Some("student 2027\n"));
    assert_eq!(judge(&code, at(70)), None, "it is over");
    let altered = code.replacen(&code[10..11], if &code[10..11] == "A" { "B" } else { "A" }, 1);
    assert_eq!(judge(&altered, at(10)), None, "it was altered");
}

#[test]
fn what_is_shown_of_an_issuer_and_a_person_names_nobody() {
    let (_folder, issuer) = opened();
    let code = issuer.online(&alice(), at(0));
    let text = format!("{issuer:?} {:?}", issuer.check(&code, at(0)));
    assert!(!text.contains("amartin") && !text.contains("Alice"), "{text}");
}

#[test]
fn a_config_that_cannot_work_says_why() {
    assert_eq!(Config::default().faults(), Vec::<String>::new());
    let config = Config { slot_seconds: 0, series: 0, rotate_days: 0, ..Config::default() };
    assert_eq!(config.faults().len(), 3);
}

proptest! {
    #[test]
    fn no_letter_of_a_code_can_be_changed(place in any::<prop::sample::Index>(), flip in 1_u8..=255, offline in any::<bool>()) {
        let (_folder, issuer) = shared();
        let code = if offline { issuer.offline(&alice(), at(0)) } else { issuer.online(&alice(), at(0)) };
        let mut bytes = code.clone().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        let text = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(issuer.check(&text, at(0)), Verdict::Unknown);
        prop_assert!(matches!(issuer.check(&code, at(0)), Verdict::Valid(_)));
    }

    #[test]
    fn a_code_is_good_in_its_slot_and_beside_it_only(made in 0_i64..3600, past in -3600_i64..3600) {
        let (_folder, issuer) = shared();
        let made = at(made);
        let code = issuer.online(&alice(), made);
        let now = made + past.seconds();
        let slots = (now.as_second().div_euclid(30) - made.as_second().div_euclid(30)).abs();
        let good = matches!(issuer.check(&code, now), Verdict::Valid(_));
        prop_assert_eq!(good, slots <= 1);
        if now.duration_since(made) > SignedDuration::from_secs(90) {
            prop_assert!(!good);
        }
    }

    #[test]
    fn any_text_has_a_verdict(text in ".{0,200}") {
        let (_folder, issuer) = shared();
        prop_assert_eq!(issuer.check(&text, at(0)), Verdict::Unknown);
    }
}

/// One issuer for all cases of the properties.
fn shared() -> &'static (TempDir, Issuer) {
    static SHARED: std::sync::LazyLock<(TempDir, Issuer)> = std::sync::LazyLock::new(opened);
    &SHARED
}
