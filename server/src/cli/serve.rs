//! `textmeter serve`: the page and the API.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;

use crate::{
    app::App,
    card,
    cli::fail,
    http::router,
    ledger::{Ledger, Policy},
    problem::Problem,
};

/// Serve the page and the API; stops gracefully on Ctrl-C or SIGTERM.
#[derive(Args, Debug)]
pub(super) struct ServeArgs {
    /// The address to listen on
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The ledger: a file, made at the first start, or postgres://user@host/name
    #[arg(long, value_name = "FILE|URL", default_value = "textmeter.db")]
    db: String,
    /// The rate card; ./rates.json, or else the built-in one, if left out
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// The folder with the page, as `cargo xtask dist` builds it; the API alone if left out
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
}

/// Runs the command.
#[must_use]
pub(super) fn run(args: ServeArgs) -> ExitCode {
    match serve(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem),
    }
}

fn serve(args: ServeArgs) -> Result<(), Problem> {
    let card = card::load(args.rates.as_deref())?;
    if let Some(site) = args.site.as_deref().filter(|site| !site.join("index.html").is_file()) {
        let message = format!("{} has no index.html; build the page with `cargo xtask dist`", site.display());
        return Err(Problem::new("no-site", message));
    }
    let named = |error: std::io::Error| {
        Problem::new("cannot-listen", format!("cannot listen on {}: {error}", args.listen))
    };
    let listener = TcpListener::bind(args.listen).map_err(named)?;
    listener.set_nonblocking(true).map_err(named)?;
    let address = listener.local_addr().map_err(named)?;
    let stopped = |error: std::io::Error| Problem::new("input-output", error.to_string());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(stopped)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(stopped)?;
        let ledger = Ledger::open(&args.db, Policy::default()).await.map_err(|error| {
            Problem::new("cannot-open-ledger", format!("cannot open {}: {error}", shown(&args.db)))
        })?;
        println!("Textmeter listens on http://{address}");
        let app = App::new(card, ledger.clone());
        let served =
            axum::serve(listener, router(app, args.site)).with_graceful_shutdown(asked_to_stop()).await;
        ledger.close().await;
        served.map_err(stopped)
    })
}

/// The ledger's address without a password.
fn shown(database: &str) -> String {
    match (database.split_once("://"), database.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => database.to_owned(),
    }
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
