//! A gateway on a free port, with nothing kept from one test to the next.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use emulator::{Clock, Config, Emulator, School};
use gateway::{Gateway, Viewers, viewers};
use jiff::Timestamp;
use portals::Registry;
use pronote::pace;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use transport::Transport;

/// What a test chooses of a gateway.
pub(crate) struct Plan {
    /// What listens.
    pub(crate) server: server::Config,
    /// Who may be signed in.
    pub(crate) viewers: viewers::Config,
    /// The way out.
    pub(crate) transport: transport::Config,
    /// How much may be asked of a school.
    pub(crate) pace: pace::Limits,
    /// Tells the time.
    pub(crate) clock: pace::Clock,
    /// The portals there are.
    pub(crate) portals: Registry,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            server: server::Config::default(),
            viewers: viewers::Config::default(),
            transport: transport::Config::default(),
            pace: pace::Limits::default(),
            clock: Arc::new(Timestamp::now),
            portals: Registry::with_files(&[]).0,
        }
    }
}

/// A running gateway. Dropping it stops it.
pub(crate) struct House {
    address: SocketAddr,
    stop: CancellationToken,
    served: Option<JoinHandle<()>>,
    viewers: Viewers,
    _data: TempDir,
}

impl House {
    /// A gateway as it is by default, except that it may reach schools on this machine.
    pub(crate) async fn open() -> Self {
        Self::with(Plan::default()).await
    }

    /// A gateway of one's own plan.
    pub(crate) async fn with(plan: Plan) -> Self {
        let Plan { server, viewers, transport, pace, clock, portals } = plan;
        let data = tempfile::tempdir().unwrap();
        let transport = Transport::new(transport).unwrap();
        let gateway = Gateway::open(data.path(), transport, pace, clock.clone()).unwrap().with_portals(portals);
        let viewers = Viewers::open(gateway, viewers).unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let config = server::Config { clock, ..server };
        let served =
            tokio::spawn(server::serve(listener, config, viewers.clone(), server::Faces::default(), stop.clone()));
        House { address, stop, served: Some(served), viewers, _data: data }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everyone who is signed in.
    pub(crate) fn viewers(&self) -> &Viewers {
        &self.viewers
    }

    /// Tells it to stop; the end is reached when the future is.
    pub(crate) fn stop(mut self) -> impl Future<Output = ()> {
        self.stop.cancel();
        let served = self.served.take();
        async move {
            let _data = self;
            served.unwrap().await.unwrap();
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The demonstration school.
pub(crate) async fn school() -> Emulator {
    Emulator::start(school_config()).await.unwrap()
}

/// How the demonstration school is served, for tests that want it otherwise.
pub(crate) fn school_config() -> Config {
    Config::new(School::demo(Clock::Fixed("2026-11-23T10:00:00".parse().unwrap())))
}
