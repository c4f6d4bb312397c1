//! A worker's day: claim, work, look again; until it is asked to stop.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinSet};

use crate::ledger::Failure;

/// The longest rest when the ledger cannot be written.
const REST_MAX: Duration = Duration::from_secs(10);

/// How much at a time, and how often to look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) concurrency: usize,
    pub(super) poll: Duration,
}

/// Something the ledger has to be worked off.
pub(super) trait Work: Send + Sync + 'static {
    /// What is claimed.
    type Item: Send + 'static;

    /// What it is called in the log.
    const NAME: &'static str;

    /// Takes up to so many that are due.
    fn claim(&self, limit: i64) -> impl Future<Output = Result<Vec<Self::Item>, Failure>> + Send;

    /// Does one, and settles it.
    fn work(&self, item: Self::Item) -> impl Future<Output = ()> + Send;
}

/// Works until it is asked to stop, and then finishes what it began.
pub(super) async fn run<W: Work>(
    work: W,
    pace: Pace,
    (mut bell, mut stop): (watch::Receiver<()>, watch::Receiver<bool>),
) {
    let work = Arc::new(work);
    let mut running: JoinSet<()> = JoinSet::new();
    let mut failures = 0_u32;
    while !*stop.borrow_and_update() {
        // Seen before looking: a bell that rings from now on makes another round.
        bell.borrow_and_update();
        let free = pace.concurrency.max(1).saturating_sub(running.len());
        if free > 0 {
            match work.claim(i64::try_from(free).unwrap_or(i64::MAX)).await {
                Ok(items) => {
                    failures = 0;
                    for item in items {
                        let work = Arc::clone(&work);
                        running.spawn(async move { work.work(item).await });
                    }
                }
                Err(failure) => {
                    failures = failures.saturating_add(1);
                    tracing::warn!(worker = W::NAME, %failure, "cannot claim");
                }
            }
        }
        let full = running.len() >= pace.concurrency.max(1);
        let rest = if failures == 0 {
            pace.poll
        } else {
            pace.poll.saturating_mul(1 << failures.min(10)).min(REST_MAX)
        };
        tokio::select! {
            _ = stop.changed() => {}
            // Somebody who is busy hears of it after the next task is done.
            _ = bell.changed(), if !full && failures == 0 => {}
            Some(done) = running.join_next() => {
                report::<W>(done);
                while let Some(done) = running.try_join_next() {
                    report::<W>(done);
                }
            }
            () = tokio::time::sleep(rest) => {}
        }
    }
    while let Some(done) = running.join_next().await {
        report::<W>(done);
    }
}

fn report<W: Work>(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        // What it had claimed comes back when its lease ends.
        tracing::error!(worker = W::NAME, %error, "a task broke off");
    }
}

/// Tells the ledger until it can be told: what was done outside must not be forgotten for a moment's trouble. Gives up
/// after some seconds; then the claim runs out and somebody asks.
pub(super) async fn settled<T, F, Fut>(worker: &'static str, tell: F) -> Option<T>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, Failure>>,
{
    let mut wait = Duration::from_millis(50);
    for _ in 0..7 {
        match tell().await {
            Ok(answer) => return Some(answer),
            Err(failure) => tracing::warn!(worker, %failure, "cannot settle"),
        }
        tokio::time::sleep(wait).await;
        wait = wait.saturating_mul(2);
    }
    None
}
