//! Case 33 with a real `kill -9`: in the middle of a campaign, again and again.

use std::{collections::BTreeSet, sync::Arc};

use axum::http::Method;
use serde_json::json;

use crate::{
    balance,
    crash::{gateway, sound, to_gateway},
    program::{Answer, Program, exchange, folder, until},
};

const ROWS: usize = 400;
const KILLS: usize = 5;

/// Sends a campaign of so many rows, of one segment each: 0.01.
fn campaign(program: &Program, key: &str) -> Answer {
    let rows: String = (0..ROWS).map(|n| format!("+1212{:07}\n", 2_000_000 + n)).collect();
    let list = format!("phone\n{rows}");
    let head = format!(
        "POST /v1/campaigns?template=Hello&from=%2B12025550100 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: {key}\r\nIdempotency-Key: k\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n",
        list.len()
    );
    exchange(&program.address, format!("{head}{list}").as_bytes()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_a_campaign_it_hands_each_row_on_once() {
    let folder = folder();
    let gateway = gateway(Arc::default()).await;
    let url = gateway.url();
    let settings = to_gateway(&url);
    let mut program = Program::start(folder.path(), &settings);
    let key = program.key.clone().unwrap();
    let before = balance(&program, &key);
    let answer = campaign(&program, &key);
    assert_eq!(answer.status, 202, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let shown = |program: &Program| program.get(&format!("/v1/campaigns/{id}"), &key).json();
    for round in 1..=KILLS {
        let so_many = round * ROWS / (KILLS + 2);
        until("some messages", || (gateway.posted().len() >= so_many).then_some(()));
        program.kill();
        assert!(gateway.posted().len() < ROWS, "it was killed in the middle");
        program = Program::start(folder.path(), &settings);
    }
    let after = until("the end", || {
        Some(shown(&program)).filter(|shown| shown["messages"]["delivered"] == json!(ROWS))
    });
    assert_eq!((&after["state"], &after["money"]["captured"]), (&json!("finished"), &json!("4.00")));
    assert_eq!(balance(&program, &key), before - 4_000_000);

    let mut numbers = BTreeSet::new();
    let mut references = BTreeSet::new();
    let mut posted = 0;
    for asked in gateway.asked().iter().filter(|asked| asked.method == Method::POST) {
        numbers.insert(asked.body["message"]["to"][0].as_str().unwrap().to_owned());
        references.insert(asked.header("webhook-id").to_owned());
        posted += 1;
    }
    assert_eq!((numbers.len(), references.len(), posted), (ROWS, ROWS, ROWS), "each handed on once");
    // The whole request again is answered as the first time.
    let again = campaign(&program, &key);
    assert_eq!((again.header("idempotency-hit"), &again.body), (Some("true"), &answer.body));
    assert!(program.stop().success());
    sound(folder.path(), "textmeter.db");
}
