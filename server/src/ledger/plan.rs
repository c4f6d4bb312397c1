//! What has to be read before a batch can be decided.

use std::collections::{BTreeMap, BTreeSet};

use super::account::{Account, Setting};
use super::auto_charge::{Attempt, AutoCharge};
use super::campaign::{CAMPAIGN_CHUNK_MAX, Campaign, CampaignRow, CampaignState};
use super::charge::ChargeRecord;
use super::command::Command;
use super::credit::{Application, Payment};
use super::event::{Event, Webhook};
use super::id::{AccountId, CampaignId};
use super::key::{ApiKey, KEYS_WORKING_MAX};
use super::outbox::Message;
use super::quote::{KeptRateCard, QuoteLock};
use super::table::{Record, Table, key, record};
use super::value::{Row, Value};

record! {
    "beats", keys 1, changing;
    /// The row that is written to see whether the ledger can.
    pub(crate) struct BeatRecord {
        /// Always the same.
        pub(crate) id: i64,
        /// When.
        pub(crate) at: super::moment::Moment,
        /// Counts its changes.
        pub(crate) version: i64,
    }
}

/// The key of the one beat.
pub(crate) const BEAT: i64 = 1;

/// A way to look rows up. Accounts come first: whoever holds an account's row holds all that is decided about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lookup {
    Account,
    AutoCharge,
    Webhook,
    ChargeById,
    ChargeByKey,
    MessagesOfCharge,
    Payment,
    CampaignById,
    CampaignByKey,
    CampaignsOfState,
    CampaignRow,
    Application,
    Attempt,
    Quote,
    KeyByDigest,
    KeyById,
    KeysToCount,
    RateCard,
    Event,
    Beat,
}

impl Lookup {
    pub(crate) const fn table(self) -> &'static Table {
        match self {
            Lookup::Account => Account::TABLE,
            Lookup::AutoCharge => AutoCharge::TABLE,
            Lookup::Webhook => Webhook::TABLE,
            Lookup::ChargeById | Lookup::ChargeByKey => ChargeRecord::TABLE,
            Lookup::MessagesOfCharge => Message::TABLE,
            Lookup::Payment => Payment::TABLE,
            Lookup::CampaignById | Lookup::CampaignByKey | Lookup::CampaignsOfState => Campaign::TABLE,
            Lookup::CampaignRow => CampaignRow::TABLE,
            Lookup::Application => Application::TABLE,
            Lookup::Attempt => Attempt::TABLE,
            Lookup::Quote => QuoteLock::TABLE,
            Lookup::KeyByDigest | Lookup::KeyById | Lookup::KeysToCount => ApiKey::TABLE,
            Lookup::RateCard => KeptRateCard::TABLE,
            Lookup::Event => Event::TABLE,
            Lookup::Beat => BeatRecord::TABLE,
        }
    }

    /// The columns rows are looked up by.
    pub(crate) const fn by(self) -> &'static [&'static str] {
        match self {
            Lookup::Account | Lookup::RateCard | Lookup::Beat => &["id"],
            Lookup::AutoCharge | Lookup::Webhook | Lookup::KeysToCount => &["account_id"],
            Lookup::ChargeById
            | Lookup::CampaignById
            | Lookup::Attempt
            | Lookup::Quote
            | Lookup::KeyById
            | Lookup::Event => &["account_id", "id"],
            Lookup::ChargeByKey | Lookup::CampaignByKey | Lookup::Application => {
                &["account_id", "idempotency_key"]
            }
            Lookup::CampaignsOfState => &["account_id", "state"],
            Lookup::CampaignRow => &["account_id", "campaign_id", "number"],
            Lookup::MessagesOfCharge => &["account_id", "charge_id"],
            Lookup::Payment => &["provider", "payment"],
            Lookup::KeyByDigest => &["digest"],
        }
    }

    /// Of the rows with those columns only these, where there may be any number.
    pub(crate) const fn among(self) -> Option<Among> {
        match self {
            // Those that work longest: if so many work, they are these, however many have ended.
            Lookup::KeysToCount => {
                Some(Among { unset: "revoked_at", latest: "expires_at", limit: KEYS_WORKING_MAX })
            }
            _ => None,
        }
    }

    /// Whether rows may be changed by somebody who does not hold the account's row, so that they have to be held
    /// themselves: those that claims take without asking for the account.
    pub(crate) const fn held(self) -> bool {
        matches!(
            self,
            Lookup::Account | Lookup::MessagesOfCharge | Lookup::Attempt | Lookup::Event | Lookup::Beat
        )
    }
}

/// The rows in which one moment is unset and another is the latest; unset is later than any.
#[derive(Clone, Copy)]
pub(crate) struct Among {
    unset: &'static str,
    latest: &'static str,
    limit: usize,
}

impl Among {
    /// The end of a `SELECT`, for both databases; their indexes are made for it.
    pub(crate) fn sql(self) -> String {
        let Among { unset, latest, limit } = self;
        format!("{unset} IS NULL ORDER BY COALESCE({latest}, {}) DESC LIMIT {limit}", i64::MAX)
    }
}

/// What has to be read.
#[derive(Default)]
pub(crate) struct Plan {
    /// Rows by their keys.
    pub(crate) wants: BTreeMap<Lookup, BTreeSet<Row>>,
    /// So many rows at most that are due.
    pub(crate) due: Vec<(&'static Table, i64)>,
}

/// The most one claim takes.
pub const CLAIM_MAX: i64 = 1_000;

impl Plan {
    pub(crate) fn of<'a>(commands: impl IntoIterator<Item = &'a Command>) -> Plan {
        let mut plan = Plan::default();
        for command in commands {
            plan.add(command);
        }
        plan
    }

