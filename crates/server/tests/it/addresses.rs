//! A school's address comes from whoever signs in: the server goes nowhere but to public ones, and to those it is told.

use axum::Router;
use axum::response::Redirect;
use emulator::Emulator;
use serde_json::json;
use tokio::net::TcpListener;
use transport::{Addresses, Url};

use crate::house::{House, Plan, school};
use crate::wire::{JSON, Reply, send};

/// A gateway that reaches public addresses and these.
async fn guarded(allowed: Vec<Url>) -> House {
    let transport = transport::Config { addresses: Addresses::Public { allowed }, ..transport::Config::default() };
    House::with(Plan { transport, ..Plan::default() }).await
}

async fn login(house: &House, url: &str) -> Reply {
    let body = json!({ "url": url, "username": "demonstration", "password": "pronotevs" }).to_string();
    send(house.address(), "POST", "/auth/login", &[JSON], body).await
}

#[track_caller]
fn assert_forbidden(reply: &Reply, url: &str) {
    assert_eq!((reply.status, &reply.json()["code"]), (400, &json!("FORBIDDEN_ADDRESS")), "{url}");
}

/// The same place under another scheme and host.
fn elsewhere(school: &Emulator, scheme_and_host: &str) -> String {
    let url: Url = school.url().parse().unwrap();
    format!("{scheme_and_host}:{}/pronote/", url.port().unwrap())
}

#[tokio::test]
async fn the_own_network_is_out_of_reach_under_every_name() {
    let (school, house) = (school().await, guarded(Vec::new()).await);
    for host in [
        "http://127.0.0.1",
        "http://localhost",
        "https://localhost",
        "https://127.0.0.1",
        "https://2130706433",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://0.0.0.0",
        "https://169.254.169.254",
        "https://10.0.0.1",
        "http://pronote.example",
    ] {
        let url = elsewhere(&school, host);
        assert_forbidden(&login(&house, &url).await, &url);
    }
    let code = school.qr_code("demonstration", emulator::school::Space::Student, "1234").unwrap().json();
    let body = json!({ "qr": code, "pin": "1234" }).to_string();
    let reply = send(house.address(), "POST", "/auth/login/qrcode", &[JSON], body).await;
    assert_forbidden(&reply, "a QR code");
    assert_eq!(school.count("page"), 0);
}

#[tokio::test]
async fn a_school_that_is_listed_is_reached() {
    let school = school().await;
    let house = guarded(vec![school.url().parse().unwrap()]).await;
    assert_eq!(login(&house, school.url()).await.status, 200);
    let url = elsewhere(&school, "http://localhost");
    assert_forbidden(&login(&house, &url).await, "the same place under another name");
}

#[tokio::test]
async fn no_redirect_leads_into_the_own_network() {
    let school = school().await;
    for target in [school.url().to_owned(), elsewhere(&school, "https://localhost")] {
        let app = Router::new().fallback(move || async move { Redirect::temporary(&format!("{target}eleve.html")) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outside = format!("http://{}/pronote/", listener.local_addr().unwrap());
        let served = tokio::spawn(async move { axum::serve(listener, app).await });
        let house = guarded(vec![outside.parse().unwrap()]).await;
        assert_forbidden(&login(&house, &outside).await, "a redirect");
        served.abort();
    }
    assert_eq!(school.count("page"), 0);
}

#[tokio::test]
async fn what_is_no_address_is_told_so() {
    let house = guarded(Vec::new()).await;
    for url in ["ftp://ecole.example/", "https://", "javascript:alert(1)"] {
        let reply = login(&house, url).await;
        assert_eq!(reply.status, 400, "{url}");
        assert!(reply.json()["message"].as_str().unwrap().starts_with("'url' is not"), "{url}");
    }
}
