//! What live, idle sessions cost in memory: `idle_sessions URL [COUNT]` against a running emulator.
//!
//! Signs in COUNT times (1000 when not given) over one client, then prints by how much the process has grown.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made has nothing to say")]

use std::sync::Arc;

use pronote::login::{Credentials, Device, Entrance, SignIn};
use pronote::pace::Pacer;
use pronote::{Client, Space};
use transport::{Config, Transport};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("the address of a running emulator");
    let count: usize = arguments.next().map_or(1000, |count| count.parse().unwrap());

    let client =
        Client::new(Transport::new(Config::default()).unwrap(), Pacer::unlimited(Arc::new(jiff::Timestamp::now)));
    let sign_in = || {
        let credentials = Credentials::demonstration(url.parse().unwrap(), Space::Student);
        SignIn::new(credentials, Device::new("idle"))
    };
    // The first sign-in pays for what all share: connections, certificates, allocator arenas.
    let Entrance::Open(first) = client.sign_in(sign_in()).await.unwrap() else { panic!("steps") };
    let before = resident_kib();
    let mut sessions = Vec::with_capacity(count);
    for _ in 0..count {
        let Entrance::Open(session) = client.sign_in(sign_in()).await.unwrap() else { panic!("steps") };
        sessions.push(session);
    }
    let after = resident_kib();
    // Each is alive: the last one still answers, and so does the first.
    sessions.last().unwrap_or(&first).keep_alive().await.unwrap();
    first.keep_alive().await.unwrap();
    let grown = after.saturating_sub(before);
    println!("{count} idle sessions: {:.1} MiB, {:.1} KiB each", grown as f64 / 1024.0, grown as f64 / count as f64);
}

/// The resident memory of this process, from the kernel.
fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
