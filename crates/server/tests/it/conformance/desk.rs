//! A gateway beside the school of [`fixture`], and the shortest way to ask it something.

use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::{Emulator, Exchange};
use gateway::viewers;
use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::fixture::{self, JEAN, MARIE, NOW};
use crate::house::{House, Plan};
use crate::wire::{JSON, Reply, send};

/// How long a condition may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often whoever is kept alive says so: as short as tests are.
const KEEP_ALIVE: Duration = Duration::from_millis(50);

/// A gateway and its school.
pub(super) struct Desk {
    /// The school.
    pub(super) school: Emulator,
    house: House,
}

impl Desk {
    /// A gateway at the school, on the usual day.
    pub(super) async fn open() -> Self {
        Self::at(fixture::start().await, NOW).await
    }

    /// A gateway at the school, at another time.
    pub(super) async fn on(now: DateTime) -> Self {
        let school = fixture::start().await;
        school.school().clock = emulator::Clock::Fixed(now);
        Self::at(school, now).await
    }

    /// A gateway at a school of one's own, at a time.
    pub(super) async fn at(school: Emulator, now: DateTime) -> Self {
        let (start, started) = (now.in_tz("Europe/Paris").unwrap().timestamp(), Instant::now());
        let plan = Plan {
            viewers: viewers::Config { keep_alive_every: KEEP_ALIVE, ..viewers::Config::default() },
            clock: Arc::new(move || start + started.elapsed()),
            ..Plan::default()
        };
        Self { school, house: House::with(plan).await }
    }

    /// Sends a request.
    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Reply {
        send(self.house.address(), method, path, headers, body).await
    }

    /// What a login of Jean's sends.
    pub(super) fn jean(&self) -> Value {
        self.login_of(JEAN)
    }

    /// What a login sends.
    pub(super) fn login_of(&self, (login, password): (&str, &str)) -> Value {
        json!({ "url": self.school.url(), "username": login, "password": password })
    }

    /// Knocks at the door.
    pub(super) async fn login(&self, body: &Value) -> Reply {
        self.send("POST", "/auth/login", &[JSON], body.to_string()).await
    }

    /// A token of Jean's.
    pub(super) async fn student(&self) -> String {
        self.token(&self.jean()).await
    }

    /// A token of Marie's.
    pub(super) async fn parent(&self) -> String {
        let mut login = self.login_of(MARIE);
        login["account"] = json!("parent");
        self.token(&login).await
    }

    /// The token that a login gives.
    pub(super) async fn token(&self, login: &Value) -> String {
        let reply = self.login(login).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["token"].as_str().unwrap().to_owned()
    }

    /// Sends a question as it stands.
    pub(super) async fn post(&self, token: &str, body: &Value) -> Reply {
        self.send("POST", "/graphql", &[JSON, ("Token", token)], body.to_string()).await
    }

    /// The whole answer to a query; the status must be 200.
    pub(super) async fn ask(&self, token: &str, query: &str) -> Value {
        let reply = self.post(token, &json!({ "query": query })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        reply.json()
    }

    /// The data that a query gives; nothing may go wrong.
    pub(super) async fn data(&self, token: &str, query: &str) -> Value {
        let mut answer = self.ask(token, query).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].take()
    }

    /// The numbers of the sessions that were opened, oldest first.
    pub(super) fn sessions(&self) -> Vec<u64> {
        let exchanges = self.school.exchanges();
        exchanges.iter().filter(|exchange| exchange.order == 1).map(|exchange| exchange.session).collect()
    }

    /// How often a session said that it is still there, in the words of its PRONOTE's year.
    pub(super) fn presences(&self, session: u64) -> usize {
        let exchanges = self.school.exchanges();
        let own = exchanges.iter().filter(|exchange| exchange.session == session);
        own.filter(|exchange| matches!(exchange.function.as_str(), "Presence" | "Navigation")).count()
    }

    /// The sealed part of a file's address at the school, whose end must be this name and the latest session.
    #[track_caller]
    pub(super) fn cipher_of<'a>(&self, url: &'a str, name: &str) -> &'a str {
        let session = self.school.exchanges().last().map(|exchange| exchange.session).unwrap();
        let rest = url.strip_prefix(&format!("{}FichiersExternes/", self.school.url()));
        let cipher = rest.and_then(|rest| rest.strip_suffix(&format!("{name}?Session={session}")));
        cipher.unwrap_or_else(|| panic!("{url} is not the address of {name} in session {session}"))
    }

    /// Gets what an address of the school leads to.
    pub(super) async fn fetch(&self, url: &str) -> Reply {
        let (server, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
        let reply = send(server.parse().unwrap(), "GET", &format!("/{path}"), &[], "").await;
        assert_eq!(reply.status, 200, "{url}");
        reply
    }

    /// The latest call of a function.
    #[track_caller]
    pub(super) fn last(&self, function: &str) -> Exchange {
        let exchanges = self.school.exchanges();
        exchanges.into_iter().rfind(|exchange| exchange.function == function).expect("the function was called")
    }
}

/// An address of this machine where nobody listens.
pub(super) const NOBODY: &str = "http://127.0.0.1:1/";

/// Waits until something has come to pass.
pub(super) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so() {
        assert!(tokio::time::Instant::now() < deadline, "{what}: not in time");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The only error of an answer.
#[track_caller]
pub(super) fn only_error(answer: &Value) -> Value {
    match answer["errors"].as_array().map(Vec::as_slice) {
        Some([error]) => error.clone(),
        _ => panic!("one error was expected, not {answer}"),
    }
}

/// The name of the period that a call asked for.
pub(super) fn period_of(exchange: &Exchange) -> String {
    let period = ["periode", "Periode"].iter().map(|key| &exchange.data[*key]).find(|period| !period.is_null());
    let period = period.expect("a period was asked for");
    period.get("V").unwrap_or(period)["L"].as_str().unwrap().to_owned()
}
