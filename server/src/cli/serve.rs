//! `textmeter serve`: the page and the API.

use std::{
    net::{SocketAddr, TcpListener},
    num::NonZeroU32,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    app::App,
    card::{self, LoadedCard},
    cli::{ended, output},
    config::{Config, Flags, Sources, without_password},
    demo,
    http::{Service, router},
    ledger::{KeepRateCard, Ledger, Policy},
    listen, logging,
    payment::PaymentInbox,
    problem::Problem,
    relay::{self, RelaySettings},
    senders::SendRules,
};

/// Runs the command.
pub(super) fn run(flags: Flags) -> ExitCode {
    ended(Sources::gather(flags).and_then(|sources| serve(&Config::new(&sources))))
}

/// Everything the settings say: read before anything is opened, so that a mistake changes nothing.
struct Plan {
    listen: SocketAddr,
    card: LoadedCard,
    service: Service,
    drain: Duration,
    connections: u32,
    rules: SendRules,
    payments: Option<PaymentInbox>,
    relay: RelaySettings,
    private_webhooks: bool,
    demo: bool,
}

impl Plan {
    fn read(config: &Config) -> Result<Plan, Problem> {
        let site = config.path("site");
        if let Some(site) = site.as_deref().filter(|site| !site.join("index.html").is_file()) {
            let message =
                format!("{} has no index.html; build the page with `cargo xtask dist`", site.display());
            return Err(Problem::new("no-site", message));
        }
        Ok(Plan {
            listen: config.listen()?,
            card: card::load(config.path("rates").as_deref())?,
            service: Service {
                site,
                rate_limit: NonZeroU32::new(config.number("rate-limit")?),
                timeout: Some(config.time("request-timeout")?),
            },
            drain: Duration::from_secs(u64::from(config.number("drain-timeout")?)),
            connections: config.number("connections")?.max(1),
            rules: config.send_rules()?,
            payments: config.payments()?,
            relay: config.relay()?,
            private_webhooks: config.on("private-addresses")?,
            demo: config.on("demo")?,
        })
    }
}

fn serve(config: &Config) -> Result<(), Problem> {
    logging::start(config)?;
    let mut plan = Plan::read(config)?;
    let fitting = listen::connections_within(plan.connections);
    if fitting < plan.connections {
        tracing::warn!(
            connections = fitting,
            "the system's limit of open files allows no more connections (ulimit -n)"
        );
        plan.connections = fitting;
    }
    let listen = plan.listen;
    let named =
        |error: std::io::Error| Problem::new("cannot-listen", format!("cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(listen).map_err(named)?;
    listener.set_nonblocking(true).map_err(named)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(broken)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(broken)?;
        let ledger = open(config.db(), &plan.card).await?;
        let served = answer(plan, listener, ledger.clone()).await;
        ledger.close().await;
        served
    })
}

/// Opens the ledger, with the card its charges will refer to.
async fn open(db: &str, card: &LoadedCard) -> Result<Ledger, Problem> {
    let ledger = Ledger::open(db, Policy::default()).await.map_err(|error| {
        Problem::new("cannot-open-ledger", format!("cannot open {}: {error}", without_password(db)))
    })?;
    let kept = KeepRateCard { id: card.card.id().to_owned(), document: card.json.clone() };
    let kept = ledger.tell(kept).await.map_err(|error| Problem::new("unavailable", error.to_string()))?;
    kept.outcome.map_err(|refusal| {
        let message = format!(
            "the ledger holds another rate card of the id {} ({}); give a changed card a new id",
            card.card.id(),
            refusal.code()
        );
        Problem::new("rate-card-changed", message)
    })?;
    Ok(ledger)
}

async fn answer(plan: Plan, listener: tokio::net::TcpListener, ledger: Ledger) -> Result<(), Problem> {
    let app = App {
        rules: Arc::new(plan.rules),
        payments: plan.payments.map(Arc::new),
        private_webhooks: plan.private_webhooks,
        ..App::new(plan.card, ledger)
    };
    let mut relay = relay::start(&app, &plan.relay)?;
    let currency = app.card.card.currency();
    if plan.demo
        && let Some(secret) = demo::open(&app.ledger, currency).await?
    {
        output::print(format_args!(
            "A demo workspace with 5.00 {currency} was made. Its API key, shown only now:\n  {secret}\n"
        ))?;
    }
    reconcile_now_and_then(&app);
    let stop = stop_when_asked().map_err(broken)?;
    let address = listener.local_addr().map_err(broken)?;
    // Who cannot be told may be answered all the same.
    if let Err(problem) = output::print_line(format_args!("Textmeter listens on http://{address}")) {
        tracing::warn!(%problem, "cannot say that it listens");
    }
    let serving = listen::serve(listener, router(app, plan.service), plan.connections, asked(stop.clone()));
    let served = async {
        tokio::select! {
            () = serving => {}
            () = async { asked(stop).await; tokio::time::sleep(plan.drain).await } => {
                tracing::warn!("stopped before every request was answered");
            }
        }
    };
    let ended = relay.beside(served).await;
    relay.stop().await;
    ended
}

/// How long between two proofs of the balances.
const RECONCILE_EVERY: Duration = Duration::from_secs(300);

fn reconcile_now_and_then(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut times = tokio::time::interval(RECONCILE_EVERY);
        loop {
            times.tick().await;
            app.metrics.reconcile(&app.ledger).await;
        }
    });
}

fn broken(error: std::io::Error) -> Problem {
    Problem::new("input-output", error.to_string())
}

/// Listens for who asks it to stop (SIGINT, SIGTERM), from now on: what is told to be ready can be told to stop.
fn stop_when_asked() -> std::io::Result<watch::Receiver<bool>> {
    let (tell, told) = watch::channel(false);
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let terminated = async move { terminated.recv().await };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated => {}
        }
        // Nobody listens any more when everything has ended.
        let _ = tell.send(true);
    });
    Ok(told)
}

async fn asked(mut stop: watch::Receiver<bool>) {
    // Who would have asked is gone: that is an end too.
    let _ = stop.wait_for(|stop| *stop).await;
}
