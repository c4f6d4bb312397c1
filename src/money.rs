//! Exact money.

use alloc::string::{String, ToString};
use core::fmt;

use rust_decimal::Decimal;

/// The most decimals an amount may carry: a millionth of the currency unit, the ledger's own unit.
///
/// Price sheets go down to five decimals (0.02817); what is finer than this is refused, never rounded.
pub const DECIMALS_MAX: u32 = 6;

/// The most digits before the decimal point that are read.
const WHOLE_DIGITS_MAX: usize = 12;

/// An amount that is never negative and always exact: at most [`DECIMALS_MAX`] decimals, no floats, no rounding.
///
/// ```
/// use textmeter::Money;
/// let rate = Money::parse("0.02817").unwrap();
/// assert_eq!(rate.times(100).unwrap().to_string(), "2.817");
/// assert_eq!(Money::parse("5").unwrap().to_string(), "5.00");
/// assert_eq!(Money::parse("1e3"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(Decimal::ZERO);

    /// Reads a plain decimal: digits, at most one point with digits after it. No sign, exponent, blank or separator,
    /// so that there is one way to read it in every language.
    #[must_use]
    pub fn parse(text: &str) -> Option<Money> {
        let (whole, decimals) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let decimals = decimals.trim_end_matches('0');
        if whole.is_empty()
            || whole.len() > WHOLE_DIGITS_MAX
            || !digits(whole)
            || !digits(decimals)
            || decimals.len() > DECIMALS_MAX as usize
        {
            return None;
        }
        let mut micros: i64 = 0;
        let padding = core::iter::repeat_n(b'0', DECIMALS_MAX as usize - decimals.len());
        for digit in whole.bytes().chain(decimals.bytes()).chain(padding) {
            micros = micros.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
        }
        Some(Money::from_micros(micros.unsigned_abs()))
    }

    /// An amount from millionths of the currency unit.
    #[must_use]
    pub fn from_micros(micros: u64) -> Money {
        Money(Decimal::from_i128_with_scale(i128::from(micros), DECIMALS_MAX).normalize())
    }

    /// The amount in millionths; `None` when it is beyond 64 bits.
    #[must_use]
    pub fn to_micros(self) -> Option<u64> {
        let shift = DECIMALS_MAX.checked_sub(self.0.scale())?;
        u64::try_from(self.0.mantissa().checked_mul(10_i128.checked_pow(shift)?)?).ok()
    }

    /// The sum; `None` when it is out of range.
    #[must_use]
    pub fn plus(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Money)
    }

    /// What remains; `None` when `other` is more.
    #[must_use]
    pub fn minus(self, other: Money) -> Option<Money> {
        if other > self { None } else { self.0.checked_sub(other.0).map(Money) }
    }

    /// So many of it; `None` when it is out of range.
    #[must_use]
    pub fn times(self, count: u64) -> Option<Money> {
        self.0.checked_mul(Decimal::from(count)).map(Money)
    }

    /// How many times `price` fits in, whole times only; `None` for a price of nothing.
    #[must_use]
    pub fn holds(self, price: Money) -> Option<u64> {
        let (have, price) = (self.to_micros()?, price.to_micros()?);
        have.checked_div(price)
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

/// At least two decimals, and no trailing zeros beyond them: `0.02`, `0.066`, `5.00`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain: String = self.0.normalize().to_string();
        f.write_str(&plain)?;
        match plain.split_once('.') {
            None => f.write_str(".00"),
            Some((_, decimals)) if decimals.len() == 1 => f.write_str("0"),
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_decimals_only() {
        for bad in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "1_000",
            "1,5",
            " 1",
            "0.0000001",
            "abc",
            "1234567890123",
            "١",
        ] {
            assert_eq!(Money::parse(bad), None, "{bad:?}");
        }
        for (text, shown) in [
            ("0", "0.00"),
            ("5", "5.00"),
            ("0.1", "0.10"),
            ("0.06600", "0.066"),
            ("00012.30", "12.30"),
            ("0.000001", "0.000001"),
            ("999999999999.999999", "999999999999.999999"),
        ] {
            assert_eq!(Money::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn counts_exactly() {
        let money = |text| Money::parse(text).unwrap();
        assert_eq!(money("0.1").plus(money("0.2")), Some(money("0.3")));
        assert_eq!(money("0.1").minus(money("0.2")), None);
        assert_eq!(money("5").holds(money("0.132")), Some(37));
        assert_eq!(money("5").holds(Money::ZERO), None);
        assert_eq!(money("0.02817").to_micros(), Some(28_170));
        assert_eq!(money("999999999999.999999").times(u64::MAX), None);
    }
}
