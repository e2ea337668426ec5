//! A client that sends exactly what it is told to, from the address it is told to.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// How long an answer may take: sign-ins take turns.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request, byte for byte.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    pub(crate) fn get(path: &str) -> Self {
        Ask { method: "GET".to_owned(), path: path.to_owned(), ..Ask::default() }
    }

    pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Ask { method: "POST".to_owned(), path: path.to_owned(), body: body.into(), ..Ask::default() }
    }

    pub(crate) fn json(path: &str, body: &Value) -> Self {
        Ask::post(path, body.to_string()).header("Content-Type", "application/json")
    }

    pub(crate) fn form(path: &str, body: &str) -> Self {
        Ask::post(path, body).header("Content-Type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("key", key)
    }

    /// The head of the request, and its body.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: board\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let bodied = !self.body.is_empty() || self.method == "POST";
        if bodied && !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text()))
    }

    /// The number of an error; nothing when it is none.
    pub(crate) fn code(&self) -> Option<i64> {
        self.json().get("errorcode")?.as_i64()
    }
}

/// A connection, for one request after the other.
pub(crate) struct Line(TcpStream);

impl Line {
    /// Connects to a server from an address of this machine.
    pub(crate) async fn open(server: SocketAddr, from: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        let stream = socket.connect(server).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Line(stream)
    }

    pub(crate) async fn ask(&mut self, ask: &Ask) -> Told {
        // The answer may come before everything is sent, and sending may then fail.
        let bytes = ask.bytes();
        let (mut reading, mut writing) = self.0.split();
        let (_, told) = tokio::join!(writing.write_all(&bytes), hear(&mut reading, ask.method == "HEAD"));
        told.unwrap_or_else(|| panic!("no answer to {} {}", ask.method, ask.path))
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// The next answer; nothing when the line is closed instead.
    pub(crate) async fn hear(&mut self) -> Option<Told> {
        hear(&mut self.0.split().0, false).await
    }
}

async fn hear(stream: &mut tokio::net::tcp::ReadHalf<'_>, headless: bool) -> Option<Told> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if timeout(PATIENCE, stream.read_buf(&mut bytes)).await.expect("an answer in time").ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut told = Told { status, headers, body: bytes.split_off(head) };
    let length = told.header("content-length").map_or(0, |length| length.parse().unwrap());
    while !headless && told.body.len() < length {
        if timeout(PATIENCE, stream.read_buf(&mut told.body)).await.expect("an answer in time").ok()? == 0 {
            return None;
        }
    }
    Some(told)
}
