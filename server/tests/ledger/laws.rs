//! Whatever is done in whatever order and grouping, the ledger does what the model does, on both databases.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use textmeter_server::ledger::*;
use tokio::runtime::Handle;

use crate::model::{Model, Op, Payments, Saw};
use crate::world::{NOON, World, add_rows, cases, draft, pay_id, request, send_on, send_parts, start};

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
        3 => (proptest::collection::vec(prop_oneof![4 => 1..60_i64, 1 => Just(0)], 1..8), any::<bool>())
            .prop_map(|(prices, in_order)| Op::Draft { prices, in_order }),
        4 => (0..4_usize, 0..4_u8, 0..2_u8, proptest::option::weighted(0.1, 0..200_i64))
            .prop_map(|(campaign, key, body, max)| Op::Start { campaign, key, body, max }),
        4 => (0..4_usize, 1..4_i64).prop_map(|(campaign, limit)| Op::SendOn(campaign, limit)),
        2 => (0..4_usize, prop_oneof![1 => Just(Steer::Pause), 2 => Just(Steer::Resume), 1 => Just(Steer::Stop)])
            .prop_map(|(campaign, to)| Op::Steer(campaign, to)),
        2 => (0..4_usize, 0..8_usize).prop_map(|(campaign, row)| Op::RejectRow(campaign, row)),
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
    campaigns: [Vec<CampaignId>; 2],
    /// What paid for which row of which campaign.
    paid: [HashMap<(usize, usize), ChargeId>; 2],
}

impl Case {
    /// Whether this can be asked at all.
    fn is_known(&self, who: usize, op: &Op) -> bool {
        match op {
            Op::Again(index) => *index < self.charges[who].len(),
            Op::RejectRow(campaign, row) => self.paid[who].contains_key(&(*campaign, *row)),
            _ => true,
        }
    }

    /// Looks up what paid for the rows that were handed on.
    async fn look_up(&mut self, world: &World) {
        for who in 0..2 {
            for (index, id) in self.campaigns[who].iter().enumerate() {
                let rows = world.ledger.campaign_rows(self.accounts[who], *id, 0, PAGE_MAX).await.unwrap();
                for row in rows.into_iter().map(|seen| seen.row) {
                    let number = usize::try_from(row.number).unwrap();
                    self.paid[who].extend(row.charge_id.map(|charge| ((index, number), charge)));
                }
            }
        }
    }

    /// A draft of these rows: begun, and then written.
    fn draft(&mut self, who: usize, in_order: bool) -> Command {
        let id = CampaignId::new();
        self.campaigns[who].push(id);
        draft(self.accounts[who], id, if in_order { Funds::InOrder } else { Funds::All }).command()
    }

    fn command(&mut self, who: usize, op: &Op, model: &Model) -> Command {
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
            Op::Draft { prices, .. } => {
                add_rows(account, *self.campaigns[who].last().unwrap(), prices).command()
            }
            Op::Start { campaign, key, body, max } => {
                let prices = model.campaigns.get(*campaign).map(|one| one.prices.clone());
                let key = request(&format!("campaign {key}"), &body.to_string());
                let start = start(account, self.campaign(who, *campaign), &prices.unwrap_or_default(), key);
                StartCampaign { max_price_micros: *max, ..start }.command()
            }
            Op::SendOn(campaign, limit) => {
                let from = model.campaigns.get(*campaign).map_or(0, |one| one.next);
                send_on(account, self.campaign(who, *campaign), i64::try_from(from).unwrap(), *limit)
                    .command()
            }
            Op::Steer(campaign, to) => {
                SteerCampaign { account, id: self.campaign(who, *campaign), to: *to }.command()
            }
            Op::RejectRow(campaign, row) => {
                let charge = self.paid[who][&(*campaign, *row)];
                let outcome = Outcome::Rejected { reason: "no".into() };
                SettleMessage { account, charge, number: 0, attempt: 1, outcome }.command()
            }
        }
    }
}

impl Case {
    fn campaign(&self, who: usize, index: usize) -> CampaignId {
        self.campaigns[who].get(index).copied().unwrap_or_else(CampaignId::new)
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
        Reply::DraftCampaign(answer)
        | Reply::AddCampaignRows(answer)
        | Reply::StartCampaign(answer)
        | Reply::SteerCampaign(answer) => seen(answer, saw_campaign),
        Reply::SendCampaign(answer) => seen(answer, |round, replayed| saw_campaign(round.campaign, replayed)),
        Reply::Configure(answer) => seen(answer, |account, _| Saw::Set { balance: account.balance_micros }),
        other => panic!("{other:?}"),
    }
}

fn saw_campaign(campaign: Campaign, replayed: bool) -> Saw {
    let money =
        [campaign.hold_micros, campaign.held_micros, campaign.captured_micros, campaign.released_micros];
    Saw::Campaign { state: campaign.state, money, sent: campaign.sent, refusal: campaign.refusal, replayed }
}

async fn case(world: &World, batches: Vec<Batch>) -> Result<(), TestCaseError> {
    world.set_clock(NOON);
    let accounts = [world.account(0).await, world.account(0).await];
    let mut case = Case {
        accounts,
        charges: Default::default(),
        campaigns: Default::default(),
        paid: Default::default(),
    };
    let mut models = [Model::new(), Model::new()];
    let mut payments = Payments::new();
    for (ops, hours) in batches {
        let now = world.ledger.now();
        let (mut commands, mut expected, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for (who, op) in ops {
            if !case.is_known(who, &op) {
                continue;
            }
            if let Op::Draft { in_order, .. } = &op {
                commands.push(case.draft(who, *in_order));
                expected.push(Model::new().draft(&[], *in_order, now));
                done.push((who, op.clone()));
            }
            commands.push(case.command(who, &op, &models[who]));
            expected.push(models[who].apply(who, &op, &mut payments, now));
            done.push((who, op));
        }
        let replies = world.ledger.apply(commands).await.unwrap();
        let seen: Vec<Saw> = replies.into_iter().map(saw).collect();
        prop_assert_eq!(&seen, &expected, "{:?}", done);
        case.look_up(world).await;
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
    prop_assert_eq!(account.held_micros, model.held());
    prop_assert_eq!(account.out_of_credit_since, model.out_since);
    prop_assert_eq!(account.day_spent_micros_at(now), model.spent(|at| at.day() == now.day()));
    prop_assert_eq!(account.month_spent_micros_at(now), model.spent(|at| at.month() == now.month()));
    prop_assert_eq!(world.journal(id).await, model.journal());
    let events = world.events(id).await;
    let count = |kind: EventKind| events.iter().filter(|event| event.kind() == kind).count();
    prop_assert_eq!(count(EventKind::BalanceLow), model.lows);
    prop_assert_eq!(count(EventKind::MessageFailed), model.failed);
    let ends =
        [EventKind::CampaignPaused, EventKind::CampaignStopped, EventKind::CampaignFinished].map(count);
    prop_assert_eq!(ends, model.ends);
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
