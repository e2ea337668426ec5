//! Codes that prove a card: none is good that was not issued. Two bytes say which code and when, and the others what is
//! changed in it; all of them are also read as a code.
#![no_main]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use card::model::Affiliation;
use card::verify::{Config, Issuer, Subject, Verdict};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;

/// A moment at which a slot begins.
const NOW: Timestamp = Timestamp::constant(1_795_345_200, 0);
const ALICE: Subject<'static> = Subject {
    login: "amartin",
    affiliation: Affiliation::Student,
    end_date: 2027,
    firstname: "Alice",
    lastname: "Martin",
};

/// Somebody with keys of their own, in an empty folder.
fn issuer(name: &str) -> Issuer {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/target")).join(name);
    let _ = fs::remove_dir_all(&folder);
    Issuer::open(&folder, Config::default(), NOW).expect("there is a place for keys")
}

static ISSUED: LazyLock<(Issuer, [String; 2])> = LazyLock::new(|| {
    let issuer = issuer("keys");
    let codes = [issuer.online(&ALICE, NOW), issuer.offline(&ALICE, NOW)];
    (issuer, codes)
});

/// One that issues nothing: the fuzzer sees what is compared with what, and so learns the codes of the other.
static SILENT: LazyLock<Issuer> = LazyLock::new(|| issuer("silent"));

fuzz_target!(|input: &[u8]| {
    let (issuer, codes) = &*ISSUED;
    assert_eq!(SILENT.check(&String::from_utf8_lossy(input), NOW), Verdict::Unknown);

    let [which, ahead, changes @ ..] = input else { return };
    let code = &codes[usize::from(which & 1)];
    let ahead = i64::from(ahead.cast_signed());
    let at = NOW + SignedDuration::from_secs(ahead);
    let mut changed = code.clone().into_bytes();
    changed.resize(changed.len().max(changes.len()), 0);
    changed.iter_mut().zip(changes).for_each(|(letter, change)| *letter ^= change);
    let text = String::from_utf8_lossy(&changed);

    let verdict = issuer.check(&text, at);
    assert_eq!(matches!(verdict, Verdict::Unknown), text != code.as_str());
    if text == code.as_str() {
        let is_good = matches!(&verdict, Verdict::Valid(shown) | Verdict::AlreadyShown { shown, .. } if shown.login == ALICE.login);
        assert_eq!(is_good, (-30..60).contains(&ahead));
        assert!(!matches!(issuer.peek(&text, at), Verdict::Valid(_)));
    }
});
