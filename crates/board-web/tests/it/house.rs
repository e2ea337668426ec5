//! A board that listens on loopback, on one engine or the other, with a clock that the test moves.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use board::{Actor, Board, ClassId, Config, NewUser, Role};
use board_web::{App, ClientAddress, Settings};
use bots::Bots;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::chats::Chats;
use crate::wire::{Ask, Line, Told};

/// What a test begins at: Monday, 1 September 2025.
const BEGINNING: i64 = 1_756_717_200;

/// How long bodies may take.
pub(crate) const PATIENCE: Duration = Duration::from_millis(500);

/// A head that every board has.
pub(crate) const HEAD: (&str, &str) = ("head", "Head-2026");

/// A board that listens.
pub(crate) struct House {
    pub(crate) board: Board,
    pub(crate) at: SocketAddr,
    pub(crate) class: ClassId,
    pub(crate) bots: Option<Bots>,
    seconds: Arc<AtomicI64>,
    server: JoinHandle<()>,
    _folder: TempDir,
}

impl House {
    /// On a SQLite file of its own.
    pub(crate) async fn on_sqlite() -> Self {
        House::open(None, None).await
    }

    /// The same, with a bot that the platforms post to.
    pub(crate) async fn with(chats: &Chats) -> Self {
        House::open(None, Some(chats)).await
    }

    /// On a PostgreSQL database of its own; nothing where there is no server, except where one has to be.
    pub(crate) async fn on_postgres() -> Option<Self> {
        House::on_postgres_with(None).await
    }

    async fn on_postgres_with(chats: Option<&Chats>) -> Option<Self> {
        match std::env::var("CARTABLE_TEST_POSTGRES") {
            Ok(url) => Some(House::open(Some(own_database(&url)), chats).await),
            Err(_) if std::env::var_os("CI").is_some() => panic!("CARTABLE_TEST_POSTGRES is not set"),
            Err(_) => {
                eprintln!("skipped on PostgreSQL: CARTABLE_TEST_POSTGRES names none");
                None
            }
        }
    }

    /// On each engine there is.
    pub(crate) async fn all() -> Vec<Self> {
        let mut houses = vec![House::on_sqlite().await];
        houses.extend(House::on_postgres().await);
        houses
    }

    /// The same, with bots.
    pub(crate) async fn all_with(chats: &Chats) -> Vec<Self> {
        let mut houses = vec![House::with(chats).await];
        houses.extend(House::on_postgres_with(Some(chats)).await);
        houses
    }

    async fn open(database: Option<String>, chats: Option<&Chats>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seconds = Arc::new(AtomicI64::new(BEGINNING));
        let read = Arc::clone(&seconds);
        let clock = Arc::new(move || Timestamp::from_second(read.load(Ordering::SeqCst)).unwrap());
        let config = Config { database, zone: TimeZone::UTC, clock, ..Config::new(folder.path()) };
        let board = Board::open(config).await.unwrap();
        let class = board.class_id(None).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let mut app = App::new(board.clone(), Settings { patience: PATIENCE, ..Settings::default() });
        if let Some(chats) = chats {
            app = app.talking(chats.start(&board).await);
        }
        let bots = app.bots.clone();
        let routes = board_web::router(Arc::new(app)).layer(middleware::from_fn(name_the_client));
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        let house = House { board, at, class, bots, seconds, server, _folder: folder };
        house.add_user(HEAD.0, HEAD.1, &[(class, Role::Head)]).await;
        house
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) async fn add_user(&self, name: &str, password: &str, roles: &[(ClassId, Role)]) {
        let new = NewUser {
            name: name.to_owned(),
            password: password.to_owned().into(),
            strong: false,
            admin: false,
            roles: roles.iter().copied().collect::<BTreeMap<_, _>>(),
        };
        self.board.add_user(&Actor::program("test"), new).await.unwrap();
    }

    /// Asks once, over a connection of its own.
    pub(crate) async fn ask_from(&self, from: &str, ask: &Ask) -> Told {
        Line::open(self.at, from).await.ask(ask).await
    }

    pub(crate) async fn ask(&self, ask: &Ask) -> Told {
        self.ask_from("127.0.0.1", ask).await
    }

    /// A key of the old face.
    pub(crate) async fn sign_in_from(&self, from: &str, name: &str, password: &str) -> String {
        let form = form_urlencoded(&[("user", name), ("pass", password)]);
        let told = self.ask_from(from, &Ask::form("/api/auth.php", &form)).await;
        let told = told.json();
        told["key"].as_str().unwrap_or_else(|| panic!("{name} cannot sign in: {told}")).to_owned()
    }

    /// A key of the head.
    pub(crate) async fn head(&self) -> String {
        self.sign_in_from("127.0.0.1", HEAD.0, HEAD.1).await
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn name_the_client(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> axum::response::Response {
    request.extensions_mut().insert(ClientAddress(peer.ip()));
    next.run(request).await
}

/// Fields of a form, as they are sent.
pub(crate) fn form_urlencoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// An empty database of its own beside the one that is named.
fn own_database(url: &str) -> String {
    use std::hash::{BuildHasher as _, RandomState};

    let name = format!("faces_{:016x}", RandomState::new().hash_one(std::process::id()));
    let mut psql = Command::new("psql");
    psql.args(["--quiet", "--no-psqlrc", url, "--command", &format!("create database {name}")]);
    assert!(psql.status().unwrap().success(), "no database can be made");
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

/// A file of the contract, which lies beside the repository; nothing where it is not, except where it has to be.
pub(crate) fn contract(name: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec");
    let folder = std::env::var_os("CARTABLE_SPEC").map_or(beside, PathBuf::from);
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Some(text),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{}: {error}", folder.join(name).display()),
        Err(_) => {
            eprintln!("skipped: {name} is not in CARTABLE_SPEC or beside the repository");
            None
        }
    }
}
