//! Two workspaces do whatever they like in whatever order, over every described route, and the second asks for all it could
//! have heard of the first: its ids, cursors, idempotency keys, user ids, payments. Beside them runs a second world in which the
//! first workspace never did anything. The second is told the same in both, but for ids, and nothing that only the first
//! has; and whatever it does, no row of the first changes.

mod asking;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use rusqlite::{Connection, OpenFlags, types::Value as Stored};
use textmeter_server::{
    http::{Scope, Service, router},
    ledger::{AccountId, OpenAccount},
    payment::PaymentInbox,
};
use tokio::runtime::Handle;
use tower::ServiceExt;
use uuid::Uuid;

use self::asking::{Act, Asked, Heard, SECRET_NUMBER, SECRET_WORD, Speaker, ask};
use crate::{
    every_route::{Operation, described},
    stand::{Answered, Stand, secret},
};

/// The same sequences every day. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others.
const SEED: u64 = 20_261_127;

/// A twin, and a workspace in it that asks.
struct World {
    stand: Stand,
    router: Router,
    key: String,
    heard: Heard,
    /// The ids that the second workspace was told, in their order: what they are is chance, which of them comes when is not.
    ids: Vec<u128>,
}

impl World {
    async fn new() -> World {
        let mut stand = Stand::new(0).await;
        stand.app.payments = Some(Arc::new(PaymentInbox { provider: "bank".into(), secret: secret() }));
        let second = AccountId::new();
        let open = OpenAccount { id: second, name: "beta".into(), currency: "USD".into() };
        stand.app.ledger.tell(open).await.unwrap().outcome.unwrap();
        let scopes = [&Scope::OF_WORKSPACES[..], &[Scope::TopUp]].concat();
        let key = stand.key_of(second, &scopes).await;
        let router = router(stand.app.clone(), Service::default());
        World { stand, router, key, heard: Heard::default(), ids: Vec::new() }
    }

    async fn answer(&self, request: Request<Body>) -> Answered {
        Answered::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// What the second workspace is answered, and how that reads with its ids numbered.
    async fn tell_second(&mut self, operation: &Operation, asked: Asked) -> (Answered, String) {
        let answer = self.answer(asked.request).await;
        self.heard.listen(operation, &answer.body);
        let told = self.numbered(&answer);
        (answer, told)
    }

    fn numbered(&mut self, answer: &Answered) -> String {
        let text = String::from_utf8_lossy(&answer.bytes);
        let mut told = format!("{} ", answer.status);
        for piece in pieces(&text) {
            match piece {
                Piece::Id(id) => {
                    let known = self.ids.iter().position(|other| *other == id).unwrap_or_else(|| {
                        self.ids.push(id);
                        self.ids.len() - 1
                    });
                    told.push_str(&format!("<id {known}>"));
                }
                Piece::Secret => told.push_str("<secret>"),
                Piece::Text(text) => told.push_str(text),
            }
        }
        told
    }
}

/// A part of an answer.
enum Piece<'a> {
    /// Any 32 hexadecimal digits, with or without hyphens.
    Id(u128),
    /// A key or a webhook's secret.
    Secret,
    Text(&'a str),
}

impl<'a> Piece<'a> {
    const fn text(&self) -> &'a str {
        if let Piece::Text(text) = self { text } else { "" }
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let words = text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "-_+/=".contains(c)));
    let mut pieces = Vec::new();
    for with_end in words {
        let word = with_end.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "-_+/=".contains(c)));
        let id = Uuid::try_parse(word).or_else(|_| Uuid::try_parse(word.get(2..).unwrap_or_default()));
        match id {
            Ok(id) => pieces.push(Piece::Id(id.as_u128())),
            Err(_) if word.starts_with("tm_") || word.starts_with("whsec_") => pieces.push(Piece::Secret),
            Err(_) => pieces.push(Piece::Text(word)),
        }
        pieces.push(Piece::Text(with_end.get(word.len()..).unwrap_or_default()));
    }
    pieces
}

fn ids(text: &str) -> impl Iterator<Item = u128> + '_ {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Id(id) => Some(id),
        _ => None,
    })
}

/// Whether an amount with six decimals stands in it.
fn has_fine_amount(text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.any(|word| word.split_once('.').is_some_and(|(_, after)| after.len() == 6))
}

/// The first workspace: the one of the stand, with everything a workspace can have.
struct First {
    key: String,
    heard: Heard,
    /// Every id it was told.
    ids: BTreeSet<u128>,
    file: Connection,
    tables: Vec<String>,
}

impl First {
    async fn new(world: &World) -> First {
        let file = world.stand.folder.path().join("ledger.db");
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sql = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
                   WHERE m.type = 'table' AND c.name = 'account_id'";
        let tables: Vec<String> =
            file.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(tables.len() >= 10, "{tables:?}");
        let scopes = [&Scope::OF_WORKSPACES[..], &[Scope::TopUp]].concat();
        let key = world.stand.key_with(&scopes).await;
        let (mut heard, account) = (Heard::default(), world.stand.account);
        heard.add("workspace", &account.to_string());
        for key in world.stand.app.ledger.working_keys(account).await.unwrap() {
            heard.add("key", &key.id.uuid().to_string());
        }
        let ids = BTreeSet::from([account.uuid().as_u128()]);
        First { key, heard, ids, file, tables }
    }

    fn listen(&mut self, operation: &Operation, answer: &Answered) {
        self.heard.listen(operation, &answer.body);
        if let Some(tag) = answer.header("etag").filter(|_| operation.path == "/v1/balance") {
            self.heard.add("tag", tag);
        }
        if !operation.scopes.is_empty() {
            self.ids.extend(ids(&String::from_utf8_lossy(&answer.bytes)));
        }
    }

