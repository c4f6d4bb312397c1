//! Whatever happens to its payments, auto-charge keeps its rule: on both databases.

use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use textmeter_server::ledger::*;
use tokio::runtime::Handle;

use crate::world::{NOON, World, cases, pay_id, send};

#[derive(Clone, Debug)]
enum Step {
    Spend(i64),
    Begin,
    Succeed(usize),
    Decline(usize),
    Lose(usize),
    Wait(u64),
    Rule { threshold: i64, amount: i64, cap: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = || 0..4_usize;
    let step = prop_oneof![
        3 => (1..80_i64).prop_map(Step::Spend),
        5 => Just(Step::Begin),
        3 => which().prop_map(Step::Succeed),
        2 => which().prop_map(Step::Decline),
        1 => which().prop_map(Step::Lose),
        3 => prop_oneof![Just(1), Just(3_600), Just(30 * 3_600), Just(20 * 86_400)].prop_map(Step::Wait),
        1 => (1..60_i64, 1..30_i64, 0..100_i64)
            .prop_map(|(threshold, amount, more)| Step::Rule { threshold, amount, cap: amount + more }),
    ];
    proptest::collection::vec(step, 1..40)
}

/// What is known of auto-charge when everything is written down.
struct Kept {
    rule: (i64, i64, i64),
    balance: i64,
    /// Amount, state and month of each attempt.
    attempts: Vec<(AttemptId, i64, AttemptState, i64)>,
    failures: u32,
    stopped: bool,
    next_at: Moment,
}

impl Kept {
    fn in_flight(&self) -> bool {
        self.attempts
            .iter()
            .any(|(_, _, state, _)| matches!(state, AttemptState::Pending | AttemptState::Unknown))
    }

    fn taken(&self, month: i64) -> i64 {
        let counts = |attempt: &&(AttemptId, i64, AttemptState, i64)| {
            attempt.3 == month && attempt.2 != AttemptState::Declined
        };
        self.attempts.iter().filter(counts).map(|attempt| attempt.1).sum()
    }

    /// How much an attempt begun now would be of, or why there is none.
    fn due(&self, now: Moment) -> Result<i64, &'static str> {
        let (threshold, amount, cap) = self.rule;
        if self.in_flight() {
            return Err("in-flight");
        }
        if self.stopped {
            return Err("stopped");
        }
        if now < self.next_at {
            return Err("waiting");
        }
        if self.balance >= threshold {
            return Err("enough");
        }
        let left = cap - self.taken(now.month());
        if left <= 0 {
            return Err("month-cap");
        }
        let enough = (1..).map(|times| times * amount).find(|sum| self.balance + sum >= threshold).unwrap();
        Ok(enough.min(left))
    }
}

async fn case(world: &World, steps: Vec<Step>) -> Result<(), TestCaseError> {
    world.set_clock(NOON);
    let account = world.account(50).await;
    let rule = |threshold_micros, amount_micros, month_cap_micros| {
        Setting::AutoCharge(Some(AutoChargeRule { threshold_micros, amount_micros, month_cap_micros }))
    };
    world.set(account, rule(40, 25, 100)).await;
    let mut kept = Kept {
        rule: (40, 25, 100),
        balance: 50,
        attempts: Vec::new(),
        failures: 0,
        stopped: false,
        next_at: world.ledger.now(),
    };
    let mut waits = HashMap::new();
    let mut wait = world.policy.decline_wait_first;
    for failure in 1..=u32::try_from(world.policy.declines_max).unwrap() {
        waits.insert(failure, wait);
        wait = (wait * 2).min(world.policy.decline_wait_max);
    }
    for step in steps {
        let now = world.ledger.now();
        match step {
            Step::Spend(price) => {
                let paid = world.done(send(account, price)).await.is_paid();
                prop_assert_eq!(paid, price <= kept.balance);
                kept.balance -= if paid { price } else { 0 };
            }
            Step::Begin => {
                let id = AttemptId::new();
                let begun = world.answer(BeginAttempt { account, id }).await.outcome;
                let seen = match &begun {
                    Ok(attempt) => Ok(attempt.amount_micros),
                    Err(Refusal::AutoChargeNotDue { because, .. }) => Err(because.as_str()),
                    Err(other) => panic!("{other:?}"),
                };
                let expected = kept.due(now);
                prop_assert_eq!(seen, expected);
                if let Ok(amount) = expected {
                    kept.attempts.push((id, amount, AttemptState::Pending, now.month()));
                }
            }
            Step::Succeed(which) => {
                let Some((id, amount, state, _)) = kept.attempts.get(which).copied() else { continue };
                let payment = pay_id(&id.to_string());
                let outcome = AttemptOutcome::Succeeded { payment, amount_micros: amount };
                let answer = world.answer(SettleAttempt { account, id, outcome }).await;
                prop_assert_eq!(answer.replayed, state == AttemptState::Succeeded);
                if !answer.replayed {
                    kept.attempts[which].2 = AttemptState::Succeeded;
                    kept.balance += amount;
                    kept.failures = 0;
                    kept.next_at = now.after(world.policy.cool_down);
                }
            }
            Step::Decline(which) => {
                let Some((id, _, state, _)) = kept.attempts.get(which).copied() else { continue };
                let outcome = AttemptOutcome::Declined { reason: "no".into() };
                let answer = world.answer(SettleAttempt { account, id, outcome }).await;
                prop_assert_eq!(answer.outcome.is_err(), state == AttemptState::Succeeded);
                if answer.outcome.is_ok() && !answer.replayed {
                    kept.attempts[which].2 = AttemptState::Declined;
                    kept.failures += 1;
                    kept.stopped = i64::from(kept.failures) >= world.policy.declines_max;
                    kept.next_at = now.after(waits[&kept.failures.min(u32::try_from(waits.len()).unwrap())]);
                }
            }
            Step::Lose(which) => {
                let Some((id, _, state, _)) = kept.attempts.get(which).copied() else { continue };
                let outcome = AttemptOutcome::Unknown { reason: "time-out".into() };
                let answer = world.answer(SettleAttempt { account, id, outcome }).await;
                prop_assert_eq!(
                    answer.outcome.is_ok(),
                    matches!(state, AttemptState::Pending | AttemptState::Unknown)
                );
                if answer.outcome.is_ok() {
                    kept.attempts[which].2 = AttemptState::Unknown;
                }
            }
            Step::Wait(seconds) => world.wait(Duration::from_secs(seconds)),
            Step::Rule { threshold, amount, cap } => {
                world.set(account, rule(threshold, amount, cap)).await;
                kept.rule = (threshold, amount, cap);
                (kept.failures, kept.stopped, kept.next_at) = (0, false, now);
            }
        }
        let state = world.ledger.auto_charge(account).await.unwrap().unwrap();
        prop_assert_eq!(world.balance(account).await, kept.balance);
        prop_assert_eq!(state.attempt_id.is_some(), kept.in_flight());
    }
    Ok(())
}

async fn holds(world: World, many: u32) {
    let held = tokio::task::block_in_place(|| {
        TestRunner::new(cases(many)).run(&steps(), |steps| Handle::current().block_on(case(&world, steps)))
    });
    held.unwrap_or_else(|broken| panic!("{broken}"));
    world.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_ledger_keeps_the_rule() {
    holds(World::sqlite().await, 100).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_on_postgresql_keeps_the_rule() {
    holds(World::postgres().await, 25).await;
}
