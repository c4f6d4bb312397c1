//! Many at once: money for so many sends pays for exactly so many.

use std::sync::Arc;

use textmeter_server::ledger::*;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::world::{World, keyed, pay_id, request, send, send_on};

const PRICE: i64 = 10_000;

async fn open_with(ledger: &Ledger, balance_micros: i64) -> AccountId {
    let id = AccountId::new();
    let open = OpenAccount { id, name: "race".into(), currency: "USD".into() };
    let top_up = TopUp { account: id, payment: pay_id(&id.to_string()), amount_micros: balance_micros };
    let replies = ledger.apply(vec![open.command(), top_up.command()]).await.unwrap();
    assert!(matches!(&replies[1], Reply::TopUp(answer) if answer.outcome.is_ok()));
    id
}

/// Money for `paid_max` sends and some change, and `callers` who send at once through any of the ledgers.
async fn round(ledgers: &[Ledger], paid_max: usize, callers: usize) {
    let change = PRICE - 1;
    let balance = PRICE * i64::try_from(paid_max).unwrap() + change;
    let account = open_with(&ledgers[0], balance).await;
    let mut calls = JoinSet::new();
    for caller in 0..callers {
        let ledger = ledgers[caller % ledgers.len()].clone();
        calls.spawn(async move {
            let charge = keyed(send(account, PRICE), &caller.to_string(), "body");
            ledger.tell(charge).await.unwrap().outcome.unwrap()
        });
    }
    let charges = calls.join_all().await;
    let (paid, refused): (Vec<_>, Vec<_>) = charges.iter().partition(|charge| charge.is_paid());
    assert_eq!(paid.len(), paid_max.min(callers), "{charges:?}");
    for charge in refused {
        let Some(Refusal::InsufficientFunds { balance_micros, shortfall_micros, .. }) = charge.refusal else {
            panic!("{charge:?}")
        };
        assert_eq!((balance_micros, shortfall_micros), (change, 1));
    }
    assert!(paid.iter().all(|charge| charge.balance_micros >= change));
    let left = ledgers[0].account(account).await.unwrap().unwrap().balance_micros;
    assert_eq!(left, balance - PRICE * i64::try_from(paid.len()).unwrap());
}

async fn rounds(ledgers: Vec<Ledger>, many: usize, at_once: usize) {
    let (ledgers, permits) = (Arc::new(ledgers), Arc::new(Semaphore::new(at_once)));
    let mut running = JoinSet::new();
    for number in 0..many {
        let (ledgers, permit) = (Arc::clone(&ledgers), Arc::clone(&permits).acquire_owned().await.unwrap());
        running.spawn(async move {
            round(&ledgers, number % 5, 8).await;
            drop(permit);
        });
    }
    running.join_all().await;
    let found = ledgers[0].reconcile().await.unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(found.accounts, i64::try_from(many).unwrap());
}

/// Case 7.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_for_so_many_sends_pays_for_so_many() {
    let world = World::sqlite().await;
    rounds(vec![world.ledger.clone()], 1_000, 20).await;
}

/// Case 7, with three processes' worth of writers on one database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_on_postgresql_never_overdraw() {
    let cluster = Cluster::shared();
    let url = cluster.url(&cluster.database().await);
    let opening = [(); 3].map(|()| Ledger::open(&url, Policy::default()));
    let [a, b, c] = opening;
    // They also bring the schema up to date at the same time.
    let (a, b, c) = tokio::join!(a, b, c);
    rounds(vec![a.unwrap(), b.unwrap(), c.unwrap()], 150, 10).await;
}

