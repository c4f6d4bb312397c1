//! A ledger to try things on, and what tests say often.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use proptest::test_runner::Config;
use tempfile::TempDir;
use textmeter_server::ledger::*;

use crate::cluster::Cluster;

/// 2026-11-15T12:00:00Z
pub(crate) const NOON: i64 = 1_794_744_000_000_000;

/// A ledger, and a clock to move by hand.
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) database: String,
    pub(crate) policy: Policy,
    hand: Arc<AtomicI64>,
    _directory: Option<TempDir>,
}

impl World {
    pub(crate) async fn sqlite() -> World {
        World::sqlite_with(|_| {}).await
    }

    pub(crate) async fn sqlite_with(change: impl FnOnce(&mut Policy)) -> World {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("ledger.db").to_str().unwrap().to_owned();
        World::open(database, Some(directory), change).await
    }

    pub(crate) async fn postgres() -> World {
        let cluster = Cluster::shared();
        let database = cluster.url(&cluster.database().await);
        World::open(database, None, |_| {}).await
    }

    pub(crate) async fn open(
        database: String,
        directory: Option<TempDir>,
        change: impl FnOnce(&mut Policy),
    ) -> World {
        let hand = Arc::new(AtomicI64::new(NOON));
        let mut policy = Policy { clock: Clock::Hand(Arc::clone(&hand)), ..Policy::default() };
        change(&mut policy);
        let ledger = Ledger::open(&database, policy.clone()).await.unwrap();
        World { ledger, database, policy, hand, _directory: directory }
    }

    /// Closes the ledger and opens it again.
    pub(crate) async fn reopen(&mut self) {
        self.ledger.close().await;
        self.ledger = Ledger::open(&self.database, self.policy.clone()).await.unwrap();
    }

