//! The work of `peers/bench` done by this library: `bench_client URL TIMES`.
//!
//! Writes milliseconds per call, the peak memory, and what a thousand idle sessions take, as JSON on one line.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pronote::functions::{
    account, evaluations, grades, homework, menus, messaging, navigation, news, school_life, timetable,
};
use pronote::login::{Credentials, Device, Entrance, SignIn};
use pronote::pace::Pacer;
use pronote::{Client, SchoolAddress, Session, Space};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use transport::{Config, Transport};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The school week that is read.
const WEEK: u32 = 3;

/// How many sessions are left open at the end, to weigh them.
const IDLE_SESSIONS: u32 = 1000;

/// Who measures: a client with nothing to hold it back, and where the school is.
struct Bench {
    client: Client,
    school: SchoolAddress,
}

impl Bench {
    async fn sign_in(&self) -> Outcome<Session> {
        let credentials = Credentials::demonstration(self.school.clone(), Space::Student);
        match self.client.sign_in(SignIn::new(credentials, Device::new("Bench"))).await? {
            Entrance::Open(session) => Ok(session),
            Entrance::Steps(_) => Err("the account asks for more than a password".into()),
        }
    }
}

/// Milliseconds of wall and processor time per call, after one call that does not count.
async fn measure(times: u32, work: impl AsyncFn() -> Outcome<()>) -> Outcome<Value> {
    work().await?;
    let (wall, cpu) = (Instant::now(), processor_time());
    for _ in 0..times {
        work().await?;
    }
    let each = |total: Duration| total.as_secs_f64() * 1000.0 / f64::from(times);
    Ok(json!({ "wall": each(wall.elapsed()), "cpu": each(processor_time() - cpu) }))
}

fn processor_time() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap_or(0))
}

/// A line of `/proc/self/status`, in MiB.
fn memory(line: &str) -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|found| found.strip_prefix(line)).ok_or("the system tells no memory")?;
    let kib: f64 = line.trim_matches(|letter: char| !letter.is_ascii_digit()).parse()?;
    Ok(kib / 1024.0)
}

async fn week(session: &Session) -> Outcome<()> {
    session.read(&timetable::Request { when: timetable::When::Week(WEEK) }).await?;
    Ok(())
}

async fn everything(session: &Session) -> Outcome<()> {
    let instance = session.instance();
    week(session).await?;
    session.read(&homework::Request { weeks: 1..=instance.last_week() }).await?;
    for period in &instance.periods {
        let period = Some(period.clone());
        session.read(&grades::Request { period: period.clone() }).await?;
        session.read(&evaluations::Request { period: period.clone() }).await?;
        session.read(&school_life::Request { period, from: None, to: None }).await?;
    }
    session.read(&news::Request::default()).await?;
    session.read(&menus::Request { date: instance.monday_of(WEEK) }).await?;
    for discussion in &session.read(&messaging::Request::default()).await?.discussions {
        session.read(&messaging::Messages::of(discussion)).await?;
    }
    session.read(&account::Request).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let school: SchoolAddress = arguments.next().ok_or("bench_client URL TIMES")?.parse()?;
    let times: u32 = arguments.next().ok_or("bench_client URL TIMES")?.parse()?;
    let client = Client::new(Transport::new(Config::default())?, Pacer::unlimited(Arc::new(Timestamp::now)));
    let bench = Bench { client, school };

    let sign_in = measure((times / 10).max(1), async || bench.sign_in().await.map(drop)).await?;
    let session = bench.sign_in().await?;
    let navigation = measure(times, async || {
        session.read(&navigation::Request::default()).await?;
        Ok(())
    });
    let navigation = navigation.await?;
    let one_week = measure((times / 2).max(1), async || week(&session).await).await?;
    let all = measure((times / 40).max(1), async || everything(&session).await).await?;
    let peak = memory("VmHWM:")?;

    let before = memory("VmRSS:")?;
    let mut idle = Vec::new();
    for _ in 0..IDLE_SESSIONS {
        idle.push(bench.sign_in().await?);
    }
    let weight = memory("VmRSS:")? - before;
    println!(
        "{}",
        json!({
            "sign_in": sign_in, "navigation": navigation, "week": one_week, "everything": all, "peak_mib": peak,
            "idle_sessions": { "count": idle.len(), "mib": weight },
        })
    );
    Ok(())
}
