//! A campaign that is not covered: nothing of it is held or sent, unless as many as are covered are asked for.

use serde_json::{Value, json};
use textmeter_server::{
    http::Scope,
    ledger::Setting,
    relay::GatewaySettings,
    senders::{SendRules, SenderNumber},
};

use super::{americans, id_of, pieces, to, whole::micros};
use crate::stand::{Neighbour, Stand};

#[tokio::test]
async fn nothing_is_sent_when_the_hold_is_not_covered() {
    let stand = Stand::new(25_000).await;
    let gateway = Neighbour::friendly().await;
    let relay = stand.relay(to(&gateway));
    let list = americans(5);
    let refused = stand.campaign("k", &[], &list).await;
    assert_eq!(refused.status, 402, "{:#}", refused.body);
    refused.has(&[
        ("/code", json!("insufficient-funds")),
        ("/balance", json!("0.025")),
        ("/held", json!("0.00")),
        ("/available", json!("0.025")),
        ("/required", json!("0.05")),
        ("/shortfall", json!("0.025")),
        ("/covered", json!({ "rows": 2, "total": "0.02" })),
        ("/rows", json!({ "listed": 5, "sendable": 5 })),
        ("/currency", json!("USD")),
    ]);
    assert_eq!(stand.purse().await, ["0.025", "0.00", "0.025"]);
    // Single sends are not out of credit for it.
    assert_eq!(stand.account().await.out_of_credit_since, None);
    assert_eq!(stand.get("/v1/campaigns").await.body["campaigns"], json!([]));

    // The refusal is the answer to its key, whatever came in since.
    stand.top_up(1_000_000).await;
    let again = stand.campaign("k", &[], &list).await;
    assert_eq!(
        (again.status, again.header("idempotency-hit"), &again.bytes),
        (402, Some("true"), &refused.bytes)
    );
    id_of(&stand.campaign("k2", &[], &list).await);
    gateway.asked_times(5).await;
    relay.stop().await;
    assert_eq!(gateway.posted().len(), 5);
    stand.proved().await;
}

#[tokio::test]
async fn as_many_as_are_covered_are_sent_in_order() {
    let stand = Stand::new(1_000_000).await;
    // 0.01 each, but for the second: 0.06.
    let list = "phone\n+12125550101\n+447400123456\n72345\n+12125550102\n+12125550103\n+447400123457\n+12125550104\n";
    let quoted = stand.quoted(&[], "phone\n+447400123456\n").await;
    let abroad = micros(quoted.body["total"].as_str().unwrap());
    // Enough for three Americans and one Briton, and not quite for another American.
    stand.configure(Setting::DayCap(Some(abroad + 39_999))).await;
    let answer = stand.campaign("k", &[("funds", "in-order")], list).await;
    let id = id_of(&answer);
    answer.has(&[
        ("/rows/sendable", json!(6)),
        ("/rows/covered", json!(4)),
        ("/rows/not_covered", json!(2)),
        ("/funds", json!("in-order")),
    ]);
    assert_eq!(micros(answer.body["money"]["hold"].as_str().unwrap()), abroad + 30_000);
    // The rest of the cap is not enough for another one: what is held counts as spent.
    let refused = stand.campaign("k2", &[], &americans(1)).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("spend-cap")), "{:#}", refused.body);
    assert_eq!(micros(refused.body["held"].as_str().unwrap()), abroad + 30_000);
    let single = stand.send_one().await;
    assert_eq!((single.status, &single.body["code"]), (403, &json!("spend-cap")), "{:#}", single.body);

    let relay = stand.relay(GatewaySettings::Log);
    stand.until_settled(&id).await;
    relay.stop().await;
    let rows = stand.rows(&id, 2).await;
    let states: Vec<&str> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(
        states,
        ["delivered", "delivered", "short-code", "delivered", "delivered", "not-covered", "not-covered"]
    );
    stand.proved().await;
}

#[tokio::test]
async fn not_even_one_row_covered_is_a_refusal_in_order_too() {
    let stand = Stand::new(9_999).await;
    let refused = stand.campaign("k", &[("funds", "in-order")], &americans(3)).await;
    assert_eq!(refused.status, 402);
    refused.has(&[
        ("/required", json!("0.01")),
        ("/shortfall", json!("0.000001")),
        ("/covered/rows", json!(0)),
    ]);
}

