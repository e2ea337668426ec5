//! The control port, the journal and what is never right.

use emulator::portals::PASSWORD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{IdpMode, Person, at_school, portals};
use crate::http;

#[tokio::test]
async fn everything_can_be_told_and_asked_over_http() {
    let portals = portals(IdpMode::Current).await;
    let control = portals.control_url();
    let post = async |path: &str| http::send("POST", &format!("{control}{path}"), &[], b"").await.status;
    assert_eq!(post("idp?mode=filtered").await, 200);
    assert_eq!(post("school?portal=hdf&mode=closed").await, 200);
    for wrong in ["idp?mode=x", "school?portal=x&mode=closed", "school?portal=hdf&mode=x", "pass?seconds=x"] {
        assert_eq!(post(wrong).await, 400, "{wrong}");
    }
    let (_, page) = at_school(&portals, "hdf").await;
    assert!(page.html.contains("pas disponible"));
    let journal = http::get(&format!("{control}journal")).await;
    assert!(journal.text().contains("\"host\":\"hdf.pronote.test\",\"method\":\"GET\""), "{}", journal.text());
    assert_eq!(post("reset").await, 200);
    assert_eq!(http::get(&format!("{control}journal")).await.text(), "[]");
    assert_eq!(http::get(&format!("{control}violations")).await.text(), "[]");
    assert_eq!(at_school(&portals, "hdf").await.1.host(), "enthdf.fr");
}

#[tokio::test]
async fn the_journal_keeps_names_and_no_values() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "yvelines").await;
    person.send(page.form().unwrap().with("email", "eleve.ok").with("password", PASSWORD)).await;
    let journal = portals.journal();
    let sent = journal.iter().find(|visit| visit.holds_password).unwrap();
    assert_eq!((sent.host.as_str(), sent.path.as_str(), sent.status), ("ent.ecollege78.fr", "/auth/login", 302));
    assert_eq!((sent.login.as_deref(), sent.outcome.as_str()), (Some("eleve.ok"), "signed in"));
    assert!(sent.form.contains(&"password".to_owned()));
    assert!(!format!("{journal:?}").contains(PASSWORD));
}

#[tokio::test]
async fn a_password_where_nobody_asked_for_one_is_a_violation() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let form = person.get("https://ent.ecollege78.fr/auth/login").await.form().unwrap().with("password", PASSWORD);
    person.send(form.to("https://ailleurs.exemple.test/")).await;
    person.get(&format!("https://enthdf.fr/auth/login?password={PASSWORD}")).await;
    let passwords = portals.violations().into_iter().filter(|violation| violation.contains("a password came"));
    assert_eq!(passwords.count(), 2);
}

#[tokio::test]
async fn plain_http_is_a_violation() {
    let portals = portals(IdpMode::Current).await;
    let mut stream = TcpStream::connect(portals.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: enthdf.fr\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert_eq!((answer.len(), portals.violations().len()), (0, 1));
}
