//! Charging: once, wholly, or not at all.

use std::time::Duration;

use textmeter_server::ledger::*;

use crate::on_both;
use crate::world::{keyed, line, request, send, send_parts};

fn refusal(charge: &ChargeRecord) -> &Refusal {
    charge.refusal.as_ref().expect("this was to be refused")
}

on_both! {
    /// Case 2, and the seed pages: what is charged is what is missing from the balance, and a retry is not charged.
    async fn a_retry_under_the_same_key_is_answered_and_not_charged(world: World) {
        let account = world.account(5_000_000).await;
        let first = world.answer(keyed(send(account, 30_000), "k", "body")).await;
        let again = world.answer(keyed(send(account, 30_000), "k", "body")).await;
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.outcome, again.outcome);
        assert_eq!(world.balance(account).await, 4_970_000);
        assert_eq!(world.claim().await.iter().filter(|m| m.account_id == account).count(), 1);
        world.adds_up().await;
    }

    /// A charge without a key is known by its id, so that a lost answer to a commit can be asked for.
    async fn the_same_id_is_charged_once(world: World) {
        let account = world.account(100_000).await;
        let charge = send(account, 30_000);
        let first = world.answer(charge.clone()).await;
        let again = world.answer(charge.clone()).await;
        assert!(again.replayed);
        assert_eq!(first.outcome, again.outcome);
        let other = Charge { parts: send(account, 1).parts, ..charge };
        assert_eq!(world.refused(other).await, Refusal::IdTaken { what: "charge".into() });
        assert_eq!(world.balance(account).await, 70_000);
    }

    /// Case 3.
    async fn the_same_key_with_another_body_does_nothing(world: World) {
        let account = world.account(5_000_000).await;
        world.done(keyed(send(account, 30_000), "k", "body")).await;
        assert_eq!(world.refused(keyed(send(account, 30_000), "k", "another")).await, Refusal::KeyReused);
        assert_eq!(world.balance(account).await, 4_970_000);
        // Another account's keys are another's.
        let neighbour = world.account(30_000).await;
        assert!(world.done(keyed(send(neighbour, 30_000), "k", "another")).await.is_paid());
    }

    /// Case 4: the second waits for the first and gets its answer.
    async fn the_same_key_twice_at_once_is_charged_once(world: World) {
        let account = world.account(5_000_000).await;
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (ledger, charge) = (world.ledger.clone(), keyed(send(account, 30_000), "k", "body"));
            calls.spawn(async move { ledger.tell(charge).await.unwrap() });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        assert!(answers.iter().all(|answer| answer.outcome == answers[0].outcome));
        assert_eq!(world.balance(account).await, 4_970_000);
    }

    /// Case 5.
    async fn the_same_key_twice_in_one_batch_is_charged_once(world: World) {
        let account = world.account(5_000_000).await;
        let twice = [keyed(send(account, 30_000), "k", "b"), keyed(send(account, 30_000), "k", "b")];
        let replies = world.ledger.apply(twice.map(Told::command).to_vec()).await.unwrap();
        let [Reply::Charge(first), Reply::Charge(again)] = replies.as_slice() else { panic!("{replies:?}") };
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.outcome, again.outcome);
        assert_eq!(world.balance(account).await, 4_970_000);
    }

    /// Case 6: the refusal is the answer to that key, whatever came in since; a new attempt has a new key.
    async fn a_refusal_is_answered_again_after_a_top_up(world: World) {
        let account = world.account(10_000).await;
        let refused = world.done(keyed(send(account, 30_000), "k", "body")).await;
        let since = match refusal(&refused) {
            Refusal::InsufficientFunds {
                balance_micros: 10_000,
                held_micros: 0,
                required_micros: 30_000,
                shortfall_micros: 20_000,
                out_of_credit_since_micros,
            } => *out_of_credit_since_micros,
            other => panic!("{other:?}"),
        };
        let shown = world.ledger.account(account).await.unwrap().unwrap().out_of_credit_since;
        assert_eq!(shown.map(Moment::micros), Some(since));
        world.top_up(account, &format!("{account} 2"), 1_000_000).await;
        assert_eq!(world.ledger.account(account).await.unwrap().unwrap().out_of_credit_since, None);
        let again = world.answer(keyed(send(account, 30_000), "k", "body")).await;
        assert!(again.replayed);
        assert_eq!(again.outcome.unwrap(), refused);
        assert!(world.done(keyed(send(account, 30_000), "new", "body")).await.is_paid());
    }

    /// Case 24, and partial credits: nothing of a refused charge happens, then or later.
    async fn a_refused_send_leaves_nothing_behind(world: World) {
        let account = world.account(25_000).await;
        let charge = world.done(keyed(send(account, 30_000), "k", "body")).await;
        world.top_up(account, &format!("{account} 2"), 1_000_000).await;
        assert!(world.ledger.messages(account, charge.id).await.unwrap().is_empty());
        assert_eq!(world.balance(account).await, 1_025_000);
        assert_eq!(world.journal(account).await.len(), 2);
        // Without a key nobody can ask for it again, and it is not kept.
        let charge = world.done(send(account, 2_000_000)).await;
        assert_eq!(world.ledger.charge(account, charge.id).await.unwrap(), None);
    }

    /// Case 17.
    async fn several_recipients_are_paid_all_or_none(world: World) {
        let account = world.account(100_000).await;
        let refused = world.done(send_parts(account, &[40_000, 40_000, 40_000])).await;
        assert_eq!(refusal(&refused).code(), "insufficient-funds");
        assert_eq!(world.balance(account).await, 100_000);
        let mut group = send_parts(account, &[0]);
        group.parts[0].lines = vec![line("+15550100", 2, 10_000), line("+4915550100", 2, 30_000)];
        group.explanation = Some("{\"encoding\":\"GSM-7\"}".into());
        let paid = world.done(group.clone()).await;
        assert_eq!((paid.amount_micros, paid.quantity, paid.balance_micros), (80_000, 4, 20_000));
        let messages = world.ledger.messages(account, paid.id).await.unwrap();
        assert_eq!(messages.len(), 1, "a group is one message");
        assert_eq!(messages[0].recipients, ["+15550100", "+4915550100"]);
        let stored = world.ledger.charge(account, paid.id).await.unwrap().unwrap();
        assert_eq!(stored, *paid, "why this price is kept");
        assert_eq!(stored.lines, group.parts[0].lines);
    }

    /// The provider's second 402, told apart from the first.
    async fn without_a_subscription_nothing_is_charged(world: World) {
        let account = world.account(100_000).await;
        world.set(account, Setting::SubscriptionActive(false)).await;
        let refused = world.done(send(account, 200_000)).await;
        assert_eq!(refused.refusal, Some(Refusal::SubscriptionInactive));
        world.set(account, Setting::SubscriptionActive(true)).await;
        assert!(world.done(send(account, 100_000)).await.is_paid());
    }

    /// Caps count what is spent by UTC days and months, less what was given back.
    async fn caps_hold_per_day_and_month(world: World) {
        let account = world.account(10_000_000).await;
        world.set(account, Setting::SpendCaps { day_micros: Some(100_000), month_micros: Some(250_000) }).await;
        let first = world.done(send(account, 60_000)).await;
        let capped = world.done(send(account, 60_000)).await;
        let Refusal::SpendCap { period, cap_micros: 100_000, spent_micros: 60_000, held_micros: 0, required_micros: 60_000, resets_at_micros } =
            refusal(&capped).clone() else { panic!("{capped:?}") };
        assert_eq!((period.as_str(), resets_at_micros), ("day", crate::world::NOON + 43_200_000_000));
        world.done(Refund { account, charge: first.id, reason: "test".into() }).await;
        assert!(world.done(send(account, 100_000)).await.is_paid());
        world.wait(Duration::from_secs(12 * 3_600));
        assert!(world.done(send(account, 100_000)).await.is_paid());
        world.wait(Duration::from_secs(24 * 3_600));
        let capped = world.done(send(account, 60_000)).await;
        let Refusal::SpendCap { period, spent_micros: 200_000, .. } = refusal(&capped) else { panic!("{capped:?}") };
        assert_eq!(period, "month");
        world.wait(Duration::from_secs(20 * 86_400));
        assert!(world.done(send(account, 60_000)).await.is_paid());
    }

    /// Cases 29 and 30: prices to the millionth, and nothing that is not a price.
    async fn amounts_are_exact_and_within_reason(world: World) {
        let account = world.account(5_000_000).await;
        let mut charge = send(account, 0);
        for (quantity, per_unit) in
            [(1, 0), (0, 5), (-1, 5), (1, -5), (i64::MAX, 2), (2, i64::MAX), (i64::MIN, i64::MIN), (1, AMOUNT_MICROS_MAX + 1)]
        {
            charge.parts[0].lines = vec![line("+15550100", quantity, per_unit)];
            let refused = world.refused(charge.clone()).await;
            assert_eq!(refused.code(), "invalid-amount", "{quantity} x {per_unit}");
        }
        for amount_micros in [0, -1, i64::MIN, AMOUNT_MICROS_MAX + 1, i64::MAX] {
            let payment = PaymentId { provider: "test".into(), payment: format!("{account}{amount_micros}") };
            let refused = world.refused(TopUp { account, payment, amount_micros }).await;
            assert_eq!(refused, Refusal::InvalidAmount { field: "amount".into() });
        }
        for _ in 0..3 {
            charge.id = ChargeId::new();
            charge.parts[0].lines = vec![line("+4915550100", 3, 28_171)];
            assert!(world.done(charge.clone()).await.is_paid());
        }
        assert_eq!(world.balance(account).await, 5_000_000 - 9 * 28_171);
        world.adds_up().await;
    }

    /// What no database can keep is refused before one is asked, and takes nobody along.
    async fn fields_that_cannot_be_kept_are_refused(world: World) {
        let account = world.account(1_000_000).await;
        let broken = |change: &dyn Fn(&mut Charge)| {
            let mut charge = send(account, 10_000);
            change(&mut charge);
            charge
        };
        let cases: [(&str, Charge); 8] = [
            ("idempotency key", keyed(send(account, 1), "nul\0", "b")),
            ("idempotency key", keyed(send(account, 1), &"x".repeat(256), "b")),
            ("idempotency key", keyed(send(account, 1), "", "b")),
            ("channel", broken(&|charge| charge.channel.clear())),
            ("parts", broken(&|charge| charge.parts[0].lines.clear())),
            ("to", broken(&|charge| charge.parts[0].lines[0].to = "\u{0}".into())),
            ("payload", broken(&|charge| charge.parts[0].payload = Some("\0".into()))),
            ("explanation", broken(&|charge| charge.explanation = Some("x".repeat(DOCUMENT_BYTES_MAX + 1)))),
        ];
        for (field, charge) in cases {
            let replies = world.ledger.apply(vec![charge.command(), send(account, 10_000).command()]).await.unwrap();
            let [Reply::Charge(bad), Reply::Charge(good)] = replies.as_slice() else { panic!("{replies:?}") };
            assert_eq!(bad.outcome, Err(Refusal::InvalidField { field: field.into() }));
            assert!(good.outcome.as_ref().is_ok_and(|charge| charge.is_paid()));
        }
        let nobody = AccountId::new();
        assert_eq!(world.refused(send(nobody, 1)).await, Refusal::NotFound { what: "account".into() });
        let apply = ApplyAll { account, id: ApplicationId::new(), key: request("\0", "") };
        assert_eq!(world.refused(apply).await.code(), "invalid-field");
        assert_eq!(world.balance(account).await, 1_000_000 - 8 * 10_000);
    }
}
