//! The whole way once, as somebody with curl goes it who has configured nothing.

use serde_json::json;

use crate::{
    crash::sound,
    message,
    program::{Program, folder, run, said},
};

#[test]
fn from_nothing_to_a_refused_send_and_on() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let key = program.key.clone().unwrap();

    // Quote.
    let abroad = |text: &str| json!({ "content": text, "from": "+12025550100", "to": ["+447400123456"] });
    let long = "a".repeat(161);
    let quote = program.post("/v1/quotes", "", &json!({ "text": long, "to": ["+447400123456"] })).json();
    assert_eq!((&quote["segments"], &quote["total"]), (&json!(2), &json!("0.132")));

    // Send.
    let sent = program.post("/v1/messages", &key, &abroad(&long));
    assert_eq!(sent.status, 202, "{}", sent.text());
    let data = &sent.json()["data"];
    assert_eq!(
        (&data["segments"], &data["cost"], &data["balance"]),
        (&json!(2), &json!("0.132"), &json!("4.868"))
    );

    // Send until it is refused.
    let mut sends = 1;
    let refused = loop {
        let answer = program.post("/v1/messages", &key, &abroad(&long));
        if answer.status != 202 {
            break answer;
        }
        sends += 1;
    };
    assert_eq!((sends, refused.status), (37, 402));
    let error = refused.json();
    for (member, value) in [
        ("code", json!("0200402")),
        ("title", json!("Not Enough Credits")),
        ("segments", json!(2)),
        ("per_segment", json!("0.066")),
        ("required", json!("0.132")),
        ("balance", json!("0.116")),
        ("shortfall", json!("0.016")),
        ("currency", json!("USD")),
    ] {
        assert_eq!(error[member], value, "{member} of {}", refused.text());
    }
    for words in ["2 segments", "0.132", "0.116", "0.016 short", "Nothing was sent", "top up"] {
        assert!(error["message"].as_str().unwrap().contains(words), "{words}: {}", error["message"]);
    }
    assert_eq!(refused.header("retry-after"), Some("30"));
    // A smaller one still goes out.
    assert_eq!(program.post("/v1/messages", &key, &message("Hello")).status, 202);

    // Top up, twice told, and send.
    let paid = json!({ "amount": "1.00", "provider": "bank", "payment": "transfer-1" });
    let topped = program.post("/v1/top-ups", &key, &paid);
    assert_eq!((topped.status, &topped.json()["balance"]), (201, &json!("1.106")));
    let told_again = program.post("/v1/top-ups", &key, &paid);
    assert_eq!((told_again.status, told_again.header("idempotency-hit")), (200, Some("true")));
    let headers = [("authorization", key.as_str()), ("idempotency-key", "the-last")];
    let last = program.ask("POST", "/v1/messages", &headers, Some(&abroad(&long)));
    assert_eq!((last.status, &last.json()["data"]["balance"]), (202, &json!("0.974")));

    // Apply all, and nothing less.
    let apply = |idempotency_key: &str, body| {
        let headers = [("authorization", key.as_str()), ("idempotency-key", idempotency_key)];
        program.ask("POST", "/v1/credits/apply", &headers, Some(&body))
    };
    let part = apply("a", json!({ "to": "subscription", "amount": "0.50" }));
    assert_eq!((part.status, &part.json()["code"]), (422, &json!("partial-amount-refused")));
    let all = apply("b", json!({ "to": "subscription" }));
    assert_eq!(
        (all.status, &all.json()["applied"], &all.json()["balance"]),
        (200, &json!("0.974"), &json!("0.00"))
    );

    // Kill it, start it again, and everything is answered as before.
    program.kill();
    let program = Program::start(folder.path(), &[]);
    let again = program.ask("POST", "/v1/messages", &headers, Some(&abroad(&long)));
    assert_eq!((again.status, again.header("idempotency-hit")), (202, Some("true")));
    assert_eq!(again.body, last.body);
    let headers = [("authorization", key.as_str()), ("idempotency-key", "b")];
    let replayed = program.ask("POST", "/v1/credits/apply", &headers, Some(&json!({ "to": "subscription" })));
    assert_eq!(
        (replayed.body, replayed.headers.iter().any(|(name, _)| name == "idempotency-hit")),
        (all.body, true)
    );
    assert_eq!(program.get("/v1/balance", &key).json()["balance"], "0.00");
    assert!(program.stop().success());
    // Somebody decides that the first was not worth its money; told twice, it is given back once.
    let charge = data["charge_id"].as_str().unwrap();
    let refund = |charge| {
        run(folder.path(), &["credits", "refund", "demo", charge, "--reason", "lost", "--db", "textmeter.db"])
    };
    for _ in 0..2 {
        let said = String::from_utf8(refund(charge).stdout).unwrap();
        assert_eq!(said, "gave back 0.132 in all; the balance is 0.132\n");
    }
    assert_eq!(refund("x").status.code(), Some(1));
    sound(folder.path(), "textmeter.db");
}

/// Those that work are listed, newest first; what was revoked is there for who asks for all.
#[test]
fn keys_are_made_listed_and_revoked() {
    let folder = folder();
    let say = |args: &[&str]| said(folder.path(), &[args, &["--db", "keys.db"]].concat());
    say(&["workspace", "open", "Acme"]);
    for label in ["first", "second"] {
        assert!(say(&["key", "create", "Acme", "--label", label]).starts_with("tm_"));
    }
    let labels = |listed: &str| -> Vec<String> {
        listed.lines().filter_map(|line| line.split(' ').next_back().map(str::to_owned)).collect()
    };
    let listed = say(&["key", "list", "Acme"]);
    assert_eq!(labels(&listed), ["second", "first"]);
    let id = listed.split(' ').next().unwrap();
    assert_eq!(say(&["key", "revoke", "Acme", id]), format!("{id} was revoked\n"));
    assert_eq!(labels(&say(&["key", "list", "Acme"])), ["first"]);
    let all = say(&["key", "list", "Acme", "--all"]);
    assert_eq!(labels(&all), ["second", "first"]);
    assert!(all.starts_with(&format!("{id}  stopped")), "{all}");
}