/// Top-ups, sends, refunds and applications of all credits at once: nothing is lost, nothing is made.
async fn everything_at_once(world: World) {
    let account = world.account(50 * PRICE).await;
    let mut calls = JoinSet::new();
    for caller in 0..24_i64 {
        let ledger = world.ledger.clone();
        calls.spawn(async move {
            let (mut came, mut went) = (0, 0);
            for turn in 0..6_i64 {
                let name = format!("{account} {caller} {turn}");
                match caller % 4 {
                    0 => {
                        let top_up = TopUp { account, payment: pay_id(&name), amount_micros: 3 * PRICE };
                        came += ledger.tell(top_up).await.unwrap().outcome.unwrap().amount_micros;
                    }
                    1 => {
                        let apply = ApplyAll { account, id: ApplicationId::new(), key: request(&name, "") };
                        went += ledger.tell(apply).await.unwrap().outcome.unwrap().amount_micros;
                    }
                    _ => {
                        let charge = ledger.tell(send(account, PRICE)).await.unwrap().outcome.unwrap();
                        if charge.is_paid() && turn % 2 == 0 {
                            let refund = Refund { account, charge: charge.id, reason: "test".into() };
                            assert_eq!(
                                ledger.tell(refund).await.unwrap().outcome.unwrap().amount_micros,
                                PRICE
                            );
                        } else if charge.is_paid() {
                            went += PRICE;
                        }
                    }
                }
            }
            (came, went)
        });
    }
    let sums = calls.join_all().await;
    let (came, went) = sums.into_iter().fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
    assert_eq!(world.balance(account).await, 50 * PRICE + came - went);
    world.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sends_and_applications_race_without_a_loss() {
    for _ in 0..5 {
        everything_at_once(World::sqlite().await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sends_and_applications_race_without_a_loss_on_postgresql() {
    everything_at_once(World::postgres().await).await;
}

/// A campaign that takes its rows from its hold, while others spend all they can get: what was held is there for every row,
/// and what can be spent is spent to the last.
async fn campaigns_and_sends(ledgers: &[Ledger], world: &World) {
    let rows = 30_usize;
    let singles = 5_i64;
    let account = world.account(PRICE * (i64::try_from(rows).unwrap() + singles)).await;
    let campaign = world.campaign(account, &vec![PRICE; rows], Funds::All, "k").await;
    assert_eq!(campaign.refusal, None);
    let mut calls = JoinSet::new();
    for caller in 0..4 {
        let ledger = ledgers[caller % ledgers.len()].clone();
        calls.spawn(async move {
            let mut paid = 0;
            for _ in 0..10 {
                let charge = ledger.tell(send(account, PRICE)).await.unwrap().outcome.unwrap();
                paid += i64::from(charge.is_paid());
            }
            paid
        });
    }
    for caller in 0..3 {
        let (ledger, id) = (ledgers[caller % ledgers.len()].clone(), campaign.id);
        calls.spawn(async move {
            // Several relays at the same campaign: each row is handed on by one of them.
            loop {
                let at = ledger.campaign(account, id).await.unwrap().unwrap();
                if at.state != CampaignState::Sending {
                    return 0;
                }
                let round = ledger.tell(send_on(account, id, at.next_row, 4)).await.unwrap().outcome.unwrap();
                assert!(round.messages.len() <= 4);
            }
        });
    }
    let paid: i64 = calls.join_all().await.into_iter().sum();
    assert_eq!(paid, singles);
    let after = ledgers[0].account(account).await.unwrap().unwrap();
    assert_eq!((after.balance_micros, after.held_micros), (0, 0));
    let progress = ledgers[0].campaign_progress(account, campaign.id).await.unwrap();
    assert_eq!(progress.messages, [(MessageState::Leased, i64::try_from(rows).unwrap())]);
    world.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn campaigns_and_sends_race_for_the_last_cents() {
    let world = World::sqlite().await;
    for _ in 0..5 {
        campaigns_and_sends(std::slice::from_ref(&world.ledger), &world).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn campaigns_and_sends_race_for_the_last_cents_on_postgresql() {
    let world = World::postgres().await;
    let other = Ledger::open(&world.database, world.policy.clone()).await.unwrap();
    campaigns_and_sends(&[world.ledger.clone(), other], &world).await;
}

/// Many who make keys at once, through any of the ledgers: so many are made as may work.
async fn keys_at_once(ledgers: &[Ledger]) {
    let account = open_with(&ledgers[0], PRICE).await;
    let mut calls = JoinSet::new();
    for caller in 0..KEYS_WORKING_MAX + 40 {
        let ledger = ledgers[caller % ledgers.len()].clone();
        calls.spawn(async move {
            let id = KeyId::new();
            let digest = Digest::of(id.to_string().as_bytes());
            let (label, scopes) = ("race".into(), vec!["read".into()]);
            let create = CreateKey { account, id, digest, label, scopes, lifetime: None };
            ledger.tell(create).await.unwrap().outcome.is_ok()
        });
    }
    let made = calls.join_all().await.into_iter().filter(|made| *made).count();
    assert_eq!(made, KEYS_WORKING_MAX);
    assert_eq!(ledgers[0].working_keys(account).await.unwrap().len(), KEYS_WORKING_MAX);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_race_for_the_last_places() {
    keys_at_once(&[World::sqlite().await.ledger]).await;
}

/// With batches of one, so that the processes take turns as often as they can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_race_for_the_last_places_on_postgresql() {
    let cluster = Cluster::shared();
    let url = cluster.url(&cluster.database().await);
    let mut ledgers = Vec::new();
    for _ in 0..3 {
        let policy = Policy { batch_max: 1, ..Policy::default() };
        ledgers.push(Ledger::open(&url, policy).await.unwrap());
    }
    keys_at_once(&ledgers).await;
}
