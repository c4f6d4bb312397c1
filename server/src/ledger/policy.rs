//! How patient the ledger is.

use std::time::Duration;

use super::moment::Clock;

/// Every limit of the ledger that a deployment may want otherwise.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How often a message is handed on before it is given up.
    pub message_attempts_max: i64,
    /// How often an event is told before it is given up.
    pub event_attempts_max: i64,
    /// How long to wait before the second attempt at a message or an event; doubles each time, less up to a half at
    /// random.
    pub retry_first: Duration,
    /// The longest wait between two attempts at a message or an event.
    pub retry_max: Duration,
    /// How many payments may be declined in a row before auto-charge stops.
    pub declines_max: i64,
    /// How long to wait after a first declined payment; doubles each time.
    pub decline_wait_first: Duration,
    /// The longest wait after a declined payment.
    pub decline_wait_max: Duration,
    /// How long to wait after a payment before the next.
    pub cool_down: Duration,
    /// How long the one who began a payment has before somebody else asks for its outcome, and how long between two
    /// such questions.
    pub ask_after: Duration,
    /// The longest a quote locks its price.
    pub quote_lifetime_max: Duration,
    /// The most commands that are decided in one transaction.
    pub batch_max: usize,
    /// The most requests that wait for a transaction; more are turned away at once.
    pub queue_max: usize,
    /// The most pages the embedded database may have (4,096 bytes each); `None`: what the disk holds.
    pub pages_max: Option<u32>,
    /// The most connections to PostgreSQL of this process.
    pub connections_max: usize,
    /// How long PostgreSQL may take for one batch before its outcome counts as lost.
    pub patience: Duration,
    /// Where the time is taken from.
    pub clock: Clock,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            // An hour and a half: a gateway that is down for a while loses nothing that was accepted.
            message_attempts_max: 20,
            // About a day: whoever hears of events may sleep a night.
            event_attempts_max: 200,
            retry_first: Duration::from_secs(1),
            retry_max: Duration::from_secs(600),
            declines_max: 4,
            decline_wait_first: Duration::from_secs(600),
            decline_wait_max: Duration::from_secs(86_400),
            cool_down: Duration::from_secs(60),
            ask_after: Duration::from_secs(60),
            quote_lifetime_max: Duration::from_secs(900),
            batch_max: 1_000,
            queue_max: 10_000,
            pages_max: None,
            connections_max: 8,
            patience: Duration::from_secs(10),
            clock: Clock::Engine,
        }
    }
}

impl Policy {
    /// The wait after so many attempts at a message or an event, shortened at random by up to a half so that many do
    /// not come back at once. The randomness is taken from `seed`, an id: a re-run of the same transaction waits as
    /// long.
    pub(crate) fn retry_wait(&self, attempts: i64, seed: u128) -> Duration {
        let full = doubled(self.retry_first, self.retry_max, attempts);
        let step = seed
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(u128::from(attempts.unsigned_abs()).wrapping_mul(0xbf58_476d_1ce4_e5b9));
        let share = u32::try_from((step >> 40) % 512).unwrap_or(0);
        full.saturating_sub(full / 1_024 * share)
    }

    /// The wait after so many declined payments.
    pub(crate) fn decline_wait(&self, failures: i64) -> Duration {
        doubled(self.decline_wait_first, self.decline_wait_max, failures)
    }
}

fn doubled(first: Duration, max: Duration, times: i64) -> Duration {
    let doublings = u32::try_from(times.saturating_sub(1).clamp(0, 30)).unwrap_or(0);
    first.saturating_mul(1 << doublings).min(max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_of_hours_loses_nothing() {
        let policy = Policy::default();
        let waits = |attempts: i64, seed| (1..attempts).map(|n| policy.retry_wait(n, seed)).sum::<Duration>();
        for seed in (0..50_u128).map(|n| n << 64 | n) {
            let (message, event) =
                (waits(policy.message_attempts_max, seed), waits(policy.event_attempts_max, seed));
            assert!((3_000..=7_200).contains(&message.as_secs()), "{message:?}");
            assert!((64_800..=108_000).contains(&event.as_secs()), "{event:?}");
        }
    }

    #[test]
    fn waits_double_up_to_a_limit_and_differ() {
        let policy = Policy::default();
        assert_eq!(policy.decline_wait(1), Duration::from_secs(600));
        assert_eq!(policy.decline_wait(2), Duration::from_secs(1_200));
        assert_eq!(policy.decline_wait(i64::MAX), policy.decline_wait_max);
        let mut waits: Vec<Duration> = (0..50_u128).map(|n| policy.retry_wait(4, n << 64 | n)).collect();
        assert!(waits.iter().all(|wait| (4_000..=8_000).contains(&wait.as_millis())), "{waits:?}");
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 25, "the waits hardly differ: {waits:?}");
        assert_eq!(policy.retry_wait(4, 7), policy.retry_wait(4, 7));
    }
}
