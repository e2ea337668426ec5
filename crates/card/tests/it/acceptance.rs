//! The acceptance cases of the contract (`card.md`, section 11), over a directory; and the same people over tables, where
//! the answers are the same to the byte.

mod tables;

use serde_json::{Value, json};

use crate::house::{House, photo, sample};
use crate::slapd::Slapd;

/// The sample of a university, for a directory of the tests.
fn configuration(slapd: &Slapd) -> String {
    let text = sample("university.toml").replace("ldaps://ldap.univ-ville.fr", &slapd.url());
    assert!(text.contains(&slapd.url()));
    text
}

fn house(slapd: &Slapd) -> House {
    House::open(&configuration(slapd), std::path::Path::new(""))
}

/// What an answer says besides its photo.
fn but_photo(mut body: Value) -> Value {
    body.as_object_mut().unwrap().remove("photo");
    body
}

/// Holds the cases that do not depend on the kind of source, against any of them.
async fn the_cases(house: &House, kind: &str) {
    let (status, alice) = house.ask("amartin").await;
    assert_eq!(status, 200);
    let expected = json!({
        "lastname": "Martin", "firstname": "Alice", "birthdate": "29/02/2004", "gender": null,
        "title": "Carte d'étudiant", "subtitle": "Master 1 informatique", "ine": "0ABC1234567", "csn": "04A1B2C3D4E580",
        "affiliation": "student", "idNumber": "22100001", "endDate": 2027,
        "qrCode": {"type": "text", "value": "amartin@univ-ville.fr"}, "errors": [],
    });
    assert_eq!(but_photo(alice.clone()), expected);
    let (_, again) = house.ask("AMARTIN").await;
    assert_eq!(again, alice, "logins have no case");

    let (status, benoit) = house.ask("blefevre").await;
    assert_eq!(status, 200);
    let expected = json!({
        "lastname": "Lefèvre", "firstname": "Benoît", "birthdate": "10/10/1980", "gender": null,
        "title": "Carte professionnelle", "subtitle": null, "ine": null, "csn": "0411223344AABB",
        "affiliation": "staff", "idNumber": "000AA12345", "endDate": 2027,
        "qrCode": {"type": "text", "value": "blefevre@univ-ville.fr"}, "errors": [],
    });
    assert_eq!(but_photo(benoit.clone()), expected);
    let (bytes, picture) = photo(&benoit);
    assert_eq!((picture.width(), picture.height()), (12, 16), "the photo lay on its side");
    assert!(!bytes.windows(4).any(|window| window == b"Exif"));

    for (login, affiliation, code) in [
        ("cpetit", "student", "NO_PHOTO"),
        ("droux", "student", "UNPAID_FEES"),
        ("egarcia", "student", "NO_ACTIVE_CARD"),
        ("fbensaid", "student", "NO_ACTIVE_CARD"),
    ] {
        let expected = json!({"affiliation": affiliation, "errors": [code]});
        assert_eq!(house.ask(login).await, (200, expected), "{login}");
    }

    let (status, body) = house.ask("gmoreau").await;
    assert_eq!((status, body["error"].as_str().unwrap()), (404, format!("user_not_found_in_{kind}").as_str()));
    let (_, hai) = house.ask("hnguyen").await;
    assert_eq!((&hai["affiliation"], &hai["idNumber"]), (&json!("student"), &json!("22000008")));

    for login in ["nobody", "*", "a*", ")(uid=*", "a\\2a", "amartin*", "ámartin", "amartin\u{200b}"] {
        let (status, body) = house.ask(login).await;
        assert_eq!(status, 404, "{login}: {body}");
        assert_eq!(body["error"], json!(format!("user_not_found_in_{kind}")), "{login}");
        assert!(body["error_description"].as_str().unwrap().contains(login));
    }
    for login in ["a".repeat(300).as_str(), "a/b", "a\0b", "", " ", "a\nb"] {
        let (status, body) = house.ask(login).await;
        assert_eq!((status, &body["error"]), (404, &json!("user_not_found")));
    }

    for (moment, end) in [("2026-08-31T12:00:00+02:00", 2026), ("2026-09-01T00:30:00+02:00", 2027)] {
        house.at(moment);
        assert_eq!(house.ask("blefevre").await.1["endDate"], json!(end), "{moment}");
    }
    house.at("2027-10-31T12:00:00+01:00");
    assert_eq!(house.ask("amartin").await.1["endDate"], json!(2027));
    house.at("2027-11-01T12:00:00+01:00");
    let expected = json!({"affiliation": "student", "errors": ["NO_ACTIVE_CARD"]});
    assert_eq!(house.ask("amartin").await, (200, expected));
    house.at("2028-09-01T12:00:00+02:00");
    let expected = json!({"affiliation": "staff", "errors": ["NO_ACTIVE_CARD"]});
    assert_eq!(house.ask("blefevre").await, (200, expected), "the contract has ended");
    house.at(crate::house::NOW);
}

#[tokio::test]
async fn a_directory_answers_the_cases() {
    let Some(slapd) = Slapd::start() else { return };
    the_cases(&house(&slapd), "ldap").await;
}

#[tokio::test]
async fn a_directory_that_is_down_is_no_unknown_person_and_comes_back_by_itself() {
    let Some(mut slapd) = Slapd::start() else { return };
    let house = house(&slapd);
    assert_eq!(house.ask("amartin").await.0, 200);
    slapd.stop();
    let began = std::time::Instant::now();
    let expected = json!({"error": "source_unavailable", "error_description": "ldap"});
    assert_eq!(house.ask("amartin").await, (503, expected));
    assert!(began.elapsed().as_secs() < 4);
    slapd.resume();
    assert_eq!(house.ask("amartin").await.0, 200);
}

#[tokio::test]
async fn a_wrong_password_is_no_unknown_person() {
    let Some(slapd) = Slapd::start() else { return };
    let text = configuration(&slapd)
        .replace("\"env:LDAP_PASSWORD\"", "\"wrong\"")
        .replace("[card]\n", "[card]\nallow_clear_secrets = true\n");
    let house = House::open(&text, std::path::Path::new(""));
    assert_eq!(house.ask("amartin").await.0, 503);
    assert_eq!(house.ask("nobody").await.0, 503);
}

#[tokio::test]
async fn two_people_with_one_login_are_nobodys_card() {
    let twin = "dn: ou=more,ou=people,dc=univ-ville,dc=fr\nobjectClass: organizationalUnit\nou: more\n\n\
                dn: uid=amartin,ou=more,ou=people,dc=univ-ville,dc=fr\nobjectClass: inetOrgPerson\nuid: amartin\n\
                cn: Martin Anne\nsn: Martin\n";
    let Some(slapd) = Slapd::with(twin, |configuration| configuration) else { return };
    assert_eq!(house(&slapd).ask("amartin").await.0, 503);
}

#[tokio::test]
async fn an_explanation_says_where_everything_came_from() {
    let Some(slapd) = Slapd::start() else { return };
    let house = house(&slapd);
    let mut explanation = house.connector.explain("droux").await;
    explanation.sources.iter_mut().for_each(|asked| asked.milliseconds = 0);
    insta::assert_snapshot!("explanation_of_unpaid_fees", explanation);
    let json = serde_json::to_value(house.connector.explain("amartin").await).unwrap();
    assert_eq!(json["fields"][0]["from"][0], json!({"name": "ldap.sn", "values": ["Martin"]}));
    assert_eq!(json["decision"], "a card");
}
