//! Moments and the clock that says which one it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// What lies further ahead than this was written while the clock was wrong: nothing is ever told to wait so long, and a
/// clock that is set back by so much had been wrong before.
pub(crate) const AHEAD_MAX: Duration = Duration::from_secs(2 * 86_400);

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// From microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Moment {
        Moment(micros)
    }

    /// In microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// So much later; the end of time when it would be beyond it.
    #[must_use]
    pub fn after(self, wait: Duration) -> Moment {
        Moment(self.0.saturating_add(micros(wait)))
    }

    /// So much earlier.
    #[must_use]
    pub fn before(self, wait: Duration) -> Moment {
        Moment(self.0.saturating_sub(micros(wait)))
    }

    /// How long from here to `later`; nothing when it is not later.
    #[must_use]
    pub fn until(self, later: Moment) -> Duration {
        Duration::from_micros(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }

    /// Whether it lies so far ahead of `now` that a clock that was wrong has written it.
    pub(crate) fn is_astray(self, now: Moment) -> bool {
        self > now.after(AHEAD_MAX)
    }

    /// Whether what was told to wait until then waits no longer.
    pub(crate) fn has_come(self, now: Moment) -> bool {
        self <= now || self.is_astray(now)
    }

    /// The day, UTC, counted from 1970-01-01.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(MICROS_PER_DAY)
    }

    /// When its day ends, UTC.
    #[must_use]
    pub const fn day_end(self) -> Moment {
        Moment(self.day().saturating_add(1).saturating_mul(MICROS_PER_DAY))
    }

    /// The month, UTC, counted from January of year 0.
    #[must_use]
    pub fn month(self) -> i64 {
        let date = self.date();
        i64::from(date.year()) * 12 + i64::from(date.month()) - 1
    }

    /// When its month ends, UTC.
    #[must_use]
    pub fn month_end(self) -> Moment {
        let next = self.date().first_of_month().checked_add(1.month());
        let midnight = next.and_then(|date| date.to_zoned(TimeZone::UTC));
        midnight.map_or(self, |zoned| Moment(zoned.timestamp().as_microsecond()))
    }

    fn date(self) -> jiff::civil::Date {
        let timestamp = Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        timestamp.to_zoned(TimeZone::UTC).date()
    }
}

fn micros(wait: Duration) -> i64 {
    i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)
}

/// Where the ledger takes the time from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The engine's own: this machine's clock for the embedded database, the database's clock for PostgreSQL, so that
    /// several processes agree. An account's time never runs backwards, whatever the clock does.
    #[default]
    Engine,
    /// A clock moved by hand, in microseconds since 1970-01-01T00:00:00Z: for tests of days, months and expiry.
    Hand(Arc<AtomicI64>),
}

impl Clock {
    /// The moment by this machine's clock, or by hand.
    pub(crate) fn here(&self) -> Moment {
        self.by_hand()
            .unwrap_or_else(|| Moment(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros)))
    }

    /// The moment by hand, when the clock is one.
    pub(crate) fn by_hand(&self) -> Option<Moment> {
        match self {
            Clock::Engine => None,
            Clock::Hand(micros) => Some(Moment(micros.load(Ordering::Relaxed))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn days_and_months_are_utc() {
        let late = at("2026-12-31T23:59:59.999999Z");
        assert_eq!(late.day_end(), at("2027-01-01T00:00:00Z"));
        assert_eq!(late.month_end(), at("2027-01-01T00:00:00Z"));
        assert_eq!(late.day_end().day(), late.day() + 1);
        assert_eq!(late.month_end().month(), late.month() + 1);
        assert_eq!(at("2028-02-29T12:00:00Z").month_end(), at("2028-03-01T00:00:00Z"));
        assert_eq!(at("1969-12-31T23:00:00Z").day(), -1);
    }

    #[test]
    fn waits_never_overflow() {
        assert_eq!(Moment(i64::MAX).after(Duration::MAX), Moment(i64::MAX));
        assert_eq!(Moment(5).until(Moment(3)), Duration::ZERO);
        assert_eq!(Moment(3).until(Moment(5)), Duration::from_micros(2));
    }
}