    pub(crate) fn wait(&self, wait: Duration) {
        self.hand.fetch_add(i64::try_from(wait.as_micros()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn set_clock(&self, micros: i64) {
        self.hand.store(micros, Ordering::Relaxed);
    }

    /// An account with so much on it.
    pub(crate) async fn account(&self, balance_micros: i64) -> AccountId {
        let id = AccountId::new();
        self.done(OpenAccount { id, name: "demo".into(), currency: "USD".into() }).await;
        if balance_micros > 0 {
            self.top_up(id, &id.to_string(), balance_micros).await;
        }
        id
    }

    /// Does what must be possible.
    pub(crate) async fn done<T: Told>(&self, command: T) -> T::Done {
        let answer = self.ledger.tell(command).await.unwrap();
        answer.outcome.unwrap_or_else(|refusal| panic!("refused: {refusal:?}"))
    }

    /// Tries what must be refused.
    pub(crate) async fn refused<T: Told>(&self, command: T) -> Refusal {
        let answer = self.ledger.tell(command).await.unwrap();
        answer.outcome.err().expect("this was to be refused")
    }

    /// The whole answer.
    pub(crate) async fn answer<T: Told>(&self, command: T) -> Answer<T::Done> {
        self.ledger.tell(command).await.unwrap()
    }

    pub(crate) async fn set(&self, account: AccountId, setting: Setting) -> Account {
        self.done(Configure { account, setting }).await
    }

    pub(crate) async fn top_up(&self, account: AccountId, payment: &str, amount_micros: i64) -> Payment {
        self.done(TopUp { account, payment: pay_id(payment), amount_micros }).await
    }

    pub(crate) async fn balance(&self, account: AccountId) -> i64 {
        self.ledger.account(account).await.unwrap().unwrap().balance_micros
    }

    pub(crate) async fn journal(&self, account: AccountId) -> Vec<(EntryKind, i64, i64)> {
        let history = self.ledger.history(account, None, PAGE_MAX).await.unwrap();
        let mut lines: Vec<_> = history
            .entries
            .iter()
            .map(|e| (e.entry.kind, e.entry.amount_micros, e.entry.balance_micros))
            .collect();
        lines.reverse();
        lines
    }

    pub(crate) async fn events(&self, account: AccountId) -> Vec<EventBody> {
        let mut events: Vec<_> = self
            .ledger
            .events(account, PAGE_MAX)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.body)
            .collect();
        events.reverse();
        events
    }

    pub(crate) async fn claim(&self) -> Vec<Message> {
        self.done(ClaimMessages { limit: CLAIM_MAX, lease: Duration::from_secs(30) }).await
    }

    pub(crate) async fn settle(&self, message: &Message, outcome: Outcome) -> Answer<Message> {
        self.answer(settlement(message, outcome)).await
    }

    /// Everything adds up.
    pub(crate) async fn adds_up(&self) {
        let found = self.ledger.reconcile().await.unwrap();
        assert!(found.is_sound(), "{found:?}");
    }
}

pub(crate) fn settlement(message: &Message, outcome: Outcome) -> SettleMessage {
    SettleMessage {
        account: message.account_id,
        charge: message.charge_id,
        number: message.number,
        attempt: message.attempts,
        outcome,
    }
}

pub(crate) fn pay_id(payment: &str) -> PaymentId {
    PaymentId { provider: "test".into(), payment: payment.into() }
}

pub(crate) fn line(to: &str, quantity: i64, per_unit_micros: i64) -> Line {
    Line { to: to.into(), territory: Some("US".into()), quantity, per_unit_micros }
}

/// A send to one recipient for so much.
pub(crate) fn send(account: AccountId, price_micros: i64) -> Charge {
    send_parts(account, &[price_micros])
}

/// Several messages, paid at once.
pub(crate) fn send_parts(account: AccountId, prices: &[i64]) -> Charge {
    let part = |price: &i64| Part {
        lines: vec![line("+15550100", 1, *price)],
        payload: Some("{\"text\":\"hi\"}".into()),
    };
    Charge {
        account,
        id: ChargeId::new(),
        key: None,
        channel: "api".into(),
        unit: "segment".into(),
        rate_card: "2026-05-25".into(),
        parts: prices.iter().map(part).collect(),
        quote: None,
        max_price_micros: None,
        explanation: None,
    }
}

/// A draft that is begun.
pub(crate) fn draft(account: AccountId, id: CampaignId, funds: Funds) -> DraftCampaign {
    DraftCampaign {
        account,
        id,
        name: None,
        channel: "api".into(),
        unit: "segment".into(),
        rate_card: "2026-05-25".into(),
        sender: "+15550199".into(),
        funds,
    }
}

/// All of a draft's rows by what they cost; one of nothing cannot be sent.
pub(crate) fn add_rows(account: AccountId, id: CampaignId, prices: &[i64]) -> AddCampaignRows {
    let row = |(line, price): (i64, &i64)| NewCampaignRow {
        line,
        recipient: "+15550100".into(),
        territory: Some("US".into()),
        sending: if *price == 0 {
            Err("opted-out")
        } else {
            Ok(RowSending {
                quantity: 1,
                per_unit_micros: *price,
                payload: "{\"text\":\"hi\"}".into(),
                explanation: "{}".into(),
            })
        },
    };
    AddCampaignRows { account, id, first: 0, rows: (2..).zip(prices).map(row).collect() }
}

/// The start of a draft of these rows.
pub(crate) fn start(account: AccountId, id: CampaignId, prices: &[i64], key: RequestKey) -> StartCampaign {
    let running: Vec<i64> = prices
        .iter()
        .scan(0, |sum, price| {
            *sum += price;
            Some(*sum)
        })
        .collect();
    let text = |word: &str| format!("{{\"{word}\":1}}");
    StartCampaign {
        account,
        id,
        key,
        max_price_micros: None,
        running: running.into(),
        papers: Box::new(CampaignPapers {
            account_id: account,
            campaign_id: id,
            template: "Hello".into(),
            settings: text("settings"),
            not_sendable: text("not_sendable"),
            quote: text("quote"),
        }),
    }
}

/// The next rows of a campaign.
pub(crate) fn send_on(account: AccountId, id: CampaignId, from: i64, limit: i64) -> SendCampaign {
    SendCampaign { account, id, from, limit, look: 100, lease: Duration::from_secs(30) }
}

impl World {
    /// A campaign of these rows, started or refused.
    pub(crate) async fn campaign(
        &self,
        account: AccountId,
        prices: &[i64],
        funds: Funds,
        key: &str,
    ) -> Campaign {
        let id = CampaignId::new();
        self.done(draft(account, id, funds)).await;
        self.done(add_rows(account, id, prices)).await;
        self.done(start(account, id, prices, request(key, "body"))).await
    }
}

pub(crate) fn keyed(charge: Charge, key: &str, body: &str) -> Charge {
    Charge { key: Some(request(key, body)), ..charge }
}

pub(crate) fn request(key: &str, body: &str) -> RequestKey {
    RequestKey { key: key.into(), body: Digest::of(body.as_bytes()) }
}

/// So many cases of a law, or as many as `PROPTEST_CASES` asks for.
pub(crate) fn cases(usual: u32) -> Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: wanted.unwrap_or(usual),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    }
}
