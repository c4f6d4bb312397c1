//! So many requests a second for each API key (draft-ietf-httpapi-ratelimit-headers).

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode},
    middleware::Next,
    response::Response,
};
use governor::{Quota, RateLimiter, clock::Clock as _, middleware::StateInformationMiddleware};

use super::{answers::HttpProblem, caller::secret_of, messages::as_asked};
use crate::{ledger::Digest, problem::Problem};

type Limiter = governor::RateLimiter<
    Digest,
    governor::state::keyed::DefaultKeyedStateStore<Digest>,
    governor::clock::DefaultClock,
    StateInformationMiddleware,
>;

/// The keys that asked lately, and how much each may still ask.
#[derive(Clone)]
pub(crate) struct Limits {
    limiter: Arc<Limiter>,
    per_second: NonZeroU32,
}

impl Limits {
    /// So many a second, and so many at once.
    pub(crate) fn new(per_second: NonZeroU32) -> Limits {
        let limiter = RateLimiter::keyed(Quota::per_second(per_second)).with_middleware();
        Limits { limiter: Arc::new(limiter), per_second }
    }

    /// Forgets the keys that have not asked lately, every minute, as long as somebody limits by them.
    pub(crate) fn forget_idle_keys(&self) {
        let limiter = Arc::downgrade(&self.limiter);
        tokio::spawn(async move {
            let mut minutes = tokio::time::interval(Duration::from_secs(60));
            while let Some(limiter) = limiter.upgrade() {
                limiter.retain_recent();
                drop(limiter);
                minutes.tick().await;
            }
        });
    }

    fn policy(&self) -> String {
        format!("\"default\";q={};w=1", self.per_second)
    }
}

/// Turns a key away that asks too often. Requests without a key are not counted here: they cannot move anything.
pub(super) async fn limit(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let Some(key) = secret_of(request.headers()).map(|secret| Digest::of(secret.as_bytes())) else {
        return next.run(request).await;
    };
    let path = request.uri().path().to_owned();
    let (mut response, left, reset) = match limits.limiter.check_key(&key) {
        Ok(state) => (next.run(request).await, state.remaining_burst_capacity(), 1),
        Err(early) => {
            let wait = early.wait_time_from(limits.limiter.clock().now());
            let seconds = wait.as_secs() + u64::from(wait > Duration::from_secs(wait.as_secs()));
            let message =
                format!("at most {} requests a second for a key; wait and send again", limits.per_second);
            let problem = Problem::new("too-many-requests", message);
            let refused =
                HttpProblem::new(StatusCode::TOO_MANY_REQUESTS, problem).retry_after(seconds.max(1));
            (as_asked(&path, refused), 0, seconds.max(1))
        }
    };
    let fields =
        [("ratelimit-policy", limits.policy()), ("ratelimit", format!("\"default\";r={left};t={reset}"))];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
