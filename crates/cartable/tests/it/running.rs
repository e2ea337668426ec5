//! A command that runs until it is told to end.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long something may take that takes no time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running command; it ends with this value.
pub(crate) struct Running {
    process: Child,
    /// What it said until it was ready, line by line.
    pub(crate) said: Vec<String>,
}

impl Running {
    /// Starts the built binary, and waits until it says that it is ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_cartable")).args(arguments))
    }

    /// Starts a command, and waits until it says that it is ready.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::logging(command, Stdio::null())
    }

    /// The same, with a place for its logs.
    pub(crate) fn logging(command: &mut Command, logs: Stdio) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(logs).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let ready = line.contains("ready: ") || line.starts_with("--> Listening on ");
            said.push(line);
            if ready {
                // What it prints later has to go somewhere, or it would wait for us.
                thread::spawn(move || lines.for_each(drop));
                return Running { process, said };
            }
        }
        panic!("it ended ({:?}) before it was ready: {said:#?}", process.wait());
    }

    /// Sends a signal, such as `-TERM`.
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Sends a signal, waits for the end, and gives the exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        let mut status = None;
        until(|| {
            status = self.process.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap().code()
    }

    /// The address of the last line it said.
    pub(crate) fn place(&self) -> String {
        let line = self.said.last().unwrap();
        let place = line.split_whitespace().last().unwrap();
        place.trim_start_matches("http://").trim_end_matches('/').to_owned()
    }

    /// Waits until no connection is accepted any more.
    pub(crate) fn wait_until_nobody_listens(&self) {
        until(|| TcpStream::connect(self.place()).is_err());
    }

    /// Gets a page: its status, and its body.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        exchange(&self.place(), &format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// Posts JSON, with more headers.
    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\n{headers}");
        let (status, text) = exchange(&self.place(), &head, &body.to_string());
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "it takes too long");
        thread::sleep(Duration::from_millis(10));
    }
}

/// One exchange: the head of a request and its body, the status and body of the answer.
pub(crate) fn exchange(place: &str, head: &str, body: &str) -> (u16, String) {
    try_exchange(place, head, body).unwrap()
}

/// The same with a server that may go away meanwhile.
pub(crate) fn try_exchange(place: &str, head: &str, body: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(place)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(stream, "{head}Host: {place}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or(io::ErrorKind::InvalidData)?, body.to_owned()))
}
