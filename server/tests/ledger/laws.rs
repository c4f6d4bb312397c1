//! Whatever is done in whatever order and grouping, the ledger does what the model does, on both databases.

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use textmeter_server::ledger::*;
use tokio::runtime::Handle;

use crate::model::{Model, Op, Payments, Saw};
use crate::world::{NOON, World, cases, pay_id, request, send_parts};

/// Some things to do together, and how many hours pass afterwards.
type Batch = (Vec<(usize, Op)>, i64);

fn op() -> impl Strategy<Value = Op> {
    let price = prop_oneof![8 => 1..60_i64, 1 => Just(0), 1 => Just(-1)];
    let amount = prop_oneof![8 => 1..200_i64, 1 => Just(0), 1 => Just(-5), 1 => Just(i64::MIN)];
    let level = || proptest::option::weighted(0.7, 0..150_i64);
    prop_oneof![
        4 => (0..12_u8, amount).prop_map(|(payment, amount)| Op::TopUp { payment, amount }),
        8 => (proptest::option::of(0..8_u8), 0..2_u8, proptest::collection::vec(price, 1..4))
            .prop_map(|(key, body, prices)| Op::Charge { key, body, prices }),
        2 => (0..12_usize).prop_map(Op::Again),
        2 => (0..12_usize).prop_map(Op::Refund),
        2 => (0..12_usize, 0..3_usize).prop_map(|(charge, number)| Op::Reject(charge, number)),
        2 => (0..12_usize, 0..3_usize).prop_map(|(charge, number)| Op::Deliver(charge, number)),
        1 => (0..3_u8, 0..2_u8).prop_map(|(key, body)| Op::Apply { key, body }),
        1 => proptest::bool::weighted(0.8).prop_map(Op::Active),
        1 => (level(), level()).prop_map(|(day, month)| Op::Caps { day, month }),
        1 => level().prop_map(Op::Low),
    ]
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let hours = prop_oneof![4 => Just(0_i64), 1 => 0..40_i64, 1 => Just(24 * 20)];
    proptest::collection::vec((proptest::collection::vec((0..2_usize, op()), 1..12), hours), 1..9)
}

/// The ledger's side of a case: the charges that were tried, to try them again.
struct Case {
    accounts: [AccountId; 2],
    charges: [Vec<Charge>; 2],
}

impl Case {
    fn command(&mut self, who: usize, op: &Op) -> Command {
        let account = self.accounts[who];
        let set = |setting| Configure { account, setting }.command();
        let known = |charges: &[Charge], index: usize| {
            charges.get(index).map_or_else(ChargeId::new, |charge| charge.id)
        };
        let settle = |charges: &[Charge], index: usize, number: usize, outcome| {
            let number = i64::try_from(number).unwrap();
            SettleMessage { account, charge: known(charges, index), number, attempt: 0, outcome }.command()
        };
        let charges = &mut self.charges[who];
        match op {
            Op::TopUp { payment, amount } => {
                let payment = pay_id(&format!("{} {payment}", self.accounts[0]));
                TopUp { account, payment, amount_micros: *amount }.command()
            }
            Op::Charge { key, body, prices } => {
                let mut charge = send_parts(account, prices);
                charge.key = key.map(|key| request(&key.to_string(), &body.to_string()));
                charges.push(charge.clone());
                charge.command()
            }
            Op::Again(index) => charges[*index].clone().command(),
            Op::Refund(index) => {
                Refund { account, charge: known(charges, *index), reason: "test".into() }.command()
            }
            Op::Reject(index, number) => {
                settle(charges, *index, *number, Outcome::Rejected { reason: "no".into() })
            }
            Op::Deliver(index, number) => {
                settle(charges, *index, *number, Outcome::Delivered { reference: None })
            }
            Op::Apply { key, body } => {
                let key = request(&key.to_string(), &body.to_string());
                ApplyAll { account, id: ApplicationId::new(), key }.command()
            }
            Op::Active(active) => set(Setting::SubscriptionActive(*active)),
            Op::Caps { day, month } => set(Setting::SpendCaps { day_micros: *day, month_micros: *month }),
            Op::Low(low) => set(Setting::LowBalance(*low)),
        }
    }
}