    /// Every row of it, in whatever table.
    fn rows(&self, account: AccountId) -> String {
        let mut all = String::new();
        let whose =
            self.tables.iter().map(|table| (table.as_str(), "account_id")).chain([("accounts", "id")]);
        for (table, column) in whose {
            let sql = format!("SELECT * FROM {table} WHERE {column} = ?1 ORDER BY 1, 2, 3");
            let mut statement = self.file.prepare_cached(&sql).unwrap();
            let width = statement.column_count();
            let mut rows = statement.query([account.uuid().as_bytes().as_slice()]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cells: Vec<Stored> = (0..width).map(|cell| row.get(cell).unwrap()).collect();
                all.push_str(&format!("{table} {cells:?}\n"));
            }
        }
        all
    }
}

/// How often each route was asked by the first with success, by the second about its own, and about the first's.
type Count = BTreeMap<String, [u32; 3]>;

struct Case<'a> {
    operations: &'a [Operation],
    count: &'a RefCell<Count>,
    shared: World,
    /// The world without the first workspace.
    lone: World,
    first: First,
}

impl Case<'_> {
    fn count(&self, operation: &Operation, what: usize) {
        let name = format!("{} {}", operation.method, operation.path);
        self.count.borrow_mut().entry(name).or_default()[what] += 1;
    }

    async fn act_first(&mut self, operation: &Operation, act: &Act) {
        let speaker = Speaker { key: &self.first.key, own: &self.first.heard, theirs: &self.first.heard };
        let asked = ask(operation, act, &speaker);
        let answer = self.shared.answer(asked.request).await;
        if (200..300).contains(&answer.status) {
            self.count(operation, 0);
        }
        self.first.listen(operation, &answer);
    }

    async fn act_second(&mut self, operation: &Operation, act: &Act) -> Result<(), TestCaseError> {
        let asked_in = |world: &World| {
            ask(operation, act, &Speaker { key: &world.key, own: &world.heard, theirs: &self.first.heard })
        };
        let (asked, alone) = (asked_in(&self.shared), asked_in(&self.lone));
        let said = asked.said.clone();
        let account = self.shared.stand.account;
        let before = self.first.rows(account);
        let (answer, told) = self.shared.tell_second(operation, asked).await;
        let shown = format!("{} {said}\nis answered {told}", operation.method);
        prop_assert_eq!(&self.first.rows(account), &before, "{}\nand changed the first", shown);
        self.count(operation, if act.pries() { 2 } else { 1 });
        if !operation.scopes.is_empty() {
            let text = String::from_utf8_lossy(&answer.bytes).to_lowercase();
            // In words only: the digits of an id may be anybody's.
            let words: String = pieces(&text).iter().map(Piece::text).collect();
            for secret in [SECRET_WORD, SECRET_NUMBER] {
                prop_assert!(!words.contains(secret), "{}\nwhich tells {}", shown, secret);
            }
            prop_assert!(!has_fine_amount(&text), "{}\nwhich tells an amount", shown);
            let said: BTreeSet<u128> = ids(&said).collect();
            let leaked = ids(&text).find(|id| self.first.ids.contains(id) && !said.contains(id));
            prop_assert!(leaked.is_none(), "{}\nwhich tells an id", shown);
        }
        // A payment is one everywhere: that somebody was credited with it may be told, and moves nothing.
        if answer.body["code"] != "payment-reused" {
            let (_, expected) = self.lone.tell_second(operation, alone).await;
            prop_assert_eq!(&told, &expected, "{} {}\nthe first makes a difference", operation.method, said);
        }
        Ok(())
    }

    async fn run(&mut self, acts: &[Act]) -> Result<(), TestCaseError> {
        for act in acts {
            for world in [&self.shared, &self.lone] {
                world.stand.later(Duration::from_secs(60 * u64::from(act.minutes)));
            }
            let operation = act.operation(self.operations);
            if act.first {
                self.act_first(operation, act).await;
            } else {
                self.act_second(operation, act).await?;
            }
        }
        Ok(())
    }
}

async fn case(operations: &[Operation], count: &RefCell<Count>, acts: &[Act]) -> Result<(), TestCaseError> {
    let (shared, lone) = (World::new().await, World::new().await);
    let first = First::new(&shared).await;
    shared.stand.top_up(100_000_007).await;
    Case { operations, count, shared, lone, first }.run(acts).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_another_workspace_does_it_is_as_if_it_were_alone() {
    let usual = Config { cases: 24, failure_persistence: None, max_shrink_iters: 24, ..Config::default() };
    let seed = match usual.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => SEED,
    };
    let usual = Config { rng_seed: RngSeed::Fixed(seed), ..usual };
    let operations = described(&Stand::new(0).await).await;
    let count = RefCell::new(Count::new());
    let acts = proptest::collection::vec(Act::any(), 60..160);
    let held = tokio::task::block_in_place(|| {
        TestRunner::new(usual).run(&acts, |acts| Handle::current().block_on(case(&operations, &count, &acts)))
    });
    held.unwrap_or_else(|broken| panic!("with PROPTEST_RNG_SEED={seed}: {broken}"));
    let count = count.into_inner();
    for operation in &operations {
        let name = format!("{} {}", operation.method, operation.path);
        let [worked, asked, pried] = count.get(&name).copied().unwrap_or_default();
        // Those that a workspace's own key may not ask at all, or that know their callers by a signature.
        let for_others = operation.scopes.contains("operate") || operation.path == "/v1/payments/webhook";
        assert!(worked > 0 || for_others, "{name} never worked: this proves nothing of it");
        assert!(
            asked > 0 && pried > 0,
            "{name} was asked {asked} times, and {pried} times about the other's"
        );
    }
}
