//! Connections: who may have one, for how long, and how they end. Nobody keeps one from others by saying nothing, or by
//! saying it slowly.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower_service::Service;

/// How long a new connection may say nothing that is a request.
const FIRST_REQUEST: Duration = Duration::from_secs(30);
/// How long a request's head may take, and how long a connection may lie idle before it: longer than proxies keep one (a
/// minute is their rule), so that it is they who close it, and never while a request is on its way.
const NEXT_REQUEST: Duration = Duration::from_secs(75);
/// How often somebody is asked by HTTP/2 whether they are still there, and how long an answer may take.
const PING: Duration = Duration::from_secs(30);
/// Between two tries when the system has no more connections to give.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);
/// Files that are needed for other things than connections.
const OTHER_FILES: u64 = 256;

/// Raises the limit of open files as far as the system lets us, and says how many connections fit below it.
#[must_use]
pub fn connections_within(wanted: u32) -> u32 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let needed = u64::from(wanted).saturating_add(OTHER_FILES);
    let Some(current) = limit.current.filter(|current| *current < needed) else { return wanted };
    let raised = limit.maximum.map_or(needed, |maximum| maximum.min(needed)).max(current);
    let done = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum });
    let files = if done.is_ok() { raised } else { current };
    u32::try_from(files.saturating_sub(OTHER_FILES)).map_or(wanted, |fitting| fitting.clamp(1, wanted))
}

/// Answers until `stop`, then lets what is under way end.
///
/// # Errors
///
/// None of a connection's: those end with it.
pub async fn serve(listener: TcpListener, router: Router, connections: u32, stop: impl Future<Output = ()>) {
    let free = Arc::new(Semaphore::new(usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS)));
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &free) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, place)) => spawn(stream, place, router.clone(), &open),
            // Of a client that is gone already, or of a system that has run out of something: neither is for ever.
            Err(error) => {
                tracing::debug!(%error, "no connection");
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}

/// The next connection, when there is a place for it; until then it waits in the system's queue.
async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(free).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}

fn spawn(stream: TcpStream, place: OwnedSemaphorePermit, router: Router, open: &GracefulShutdown) {
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let service = service_fn(move |request: Request<Incoming>| {
        seen.store(true, Ordering::Relaxed);
        answer(router.clone(), request.map(Body::new))
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(NEXT_REQUEST);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING).keep_alive_timeout(PING);
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let connection = open.watch(connection);
    tokio::spawn(async move {
        let mut connection = std::pin::pin!(connection);
        let first = tokio::time::timeout(FIRST_REQUEST, &mut connection).await;
        // Before the first request nobody else's clock runs: which HTTP it is, is not known yet.
        if first.is_err() && asked.load(Ordering::Relaxed) {
            // How a connection ends is its client's affair.
            let _ = connection.await;
        }
        drop(place);
    });
}

async fn answer(mut router: Router, request: Request<Body>) -> Result<axum::response::Response, Infallible> {
    poll_fn(|context| Service::<Request<Body>>::poll_ready(&mut router, context)).await?;
    router.call(request).await
}
