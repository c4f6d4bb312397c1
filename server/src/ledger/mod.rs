//! The ledger: prepaid credits that cannot be overdrawn, and an outbox of what was paid.
//!
//! An account's balance is the sum of its journal, always; what is held of it for campaigns is spent for nothing else. A
//! [`Charge`] takes the whole price or nothing, and what it pays for enters the outbox in the same transaction; no gateway
//! and no payment provider is ever called inside one.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use textmeter_server::ledger::*;
//!
//! let ledger = Ledger::open("textmeter.db", Policy::default()).await?; // or postgres://user@host/name
//! let account = AccountId::new();
//! ledger.tell(OpenAccount { id: account, name: "demo".into(), currency: "USD".into() }).await?;
//! let payment = PaymentId { provider: "cash".into(), payment: "1".into() };
//! ledger.tell(TopUp { account, payment, amount_micros: 5_000_000 }).await?;
//!
//! let line = Line { to: "+15550100".into(), territory: Some("US".into()), quantity: 2, per_unit_micros: 10_000 };
//! let charged = ledger.tell(Charge {
//!     account, id: ChargeId::new(), key: None, channel: "api".into(), unit: "segment".into(),
//!     rate_card: "2026-05-25".into(), parts: vec![Part { lines: vec![line], payload: Some("{}".into()) }],
//!     quote: None, max_price_micros: None, explanation: None,
//! }).await?;
//! match charged.outcome {
//!     Ok(charge) => match &charge.refusal {
//!         None => println!("paid; {} micros are left", charge.balance_micros),
//!         Some(refusal) => println!("not sent: {}", refusal.code()), // insufficient-funds, spend-cap, …
//!     },
//!     Err(refusal) => println!("not even judged: {}", refusal.code()), // key-reused, not-found, invalid-…
//! }
//! # Ok(()) }
//! ```
//!
//! # Telling and asking
//!
//! [`Ledger::tell`] takes one command and answers it by its type; [`Ledger::apply`] takes several, each atomic on its
//! own, all durable before any is answered. Commands of different callers that wait at the same time share a
//! transaction. Every command can be repeated: it names what it makes by an id made beforehand, an idempotency key or a
//! payment, and a repetition is answered as before with [`Answer::replayed`].
//!
//! An answer is one of three:
//! - `Ok(Answer { outcome: Ok(…) })`: done, and on the disk;
//! - `Ok(Answer { outcome: Err(Refusal) })`: judged and refused, nothing moved;
//! - `Err(Failure)`: [`Unavailable`](Failure::Unavailable) is certainly not done (503), [`Unknown`](Failure::Unknown)
//!   is to be asked again by the same id or key (503 too, and never a refund); [`Ledger::insist`] does so.
//!
//! A refused [`Charge`] is `outcome: Ok(record)` with [`ChargeRecord::refusal`] set, so that the refusal comes with the
//! lines it was judged on; under an idempotency key that record is kept and answered again.
//!
//! Everything else is asked: [`account`](Ledger::account), [`history`](Ledger::history), [`charge`](Ledger::charge),
//! [`reconcile`](Ledger::reconcile), … and sees what was acknowledged before it was asked.
//!
//! # Campaigns
//!
//! A list is written as a draft ([`DraftCampaign`], [`AddCampaignRows`]), of which nothing is held or sent; one command
//! holds what all of it costs and starts it, or refuses it ([`StartCampaign`], see [`Campaign::refusal`]). Its rows are
//! charged from the hold as they are handed on ([`SendCampaign`]), until it is finished or stopped ([`SteerCampaign`]) and
//! the rest of the hold is released.
//!
//! # Working it off
//!
//! What was paid, told or begun is claimed and settled:
//! - messages: [`ClaimMessages`], hand on (ask by reference first when [`Message::doubtful`]), [`SettleMessage`];
//! - campaigns: [`SendCampaign`] where there is room, and its messages are claimed already; [`SweepCampaign`] for what
//!   nobody will send, [`DropCampaign`] for drafts nobody writes to;
//! - events: [`ClaimEvents`], tell, [`SettleEvent`];
//! - auto-charge: for each of [`auto_charges_due`](Ledger::auto_charges_due) a [`BeginAttempt`], ask for the payment
//!   with the attempt's id as key, [`SettleAttempt`]; and [`ClaimAttempts`] for those nobody settled: ask, settle.
//!
//! # How
//!
//! The rules are plain Rust without SQL (`decide`), on rows that were read for a batch (`plan`) and are written back
//! together (`shelf`). Each changed row is written by one conditional statement, guarded by the version the decision
//! was made on: an update that does not find that version undoes the whole batch. A database engine only reads
//! and writes rows, so both databases are judged by the same tests and differ in nothing else.

