//! What the ledger must do, said again as plainly as possible: lists that are added up whenever a sum is needed.

use std::collections::HashMap;

use textmeter_server::ledger::*;

use crate::model_campaigns::ModelCampaign;

/// Something to do to one of two accounts.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    TopUp {
        payment: u8,
        amount: i64,
    },
    Charge {
        key: Option<u8>,
        body: u8,
        prices: Vec<i64>,
    },
    /// The same charge as so many charges ago.
    Again(usize),
    Refund(usize),
    /// A gateway refuses a message for good.
    Reject(usize, usize),
    /// A gateway takes a message.
    Deliver(usize, usize),
    Apply {
        key: u8,
        body: u8,
    },
    Active(bool),
    Caps {
        day: Option<i64>,
        month: Option<i64>,
    },
    Low(Option<i64>),
    /// A draft of a list: rows by what they cost; one of nothing cannot be sent.
    Draft {
        prices: Vec<i64>,
        in_order: bool,
    },
    Start {
        campaign: usize,
        key: u8,
        body: u8,
        max: Option<i64>,
    },
    /// The next rows of a campaign, up to so many.
    SendOn(usize, i64),
    Steer(usize, Steer),
    /// A gateway refuses a message of a campaign's row for good.
    RejectRow(usize, usize),
}

/// What is seen of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Saw {
    Credited { balance: i64, replayed: bool },
    Charged { amount: i64, balance: i64, refusal: Option<Refusal>, replayed: bool },
    GivenBack { amount: i64, balance: i64, replayed: bool },
    Applied { amount: i64, replayed: bool },
    Message { state: MessageState, replayed: bool },
    Campaign { state: CampaignState, money: [i64; 4], sent: i64, refusal: Option<Refusal>, replayed: bool },
    Set { balance: i64 },
    Refused(&'static str),
}

#[derive(Clone, Debug)]
struct Tried {
    key: Option<u8>,
    body: u8,
    prices: Vec<i64>,
    /// What it was answered, if that is kept.
    kept: Option<(Saw, Moment)>,
    refunded: i64,
    messages: Vec<MessageState>,
}

impl Tried {
    fn total(&self) -> i64 {
        self.prices.iter().sum()
    }

    fn paid(&self) -> bool {
        matches!(self.kept, Some((Saw::Charged { refusal: None, .. }, _)))
    }
}

/// One account.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) lines: Vec<(EntryKind, i64)>,
    tried: Vec<Tried>,
    applied: HashMap<u8, (u8, i64)>,
    active: bool,
    caps: (Option<i64>, Option<i64>),
    low: Option<i64>,
    told: bool,
    pub(crate) lows: usize,
    pub(crate) failed: usize,
    pub(crate) out_since: Option<Moment>,
    pub(crate) campaigns: Vec<ModelCampaign>,
    /// How many campaigns were told to be paused, stopped and finished.
    pub(crate) ends: [usize; 3],
}

/// Who was credited with which payment.
pub(crate) type Payments = HashMap<u8, (usize, i64, i64)>;

impl Model {
    pub(crate) fn new() -> Model {
        Model {
            lines: Vec::new(),
            tried: Vec::new(),
            applied: HashMap::new(),
            active: true,
            caps: (None, None),
            low: None,
            told: false,
            lows: 0,
            failed: 0,
            out_since: None,
            campaigns: Vec::new(),
            ends: [0; 3],
        }
    }

    pub(crate) fn available(&self) -> i64 {
        self.balance() - self.held()
    }

    pub(crate) const fn is_active(&self) -> bool {
        self.active
    }

    pub(crate) fn balance(&self) -> i64 {
        self.lines.iter().map(|line| line.1).sum()
    }

    /// The running balances.
    pub(crate) fn journal(&self) -> Vec<(EntryKind, i64, i64)> {
        let mut balance = 0;
        let mut run = |line: &(EntryKind, i64)| {
            balance += line.1;
            (line.0, line.1, balance)
        };
        self.lines.iter().map(&mut run).collect()
    }

    pub(crate) fn spent(&self, same: impl Fn(Moment) -> bool + Copy) -> i64 {
        let counts = |charge: &&Tried| charge.paid() && same(charge.kept.as_ref().unwrap().1);
        let single: i64 =
            self.tried.iter().filter(counts).map(|charge| charge.total() - charge.refunded).sum();
        single + self.spent_by_campaigns(same)
    }

