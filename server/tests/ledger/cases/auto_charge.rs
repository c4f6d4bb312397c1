//! Auto-charge: at most one payment in flight, never beyond the cap, never silent.

use std::time::Duration;

use textmeter_server::ledger::*;

use crate::on_both;
use crate::world::{World, pay_id, send};

const RULE: AutoChargeRule =
    AutoChargeRule { threshold_micros: 5_000_000, amount_micros: 10_000_000, month_cap_micros: 25_000_000 };

async fn ruled(world: &World, balance_micros: i64, rule: AutoChargeRule) -> AccountId {
    let account = world.account(balance_micros).await;
    world.set(account, Setting::AutoCharge(Some(rule))).await;
    account
}

fn begin(account: AccountId) -> BeginAttempt {
    BeginAttempt { account, id: AttemptId::new() }
}

fn settle(attempt: &Attempt, outcome: AttemptOutcome) -> SettleAttempt {
    SettleAttempt { account: attempt.account_id, id: attempt.id, outcome }
}

fn succeeded(attempt: &Attempt) -> SettleAttempt {
    let payment = pay_id(&format!("pay {}", attempt.id));
    settle(attempt, AttemptOutcome::Succeeded { payment, amount_micros: attempt.amount_micros })
}

fn declined(attempt: &Attempt) -> SettleAttempt {
    settle(attempt, AttemptOutcome::Declined { reason: "card declined".into() })
}

fn unknown(attempt: &Attempt) -> SettleAttempt {
    settle(attempt, AttemptOutcome::Unknown { reason: "time-out".into() })
}

async fn not_due(world: &World, account: AccountId) -> String {
    match world.refused(begin(account)).await {
        Refusal::AutoChargeNotDue { because, .. } => because,
        other => panic!("{other:?}"),
    }
}

async fn causes(world: &World, account: AccountId) -> Vec<(String, bool)> {
    let cause = |event: EventBody| match event {
        EventBody::AutoChargeFailed { cause, stopped, .. } => Some((cause, stopped)),
        _ => None,
    };
    world.events(account).await.into_iter().filter_map(cause).collect()
}

