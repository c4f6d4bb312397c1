//! What a transaction knows: the rows it read, and what was decided on them so far.

use std::collections::{BTreeMap, VecDeque};

use super::account::Account;
use super::auto_charge::{Attempt, AutoCharge};
use super::campaign::{Campaign, CampaignPapers, CampaignRow};
use super::charge::ChargeRecord;
use super::credit::{Application, Entry, EntryKind, Payment};
use super::event::{Event, EventBody, EventState, Webhook};
use super::id::{AccountId, ChargeId, EventId};
use super::key::ApiKey;
use super::moment::Moment;
use super::outbox::Message;
use super::plan::BeatRecord;
use super::policy::Policy;
use super::quote::{KeptRateCard, QuoteLock};
use super::refusal::Refusal;
use super::shelf::{Shelf, Write};
use super::table::{Record, Table, key};
use super::value::{Row, Unreadable};

/// The rows of one transaction.
pub(crate) struct Book<'a> {
    pub(crate) now: Moment,
    pub(crate) policy: &'a Policy,
    pub(crate) accounts: Shelf<Account>,
    pub(crate) auto_charges: Shelf<AutoCharge>,
    pub(crate) webhooks: Shelf<Webhook>,
    pub(crate) entries: Shelf<Entry>,
    pub(crate) charges: Shelf<ChargeRecord>,
    pub(crate) messages: Shelf<Message>,
    pub(crate) payments: Shelf<Payment>,
    pub(crate) campaigns: Shelf<Campaign>,
    pub(crate) campaign_papers: Shelf<CampaignPapers>,
    pub(crate) campaign_rows: Shelf<CampaignRow>,
    pub(crate) applications: Shelf<Application>,
    pub(crate) attempts: Shelf<Attempt>,
    pub(crate) quotes: Shelf<QuoteLock>,
    pub(crate) keys: Shelf<ApiKey>,
    pub(crate) rate_cards: Shelf<KeptRateCard>,
    pub(crate) events: Shelf<Event>,
    pub(crate) beats: Shelf<BeatRecord>,
    charge_keys: BTreeMap<(AccountId, String), ChargeId>,
    due: BTreeMap<&'static str, VecDeque<Row>>,
}

/// A movement of money, not yet made.
pub(crate) struct Movement {
    pub(crate) kind: EntryKind,
    /// What comes in (positive) or goes out (negative).
    pub(crate) amount_micros: i64,
    pub(crate) charge: Option<ChargeId>,
    pub(crate) reference: Option<String>,
}

