//! Exact money against an arbitrary decimal: whatever both can hold, both say alike.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used)] // A judge may panic.

use std::str::FromStr;

use proptest::prelude::*;
use rust_decimal::Decimal;
use textmeter::Money;

/// Amounts of every size, most of them as small as prices are.
fn amount() -> impl Strategy<Value = Money> {
    prop_oneof![0..100_000_u64, 0..1_000_000_000_000_u64, any::<u64>()].prop_map(Money::from_micros)
}

/// A decimal as an amount is written: two decimals at least, and no zeros after those.
fn written(decimal: Decimal) -> String {
    let plain = decimal.normalize();
    let decimals = plain.scale().max(2) as usize;
    format!("{plain:.decimals$}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn calculates_as_decimals_do(a in amount(), b in amount(), count in prop_oneof![0..500_u64, any::<u64>()]) {
        let (x, y) = (Decimal::from(a), Decimal::from(b));
        let exact = |decimal: Option<Decimal>| decimal.and_then(|decimal| Money::try_from(decimal).ok());
        prop_assert_eq!(a.plus(b), exact(x.checked_add(y)));
        prop_assert_eq!(a.minus(b), exact(x.checked_sub(y)));
        prop_assert_eq!(a.times(count), exact(x.checked_mul(Decimal::from(count))));
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a.is_zero(), x.is_zero());
        let times = x.checked_div(y).map(|times| times.trunc());
        prop_assert_eq!(a.holds(b).map(Decimal::from), times);
    }

    #[test]
    fn is_written_and_read_as_a_decimal_is(a in amount()) {
        prop_assert_eq!(a.to_string(), written(Decimal::from(a)));
        prop_assert_eq!(Decimal::from_str(&a.to_string()), Ok(Decimal::from(a)));
        prop_assert_eq!(Money::try_from(Decimal::from(a)), Ok(a));
    }

    #[test]
    fn reads_what_a_decimal_reads_within_its_limits(text in "[0-9]{0,13}([.][0-9]{0,9})?") {
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, "0"));
        let plain = (1..=12).contains(&whole.len()) && !decimals.is_empty();
        let expected = Decimal::from_str(&text).ok().filter(|_| plain).and_then(|d| Money::try_from(d).ok());
        prop_assert_eq!(Money::parse(&text), expected);
    }
}

#[test]
fn what_would_be_rounded_is_no_amount() {
    for decimal in [Decimal::new(1, 7), Decimal::new(-1, 2), Decimal::MAX, Decimal::from(u64::MAX)] {
        assert!(Money::try_from(decimal).is_err(), "{decimal}");
    }
    assert_eq!(Money::try_from(Decimal::new(10, 7)), Ok(Money::from_micros(1)));
}
