//! A campaign that is covered: held, sent, charged, and told.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use textmeter_server::relay::GatewaySettings;

use super::{FROM, id_of, picky, pieces, to};
use crate::stand::{Neighbour, START, Stand, secret};

/// Four that can be sent, in two territories and of one and two segments; and four that cannot.
const LIST: &str = "name,phone,opted_out\nŁukasz Wielki z bardzo długim imieniem i nazwiskiem naprawdę,+12125550101,\n\
    Ada,+447400123456,\nC,72345,\nD,+12125550101,\nE,+12125550102,yes\n,+12125550103,\nF,+5312345678,\nG,+12125550104,\n";

#[tokio::test]
async fn what_is_held_is_what_is_quoted_and_what_is_charged() {
    let stand = Stand::new(5_000_000).await;
    let quoted = stand.quoted(&[], LIST).await;
    let total = quoted.body["total"].as_str().unwrap_or_else(|| panic!("{:#}", quoted.body)).to_owned();
    let answer = stand.campaign("k", &[("name", "Spring")], LIST).await;
    let id = id_of(&answer);
    answer.has(&[
        ("/state", json!("sending")),
        ("/name", json!("Spring")),
        ("/from", json!(FROM)),
        ("/money/total", json!(total)),
        ("/money/hold", json!(total)),
        ("/money/held", json!(total)),
        ("/money/captured", json!("0.00")),
        ("/rows/listed", json!(8)),
        ("/rows/sendable", json!(4)),
        ("/rows/waiting", json!(4)),
        ("/not_sendable", json!({"duplicate-number": 1, "no-rate": 1, "opted-out": 1, "short-code": 1})),
    ]);
    // To the byte: it is the same document.
    let quote = String::from_utf8(quoted.bytes.to_vec()).unwrap();
    assert!(String::from_utf8(answer.bytes.to_vec()).unwrap().contains(quote.trim()), "{quote}");
    let [balance, held, available] = stand.purse().await;
    assert_eq!((balance.as_str(), held.as_str()), ("5.00", total.as_str()));
    let left = 5_000_000 - micros(&total);
    assert_eq!(micros(&available), left);

    let gateway = Neighbour::friendly().await;
    let relay = stand.relay(to(&gateway));
    let shown = stand.until_settled(&id).await;
    relay.stop().await;
    assert_eq!(shown["state"], "finished");
    assert_eq!(shown["money"]["captured"], json!(total));
    assert_eq!((&shown["money"]["held"], &shown["money"]["released"]), (&json!("0.00"), &json!("0.00")));
    assert_eq!((&shown["rows"]["handed_on"], &shown["messages"]["delivered"]), (&json!(4), &json!(4)));
    let purse = stand.purse().await;
    assert_eq!([micros(&purse[0]), micros(&purse[1]), micros(&purse[2])], [left, 0, left]);

    let rows = stand.rows(&id, 3).await;
    let seen: Vec<(i64, &str, &str)> = rows
        .iter()
        .map(|row| {
            (row["line"].as_i64().unwrap(), row["to"].as_str().unwrap(), row["status"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        seen,
        [
            (2, "+12125550101", "delivered"),
            (3, "+447400123456", "delivered"),
            (4, "72345", "short-code"),
            (5, "+12125550101", "duplicate-number"),
            (6, "+12125550102", "opted-out"),
            (7, "+12125550103", "delivered"),
            (8, "+5312345678", "no-rate"),
            (9, "+12125550104", "delivered"),
        ]
    );
    let mut sum = 0;
    for row in rows.iter().filter(|row| row["status"] == "delivered") {
        let charge = stand.get(&format!("/v1/charges/{}", row["charge_id"].as_str().unwrap())).await;
        assert_eq!(charge.body["amount"], row["price"], "{:#}", charge.body);
        assert_eq!(charge.body["lines"][0]["total"], row["price"]);
        assert!(charge.body["text"]["units"].as_i64().unwrap() > 10, "{:#}", charge.body);
        sum += micros(row["price"].as_str().unwrap());
    }
    assert_eq!(sum, micros(&total), "the sum of the charges is the price of the quote");
    // Each text went out as it was priced, once, under its charge's reference.
    let sent: BTreeSet<String> = gateway
        .posted()
        .iter()
        .map(|asked| asked.body["message"]["content"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent.len(), 4, "{sent:?}");
    assert!(sent.contains("Hi Ada, see you soon!") && sent.contains("Hi there, see you soon!"));
    stand.proved().await;

    // It can be found again, newest first; and each message is one of the provider's too.
    let again = stand.campaign("k2", &[], "phone\n+12125550199\n").await;
    let second = id_of(&again);
    let all = stand.get("/v1/campaigns").await.body;
    let ids: Vec<&Value> = all["campaigns"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&json!(second), &json!(id)]);
    let first = stand.get("/v1/campaigns?limit=1").await.body;
    let rest = format!("/v1/campaigns?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(stand.get(&rest).await.body["campaigns"][0]["id"], json!(id));
    let charge = rows[0]["charge_id"].as_str().unwrap().replace('-', "");
    let message = stand.get(&format!("/v1/messages/AC{charge}")).await;
    message.has(&[("/data/from", json!(FROM)), ("/data/status", json!("sent"))]);
}

#[tokio::test]
async fn a_repetition_is_answered_as_the_first_time() {
    let stand = Stand::new(5_000_000).await;
    let first = stand.campaign("k", &[], LIST).await;
    let id = id_of(&first);
    let relay = stand.relay(GatewaySettings::Log);
    stand.until_settled(&id).await;
    relay.stop().await;
    let purse = stand.purse().await;
    let again = stand.campaign("k", &[], LIST).await;
    assert_eq!((again.status, again.header("idempotency-hit")), (202, Some("true")));
    assert_eq!(again.bytes, first.bytes);
    assert_eq!(again.header("location"), first.header("location"));
    for (more, list) in [
        (vec![], LIST.replace("Ada", "Ida")),
        (vec![("funds", "in-order")], LIST.to_owned()),
        (vec![("template", "Hello")], LIST.to_owned()),
    ] {
        let other = stand.campaign("k", &more, &list).await;
        assert_eq!((other.status, &other.body["code"]), (422, &json!("key-reused")), "{:#}", other.body);
    }
    assert_eq!(stand.purse().await, purse);
    assert_eq!(stand.get("/v1/campaigns").await.body["campaigns"].as_array().unwrap().len(), 1);
    // Two at once are one.
    let [one, other] = [stand.campaign("twice", &[], LIST), stand.campaign("twice", &[], LIST)].map(Box::pin);
    let (one, other) = tokio::join!(one, other);
    assert_eq!((one.status, &one.bytes), (202, &other.bytes));
    assert_eq!(stand.get("/v1/campaigns").await.body["campaigns"].as_array().unwrap().len(), 2);
    stand.proved().await;
}

#[tokio::test]
async fn a_message_that_fails_is_given_back_and_the_end_is_told() {
    let stand = Stand::new(5_000_000).await;
    let ears = Neighbour::friendly().await;
    stand.tell_events_to(ears.url()).await;
    let gateway = picky("3").await;
    let list = "phone\n+12125550101\n+12125550103\n+12125550102\n";
    let id = id_of(&stand.campaign("k", &[], list).await);
    let relay = stand.relay(to(&gateway));
    let shown = stand.until_settled(&id).await;
    assert_eq!((&shown["messages"]["delivered"], &shown["messages"]["failed"]), (&json!(2), &json!(1)));
    assert_eq!((&shown["money"]["captured"], &shown["refunded"]), (&json!("0.03"), &json!("0.01")));
    assert_eq!(stand.purse().await, ["4.98", "0.00", "4.98"]);
    let rows = stand.rows(&id, 100).await;
    assert_eq!((&rows[1]["status"], &rows[1]["refunded"]), (&json!("failed"), &json!("0.01")));
    // The top-up, the message that failed, and the end.
    let told = ears.asked_times(3).await;
    relay.stop().await;
    for asked in &told {
        let now = START.div_euclid(1_000_000);
        secret().verify(&asked.headers, now, &asked.bytes).unwrap();
    }
    let end = told.iter().find(|asked| asked.body["type"] == "campaign.finished").unwrap();
    assert_eq!(end.body["data"]["campaign_id"], json!(id));
    assert_eq!((&end.body["data"]["handed_on"], &end.body["data"]["captured"]), (&json!(3), &json!("0.03")));
    stand.proved().await;
}

#[tokio::test]
async fn json_lines_are_sent_too_and_toll_free_numbers_priced_as_such() {
    let stand = Stand::new(5_000_000).await;
    let lines = "{\"to\":\"+12125550101\",\"name\":\"Ada\"}\n{\"to\":\"+12125550102\"}\n";
    let body = pieces(lines.as_bytes(), 7);
    let answer = stand.campaign_of("k", &[], "application/x-ndjson", body).await;
    id_of(&answer);
    assert_eq!(answer.body["rows"]["sendable"], 2);
    // 153 units fit into a part of a long text; a toll-free sender has one less.
    let template = "a".repeat(153 * 2);
    let list = "phone\n+12125550101\n";
    for (key, from, total) in [("a", "+12025550100", "0.02"), ("b", "+18005550100", "0.03")] {
        let answer = stand.campaign(key, &[("template", &template), ("from", from)], list).await;
        assert_eq!(answer.body["money"]["total"], total, "{:#}", answer.body);
    }
}

/// An amount as it is written, in millionths.
pub(super) fn micros(amount: &str) -> i64 {
    let (whole, decimals) = amount.split_once('.').unwrap();
    whole.parse::<i64>().unwrap() * 1_000_000 + format!("{decimals:0<6}").parse::<i64>().unwrap()
}
