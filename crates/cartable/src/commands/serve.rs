//! `serve`: the gateway, the class board and digital cards, until they are told to end.

pub(crate) mod board;
pub(crate) mod card;
mod clock;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use gateway::Gateway;
use gateway::viewers::Viewers;
use jiff::Timestamp;
use server::Faces;
use tokio::net::{TcpListener, lookup_host};
use tokio_util::sync::CancellationToken;
use transport::Addresses;
use url::Url;

use self::board::Service;
use self::card::Cards;
use crate::cli::Global;
use crate::config::{self, Config, NOT_PUBLIC};
use crate::exit::{Family, failure};
use crate::output;
use crate::signals::Signals;

/// The options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Port to listen on; 0 takes a free one [default: the configuration's, or 21727]
    port: Option<u16>,
    /// Address to listen on [default: the configuration's, or 127.0.0.1]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    host: Option<String>,
    /// A school where people may sign in though it is not at a public https address; may be repeated
    #[arg(long, value_name = "URL", value_parser = school)]
    allow: Vec<Url>,
    /// A file with a number of seconds that are added to the clock of the class board and the cards: for tests
    #[arg(long, value_name = "FILE", hide = true)]
    clock_offset_file: Option<PathBuf>,
}

/// Serves until it is told to end.
pub(crate) async fn run(options: &Global, args: ServeArgs) -> anyhow::Result<()> {
    let mut config = config::load(options)?;
    let serve = &mut config.settings.serve;
    serve.allow.extend(args.allow);
    let port = args.port.unwrap_or(serve.listen.port());
    let host = args.host.unwrap_or_else(|| serve.listen.ip().to_string());
    let listener = listen(&host, port, serve.public).await?;
    let gateway = gateway(&config)?;
    let viewers = Viewers::open(gateway.clone(), config.settings.serve.viewers.clone())?;
    let clock = clock::clock(args.clock_offset_file.as_deref());
    let cards = Cards::start(&config, &gateway, &clock)?;
    let listening = listener.local_addr()?;
    cards.as_ref().map_or(Ok(()), |cards| cards.check_reach(listening.ip()))?;
    let board = Service::start(&config, &gateway, clock).await?;
    raise_file_limit();
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
    tell_of_portals(&config, &gateway)?;
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let signals = Signals::hear()?;
    output::line(format!("--> Listening on {host}:{}", listening.port()))?;
    until_told(signals, listener, config, viewers, Beside { board, cards }).await
}

/// Tells which portals that were added here are not used.
fn tell_of_portals(config: &Config, gateway: &Gateway) -> anyhow::Result<()> {
    config.warn_of_portals();
    for portals::Portal { id, .. } in gateway.strangers()? {
        eprintln!("warning: the portal `{id}` is not used until `cartable pronote portals trust {id}` confirms it");
    }
    Ok(())
}

/// Opens the way to the schools.
pub(crate) fn gateway(config: &Config) -> anyhow::Result<Gateway> {
    let serve = &config.settings.serve;
    let addresses = Addresses::Public { allowed: serve.allow.clone() };
    let gateway =
        Gateway::open(&config.data, config.transport(addresses)?, config.settings.pace, Arc::new(Timestamp::now))?;
    Ok(gateway.with_portals(config.portals().0))
}

/// What is served beside the gateway, where it is there.
pub(crate) struct Beside {
    pub(crate) board: Option<Service>,
    pub(crate) cards: Option<Cards>,
}

/// Serves until SIGINT or SIGTERM; then answers what is at hand, and logs out everywhere. A second one ends it at once.
pub(crate) async fn until_told(
    mut signals: Signals,
    listener: TcpListener,
    config: Config,
    viewers: Viewers,
    Beside { board, cards }: Beside,
) -> anyhow::Result<()> {
    let faces = Faces { board: board.as_ref().map(Service::faces), cards: cards.as_ref().map(Cards::faces) };
    let stop = CancellationToken::new();
    let told_twice = async {
        signals.end_wanted().await;
        stop.cancel();
        signals.end_wanted().await;
    };
    tokio::select! {
        () = server::serve(listener, config.settings.serve.server, viewers, faces, stop.clone()) => {
            if let Some(cards) = cards {
                cards.end().await;
            }
            if let Some(board) = board {
                board.end().await;
            }
            Ok(())
        }
        () = told_twice => {
            let advice = "Their schools end them by themselves in a few minutes.";
            Err(failure(Family::Unexpected, "ended at once: some sessions were not logged out", advice))
        }
    }
}

/// Binds an address, and more than this machine's own only if that is wanted.
async fn listen(host: &str, port: u16, public: bool) -> anyhow::Result<TcpListener> {
    let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(address) => vec![(address, port).into()],
        Err(_) => {
            lookup_host((host, port)).await.with_context(|| format!("could not find the address of {host}"))?.collect()
        }
    };
    check_reach(host, &addresses, public)?;
    TcpListener::bind(&addresses[..]).await.map_err(|error| {
        let advice = "Give another port, for instance `cartable serve 4000`, or end what listens there.";
        failure(Family::Unexpected, format!("could not listen on {host}:{port}: {error}"), advice)
    })
}

/// Refuses to let more than this machine in, unless that is wanted; then warns.
pub(crate) fn check_reach(host: &str, addresses: &[SocketAddr], public: bool) -> anyhow::Result<()> {
    if addresses.iter().all(|address| address.ip().is_loopback()) {
        return Ok(());
    }
    if !public {
        let refused = format!("{host} can be reached from outside this machine");
        return Err(failure(Family::Configuration, refused, NOT_PUBLIC));
    }
    eprintln!("warning: whoever reaches {host} can sign in through this server; without TLS, others can read along");
    Ok(())
}

/// Lets this process have as many connections as the system ever lets it.
fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let limit = getrlimit(Resource::Nofile);
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
            tracing::warn!(%error, "The limit of open files stays as it is");
        }
    }
}

/// A school, as it is typed.
fn school(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|_| "give an address, such as http://127.0.0.1:8700".to_owned())?;
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host();
    usable.then_some(url).ok_or_else(|| "it has to begin with http:// or https://".to_owned())
}