on_both! {
    async fn a_payment_is_due_below_the_threshold(world: World) {
        let account = world.account(5_000_000).await;
        assert_eq!(not_due(&world, account).await, "off");
        world.set(account, Setting::AutoCharge(Some(RULE))).await;
        assert_eq!(not_due(&world, account).await, "enough");
        assert!(world.ledger.auto_charges_due(10).await.unwrap().is_empty());
        world.done(send(account, 1)).await;
        assert_eq!(world.ledger.auto_charges_due(10).await.unwrap(), [account]);
        let attempt = world.done(begin(account)).await;
        assert_eq!((attempt.amount_micros, attempt.clamped), (10_000_000, false));
        assert!(world.ledger.auto_charges_due(10).await.unwrap().is_empty());
        let settled = world.answer(succeeded(&attempt)).await;
        assert_eq!(settled.outcome.as_ref().unwrap().state, AttemptState::Succeeded);
        assert_eq!(world.balance(account).await, 14_999_999);
        assert_eq!(world.journal(account).await.last().unwrap().0, EntryKind::AutoCharge);
        assert!(world.answer(succeeded(&attempt)).await.replayed);
        assert_eq!(world.balance(account).await, 14_999_999);
        // The cool-down.
        world.done(send(account, 14_000_000)).await;
        assert_eq!(not_due(&world, account).await, "waiting");
        world.wait(world.policy.cool_down);
        world.done(begin(account)).await;
        world.adds_up().await;
    }

    /// Cases 8 and 22: many ask at once, one attempt begins, and what it is to bring is counted.
    async fn many_at_once_begin_one_attempt(world: World) {
        for _ in 0..5 {
            let account = ruled(&world, 1_000_000, RULE).await;
            let mut calls = tokio::task::JoinSet::new();
            for _ in 0..16 {
                let ledger = world.ledger.clone();
                calls.spawn(async move { ledger.tell(begin(account)).await.unwrap().outcome });
            }
            let begun: Vec<_> = calls.join_all().await.into_iter().filter_map(Result::ok).collect();
            assert_eq!(begun.len(), 1);
            assert_eq!(not_due(&world, account).await, "in-flight");
            let state = world.ledger.auto_charge(account).await.unwrap().unwrap();
            assert_eq!((state.attempt_id, state.pending_micros), (Some(begun[0].id), 10_000_000));
            assert!(world.answer(BeginAttempt { account, id: begun[0].id }).await.replayed);
        }
    }

    /// Case 8: one payment closes the gap, in whole multiples of the amount.
    async fn a_payment_closes_the_gap(world: World) {
        let rule = AutoChargeRule { threshold_micros: 50_000_000, amount_micros: 10_000_000, month_cap_micros: 1_000_000_000 };
        for (balance, expected) in [(0, 50_000_000), (1, 50_000_000), (9_999_999, 50_000_000), (10_000_000, 40_000_000), (49_999_999, 10_000_000)] {
            let account = ruled(&world, balance, rule.clone()).await;
            assert_eq!(world.done(begin(account)).await.amount_micros, expected, "from {balance}");
        }
    }

    /// Case 10: the month's cap cuts the last payment, then stops, and says so once a month.
    async fn the_cap_of_a_month_is_never_exceeded_and_never_silent(world: World) {
        let account = ruled(&world, 0, RULE).await;
        for (amount, clamped) in [(10_000_000, false), (10_000_000, false), (5_000_000, true)] {
            let attempt = world.done(begin(account)).await;
            assert_eq!((attempt.amount_micros, attempt.clamped), (amount, clamped));
            world.done(succeeded(&attempt)).await;
            world.wait(world.policy.cool_down);
            let balance = world.balance(account).await;
            world.done(send(account, balance)).await;
        }
        for _ in 0..2 {
            assert_eq!(not_due(&world, account).await, "month-cap");
        }
        assert!(world.ledger.auto_charges_due(10).await.unwrap().is_empty());
        assert_eq!(causes(&world, account).await, [("month-cap".into(), false)]);
        let cut = world.events(account).await.into_iter().filter(|event| matches!(event, EventBody::TopUpSucceeded { clamped: true, .. }));
        assert_eq!(cut.count(), 1);
        world.wait(Duration::from_secs(20 * 86_400));
        assert_eq!(world.ledger.auto_charges_due(10).await.unwrap(), [account]);
        assert_eq!(world.done(begin(account)).await.amount_micros, 10_000_000);
        world.adds_up().await;
    }

    /// Case 9: longer waits, a notice each time, and an end.
    async fn declined_payments_back_off_and_stop(world: World) {
        let account = ruled(&world, 0, RULE).await;
        let mut wait = world.policy.decline_wait_first;
        for failure in 1..=world.policy.declines_max {
            let attempt = world.done(begin(account)).await;
            assert_eq!(world.done(declined(&attempt)).await.state, AttemptState::Declined);
            assert!(world.answer(declined(&attempt)).await.replayed);
            if failure < world.policy.declines_max {
                assert_eq!(not_due(&world, account).await, "waiting");
                world.wait(wait - Duration::from_micros(1));
                assert_eq!(not_due(&world, account).await, "waiting");
                world.wait(Duration::from_micros(1));
                wait *= 2;
            }
        }
        world.wait(Duration::from_secs(30 * 86_400));
        assert_eq!(not_due(&world, account).await, "stopped");
        let told = causes(&world, account).await;
        assert_eq!(told.iter().map(|(_, stopped)| *stopped).collect::<Vec<_>>(), [false, false, false, true]);
        assert_eq!(world.balance(account).await, 0);
        // Declined payments are not counted against the month, and setting the rule again starts it again.
        world.set(account, Setting::AutoCharge(Some(RULE))).await;
        assert_eq!(world.done(begin(account)).await.amount_micros, 10_000_000);
    }

    /// A wait that was counted from a clock far ahead ends when the clock is right again, and so does a month's cap.
    async fn a_clock_that_was_ahead_stops_no_payment(world: World) {
        let small = AutoChargeRule { month_cap_micros: 10_000_000, ..RULE };
        let account = ruled(&world, 0, small).await;
        let here = world.ledger.now();
        world.wait(Duration::from_secs(400 * 86_400));
        let attempt = world.done(begin(account)).await;
        world.done(succeeded(&attempt)).await;
        world.done(send(account, 10_000_000)).await;
        world.wait(world.policy.cool_down);
        assert_eq!(not_due(&world, account).await, "month-cap");
        world.set_clock(here.micros());
        assert_eq!(world.ledger.auto_charges_due(10).await.unwrap(), [account]);
        assert_eq!(world.done(begin(account)).await.amount_micros, 10_000_000);
    }

    /// Case 12: a time-out credits nothing and begins nothing; somebody asks until it is known.
    async fn an_unknown_payment_is_asked_for_and_never_guessed(world: World) {
        let account = ruled(&world, 0, RULE).await;
        let attempt = world.done(begin(account)).await;
        assert_eq!(world.done(unknown(&attempt)).await.state, AttemptState::Unknown);
        assert_eq!(world.balance(account).await, 0);
        world.wait(Duration::from_secs(86_400));
        assert_eq!(not_due(&world, account).await, "in-flight");
        let claim = ClaimAttempts { limit: 10 };
        let asked = world.done(claim.clone()).await;
        assert_eq!((asked.len(), asked[0].id, asked[0].tries), (1, attempt.id, 2));
        assert!(world.done(claim.clone()).await.is_empty());
        assert!(world.answer(unknown(&attempt)).await.replayed);
        world.wait(world.policy.ask_after);
        assert_eq!(world.done(claim.clone()).await.len(), 1);
        assert_eq!(world.done(succeeded(&attempt)).await.state, AttemptState::Succeeded);
        assert_eq!(world.balance(account).await, 10_000_000);
        assert_eq!(causes(&world, account).await, [("unknown".into(), false)]);
        world.wait(world.policy.ask_after);
        assert!(world.done(claim).await.is_empty());
        assert_eq!(world.refused(declined(&attempt)).await, Refusal::AttemptSettled);
    }

    /// An attempt whose caller crashed is asked for like one that timed out.
    async fn a_forgotten_attempt_comes_back(world: World) {
        let account = ruled(&world, 0, RULE).await;
        let attempt = world.done(begin(account)).await;
        let claim = ClaimAttempts { limit: 10 };
        assert!(world.done(claim.clone()).await.is_empty());
        world.wait(world.policy.ask_after);
        let claimed = world.done(claim).await;
        assert_eq!((claimed[0].id, claimed[0].state), (attempt.id, AttemptState::Pending));
    }

    /// Cases 11 and 12: the payment is told of by a notice and by the attempt, in either order, and even late.
    async fn the_payment_of_an_attempt_is_credited_once(world: World) {
        let account = ruled(&world, 0, RULE).await;
        let attempt = world.done(begin(account)).await;
        world.top_up(account, &format!("pay {}", attempt.id), attempt.amount_micros).await;
        assert_eq!(world.done(succeeded(&attempt)).await.state, AttemptState::Succeeded);
        assert_eq!(world.balance(account).await, 10_000_000);
        assert_eq!(world.ledger.auto_charge(account).await.unwrap().unwrap().attempt_id, None);

        // Said to be declined, and taken after all: the money is real, so it is credited, and counted.
        let account = ruled(&world, 0, RULE).await;
        let attempt = world.done(begin(account)).await;
        world.done(declined(&attempt)).await;
        assert_eq!(world.ledger.auto_charge(account).await.unwrap().unwrap().month_micros, 0);
        world.done(succeeded(&attempt)).await;
        assert_eq!(world.balance(account).await, 10_000_000);
        let state = world.ledger.auto_charge(account).await.unwrap().unwrap();
        assert_eq!((state.month_micros, state.failures), (10_000_000, 0));
        let payment = pay_id(&format!("{account} another"));
        let other = settle(&attempt, AttemptOutcome::Succeeded { payment, amount_micros: 1 });
        assert_eq!(world.refused(other).await, Refusal::AttemptSettled);
        world.adds_up().await;
    }

    async fn rules_are_checked(world: World) {
        let account = world.account(0).await;
        for (threshold_micros, amount_micros, month_cap_micros) in [(0, 1, 1), (1, 0, 1), (1, 2, 1), (-1, 1, 1), (1, 1, i64::MAX)] {
            let rule = AutoChargeRule { threshold_micros, amount_micros, month_cap_micros };
            let setting = Setting::AutoCharge(Some(rule));
            assert_eq!(world.refused(Configure { account, setting }).await.code(), "invalid-amount");
        }
        world.set(account, Setting::AutoCharge(Some(RULE))).await;
        world.set(account, Setting::SubscriptionActive(false)).await;
        assert_eq!(not_due(&world, account).await, "subscription");
        world.set(account, Setting::SubscriptionActive(true)).await;
        world.set(account, Setting::AutoCharge(None)).await;
        assert_eq!(not_due(&world, account).await, "off");
    }
}
