//! What is decided about people, over sources that say what a test wants.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use card::answer::{european, legacy};
use card::audit::Whom;
use card::source::Source;
use serde_json::{Value, json};

use crate::fake::{Fake, jpeg};
use crate::house::{House, photo};

const PEOPLE: &str = r#"
[card]
tokens = ["env:CARD_TOKEN"]

[[card.source]]
name = "people"
kind = "people"
role = "identity"

[card.affiliation]
from = "{{ people.who }}"

[card.fields]
lastname = "{{ people.name }}"
firstname = "{{ people.first }}"
csn = "{{ people.csn }}"
photo = ["people.photo"]

[card.student]
title = "Student"
idNumber = "{{ people.student }}"
ine = "{{ people.ine }}"

[card.staff]
title = "Staff"
idNumber = "{{ people.staff }}"
endDate = "{{ people.until }}"
"#;

const ALICE: &[(&str, &str)] =
    &[("who", "student"), ("name", "Martin"), ("first", "Alice"), ("student", "007"), ("staff", "S1")];

fn alice() -> Fake {
    Fake::default().with("alice", ALICE).photo("alice", &jpeg(30, 40))
}

fn house(text: &str, people: Fake) -> House {
    House::with(text, Path::new(""), &[("people", Arc::new(people))])
}

fn two(more: &str, people: Fake, others: Fake) -> (House, Arc<Fake>) {
    let others = Arc::new(others);
    let second =
        format!("[[card.source]]\nname = \"other\"\nkind = \"other\"\nkey = \"{{{{ people.student }}}}\"\n{more}\n");
    let sources: [(&str, Arc<dyn Source>); 2] = [("people", Arc::new(people)), ("other", others.clone())];
    (House::with(&format!("{PEOPLE}\n{second}"), Path::new(""), &sources), others)
}

fn refused(affiliation: &str, codes: &[&str]) -> (u16, Value) {
    (200, json!({"affiliation": affiliation, "errors": codes}))
}

#[tokio::test]
async fn a_field_that_no_card_is_without_is_never_blank() {
    for missing in ["name", "first", "student"] {
        let attributes: Vec<_> = ALICE.iter().copied().filter(|(name, _)| *name != missing).collect();
        let people = Fake::default().with("alice", &attributes).with("alice", &[(missing, " \t ")]);
        let house = house(PEOPLE, people.photo("alice", &jpeg(30, 40)));
        let (status, body) = house.ask("alice").await;
        let field = [("name", "lastname"), ("first", "firstname"), ("student", "idNumber")];
        let field = field.iter().find(|(name, _)| *name == missing).unwrap().1;
        let expected = json!({"error": "source_unavailable", "error_description": format!("people: {field}")});
        assert_eq!((status, body), (503, expected));
        assert_eq!(house.connector.data_faults(), 1);
    }
}

#[tokio::test]
async fn names_lose_their_outer_blanks_and_nothing_else() {
    let people = Fake::default()
        .with("alice", &ALICE[3..])
        .with("alice", &[("who", "STUDENT"), ("name", "  d'Arc  de la\u{a0}Tour "), ("first", "jean-Éric")]);
    let house = house(PEOPLE, people.photo("alice", &jpeg(30, 40)));
    let (_, body) = house.ask("alice").await;
    assert_eq!((&body["lastname"], &body["firstname"]), (&json!("d'Arc de la Tour"), &json!("jean-Éric")));
}

#[tokio::test]
async fn whoever_is_neither_student_nor_staff_has_no_card() {
    let guest = |number: &[(&str, &str)]| Fake::default().with("guest", &[("who", "alum")]).with("guest", number);
    let house_of = |people| house(PEOPLE, people);
    assert_eq!(house_of(guest(&[("student", "1")])).ask("guest").await, refused("student", &["NO_ACTIVE_CARD"]));
    assert_eq!(house_of(guest(&[])).ask("guest").await, refused("staff", &["NO_ACTIVE_CARD"]));
    let other = PEOPLE.replace("from = \"{{ people.who }}\"", "from = \"{{ people.who }}\"\nother = \"staff\"");
    let somebody = Fake::default().with("guest", &ALICE[1..]).with("guest", &[("who", "priest")]);
    assert_eq!(house(&other, somebody.photo("guest", &jpeg(30, 40))).ask("guest").await.1["affiliation"], "staff");
}

