//! Uploads, and what is fetched by address.

use emulator::school::{Body, File, FileId, Space};
use emulator::{Config, Emulator, Fault};
use pronote::protocol::{Flags, Generation};
use serde_json::{Value, json};

use crate::client::Client;
use crate::http::{get, send};
use crate::{emulator, emulator_of, school};

const LOGIN: &str = "demonstration";

/// Posts a file, or a part of one, with the client's next order.
async fn upload(client: &Client, school: &Emulator, content: &[u8], range: Option<&str>) -> Value {
    try_upload(client, school, content, range).await.unwrap()
}

/// The same; none when the answer is lost.
async fn try_upload(client: &Client, school: &Emulator, content: &[u8], range: Option<&str>) -> Option<Value> {
    let [order, session, function, file, digest] = client.generation.names().upload;
    let fields = [
        (order, client.keys.encrypt_hex(client.order.to_string().as_bytes())),
        (session, client.page.session.to_string()),
        (function, "SaisieTAFARendreEleve".to_owned()),
        (file, "selecfile_1_1763400000000".to_owned()),
        (digest, String::new()),
    ];
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(
        b"--x\r\nContent-Disposition: form-data; name=\"files[]\"; filename=\"devoir.txt\"\r\nContent-Type: \
          application/octet-stream\r\n\r\n",
    );
    body.extend(content);
    body.extend(b"\r\n--x--\r\n");
    let url = format!("{}uploadfilesession/{}/{}", school.url(), client.page.space, client.page.session);
    let mut headers = vec![
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Disposition", "attachment; filename=\"devoir.txt\""),
    ];
    headers.extend(range.map(|range| ("Content-Range", range)));
    serde_json::from_slice(&send("POST", &url, &headers, &body).await.body).ok()
}

fn answer_order(client: &Client) -> String {
    client.keys.encrypt_hex((client.order + 1).to_string().as_bytes())
}

#[tokio::test]
async fn a_file_takes_one_pair_of_orders_in_every_generation() {
    for generation in Generation::ALL {
        let school = emulator_of(generation, Flags { encrypt: true, compress: true }).await;
        let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
        let answer = upload(&client, &school, b"content", None).await;
        assert_eq!(answer, json!({ "etat": 1, "numeroOrdre": answer_order(&client) }));
        assert_eq!(upload(&client, &school, b"content", None).await, answer, "again, as after a lost answer");
        client.order += 2;
        client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_may_come_in_parts() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    assert_eq!(upload(&client, &school, b"0123", Some("bytes 0-3/10")).await["etat"], 3);
    assert_eq!(upload(&client, &school, b"4567", Some("bytes 4-7/10")).await["etat"], 3);
    assert_eq!(upload(&client, &school, b"89", Some("bytes 8-9/10")).await["etat"], 1);
    client.order += 2;
    assert_eq!(upload(&client, &school, b"89", Some("bytes 8-9/10")).await["etat"], 2, "the beginning is missing");
    client.order += 2;
    client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
}

#[tokio::test]
async fn a_refused_file_takes_its_pair_of_orders_all_the_same() {
    let mut config = Config::new(school());
    config.limits.upload = 100;
    let school = Emulator::start(config).await.unwrap();
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let answer = upload(&client, &school, &[b'x'; 101], None).await;
    assert_eq!((&answer["etat"], &answer["numeroOrdre"]), (&json!(2), &json!(answer_order(&client))));
    assert!(answer["message"].is_string());
    client.order += 2;
    school.faults().next("upload", 1, Fault::Access(5));
    assert_eq!(upload(&client, &school, b"small", None).await["etat"], 2);
    client.order += 2;
    assert_eq!(upload(&client, &school, b"small", None).await["etat"], 1);
}

#[tokio::test]
async fn an_upload_may_be_lost_on_its_way_there_and_back() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    for fault in [Fault::LostRequest, Fault::LostReply] {
        school.faults().next("upload", 1, fault);
        assert!(try_upload(&client, &school, b"x", None).await.is_none(), "{fault:?}");
    }
    assert_eq!(upload(&client, &school, b"x", None).await["etat"], 1);
    assert_eq!(school.count("upload"), 1);
    client.order += 2;
    client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
}