    fn want(&mut self, lookup: Lookup, key: Row) {
        // PostgreSQL cannot even be asked for such a text: nothing is stored under it, and the command is refused later.
        if key.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            return;
        }
        self.wants.entry(lookup).or_default().insert(key);
    }

    fn account(&mut self, id: AccountId) {
        self.want(Lookup::Account, key![id]);
    }

    fn campaign(&mut self, account: AccountId, id: CampaignId) {
        self.account(account);
        self.want(Lookup::CampaignById, key![account, id]);
    }

    /// So many rows of a campaign, from one on.
    fn campaign_rows(&mut self, account: AccountId, id: CampaignId, from: i64, limit: i64) {
        for number in from..from.saturating_add(limit) {
            self.want(Lookup::CampaignRow, key![account, id, number]);
        }
    }

    fn claim(&mut self, table: &'static Table, limit: i64) {
        let limit = limit.clamp(0, CLAIM_MAX);
        match self.due.iter_mut().find(|(other, _)| other.name == table.name) {
            Some((_, sum)) => *sum = sum.saturating_add(limit),
            None => self.due.push((table, limit)),
        }
    }

    fn add(&mut self, command: &Command) {
        match command {
            Command::OpenAccount(c) => self.account(c.id),
            Command::Configure(c) => {
                self.account(c.account);
                match &c.setting {
                    Setting::AutoCharge(_) => self.want(Lookup::AutoCharge, key![c.account]),
                    Setting::Webhook(_) => self.want(Lookup::Webhook, key![c.account]),
                    _ => {}
                }
            }
            Command::TopUp(c) => {
                self.account(c.account);
                self.want(Lookup::Payment, key![c.payment.provider, c.payment.payment]);
            }
            Command::Charge(c) => {
                self.account(c.account);
                self.want(Lookup::ChargeById, key![c.account, c.id]);
                if let Some(request) = &c.key {
                    self.want(Lookup::ChargeByKey, key![c.account, request.key]);
                }
                if let Some(quote) = &c.quote {
                    self.want(Lookup::Quote, key![c.account, quote.id]);
                }
            }
            Command::Refund(c) => {
                self.account(c.account);
                self.want(Lookup::ChargeById, key![c.account, c.charge]);
                self.want(Lookup::MessagesOfCharge, key![c.account, c.charge]);
            }
            Command::DraftCampaign(c) => self.campaign(c.account, c.id),
            Command::AddCampaignRows(c) => self.campaign(c.account, c.id),
            Command::StartCampaign(c) => {
                self.campaign(c.account, c.id);
                self.want(Lookup::CampaignByKey, key![c.account, c.key.key]);
                for state in [CampaignState::Sending, CampaignState::Paused] {
                    self.want(Lookup::CampaignsOfState, key![c.account, state]);
                }
            }
            Command::DropCampaign(c) => self.campaign(c.account, c.id),
            Command::SendCampaign(c) => {
                self.campaign(c.account, c.id);
                self.campaign_rows(c.account, c.id, c.from, c.look.clamp(0, CLAIM_MAX));
            }
            Command::SteerCampaign(c) => self.campaign(c.account, c.id),
            Command::SweepCampaign(c) => {
                self.campaign(c.account, c.id);
                let limit = i64::try_from(CAMPAIGN_CHUNK_MAX).unwrap_or(CLAIM_MAX);
                self.campaign_rows(c.account, c.id, c.from, limit);
            }
            Command::ApplyAll(c) => {
                self.account(c.account);
                self.want(Lookup::Application, key![c.account, c.key.key]);
            }
            Command::LockQuote(c) => {
                self.account(c.account);
                self.want(Lookup::Quote, key![c.account, c.id]);
            }
            Command::BeginAttempt(c) => {
                self.account(c.account);
                self.want(Lookup::AutoCharge, key![c.account]);
                self.want(Lookup::Attempt, key![c.account, c.id]);
            }
            Command::SettleAttempt(c) => {
                self.account(c.account);
                self.want(Lookup::AutoCharge, key![c.account]);
                self.want(Lookup::Attempt, key![c.account, c.id]);
                if let super::auto_charge::AttemptOutcome::Succeeded { payment, .. } = &c.outcome {
                    self.want(Lookup::Payment, key![payment.provider, payment.payment]);
                }
            }
            Command::ClaimAttempts(c) => self.claim(Attempt::TABLE, c.limit),
            Command::ClaimMessages(c) => self.claim(Message::TABLE, c.limit),
            Command::SettleMessage(c) => {
                self.account(c.account);
                self.want(Lookup::ChargeById, key![c.account, c.charge]);
                self.want(Lookup::MessagesOfCharge, key![c.account, c.charge]);
            }
            Command::ClaimEvents(c) => self.claim(Event::TABLE, c.limit),
            Command::SettleEvent(c) => self.want(Lookup::Event, key![c.account, c.id]),
            Command::CreateKey(c) => {
                self.account(c.account);
                self.want(Lookup::KeyByDigest, key![c.digest]);
                self.want(Lookup::KeyById, key![c.account, c.id]);
                self.want(Lookup::KeysToCount, key![c.account]);
            }
            Command::RevokeKey(c) => self.want(Lookup::KeyById, key![c.account, c.id]),
            Command::KeepRateCard(c) => self.want(Lookup::RateCard, key![c.id]),
            Command::Beat(_) => self.want(Lookup::Beat, key![BEAT]),
        }
    }
}
