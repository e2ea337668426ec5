//! What is counted; never with a login.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use card::connector::Connector;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::audit::Audit;

/// Seconds: from an answer out of memory to the whole budget.
const DURATIONS: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 3.0];
/// Bytes of a photo.
const BYTES: [f64; 7] = [5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 4e5];
/// From how many bytes an answer is worth a look (`card.md`, section 8).
const LARGE: usize = 200_000;

/// What is counted.
#[derive(Clone)]
pub(crate) struct Metrics {
    answers: Family<Answered, Counter>,
    sources: Family<OfSource, Histogram>,
    source_errors: Family<OfSource, Counter>,
    photo_bytes: Histogram,
    large: Counter,
    verdicts: Family<Verified, Counter>,
    probing: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    face: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSource {
    source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Verified {
    verdict: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics {
            answers: Family::default(),
            sources: Family::new_with_constructor(|| Histogram::new(DURATIONS)),
            source_errors: Family::default(),
            photo_bytes: Histogram::new(BYTES),
            large: Counter::default(),
            verdicts: Family::default(),
            probing: Counter::default(),
        }
    }
}

impl Metrics {
    pub(crate) fn register(&self, registry: &mut Registry, connector: Connector, audit: Option<Arc<Audit>>) {
        let registry = registry.sub_registry_with_prefix("card");
        registry.register("answers", "Answers about cards, by question and by what was answered", self.answers.clone());
        let help = "How long a source took";
        registry.register_with_unit("source_duration", help, Unit::Seconds, self.sources.clone());
        let help = "Answers that a source, or what it says, made impossible";
        registry.register("source_errors", help, self.source_errors.clone());
        registry.register_with_unit("photo_size", "Size of the photos sent", Unit::Bytes, self.photo_bytes.clone());
        registry.register("large_answers", "Answers of more than 200 KB", self.large.clone());
        registry.register("verifications", "Codes that were verified, by verdict", self.verdicts.clone());
        registry.register("probing", "Addresses that asked about too many unknown logins", self.probing.clone());
        registry.register_collector(Box::new(Elsewhere(connector, audit)));
    }

    pub(crate) fn answered(&self, face: &'static str, outcome: &'static str) {
        self.answers.get_or_create(&Answered { face, outcome }).inc();
    }

    pub(crate) fn asked(&self, source: &str, took: Duration) {
        self.sources.get_or_create(&OfSource { source: source.to_owned() }).observe(took.as_secs_f64());
    }

    pub(crate) fn failed(&self, source: &str) {
        self.source_errors.get_or_create(&OfSource { source: source.to_owned() }).inc();
    }

    pub(crate) fn sent(&self, photo: usize, answer: usize) {
        self.photo_bytes.observe(photo as f64);
        if answer > LARGE {
            self.large.inc();
        }
    }

    pub(crate) fn verified(&self, verdict: &'static str) {
        self.verdicts.get_or_create(&Verified { verdict }).inc();
    }

    pub(crate) fn probing(&self) {
        self.probing.inc();
    }
}

/// What is counted elsewhere, and asked for when somebody looks.
struct Elsewhere(Connector, Option<Arc<Audit>>);

impl Collector for Elsewhere {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut count = |name, help, number: u64| {
            let counter = ConstCounter::new(number);
            counter.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)
        };
        count("data_faults", "Cards that could not be made of what the sources say", self.0.data_faults())?;
        match &self.1 {
            Some(audit) => count("audit_lines_dropped", "Lines that the audit could not write", audit.dropped()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere").finish_non_exhaustive()
    }
}