#[tokio::test]
async fn a_file_of_several_megabytes_arrives_whole() {
    let school = emulator().await;
    let client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    assert_eq!(upload(&client, &school, &vec![b'x'; 4 << 20], None).await["etat"], 1);
}

#[tokio::test]
async fn an_upload_out_of_order_or_before_the_sign_in_is_refused() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    client.order += 2;
    assert_eq!(upload(&client, &school, b"x", None).await["Erreur"]["G"], 14);
    let early = Client::open(&school, "eleve.html").await;
    assert_eq!(upload(&early, &school, b"x", None).await["Erreur"]["G"], 3);
}

/// Gives the pupil a photo, and tells the identifier it has in the session.
async fn with_photo(school: &Emulator, client: &mut Client) -> String {
    {
        let mut base = school.school();
        base.files.put(File { id: FileId(90_001), name: "photo.txt".to_owned(), body: Body::Text("me".to_owned()) });
        let person = base.account(LOGIN, Space::Student).unwrap().person;
        base.people.get_mut(person).unwrap().photo = Some(FileId(90_001));
    }
    let user = client.ask("ParametresUtilisateur", Value::Null, None).await.unwrap();
    user["ressource"]["N"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_opens_in_its_session_however_it_is_padded() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let id = with_photo(&school, &mut client).await;
    let json = json!({ "N": id, "Actif": true }).to_string().into_bytes();
    let mut padded = json.clone();
    let padding = 16 - padded.len() % 16;
    padded.extend(vec![u8::try_from(padding).unwrap(); padding]);
    let session = client.page.session;
    let link = |clear: &[u8]| {
        format!("{}FichiersExternes/{}/photo%20de%20moi.jpg", school.url(), client.keys.encrypt_hex(clear))
    };
    for clear in [&json, &padded] {
        let reply = get(&format!("{}?Session={session}&miniature=GM_100", link(clear))).await;
        assert_eq!((reply.status, reply.text()), (200, "me"));
    }
    let loud = link(&json).replace("FichiersExternes", "fichiersexternes");
    assert_eq!(get(&format!("{loud}?Session={session}")).await.status, 200);
    for url in [
        link(&json),
        format!("{}?Session=1", link(&json)),
        format!("{}?Session={session}", link(b"{}")),
        format!("{}FichiersExternes/00/x?Session={session}", school.url()),
        format!("{}FichiersExternes/zz/x?Session={session}", school.url()),
    ] {
        assert_eq!(get(&url).await.status, 404, "{url}");
    }
    school.expire_sessions().await;
    assert_eq!(get(&format!("{}?Session={session}", link(&json))).await.status, 404, "the link dies with its session");
}

#[tokio::test]
async fn calendars_and_documents_need_no_session() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let personal = client.ask("PageInfosPerso", Value::Null, Some(16)).await.unwrap();
    let calendar = &personal["iCal"]["liste"]["V"][0];
    let url = format!(
        "{}ical/Edt.ics?icalsecurise={}&version=2026.1.3&param={}",
        school.url(),
        calendar["paramICal"].as_str().unwrap(),
        calendar["paramSuppl"].as_str().unwrap()
    );
    let reply = get(&url).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
    assert!(reply.text().starts_with("BEGIN:VCALENDAR"));
    assert_eq!(get(&format!("{}ical/Edt.ics?icalsecurise=guessed", school.url())).await.status, 404);

    let data = json!({ "genreGenerationPDF": 0, "domaine": { "_T": 8, "V": "[1]" } });
    let answer = client.ask("GenerationPDF", data, Some(16)).await.unwrap();
    let path = answer["url"]["V"].as_str().unwrap().replace(' ', "%20");
    let reply = get(&format!("{}{path}", school.url())).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/pdf")));
    assert!(reply.body.starts_with(b"%PDF-"));
}
