//! What nobody may read in an answer or in a log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use emulator::Fault;
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::house::{House, school};
use crate::wire::{JSON, Reply, send};

/// Lines of the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn neither_answers_nor_logs_hold_what_opens_something() {
    let log = Log::default();
    let filter = EnvFilter::new("server=trace,gateway=trace,pronote=trace,transport=trace");
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(log.clone()).finish();
    // For the whole process: what other tests log meanwhile must be as clean.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let (school, house) = (school().await, House::open().await);
    let place = school.url().trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut secrets = vec!["pronotevs".to_owned(), "wrong-one".to_owned(), "demonstration".to_owned(), place];
    let mut answers: Vec<String> = Vec::new();
    let post = async |path: &str, token: &str, body: Value| -> Reply {
        send(house.address(), "POST", path, &[JSON, ("Token", token)], body.to_string()).await
    };
    let login = |username: &str, password: &str| json!({ "url": school.url(), "username": username, "password": password, "next": true, "write": true });

    let opened = post("/auth/login", "", login("demonstration", "pronotevs")).await.json();
    let token = opened["token"].as_str().unwrap().to_owned();
    secrets.extend([token.clone(), opened["next"]["token"].as_str().unwrap().to_owned()]);

    answers.push(post("/auth/login", "", login("demonstration", "wrong-one")).await.text().to_owned());
    let unreachable = json!({ "url": "http://127.0.0.1:1/", "username": "demonstration", "password": "wrong-one" });
    answers.push(post("/auth/login", "", unreachable).await.text().to_owned());
    let asked = post("/auth/login", "", login("code", "pronotevs")).await.json();
    let name = asked["continue"].as_str().unwrap().to_owned();
    answers.push(
        post("/auth/login/continue", "", json!({ "continue": name, "pin": "no-such-pin" })).await.text().to_owned(),
    );
    secrets.extend([name, "no-such-pin".to_owned()]);
    for fault in [
        Fault::Status(500),
        Fault::Html,
        Fault::Truncated,
        Fault::RateLimited,
        Fault::Malformed,
        Fault::Access(5),
        Fault::LostReply,
    ] {
        for step in ["page", "FonctionParametres", "Identification", "Authentification", "ParametresUtilisateur"] {
            school.faults().next(step, 3, fault);
            answers.push(post("/auth/login", "", login("demonstration", "pronotevs")).await.text().to_owned());
            school.faults().clear();
            if fault == Fault::RateLimited {
                break;
            }
        }
    }
    for query in ["{user{name", "{nope}", "{timetable{from}}", "mutation{keepAlive}"] {
        school.faults().next("*", 2, Fault::Status(500));
        answers.push(post("/graphql", &token, json!({ "query": query })).await.text().to_owned());
        school.faults().clear();
    }
    answers.push(post("/graphql", "no-token", json!({ "query": "{user{name}}" })).await.text().to_owned());
    answers.push(post("/auth/logout", &token, json!({})).await.text().to_owned());
    answers.push(send(house.address(), "GET", "/metrics", &[], "").await.text().to_owned());
    answers.push(send(house.address(), "GET", "/health", &[], "").await.text().to_owned());
    house.stop().await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("Answered"), "something was logged");
    // An answer to a sign-in is where some of these belong; those are not among them.
    answers.retain(|answer| !answer.contains("\"token\":"));
    assert!(answers.len() > 20, "{}", answers.len());
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} in {log}");
        for answer in &answers {
            assert!(!answer.contains(&secret), "{secret} in {answer}");
        }
    }
    for answer in &answers {
        for internal in ["/crates/", ".rs:", "panicked", "reqwest", "hyper", "Cookie"] {
            assert!(!answer.contains(internal), "{internal} in {answer}");
        }
    }
}
