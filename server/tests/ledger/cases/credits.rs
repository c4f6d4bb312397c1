//! Credits in, credits back, and credits to the subscription.

use textmeter_server::ledger::*;

use crate::on_both;
use crate::world::{NOON, pay_id, request, send};

on_both! {
    /// Case 11.
    async fn a_payment_told_twice_is_credited_once(world: World) {
        let account = world.account(0).await;
        let payment = account.to_string();
        let top_up = TopUp { account, payment: pay_id(&payment), amount_micros: 5_000_000 };
        let first = world.answer(top_up.clone()).await;
        let again = world.answer(top_up.clone()).await;
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.outcome, again.outcome);
        assert_eq!(world.refused(TopUp { amount_micros: 1, ..top_up.clone() }).await, Refusal::PaymentReused);
        let other = world.account(0).await;
        assert_eq!(world.refused(TopUp { account: other, ..top_up }).await, Refusal::PaymentReused);
        assert_eq!(world.balance(account).await, 5_000_000);
        assert_eq!(world.balance(other).await, 0);
        assert_eq!(world.events(account).await.len(), 1);
    }

    /// The same payment for two accounts at once: whoever is first, and nobody else.
    async fn a_payment_counts_once_in_the_whole_ledger(world: World) {
        let (one, two) = (world.account(0).await, world.account(0).await);
        for round in 0..10 {
            let top_up = |account| TopUp { account, payment: pay_id(&format!("{one} {round}")), amount_micros: 7 };
            let (a, b) = tokio::join!(world.ledger.tell(top_up(one)), world.ledger.tell(top_up(two)));
            let credited = [a, b].into_iter().filter(|answer| answer.as_ref().unwrap().outcome.is_ok()).count();
            assert_eq!(credited, 1);
        }
        assert_eq!(world.balance(one).await + world.balance(two).await, 70);
    }

    /// Case 30: the balance has an upper end too.
    async fn a_balance_does_not_overflow(world: World) {
        let account = world.account(0).await;
        let full = BALANCE_MICROS_MAX / AMOUNT_MICROS_MAX;
        for number in 0..full {
            world.top_up(account, &format!("{account} {number}"), AMOUNT_MICROS_MAX).await;
        }
        let more = TopUp { account, payment: pay_id(&format!("{account} more")), amount_micros: 1 };
        assert_eq!(world.refused(more).await, Refusal::BalanceTooLarge);
        assert_eq!(world.balance(account).await, BALANCE_MICROS_MAX);
        world.adds_up().await;
    }

    /// Case 21.
    async fn a_charge_is_given_back_once(world: World) {
        let account = world.account(100_000).await;
        let charge = world.done(send(account, 60_000)).await;
        let refund = Refund { account, charge: charge.id, reason: "test".into() };
        let first = world.answer(refund.clone()).await;
        assert_eq!(first.outcome, Ok(Refunded { amount_micros: 60_000, balance_micros: 100_000 }));
        let again = world.answer(refund.clone()).await;
        assert!(again.replayed);
        assert_eq!(again.outcome, first.outcome);
        let (a, b) = tokio::join!(world.ledger.tell(refund.clone()), world.ledger.tell(refund));
        assert!(a.unwrap().replayed && b.unwrap().replayed);
        assert_eq!(
            world.journal(account).await,
            [(EntryKind::TopUp, 100_000, 100_000), (EntryKind::Charge, -60_000, 40_000), (EntryKind::Refund, 60_000, 100_000)]
        );
        // What was not handed on is not handed on any more.
        let messages = world.ledger.messages(account, charge.id).await.unwrap();
        assert_eq!((messages[0].state, &messages[0].payload), (MessageState::Cancelled, &None));
        let refused = world.done(Charge { key: Some(request("k", "b")), ..send(account, 200_000) }).await;
        let refund = Refund { account, charge: refused.id, reason: "test".into() };
        assert_eq!(world.refused(refund).await, Refusal::NotFound { what: "charge".into() });
        world.adds_up().await;
    }

    /// Case 23.
    async fn all_credits_are_applied_at_once_and_once(world: World) {
        let account = world.account(1_234_567).await;
        let apply = |key| ApplyAll { account, id: ApplicationId::new(), key: request(key, "apply") };
        let first = world.answer(apply("k")).await;
        assert_eq!(first.outcome.as_ref().unwrap().amount_micros, 1_234_567);
        assert_eq!(world.balance(account).await, 0);
        world.top_up(account, &format!("{account} 2"), 500).await;
        let again = world.answer(apply("k")).await;
        assert!(again.replayed);
        assert_eq!(again.outcome, first.outcome);
        assert_eq!(world.balance(account).await, 500);
        let other_body = ApplyAll { key: request("k", "other"), ..apply("k") };
        assert_eq!(world.refused(other_body).await, Refusal::KeyReused);
        assert_eq!(world.done(apply("k2")).await.amount_micros, 500);
        // An empty balance is an answer, without a line in the journal.
        let nothing = world.done(apply("k3")).await;
        assert_eq!((nothing.amount_micros, nothing.entry_seq), (0, None));
        let applied = world.journal(account).await;
        assert_eq!(applied.iter().filter(|line| line.0 == EntryKind::Subscription).count(), 2);
        assert!(world.answer(apply("k3")).await.replayed);
        world.adds_up().await;
    }

    /// A low balance is told once per crossing, however often it is crossed further.
    async fn a_low_balance_is_told_once_per_crossing(world: World) {
        let low = |events: &[EventBody]| events.iter().filter(|e| e.kind() == EventKind::BalanceLow).count();
        let account = world.account(100_000).await;
        world.set(account, Setting::LowBalance(Some(50_000))).await;
        world.done(send(account, 50_000)).await;
        assert_eq!(low(&world.events(account).await), 0, "at the threshold is not below it");
        for _ in 0..3 {
            world.done(send(account, 10_000)).await;
        }
        let told = EventBody::BalanceLow { balance_micros: 40_000, held_micros: 0, threshold_micros: 50_000 };
        assert!(world.events(account).await.contains(&told));
        assert_eq!(low(&world.events(account).await), 1);
        world.top_up(account, &format!("{account} 2"), 30_000).await;
        world.done(send(account, 1)).await;
        assert_eq!(low(&world.events(account).await), 2);
        // A threshold set above what there is has been crossed.
        world.set(account, Setting::LowBalance(Some(60_000))).await;
        world.set(account, Setting::LowBalance(Some(60_000))).await;
        assert_eq!(low(&world.events(account).await), 3);
        world.set(account, Setting::LowBalance(None)).await;
        world.done(send(account, 1)).await;
        assert_eq!(low(&world.events(account).await), 3);
    }

    /// Case 13: a clock that runs backwards changes no order and opens no new day.
    async fn a_clock_that_runs_backwards_does_no_harm(world: World) {
        let account = world.account(1_000_000).await;
        world.set(account, Setting::SpendCaps { day_micros: Some(50_000), month_micros: None }).await;
        world.done(send(account, 50_000)).await;
        world.set_clock(NOON - 86_400_000_000);
        let capped = world.done(send(account, 10_000)).await;
        assert_eq!(capped.refusal.as_ref().map(Refusal::code), Some("spend-cap"));
        world.top_up(account, &format!("{account} 2"), 10).await;
        let history = world.ledger.history(account, None, 10).await.unwrap();
        let order: Vec<_> = history.entries.iter().map(|e| (e.entry.seq, e.entry.at.micros())).collect();
        assert_eq!(order, [(3, NOON), (2, NOON), (1, NOON)]);
    }

    /// A clock that was ahead by more than a little does not keep an account there: its caps begin anew with each day.
    async fn a_clock_that_was_ahead_is_not_followed_for_ever(world: World) {
        const DAY: i64 = 86_400_000_000;
        let account = world.account(1_000_000).await;
        world.set(account, Setting::SpendCaps { day_micros: Some(50_000), month_micros: None }).await;
        world.set_clock(NOON + 400 * DAY);
        world.done(send(account, 50_000)).await;
        for day in 0..3 {
            world.set_clock(NOON + day * DAY);
            assert!(world.done(send(account, 50_000)).await.is_paid(), "day {day}");
            let capped = world.done(send(account, 10_000)).await;
            let Some(Refusal::SpendCap { resets_at_micros, .. }) = capped.refusal else { panic!("{capped:?}") };
            assert_eq!(resets_at_micros, NOON + day * DAY + DAY / 2);
            assert_eq!(capped.created_at.micros(), NOON + day * DAY);
        }
        world.adds_up().await;
    }

    /// The whole journal can be walked by cursor, with what each charge was for.
    async fn history_is_walked_by_cursor(world: World) {
        let account = world.account(1_000).await;
        for price in 1..=24 {
            world.done(send(account, price)).await;
        }
        let mut walked = Vec::new();
        let mut cursor = None;
        loop {
            let page = world.ledger.history(account, cursor, 7).await.unwrap();
            walked.extend(page.entries);
            let Some(next) = page.next else { break };
            // What comes in meanwhile does not move the pages.
            world.done(send(account, 1)).await;
            cursor = Some(next.to_string().parse().unwrap());
        }
        let seqs: Vec<_> = walked.iter().map(|line| line.entry.seq).collect();
        assert_eq!(seqs, (1..=25).rev().collect::<Vec<_>>());
        let (charge, top_up) = (&walked[0], &walked[24]);
        let usage = charge.usage.as_ref().unwrap();
        assert_eq!((usage.channel.as_str(), usage.unit.as_str(), usage.quantity), ("api", "segment", 1));
        assert_eq!(top_up.usage, None);
        assert_eq!(top_up.entry.reference, Some(format!("test:{account}")));
        assert_eq!(world.ledger.history(AccountId::new(), None, 7).await.unwrap(), History { entries: vec![], next: None });
    }
}
