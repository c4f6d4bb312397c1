//! `textmeter key create|list|revoke`

use std::{fmt::Write as _, time::Duration};

use clap::Subcommand;
use serde_json::{Value, json};

use super::{Said, account, done, failed};
use crate::{
    http::{Scope, moment},
    ledger::{AccountId, ApiKey, CreateKey, Digest, Failure, KeyId, Ledger, PAGE_MAX, RevokeKey, new_secret},
    problem::Problem,
};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Make an API key; its secret is shown only now
    Create {
        /// The workspace: its id or its name
        workspace: String,
        /// What people call it
        #[arg(long, default_value = "key")]
        label: String,
        /// What it may do: send, read, credits, manage, top-up, operate
        #[arg(long, value_delimiter = ',', default_value = "send,read")]
        scopes: Vec<String>,
        /// For how many days it works; for ever if left out
        #[arg(long, value_name = "DAYS")]
        expires_in: Option<u32>,
    },
    /// List a workspace's keys, newest first, without their secrets
    List {
        /// The workspace: its id or its name
        workspace: String,
        /// Also those that were revoked or have expired
        #[arg(long)]
        all: bool,
    },
    /// Stop a key from working, at once and for good
    Revoke {
        /// The workspace: its id or its name
        workspace: String,
        /// The key's id, as `list` shows it
        key: String,
    },
}

const DAY: Duration = Duration::from_secs(86_400);

pub(super) async fn run(ledger: Ledger, command: Command) -> Result<Said, Problem> {
    match command {
        Command::Create { workspace, label, scopes, expires_in } => {
            if let Some(unknown) = scopes.iter().find(|scope| Scope::parse(scope).is_none()) {
                let message = format!(
                    "there is no scope {}; known are send, read, credits, manage, top-up, operate",
                    unknown.escape_debug()
                );
                return Err(Problem::new("unknown-scope", message));
            }
            let account = account(&ledger, &workspace).await?.id;
            let no_randomness = || Problem::new("unavailable", "the system has no randomness for a key");
            let secret = new_secret().ok_or_else(no_randomness)?;
            let created = CreateKey {
                account,
                id: KeyId::new(),
                digest: Digest::of(secret.as_bytes()),
                label,
                scopes,
                lifetime: expires_in.map(|days| DAY * days),
            };
            let key = done(ledger.tell(created).await)?;
            let mut json = shown(&key);
            if let Value::Object(fields) = &mut json {
                fields.insert("secret".to_owned(), Value::String(secret.clone()));
            }
            let unheard =
                format!("the key {} was made, and nobody has its secret: revoke it and make another", key.id);
            Ok(Said { unheard: Some(unheard), ..Said::well(format!("{secret}\n"), json) })
        }
        Command::List { workspace, all } => {
            let account = account(&ledger, &workspace).await?.id;
            let keys =
                if all { all_keys(&ledger, account).await } else { ledger.working_keys(account).await };
            let keys = keys.map_err(failed)?;
            let mut text = String::new();
            for key in &keys {
                let state = if key.works_at(ledger.now()) { "works" } else { "stopped" };
                // Writing to a string cannot fail.
                let _ = writeln!(
                    text,
                    "{}  {state:8} {}  {}",
                    key.id,
                    key.scopes.join(","),
                    key.label.escape_debug()
                );
            }
            Ok(Said::well(text, keys.iter().map(shown).collect()))
        }
        Command::Revoke { workspace, key } => {
            let account = account(&ledger, &workspace).await?.id;
            let unknown =
                |_| Problem::new("not-found", "a key's id is what `textmeter key list` shows first");
            let id: KeyId = key.parse().map_err(unknown)?;
            let revoked = done(ledger.tell(RevokeKey { account, id }).await)?;
            Ok(Said::well(format!("{} was revoked\n", revoked.id), shown(&revoked)))
        }
    }
}

async fn all_keys(ledger: &Ledger, account: AccountId) -> Result<Vec<ApiKey>, Failure> {
    let mut keys = Vec::new();
    loop {
        let page = ledger.keys(account, keys.last().map(|key: &ApiKey| key.id), PAGE_MAX).await?;
        if page.is_empty() {
            return Ok(keys);
        }
        keys.extend(page);
    }
}

fn shown(key: &ApiKey) -> Value {
    json!({
        "id": key.id.to_string(),
        "label": key.label,
        "scopes": key.scopes,
        "created_at": moment(key.created_at.micros()),
        "expires_at": key.expires_at.map(|at| moment(at.micros())),
        "revoked_at": key.revoked_at.map(|at| moment(at.micros())),
    })
}
