//! `textmeter workspace open|list|subscription`

use std::fmt::Write as _;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Said, account, done, failed};
use crate::{
    http::amount,
    ledger::{Account, AccountId, Configure, Ledger, OpenAccount, Setting},
    problem::Problem,
};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Open a workspace with a balance of nothing
    Open {
        /// What people call it
        name: String,
        /// ISO 4217, three capital letters; as the rate card's
        #[arg(long, default_value = "USD")]
        currency: String,
    },
    /// List the workspaces with their balances
    List,
    /// Say whether a workspace's subscription is active; without one nothing is sent
    Subscription {
        /// The workspace: its id or its name
        workspace: String,
        /// on or off
        state: State,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum State {
    On,
    Off,
}

/// How many workspaces are read at once.
const PAGE: i64 = 200;

pub(super) async fn run(ledger: Ledger, command: Command) -> Result<Said, Problem> {
    match command {
        Command::Open { name, currency } => {
            let opened = done(ledger.tell(OpenAccount { id: AccountId::new(), name, currency }).await)?;
            Ok(Said::well(format!("{}  {}\n", opened.id, opened.name.escape_debug()), shown(&opened)))
        }
        Command::Subscription { workspace, state } => {
            let account = account(&ledger, &workspace).await?.id;
            let setting = Setting::SubscriptionActive(matches!(state, State::On));
            let changed = done(ledger.tell(Configure { account, setting }).await)?;
            let word = if changed.subscription_active { "active" } else { "inactive" };
            Ok(Said::well(format!("{}: the subscription is {word}\n", changed.id), shown(&changed)))
        }
        Command::List => {
            let (mut text, mut all, mut last) = (String::new(), Vec::new(), None);
            loop {
                let page = ledger.accounts(last, PAGE).await.map_err(failed)?;
                let Some(end) = page.last() else { break };
                last = Some(end.id);
                for account in &page {
                    let name = account.name.escape_debug();
                    let balance = amount(account.balance_micros);
                    // Writing to a string cannot fail.
                    let _ = writeln!(text, "{}  {balance:>14} {}  {name}", account.id, account.currency);
                    all.push(shown(account));
                }
            }
            Ok(Said::well(text, json!(all)))
        }
    }
}

fn shown(account: &Account) -> serde_json::Value {
    json!({
        "id": account.id.to_string(),
        "name": account.name,
        "currency": account.currency,
        "balance": amount(account.balance_micros),
        "held": amount(account.held_micros),
        "subscription_active": account.subscription_active,
    })
}