mod account;
mod auto_charge;
mod book;
mod campaign;
mod campaign_read;
mod charge;
mod command;
mod credit;
mod decide;
mod digest;
mod engine;
mod event;
mod id;
mod key;
mod moment;
mod outbox;
mod plan;
mod policy;
mod postgres;
mod queue;
mod quote;
mod read;
mod reconcile;
mod refusal;
mod shelf;
mod sqlite;
mod table;
mod value;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use account::{Account, Configure, OpenAccount, Setting};
pub use auto_charge::{
    Attempt, AttemptOutcome, AttemptState, AutoCharge, AutoChargeRule, BeginAttempt, ClaimAttempts,
    SettleAttempt,
};
pub use campaign::{
    AddCampaignRows, CAMPAIGN_CHUNK_MAX, CAMPAIGN_ROWS_MAX, CAMPAIGNS_RUNNING_MAX, Campaign, CampaignPapers,
    CampaignRound, CampaignRow, CampaignState, DraftCampaign, DropCampaign, Funds, NewCampaignRow,
    RowSending, SendCampaign, StartCampaign, Steer, SteerCampaign, SweepCampaign,
};
pub use campaign_read::{CampaignProgress, CampaignRowSeen};
pub use charge::{
    Charge, ChargeRecord, DOCUMENT_BYTES_MAX, LINES_MAX, Line, PARTS_MAX, Part, QuoteUse, Refund, Refunded,
    RequestKey,
};
pub use command::{Answer, Beat, Command, Reply, Told};
pub use credit::{
    AMOUNT_MICROS_MAX, Application, ApplyAll, BALANCE_MICROS_MAX, Entry, EntryKind, Payment, PaymentId, TopUp,
};
pub use digest::{Digest, Digesting};
pub use event::{
    CampaignEnd, ClaimEvents, Endpoint, Event, EventBody, EventKind, EventState, SettleEvent, Webhook,
};
pub use id::{AccountId, ApplicationId, AttemptId, CampaignId, ChargeId, EventId, KeyId, QuoteId};
pub use key::{ApiKey, CreateKey, KEYS_WORKING_MAX, RevokeKey, new_secret};
pub use moment::{Clock, Moment};
pub use outbox::{ClaimMessages, Message, MessageState, Outcome, SettleMessage};
pub use plan::CLAIM_MAX;
pub use policy::Policy;
pub use quote::{KeepRateCard, KeptRateCard, LockQuote, QuoteLock};
pub use read::{Backlog, Cursor, History, HistoryEntry, PAGE_MAX, Usage};
pub use reconcile::{DISCREPANCIES_MAX, Discrepancy, Reconciliation};
pub use refusal::{Failure, OpenError, Refusal};

use self::engine::Engine;
use self::postgres::Postgres;
use self::sqlite::Sqlite;

/// The waits before a command is told again of which nobody knows whether it was done.
const TELL_AGAIN: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(250), Duration::from_millis(1_000)];

/// A ledger that is open. Its clones are the same ledger.
#[derive(Clone)]
pub struct Ledger {
    engine: Arc<dyn Engine>,
    clock: Clock,
}

/// Whether a database is given in libpq's other form, `host=db password=…`: no file is called so, and its name would be
/// shown with the password in it.
pub(crate) fn is_keywords(database: &str) -> bool {
    let keywords = ["host", "hostaddr", "port", "dbname", "user", "password", "service", "sslmode"];
    database.split_once('=').is_some_and(|(first, _)| keywords.contains(&first.trim()))
}

impl Ledger {
    /// Opens a ledger: `postgres://…` or `postgresql://…`, else the path of a file that is made at the first start.
    /// Its schema is brought up to date.
    pub async fn open(database: &str, policy: Policy) -> Result<Ledger, OpenError> {
        let clock = policy.clock.clone();
        if database.starts_with("postgres://") || database.starts_with("postgresql://") {
            let engine = Postgres::open(database, policy).await?;
            return Ok(Ledger { engine: Arc::new(engine), clock });
        }
        if is_keywords(database) {
            return Err(OpenError::new(
                "the ledger is given as keywords (host=… password=…); write postgres://USER:PASSWORD@HOST/DATABASE",
            ));
        }
        let path = Path::new(database).to_owned();
        let opening = tokio::task::spawn_blocking(move || Sqlite::open(&path, policy));
        let engine = opening.await.map_err(OpenError::new)??;
        Ok(Ledger { engine: Arc::new(engine), clock })
    }

    /// Gives commands in order. Each is judged on its own; all they did is durable before the replies come, one per
    /// command in the same order.
    pub async fn apply(&self, commands: Vec<Command>) -> Result<Vec<Reply>, Failure> {
        if commands.is_empty() { Ok(Vec::new()) } else { self.engine.apply(commands).await }
    }

    /// Gives one command.
    pub async fn tell<T: Told>(&self, command: T) -> Result<Answer<T::Done>, Failure> {
        let reply = self.apply(vec![command.command()]).await?.pop();
        reply.and_then(T::answer).ok_or_else(|| Failure::Unknown("the reply is to something else".to_owned()))
    }

    /// Gives one command, and gives it again while nobody knows whether it was done: it knows itself again, and is done
    /// once. That a later try certainly did nothing says nothing about the first one, so what was not known once is
    /// [`Unknown`](Failure::Unknown) until a try is answered.
    pub async fn insist<T: Told + Clone>(&self, command: T) -> Result<Answer<T::Done>, Failure> {
        let mut waits = TELL_AGAIN.iter();
        let mut told = self.tell(command.clone()).await;
        while let Err(unknown @ Failure::Unknown(_)) = told {
            let Some(wait) = waits.next() else { return Err(unknown) };
            tokio::time::sleep(*wait).await;
            told = match self.tell(command.clone()).await {
                Err(Failure::Unavailable(_)) => Err(unknown),
                known => known,
            };
        }
        told
    }

    /// Whether the ledger can write, now, found out by writing.
    pub async fn ready(&self) -> Result<(), Failure> {
        // A database that is away says so at once to whoever reads; a writer would wait for it to come back.
        self.backlog().await?;
        self.tell(Beat).await.map(|_| ())
    }

    /// The moment by this process's clock, for what is only shown or polled; decisions use the engine's.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.here()
    }

    /// Finishes what is waiting, takes nothing more, and lets go of the database.
    pub async fn close(&self) {
        self.engine.close().await;
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").finish_non_exhaustive()
    }
}
