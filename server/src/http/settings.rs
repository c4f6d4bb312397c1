//! `GET` and `PATCH /v1/settings`: the rules a workspace sets for itself.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answers::HttpProblem,
    caller::{MayManage, MayRead},
    fields::{Amount, Level, Sum, When},
    reading::{Document, Object, changed, invalid, named},
};
use crate::{
    app::App,
    ledger::{
        AMOUNT_MICROS_MAX, Account, Attempt, AutoCharge, AutoChargeRule, Command, Configure, Reply, Setting,
    },
};

/// How many of the latest attempts of auto-charge are shown.
const ATTEMPTS_SHOWN: i64 = 10;

/// The rules of a workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct Settings {
    /// The workspace.
    id: Uuid,
    /// What people call it.
    name: String,
    /// ISO 4217: of all its amounts.
    #[schema(example = "USD")]
    currency: String,
    /// Whether the subscription is active; those who run the service switch it.
    subscription_active: bool,
    /// Below which `balance.low` is told, once per crossing.
    low_balance_threshold: Option<Amount>,
    /// The most that may be spent.
    spend_caps: Caps,
    /// When payments are taken without being asked; null when it is off.
    auto_charge: Option<AutoChargeShown>,
}

/// The most that may be spent in a period, UTC; null: no cap.
#[derive(Serialize, ToSchema)]
struct Caps {
    /// In a day.
    day: Option<Amount>,
    /// In a month.
    month: Option<Amount>,
}

/// Auto-charge and where it stands.
#[derive(Serialize, ToSchema)]
struct AutoChargeShown {
    /// A payment is due while the balance and what is on its way are together below this.
    threshold: Amount,
    /// What a payment is a multiple of.
    amount: Amount,
    /// The most to take in a month, UTC.
    month_cap: Amount,
    /// What was taken this month, or is on its way.
    month_taken: Amount,
    /// What is on its way.
    pending: Amount,
    /// How many payments were declined in a row.
    failures: i64,
    /// Whether it gave up after too many; setting the rule again starts it again.
    stopped: bool,
    /// No payment is asked for before this.
    not_before: When,
    /// The latest attempts, newest first.
    attempts: Vec<AttemptShown>,
}

/// An attempt of auto-charge.
#[derive(Serialize, ToSchema)]
struct AttemptShown {
    /// Its id: the idempotency key towards the payment service.
    id: Uuid,
    /// How much it was to bring.
    amount: Amount,
    /// Whether the month's cap cut it.
    clamped: bool,
    /// `pending`, `unknown`, `succeeded` or `declined`.
    #[schema(example = "succeeded")]
    state: String,
    /// Who took the payment.
    provider: Option<String>,
    /// What they call it.
    payment: Option<String>,
    /// Why it was declined, or is not known.
    reason: Option<String>,
    /// When it began.
    created_at: When,
    /// When its outcome was known.
    settled_at: Option<When>,
}

/// What to change. What is left out stays as it is; null turns a rule off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsChange {
    /// What people call it: 1 to 200 characters, none of them a control character.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$")]
    name: Option<String>,
    /// Below which `balance.low` is told, once per crossing.
    #[serde(default, deserialize_with = "changed")]
    #[schema(value_type = Option<Level>)]
    low_balance_threshold: Option<Option<Level>>,
    /// The most that may be spent.
    #[serde(default, deserialize_with = "changed")]
    #[schema(value_type = Option<CapsChange>)]
    spend_caps: Option<Option<Object<CapsChange>>>,
    /// When to take payments without being asked, as a whole; null turns it off.
    #[serde(default, deserialize_with = "changed")]
    #[schema(value_type = Option<AutoChargeChange>)]
    auto_charge: Option<Option<Object<AutoChargeChange>>>,
}

/// Caps to change. What is left out stays as it is; null takes a cap away; `"0"` lets nothing be spent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CapsChange {
    /// In a day, UTC.
    #[serde(default, deserialize_with = "changed")]
    #[schema(value_type = Option<Level>)]
    day: Option<Option<Level>>,
    /// In a month, UTC.
    #[serde(default, deserialize_with = "changed")]
    #[schema(value_type = Option<Level>)]
    month: Option<Option<Level>>,
}

/// When to take a payment and how much.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AutoChargeChange {
    /// A payment is due while the balance and what is on its way are together below this.
    threshold: Sum,
    /// What a payment is a multiple of: as many as close the gap to the threshold, one at least.
    amount: Sum,
    /// The most to take in a month, UTC: at least `amount`.
    month_cap: Sum,
}

/// See the settings
///
/// The workspace's rules: its name, its low-balance threshold, its spend caps, and auto-charge with its latest attempts.
#[utoipa::path(get, path = "/v1/settings", tag = "workspace", operation_id = "settings",
    security(("key" = ["read"]), ("bearer" = ["read"])),
    responses((status = 200, description = "The settings", body = Settings)))]
pub(super) async fn show(
    State(app): State<App>,
    MayRead(caller): MayRead,
) -> Result<Json<Settings>, HttpProblem> {
    Ok(Json(settings(&app, caller.workspace().clone()).await?))
}

