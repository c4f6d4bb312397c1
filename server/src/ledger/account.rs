//! Accounts: what they hold and what they allow.

use super::id::AccountId;
use super::moment::Moment;
use super::table::record;

record! {
    "accounts", keys 1, changing;
    /// An account: the prepaid credits of one workspace and the rules its owner set for them.
    pub struct Account {
        /// Its id, the workspace's.
        pub id: AccountId,
        /// What people call it.
        pub name: String,
        /// ISO 4217, three capital letters. All amounts of the account are in millionths of it.
        pub currency: String,
        /// What there is; never below nothing.
        pub balance_micros: i64,
        /// What of it is held for campaigns and can be spent for nothing else; never more than the balance.
        pub held_micros: i64,
        /// How many entries its journal has: the number of the last one.
        pub entry_seq: i64,
        /// Whether the subscription is active; without one nothing is charged, because nothing may be sent.
        pub subscription_active: bool,
        /// The most that may be spent in a day, UTC.
        pub day_cap_micros: Option<i64>,
        /// The most that may be spent in a month, UTC.
        pub month_cap_micros: Option<i64>,
        /// The day `day_spent_micros` is of, counted from 1970-01-01.
        pub day: i64,
        /// What was spent on that day, less what was refunded on it.
        pub day_spent_micros: i64,
        /// The month `month_spent_micros` is of, counted from January of year 0.
        pub month: i64,
        /// What was spent in that month, less what was refunded in it.
        pub month_spent_micros: i64,
        /// Less than this to spend is low: `balance.low` is told once per crossing.
        pub low_balance_micros: Option<i64>,
        /// Whether `balance.low` was told for the present crossing.
        pub low_balance_told: bool,
        /// Since when charges were refused for want of credits; nothing after credits came in or a charge was paid.
        pub out_of_credit_since: Option<Moment>,
        /// When it was opened.
        pub opened_at: Moment,
        /// The latest moment anything of it was decided; its time never runs backwards.
        pub touched_at: Moment,
        /// Counts its changes: an entity tag for the balance.
        pub version: i64,
    }
}

impl Account {
    /// What can be spent: the balance without what is held.
    #[must_use]
    pub const fn available_micros(&self) -> i64 {
        self.balance_micros.saturating_sub(self.held_micros)
    }

    /// Counts what was spent, in the day and the month of `now`.
    pub(crate) fn spend(&mut self, amount_micros: i64, now: Moment) {
        let day = self.day_spent_micros_at(now).saturating_add(amount_micros);
        let month = self.month_spent_micros_at(now).saturating_add(amount_micros);
        (self.day, self.day_spent_micros) = (now.day(), day);
        (self.month, self.month_spent_micros) = (now.month(), month);
    }

    /// What was spent on the day of `now`, less what was refunded of it.
    #[must_use]
    pub fn day_spent_micros_at(&self, now: Moment) -> i64 {
        if self.day == now.day() { self.day_spent_micros } else { 0 }
    }

    /// What was spent in the month of `now`, less what was refunded of it.
    #[must_use]
    pub fn month_spent_micros_at(&self, now: Moment) -> i64 {
        if self.month == now.month() { self.month_spent_micros } else { 0 }
    }
}

/// Opens an account with a balance of nothing.
#[derive(Clone, Debug)]
pub struct OpenAccount {
    /// The new account's id.
    pub id: AccountId,
    /// What people call it: 1 to 200 characters, no control characters.
    pub name: String,
    /// ISO 4217, three capital letters.
    pub currency: String,
}

/// Changes one rule of an account. Each can be repeated without harm.
#[derive(Clone, Debug)]
pub struct Configure {
    /// Whose.
    pub account: AccountId,
    /// What.
    pub setting: Setting,
}

/// A rule of an account.
#[derive(Clone, Debug)]
pub enum Setting {
    /// What people call it: 1 to 200 characters, no control characters.
    Name(String),
    /// Whether the subscription is active.
    SubscriptionActive(bool),
    /// The most to spend in a day and in a month, UTC; `None` is no cap, 0 is nothing at all.
    SpendCaps {
        /// In a day.
        day_micros: Option<i64>,
        /// In a month.
        month_micros: Option<i64>,
    },
    /// The most to spend in a day, UTC, whatever the month's cap is; `None` is no cap.
    DayCap(Option<i64>),
    /// The most to spend in a month, UTC, whatever the day's cap is; `None` is no cap.
    MonthCap(Option<i64>),
    /// Below which the balance is low.
    LowBalance(Option<i64>),
    /// When to take payments without being asked; `None` turns it off. A rule that is set anew starts without the
    /// failures of the old one; an attempt in flight stays in flight.
    AutoCharge(Option<super::auto_charge::AutoChargeRule>),
    /// Where events are told; `None` turns it off.
    Webhook(Option<super::event::Endpoint>),
}
