//! Digital cards, from the configuration to the answer.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod judges;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::command::{cartable, typing};
use crate::running::{Running, exchange, until};
use crate::school::School;

const TOKEN: &str = "a-token-of-a-card-application";
const VIEW_TOKEN: &str = "a-token-for-pictures-of-cards";
/// When it is, for the people of these tests.
const NOW: &str = "2026-11-22T12:00:00+01:00";
const PEOPLE: &str = "\
login;nom;prenom;naissance;profil;numero;ine;csn;carte;droits;annee;classe
amartin;Martin;Alice;29/02/2004;student;22100001;0ABC1234567;04A1B2C3D4E580;active;O;2026;2A
blefevre;Lefèvre;Benoît;10/10/1980;staff;000AA12345;;0411223344AABB;active;;;
cpetit;Petit;Chloé;31/12/2005;student;22100003;0ABC1234569;04A1B2C3D4E581;active;O;2026;2A
droux;Roux;David;15/06/2003;student;22100004;0ABC1234570;04A1B2C3D4E582;active;N;2026;2A
";

/// Limits that no test comes near.
const OFTEN: &str = "\n[card.limits]\nper_second = 10000\nper_login_per_minute = 10000\n";
/// What makes cards of that school provable.
const PROVABLE: &str = "\n[card.verify]\nenabled = true\n";

/// A folder with a file of people, photos of some, and a configuration with more to it.
fn school(more: &str) -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path();
    fs::create_dir(folder.join("photos")).unwrap();
    for (login, color) in [("amartin", "#4F6D7A"), ("blefevre", "#7CA982")] {
        fs::write(folder.join(format!("photos/{login}.png")), emulator::portrait(color)).unwrap();
    }
    fs::write(folder.join("people.csv"), PEOPLE).unwrap();
    secret(folder, "token", TOKEN);
    secret(folder, "view-token", VIEW_TOKEN);
    let sample = cartable(folder, &["card", "example", "school"]).done();
    let sample = sample
        .replace("tokens = [\"env:CARD_TOKEN\"]", "tokens = [\"file:token\"]\nview_tokens = [\"file:view-token\"]")
        .replace("# photos = ", "photos = ");
    fs::write(folder.join("cartable.toml"), sample + OFTEN + more).unwrap();
    data
}

