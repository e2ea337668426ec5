//! The main answers over a real socket, as a server and a browser get them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::house::{CARDS, House};

/// Listens, and tells where.
async fn listen(house: &Arc<House>) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let named = middleware::from_fn(|ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request, next: Next| {
        request.extensions_mut().insert(card_web::ClientAddress(peer.ip()));
        next.run(request)
    });
    let service = house.router.clone().layer(named).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

async fn say(address: SocketAddr, head: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(format!("{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_server_gets_its_answers() {
    let house = Arc::new(House::new());
    let address = listen(&house).await;
    let with = |line: &str| format!("{line} HTTP/1.1\r\nAuthorization: Bearer {CARDS}\r\nAccept: application/json");

    let card = say(address, &with("GET /card/alice")).await;
    assert!(card.starts_with("HTTP/1.1 200 OK\r\n"), "{card}");
    assert!(
        card.contains("content-type: application/json; charset=utf-8\r\n") && card.contains("\"lastname\":\"Martin\"")
    );
    let head = say(address, &with("HEAD /card/alice")).await;
    let length = |answer: &str| answer.lines().find(|line| line.starts_with("content-length")).unwrap().to_owned();
    assert_eq!(length(&head), length(&card));
    assert!(head.ends_with("\r\n\r\n"), "and no body: {head}");

    for (line, status) in [
        ("GET /card/nobody", 404),
        ("GET /card/..", 404),
        ("GET /card/%2F", 404),
        ("GET /card/a%00b", 404),
        ("DELETE /card/alice", 405),
        ("GET /card/alice?x=1", 200),
        ("GET /card/", 404),
        ("OPTIONS /card/alice", 405),
    ] {
        let answer = say(address, &with(line)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        assert!(answer.contains("cache-control: no-store\r\n") && !answer.to_lowercase().contains("etag:"), "{answer}");
    }
    let refused = say(address, "GET /card/alice HTTP/1.1\r\nAuthorization: Bearer undefined").await;
    assert!(refused.starts_with("HTTP/1.1 401 ") && refused.contains("www-authenticate: Bearer\r\n"), "{refused}");
}

#[tokio::test]
async fn a_phone_verifies_a_card() {
    let house = Arc::new(House::new());
    let address = listen(&house).await;
    let code = house.code("alice");
    let page = say(address, &format!("GET /V/{code} HTTP/1.1\r\nAccept: text/html\r\nAccept-Language: fr")).await;
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("<h1>Carte valable</h1>"), "{page}");
    house.pass(120);
    let page = say(address, &format!("GET /V/{code} HTTP/1.1\r\nAccept: text/html\r\nAccept-Language: fr")).await;
    assert!(page.starts_with("HTTP/1.1 410 ") && page.contains("<h1>Code périmé</h1>"), "{page}");
}
