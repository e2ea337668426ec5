//! What a question costs through the gateway, beside the same page read by the library alone. The school is an emulator in
//! this process, reached over a socket, as the gateway is.

use std::net::Ipv4Addr;
use std::sync::{Arc, LazyLock};

use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use divan::Bencher;
use emulator::{Clock, Emulator, School};
use gateway::{Gateway, Viewers, viewers};
use jiff::Timestamp;
use pronote::functions::grades;
use pronote::login::{Credentials, Device, Entrance};
use pronote::model::PeriodKind;
use pronote::{SchoolAddress, Session, Space, pace};
use serde_json::json;
use server::{Rate, Rates};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use transport::{Browser, Request, Transport};
use url::Url;

/// Everything of a page of grades that 2.x had.
const MARKS: &str = "{marks{averages{student studentClass} subjects{name color averages{student studentClass min max} \
                     marks{id title value scale average coefficient min max date isAway}}}}";

static HOUSE: LazyLock<House> = LazyLock::new(House::open);

fn main() {
    divan::main();
}

struct House {
    runtime: Runtime,
    gateway: Url,
    token: String,
    browser: Browser,
    session: Session,
    _school: Emulator,
    _data: tempfile::TempDir,
}

impl House {
    fn open() -> Self {
        let runtime = Runtime::new().expect("threads");
        let data = tempfile::tempdir().expect("a temporary folder");
        let (gateway, token, browser, session, school) = runtime.block_on(async {
            let clock = Clock::Fixed("2026-11-23T10:00:00".parse().expect("a moment"));
            let school = Emulator::start(emulator::Config::new(School::demo(clock))).await.expect("a free port");
            let transport = Transport::new(transport::Config::default()).expect("a way out");
            let now: pace::Clock = Arc::new(Timestamp::now);
            let gateway =
                Gateway::open(data.path(), transport.clone(), pace::Limits::default(), now).expect("a folder");

            let address: SchoolAddress = school.url().parse().expect("the emulator's address");
            let credentials = Credentials::demonstration(address, Space::Student);
            let entrance = gateway.visit(credentials, Device::new("Bench"), false).await.expect("a sign-in");
            let Entrance::Open(session) = entrance else { panic!("the demonstration account asks for nothing more") };

            let viewers = Viewers::open(gateway, viewers::Config::default()).expect("a registry");
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
            let base = Url::parse(&format!("http://{}", listener.local_addr().expect("bound"))).expect("an address");
            let rates =
                Rates { questions_per_address: Rate::NONE, questions_per_token: Rate::NONE, ..Rates::default() };
            let config = server::Config { rates, ..server::Config::default() };
            tokio::spawn(server::serve(listener, config, viewers, server::Faces::default(), CancellationToken::new()));

            let browser = transport.browser();
            let login = json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs" });
            let login_url = base.join("/auth/login").expect("a path");
            let request = Request::post(&login_url, "application/json", login.to_string());
            let answer = browser.send(request).await.expect("an answer");
            let answer: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
            (base, answer["token"].as_str().expect("a token").to_owned(), browser, session, school)
        });
        House { runtime, gateway, token, browser, session, _school: school, _data: data }
    }

    fn ask(&self, anew: bool) -> usize {
        let body = json!({ "query": MARKS }).to_string();
        let url = self.gateway.join("/graphql").expect("a path");
        let memory = if anew { "no-cache" } else { "max-age=60" };
        let request = Request::post(&url, "application/json", body)
            .header(CACHE_CONTROL, memory)
            .and_then(|request| request.header(HeaderName::from_static("token"), self.token.as_str()))
            .expect("headers of our own");
        let answer = self.runtime.block_on(self.browser.send(request)).expect("an answer");
        assert!(answer.status == 200 && !answer.body.starts_with(b"{\"errors\""), "the question was answered");
        answer.body.len()
    }
}

#[divan::bench(sample_count = 200)]
fn the_library_alone(bencher: Bencher<'_, '_>) {
    let house = &*HOUSE;
    let instance = house.session.instance();
    let period = instance.periods.iter().find(|period| period.kind == PeriodKind::Term).expect("a term").clone();
    let request = grades::Request { period: Some(period) };
    bencher.bench(|| house.runtime.block_on(house.session.read(&request)).expect("a page").value.grades.len());
}

#[divan::bench(sample_count = 200)]
fn through_the_gateway(bencher: Bencher<'_, '_>) {
    let house = &*HOUSE;
    bencher.bench(|| house.ask(true));
}

#[divan::bench(sample_count = 200)]
fn through_the_gateway_from_memory(bencher: Bencher<'_, '_>) {
    let house = &*HOUSE;
    bencher.bench(|| house.ask(false));
}