fn saw(reply: Reply) -> Saw {
    fn seen<T>(answer: Answer<T>, saw: impl FnOnce(T, bool) -> Saw) -> Saw {
        match answer.outcome {
            Ok(done) => saw(done, answer.replayed),
            Err(refusal) => Saw::Refused(refusal.code()),
        }
    }
    match reply {
        Reply::TopUp(answer) => {
            seen(answer, |payment, replayed| Saw::Credited { balance: payment.balance_micros, replayed })
        }
        Reply::Charge(answer) => seen(answer, |charge, replayed| Saw::Charged {
            amount: charge.amount_micros,
            balance: charge.balance_micros,
            refusal: charge.refusal.clone(),
            replayed,
        }),
        Reply::Refund(answer) => seen(answer, |refunded, replayed| Saw::GivenBack {
            amount: refunded.amount_micros,
            balance: refunded.balance_micros,
            replayed,
        }),
        Reply::ApplyAll(answer) => {
            seen(answer, |applied, replayed| Saw::Applied { amount: applied.amount_micros, replayed })
        }
        Reply::SettleMessage(answer) => {
            seen(answer, |message, replayed| Saw::Message { state: message.state, replayed })
        }
        Reply::Configure(answer) => seen(answer, |account, _| Saw::Set { balance: account.balance_micros }),
        other => panic!("{other:?}"),
    }
}

async fn case(world: &World, batches: Vec<Batch>) -> Result<(), TestCaseError> {
    world.set_clock(NOON);
    let accounts = [world.account(0).await, world.account(0).await];
    let mut case = Case { accounts, charges: [Vec::new(), Vec::new()] };
    let mut models = [Model::new(), Model::new()];
    let mut payments = Payments::new();
    for (ops, hours) in batches {
        let now = world.ledger.now();
        let (mut commands, mut expected, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for (who, op) in ops {
            if matches!(op, Op::Again(index) if index >= case.charges[who].len()) {
                continue;
            }
            commands.push(case.command(who, &op));
            expected.push(models[who].apply(who, &op, &mut payments, now));
            done.push((who, op));
        }
        let replies = world.ledger.apply(commands).await.unwrap();
        let seen: Vec<Saw> = replies.into_iter().map(saw).collect();
        prop_assert_eq!(&seen, &expected, "{:?}", done);
        world.wait(std::time::Duration::from_secs(u64::try_from(hours).unwrap() * 3_600));
    }
    for (who, model) in models.iter().enumerate() {
        same(world, case.accounts[who], &case.charges[who], model).await?;
    }
    Ok(())
}

/// All that can be seen of an account is as the model has it.
async fn same(world: &World, id: AccountId, charges: &[Charge], model: &Model) -> Result<(), TestCaseError> {
    let now = world.ledger.now();
    let account = world.ledger.account(id).await.unwrap().unwrap();
    prop_assert_eq!(account.balance_micros, model.balance());
    prop_assert_eq!(account.out_of_credit_since, model.out_since);
    prop_assert_eq!(account.day_spent_micros_at(now), model.spent(|at| at.day() == now.day()));
    prop_assert_eq!(account.month_spent_micros_at(now), model.spent(|at| at.month() == now.month()));
    prop_assert_eq!(world.journal(id).await, model.journal());
    let events = world.events(id).await;
    let count = |kind: EventKind| events.iter().filter(|event| event.kind() == kind).count();
    prop_assert_eq!(count(EventKind::BalanceLow), model.lows);
    prop_assert_eq!(count(EventKind::MessageFailed), model.failed);
    prop_assert_eq!(charges.len(), model.tried());
    for (index, charge) in charges.iter().enumerate() {
        let messages = world.ledger.messages(id, charge.id).await.unwrap();
        let states: Vec<_> = messages.iter().map(|message| message.state).collect();
        prop_assert_eq!(states.as_slice(), model.messages(index));
    }
    Ok(())
}

async fn holds(world: World, many: u32) {
    let held = tokio::task::block_in_place(|| {
        TestRunner::new(cases(many))
            .run(&batches(), |batches| Handle::current().block_on(case(&world, batches)))
    });
    held.unwrap_or_else(|broken| panic!("{broken}"));
    world.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_ledger_does_what_the_model_does() {
    holds(World::sqlite().await, 300).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_on_postgresql_does_what_the_model_does() {
    holds(World::postgres().await, 100).await;
}