#[tokio::test]
async fn somebody_with_two_profiles_has_the_number_of_the_layout_that_is_shown() {
    let staff = Fake::default().with("alice", &ALICE[1..]).with("alice", &[("who", "teacher"), ("ine", "0ABC1234567")]);
    let house = house(PEOPLE, staff.photo("alice", &jpeg(30, 40)));
    let (_, body) = house.ask("alice").await;
    assert_eq!((&body["affiliation"], &body["idNumber"], &body["ine"]), (&json!("staff"), &json!("S1"), &Value::Null));
}

#[tokio::test]
async fn a_contract_that_ends_before_the_year_ends_the_card() {
    for (until, end) in
        [("2026-11-30", 2027), ("2026", 2026), ("20280831215959Z", 2027), ("2026-08-31", 2026), ("", 2027)]
    {
        let attributes = [("who", "staff"), ("name", "a"), ("first", "b"), ("staff", "1"), ("until", until)];
        let house = house(PEOPLE, Fake::default().with("a", &attributes).photo("a", &jpeg(30, 40)));
        assert_eq!(house.ask("a").await.1["endDate"], json!(end), "{until}");
    }
    let attributes = [("who", "staff"), ("name", "a"), ("first", "b"), ("staff", "1"), ("until", "soon")];
    let house = house(PEOPLE, Fake::default().with("a", &attributes).photo("a", &jpeg(30, 40)));
    assert_eq!(house.ask("a").await.1["error_description"], "people: endDate");
}

#[tokio::test]
async fn codes_add_up_in_their_order_or_only_the_first_is_sent() {
    let rules = "[[card.rule]]\ncode = \"NO_ACTIVE_CARD\"\nwhen = \"not field.csn\"\n\
                 [[card.rule]]\ncode = \"UNPAID_FEES\"\nwhen = \"people.fees is holding('no')\"\n";
    let text = format!("{PEOPLE}\n{rules}");
    let first = format!("{text}\n[card.errors]\nreport = \"first\"\n");
    let people = |more: &[(&str, &str)]| Fake::default().with("alice", ALICE).with("alice", more);
    let unpaid = || people(&[("fees", "no")]);
    assert_eq!(house(&text, people(&[])).ask("alice").await, refused("student", &["NO_ACTIVE_CARD", "NO_PHOTO"]));
    assert_eq!(house(&text, unpaid()).ask("alice").await, refused("student", &["UNPAID_FEES", "NO_PHOTO"]));
    assert_eq!(house(&first, unpaid()).ask("alice").await, refused("student", &["UNPAID_FEES"]));
    assert_eq!(house(&first, people(&[])).ask("alice").await, refused("student", &["NO_ACTIVE_CARD"]));
    let staff = Fake::default().with("alice", &ALICE[1..]).with("alice", &[("who", "staff"), ("fees", "no")]);
    assert_eq!(house(&text, staff).ask("alice").await, refused("staff", &["NO_ACTIVE_CARD", "NO_PHOTO"]));
}

