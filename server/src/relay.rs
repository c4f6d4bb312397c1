//! The relay: works off what the ledger took on. It hands paid messages to a gateway, tells events by webhook, and takes
//! the payments auto-charge asks for. Each worker claims from the ledger and settles with it; what it was doing when
//! the process ended is claimed again by the next one, as doubtful where it may have gone through.

mod address;
mod auto_charge;
mod campaigns;
mod client;
mod events;
mod gateway;
mod outbox;
mod rounds;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinSet};

pub use self::address::check_url;
pub(crate) use self::client::{Client, Reach, Reply, Sending, Trouble, Url};
pub(crate) use self::events::data as event_data;
use self::gateway::{Gateway, Log, OpenPhone, Webhook};
use crate::{
    app::App,
    bell::Bell,
    payment::{PaymentPort, TestPort, WebhookPort},
    problem::Problem,
    signature::Secret,
};

/// Everything about the relay a deployment may want otherwise.
#[derive(Clone, Debug)]
pub struct RelaySettings {
    /// Where messages go.
    pub gateway: GatewaySettings,
    /// Who takes the payments of auto-charge.
    pub payments: PaymentSettings,
    /// How long a gateway may take.
    pub gateway_patience: Duration,
    /// How many messages are handed on at the same time.
    pub gateway_concurrency: usize,
    /// How long a receiver of events may take.
    pub event_patience: Duration,
    /// How many events are told at the same time.
    pub event_concurrency: usize,
    /// Whether events may be told to private addresses: only where everybody who sets one is trusted.
    pub events_to_private: bool,
    /// How long the payment provider may take.
    pub payment_patience: Duration,
    /// How often a worker looks for something to do when no bell rings.
    pub poll: Duration,
    /// How long a worker keeps a message it claimed: longer than the gateway's patience, so that nobody else asks after
    /// it while it may still be on its way.
    pub lease: Duration,
    /// Further certificate authorities to trust, as PEM.
    pub authorities: Option<PathBuf>,
}

impl Default for RelaySettings {
    fn default() -> RelaySettings {
        RelaySettings {
            gateway: GatewaySettings::Log,
            payments: PaymentSettings::Off,
            gateway_patience: Duration::from_secs(15),
            gateway_concurrency: 16,
            event_patience: Duration::from_secs(10),
            event_concurrency: 8,
            events_to_private: false,
            payment_patience: Duration::from_secs(20),
            poll: Duration::from_millis(500),
            lease: Duration::from_secs(60),
            authorities: None,
        }
    }
}

/// Where messages go.
#[derive(Clone, Debug)]
pub enum GatewaySettings {
    /// Nowhere: a line in the log, without text or numbers. For trying out.
    Log,
    /// To an address of the operator's, signed.
    Webhook {
        /// Where to.
        url: String,
        /// What they are signed with.
        secret: Secret,
    },
    /// To the provider's own API.
    OpenPhone {
        /// The API key there.
        key: ApiSecret,
        /// `https://api.openphone.com`, or another of its hosts.
        base_url: String,
        /// The most requests in a second.
        per_second: u32,
    },
}

/// Who takes the payments of auto-charge.
#[derive(Clone, Debug)]
pub enum PaymentSettings {
    /// Nobody: no attempt is begun.
    Off,
    /// A service of the operator's, asked by signed requests.
    Webhook {
        /// Where it listens.
        url: String,
        /// What requests are signed with.
        secret: Secret,
        /// What its payments are called in the ledger (1 to 40 bytes); the same as in [`App::payments`].
        provider: String,
    },
    /// A stand-in that takes every payment at once, for trying out: no money moves.
    Test,
}

/// A secret that is never shown.
#[derive(Clone)]
pub struct ApiSecret(pub String);

impl std::fmt::Debug for ApiSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiSecret(…)")
    }
}

/// A relay that runs.
#[derive(Debug)]
pub struct RelayHandle {
    stop: watch::Sender<bool>,
    workers: JoinSet<()>,
}

impl RelayHandle {
    /// What other work comes to, as long as every worker is at its own: without one of them messages would be paid for and
    /// never handed on.
    ///
    /// # Errors
    ///
    /// A worker broke off.
    pub async fn beside<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Problem> {
        tokio::select! {
            done = work => Ok(done),
            // None ends by itself before it is asked to stop.
            Some(ended) = self.workers.join_next() => {
                let why = ended.err().map_or_else(|| "it ended".to_owned(), |error| error.to_string());
                Err(Problem::new("relay-broken", format!("a worker of the relay broke off: {why}")))
            }
        }
    }

