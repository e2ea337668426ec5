//! Measures what a live token takes in memory, kept alive, against an emulated school in a process of its own.
//!
//! ```text
//! cargo run --release -p gateway --example live_tokens -- 5000
//! ```

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::{Clock, Config, Emulator, School};
use futures_util::StreamExt as _;
use gateway::viewers::{self, Admission, Door, TokenShape};
use gateway::{Gateway, Viewers};
use jiff::Timestamp;
use pronote::Space;
use pronote::login::{Credentials, Device};
use pronote::pace::Limits;
use transport::Transport;

/// How often each session speaks while it is measured: often enough to see a few beats of each.
const EVERY: Duration = Duration::from_secs(20);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::args().nth(1).unwrap_or_else(|| "1000".to_owned());
    if wanted == "school" {
        return school().await;
    }
    let wanted: usize = wanted.parse()?;
    let mut school =
        Command::new(std::env::current_exe()?).arg("school").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut url = String::new();
    BufReader::new(school.stdout.take().ok_or("no output")?).read_line(&mut url)?;
    let measured = measure(wanted, url.trim()).await;
    school.kill()?;
    school.wait()?;
    measured
}

/// Serves a school until the input ends.
async fn school() -> Result<(), Box<dyn Error>> {
    let config = Config::new(School::demo(Clock::Fixed("2026-11-23T10:00:00".parse()?)));
    let school = Emulator::start(config).await?;
    println!("{}", school.url());
    let waiting = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    waiting.await??;
    Ok(())
}

async fn measure(wanted: usize, url: &str) -> Result<(), Box<dyn Error>> {
    let data = tempfile::tempdir()?;
    let transport = Transport::new(transport::Config::default())?;
    let gateway = Gateway::open(data.path(), transport, Limits::default(), Arc::new(Timestamp::now))?;
    let config = viewers::Config { most_per_address: 0, keep_alive_every: EVERY, ..viewers::Config::default() };
    let viewers = Viewers::open(gateway, config)?;
    let before = resident()?;
    let begun = Instant::now();
    let all = futures_util::stream::iter(0..wanted).map(|_| sign_in(&viewers, url)).buffer_unordered(16);
    let failed = all.filter(|signed_in| std::future::ready(!*signed_in)).count().await;
    println!("{wanted} sign-ins in {:.1} s, {failed} failed", begun.elapsed().as_secs_f64());
    report("signed in", before, wanted)?;
    let calls = viewers.census().calls;
    tokio::time::sleep(EVERY * 3).await;
    let census = viewers.census();
    println!(
        "{} kept alive; {:.2} calls for each and interval",
        census.kept_alive,
        per(census.calls - calls, wanted) / 3.0
    );
    report("kept alive", before, wanted)
}

async fn sign_in(viewers: &Viewers, url: &str) -> bool {
    let Ok(school) = url.parse() else { return false };
    let (login, password) = ("demonstration".to_owned(), "pronotevs".into());
    let door = Door {
        way: Credentials::Password { school, space: Space::Student, login, password }.into(),
        device: Device::new("measure"),
        answers: None,
        write: false,
        next: false,
        shape: TokenShape::Long,
    };
    match Box::pin(viewers.sign_in(IpAddr::V4(Ipv4Addr::LOCALHOST), door)).await {
        Ok(Admission::Open { viewer, .. }) => {
            viewer.set_keep_alive(true);
            true
        }
        _ => false,
    }
}

fn report(what: &str, before: u64, tokens: usize) -> Result<(), Box<dyn Error>> {
    let now = resident()?;
    println!(
        "{what}: {} KiB resident, {:.1} KiB a token",
        now / 1024,
        per(now.saturating_sub(before), tokens) / 1024.0
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures to look at")]
fn per(all: u64, tokens: usize) -> f64 {
    all as f64 / tokens.max(1) as f64
}

/// The resident memory of this process in bytes, where the system tells it.
fn resident() -> Result<u64, Box<dyn Error>> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let resident: u64 = pages.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
    Ok(resident * 4096)
}
