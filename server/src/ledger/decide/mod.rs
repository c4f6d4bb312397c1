//! The rules: what a command does to the rows it is about. No SQL, no waiting, no clock of its own; the same for every
//! database. Each command either does all of what it says or nothing.

mod auto_charge;
mod campaign;
mod charge;
mod credit;
mod outbox;
mod setup;

use super::book::Book;
use super::command::{Command, Reply};
use super::credit::AMOUNT_MICROS_MAX;
use super::refusal::Refusal;

/// Decides one command after those before it.
pub(crate) fn decide(book: &mut Book<'_>, command: &Command) -> Reply {
    match command {
        Command::OpenAccount(c) => Reply::OpenAccount(setup::open(book, c)),
        Command::Configure(c) => Reply::Configure(setup::configure(book, c).into()),
        Command::TopUp(c) => Reply::TopUp(credit::top_up(book, c)),
        Command::Charge(c) => Reply::Charge(charge::charge(book, c)),
        Command::Refund(c) => Reply::Refund(charge::refund(book, c)),
        Command::DraftCampaign(c) => Reply::DraftCampaign(campaign::draft(book, c)),
        Command::AddCampaignRows(c) => Reply::AddCampaignRows(campaign::add_rows(book, c)),
        Command::StartCampaign(c) => Reply::StartCampaign(campaign::start(book, c)),
        Command::DropCampaign(c) => Reply::DropCampaign(campaign::give_up(book, c)),
        Command::SendCampaign(c) => Reply::SendCampaign(campaign::send(book, c)),
        Command::SteerCampaign(c) => Reply::SteerCampaign(campaign::steer(book, c)),
        Command::SweepCampaign(c) => Reply::SweepCampaign(campaign::sweep(book, c)),
        Command::ApplyAll(c) => Reply::ApplyAll(credit::apply_all(book, c)),
        Command::LockQuote(c) => Reply::LockQuote(setup::lock_quote(book, c)),
        Command::BeginAttempt(c) => Reply::BeginAttempt(auto_charge::begin(book, c)),
        Command::SettleAttempt(c) => Reply::SettleAttempt(auto_charge::settle(book, c)),
        Command::ClaimAttempts(c) => Reply::ClaimAttempts(auto_charge::claim(book, c)),
        Command::ClaimMessages(c) => Reply::ClaimMessages(outbox::claim(book, c)),
        Command::SettleMessage(c) => Reply::SettleMessage(outbox::settle(book, c)),
        Command::ClaimEvents(c) => Reply::ClaimEvents(outbox::claim_events(book, c)),
        Command::SettleEvent(c) => Reply::SettleEvent(outbox::settle_event(book, c)),
        Command::CreateKey(c) => Reply::CreateKey(setup::create_key(book, c)),
        Command::RevokeKey(c) => Reply::RevokeKey(setup::revoke_key(book, c)),
        Command::KeepRateCard(c) => Reply::KeepRateCard(setup::keep_rate_card(book, c)),
        Command::Beat(_) => Reply::Beat(setup::beat(book)),
    }
}

/// An amount that may move: more than nothing, and within reason.
fn amount(field: &str, micros: i64) -> Result<(), Refusal> {
    if (1..=AMOUNT_MICROS_MAX).contains(&micros) { Ok(()) } else { Err(Refusal::amount(field)) }
}

/// A cap or threshold: nothing, or an amount.
fn level(field: &str, micros: Option<i64>) -> Result<(), Refusal> {
    if (0..=AMOUNT_MICROS_MAX).contains(&micros.unwrap_or(0)) { Ok(()) } else { Err(Refusal::amount(field)) }
}

/// A short text, so many code points at most, without control characters.
fn text(field: &str, text: &str, max: usize) -> Result<(), Refusal> {
    let fits = (1..=max).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) { Ok(()) } else { Err(Refusal::field(field)) }
}

/// An opaque document: kept as it is, so only what no database can keep is refused.
fn document(field: &str, text: &str, bytes_max: usize) -> Result<(), Refusal> {
    if text.len() <= bytes_max && !text.contains('\0') { Ok(()) } else { Err(Refusal::field(field)) }
}

/// An idempotency key.
fn request_key(key: &str) -> Result<(), Refusal> {
    let printable = key.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    if printable && (1..=255).contains(&key.len()) { Ok(()) } else { Err(Refusal::field("idempotency key")) }
}

/// Words from outside, for people: cut, and without control characters.
fn said(reason: &str) -> String {
    reason.chars().filter(|c| !c.is_control()).take(500).collect()
}