    /// Claims nothing more, finishes what is under way, and ends. What takes longer than its patience is given up and
    /// claimed again by the next relay.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.workers.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker of the relay broke off");
            }
        }
    }
}

/// Starts the workers; must be called within a Tokio runtime.
///
/// # Errors
///
/// A setting that cannot work: an address or a certificate that cannot be read.
pub fn start(app: &App, settings: &RelaySettings) -> Result<RelayHandle, Problem> {
    let wrong = |what: &str, why: &dyn std::fmt::Display| {
        Problem::new("invalid-relay-settings", format!("{what}: {why}"))
    };
    let authorities = settings.authorities.as_deref();
    let client =
        |reach| Client::new(reach, authorities).map_err(|why| wrong("certificate authorities", &why));
    // Addresses the operator configured are trusted; those of workspaces are not.
    let operators = client(Reach::Anywhere)?;
    let theirs = client(if settings.events_to_private { Reach::Anywhere } else { Reach::PublicOnly })?;
    let url = |what: &str, url: &str| Url::parse(url).map_err(|why| wrong(what, &why));

    let gateway: Arc<dyn Gateway> = match &settings.gateway {
        GatewaySettings::Log => Arc::new(Log),
        GatewaySettings::Webhook { url: address, secret } => Arc::new(Webhook {
            client: operators.clone(),
            url: url("the gateway's address", address)?,
            secret: secret.clone(),
            patience: settings.gateway_patience,
        }),
        GatewaySettings::OpenPhone { key, base_url, per_second } => Arc::new(OpenPhone::new(
            operators.clone(),
            url("the gateway's address", base_url)?,
            key.0.clone(),
            *per_second,
            settings.gateway_patience,
        )),
    };
    let port: Option<Arc<dyn PaymentPort>> = match &settings.payments {
        PaymentSettings::Off => None,
        PaymentSettings::Test => Some(Arc::new(TestPort)),
        PaymentSettings::Webhook { url: address, secret, provider } => Some(Arc::new(WebhookPort {
            client: operators,
            url: url("the payment provider's address", address)?,
            secret: secret.clone(),
            provider: provider.clone(),
            patience: settings.payment_patience,
        })),
    };

    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    let pace = |concurrency| rounds::Pace { concurrency, poll: settings.poll };
    let ear = || (app.bell.listen(), stopped.clone());
    let ahead = i64::try_from(settings.gateway_concurrency).unwrap_or(i64::MAX).saturating_mul(2);
    let campaigns = campaigns::Campaigns::new(app.clone(), settings.lease, ahead);
    let outbox = outbox::Outbox { app: app.clone(), gateway, lease: settings.lease, campaigns };
    workers.spawn(rounds::run(outbox, pace(settings.gateway_concurrency), ear()));
    let events = events::Teller {
        app: app.clone(),
        client: theirs,
        patience: settings.event_patience,
        lease: settings.event_patience.saturating_mul(4),
    };
    workers.spawn(rounds::run(events, pace(settings.event_concurrency), ear()));
    // It has time: nobody waits for it, so no bell wakes it.
    let calm = Bell::default();
    let sweep = rounds::run(campaigns::Sweeper::new(app.clone()), pace(1), (calm.listen(), stopped.clone()));
    workers.spawn(async move {
        sweep.await;
        drop(calm);
    });
    if let Some(port) = port {
        workers.spawn(rounds::run(auto_charge::AutoCharger { app: app.clone(), port }, pace(4), ear()));
    }
    Ok(RelayHandle { stop, workers })
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::ledger::Failure;

    struct Broken;

    impl rounds::Work for Broken {
        type Item = ();

        const NAME: &'static str = "broken";

        async fn claim(&self, _: i64) -> Result<Vec<()>, Failure> {
            panic!("as a fault of ours would")
        }

        async fn work(&self, (): ()) {}
    }

    #[tokio::test]
    async fn a_worker_that_breaks_off_ends_what_runs_beside_it() {
        let (stop, stopped) = watch::channel(false);
        let bell = Bell::default();
        let pace = rounds::Pace { concurrency: 1, poll: Duration::from_secs(1) };
        let mut relay = RelayHandle { stop, workers: JoinSet::new() };
        relay.workers.spawn(pending());
        assert_eq!(relay.beside(ready(7)).await, Ok(7), "while all are at work");
        relay.workers.spawn(rounds::run(Broken, pace, (bell.listen(), stopped)));
        let problem = relay.beside(tokio::time::sleep(Duration::from_secs(20))).await.unwrap_err();
        assert_eq!(problem.code(), "relay-broken");
        assert!(problem.message().contains("as a fault of ours would"), "{problem}");
    }
}
