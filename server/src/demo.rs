//! A workspace to try things with, made when a ledger is new.

use crate::{
    http::Scope,
    ledger::{AccountId, CreateKey, Digest, KeyId, Ledger, OpenAccount, PaymentId, TopUp, new_secret},
    problem::Problem,
};

/// What the demo workspace starts with, in millionths.
const BALANCE_MICROS: i64 = 5_000_000;

/// Opens the demo workspace and gives back its key's secret; `None` where the ledger has a workspace already.
///
/// # Errors
///
/// The ledger cannot be written, or the system has no randomness.
pub async fn open(ledger: &Ledger, currency: &str) -> Result<Option<String>, Problem> {
    let failed = |why: String| Problem::new("unavailable", why);
    if !ledger.accounts(None, 1).await.map_err(|error| failed(error.to_string()))?.is_empty() {
        return Ok(None);
    }
    let secret = new_secret().ok_or_else(|| failed("the system has no randomness for a key".to_owned()))?;
    let account = AccountId::new();
    // Its credits are play money, so that its key may credit payments too.
    let scopes = Scope::OF_WORKSPACES.into_iter().chain([Scope::TopUp]);
    let commands = vec![
        crate::ledger::Command::OpenAccount(OpenAccount {
            id: account,
            name: "demo".to_owned(),
            currency: currency.to_owned(),
        }),
        crate::ledger::Command::TopUp(TopUp {
            account,
            payment: PaymentId { provider: "demo".to_owned(), payment: account.to_string() },
            amount_micros: BALANCE_MICROS,
        }),
        crate::ledger::Command::CreateKey(CreateKey {
            account,
            id: KeyId::new(),
            digest: Digest::of(secret.as_bytes()),
            label: "demo".to_owned(),
            scopes: scopes.map(|scope| scope.as_str().to_owned()).collect(),
            lifetime: None,
        }),
    ];
    ledger.apply(commands).await.map_err(|error| failed(error.to_string()))?;
    Ok(Some(secret))
}
