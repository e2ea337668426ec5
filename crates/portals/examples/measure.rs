//! What a sign-in costs, measured on loopback against the emulated portals: requests and milliseconds by family, then the
//! most memory that the portals that mean harm can make a client take.
//!
//! `cargo run --release -p portals --example measure`

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program that measures, and says what it found")]

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::portals::{Config, HOSTILE, PASSWORD, Portals as Emulated};
use emulator::{Clock, School};
use jiff::Timestamp;
use portals::{Error, Portals, Progress, Registry, SignIn};
use pronote::pace::Pacer;
use pronote::{Client, SchoolAddress, Space};
use transport::{Detour, Transport};

/// A portal of each family, with the family's name.
const FAMILIES: [(&str, &str); 14] = [
    ("skolengo, EduConnect", "ac-reims"),
    ("skolengo, own form", "ac-valdoise"),
    ("edifice, EduConnect", "vaucluse"),
    ("edifice, EduConnect first", "var"),
    ("edifice, own form", "parisclassenumerique"),
    ("edifice-oidc", "iledefrance"),
    ("apereo", "ac-orleans-tours"),
    ("cas-form", "atrium-sud"),
    ("saml-entry", "poitiers-dispatcher"),
    ("laclasse", "laclasse"),
    ("shib-wayf", "ac-nantes"),
    ("shib-wayf, posts at once", "ac-reunion"),
    ("toutatice", "toutatice"),
    ("hub-educonnect", "hub-educonnect"),
];
/// How often each is signed in through; the median is told.
const TIMES: usize = 21;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments[..] {
        [] => measure().await,
        [address, authority] => meet_harm(address.parse().expect("an address"), authority).await,
        _ => println!("measure takes no arguments"),
    }
}

fn client(address: SocketAddr, authority: &str) -> Client {
    let config = transport::Config { detour: Some(Detour::to(address, authority)), ..transport::Config::default() };
    Client::new(Transport::new(config).expect("a transport"), Pacer::unlimited(Arc::new(Timestamp::now)))
}

async fn enter(portals: &Portals, client: &Client, portal: &str, login: &str) -> Result<Progress, Error> {
    let school: SchoolAddress = format!("https://{portal}.pronote.test/pronote/").parse().expect("an address");
    let sign_in = SignIn {
        school,
        space: Space::Student,
        portal: Some(portal.to_owned()),
        profile: None,
        login: login.to_owned(),
        password: PASSWORD.into(),
    };
    portals.sign_in(client, sign_in).await
}

async fn measure() {
    let school = emulator::Config::new(School::demo(Clock::system()));
    let emulated = Emulated::start(Config::new(school)).await.expect("free ports");
    let client = client(emulated.address(), emulated.authority());
    let portals = Portals::new(Registry::builtin());
    println!("{:<28}{:>10}{:>10}", "family", "requests", "ms");
    for (family, portal) in FAMILIES {
        let mut times = Vec::new();
        emulated.reset();
        for _ in 0..TIMES {
            let began = Instant::now();
            let end = enter(&portals, &client, portal, "eleve.ok").await;
            times.push(began.elapsed());
            assert!(matches!(end, Ok(Progress::Landed(_))), "{portal}: {end:?}");
        }
        times.sort();
        let requests = emulated.journal().len() / TIMES;
        println!("{family:<28}{requests:>10}{:>10.1}", times[TIMES / 2].as_secs_f64() * 1e3);
    }
    // Another process is the client, so that its memory is its own.
    let status = Command::new(env::current_exe().expect("this program"))
        .args([&emulated.address().to_string(), emulated.authority()])
        .status()
        .expect("a second process");
    assert!(status.success());
}

/// Meets every nastiness in turn, and tells the most memory that it took.
async fn meet_harm(address: SocketAddr, authority: &str) {
    let file = |nastiness: &str| {
        (nastiness.to_owned(), include_str!("../tests/it/hostile.toml").replace("NASTINESS", nastiness))
    };
    let (registry, _) = Registry::with_files(&HOSTILE.map(file));
    let portals = Portals::new(Arc::new(registry));
    let client = client(address, authority);
    let _ = enter(&portals, &client, "ac-reims", "eleve.ok").await;
    let ordinary = peak();
    println!("\nmemory after an ordinary sign-in: {:.1} MiB", mebibytes(ordinary));
    println!("{:<18}{:>12}{:>10}  outcome", "nastiness", "peak, MiB", "ms");
    let mut most = ordinary;
    for nastiness in HOSTILE {
        // The peak is counted anew from here on.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let began = Instant::now();
        let end = enter(&portals, &client, &format!("hostile-{nastiness}"), &format!("faux.mdp+{nastiness}")).await;
        let took: Duration = began.elapsed();
        let outcome = end.err().map_or("landed", |error| error.code());
        most = most.max(peak());
        println!("{nastiness:<18}{:>12.1}{:>10.0}  {outcome}", mebibytes(peak()), took.as_secs_f64() * 1e3);
    }
    println!("the most memory of all: {:.1} MiB", mebibytes(most));
}

/// The most memory that was resident, in KiB.
fn peak() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

fn mebibytes(kibibytes: u32) -> f64 {
    f64::from(kibibytes) / 1024.0
}
