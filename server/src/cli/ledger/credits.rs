//! `textmeter credits top-up|balance|apply|refund|history`

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::{Value, json};
use textmeter::Money;

use super::{Said, account, done, failed};
use crate::{
    http::{amount, moment},
    ledger::{
        ApplicationId, ApplyAll, Digest, HistoryEntry, Ledger, PAGE_MAX, PaymentId, Refund, RequestKey, TopUp,
    },
    problem::Problem,
};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Credit a payment, once, however often it is told
    TopUp {
        /// The workspace: its id or its name
        workspace: String,
        /// How much, as in 25.00
        amount: String,
        /// The payment's name, unique for its provider: telling it again credits nothing
        #[arg(long)]
        payment: String,
        /// Who took the payment
        #[arg(long, default_value = "manual")]
        provider: String,
    },
    /// Show a workspace's balance
    Balance {
        /// The workspace: its id or its name
        workspace: String,
    },
    /// Use all credits towards the subscription; there is no partial amount
    Apply {
        /// The workspace: its id or its name
        workspace: String,
        /// An idempotency key: the same one applies once
        #[arg(long)]
        key: String,
    },
    /// Give back what is left of a charge, once: for a message whose outcome stayed unknown, say
    Refund {
        /// The workspace: its id or its name
        workspace: String,
        /// The charge's id, as the answer and the history show it
        charge: String,
        /// Why, for the history
        #[arg(long)]
        reason: String,
    },
    /// Show what moved money, newest first
    History {
        /// The workspace: its id or its name
        workspace: String,
        /// At most so many entries
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
}

pub(super) async fn run(ledger: Ledger, command: Command) -> Result<Said, Problem> {
    match command {
        Command::TopUp { workspace, amount: typed, payment, provider } => {
            let invalid = || {
                Problem::new(
                    "invalid-amount",
                    "write an amount above 0 with at most six decimals, as in 25.00",
                )
            };
            let micros = Money::parse(&typed).and_then(|amount| i64::try_from(amount.to_micros()).ok());
            let account = account(&ledger, &workspace).await?.id;
            let payment = PaymentId { provider, payment };
            let top_up = TopUp { account, payment, amount_micros: micros.ok_or_else(invalid)? };
            let paid = done(ledger.tell(top_up).await)?;
            let balance = amount(paid.balance_micros);
            let json = json!({ "amount": amount(paid.amount_micros), "balance": balance });
            Ok(Said::well(
                format!("credited {}; the balance is {balance}\n", amount(paid.amount_micros)),
                json,
            ))
        }
        Command::Balance { workspace } => {
            let account = account(&ledger, &workspace).await?;
            let (balance, held) = (amount(account.balance_micros), amount(account.held_micros));
            let available = amount(account.available_micros());
            let text = match account.held_micros {
                0 => format!("{balance} {}\n", account.currency),
                _ => {
                    let currency = &account.currency;
                    format!(
                        "{balance} {currency}, of which {held} is held for campaigns and {available} can be spent\n"
                    )
                }
            };
            let json = json!({
                "balance": balance,
                "held": held,
                "available": available,
                "currency": account.currency,
            });
            Ok(Said::well(text, json))
        }
        Command::Apply { workspace, key } => {
            let account = account(&ledger, &workspace).await?.id;
            let key = RequestKey { key, body: Digest::of(b"subscription") };
            let applied = done(ledger.tell(ApplyAll { account, id: ApplicationId::new(), key }).await)?;
            let used = amount(applied.amount_micros);
            Ok(Said::well(format!("applied {used} to the subscription\n"), json!({ "applied": used })))
        }
        Command::Refund { workspace, charge, reason } => {
            let account = account(&ledger, &workspace).await?.id;
            let not_found = |_| Problem::new("not-found", "this is no charge's id; the history shows them");
            let refund = Refund { account, charge: charge.parse().map_err(not_found)?, reason };
            let refunded = done(ledger.tell(refund).await)?;
            let (back, balance) = (amount(refunded.amount_micros), amount(refunded.balance_micros));
            let json = json!({ "refunded": back, "balance": balance });
            Ok(Said::well(format!("gave back {back} in all; the balance is {balance}\n"), json))
        }
        Command::History { workspace, limit } => history(&ledger, &workspace, limit).await,
    }
}

async fn history(ledger: &Ledger, workspace: &str, limit: i64) -> Result<Said, Problem> {
    let account = account(ledger, workspace).await?.id;
    let (mut text, mut all, mut cursor, mut left) = (String::new(), Vec::new(), None, limit.max(0));
    while left > 0 {
        let page = ledger.history(account, cursor, left.min(PAGE_MAX)).await.map_err(failed)?;
        left -= i64::try_from(page.entries.len()).unwrap_or(left);
        for HistoryEntry { entry, .. } in &page.entries {
            let (moved, balance) = (amount(entry.amount_micros), amount(entry.balance_micros));
            let at = moment(entry.at.micros());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{at:32} {:12} {moved:>14} {balance:>14}", entry.kind.as_str());
            all.push(json!({
                "seq": entry.seq,
                "kind": entry.kind.as_str(),
                "amount": moved,
                "balance": balance,
                "at": at,
                "charge_id": entry.charge_id.map(|id| id.to_string()),
                "reference": entry.reference,
            }));
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(Said::well(text, Value::Array(all)))
}
