//! `textmeter serve`: the page and the API.

use std::{net::TcpListener, num::NonZeroU32, process::ExitCode, sync::Arc, time::Duration};

use crate::{
    app::App,
    card,
    cli::fail,
    config::{Config, Flags, Sources, without_password},
    demo,
    http::{Service, router},
    ledger::{KeepRateCard, Ledger, Policy},
    logging,
    problem::Problem,
    relay,
};

/// Runs the command.
pub(super) fn run(flags: Flags) -> ExitCode {
    match Sources::gather(flags).and_then(|sources| serve(&Config::new(&sources))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem),
    }
}

fn serve(config: &Config) -> Result<(), Problem> {
    logging::start(config)?;
    let card = card::load(config.path("rates").as_deref())?;
    let site = config.path("site");
    if let Some(site) = site.as_deref().filter(|site| !site.join("index.html").is_file()) {
        let message = format!("{} has no index.html; build the page with `cargo xtask dist`", site.display());
        return Err(Problem::new("no-site", message));
    }
    let listen = config.listen()?;
    let named =
        |error: std::io::Error| Problem::new("cannot-listen", format!("cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(listen).map_err(named)?;
    listener.set_nonblocking(true).map_err(named)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(broken)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(broken)?;
        let ledger = open(config, &card).await?;
        let served = answer(config, listener, card, ledger.clone(), site).await;
        ledger.close().await;
        served
    })
}

/// Opens the ledger, with the card its charges will refer to.
async fn open(config: &Config, card: &card::LoadedCard) -> Result<Ledger, Problem> {
    let db = config.db();
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

async fn answer(
    config: &Config,
    listener: tokio::net::TcpListener,
    card: card::LoadedCard,
    ledger: Ledger,
    site: Option<std::path::PathBuf>,
) -> Result<(), Problem> {
    // All settings are read before anybody is told that it works.
    let service = Service {
        site,
        rate_limit: u32::try_from(config.number("rate-limit")?).ok().and_then(NonZeroU32::new),
        timeout: Some(Duration::from_secs(config.number("request-timeout")?)),
    };
    let drain = Duration::from_secs(config.number("drain-timeout")?);
    let app = App {
        rules: Arc::new(config.send_rules()?),
        payments: config.payments()?.map(Arc::new),
        private_webhooks: config.on("private-addresses")?,
        ..App::new(card, ledger)
    };
    let relay = relay::start(&app, &config.relay()?)?;
    let currency = app.card.card.currency();
    if config.on("demo")?
        && let Some(secret) = demo::open(&app.ledger, currency).await?
    {
        println!("A demo workspace with 5.00 {currency} was made. Its API key, shown only now:");
        println!("  {secret}");
    }
    reconcile_now_and_then(&app);
    println!("Textmeter listens on http://{}", listener.local_addr().map_err(broken)?);
    let serving = axum::serve(listener, router(app, service)).with_graceful_shutdown(asked_to_stop());
    let served = tokio::select! {
        served = serving.into_future() => served.map_err(broken),
        () = async { asked_to_stop().await; tokio::time::sleep(drain).await } => {
            tracing::warn!("stopped before every request was answered");
            Ok(())
        }
    };
    relay.stop().await;
    served
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

async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