#[tokio::test]
async fn every_decision_on_money_is_on_what_is_available() {
    let stand = Stand::new(100_000).await;
    id_of(&stand.campaign("k", &[], &americans(8)).await);
    assert_eq!(stand.purse().await, ["0.10", "0.08", "0.02"]);
    // Two more segments are there, and not a third.
    assert_eq!(stand.send_one().await.status, 202);
    assert_eq!(stand.send_one().await.status, 202);
    let refused = stand.send_one().await;
    assert_eq!(refused.status, 402);
    refused.has(&[
        ("/balance", json!("0.08")),
        ("/held", json!("0.08")),
        ("/available", json!("0.00")),
        ("/shortfall", json!("0.01")),
    ]);
    assert!(
        refused.body["message"].as_str().unwrap().contains("0.08 is held for campaigns"),
        "{:#}",
        refused.body
    );
    let second = stand.campaign("k2", &[], &americans(1)).await;
    second.has(&[("/held", json!("0.08")), ("/available", json!("0.00")), ("/shortfall", json!("0.01"))]);
    // All credits is all that is available: nothing.
    let stand = Stand { key: stand.key_with(&textmeter_server::http::Scope::OF_WORKSPACES).await, ..stand };
    let applied =
        stand.post("/v1/credits/apply", &[("idempotency-key", "a")], &json!({ "to": "subscription" })).await;
    applied.has(&[("/applied", json!("0.00")), ("/balance", json!("0.08"))]);
    stand.proved().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_by_name() {
    let stand = Stand::new(1_000_000).await;
    let list = "name,phone\nA,+12125550101\n";
    for (more, kind, list, status, code, at) in [
        (vec![("template", "{{x}}")], "text/csv", list, 422, "missing-column", "template[0..5]"),
        (vec![("template", "{{x")], "text/csv", list, 422, "invalid-template", "template[0..3]"),
        (vec![("from", "me")], "text/csv", list, 400, "invalid-query", "from"),
        (vec![("from", "")], "text/csv", list, 400, "invalid-query", "from"),
        (vec![("sender", "toll-free")], "text/csv", list, 400, "invalid-query", "sender"),
        (vec![("funds", "some")], "text/csv", list, 400, "invalid-query", ""),
        (vec![("balance", "1")], "text/csv", list, 400, "invalid-query", ""),
        (vec![("max_price", "-1")], "text/csv", list, 422, "invalid-amount", "max_price"),
        (vec![("max_price", "0.009")], "text/csv", list, 409, "price-above-max", ""),
        (vec![("name", "a\nb")], "text/csv", list, 422, "invalid-value", "name"),
        (vec![("channel", "fax")], "text/csv", list, 422, "unknown-channel", "channel"),
        (vec![("channel", "app")], "text/csv", list, 422, "free-of-charge", "channel"),
        (vec![], "text/plain", list, 415, "unsupported-media-type", ""),
        (vec![], "text/csv", "", 422, "empty-list", ""),
        (vec![], "text/csv", "name,phone\nA,72345\n", 422, "nothing-to-send", ""),
        (vec![], "text/csv", "name,phone\n", 422, "nothing-to-send", ""),
    ] {
        let key = format!("{more:?}{kind}{}", list.len()).replace(['\n', '\\'], "");
        let refused = stand.campaign_of(&key, &more, kind, pieces(list.as_bytes(), 7)).await;
        assert_eq!(
            (refused.status, &refused.body["code"], &refused.body["at"]),
            (status, &json!(code), &json!(at)),
            "{more:?} {:#}",
            refused.body
        );
    }
    let without = stand.post("/v1/campaigns?template=Hi&from=%2B12025550100", &[], &Value::Null).await;
    assert_eq!((without.status, &without.body["code"]), (400, &json!("missing-idempotency-key")));
    assert_eq!(stand.purse().await, ["1.00", "0.00", "1.00"]);
    stand.proved().await;
}

#[tokio::test]
async fn the_operators_rules_hold_for_campaigns() {
    let mut stand = Stand::new(1_000_000).await;
    stand.app.rules = std::sync::Arc::new(SendRules {
        senders: vec![SenderNumber { id: "PNa".into(), number: "+12025550100".into() }],
        territories: vec![textmeter::Territory::US],
    });
    let list = "phone\n+12125550101\n+447400123456\n";
    let refused = stand.campaign("k", &[("from", "+12025550199")], list).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("unknown-sender")));
    let answer = stand.campaign("k", &[], list).await;
    id_of(&answer);
    answer.has(&[
        ("/rows/sendable", json!(1)),
        ("/not_sendable", json!({ "region-not-allowed": 1 })),
        ("/money/hold", json!("0.01")),
        ("/from", json!("PNa")),
    ]);
    stand.configure(Setting::SubscriptionActive(false)).await;
    let refused = stand.campaign("k2", &[], list).await;
    assert_eq!((refused.status, &refused.body["code"]), (402, &json!("subscription-inactive")));
}

#[tokio::test]
async fn a_campaign_is_its_workspaces_alone() {
    let stand = Stand::new(1_000_000).await;
    let id = id_of(&stand.campaign("k", &[], &americans(3)).await);
    let stand = stand.another("USD", &Scope::OF_WORKSPACES).await;
    assert_eq!(stand.get(&format!("/v1/campaigns/{id}")).await.status, 404);
    assert_eq!(stand.get(&format!("/v1/campaigns/{id}/messages")).await.status, 404);
    for to in ["pause", "resume", "stop"] {
        assert_eq!(stand.steer(&id, to).await.status, 404);
    }
    assert_eq!(stand.get("/v1/campaigns").await.body["campaigns"], json!([]));
    // The same key is another's.
    assert_eq!(stand.campaign("k", &[], &americans(3)).await.status, 402);
}

#[tokio::test]
async fn a_campaign_is_paid_in_the_currency_of_its_prices() {
    let stand = Stand::new(0).await.another("JPY", &[Scope::Send]).await;
    stand.top_up(500_000_000).await;
    let refused = stand.campaign("k", &[], &americans(3)).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("currency-mismatch")));
    assert_eq!(stand.balance().await, 500_000_000);
}

#[tokio::test]
async fn so_many_campaigns_run_at_once() {
    let stand = Stand::new(10_000_000).await;
    let list = americans(1);
    let mut last = String::new();
    for number in 0..textmeter_server::ledger::CAMPAIGNS_RUNNING_MAX {
        last = id_of(&stand.campaign(&format!("k{number}"), &[], &list).await);
    }
    let refused = stand.campaign("more", &[], &list).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("too-many-campaigns")));
    // It passes by itself, so it is no answer to keep.
    assert_eq!(stand.steer(&last, "stop").await.status, 200);
    id_of(&stand.campaign("more", &[], &list).await);
    stand.proved().await;
}