#[tokio::test]
async fn a_photo_is_not_fetched_when_there_is_no_card_anyway() {
    let text = format!("{PEOPLE}\n[[card.rule]]\ncode = \"NO_ACTIVE_CARD\"\nwhen = \"not field.csn\"\n");
    let people = Arc::new(alice());
    let house = House::with(&text, Path::new(""), &[("people", people.clone())]);
    assert_eq!(house.ask("alice").await, refused("student", &["NO_ACTIVE_CARD"]));
    assert_eq!(people.fetched.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_first_usable_photo_is_taken_and_an_answer_is_never_too_long() {
    let large = jpeg(2400, 3200);
    assert!(large.len() > 6_000_000, "{}", large.len());
    let people = Fake::default().with("alice", ALICE).photo("alice", b"no picture").photo("alice", &large);
    let house = house(PEOPLE, people);
    let answer = house.answer("alice").await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() < 512 << 10, "{}", answer.body.len());
    let (_, picture) = photo(&serde_json::from_slice(&answer.body).unwrap());
    assert!(picture.width() <= 480 && picture.height() <= 640);
    let none = Fake::default().with("alice", ALICE).photo("alice", b"no picture");
    assert_eq!(self::house(PEOPLE, none).ask("alice").await, refused("student", &["NO_PHOTO"]));
}

#[tokio::test]
async fn a_source_of_photos_that_fails_is_not_a_missing_photo() {
    let broken = || Fake { broken_photos: true, ..alice() };
    assert_eq!(house(PEOPLE, broken()).ask("alice").await.0, 503);
    let lenient = format!("{PEOPLE}\n[card.photo]\non_failure = \"none\"\n");
    assert_eq!(house(&lenient, broken()).ask("alice").await, refused("student", &["NO_PHOTO"]));
}

#[tokio::test]
async fn a_second_source_is_asked_by_what_the_first_knows() {
    let others = || Fake::default().with("007", &[("csn", "04A1B2C3")]);
    let (house, asked) = two("", alice(), others());
    assert_eq!(house.ask("alice").await.0, 200);
    assert_eq!(asked.asked.load(Ordering::SeqCst), 1);
    let nameless = Fake::default().with("bob", &[("who", "staff"), ("name", "a"), ("first", "b"), ("staff", "1")]);
    let (house, asked) = two("", nameless.photo("bob", &jpeg(30, 40)), others());
    assert_eq!(house.ask("bob").await.0, 200);
    assert_eq!(asked.asked.load(Ordering::SeqCst), 0, "its key is blank");
}

#[tokio::test]
async fn a_second_source_that_fails_is_told_unless_it_is_optional() {
    let broken = || Fake { broken: true, ..Fake::default() };
    let (house, _) = two("", alice(), broken());
    let expected = json!({"error": "source_unavailable", "error_description": "other"});
    assert_eq!(house.ask("alice").await, (503, expected));
    let (house, _) = two("optional = true", alice(), broken());
    assert_eq!(house.ask("alice").await.0, 200);
    assert_eq!(house.ask("nobody").await.0, 404, "who is unknown is unknown without the other");
}

#[tokio::test]
async fn a_slow_source_is_given_up_and_sources_do_not_wait_for_each_other() {
    let slow = Duration::from_secs(60);
    let house_of = |people| house(&PEOPLE.replace("[card]\n", "[card]\nbudget_ms = 300\n"), people);
    let began = Instant::now();
    assert_eq!(house_of(alice().slow(slow)).ask("alice").await.0, 503);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());

    let third = "[[card.source]]\nname = \"third\"\nkind = \"other\"\nkey = \"{{ people.student }}\"\n";
    let (house, asked) = two(third, alice(), Fake::default().slow(Duration::from_millis(300)));
    let began = Instant::now();
    assert_eq!(house.ask("alice").await.0, 200);
    assert_eq!(asked.asked.load(Ordering::SeqCst), 2);
    assert!(began.elapsed() < Duration::from_millis(550), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_unknown_person_may_be_told_by_a_message() {
    let text = PEOPLE.replace("[card]\n", "[card]\nunknown_user = \"no-active-card\"\n");
    assert_eq!(house(&text, alice()).ask("nobody").await, refused("student", &["NO_ACTIVE_CARD"]));
    let (status, body) = house(PEOPLE, alice()).ask("no\"body").await;
    assert_eq!((status, &body["error"]), (404, &json!("user_not_found")));
}

#[tokio::test]
async fn values_that_an_application_would_not_accept_are_left_out() {
    let people = alice().with("alice", &[("ine", "12"), ("csn", "04:a1-b2 c3")]);
    let (_, body) = house(PEOPLE, people).ask("alice").await;
    assert_eq!((&body["ine"], &body["csn"]), (&Value::Null, &json!("04A1B2C3")));
}

#[tokio::test]
async fn a_code_that_cannot_be_made_is_left_out() {
    let with = |qr: &str, mail: &str| {
        let text = format!("{PEOPLE}\n[card.qr]\nallow_extended = true\nvalue = \"{{{{ people.mail }}}}\"\n{qr}");
        house(&text, alice().with("alice", &[("mail", mail)]))
    };
    let code = async |house: House| house.ask("alice").await.1["qrCode"].clone();
    assert_eq!(code(with("type = \"text\"", "a@b")).await, json!({"type": "text", "value": "a@b"}));
    assert_eq!(code(with("type = \"text\"", &"a".repeat(1001))).await, Value::Null);
    assert_eq!(code(with("type = \"text\"", " ")).await, Value::Null);
    assert_eq!(code(with("type = \"none\"", "a@b")).await, Value::Null);
    assert_eq!(code(with("type = \"url\"", "http://example.org")).await, Value::Null);
    assert_eq!(code(with("type = \"url\"", "https://example.org")).await["type"], "url");
    let drawn = code(with("type = \"image\"", "a@b")).await;
    assert!(drawn["value"].as_str().unwrap().starts_with("<svg"));
}

#[tokio::test]
async fn a_panel_holds_a_series_of_codes_each_of_which_proves_the_card() {
    let folder = tempfile::tempdir().unwrap();
    let text = PEOPLE.replace("[card]\n", "[card]\npublic_url = \"https://card.univ-ville.fr\"\n");
    let text = format!(
        "{text}\n[card.verify]\nenabled = true\nseries = 3\n[card.panel]\nlines = [\"{{{{ people.course }}}}\"]\n\
         [card.qr]\ntype = \"image\"\nallow_extended = true\nvalue = \"{{{{ verify_url() }}}}\"\n"
    );
    let House { connector, .. } = house(&text, alice().with("alice", &[("course", "Master & more")]));
    assert!(connector.config().sources[0].attributes.contains(&"course".to_owned()), "a panel shows it");
    let at = crate::house::NOW.parse().unwrap();
    let issuer = card::verify::Issuer::open(folder.path(), connector.config().verify.clone(), at).unwrap();
    let issuer = Arc::new(issuer);
    let finding = connector.clone().with_issuer(issuer.clone()).find("alice").await;
    let answer = card::answer::card(&finding, "alice", connector.config());
    assert!(answer.body.len() < 200_000, "{}", answer.body.len());
    let card::model::Outcome::Card(card) = finding.outcome else { panic!("a card") };
    let code = card.qr_code.unwrap();
    assert!(code.kind == "image" && code.value.contains("Master &amp; more"), "{}", code.value);
    assert!(code.value.contains("@keyframes"), "they turn");

    let address = finding.facts.get_attr("verify_url").unwrap().call(&mut state(), &[]).unwrap().to_string();
    let token = address.strip_prefix("HTTPS://CARD.UNIV-VILLE.FR/V/").unwrap();
    assert!(matches!(issuer.check(token, at), card::verify::Verdict::Valid(_)));
}

fn state() -> minijinja::State<'static, 'static> {
    static NOTHING: std::sync::LazyLock<minijinja::Environment<'static>> =
        std::sync::LazyLock::new(minijinja::Environment::new);
    NOTHING.empty_state()
}

#[tokio::test]
async fn a_template_of_a_picture_that_cannot_be_drawn_is_told_of() {
    let House { connector, .. } = house(&format!("{PEOPLE}\n[card.render]\nstudent = \"nowhere.svg\"\n"), alice());
    let Err(faults) = connector.config().renderer() else { panic!("it was accepted") };
    assert!(faults[0].what.starts_with("[card.render]: student"), "{faults:?}");
    assert!(faults[0].span.start > PEOPLE.len() - 1);
    assert!(house(PEOPLE, alice()).connector.config().renderer().is_ok());
}

#[tokio::test]
async fn a_european_card_has_its_identifier_and_its_code() {
    let text = PEOPLE.replace("csn =", "euid = \"{{ people.esi }}\"\nescn = \"{{ people.escn }}\"\ncsn =");
    let escn = "A3A8B2A0-0E4B-1039-8E0F-001096752342";
    let esi = "urn:schac:personalUniqueCode:int:esi:fr:0ABC1234567";
    let of = |house: &House, login: &str| {
        let (connector, login) = (house.connector.clone(), login.to_owned());
        async move {
            let answer = european(&connector.find(&login).await, &login, connector.config());
            (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap())
        }
    };
    let house_with = house(&text, alice().with("alice", &[("esi", esi), ("escn", escn)]));
    let (status, body) = of(&house_with, "alice").await;
    assert_eq!((status, &body["euid"], &body["lastname"]), (200, &json!("fr:0ABC1234567"), &json!("Martin")));
    let mut keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["errors", "euid", "firstname", "lastname", "photo", "qrCode"]);
    assert_eq!(body["qrCode"]["type"], "image");
    assert!(body["qrCode"]["value"].as_str().unwrap().contains("#1a3459"));
    assert_eq!(of(&house_with, "nobody").await.0, 404);

    let without = house(&text, alice());
    assert_eq!(of(&without, "alice").await, refused("student", &["ESCN_MISSING"]));
    let unpaid = format!("{text}\n[[card.rule]]\ncode = \"UNPAID_FEES\"\nwhen = \"true\"\n");
    assert_eq!(of(&house(&unpaid, alice()), "alice").await, refused("student", &["NO_ACTIVE_CARD"]));
}

#[tokio::test]
async fn applications_before_the_second_release_get_the_same_in_their_shape() {
    let house = house(PEOPLE, alice());
    let finding = house.connector.find("alice").await;
    let answer = legacy(&finding, "alice", house.connector.config());
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(body["photo"].take().as_str().unwrap().starts_with("data:image/jpeg;base64,"));
    let card = json!({
        "title": "Student", "subtitle": null, "endDate": 2027, "idNumber": "007", "csn": null, "qrCode": null,
    });
    let expected = json!({
        "lastname": "Martin", "firstname": "Alice", "birthdate": null, "gender": null, "ine": null, "photo": null,
        "affiliation": "student", "errors": [],
        "cards": {"studentCard": card, "staffCard": null, "euStudentCard": null},
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn an_audit_counts_everybody_once() {
    let people = alice()
        .with("bob", &[("who", "alum")])
        .with("carol", &[("who", "student"), ("name", "x"), ("first", "y"), ("student", "1")])
        .with("dave", &[("who", "student"), ("first", "y"), ("student", "1")])
        .with("erin", &[("who", "staff"), ("name", &"n".repeat(40)), ("first", "y"), ("staff", "1")])
        .photo("dave", &jpeg(30, 40))
        .photo("erin", &jpeg(30, 40));
    let house = house(PEOPLE, people);
    let at = crate::house::NOW.parse().unwrap();
    let mut seen = Vec::new();
    let audit = house.connector.audit(Whom::Everybody, at, true, |so_far| seen.push(so_far)).await.unwrap();
    assert_eq!(seen, [2, 4, 5]);
    assert_eq!(
        audit.to_string(),
        "       5 people\n       2 cards\n       1 NO_ACTIVE_CARD\n       1 NO_PHOTO\n       0 unknown\n       \
         1 could not be told about: people: `lastname`: it is empty\n       \
         1 with a `lastname` that is longer than its line\n"
    );
    let lines = ["login;outcome;details", "alice;card;", "bob;no card;NO_ACTIVE_CARD", "carol;no card;NO_PHOTO"];
    assert_eq!(audit.csv().lines().take(4).collect::<Vec<_>>(), lines);
    let some = house.connector.audit(Whom::These(&["zoe".to_owned()]), at, false, |_| {}).await.unwrap();
    assert_eq!((some.people, some.unknown, some.list.len()), (1, 1, 0));
}

#[tokio::test]
async fn what_is_found_names_nobody_when_it_is_printed() {
    let house = house(PEOPLE, alice());
    let finding = house.connector.find("alice").await;
    let printed = format!("{finding:?}");
    assert!(!printed.contains("Martin") && !printed.contains("007"), "{printed}");
}

#[tokio::test]
async fn every_source_says_whether_it_works() {
    let (house, _) = two("", alice(), Fake { broken: true, ..Fake::default() });
    let said = house.connector.check().await;
    assert_eq!(said[0].0, "people");
    assert_eq!(said[0].1.as_deref().unwrap(), "it works");
    assert!(said[1].1.is_err());
}
