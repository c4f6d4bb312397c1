//! Nobody takes more of the ledger's disk and of the places for lists than is theirs: by lists that cannot be paid, or that come
//! slowly.

use std::{convert::Infallible, sync::Arc};

use axum::body::{Body, Bytes};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use serde_json::{Value, json};
use textmeter_server::{
    ledger::{AccountId, OpenAccount},
    places::LISTS_OF_A_WORKSPACE_MAX,
};
use tokio::sync::Notify;

use super::{LONG, americans, id_of};
use crate::stand::{Answered, Stand, until};

/// Three figures that the ledger's file is asked for.
fn figures(stand: &Stand, query: &str) -> Option<[i64; 3]> {
    let database = rusqlite::Connection::open(stand.folder.path().join("ledger.db")).unwrap();
    database.query_row(query, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?])).ok()
}

/// How many rows are written, how many with their texts, and how many bytes the file has.
fn written(stand: &Stand) -> [i64; 3] {
    let query = "SELECT count(*), count(payload), (SELECT page_count * page_size FROM pragma_page_count, \
                 pragma_page_size) FROM campaign_rows";
    figures(stand, query).unwrap()
}

/// The first part of a list, and the rest when its time has come; what comes first is told when it was taken.
fn in_two(list: &str, taken: &Arc<Notify>, rest: BoxFuture<'static, ()>) -> Body {
    let (first, last) = list.as_bytes().split_at(list.len() - 1);
    let (first, last) = (Bytes::copy_from_slice(first), Bytes::copy_from_slice(last));
    let taken = Arc::clone(taken);
    let last = async move {
        taken.notify_one();
        rest.await;
        last
    };
    let pieces = stream::iter([first]).chain(stream::once(last));
    Body::from_stream(pieces.map(Ok::<_, Infallible>))
}

impl Stand {
    async fn long_campaign(&self, key: &str, body: Body) -> Answered {
        self.campaign_of(key, &[], "text/csv", body).await
    }
}

#[tokio::test]
async fn of_a_list_that_cannot_be_paid_only_what_could_be_is_written() {
    let stand = Stand::new(250_000).await;
    let text = "x".repeat(1_500);
    let before = written(&stand)[2];
    let refused = stand.campaign("k", &[("template", &text)], &americans(LONG)).await;
    assert_eq!(refused.status, 402, "{:#}", refused.body);
    refused.has(&[
        ("/code", json!("insufficient-funds")),
        ("/available", json!("0.25")),
        ("/required", json!("2000.00")),
        ("/cost", json!("2000.00")),
        ("/shortfall", json!("1999.75")),
        ("/covered", json!({ "rows": 2, "total": "0.20" })),
        ("/rows", json!({ "listed": LONG, "sendable": LONG })),
    ]);
    let [rows, texts, after] = written(&stand);
    assert_eq!((rows, texts), (2, 2));
    assert!(after - before < 1 << 20, "{before} {after}");
    let again = stand.campaign("k", &[("template", &text)], &americans(LONG)).await;
    assert_eq!((again.header("idempotency-hit"), &again.bytes), (Some("true"), &refused.bytes));
    stand.proved().await;
}

#[tokio::test]
async fn in_order_rows_that_are_not_covered_are_listed_without_their_texts() {
    let stand = Stand::new(250_000).await;
    let answer = stand
        .campaign("k", &[("template", &"x".repeat(1_500)), ("funds", "in-order")], &americans(600))
        .await;
    let id = id_of(&answer);
    answer.has(&[
        ("/rows/covered", json!(2)),
        ("/rows/not_covered", json!(598)),
        ("/money/hold", json!("0.20")),
    ]);
    let [rows, texts, _] = written(&stand);
    assert_eq!((rows, texts), (600, 2));
    let listed = stand.rows(&id, 100).await;
    let not_covered = listed.iter().filter(|row| row["status"] == "not-covered").count();
    assert_eq!((listed.len(), not_covered), (600, 598));
    stand.proved().await;
}

#[tokio::test]
async fn money_that_comes_while_a_list_does_pays_for_it() {
    let stand = Arc::new(Stand::new(250_000).await);
    let list = americans(LONG);
    let (taken, paid) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let rest = Arc::clone(&paid);
    let body = in_two(&list, &taken, async move { rest.notified().await }.boxed());
    let asking = tokio::spawn({
        let stand = Arc::clone(&stand);
        async move { stand.long_campaign("k", body).await }
    });
    let query =
        "SELECT row_count, covered_rows, 0 FROM campaigns WHERE state = 'draft' AND row_count > covered_rows";
    until("a draft that is cut", || async { figures(&stand, query) }).await;
    stand.top_up(1_000_000_000).await;
    paid.notify_one();
    // Not all of its texts are there: nothing is sent in part, and nothing is refused that can be paid.
    let told = asking.await.unwrap();
    assert_eq!((told.status, told.header("retry-after")), (503, Some("1")), "{:#}", told.body);
    assert_eq!(told.body["code"], "balance-changed");
    assert_eq!(stand.purse().await[1], "0.00");
    let again = stand.campaign("k", &[], &list).await;
    id_of(&again);
    again.has(&[("/rows/covered", json!(LONG)), ("/money/hold", json!("200.00"))]);
    stand.proved().await;
}

#[tokio::test]
async fn one_workspace_does_not_take_all_places() {
    let stand = Arc::new(Stand::new(1_000_000).await);
    let list = americans(LONG);
    let taken = Arc::new(Notify::new());
    let mut slow = Vec::new();
    for number in 0..LISTS_OF_A_WORKSPACE_MAX {
        let body = in_two(&list, &taken, std::future::pending().boxed());
        let stand = Arc::clone(&stand);
        slow.push(tokio::spawn(async move { stand.long_campaign(&format!("slow {number}"), body).await }));
        taken.notified().await;
    }
    let refused = stand.campaign("k", &[], &list).await;
    assert_eq!((refused.status, &refused.body["code"]), (503, &json!("busy")), "{:#}", refused.body);
    // A short one is there at once, and others are none of this one's affair.
    id_of(&stand.campaign("k", &[], &americans(3)).await);
    let other = AccountId::new();
    let open = OpenAccount { id: other, name: "other".into(), currency: "USD".into() };
    stand.app.ledger.tell(open).await.unwrap().outcome.unwrap();
    let key = stand.key_of(other, &textmeter_server::http::Scope::OF_WORKSPACES).await;
    let answer = stand.campaign_by(&key, "k", &list).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (402, &json!("insufficient-funds")),
        "{:#}",
        answer.body
    );
    // Who has gone has no place any more.
    for asking in slow {
        asking.abort();
    }
    until("a place", || async {
        let answer: Value = stand.campaign("k2", &[], &list).await.body;
        (answer["code"] == "insufficient-funds").then_some(())
    })
    .await;
}
