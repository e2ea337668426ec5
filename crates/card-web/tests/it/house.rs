//! A school with a register of people, and its faces.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::config::{self, Access, Config, Surroundings};
use card::connector::Connector;
use card::record::Record;
use card::render::Renderer;
use card::source::{Answer, Kind, Picture, Source, SourceError};
use card::verify::Issuer;
use card_web::{App, ClientAddress};
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use tower::ServiceExt as _;

/// The tokens of the tests.
pub(crate) const CARDS: &str = "a-token-for-the-cards";
pub(crate) const VIEWS: &str = "a-token-for-the-views";
pub(crate) const CHECKS: &str = "a-token-for-the-checks";

/// The present moment of the tests: at it begins a slot.
pub(crate) const NOON: &str = "2026-11-22T12:00:00+01:00[Europe/Paris]";

/// A photo of 24 × 32 pixels.
const PHOTO: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////\
                     ////////////////////////////////wAALCAAgABgBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAgED/8QAIhAAAQMDAwUAAAA\
                     AAAAAAAAAAAECEQMSMRQhMkJRUnGh/9oACAEBAAA/ANCwvYhUyMDsqB7rEmJDqF8fomPvnaIDW4J7MTWh1H//2Q==";

const SCHOOL: &str = r#"
[card]
tokens = ["env:CARDS"]
view_tokens = ["env:VIEWS"]
checker_tokens = ["env:CHECKS"]
legacy_path = "/cards"
public_url = "https://card.univ-ville.fr"
@card@
[card.limits]
per_second = 1000
per_login_per_minute = 1000
@limits@
[card.verify]
enabled = true
[[card.source]]
name = "register"
kind = "register"
role = "identity"
[card.affiliation]
from = "{{ register.profile }}"
student = ["student"]
staff = ["staff"]
none = []
[card.fields]
lastname = "{{ register.lastname }}"
firstname = "{{ register.firstname }}"
idNumber = "{{ register.number }}"
photo = "register.photo"
euid = "fr:{{ register.number }}"
login = "{{ register.number }}"
[card.student]
title = "Carte d'étudiant"
[card.staff]
title = "Carte professionnelle"
[card.qr]
type = "url"
value = "{{ verify_url() }}"
[[card.rule]]
code = "UNPAID_FEES"
when = "register.fees is holding('unpaid')"
[[card.rule]]
code = "NO_ACTIVE_CARD"
when = "register.card is holding('lost')"
"#;

/// How a register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    Slow(Duration),
    Down,
    WrongPassword,
    TwoOfThem,
    Broken,
}

/// A register of people.
pub(crate) struct Register {
    people: Mutex<BTreeMap<String, Record>>,
    mood: Mutex<Mood>,
    pub(crate) asked: AtomicUsize,
}

impl Register {
    fn new() -> Arc<Self> {
        Arc::new(Register { people: Mutex::default(), mood: Mutex::new(Mood::Well), asked: AtomicUsize::new(0) })
    }

    /// Writes something of somebody.
    pub(crate) fn set(&self, login: &str, attribute: &str, value: &str) {
        let mut people = self.people.lock().unwrap();
        let old = people.remove(login).unwrap_or_default();
        let mut new = Record::default();
        for (name, values) in old.iter().filter(|(name, _)| *name != attribute) {
            for value in values {
                new.add(name, value.clone());
            }
        }
        new.add(attribute, value);
        people.insert(login.to_owned(), new);
    }

    pub(crate) fn remove(&self, login: &str) {
        self.people.lock().unwrap().remove(login);
    }

    pub(crate) fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn enrol(&self, login: &str, profile: &str, firstname: &str, lastname: &str) {
        for (attribute, value) in [
            ("profile", profile),
            ("firstname", firstname),
            ("lastname", lastname),
            ("number", "0042"),
            ("photo", "yes"),
        ] {
            self.set(login, attribute, value);
        }
    }

    async fn mood(&self) -> Result<(), SourceError> {
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well => Ok(()),
            Mood::Slow(by) => {
                tokio::time::sleep(by).await;
                Ok(())
            }
            Mood::Down => Err(SourceError::Unreachable("connection refused".to_owned())),
            Mood::WrongPassword => Err(SourceError::Refused("wrong password".to_owned())),
            Mood::TwoOfThem => Err(SourceError::Ambiguous),
            Mood::Broken => panic!("the register is broken, and Alice was the last to be asked about"),
        }
    }
}

impl Source for Register {
    fn kind(&self) -> Kind {
        Kind::Other("register")
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.mood().await?;
            Ok(self.people.lock().unwrap().get(&key.to_lowercase()).cloned())
        })
    }

    fn photos<'a>(&'a self, _: &'a str, _: &'a str, record: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(async move {
            let there = record.get("photo").iter().any(|value| value.text() == Some("yes"));
            Ok(if there { vec![Picture::new(STANDARD.decode(PHOTO).unwrap().into())] } else { Vec::new() })
        })
    }

    fn keys<'a>(&'a self, _: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async { Ok(None) })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(async move {
            self.mood().await?;
            Ok("it is there".to_owned())
        })
    }
}

/// A school with its faces.
pub(crate) struct House {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    pub(crate) register: Arc<Register>,
    pub(crate) issuer: Arc<Issuer>,
    clock: Arc<AtomicI64>,
    pub(crate) folder: TempDir,
}

