//! Handing on what was paid, and giving back what nobody takes.

use std::time::Duration;

use textmeter_server::ledger::*;

use crate::on_both;
use crate::world::{NOON, send, send_parts};

const LEASE: Duration = Duration::from_secs(30);

fn not_taken() -> Outcome {
    Outcome::NotTaken { reason: "503".into() }
}

fn timed_out() -> Outcome {
    Outcome::Unknown { reason: "time-out".into() }
}

fn failures(events: &[EventBody]) -> Vec<(String, i64)> {
    let failure = |event: &EventBody| match event {
        EventBody::MessageFailed { state, refunded_micros, .. } => Some((state.clone(), *refunded_micros)),
        _ => None,
    };
    events.iter().filter_map(failure).collect()
}

on_both! {
    /// Case 1: what was paid before a crash is sent after it.
    async fn what_was_paid_is_handed_on_after_a_restart(world: World) {
        let mut world = world;
        let account = world.account(100_000).await;
        let charge = world.done(send(account, 10_000)).await;
        world.reopen().await;
        let claimed = world.claim().await;
        assert_eq!(claimed.len(), 1);
        assert_eq!((claimed[0].charge_id, claimed[0].attempts, claimed[0].doubtful), (charge.id, 1, false));
        assert_eq!(claimed[0].payload.as_deref(), Some("{\"text\":\"hi\"}"));
        assert!(world.claim().await.is_empty(), "a message is handed to one relay");
        let settled = world.settle(&claimed[0], Outcome::Delivered { reference: Some("AC1".into()) }).await;
        let settled = settled.outcome.unwrap();
        assert_eq!((settled.state, settled.payload.as_deref()), (MessageState::Delivered, None));
        assert_eq!(settled.provider_reference.as_deref(), Some("AC1"));
        world.wait(LEASE * 2);
        assert!(world.claim().await.is_empty());
    }

    /// Case 18: half a batch was handed on. What a lost relay may have sent comes back doubtful, to be asked for by
    /// reference; what it had settled does not come back.
    async fn half_a_batch_is_finished_by_another_relay(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send_parts(account, &[10_000, 10_000, 10_000])).await;
        let claimed = world.claim().await;
        assert_eq!(claimed.iter().map(|m| m.number).collect::<Vec<_>>(), [0, 1, 2]);
        world.settle(&claimed[0], Outcome::Delivered { reference: None }).await.outcome.unwrap();
        world.wait(LEASE);
        let again = world.claim().await;
        let seen: Vec<_> = again.iter().map(|m| (m.charge_id, m.number, m.attempts, m.doubtful)).collect();
        assert_eq!(seen, [(charge.id, 1, 2, true), (charge.id, 2, 2, true)]);
        // The relay that was lost comes back: it cannot undo what the other one is doing, but a delivery is a fact.
        assert_eq!(world.settle(&claimed[1], not_taken()).await.outcome, Err(Refusal::LeaseLost));
        let rejected = Outcome::Rejected { reason: "bad number".into() };
        assert_eq!(world.settle(&claimed[1], rejected).await.outcome, Err(Refusal::LeaseLost));
        let delivered = world.settle(&claimed[1], Outcome::Delivered { reference: None }).await.outcome.unwrap();
        assert_eq!(delivered.state, MessageState::Delivered);
        assert_eq!(world.balance(account).await, 70_000);
    }

    /// Case 20: a definite refusal is refunded, once.
    async fn a_definite_refusal_is_given_back_once(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send_parts(account, &[10_000, 20_000])).await;
        let claimed = world.claim().await;
        let rejected = Outcome::Rejected { reason: "not a\u{0} number".into() };
        let first = world.settle(&claimed[1], rejected.clone()).await;
        let again = world.settle(&claimed[1], rejected).await;
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.outcome.as_ref().unwrap().state, MessageState::Failed);
        assert_eq!(first.outcome.unwrap().reason.as_deref(), Some("not a number"));
        assert_eq!(world.balance(account).await, 90_000);
        assert_eq!(failures(&world.events(account).await), [("failed".into(), 20_000)]);
        let late = world.settle(&claimed[1], Outcome::Delivered { reference: None }).await;
        assert_eq!(late.outcome, Err(Refusal::MessageSettled));
        // A refund of the whole charge gives back the rest, not all.
        let refund = world.done(Refund { account, charge: charge.id, reason: "test".into() }).await;
        assert_eq!(refund, Refunded { amount_micros: 10_000, balance_micros: 100_000 });
        // The first message was on its way; when it fails there is nothing left to give back.
        world.settle(&claimed[0], Outcome::Rejected { reason: "late".into() }).await.outcome.unwrap();
        assert_eq!(world.balance(account).await, 100_000);
        world.adds_up().await;
    }

    /// A refund that finds nothing left to give back does nothing else either.
    async fn a_refund_of_nothing_cancels_nothing(world: World) {
        let account = world.account(100).await;
        let charge = world.done(send_parts(account, &[1, 0])).await;
        let claimed = world.claim().await;
        world.settle(&claimed[0], Outcome::Rejected { reason: "no".into() }).await.outcome.unwrap();
        world.settle(&claimed[1], not_taken()).await.outcome.unwrap();
        let refund = Refund { account, charge: charge.id, reason: "test".into() };
        assert!(world.answer(refund).await.replayed);
        assert_eq!(world.ledger.messages(account, charge.id).await.unwrap()[1].state, MessageState::Queued);
    }

    /// What is refunded while a relay has it may still arrive, and is never handed on again.
    async fn what_is_refunded_on_its_way_is_called_back(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send_parts(account, &[10_000, 10_000, 10_000, 10_000])).await;
        let claimed = world.claim().await;
        world.settle(&claimed[1], timed_out()).await.outcome.unwrap();
        world.settle(&claimed[2], timed_out()).await.outcome.unwrap();
        world.done(Refund { account, charge: charge.id, reason: "test".into() }).await;
        // Nobody took it: that is its end, told once.
        let ended = world.settle(&claimed[0], not_taken()).await.outcome.unwrap();
        assert_eq!((ended.state, ended.payload, ended.due_at), (MessageState::Cancelled, None, None));
        assert!(world.settle(&claimed[0], not_taken()).await.replayed);
        // It may have been taken: it is asked for, with what one needs to ask.
        world.wait(LEASE);
        let doubtful = world.claim().await;
        let mut seen: Vec<_> =
            doubtful.iter().map(|m| (m.number, m.doubtful, m.recalled, m.payload.is_some())).collect();
        seen.sort_unstable();
        assert_eq!(seen, [1, 2, 3].map(|number| (number, true, true, true)));
        let of = |number: i64| doubtful.iter().find(|m| m.number == number).unwrap();
        let arrived = world.settle(of(1), Outcome::Delivered { reference: None }).await.outcome.unwrap();
        assert_eq!(arrived.state, MessageState::Delivered);
        for number in [2, 3] {
            let absent = world.settle(of(number), not_taken()).await.outcome.unwrap();
            assert_eq!(absent.state, MessageState::Cancelled);
        }
        world.wait(world.policy.retry_max);
        assert!(world.claim().await.is_empty());
        assert_eq!(world.balance(account).await, 100_000);
        assert_eq!(failures(&world.events(account).await), []);
        world.adds_up().await;
    }

    /// What was put off while the clock was far ahead does not wait until then.
    async fn a_clock_that_was_ahead_holds_nothing_back(world: World) {
        let account = world.account(100_000).await;
        let ahead = Duration::from_secs(400 * 86_400);
        world.wait(ahead);
        let charge = world.done(send_parts(account, &[10_000, 10_000])).await;
        let tried = world.done(ClaimMessages { limit: 1, lease: LEASE }).await;
        world.settle(&tried[0], not_taken()).await.outcome.unwrap();
        world.set_clock(NOON + 1);
        let claimed = world.claim().await;
        assert_eq!(claimed.iter().filter(|m| m.charge_id == charge.id).count(), 2);
        assert!(world.claim().await.is_empty(), "and it is handed to one relay");
        let told = world.done(ClaimEvents { limit: 10, lease: LEASE }).await;
        assert_eq!(told.len(), 1);
        assert!(world.done(ClaimEvents { limit: 10, lease: LEASE }).await.is_empty());
    }

    /// Cases 19 and 20: tried again with longer waits, then dead, told and given back.
    async fn a_message_nobody_takes_is_dead_and_given_back(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send(account, 10_000)).await;
        for attempt in 1..world.policy.message_attempts_max {
            let claimed = world.claim().await;
            assert_eq!((claimed.len(), claimed[0].attempts), (1, attempt));
            let due_at = world.settle(&claimed[0], not_taken()).await.outcome.unwrap().due_at.unwrap();
            assert!(world.settle(&claimed[0], not_taken()).await.replayed);
            assert!(world.claim().await.is_empty(), "it was claimed before it was due");
            let doubled = world.policy.retry_first * 2_u32.pow(u32::try_from(attempt).unwrap() - 1);
            let full = doubled.min(world.policy.retry_max);
            let wait = world.ledger.now().until(due_at);
            assert!((full / 2..=full).contains(&wait), "the wait after attempt {attempt} was {wait:?}");
            world.set_clock(due_at.micros());
        }
        let last = world.claim().await;
        world.settle(&last[0], not_taken()).await.outcome.unwrap();
        let messages = world.ledger.messages(account, charge.id).await.unwrap();
        assert_eq!((messages[0].state, messages[0].reason.as_deref()), (MessageState::Dead, Some("503")));
        assert_eq!(world.balance(account).await, 100_000);
        assert_eq!(failures(&world.events(account).await), [("dead".into(), 10_000)]);
        assert!(world.settle(&last[0], not_taken()).await.replayed);
        world.adds_up().await;
    }

    /// Case 20: a time-out is asked for by reference, and never given back on that ground.
    async fn a_time_out_is_never_given_back(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send(account, 10_000)).await;
        for attempt in 1..=world.policy.message_attempts_max {
            let claimed = world.claim().await;
            assert_eq!(claimed[0].doubtful, attempt > 1);
            let settled = world.settle(&claimed[0], timed_out()).await.outcome.unwrap();
            if let Some(due_at) = settled.due_at {
                world.set_clock(due_at.micros());
            }
        }
        let messages = world.ledger.messages(account, charge.id).await.unwrap();
        assert_eq!(messages[0].state, MessageState::Unknown);
        assert_eq!(world.balance(account).await, 90_000);
        assert_eq!(failures(&world.events(account).await), [("unknown".into(), 0)]);
        assert_eq!(world.ledger.backlog().await.unwrap().unknown_messages, 1);
        // A person, or a late receipt, says what became of it.
        let found = world.settle(&messages[0], Outcome::Delivered { reference: Some("AC2".into()) }).await;
        assert_eq!(found.outcome.unwrap().state, MessageState::Delivered);
        assert_eq!(world.ledger.backlog().await.unwrap().unknown_messages, 0);
    }

    /// Case 19: a message that kills every relay that takes it is set aside too.
    async fn a_message_that_kills_its_relays_is_set_aside(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send(account, 10_000)).await;
        for _ in 0..world.policy.message_attempts_max {
            assert_eq!(world.claim().await.len(), 1);
            world.wait(LEASE);
        }
        assert!(world.claim().await.is_empty());
        let messages = world.ledger.messages(account, charge.id).await.unwrap();
        assert_eq!((messages[0].state, &messages[0].payload), (MessageState::Unknown, &None));
        assert_eq!(world.balance(account).await, 90_000, "it may have gone out");
        assert_eq!(failures(&world.events(account).await), [("unknown".into(), 0)]);
    }

    /// Two relays never get the same message, and together they get all.
    async fn relays_share_the_work(world: World) {
        let account = world.account(1_000_000).await;
        world.done(send_parts(account, &[100; 200])).await;
        let mut relays = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let ledger = world.ledger.clone();
            relays.spawn(async move {
                let mut taken = Vec::new();
                loop {
                    let claim = ClaimMessages { limit: 7, lease: LEASE };
                    let claimed = ledger.tell(claim).await.unwrap().outcome.unwrap();
                    if claimed.is_empty() {
                        return taken;
                    }
                    taken.extend(claimed.iter().map(|m| m.number));
                }
            });
        }
        let mut taken: Vec<_> = relays.join_all().await.into_iter().flatten().collect();
        taken.sort_unstable();
        assert_eq!(taken, (0..200).collect::<Vec<_>>());
    }

    /// Events are told in their order, again later when nobody listens, and given up in the end.
    async fn events_are_told_until_somebody_listens(world: World) {
        let account = world.account(100_000).await;
        let claim = ClaimEvents { limit: 10, lease: LEASE };
        let events = world.done(claim.clone()).await;
        assert_eq!(events.iter().map(|e| e.kind).collect::<Vec<_>>(), [EventKind::TopUpSucceeded]);
        assert!(world.done(claim.clone()).await.is_empty());
        let settle = |event: &Event, failed: Option<&str>| SettleEvent {
            account,
            id: event.id,
            attempt: event.attempts,
            failed: failed.map(str::to_owned),
        };
        let waiting = world.done(settle(&events[0], Some("410"))).await;
        assert_eq!((waiting.state, waiting.reason.as_deref()), (EventState::Queued, Some("410")));
        world.set_clock(waiting.due_at.unwrap().micros());
        let again = world.done(claim.clone()).await;
        assert_eq!((again[0].id, again[0].attempts), (events[0].id, 2));
        world.wait(LEASE);
        let third = world.done(claim.clone()).await;
        assert_eq!(world.refused(settle(&again[0], None)).await, Refusal::LeaseLost);
        assert_eq!(world.done(settle(&third[0], None)).await.state, EventState::Delivered);
        assert!(world.answer(settle(&third[0], None)).await.replayed);

        world.top_up(account, &format!("{account} 2"), 1).await;
        for _ in 0..world.policy.event_attempts_max {
            let event = world.done(claim.clone()).await.remove(0);
            let settled = world.done(settle(&event, Some("410"))).await;
            world.set_clock(settled.due_at.map_or(world.ledger.now().micros(), Moment::micros));
        }
        assert!(world.done(claim).await.is_empty());
        assert_eq!(world.ledger.events(account, 1).await.unwrap()[0].state, EventState::Dead);
    }
}
