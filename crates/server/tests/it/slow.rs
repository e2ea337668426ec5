//! Clients that are slow, large or many on purpose: each costs little, and the others are answered.

use std::net::SocketAddr;
use std::time::Duration;

use server::{Config, Patience};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::house::{self, House, Plan};
use crate::wire::{JSON, send};
use crate::writes::hand_in;

/// How long a condition may take before the test fails.
const DEADLINE: Duration = Duration::from_secs(30);
/// What the server waits in these tests.
const SHORT: Duration = Duration::from_millis(200);

/// A gateway of little patience, and of so many seats.
async fn house(connections: usize, patience: Patience) -> House {
    House::with(Plan { server: Config { connections, patience, ..Config::default() }, ..Plan::default() }).await
}

fn hasty() -> Patience {
    Patience { head: SHORT, body: SHORT, write: SHORT, ..Patience::default() }
}

/// A connection that has sent this and nothing else.
async fn knock(server: SocketAddr, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    stream
}

/// What a connection gives until the server ends it.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // The end may be a reset, when something was still unread.
    let _ = timeout(DEADLINE, stream.read_to_end(&mut text)).await.expect("the server ends the connection");
    String::from_utf8(text).unwrap()
}

async fn connections(house: &House) -> u64 {
    let reply = send(house.address(), "GET", "/health", &[], "").await;
    assert_eq!(reply.status, 200);
    reply.json()["connections"].as_u64().unwrap()
}

/// Waits until no connection is left but the one that asks.
async fn alone(house: &House) {
    timeout(DEADLINE, async { while connections(house).await > 1 {} }).await.expect("the others are gone");
}

#[tokio::test]
async fn a_head_that_does_not_end_ends_the_connection() {
    let house = house(100, hasty()).await;
    for sent in ["", "POST /graphql HTTP/1.1\r\nHost:", "POST /graphql HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n"] {
        assert!(!rest(knock(house.address(), sent).await).await.contains("200 OK"), "{sent:?}");
    }
    alone(&house).await;
}

#[tokio::test]
async fn a_head_of_single_bytes_is_not_waited_for_longer() {
    let house = house(100, hasty()).await;
    let (mut reading, mut writing) = knock(house.address(), "GET /health HTTP/1.1\r\n").await.into_split();
    let trickle = async {
        while writing.write_all(b"X").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let end = async {
        let mut text = Vec::new();
        let _ = reading.read_to_end(&mut text).await;
    };
    timeout(DEADLINE, async {
        tokio::select! { () = trickle => {} () = end => {} }
    })
    .await
    .expect("the end comes");
    alone(&house).await;
}

#[tokio::test]
async fn a_connection_left_idle_after_an_answer_is_closed() {
    let house = house(100, hasty()).await;
    let said = rest(knock(house.address(), "GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await).await;
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n") && said.matches("HTTP/1.1").count() == 1, "{said}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_told_so() {
    let house = house(100, hasty()).await;
    let head = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    let said = rest(knock(house.address(), head).await).await;
    assert!(said.starts_with("HTTP/1.1 408") && said.ends_with("request timeout"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_too_large_or_does_not_come_is_refused_for_what_it_is() {
    let (school, house) = (house::school().await, house(100, hasty()).await);
    let (token, key) = hand_in(&school, house.address()).await;
    for (length, status, code) in [("99999999999", "413", "FILE_TOO_LARGE"), ("50", "408", "TIMEOUT")] {
        let head = format!("POST /uploads/homework/{key}?name=a.txt HTTP/1.1\r\nHost: x\r\nToken: {token}\r\n");
        let said = rest(knock(house.address(), &format!("{head}Content-Length: {length}\r\n\r\n")).await).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")) && said.contains(code), "{said}");
    }
    let reply = send(house.address(), "POST", "/uploads/homework/%ff?name=a.txt", &[], "x").await;
    assert_eq!(reply.status, 401, "who asks comes first");
}

#[tokio::test]
async fn a_client_that_takes_none_of_its_answers_loses_its_connection() {
    let house = house(100, hasty()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(house.address()).await.unwrap();
    let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    // More answers than any socket buffers.
    let _ = timeout(DEADLINE, stream.write_all(request.repeat(2000).as_bytes())).await;
    alone(&house).await;
    drop(stream);
}

#[tokio::test]
async fn giant_heads_are_refused() {
    let house = house(100, Patience::default()).await;
    let many: String = (0..500).map(|number| format!("X-{number}: 1\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "a".repeat(1 << 20));
    for headers in [many, long] {
        let request = format!("GET /health HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let (mut reading, mut writing) = TcpStream::connect(house.address()).await.unwrap().into_split();
        // The server need not read it all.
        let write = tokio::spawn(async move {
            let _ = writing.write_all(request.as_bytes()).await;
            writing
        });
        let mut said = [0; 12];
        timeout(DEADLINE, reading.read_exact(&mut said)).await.unwrap().unwrap();
        assert_eq!(&said, b"HTTP/1.1 431");
        write.abort();
    }
    let path = format!("/health?{}", "a".repeat(60_000));
    assert!(send_head(house.address(), &path).await.starts_with("HTTP/1.1 4"));
    alone(&house).await;
}

async fn send_head(server: SocketAddr, path: &str) -> String {
    rest(knock(server, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await).await
}

#[tokio::test]
async fn bodies_are_bounded_however_they_are_announced() {
    let house = house(100, Patience::default()).await;
    let large = " ".repeat(120_000);
    let reply = send(house.address(), "POST", "/auth/login", &[JSON], &large).await;
    assert_eq!((reply.status, reply.text()), (413, "request entity too large"));

    let chunked =
        "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (mut reading, mut writing) = knock(house.address(), chunked).await.into_split();
    let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
    let endless = tokio::spawn(async move { while writing.write_all(chunk.as_bytes()).await.is_ok() {} });
    let mut said = [0; 12];
    timeout(DEADLINE, reading.read_exact(&mut said)).await.unwrap().unwrap();
    assert_eq!(&said, b"HTTP/1.1 413");
    timeout(DEADLINE, endless).await.expect("nobody takes the rest").unwrap();

    let deep = format!("{{\"query\":{}", "[".repeat(90_000));
    assert_eq!(send(house.address(), "POST", "/graphql", &[JSON], deep).await.status, 400);
    drop(reading);
    alone(&house).await;
}

#[tokio::test]
async fn when_all_seats_are_taken_whoever_has_waited_longest_makes_room() {
    let house = house(8, Patience::default()).await;
    let half = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    let mut slow = Vec::new();
    for sent in ["", "GET /", half].into_iter().cycle().take(60) {
        slow.push(knock(house.address(), sent).await);
        assert!(connections(&house).await <= 9, "one who leaves may not be gone yet");
    }
    assert_eq!(rest(slow.remove(0)).await, "", "the first one had to leave");
}

#[tokio::test]
async fn thousands_of_connections_do_not_keep_the_others_out() {
    let house = house(500, Patience::default()).await;
    let mut crowd = Vec::new();
    for number in 0..2000 {
        crowd.push(knock(house.address(), if number % 2 == 0 { "" } else { "GET /health HTTP/1.1\r\n" }).await);
        if number % 250 == 0 {
            connections(&house).await;
        }
    }
    assert!(connections(&house).await <= 510);
    drop(crowd);
    alone(&house).await;
}