/// What was answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl House {
    /// A school in which all is well.
    pub(crate) fn new() -> Self {
        House::with("", "")
    }

    /// The same, with lines for `[card]` and for `[card.limits]`; a line takes the place of another with its key.
    pub(crate) fn with(card: &str, limits: &str) -> Self {
        let register = Register::new();
        register.enrol("alice", "student", "Alice", "Martin");
        register.enrol("bob", "staff", "Bob", "Lefèvre");
        let folder = tempfile::tempdir().unwrap();
        let config = configured(&school(card, limits), &register, folder.path());

        let noon = NOON.parse::<jiff::Zoned>().unwrap().timestamp();
        let clock = Arc::new(AtomicI64::new(noon.as_second()));
        let now: card::Clock = {
            let clock = Arc::clone(&clock);
            Arc::new(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap())
        };
        let issuer = Issuer::open(&folder.path().join("keys"), config.verify.clone(), now()).unwrap();
        let issuer = Arc::new(issuer);
        let audit = card_web::audit::Audit::open(card_web::audit::Settings {
            file: folder.path().join("log/card.log"),
            days: 183,
            logins: card_web::audit::Logins::Hashed,
            keys: folder.path().join("keys"),
            timezone: config.timezone.clone(),
        });
        let app = App::new(Connector::open(config, Arc::clone(&now)).with_issuer(Arc::clone(&issuer)), now);
        let app = app.verifying(Arc::clone(&issuer)).drawing(renderer()).audited(audit.unwrap());
        let app = Arc::new(app);
        House { router: card_web::router(Arc::clone(&app)), app, register, issuer, clock, folder }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock.load(Ordering::Relaxed)).unwrap()
    }

    /// Asks from this machine.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Reply {
        self.ask_from("127.0.0.1", request).await
    }

    pub(crate) async fn ask_from(&self, from: &str, mut request: Request<Body>) -> Reply {
        request.extensions_mut().insert(ClientAddress(from.parse().unwrap()));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap().to_vec();
        Reply { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Asks as the application's server does.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.get_with(path, CARDS).await
    }

    pub(crate) async fn get_with(&self, path: &str, token: &str) -> Reply {
        self.ask(Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap())
            .await
    }

    /// A code of somebody, of now.
    pub(crate) fn code(&self, login: &str) -> String {
        let subject = card::verify::Subject {
            login,
            affiliation: card::model::Affiliation::Student,
            end_date: 2027,
            firstname: "Alice",
            lastname: "Martin",
        };
        self.issuer.online(&subject, self.now())
    }
}

/// Draws cards with the templates that come along; the same for all, since it reads fonts.
fn renderer() -> Arc<Renderer> {
    static RENDERER: LazyLock<Arc<Renderer>> = LazyLock::new(|| {
        let config = card::render::Config::default();
        Arc::new(Renderer::new(&config, Path::new(""), &["register".to_owned()]).unwrap())
    });
    Arc::clone(&RENDERER)
}

/// Who may ask, as lines for `[card]` say.
pub(crate) fn access(card: &str) -> Access {
    configured(&school(card, ""), &Register::new(), Path::new("")).access
}

/// The text of a configuration, with lines put in or in the place of others.
fn school(card: &str, limits: &str) -> String {
    let mut text = SCHOOL.to_owned();
    for (place, lines) in [("@card@", card), ("@limits@", limits)] {
        for line in lines.lines() {
            let key = format!("\n{} = ", line.split(" = ").next().unwrap_or_default());
            if let Some(at) = text.find(&key) {
                let end = text[at + 1..].find('\n').map_or(text.len(), |end| at + 1 + end);
                text.replace_range(at..end, "");
            }
        }
        text = text.replace(place, lines);
    }
    text
}

fn configured(text: &str, register: &Arc<Register>, folder: &Path) -> Config {
    let secret = |written: &str| match written {
        "env:CARDS" => Ok(CARDS.into()),
        "env:VIEWS" => Ok(VIEWS.into()),
        "env:CHECKS" => Ok(CHECKS.into()),
        _ => Err("there is no such variable".to_owned()),
    };
    let register = Arc::clone(register);
    let other =
        move |kind: &str, _: &toml::Table| (kind == "register").then(|| Ok(Arc::clone(&register) as Arc<dyn Source>));
    let root = DeTable::parse(text).unwrap().into_inner();
    let (_, table) = root.into_iter().find(|(key, _)| key.get_ref() == "card").unwrap();
    let span = table.span();
    let DeValue::Table(table) = table.into_inner() else { panic!("a table") };
    let around = Surroundings { folder, secret: &secret, other: &other };
    config::read(&Spanned::new(span, table), &around).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// What every answer of ours has to have, and must not.
#[track_caller]
pub(crate) fn careful(reply: &Reply) {
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    for name in ["etag", "access-control-allow-origin", "location", "last-modified"] {
        assert_eq!(reply.header(name), None, "{name}");
    }
    let type_and_size = (reply.header("content-type"), reply.status);
    assert!(type_and_size.0.is_some() && StatusCode::from_u16(reply.status).is_ok(), "{type_and_size:?}");
}