    pub(crate) fn messages(&self, charge: usize) -> &[MessageState] {
        &self.tried[charge].messages
    }

    pub(crate) fn tried(&self) -> usize {
        self.tried.len()
    }

    pub(crate) fn post(&mut self, kind: EntryKind, amount: i64) {
        self.lines.push((kind, amount));
        if amount > 0 || kind == EntryKind::Charge {
            self.out_since = None;
        }
        self.watch();
    }

    pub(crate) fn watch(&mut self) {
        let below = self.low.is_some_and(|low| self.available() < low);
        self.lows += usize::from(below && !self.told);
        self.told = below;
    }

    /// Does `op` to account `me`.
    pub(crate) fn apply(&mut self, me: usize, op: &Op, payments: &mut Payments, now: Moment) -> Saw {
        match op {
            Op::TopUp { payment, amount } => self.top_up(me, *payment, *amount, payments),
            Op::Charge { key, body, prices } => {
                self.tried.push(Tried {
                    key: *key,
                    body: *body,
                    prices: prices.clone(),
                    kept: None,
                    refunded: 0,
                    messages: Vec::new(),
                });
                self.charge(self.tried.len() - 1, now)
            }
            Op::Again(charge) => self.charge(*charge, now),
            Op::Refund(charge) => self.refund(*charge),
            Op::Reject(charge, number) => self.settle(*charge, *number, MessageState::Failed),
            Op::Deliver(charge, number) => self.settle(*charge, *number, MessageState::Delivered),
            Op::Apply { key, body } => self.apply_all(*key, *body),
            Op::Active(active) => {
                self.active = *active;
                Saw::Set { balance: self.balance() }
            }
            Op::Caps { day, month } => {
                self.caps = (*day, *month);
                Saw::Set { balance: self.balance() }
            }
            Op::Low(low) => {
                if self.low != *low {
                    self.low = *low;
                    self.told = false;
                    self.watch();
                }
                Saw::Set { balance: self.balance() }
            }
            Op::Draft { prices, in_order } => self.draft(prices, *in_order, now),
            Op::Start { campaign, key, body, max } => self.start(*campaign, (*key, *body), *max, now),
            Op::SendOn(campaign, limit) => self.send_on(*campaign, *limit, now),
            Op::Steer(campaign, to) => self.steer(*campaign, *to),
            Op::RejectRow(campaign, row) => self.reject_row(*campaign, *row),
        }
    }

    fn top_up(&mut self, me: usize, payment: u8, amount: i64, payments: &mut Payments) -> Saw {
        if amount <= 0 {
            return Saw::Refused("invalid-amount");
        }
        if let Some((whose, credited, balance)) = payments.get(&payment) {
            let same = (*whose, *credited) == (me, amount);
            return if same {
                Saw::Credited { balance: *balance, replayed: true }
            } else {
                Saw::Refused("payment-reused")
            };
        }
        self.post(EntryKind::TopUp, amount);
        payments.insert(payment, (me, amount, self.balance()));
        Saw::Credited { balance: self.balance(), replayed: false }
    }

    fn charge(&mut self, index: usize, now: Moment) -> Saw {
        let this = self.tried[index].clone();
        let again = |saw: &Saw| match saw {
            Saw::Charged { amount, balance, refusal, .. } => {
                Saw::Charged { amount: *amount, balance: *balance, refusal: refusal.clone(), replayed: true }
            }
            other => panic!("{other:?}"),
        };
        let by_key = self
            .tried
            .iter()
            .find(|other| this.key.is_some() && other.key == this.key && other.kept.is_some());
        if let Some(other) = by_key {
            return if other.body == this.body {
                again(&other.kept.as_ref().unwrap().0)
            } else {
                Saw::Refused("key-reused")
            };
        }
        if let Some((saw, _)) = &this.kept {
            return again(saw);
        }
        let total = this.total();
        if total <= 0 || this.prices.iter().any(|price| *price < 0) {
            return Saw::Refused("invalid-amount");
        }
        let refusal = self.judge(total, now);
        let paid = refusal.is_none();
        if paid {
            self.post(EntryKind::Charge, -total);
        }
        let saw = Saw::Charged { amount: total, balance: self.balance(), refusal, replayed: false };
        let tried = &mut self.tried[index];
        if paid {
            tried.messages = vec![MessageState::Queued; tried.prices.len()];
        }
        if paid || tried.key.is_some() {
            tried.kept = Some((saw.clone(), now));
        }
        saw
    }