/// Change the settings
///
/// What is left out stays as it is, null turns a rule off. All changes are made or none.
#[utoipa::path(patch, path = "/v1/settings", tag = "workspace", operation_id = "change_settings",
    security(("key" = ["manage"]), ("bearer" = ["manage"])),
    request_body = SettingsChange,
    responses((status = 200, description = "The settings as they are now", body = Settings)))]
pub(super) async fn change(
    State(app): State<App>,
    MayManage(caller): MayManage,
    Document(change): Document<SettingsChange>,
) -> Result<Json<Settings>, HttpProblem> {
    let changes = read_changes(change)?;
    let configure = |setting| Command::Configure(Configure { account: caller.account(), setting });
    for reply in app.ledger.apply(changes.into_iter().map(configure).collect()).await? {
        if let Reply::Configure(answer) = reply {
            answer.outcome?;
        }
    }
    app.bell.ring();
    let account = caller.workspace_now(&app).await?;
    Ok(Json(settings(&app, account).await?))
}

async fn settings(app: &App, account: Account) -> Result<Settings, HttpProblem> {
    let rule = app.ledger.auto_charge(account.id).await?.filter(|rule| rule.active);
    let auto_charge = match rule {
        None => None,
        Some(rule) => {
            let attempts = app.ledger.attempts(account.id, ATTEMPTS_SHOWN).await?;
            let this_month = rule.month == app.ledger.now().month();
            Some(auto_charge_shown(&rule, this_month, attempts))
        }
    };
    Ok(Settings {
        id: account.id.uuid(),
        name: account.name,
        currency: account.currency,
        subscription_active: account.subscription_active,
        low_balance_threshold: account.low_balance_micros.map(Amount),
        spend_caps: Caps {
            day: account.day_cap_micros.map(Amount),
            month: account.month_cap_micros.map(Amount),
        },
        auto_charge,
    })
}

fn auto_charge_shown(rule: &AutoCharge, this_month: bool, attempts: Vec<Attempt>) -> AutoChargeShown {
    AutoChargeShown {
        threshold: Amount(rule.threshold_micros),
        amount: Amount(rule.amount_micros),
        month_cap: Amount(rule.month_cap_micros),
        month_taken: Amount(if this_month { rule.month_micros } else { 0 }),
        pending: Amount(rule.pending_micros),
        failures: rule.failures,
        stopped: rule.stopped,
        not_before: When(rule.next_at),
        attempts: attempts.into_iter().map(attempt_shown).collect(),
    }
}

fn attempt_shown(attempt: Attempt) -> AttemptShown {
    AttemptShown {
        id: attempt.id.uuid(),
        amount: Amount(attempt.amount_micros),
        clamped: attempt.clamped,
        state: attempt.state.as_str().to_owned(),
        provider: attempt.provider,
        payment: attempt.payment,
        reason: attempt.reason,
        created_at: When(attempt.created_at),
        settled_at: attempt.settled_at.map(When),
    }
}

/// The changes one by one, all of them such that the ledger takes them: it takes each on its own, so that one which it
/// refuses would leave the others made.
fn read_changes(change: SettingsChange) -> Result<Vec<Setting>, HttpProblem> {
    let mut changes = Vec::new();
    if let Some(name) = change.name {
        named("name", &name)?;
        changes.push(Setting::Name(name));
    }
    if let Some(threshold) = change.low_balance_threshold {
        changes.push(Setting::LowBalance(level("low_balance_threshold", threshold)?));
    }
    match change.spend_caps {
        None => {}
        Some(None) => changes.push(Setting::SpendCaps { day_micros: None, month_micros: None }),
        Some(Some(Object(caps))) => {
            // Each on its own: what is left out is not set back to what it was when this request was read.
            if let Some(day) = caps.day {
                changes.push(Setting::DayCap(level("spend_caps.day", day)?));
            }
            if let Some(month) = caps.month {
                changes.push(Setting::MonthCap(level("spend_caps.month", month)?));
            }
        }
    }
    if let Some(rule) = change.auto_charge {
        changes.push(Setting::AutoCharge(rule.map(|Object(rule)| read_rule(&rule)).transpose()?));
    }
    Ok(changes)
}

fn read_rule(rule: &AutoChargeChange) -> Result<AutoChargeRule, HttpProblem> {
    for (at, Sum(micros)) in [
        ("auto_charge.threshold", rule.threshold),
        ("auto_charge.amount", rule.amount),
        ("auto_charge.month_cap", rule.month_cap),
    ] {
        within(at, micros)?;
    }
    if rule.month_cap.0 < rule.amount.0 {
        let message = "the month's cap must be at least one payment's amount";
        return Err(invalid("invalid-amount", "auto_charge.month_cap", message));
    }
    Ok(AutoChargeRule {
        threshold_micros: rule.threshold.0,
        amount_micros: rule.amount.0,
        month_cap_micros: rule.month_cap.0,
    })
}

fn level(at: &str, level: Option<Level>) -> Result<Option<i64>, HttpProblem> {
    level.map(|Level(micros)| within(at, micros)).transpose()
}

fn within(at: &str, micros: i64) -> Result<i64, HttpProblem> {
    if micros <= AMOUNT_MICROS_MAX {
        Ok(micros)
    } else {
        Err(invalid("invalid-amount", at, "this is more than a billion, which nothing here may be"))
    }
}
