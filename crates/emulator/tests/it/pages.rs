//! What a browser gets before a session begins.

use emulator::{Config, Emulator, Profile, Skin};
use pronote::protocol::Generation;
use pronote::protocol::page::EntryPage;
use serde_json::Value;

use crate::http::{get, send};
use crate::{emulator, emulator_of, school};

#[tokio::test]
async fn every_page_says_its_version_and_nothing_that_clients_stumble_over() {
    for generation in Generation::ALL {
        let school = emulator_of(generation, pronote::protocol::Flags::default()).await;
        let version = Profile::of(generation).version;
        for path in ["", "eleve.html", "mobile.parent.html", "direction.html", "message.html?G=deconnexionENT"] {
            let reply = get(&format!("{}{path}", school.url())).await;
            assert_eq!(reply.status, 200, "{path}");
            assert!(reply.text().contains(&format!(">PRONOTE {}<", version.short())), "{path}");
            assert_eq!(reply.header("server"), Some(format!("PRONOTE {version}").as_str()));
            assert!(!reply.text().contains("IP"), "{path}");
            let flags = reply.text().matches("CrA").count() + reply.text().matches("CoA").count();
            let says_flags = generation < Generation::G25 && (path.contains("eleve") || path.contains("parent"));
            assert_eq!(flags, if says_flags { 2 } else { 0 }, "{path}");
        }
    }
}

#[tokio::test]
async fn every_entry_page_begins_a_session_of_its_own() {
    let school = emulator().await;
    let open = async |path: &str| {
        let reply = get(&format!("{}{path}", school.url())).await;
        EntryPage::parse(reply.text(), reply.header("server")).unwrap()
    };
    let (one, two) = (open("eleve.html").await, open("mobile.eleve.html").await);
    assert_eq!((one.space, two.space), (3, 6));
    assert!(one.session != two.session);
    for path in
        ["/eleve.html", "ELEVE.html?fd=1", "parent.html?fd=1&bydlg=A6ABB224-12DD-4E31-AD3E-8A39A1C2C335&login=true&x=y"]
    {
        open(path).await;
    }
}

#[tokio::test]
async fn a_space_that_nobody_can_enter_is_not_published() {
    let school = emulator().await;
    let reply = get(&format!("{}entreprise.html", school.url())).await;
    assert!(EntryPage::parse(reply.text(), None).is_err());
    assert!(!reply.text().contains("Start"));
    assert_eq!(get(&format!("{}nothing/here", school.url())).await.status, 404);
}

#[tokio::test]
async fn the_oldest_pages_publish_their_key_and_each_skin_is_read() {
    let school = emulator_of(Generation::G22, pronote::protocol::Flags::default()).await;
    let reply = get(&format!("{}eleve.html", school.url())).await;
    assert!(EntryPage::parse(reply.text(), None).unwrap().rsa.is_some());
    for skin in [Skin::Classic, Skin::Script, Skin::Hybrid] {
        let profile = Profile { skin, ..Profile::recommended() };
        let config = Config { profile, demo: true, ..Config::new(crate::school()) };
        let school = Emulator::start(config).await.unwrap();
        let reply = get(&format!("{}eleve.html", school.url())).await;
        let page = EntryPage::parse(reply.text(), reply.header("server")).unwrap();
        assert!(page.demo && page.rsa.is_none());
        let calls = reply.text().matches("Start ({").count();
        assert_eq!(calls, if skin == Skin::Hybrid { 2 } else { 1 });
    }
}

#[tokio::test]
async fn the_instance_tells_about_itself_in_either_spelling() {
    let school = emulator().await;
    for name in ["InfoMobileApp.json", "infoMobileApp.json"] {
        let reply = get(&format!("{}{name}?id=0D264427-EEFC-4810-A9E9-346942A862A4", school.url())).await;
        let information: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(information["version"], serde_json::json!([2026, 1, 3, 0]));
        assert_eq!(information["nomEtab"], school.school().name.as_str());
        assert_eq!(information["CAS"]["actif"], false);
        let urls: Vec<&str> =
            information["espaces"].as_array().unwrap().iter().map(|space| space["URL"].as_str().unwrap()).collect();
        assert_eq!(
            urls,
            ["mobile.professeur.html", "mobile.parent.html", "mobile.eleve.html", "mobile.viescolaire.html"]
        );
    }
}

#[tokio::test]
async fn the_directory_finds_the_school_from_nearby_only() {
    let school = emulator().await;
    let ask = async |data: &str| -> Value {
        let reply = send("POST", &school.directory_url(), &[], format!("data={data}").as_bytes()).await;
        serde_json::from_slice(&reply.body).unwrap()
    };
    let found = ask(r#"{"nomFonction":"geoLoc","lat":"48.86","long":"2.35"}"#).await;
    assert_eq!(found[0]["nomEtab"], "Collège Cartable");
    assert_eq!(format!("{}/", found[0]["url"].as_str().unwrap()), school.url());
    assert!(found[0]["lat"].is_string() && found[0]["cp"].is_string());
    assert_eq!(ask(r#"{"nomFonction":"geoLoc","lat":43.3,"long":5.37}"#).await, serde_json::json!({}));
    assert_eq!(ask("nonsense").await, serde_json::json!({}));
}

#[tokio::test]
async fn no_address_and_no_body_breaks_the_server() {
    let school = emulator().await;
    let root = school.url().trim_end_matches("pronote/").to_owned();
    for path in [
        "",
        "/",
        "%ff",
        "pronote/%00.html",
        "pronote/appelfonction",
        "pronote/appelfonction/1/2",
        "pronote/appelfonction/x/y/z",
        "pronote/appelfonction/1/99999999999999999999999/00",
        "pronote/appelpolling/1/1/00",
        "pronote/uploadfilesession/1/1",
        "pronote/FichiersExternes",
        "pronote/FichiersExternes/00?Session=x",
        "pronote/ical/x.ics",
        "pronote/ical/",
        "pronote/DocumentsGeneres/1-x/y.pdf",
        "pronote/appeldeconnexion/1/2",
        "pronote/LogClientLeger",
        "cas/login",
        "swie/geoloc.php",
    ] {
        for (method, body) in
            [("GET", &b""[..]), ("POST", b""), ("POST", b"{}"), ("POST", b"\xff\xfe"), ("PUT", b"[[[[")]
        {
            let reply =
                send(method, &format!("{root}{path}"), &[("Content-Type", "multipart/form-data; boundary=x")], body)
                    .await;
            assert!((200..500).contains(&reply.status), "{method} {path}: {}", reply.status);
            assert!(reply.whole, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_socket_and_an_end_may_be_brought_along() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let emulator = Emulator::serve(Config::new(school()), listener, stop.clone()).unwrap();
    assert_eq!(emulator.url(), format!("http://{address}/pronote/"));
    stop.cancel();
    emulator.shutdown().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