    /// What a cap says to so much more.
    pub(crate) fn judge_caps(&self, total: i64, now: Moment) -> Option<Refusal> {
        let held_micros = self.held();
        let day = self.spent(|at| at.day() == now.day());
        let month = self.spent(|at| at.month() == now.month());
        for (period, cap, spent, end) in
            [("day", self.caps.0, day, now.day_end()), ("month", self.caps.1, month, now.month_end())]
        {
            if let Some(cap_micros) = cap.filter(|cap| spent + held_micros + total > *cap) {
                return Some(Refusal::SpendCap {
                    period: period.into(),
                    cap_micros,
                    spent_micros: spent,
                    held_micros,
                    required_micros: total,
                    resets_at_micros: end.micros(),
                });
            }
        }
        None
    }

    /// How much more the caps allow to be spent and held.
    pub(crate) fn left_of_caps(&self, now: Moment) -> i64 {
        let day = self.caps.0.map(|cap| cap - self.spent(|at| at.day() == now.day()));
        let month = self.caps.1.map(|cap| cap - self.spent(|at| at.month() == now.month()));
        let left = day.into_iter().chain(month).map(|left| left - self.held()).min();
        left.unwrap_or(i64::MAX).max(0)
    }

    fn judge(&mut self, total: i64, now: Moment) -> Option<Refusal> {
        if !self.active {
            return Some(Refusal::SubscriptionInactive);
        }
        if let Some(refusal) = self.judge_caps(total, now) {
            return Some(refusal);
        }
        let available = self.available();
        if total <= available {
            return None;
        }
        let since = *self.out_since.get_or_insert(now);
        Some(Refusal::InsufficientFunds {
            balance_micros: self.balance(),
            held_micros: self.held(),
            required_micros: total,
            shortfall_micros: total - available,
            out_of_credit_since_micros: since.micros(),
        })
    }

    fn refund(&mut self, index: usize) -> Saw {
        if !self.tried.get(index).is_some_and(Tried::paid) {
            return Saw::Refused("not-found");
        }
        let tried = &mut self.tried[index];
        let rest = tried.total() - tried.refunded;
        if rest == 0 {
            return Saw::GivenBack { amount: tried.refunded, balance: self.balance(), replayed: true };
        }
        tried.refunded += rest;
        for state in tried.messages.iter_mut().filter(|state| **state == MessageState::Queued) {
            *state = MessageState::Cancelled;
        }
        self.post(EntryKind::Refund, rest);
        Saw::GivenBack { amount: rest, balance: self.balance(), replayed: false }
    }

    fn settle(&mut self, index: usize, number: usize, to: MessageState) -> Saw {
        let Some(state) = self.tried.get_mut(index).and_then(|charge| charge.messages.get_mut(number)) else {
            return Saw::Refused("not-found");
        };
        if *state == to {
            return Saw::Message { state: to, replayed: true };
        }
        if *state != MessageState::Queued {
            return Saw::Refused("message-settled");
        }
        *state = to;
        if to == MessageState::Failed {
            self.failed += 1;
            let tried = &mut self.tried[index];
            let amount = tried.prices[number].min(tried.total() - tried.refunded);
            tried.refunded += amount;
            if amount > 0 {
                self.post(EntryKind::Refund, amount);
            }
        }
        Saw::Message { state: to, replayed: false }
    }

    fn apply_all(&mut self, key: u8, body: u8) -> Saw {
        if let Some((other, amount)) = self.applied.get(&key) {
            let same = *other == body;
            return if same {
                Saw::Applied { amount: *amount, replayed: true }
            } else {
                Saw::Refused("key-reused")
            };
        }
        let amount = self.available();
        if amount > 0 {
            self.post(EntryKind::Subscription, -amount);
        }
        self.applied.insert(key, (body, amount));
        Saw::Applied { amount, replayed: false }
    }
}