fn secret(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(folder.join(name), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// A server in a folder, at the moment of these tests.
fn serving(data: &Path, options: &[&str]) -> Running {
    let moment: Timestamp = NOW.parse().unwrap();
    fs::write(data.join("offset"), (moment.as_second() - Timestamp::now().as_second()).to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cartable"));
    command.args(["serve", "0", "--data"]).arg(data).arg("--clock-offset-file").arg(data.join("offset")).args(options);
    Running::logging(&mut command, Stdio::from(File::create(data.join("log")).unwrap()))
}

fn ask(server: &Running, path: &str, token: &str) -> (u16, Value) {
    let head = format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n");
    let (status, body) = exchange(&server.place(), &head, "");
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

fn card(server: &Running, login: &str) -> (u16, Value) {
    ask(server, &format!("/card/{login}"), TOKEN)
}

#[test]
fn a_small_school_has_cards_from_a_file() {
    let data = school("");
    let server = serving(data.path(), &[]);
    let (status, mut alice) = card(&server, "amartin");
    assert_eq!(status, 200, "{alice}");
    assert!(alice["photo"].take().as_str().unwrap().starts_with("data:image/jpeg;base64,/9j/"));
    let expected = json!({
        "lastname": "Martin", "firstname": "Alice", "birthdate": "29/02/2004", "gender": null, "title": "Carte d'élève",
        "subtitle": "Classe 2A", "ine": "0ABC1234567", "csn": "04A1B2C3D4E580", "photo": null, "affiliation": "student",
        "idNumber": "22100001", "endDate": 2027, "qrCode": {"type": "text", "value": "amartin"}, "errors": [],
    });
    assert_eq!(alice, expected);
    let (_, benoit) = card(&server, "BLEFEVRE");
    assert_eq!(
        (&benoit["lastname"], &benoit["ine"], &benoit["endDate"]),
        (&json!("Lefèvre"), &json!(null), &json!(2027))
    );
    assert_eq!(card(&server, "cpetit"), (200, json!({"affiliation": "student", "errors": ["NO_PHOTO"]})));
    assert_eq!(card(&server, "droux").1["errors"][0], "UNPAID_FEES");
    let (status, nobody) = card(&server, "nobody");
    assert_eq!((status, &nobody["error"]), (404, &json!("user_not_found_in_csv")));
    assert_eq!(ask(&server, "/card/amartin", "another-token-that-is-wrong").0, 401);
    assert_eq!(ask(&server, "/card-ready", "").1["ready"], true);

    // Somebody who comes in the middle of the year is there without a restart.
    let people = format!("{PEOPLE}egarcia;Garcia;Emma;02/01/2002;student;22100005;0ABC1234571;;active;O;2026;2B\n");
    fs::write(data.path().join("people.csv"), people).unwrap();
    until(|| card(&server, "egarcia").0 == 200);
    let logs = fs::read_to_string(data.path().join("log")).unwrap();
    for word in ["martin", "Lefèvre", "22100001", TOKEN] {
        assert!(!logs.contains(word), "{word} is in the log: {logs}");
    }
    assert_eq!(server.end("-TERM"), Some(0));
}

/// Lets the server's clock be later by some seconds.
fn advance(data: &Path, seconds: i64) {
    let offset: i64 = fs::read_to_string(data.join("offset")).unwrap().parse().unwrap();
    fs::write(data.join("offset"), (offset + seconds).to_string()).unwrap();
}

/// The code on somebody's card, as the path of its page.
fn code(server: &Running, login: &str) -> String {
    let (status, card) = card(server, login);
    let value = card["qrCode"]["value"].as_str().unwrap_or_else(|| panic!("{status} {card}"));
    format!("/V/{}", value.rsplit('/').next().unwrap())
}

/// What the page of a code says to a gate.
fn verdict(server: &Running, path: &str) -> (u16, Value) {
    let (status, body) = exchange(&server.place(), &format!("GET {path} HTTP/1.1\r\nAccept: application/json\r\n"), "");
    (status, serde_json::from_str::<Value>(&body).unwrap()["verdict"].clone())
}

#[test]
fn a_picture_of_a_card_proves_nothing() {
    let data = school(PROVABLE);
    let file = data.path().join("cartable.toml");
    let provable = fs::read_to_string(&file).unwrap();
    let provable = provable
        .replace("[card]\n", "[card]\npublic_url = \"http://127.0.0.1:1\"\n")
        .replace("type = \"text\"\nvalue = \"{{ people.login }}\"", "type = \"url\"\nvalue = \"{{ verify_url() }}\"");
    fs::write(&file, provable).unwrap();
    let server = serving(data.path(), &[]);
    let shown = code(&server, "amartin");
    assert!(!shown.to_lowercase().contains("martin"), "{shown}");
    assert_eq!(verdict(&server, &shown), (200, json!("valid")));
    assert_eq!(verdict(&server, &shown), (409, json!("already_shown")), "somebody else has it, too");
    let photographed = code(&server, "amartin");
    advance(data.path(), 120);
    assert_eq!(verdict(&server, &photographed), (410, json!("expired")));
    let mut forged = code(&server, "amartin");
    forged.replace_range(forged.len() - 1.., if forged.ends_with('A') { "B" } else { "A" });
    assert_eq!(verdict(&server, &forged), (404, json!("unknown")));

    // What is withdrawn at the terminal is so at the door.
    let held = code(&server, "amartin");
    assert_eq!(verdict(&server, &held), (200, json!("valid")));
    cartable(data.path(), &["card", "revoke", "amartin"]).done();
    until(|| verdict(&server, &held) == (410, json!("revoked")));
    cartable(data.path(), &["card", "restore", "amartin"]).done();
    until(|| verdict(&server, &held) == (409, json!("already_shown")));

    // A restart breaks no code that a phone shows.
    let shown = code(&server, "amartin");
    assert_eq!(server.end("-TERM"), Some(0));
    let server = serving(data.path(), &[]);
    advance(data.path(), 120);
    assert_eq!(verdict(&server, &shown), (200, json!("valid")));
}

#[test]
fn a_panel_with_a_bar_code_is_drawn_and_its_trial_says_nothing() {
    for symbology in ["code128", "code39"] {
        let panel = format!("\n[card.panel]\nbarcode = \"{{{{ people.numero }}}}\"\nsymbology = \"{symbology}\"\n");
        let data = school(&panel);
        let file = data.path().join("cartable.toml");
        let drawn = fs::read_to_string(&file).unwrap();
        fs::write(&file, drawn.replace("type = \"text\"", "type = \"image\"\nallow_extended = true")).unwrap();
        let server = serving(data.path(), &[]);
        let (_, alice) = card(&server, "amartin");
        let panel = alice["qrCode"]["value"].as_str().unwrap_or_else(|| panic!("{alice}"));
        assert!(panel.starts_with("<svg") && panel.contains("22100001"), "{panel}");
        let logs = fs::read_to_string(data.path().join("log")).unwrap();
        assert!(!logs.contains("bar code"), "{logs}");
    }
}

#[test]
fn why_there_is_no_card_is_told_on_this_machine() {
    let data = school("");
    let told = cartable(data.path(), &["card", "explain", "droux", "--at", "2026-11-22"]).done();
    for part in ["people.droits = “N”", "UNPAID_FEES: holds", "no card"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let later = cartable(data.path(), &["card", "explain", "amartin", "--at", "2028-01-10", "--json"]).json();
    assert_eq!(later["codes"], json!(["NO_ACTIVE_CARD"]));
    let ran = cartable(data.path(), &["card", "explain", "droux", "--at", "yesterday"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn what_is_wrong_with_somebody_is_not_told_beside_the_explanation() {
    let data = school("");
    let people = fs::read_to_string(data.path().join("people.csv")).unwrap().replace(";Martin;", ";;");
    fs::write(data.path().join("people.csv"), people).unwrap();
    for command in [&["card", "explain", "amartin"][..], &["card", "audit"]] {
        let ran = cartable(data.path(), command);
        assert!(ran.out.contains("`lastname`: it is empty") && ran.err.is_empty(), "{}{}", ran.out, ran.err);
    }
}

#[test]
fn the_letters_of_a_name_that_no_font_has_are_not_in_the_log() {
    let data = school("");
    let people = fs::read_to_string(data.path().join("people.csv")).unwrap().replace(";Martin;", ";山田;");
    fs::write(data.path().join("people.csv"), people).unwrap();
    for file in ["alice.png", "alice.pdf"] {
        let to = data.path().join(file);
        let ran = cartable(data.path(), &["--log", "trace", "card", "render", "amartin", "--to", to.to_str().unwrap()]);
        assert!(ran.code == 0 && !ran.err.contains('山') && !ran.err.contains("5C71"), "{}", ran.err);
    }
}

#[test]
fn a_path_that_is_taken_is_found_before_the_server_starts() {
    for (paths, told) in [
        ("path = \"/graphql\"", "`path` is taken"),
        ("view_tokens = [\"file:token\"]", "a token is in `tokens`"),
        ("eu_path = \"/card/eu\"", "`eu_path` and `path` are in each other's way"),
    ] {
        let data = school("");
        let file = data.path().join("cartable.toml");
        let text = fs::read_to_string(&file).unwrap().replace("view_tokens = [\"file:view-token\"]", paths);
        fs::write(&file, text).unwrap();
        for command in [&["check"][..], &["serve", "0"]] {
            let ran = cartable(data.path(), command);
            assert!(ran.code == 3 && ran.err.contains(told), "{paths}: {}", ran.err);
        }
    }
}

#[test]
fn cards_without_tokens_are_for_this_machine_only() {
    let data = school("[serve]\npublic = true\n");
    let file = data.path().join("cartable.toml");
    let text = fs::read_to_string(&file).unwrap().replace("tokens = [\"file:token\"]", "auth = \"none\"");
    fs::write(&file, text).unwrap();
    let ran = cartable(data.path(), &["serve", "0", "0.0.0.0"]);
    assert!(ran.code == 3 && ran.err.contains("without tokens"), "{}", ran.err);
    let server = serving(data.path(), &[]);
    assert_eq!(exchange(&server.place(), "GET /card/amartin HTTP/1.1\r\n", "").0, 200);
    let brought = "GET /card/amartin HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\n";
    assert_eq!(exchange(&server.place(), brought, "").0, 403, "a proxy that nobody named asks for anybody");
    assert_eq!(server.end("-TERM"), Some(0));
}

#[test]
fn what_is_wrong_with_the_section_is_told_with_its_lines() {
    let data =
        school("\n[[card.rule]]\ncode = \"UNPAID_FEE\"\nwhen = \"people.unknown\"\n[card.photos]\nwidth = 480\n");
    for command in [&["check"][..], &["serve", "0"], &["card", "explain", "amartin"]] {
        let ran = cartable(data.path(), command);
        assert_eq!(ran.code, 3, "{}", ran.err);
        let text = fs::read_to_string(data.path().join("cartable.toml")).unwrap();
        for wrong in ["UNPAID_FEE\"", "people.unknown", "[card.photos]"] {
            let line = text.lines().position(|line| line.contains(wrong)).unwrap() + 1;
            assert!(ran.err.contains(&format!("cartable.toml:{line}: ")), "{line}: {}", ran.err);
        }
    }
    let nothing = tempfile::tempdir().unwrap();
    let ran = cartable(nothing.path(), &["card", "explain", "amartin"]);
    assert!(ran.code == 3 && ran.err.contains("[card]"), "{}", ran.err);
}

#[test]
fn check_asks_every_source() {
    let data = school("");
    let told = cartable(data.path(), &["check"]).done();
    assert!(told.contains("people"), "{told}");
    fs::remove_file(data.path().join("people.csv")).unwrap();
    let ran = cartable(data.path(), &["check"]);
    assert!(ran.code == 3 || ran.code == 5, "{} {}", ran.code, ran.out);
    assert!(ran.err.contains("people"), "{}", ran.err);
}

/// A school without a directory: whoever has signed in to PRONOTE has a card.
const OF_PRONOTE: &str = r#"
[card]
tokens = ["file:token"]

[[card.source]]
name = "pronote"
kind = "pronote"
role = "identity"
profiles = ["fanny", "flore"]

[card.affiliation]
from = "{{ pronote.affiliation }}"
student = ["student"]
staff = ["staff"]
none = []

[card.enrolment]
years = "pronote.year"

[card.fields]
lastname = "{{ pronote.lastname }}"
firstname = "{{ pronote.firstname }}"
idNumber = "{{ pronote.login }}"
photo = "pronote.photo"

[card.student]
title = "Carte d'élève"
subtitle = "{{ pronote.class }}"

[card.staff]
title = "Carte professionnelle"
"#;

#[test]
fn whoever_signed_in_to_pronote_has_a_card() {
    let (data, pronote) = (tempfile::tempdir().unwrap(), School::start(&[]));
    secret(data.path(), "token", TOKEN);
    for (profile, space) in [("fanny", "eleve"), ("flore", "parent")] {
        let url = format!("{}mobile.{space}.html", pronote.url);
        let login = [
            "pronote",
            "--profile",
            profile,
            "login",
            "--url",
            &url,
            "--username",
            "demonstration",
            "--password-stdin",
        ];
        typing(data.path(), &login, "pronotevs\n").done();
    }
    fs::write(data.path().join("cartable.toml"), format!("{OF_PRONOTE}{OFTEN}")).unwrap();
    let server = {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cartable"));
        command.args(["serve", "0", "--allow", &pronote.url, "--data"]).arg(data.path());
        Running::of(&mut command)
    };
    until(|| card(&server, "demonstration").0 == 200);
    let (_, fanny) = card(&server, "demonstration");
    assert_eq!((&fanny["lastname"], &fanny["firstname"]), (&json!("PARENT"), &json!("Fanny")), "{fanny}");
    assert_eq!((&fanny["subtitle"], &fanny["errors"]), (&json!("3A"), &json!([])));
    until(|| card(&server, "demonstration.2").0 == 200);
    assert_eq!(card(&server, "demonstration.2").1, json!({"affiliation": "student", "errors": ["NO_PHOTO"]}));
    let (status, nobody) = card(&server, "nobody");
    assert_eq!((status, &nobody["error"]), (404, &json!("user_not_found")));
    assert_eq!(server.end("-TERM"), Some(0));

    // The command signs in by itself, too.
    let mut with_school = fs::read_to_string(data.path().join("cartable.toml")).unwrap();
    with_school.push_str(&format!("\n[serve]\nallow = [\"{}\"]\n", pronote.url));
    fs::write(data.path().join("cartable.toml"), with_school).unwrap();
    let told = cartable(data.path(), &["card", "explain", "demonstration"]).done();
    assert!(told.contains("pronote.class = “3A”"), "{told}");
}