impl Book<'_> {
    pub(crate) fn new(now: Moment, policy: &Policy) -> Book<'_> {
        Book {
            now,
            policy,
            accounts: Shelf::default(),
            auto_charges: Shelf::default(),
            webhooks: Shelf::default(),
            entries: Shelf::default(),
            charges: Shelf::default(),
            messages: Shelf::default(),
            payments: Shelf::default(),
            campaigns: Shelf::default(),
            campaign_papers: Shelf::default(),
            campaign_rows: Shelf::default(),
            applications: Shelf::default(),
            attempts: Shelf::default(),
            quotes: Shelf::default(),
            keys: Shelf::default(),
            rate_cards: Shelf::default(),
            events: Shelf::default(),
            beats: Shelf::default(),
            charge_keys: BTreeMap::new(),
            due: BTreeMap::new(),
        }
    }

    /// Takes in rows as the database has them.
    pub(crate) fn keep(&mut self, table: &Table, rows: Vec<Row>) -> Result<(), Unreadable> {
        for row in rows {
            match table.name {
                "accounts" => self.accounts.keep(Account::read(row)?),
                "auto_charges" => self.auto_charges.keep(AutoCharge::read(row)?),
                "webhooks" => self.webhooks.keep(Webhook::read(row)?),
                "charges" => {
                    let charge = ChargeRecord::read(row)?;
                    self.remember_key(&charge);
                    self.charges.keep(charge);
                }
                "outbox" => self.messages.keep(Message::read(row)?),
                "payments" => self.payments.keep(Payment::read(row)?),
                "campaigns" => self.campaigns.keep(Campaign::read(row)?),
                "campaign_rows" => self.campaign_rows.keep(CampaignRow::read(row)?),
                "applications" => self.applications.keep(Application::read(row)?),
                "attempts" => self.attempts.keep(Attempt::read(row)?),
                "quotes" => self.quotes.keep(QuoteLock::read(row)?),
                "api_keys" => self.keys.keep(ApiKey::read(row)?),
                "rate_cards" => self.rate_cards.keep(KeptRateCard::read(row)?),
                "events" => self.events.keep(Event::read(row)?),
                "beats" => self.beats.keep(BeatRecord::read(row)?),
                _ => return Err(Unreadable),
            }
        }
        Ok(())
    }

    /// Takes in rows that are due, in their order.
    pub(crate) fn keep_due(&mut self, table: &Table, rows: Vec<Row>) -> Result<(), Unreadable> {
        for row in &rows {
            let key = row.get(..table.keys).ok_or(Unreadable)?.to_vec();
            self.due.entry(table.name).or_default().push_back(key);
        }
        self.keep(table, rows)
    }

    /// The key of the next row that was read as due.
    pub(crate) fn next_due(&mut self, table: &Table) -> Option<Row> {
        self.due.get_mut(table.name)?.pop_front()
    }

    /// What has to be written.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let mut writes = Vec::new();
        self.accounts.writes(&mut writes);
        self.auto_charges.writes(&mut writes);
        self.webhooks.writes(&mut writes);
        self.entries.writes(&mut writes);
        self.charges.writes(&mut writes);
        self.messages.writes(&mut writes);
        self.payments.writes(&mut writes);
        self.campaigns.writes(&mut writes);
        self.campaign_papers.writes(&mut writes);
        self.campaign_rows.writes(&mut writes);
        self.applications.writes(&mut writes);
        self.attempts.writes(&mut writes);
        self.quotes.writes(&mut writes);
        self.keys.writes(&mut writes);
        self.rate_cards.writes(&mut writes);
        self.events.writes(&mut writes);
        self.beats.writes(&mut writes);
        writes
    }

    /// The account.
    pub(crate) fn account(&self, id: AccountId) -> Result<&Account, Refusal> {
        self.accounts.get(&key![id]).ok_or_else(|| Refusal::no("account"))
    }

    /// The account's present moment: the ledger's, or the last one of the account when the clock was set back a little.
    /// One that was set back by days had been wrong: an account that followed it ahead would stand still until then, its
    /// caps and waits with it.
    pub(crate) fn moment(&self, id: AccountId) -> Moment {
        let last = self.accounts.get(&key![id]).map(|account| account.touched_at);
        last.filter(|last| !last.is_astray(self.now)).map_or(self.now, |last| self.now.max(last))
    }

    /// The account, to be changed.
    pub(crate) fn change_account(&mut self, id: AccountId) -> Result<&mut Account, Refusal> {
        let now = self.moment(id);
        let account = self.accounts.change(&key![id]).ok_or_else(|| Refusal::no("account"))?;
        account.touched_at = now;
        Ok(account)
    }

    /// The charge of an idempotency key.
    pub(crate) fn charge_by_key(&self, account: AccountId, key: &str) -> Option<&ChargeRecord> {
        let id = self.charge_keys.get(&(account, key.to_owned()))?;
        self.charges.get(&key![account, *id])
    }

    /// Puts a new charge.
    pub(crate) fn put_charge(&mut self, charge: ChargeRecord) {
        self.remember_key(&charge);
        self.charges.put(charge);
    }

    fn remember_key(&mut self, charge: &ChargeRecord) {
        if let Some(key) = &charge.idempotency_key {
            self.charge_keys.insert((charge.account_id, key.clone()), charge.id);
        }
    }

    /// Tells an event.
    pub(crate) fn tell(&mut self, account_id: AccountId, body: EventBody) {
        let now = self.moment(account_id);
        self.events.put(Event {
            account_id,
            id: EventId::new(),
            kind: body.kind(),
            body,
            state: EventState::Queued,
            attempts: 0,
            // By the clock that claims go by: the account's moment may be ahead of it when it was set back.
            due_at: Some(self.now),
            reason: None,
            created_at: now,
            version: 1,
        });
    }

    /// Moves money: the only place that does. The balance and its journal change together or not at all, the balance
    /// is never below what is held of it, and a crossing of the low-balance threshold is told here, once.
    pub(crate) fn post(&mut self, id: AccountId, movement: Movement) -> Result<Entry, Refusal> {
        let now = self.moment(id);
        let account = self.account(id)?;
        let balance_micros =
            account.balance_micros.checked_add(movement.amount_micros).ok_or(Refusal::BalanceTooLarge)?;
        if balance_micros < account.held_micros || movement.amount_micros == 0 {
            return Err(Refusal::amount("amount"));
        }
        let entry = Entry {
            account_id: id,
            seq: account.entry_seq.checked_add(1).ok_or(Refusal::BalanceTooLarge)?,
            kind: movement.kind,
            amount_micros: movement.amount_micros,
            balance_micros,
            charge_id: movement.charge,
            reference: movement.reference,
            at: now,
        };
        let account = self.change_account(id)?;
        account.balance_micros = balance_micros;
        account.entry_seq = entry.seq;
        if movement.amount_micros > 0 {
            account.out_of_credit_since = None;
        }
        self.entries.put(entry.clone());
        self.watch_level(id)?;
        Ok(entry)
    }

    /// Holds so much more of the balance, or (below nothing) lets so much of it go. It moves no money and is no entry.
    pub(crate) fn hold(&mut self, id: AccountId, amount_micros: i64) -> Result<(), Refusal> {
        let account = self.account(id)?;
        let held_micros = account.held_micros.saturating_add(amount_micros);
        if !(0..=account.balance_micros).contains(&held_micros) {
            return Err(Refusal::amount("hold"));
        }
        let account = self.change_account(id)?;
        account.held_micros = held_micros;
        if amount_micros < 0 {
            account.out_of_credit_since = None;
        }
        self.watch_level(id)
    }

    /// Tells that there is little left to spend when that has come to be, once, until there is enough again.
    pub(crate) fn watch_level(&mut self, id: AccountId) -> Result<(), Refusal> {
        let account = self.account(id)?;
        let (balance_micros, held_micros) = (account.balance_micros, account.held_micros);
        let available_micros = account.available_micros();
        let below = account.low_balance_micros.filter(|threshold| available_micros < *threshold);
        if below.is_some() == account.low_balance_told {
            return Ok(());
        }
        self.change_account(id)?.low_balance_told = below.is_some();
        if let Some(threshold_micros) = below {
            self.tell(id, EventBody::BalanceLow { balance_micros, held_micros, threshold_micros });
        }
        Ok(())
    }
}
