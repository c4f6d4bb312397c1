use std::time::Duration;

use serde_json::{Value, json};

use crate::{stand::Stand, stand_with};

/// A top-up, a send of two segments abroad, a call, a refusal that moves nothing, and an application of the rest.
async fn busy() -> Stand {
    let stand = stand_with(0).await;
    let paid = json!({ "amount": "1.00", "provider": "bank", "payment": "=HYPERLINK(\"x\")" });
    assert_eq!(stand.post("/v1/top-ups", &[], &paid).await.status, 201);
    let long = json!({ "content": "a".repeat(161), "from": "+12025550100", "to": ["+447400123456"] });
    stand.later(Duration::from_secs(1));
    assert_eq!(stand.send(&long).await.status, 202);
    assert_eq!(stand.call("call", 2).await.status, 201);
    assert_eq!(stand.call("too long", 500).await.status, 402);
    assert_eq!(stand.keyed("/v1/credits/apply", "all", &json!({ "to": "subscription" })).await.status, 200);
    stand
}

#[tokio::test]
async fn everything_that_moved_money_newest_first() {
    let stand = busy().await;
    let usage = stand.get("/v1/usage").await;
    usage.says(200, &[("/next_cursor", Value::Null)]);
    let entries = usage.body["entries"].as_array().unwrap();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["subscription", "charge", "charge", "top-up"], "and nothing of what was refused");
    usage.has(&[
        ("/entries/3/seq", json!(1)),
        ("/entries/3/amount", json!("1.00")),
        ("/entries/3/balance", json!("1.00")),
        ("/entries/3/at", json!("2026-11-10T12:00:00Z")),
        ("/entries/3/reference", json!("bank:=HYPERLINK(\"x\")")),
        ("/entries/3/charge_id", Value::Null),
        ("/entries/2/amount", json!("-0.132")),
        ("/entries/2/balance", json!("0.868")),
        ("/entries/2/channel", json!("api")),
        ("/entries/2/unit", json!("segment")),
        ("/entries/2/segments", json!(2)),
        ("/entries/1/channel", json!("call")),
        ("/entries/1/unit", json!("minute")),
        ("/entries/1/quantity", json!(2)),
        ("/entries/1/segments", Value::Null),
        ("/entries/0/balance", json!("0.00")),
    ]);
    stand.proved().await;
}

#[tokio::test]
async fn cursors_bring_every_entry_once_whatever_happens_meanwhile() {
    let stand = stand_with(1_000_000).await;
    for _ in 0..6 {
        stand.send_one().await;
    }
    let (mut seen, mut path, mut pages) = (Vec::new(), "/v1/usage?limit=3".to_owned(), 0);
    loop {
        let page = stand.get(&path).await;
        assert_eq!(page.status, 200);
        pages += 1;
        seen.extend(
            page.body["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()),
        );
        stand.send_one().await;
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/v1/usage?limit=3&cursor={cursor}");
    }
    assert_eq!((pages, seen), (3, vec![7, 6, 5, 4, 3, 2, 1]));
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_refused() {
    let stand = stand_with(0).await;
    for (query, at) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", ""),
        ("limit=ten", ""),
        ("limit=1&limit=2", ""),
        ("format=xml", ""),
        ("cursor=e0", "cursor"),
        ("cursor=E1", "cursor"),
        ("cursor=e01", "cursor"),
        ("cursor=1", "cursor"),
        ("cursor=eFFFFFFFFFFFFFFFF", "cursor"),
        ("cursor=", "cursor"),
    ] {
        stand.get(&format!("/v1/usage?{query}")).await.is_problem(400, "invalid-query", at);
    }
}

#[tokio::test]
async fn csv_is_the_same_history_and_no_formula() {
    let stand = busy().await;
    let headers = [("authorization", stand.key.as_str()), ("accept", "text/csv")];
    let accepted = stand.request("GET", "/v1/usage", &headers, None).await;
    let asked = stand.get("/v1/usage?format=csv").await;
    assert_eq!(accepted.bytes, asked.bytes);
    assert_eq!(asked.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(asked.header("content-disposition"), Some("attachment; filename=\"usage.csv\""));
    assert_eq!(asked.header("vary"), Some("Accept"));
    let json = stand.get("/v1/usage?format=json").await;
    let mut sheet = csv::Reader::from_reader(asked.bytes.as_ref());
    let columns = sheet.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = sheet.records().map(Result::unwrap).collect();
    let entries = json.body["entries"].as_array().unwrap();
    assert_eq!(rows.len(), entries.len());
    for (row, entry) in rows.iter().zip(entries) {
        for (column, cell) in columns.iter().zip(row) {
            let expected = match (column, &entry[column]) {
                ("currency", _) => "USD".to_owned(),
                (_, Value::Null) => String::new(),
                (_, Value::String(text)) => text.clone(),
                (_, other) => other.to_string(),
            };
            assert_eq!(cell, expected, "{column}");
        }
    }
    // A payment's name is a stranger's word: behind its provider's it begins no cell.
    assert!(rows[3].iter().all(|cell| !cell.starts_with('=')));
    // Lines end as RFC 4180 wants them, and a cursor is where to begin.
    assert!(asked.bytes.ends_with(b"\r\n"));
    let rest = stand.get("/v1/usage?format=csv&cursor=e3").await;
    let mut rest = csv::Reader::from_reader(rest.bytes.as_ref());
    assert_eq!(rest.records().count(), 2);
}

#[tokio::test]
async fn csv_of_a_long_history_is_whole() {
    let stand = stand_with(100_000_000).await;
    let command = |number: usize| {
        use textmeter_server::ledger::{Command, PaymentId, TopUp};
        let payment = PaymentId { provider: "cash".into(), payment: number.to_string() };
        Command::TopUp(TopUp { account: stand.account, payment, amount_micros: 1 })
    };
    stand.app.ledger.apply((0..2_500).map(command).collect()).await.unwrap();
    let sheet = stand.get("/v1/usage?format=csv&limit=1").await;
    let mut sheet = csv::Reader::from_reader(sheet.bytes.as_ref());
    let seqs: Vec<usize> = sheet.records().map(|row| row.unwrap()[0].parse().unwrap()).collect();
    assert!(seqs.into_iter().eq((1..=2_501).rev()));
}
