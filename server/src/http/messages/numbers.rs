//! `GET /v1/phone-numbers`: the senders, because the provider's clients look here for one before they send.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::envelope::Refused;
use crate::{
    app::App,
    http::{answers::HttpProblem, caller::MaySendOrRead, refusals::moment},
    ledger::Account,
    senders::SenderNumber,
};

/// List the senders
///
/// The phone numbers to send from, as the provider lists them.
#[utoipa::path(get, path = "/v1/phone-numbers", tag = "messages", operation_id = "senders",
    security(("key" = ["send"]), ("bearer" = ["send"]), ("key" = ["read"]), ("bearer" = ["read"])),
    responses((status = 200, description = "The senders", body = super::described::SendersBody)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    caller: Result<MaySendOrRead, HttpProblem>,
) -> Response {
    match listed(&app, caller).await {
        Ok(data) => Json(json!({ "data": data })).into_response(),
        Err(refused) => refused.into_response(),
    }
}

async fn listed(app: &App, caller: Result<MaySendOrRead, HttpProblem>) -> Result<Vec<Value>, Refused> {
    let MaySendOrRead(caller) = caller?;
    let account = caller.workspace();
    let abroad = app.rules.territories.is_empty();
    Ok(app.rules.listed().iter().map(|sender| shown(sender, account, abroad)).collect())
}

/// Every field the provider's clients may rely on; what the twin knows nothing of is null or empty.
fn shown(sender: &SenderNumber, account: &Account, abroad: bool) -> Value {
    let opened = moment(account.opened_at.micros());
    let open = |yes| if yes { "unrestricted" } else { "restricted" };
    json!({
        "id": sender.id,
        "groupId": format!("GR{}", account.id.uuid().simple()),
        "portRequestId": null,
        "formattedNumber": sender.number,
        "forward": null,
        "name": account.name,
        "number": sender.number,
        "portingStatus": null,
        "symbol": null,
        "users": [],
        "createdAt": opened,
        "updatedAt": opened,
        "restrictions": {
            "messaging": { "US": open(true), "CA": open(true), "Intl": open(abroad) },
            "calling": { "US": open(false), "CA": open(false), "Intl": open(false) },
        },
    })
}
