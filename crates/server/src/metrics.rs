//! `GET /metrics`: numbers for whoever watches the server, and no names.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bots::{Bots, Health};
use gateway::Viewers;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use ring::digest::{SHA256, digest};
use secrecy::ExposeSecret as _;

use crate::Faces;
use crate::app::App;
use crate::client::bearer;
use crate::problem::Problem;

/// Seconds: from an answer out of memory to a school that takes its time.
const DURATIONS: [f64; 9] = [0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 20.0, 60.0];

/// What the server counts.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram>,
    sign_ins: Family<SignIn, Counter>,
    turned_away: Counter,
    connections: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SignIn {
    outcome: Outcome,
}

/// How a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// With a token.
    Open,
    /// With a question of the school.
    Steps,
    /// Refused, by the school or for what was sent.
    Refused,
    /// It could not be tried.
    Failed,
}

impl EncodeLabelValue for Outcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        match self {
            Outcome::Open => "open",
            Outcome::Steps => "steps",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
        .encode(encoder)
    }
}

impl Metrics {
    /// Counts nothing yet; what the accounts, the bots and the cards count themselves is asked for when somebody looks.
    pub(crate) fn new(viewers: Viewers, faces: &Faces) -> Self {
        let mut registry = Registry::with_prefix("cartable");
        let metrics = Metrics {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(DURATIONS)),
            sign_ins: Family::default(),
            turned_away: Counter::default(),
            connections: Gauge::default(),
        };
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "From a request to the beginning of its answer",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register("sign_ins", "Sign-ins, by how they ended", metrics.sign_ins.clone());
        registry.register(
            "connections_turned_away",
            "Connections refused since all seats were taken",
            metrics.turned_away.clone(),
        );
        registry.register("connections", "Connections at this moment", metrics.connections.clone());
        registry.register_collector(Box::new(Accounts(viewers)));
        if let Some(cards) = &faces.cards {
            cards.register(&mut registry);
        }
        if let Some(bots) = faces.board.as_ref().and_then(|board| board.bots.clone()) {
            registry.register_collector(Box::new(Talks(bots)));
        }
        Metrics { registry, ..metrics }
    }

    pub(crate) fn answered(&self, route: &str, status: StatusCode, took: Duration) {
        let route = route.to_owned();
        self.requests.get_or_create(&Request { route: route.clone(), status: status.as_u16() }).inc();
        self.durations.get_or_create(&Route { route }).observe(took.as_secs_f64());
    }

    pub(crate) fn sign_in(&self, outcome: Outcome) {
        self.sign_ins.get_or_create(&SignIn { outcome }).inc();
    }

    pub(crate) fn turned_away(&self) {
        self.turned_away.inc();
    }

    fn text(&self, connections: usize) -> Result<String, fmt::Error> {
        self.connections.set(i64::try_from(connections).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// What is known of the accounts behind the tokens, counted when somebody asks.
#[derive(Debug)]
struct Accounts(Viewers);

impl Collector for Accounts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let census = self.0.census();
        let now = [
            ("tokens", "Tokens that are good at this moment", census.tokens as u64),
            ("tokens_kept_alive", "Of these, those whose session is kept alive", census.kept_alive as u64),
            ("tokens_kept", "Of these, those whose sign-in is kept on the disk", census.kept as u64),
            ("sign_ins_waiting", "Sign-ins that wait for a person's answers", census.steps as u64),
            ("feeds", "Calendars that can be subscribed to", census.feeds as u64),
            ("page_memory_bytes", "What the pages in memory weigh", census.page_bytes),
        ];
        for (name, help, value) in now {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        let ever = [
            ("page_hits", "Pages found in memory", census.page_hits),
            ("page_misses", "Pages that schools had to be asked for", census.page_misses),
            ("upstream_calls", "Requests sent to schools", census.calls),
        ];
        for (name, help, value) in ever {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        let help = "Sign-ins that failed, by a word for the cause";
        let mut failed = encoder.encode_descriptor("failed_sign_ins", help, None, MetricType::Counter)?;
        for (cause, count) in census.failed_sign_ins {
            ConstCounter::new(count).encode(failed.encode_family(&[("cause", cause)])?)?;
        }
        Ok(())
    }
}

/// What the bots say of themselves.
#[derive(Debug)]
struct Talks(Bots);

impl Collector for Talks {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let states: Vec<_> = self.0.state().into_iter().map(|state| (state.platform.to_string(), state)).collect();
        let help = "Events of chats taken in, and messages to them, by what became of them";
        let mut messages = encoder.encode_descriptor("chat_messages", help, None, MetricType::Counter)?;
        for (platform, state) in &states {
            let ever = [
                ("received", state.received),
                ("sent", state.sent),
                ("retried", state.retried),
                ("given_up", state.given_up),
            ];
            for (outcome, count) in ever {
                let labels = [("platform", platform.as_str()), ("outcome", outcome)];
                ConstCounter::new(count).encode(messages.encode_family(&labels)?)?;
            }
        }
        let help = "Messages that wait to be sent to chats";
        let mut waiting = encoder.encode_descriptor("chat_messages_waiting", help, None, MetricType::Gauge)?;
        for (platform, state) in &states {
            let labels = [("platform", platform.as_str())];
            ConstGauge::new(state.waiting).encode(waiting.encode_family(&labels)?)?;
        }
        let help = "Whether a chat platform can be used: it is reached, and takes the access token";
        let mut good = encoder.encode_descriptor("chat_platform_good", help, None, MetricType::Gauge)?;
        for (platform, state) in &states {
            let labels = [("platform", platform.as_str())];
            ConstGauge::new(u64::from(state.health == Health::Good)).encode(good.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

/// Gives the numbers, in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "server", responses(
    (status = 200, description = "Numbers, in the text format of OpenMetrics", body = String, content_type = "application/openmetrics-text"),
    (status = 401, description = "A token is configured, and this is not it", body = crate::problem::ProblemBody),
))]
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = &app.config.metrics_token {
        let shown = bearer(&headers).unwrap_or_default();
        // Digests give nothing away by the time it takes to compare them.
        let hash = |text: &str| digest(&SHA256, text.as_bytes());
        if hash(shown).as_ref() != hash(token.expose_secret()).as_ref() {
            return Err(Problem::unauthorized("The metrics ask for their token"));
        }
    }
    let text = app.metrics.text(app.seats.taken()).map_err(|_| Problem::internal())?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
