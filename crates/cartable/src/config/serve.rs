//! The section of `cartable serve`.

use std::net::SocketAddr;
use std::time::Duration;

use gateway::viewers;
use url::Url;

use super::NOT_PUBLIC;
use super::reader::Section;

/// Where the gateway listens when nothing else is said: where `pronote-api-server` did.
pub(crate) const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 21727);
/// The longest time of any key: ten years, which is as good as for ever.
const LONGEST: Duration = Duration::from_secs(3650 * 24 * 60 * 60);
/// No time at all.
const NONE: Duration = Duration::ZERO;

/// What `cartable serve` runs with.
#[derive(Clone)]
pub(crate) struct Serve {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Whether that may be more than this machine.
    pub(crate) public: bool,
    /// Schools that are not at public https addresses.
    pub(crate) allow: Vec<Url>,
    /// The server.
    pub(crate) server: server::Config,
    /// Those who are signed in.
    pub(crate) viewers: viewers::Config,
}

impl Default for Serve {
    fn default() -> Self {
        Serve {
            listen: USUAL,
            public: false,
            allow: Vec::new(),
            server: server::Config::default(),
            viewers: viewers::Config::default(),
        }
    }
}

/// Reads the section.
pub(super) fn read(section: &mut Section<'_, '_>, serve: &mut Serve) {
    let Serve { listen, public, allow, server, viewers } = serve;

    section.key("listen", listen, "Address and port to listen on; those on the command line go before.");
    section.key(
        "public",
        public,
        "Whether that may be more than this machine. There is no TLS: put a reverse proxy before it.",
    );
    if !listen.ip().is_loopback() && !*public {
        section.fault("listen", format!("`listen` is more than this machine. {NOT_PUBLIC}"));
    }
    let about = "Schools that may be reached though they are not at public https addresses, such as \
                 \"https://pronote.lan\"; `--allow` adds to them.";
    section.key("allow", allow, about);
    let about = "Reverse proxies, as addresses or networks, whose word is taken for where a client asks from \
                 (`X-Forwarded-For`).";
    section.key("proxies", &mut server.trusted_proxies, about);
    let about = "Web sites whose pages may ask from a browser, such as \"https://class.example\".";
    section.key("origins", &mut server.origins, about);
    let about = "What `GET /metrics` asks for as its bearer. Without it, whoever reaches the server reads the numbers.";
    section.secret("metrics_token", &mut server.metrics_token, "env:METRICS_TOKEN", about);

    let about = "Connections at once; past it, the one that has been silent longest makes room.";
    section.within("connections", &mut server.connections, 1..=1_000_000, about);
    let about = "From a request to its answer; schools are asked slowly.";
    section.within("answer_within", &mut server.patience.answer, Duration::from_secs(1)..=LONGEST, about);
    let about = "For the requests at hand when the server is told to end.";
    section.within("stop_within", &mut server.patience.stop, NONE..=LONGEST, about);
    let about = "For logging out at the schools after that.";
    section.within("log_out_within", &mut viewers.close_within, NONE..=LONGEST, about);

    let rates = &mut server.rates;
    let about = "Sign-ins from one address: at once, then in the long run. A refused one counts several times. \"none\" is \
                 no limit.";
    section.key("sign_ins_per_address", &mut rates.sign_ins_per_address, about);
    section.key("sign_ins_per_account", &mut rates.sign_ins_per_account, "Sign-ins to one account, from anywhere.");
    section.key("questions_per_address", &mut rates.questions_per_address, "Questions from one address.");
    section.key("questions_per_token", &mut rates.questions_per_token, "Questions with one token.");

    let graphql = &mut server.graphql;
    let about = "How deep the fields of one question may lie in each other.";
    section.within("depth", &mut graphql.depth, 1..=1000, about);
    let about = "How many fields one question may ask for, those of fragments counted wherever they are spread.";
    section.within("fields", &mut graphql.fields, 1..=1_000_000, about);
    let about = "How many of them may stand at its root: each may cost a call to the school.";
    section.within("root_fields", &mut graphql.root_fields, 1..=10_000, about);
    section.within("aliases", &mut graphql.aliases, 0..=100_000, "How many of them may be given another name.");

    section.within("sessions", &mut viewers.most_tokens, 1..=10_000_000, "How many may be signed in at once.");
    let about = "How many of them from one address; 0 for any number.";
    section.within("sessions_per_address", &mut viewers.most_per_address, 0..=10_000_000, about);
    let about = "After so long without use a token is good no more; \"0s\" for never.";
    section.within("token_idle", &mut viewers.idle, NONE..=LONGEST, about);
    let about = "Whether what signs in again is kept in the data folder, sealed: sessions then heal by themselves, and \
                 tokens and calendars outlive the process.";
    section.key("keep_sign_ins", &mut viewers.keep_sign_ins, about);
    let about =
        "How often the session of a token that asked for it (`setKeepAlive`) tells its school that it is there.";
    let range = Duration::from_secs(10)..=Duration::from_secs(3600);
    section.within("keep_alive_interval", &mut viewers.keep_alive_every, range, about);
    let about = "How old a page may be that is given again without asking the school; \"0s\" asks always.";
    section.within("fresh", &mut viewers.fresh, NONE..=LONGEST, about);
    let about = "How old a page may be that a calendar is made from.";
    section.within("feed_fresh", &mut viewers.feed_fresh, NONE..=LONGEST, about);
    section.size("page_memory", &mut viewers.page_bytes, 0..=1 << 40, "What such pages may take of memory, in all.");
    section.key("zone", &mut viewers.zone, "Time zone of the schools.");
}
