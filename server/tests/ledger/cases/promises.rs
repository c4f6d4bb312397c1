//! Prices that were promised, and keys to the door.

use std::time::Duration;

use textmeter_server::ledger::*;

use crate::on_both;
use crate::world::{World, send};

const HOUR: Duration = Duration::from_secs(3_600);

fn lock(account: AccountId, price_micros: i64, lifetime: Duration) -> LockQuote {
    LockQuote {
        account,
        id: QuoteId::new(),
        body: Digest::of(b"hello to +15550100"),
        amount_micros: price_micros,
        document: "{\"segments\":1}".into(),
        lifetime,
    }
}

fn by_quote(charge: Charge, lock: &LockQuote) -> Charge {
    Charge { quote: Some(QuoteUse { id: lock.id, body: lock.body }), ..charge }
}

async fn code(world: &World, charge: Charge) -> &'static str {
    world.done(charge).await.refusal.as_ref().expect("this was to be refused").code()
}

on_both! {
    /// Case 16: a quote's price holds for minutes, for one use, for the same send.
    async fn a_locked_price_is_used_once_and_in_time(world: World) {
        let account = world.account(1_000_000).await;
        let quote = lock(account, 10_000, Duration::from_secs(300));
        let locked = world.done(quote.clone()).await;
        assert!(world.answer(quote.clone()).await.replayed);
        assert_eq!(world.refused(LockQuote { amount_micros: 1, ..quote.clone() }).await.code(), "id-taken");
        assert_eq!(world.ledger.quote(account, quote.id).await.unwrap(), Some(locked.clone()));

        assert_eq!(code(&world, by_quote(send(account, 20_000), &quote)).await, "quote-mismatch");
        let other_body = LockQuote { body: Digest::of(b"something else"), ..quote.clone() };
        assert_eq!(code(&world, by_quote(send(account, 10_000), &other_body)).await, "quote-mismatch");
        let charge = by_quote(send(account, 10_000), &quote);
        let paid = world.done(charge.clone()).await;
        assert!(paid.is_paid());
        assert_eq!(world.ledger.quote(account, quote.id).await.unwrap().unwrap().charge_id, Some(paid.id));
        assert!(world.answer(charge).await.replayed, "the same charge again is not a second use");
        assert_eq!(code(&world, by_quote(send(account, 10_000), &quote)).await, "quote-expired");

        let late = lock(account, 10_000, Duration::from_secs(300));
        world.done(late.clone()).await;
        world.wait(Duration::from_secs(300));
        assert_eq!(code(&world, by_quote(send(account, 10_000), &late)).await, "quote-expired");
        // One that was made while the clock was far ahead has not all the time until then.
        let here = world.ledger.now();
        world.wait(HOUR * 24 * 400);
        let ahead = lock(account, 10_000, Duration::from_secs(300));
        world.done(ahead.clone()).await;
        world.set_clock(here.micros());
        assert_eq!(code(&world, by_quote(send(account, 10_000), &ahead)).await, "quote-expired");
        let never = lock(account, 10_000, HOUR);
        assert_eq!(code(&world, by_quote(send(account, 10_000), &never)).await, "not-found");
        assert_eq!(world.balance(account).await, 990_000);
        // No promise is longer than the policy's.
        let long = world.done(lock(account, 10_000, HOUR * 24)).await;
        assert_eq!(long.created_at.until(long.expires_at), world.policy.quote_lifetime_max);
        assert_eq!(world.refused(lock(account, 0, HOUR)).await.code(), "invalid-amount");
    }

    /// A refused charge does not use the quote up.
    async fn a_refused_charge_leaves_the_quote(world: World) {
        let account = world.account(5_000).await;
        let quote = lock(account, 10_000, Duration::from_secs(300));
        world.done(quote.clone()).await;
        assert_eq!(code(&world, by_quote(send(account, 10_000), &quote)).await, "insufficient-funds");
        world.top_up(account, &format!("{account} 2"), 5_000).await;
        assert!(world.done(by_quote(send(account, 10_000), &quote)).await.is_paid());
    }

    /// One use, also when many try at once.
    async fn a_quote_is_used_once_in_a_race(world: World) {
        let account = world.account(1_000_000).await;
        let quote = lock(account, 10_000, Duration::from_secs(300));
        world.done(quote.clone()).await;
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (ledger, charge) = (world.ledger.clone(), by_quote(send(account, 10_000), &quote));
            calls.spawn(async move { ledger.tell(charge).await.unwrap().outcome.unwrap().is_paid() });
        }
        assert_eq!(calls.join_all().await.into_iter().filter(|paid| *paid).count(), 1);
        assert_eq!(world.balance(account).await, 990_000);
    }

    /// Case 16: nothing is charged above what the caller accepts.
    async fn a_price_above_the_most_is_refused(world: World) {
        let account = world.account(1_000_000).await;
        let above = Charge { max_price_micros: Some(9_999), ..send(account, 10_000) };
        let refused = world.done(above).await;
        assert_eq!(refused.refusal, Some(Refusal::PriceAboveMax { price_micros: 10_000, max_price_micros: 9_999 }));
        assert!(world.done(Charge { max_price_micros: Some(10_000), ..send(account, 10_000) }).await.is_paid());
        assert_eq!(world.balance(account).await, 990_000);
    }

    async fn only_so_many_keys_of_a_workspace_work(world: World) {
        let (account, neighbour) = (world.account(0).await, world.account(0).await);
        let create = |lifetime| {
            let id = KeyId::new();
            let digest = Digest::of(id.to_string().as_bytes());
            CreateKey { account, id, digest, label: "key".into(), scopes: vec!["read".into()], lifetime }
        };
        let max = KEYS_WORKING_MAX;
        // Those that have ended do not count, however many there are.
        for _ in 0..max {
            world.done(create(Some(HOUR))).await;
        }
        let refused = world.refused(create(None)).await;
        assert_eq!(refused, Refusal::TooManyKeys { max: i64::try_from(max).unwrap() });
        assert_eq!(refused.code(), "too-many-keys");
        world.wait(HOUR);
        let mut made = Vec::new();
        // All in one transaction, of which each sees those before it.
        let commands: Vec<CreateKey> = (0..=max).map(|_| create(None)).collect();
        let replies = world.ledger.apply(commands.iter().cloned().map(Told::command).collect()).await.unwrap();
        for reply in replies {
            let Reply::CreateKey(answer) = reply else { panic!("{reply:?}") };
            made.push(answer.outcome);
        }
        assert_eq!(made.pop().unwrap().unwrap_err(), refused);
        assert!(made.iter().all(Result::is_ok));
        // What was made is answered again, and others have keys of their own.
        assert!(world.answer(commands[0].clone()).await.replayed);
        world.done(CreateKey { account: neighbour, ..create(None) }).await;
        // Whoever revokes one has room for one, also in the same transaction.
        let revoke = RevokeKey { account, id: commands[0].id };
        let swap = vec![revoke.command(), create(None).command(), create(None).command()];
        let replies = world.ledger.apply(swap).await.unwrap();
        let [_, Reply::CreateKey(one), Reply::CreateKey(more)] = &replies[..] else { panic!("{replies:?}") };
        assert!(one.outcome.is_ok(), "{one:?}");
        assert_eq!(more.outcome, Err(refused));
        let now = world.ledger.now();
        let mut keys = world.ledger.keys(account, None, 1_000).await.unwrap();
        let mut pages: Vec<ApiKey> = Vec::new();
        while pages.len() < keys.len() {
            let page = world.ledger.keys(account, pages.last().map(|key| key.id), 7).await.unwrap();
            assert!((1..=7).contains(&page.len()));
            pages.extend(page);
        }
        assert_eq!(pages, keys, "in pages as in one");
        assert!(keys.is_sorted_by(|newer, older| newer.id > older.id));
        assert!(keys.len() > max, "some have ended");
        keys.retain(|key| key.works_at(now));
        assert_eq!(keys.len(), max);
        assert_eq!(world.ledger.working_keys(account).await.unwrap(), keys);
    }

    async fn keys_are_found_by_digest_until_they_end(world: World) {
        let account = world.account(0).await;
        let secret = new_secret().unwrap();
        let create = CreateKey {
            account,
            id: KeyId::new(),
            digest: Digest::of(secret.as_bytes()),
            label: "laptop".into(),
            scopes: vec!["send".into(), "read".into()],
            lifetime: Some(HOUR),
        };
        let made = world.done(create.clone()).await;
        assert!(world.answer(create.clone()).await.replayed);
        let (found, owner) = world.ledger.key(Digest::of(secret.as_bytes())).await.unwrap().unwrap();
        assert_eq!(owner.id, account);
        assert_eq!(found, made);
        assert_eq!(found.scopes, ["send", "read"]);
        assert!(found.works_at(world.ledger.now()));
        world.wait(HOUR);
        assert!(!found.works_at(world.ledger.now()));
        assert_eq!(world.ledger.key(Digest::of(b"tm_other")).await.unwrap(), None);
        let other = CreateKey { id: KeyId::new(), ..create.clone() };
        assert_eq!(world.refused(other).await.code(), "id-taken");

        let second = CreateKey { id: KeyId::new(), digest: Digest::of(b"2"), lifetime: None, ..create.clone() };
        world.done(second.clone()).await;
        assert_eq!(world.ledger.keys(account, None, 10).await.unwrap().len(), 2);
        let revoke = RevokeKey { account, id: second.id };
        let revoked = world.done(revoke.clone()).await;
        assert!(!revoked.works_at(world.ledger.now()));
        assert!(world.answer(revoke.clone()).await.replayed);
        let stranger = world.account(0).await;
        assert_eq!(world.refused(RevokeKey { account: stranger, ..revoke }).await.code(), "not-found");
        let nobody = CreateKey { account: AccountId::new(), id: KeyId::new(), digest: Digest::of(b"3"), ..create };
        assert_eq!(world.refused(nobody).await.code(), "not-found");
    }

    async fn a_kept_rate_card_never_changes(world: World) {
        let keep = KeepRateCard { id: "2026-05-25".into(), document: "{\"texting\":{}}\n".into() };
        let kept = world.done(keep.clone()).await;
        assert!(world.answer(keep.clone()).await.replayed);
        assert_eq!(world.refused(KeepRateCard { document: "{}".into(), ..keep }).await.code(), "id-taken");
        assert_eq!(world.ledger.rate_card("2026-05-25").await.unwrap(), Some(kept));
        assert_eq!(world.ledger.rate_card("\0").await.unwrap(), None);
    }

    async fn accounts_are_opened_once_listed_and_named(world: World) {
        let id = AccountId::new();
        let open = OpenAccount { id, name: "Acme".into(), currency: "USD".into() };
        let opened = world.done(open.clone()).await;
        assert_eq!((opened.balance_micros, opened.version), (0, 1));
        assert!(world.answer(open.clone()).await.replayed);
        assert_eq!(world.refused(OpenAccount { currency: "EUR".into(), ..open.clone() }).await.code(), "id-taken");
        for (name, currency) in [("", "USD"), ("a\nb", "USD"), ("a", "usd"), ("a", "US")] {
            let open = OpenAccount { id: AccountId::new(), name: name.into(), currency: currency.into() };
            assert_eq!(world.refused(open).await.code(), "invalid-field");
        }
        let version = world.set(id, Setting::Name("Acme Corp".into())).await.version;
        assert_eq!(version, 2, "the version is the balance's entity tag: every change counts");
        let found = world.ledger.accounts_named("Acme Corp").await.unwrap();
        assert_eq!(found.iter().map(|account| account.id).collect::<Vec<_>>(), [id]);
        let other = world.account(0).await;
        let first = world.ledger.accounts(None, 1).await.unwrap();
        let second = world.ledger.accounts(Some(first[0].id), 10).await.unwrap();
        assert_eq!((first[0].id, second[0].id), (id, other));
        let endpoint = Endpoint { url: "https://example.com/hook".into(), secret: "whsec_secret".into() };
        assert!(!format!("{endpoint:?}").contains("whsec"));
        world.set(id, Setting::Webhook(Some(endpoint))).await;
        let webhook = world.ledger.webhook(id).await.unwrap().unwrap();
        assert_eq!(webhook.url.as_deref(), Some("https://example.com/hook"));
        world.set(id, Setting::Webhook(None)).await;
        assert_eq!(world.ledger.webhook(id).await.unwrap().unwrap().url, None);
    }
}
