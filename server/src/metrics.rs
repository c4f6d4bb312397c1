//! What is counted, for Prometheus. Never a label per workspace: a label's values are few.

use std::{sync::Arc, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::ledger::Ledger;

/// Upper bounds of the time a request takes, in seconds.
const SECONDS: [f64; 10] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// One kind of request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    method: String,
    status: u16,
}

/// One kind of problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    code: String,
}

/// The counters. Their clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Counter>,
    seconds: Histogram,
    problems: Family<Refused, Counter>,
    charged_micros: Counter,
    messages_waiting: Gauge,
    events_waiting: Gauge,
    campaigns_running: Gauge,
    drift_accounts: Gauge,
    reconciled: Counter,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::with_prefix("textmeter");
        let requests = Family::default();
        registry.register("requests", "Requests, by route, method and status", requests.clone());
        let seconds = Histogram::new(SECONDS);
        registry.register("request_duration_seconds", "How long requests take", seconds.clone());
        let problems = Family::default();
        registry.register("problems", "Answers that are problems, by code", problems.clone());
        let charged_micros = Counter::default();
        registry.register("charged_micros", "Charged, in millionths of the currency", charged_micros.clone());
        let messages_waiting = Gauge::default();
        registry.register(
            "outbox_messages",
            "Messages that are paid and not settled",
            messages_waiting.clone(),
        );
        let events_waiting = Gauge::default();
        registry.register("outbox_events", "Events that are not told yet", events_waiting.clone());
        let campaigns_running = Gauge::default();
        registry.register("campaigns", "Campaigns that are sending or paused", campaigns_running.clone());
        let drift_accounts = Gauge::default();
        registry.register(
            "ledger_drift",
            "Accounts whose balance and journal disagreed at the last reconciliation; must be 0",
            drift_accounts.clone(),
        );
        let reconciled = Counter::default();
        registry.register(
            "ledger_reconciliations",
            "Reconciliations that came to their end",
            reconciled.clone(),
        );
        Metrics {
            registry: Arc::new(registry),
            requests,
            seconds,
            problems,
            charged_micros,
            messages_waiting,
            events_waiting,
            campaigns_running,
            drift_accounts,
            reconciled,
        }
    }
}

impl Metrics {
    /// Counts a request.
    pub fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let answered = Answered { route: route.to_owned(), method: method.to_owned(), status };
        self.requests.get_or_create(&answered).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts a problem.
    pub fn refused(&self, code: &str) {
        self.problems.get_or_create(&Refused { code: code.to_owned() }).inc();
    }

    /// Counts what was charged.
    pub fn charged(&self, micros: i64) {
        self.charged_micros.inc_by(u64::try_from(micros).unwrap_or(0));
    }

    /// Proves every balance by its journal, and shows what does not agree.
    pub async fn reconcile(&self, ledger: &Ledger) {
        match ledger.reconcile().await {
            Ok(found) => {
                if found.broken > 0 {
                    tracing::error!(
                        found.broken,
                        found.drift_micros,
                        "balances do not agree with their journals"
                    );
                }
                self.drift_accounts.set(found.broken);
                self.reconciled.inc();
            }
            Err(failure) => tracing::warn!(%failure, "could not reconcile"),
        }
    }

    /// All of it in the Prometheus text format.
    pub async fn text(&self, ledger: &Ledger) -> String {
        if let Ok(backlog) = ledger.backlog().await {
            self.messages_waiting.set(backlog.messages);
            self.events_waiting.set(backlog.events);
            self.campaigns_running.set(backlog.campaigns);
        }
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
