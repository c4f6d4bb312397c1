//! Campaigns: a list is held as a whole or not at all, and sent row by row from what was held.

use std::time::Duration;

use textmeter_server::ledger::*;

use crate::on_both;
use crate::world::{World, add_rows, draft, request, send, send_on, start};

impl World {
    async fn purse(&self, account: AccountId) -> (i64, i64) {
        let account = self.ledger.account(account).await.unwrap().unwrap();
        (account.balance_micros, account.held_micros)
    }

    async fn texts(&self, campaign: &Campaign) -> Vec<bool> {
        let rows = self.ledger.campaign_rows(campaign.account_id, campaign.id, 0, PAGE_MAX).await.unwrap();
        rows.iter().map(|seen| seen.row.payload.is_some()).collect()
    }

    async fn sweep(&self, campaign: &Campaign, from: i64) {
        self.done(SweepCampaign { account: campaign.account_id, id: campaign.id, from }).await;
    }
}

on_both! {
    /// Case 31: all of it is held by the step that starts it; a hold is no entry.
    async fn a_hold_moves_nothing_and_a_capture_only_what_was_held(world: World) {
        let account = world.account(100).await;
        let campaign = world.campaign(account, &[10, 0, 20, 30], Funds::All, "k").await;
        assert_eq!((campaign.state, campaign.hold_micros, campaign.covered), (CampaignState::Sending, 60, 3));
        assert_eq!(world.purse(account).await, (100, 60));
        assert_eq!(world.journal(account).await, [(EntryKind::TopUp, 100, 100)]);
        assert!(world.claim().await.is_empty(), "nothing is in the outbox that nobody has");

        let round = world.done(send_on(account, campaign.id, 0, 2)).await;
        let prices: Vec<i64> = round.messages.iter().map(|message| message.amount_micros).collect();
        assert_eq!(prices, [10, 20], "the row that cannot be sent is passed over");
        assert!(round.messages.iter().all(|m| m.state == MessageState::Leased && m.payload.is_some()));
        assert_eq!(world.purse(account).await, (70, 30));
        let charge = world.ledger.charge(account, round.messages[0].charge_id).await.unwrap().unwrap();
        assert_eq!((charge.amount_micros, charge.entry_seq, charge.explanation.as_deref()), (10, Some(2), Some("{}")));
        // Its relay has it: another gets it when the lease is over, as doubtful.
        assert!(world.claim().await.is_empty());
        world.settle(&round.messages[1], Outcome::Delivered { reference: None }).await.outcome.unwrap();
        world.wait(Duration::from_secs(60));
        let late = world.claim().await;
        assert_eq!(late.iter().map(|m| (m.charge_id, m.doubtful)).collect::<Vec<_>>(), [(charge.id, true)]);

        let last = world.done(send_on(account, campaign.id, round.campaign.next_row, 5)).await;
        assert_eq!((last.campaign.state, last.campaign.captured_micros), (CampaignState::Finished, 60));
        assert_eq!(world.purse(account).await, (40, 0));
        assert!(matches!(world.events(account).await.last(), Some(EventBody::CampaignFinished(end)) if end.sent == 3));
        assert_eq!(world.texts(&campaign).await, [false; 4]);
        world.adds_up().await;
    }

    /// Case 31: what is refused is kept as the answer to its key, and nothing of it is left.
    async fn a_hold_that_is_not_covered_holds_nothing(world: World) {
        let account = world.account(50).await;
        let refused = world.campaign(account, &[20, 20, 20], Funds::All, "k").await;
        let why = Refusal::HoldNotCovered {
            balance_micros: 50,
            held_micros: 0,
            required_micros: 60,
            shortfall_micros: 10,
            covered_rows: 2,
            covered_micros: 40,
        };
        assert_eq!((refused.state, refused.refusal.as_ref()), (CampaignState::Refused, Some(&why)));
        assert_eq!(world.purse(account).await, (50, 0));
        assert_eq!(world.ledger.campaign(account, refused.id).await.unwrap(), None);
        world.sweep(&refused, 0).await;
        assert_eq!(world.texts(&refused).await, [false; 0]);
        world.top_up(account, &format!("{account} 2"), 1_000).await;
        let id = CampaignId::new();
        world.done(draft(account, id, Funds::All)).await;
        world.done(add_rows(account, id, &[20, 20, 20])).await;
        let again = world.answer(start(account, id, &[20, 20, 20], request("k", "body"))).await;
        assert!(again.replayed);
        assert_eq!(again.outcome.unwrap().refusal, Some(why));
        // The second draft is not needed: nothing of it stays.
        let dropped = world.done(DropCampaign { account, id, untouched_since: None }).await;
        assert_eq!(dropped.state, CampaignState::Dropped);
        world.sweep(&dropped, 0).await;
        world.sweep(&dropped, 3).await;
        assert_eq!(world.refused(DropCampaign { account, id, untouched_since: None }).await.code(), "not-found");
        world.adds_up().await;
    }

    /// Case 32: charges, caps and applications see what is available.
    async fn what_is_held_is_nobody_elses(world: World) {
        let account = world.account(100).await;
        world.set(account, Setting::LowBalance(Some(50))).await;
        world.set(account, Setting::MonthCap(Some(90))).await;
        world.campaign(account, &[30, 30], Funds::All, "k").await;
        let low = EventBody::BalanceLow { balance_micros: 100, held_micros: 60, threshold_micros: 50 };
        assert_eq!(world.events(account).await.last(), Some(&low));
        let capped = world.done(send(account, 31)).await;
        assert!(matches!(capped.refusal, Some(Refusal::SpendCap { spent_micros: 0, held_micros: 60, .. })));
        world.set(account, Setting::MonthCap(None)).await;
        let short = world.done(send(account, 41)).await;
        assert!(matches!(
            short.refusal,
            Some(Refusal::InsufficientFunds { balance_micros: 100, held_micros: 60, shortfall_micros: 1, .. })
        ));
        let applied = world.done(ApplyAll { account, id: ApplicationId::new(), key: request("a", "") }).await;
        assert_eq!((applied.amount_micros, applied.balance_micros), (40, 60));
        assert_eq!(world.purse(account).await, (60, 60));
        world.adds_up().await;
    }

    /// A cap that is lowered and a month that ends do not stop what was held.
    async fn a_campaign_goes_on_whatever_the_caps_are_by_then(world: World) {
        let account = world.account(100).await;
        world.set(account, Setting::DayCap(Some(60))).await;
        let campaign = world.campaign(account, &[30, 30], Funds::All, "k").await;
        world.set(account, Setting::DayCap(Some(0))).await;
        assert_eq!(world.done(send_on(account, campaign.id, 0, 1)).await.messages.len(), 1);
        world.wait(Duration::from_secs(40 * 86_400));
        assert_eq!(world.done(send_on(account, campaign.id, 1, 1)).await.messages.len(), 1);
        let after = world.ledger.account(account).await.unwrap().unwrap();
        assert_eq!(after.day_spent_micros_at(world.ledger.now()), 30);
        world.adds_up().await;
    }

    /// As many as are covered, in the list's order; the texts of the others are dropped.
    async fn in_order_covers_the_longest_beginning(world: World) {
        let account = world.account(59).await;
        let campaign = world.campaign(account, &[20, 30, 0, 10, 1], Funds::InOrder, "k").await;
        assert_eq!((campaign.covered_rows, campaign.covered, campaign.hold_micros), (3, 2, 50));
        assert_eq!(campaign.sweep_from, Some(3));
        world.sweep(&campaign, 3).await;
        assert_eq!(world.texts(&campaign).await, [true, true, false, false, false]);
        let round = world.done(send_on(account, campaign.id, 0, 10)).await;
        assert_eq!((round.messages.len(), round.campaign.state), (2, CampaignState::Finished));
        assert_eq!(world.purse(account).await, (9, 0));
        world.adds_up().await;
    }

    /// Nobody fills the disk with what they have no money for; the figures are of the whole list nevertheless.
    async fn of_what_cannot_be_held_no_text_is_written(world: World) {
        for (funds, texts) in [(Funds::All, &[true, true][..]), (Funds::InOrder, &[true, true, false, false])] {
            let account = world.account(45).await;
            let id = CampaignId::new();
            world.done(draft(account, id, funds)).await;
            world.done(add_rows(account, id, &[20, 20, 20])).await;
            // What would fit by itself comes too late.
            world.top_up(account, &format!("{account} 2"), 1_000).await;
            let more = AddCampaignRows { first: 3, ..add_rows(account, id, &[10]) };
            let cut = world.done(more).await;
            assert_eq!((cut.row_count, cut.sendable, cut.total_micros, cut.covered_rows), (4, 4, 70, 2));
            assert_eq!(world.texts(&cut).await, texts);
            // Now all of it could be held, and not all of it is there.
            let prices = [20, 20, 20, 10];
            assert_eq!(world.refused(start(account, id, &prices, request("k", "body"))).await, Refusal::BalanceChanged);
            assert_eq!(world.purse(account).await, (1_045, 0));
            let dropped = world.done(DropCampaign { account, id, untouched_since: None }).await;
            assert_eq!(dropped.state, CampaignState::Dropped);
            world.sweep(&dropped, 0).await;
            world.sweep(&dropped, 4).await;
            let again = world.campaign(account, &prices, funds, "k").await;
            assert_eq!((again.state, again.hold_micros), (CampaignState::Sending, 70));
        }
        world.adds_up().await;
    }

    /// Nor with what they may not send, whatever they have.
    async fn of_what_may_not_be_sent_no_text_is_written(world: World) {
        let account = world.account(100).await;
        world.set(account, Setting::DayCap(Some(20))).await;
        let capped = world.campaign(account, &[20, 20], Funds::All, "k").await;
        assert!(matches!(capped.refusal, Some(Refusal::SpendCap { required_micros: 40, .. })));
        assert_eq!(world.texts(&capped).await, [true]);
        world.set(account, Setting::SubscriptionActive(false)).await;
        let inactive = world.campaign(account, &[20], Funds::All, "k2").await;
        assert_eq!(inactive.refusal, Some(Refusal::SubscriptionInactive));
        assert_eq!(world.texts(&inactive).await, [false; 0]);
        world.adds_up().await;
    }

    /// Case 33: what was asked for twice is done once, whoever asks.
    async fn every_step_can_be_repeated(world: World) {
        let account = world.account(100).await;
        let id = CampaignId::new();
        for replayed in [false, true] {
            assert_eq!(world.answer(draft(account, id, Funds::All)).await.replayed, replayed);
        }
        for replayed in [false, true] {
            assert_eq!(world.answer(add_rows(account, id, &[10, 10])).await.replayed, replayed);
        }
        let gap = AddCampaignRows { first: 5, ..add_rows(account, id, &[10]) };
        assert_eq!(world.refused(gap).await.code(), "invalid-field");
        let wrong = start(account, id, &[10, 11], request("k", "body"));
        assert_eq!(world.refused(wrong).await.code(), "invalid-field");
        for replayed in [false, true] {
            let answer = world.answer(start(account, id, &[10, 10], request("k", "body"))).await;
            assert_eq!((answer.replayed, answer.outcome.unwrap().hold_micros), (replayed, 20));
        }
        let other = start(account, id, &[10, 10], request("k", "another"));
        assert_eq!(world.refused(other).await, Refusal::KeyReused);
        assert_eq!(world.refused(add_rows(account, id, &[10])).await.code(), "not-found");
        let first = world.answer(send_on(account, id, 0, 1)).await;
        let again = world.answer(send_on(account, id, 0, 1)).await;
        assert_eq!((first.replayed, again.replayed), (false, true));
        assert_eq!(again.outcome.unwrap().messages, [], "somebody has it already");
        assert_eq!(world.purse(account).await, (90, 10));
        world.adds_up().await;
    }

    /// What was handed on and fails is given back, whether the campaign goes on, stopped or ended.
    async fn stopping_releases_and_failing_gives_back(world: World) {
        let account = world.account(100).await;
        let campaign = world.campaign(account, &[10, 20, 30], Funds::All, "k").await;
        let round = world.done(send_on(account, campaign.id, 0, 2)).await;
        let stopped = world.done(SteerCampaign { account, id: campaign.id, to: Steer::Stop }).await;
        assert_eq!((stopped.captured_micros, stopped.released_micros, stopped.cancelled()), (30, 30, 1));
        assert_eq!(world.purse(account).await, (70, 0));
        assert_eq!(world.done(send_on(account, campaign.id, 2, 1)).await.messages, []);
        world.settle(&round.messages[1], Outcome::Rejected { reason: "no".into() }).await.outcome.unwrap();
        assert_eq!(world.purse(account).await, (90, 0));
        let progress = world.ledger.campaign_progress(account, campaign.id).await.unwrap();
        assert_eq!(progress.refunded_micros, 20);
        assert_eq!(progress.messages, [(MessageState::Failed, 1), (MessageState::Leased, 1)]);
        assert_eq!(world.texts(&campaign).await, [false, false, true]);
        world.sweep(&stopped, stopped.sweep_from.unwrap()).await;
        assert_eq!(world.texts(&campaign).await, [false; 3]);
        world.adds_up().await;
    }
}

/// What is held outlives the process that held it.
#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_there_after_a_restart() {
    let mut world = World::sqlite().await;
    let account = world.account(100).await;
    let campaign = world.campaign(account, &[10, 20], Funds::All, "k").await;
    world.reopen().await;
    assert_eq!(world.purse(account).await, (100, 30));
    assert_eq!(world.done(send_on(account, campaign.id, 0, 5)).await.messages.len(), 2);
    world.adds_up().await;
}
