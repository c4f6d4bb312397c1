//! Exact money.

use alloc::string::String;
use core::fmt;

use rust_decimal::Decimal;

use crate::spell;

/// The most decimals an amount may carry: a millionth of the currency unit, the ledger's own unit.
///
/// Price sheets go down to five decimals (0.02817); what is finer than this is refused, never rounded.
pub const DECIMALS_MAX: u32 = 6;

/// The most digits before the decimal point that are read.
const WHOLE_DIGITS_MAX: usize = 12;

/// Millionths in a currency unit.
const UNIT_MICROS: u64 = 10_u64.pow(DECIMALS_MAX);

/// An amount that is never negative and always exact: at most [`DECIMALS_MAX`] decimals, no floats, no rounding.
///
/// Inside it is whole millionths, 18 trillion currency units at most, and a calculation beyond that is none. Exact
/// decimals come and go as [`Decimal`]; between them and an amount there is nothing to round.
///
/// ```
/// use rust_decimal::Decimal;
/// use textmeter::Money;
/// let rate = Money::parse("0.02817").unwrap();
/// assert_eq!(rate.times(100).unwrap().to_string(), "2.817");
/// assert_eq!(Money::parse("5").unwrap().to_string(), "5.00");
/// assert_eq!(Money::parse("1e3"), None);
/// assert_eq!(Decimal::from(rate), Decimal::new(2817, 5));
/// assert_eq!(Money::try_from(Decimal::new(2817, 5)), Ok(rate));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    micros: u64,
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money { micros: 0 };

    /// Reads a plain decimal: digits, at most one point with digits after it. No sign, exponent, blank or separator,
    /// so that there is one way to read it in every language.
    #[must_use]
    pub fn parse(text: &str) -> Option<Money> {
        let mut micros = 0;
        let mut whole_digits = 0;
        // What the last decimal was worth; the point itself counts as the units before it.
        let mut place = None;
        for byte in text.bytes() {
            let digit = u64::from(byte.wrapping_sub(b'0'));
            match (byte, place) {
                (b'.', None) if whole_digits > 0 => place = Some(UNIT_MICROS),
                (b'0'..=b'9', None) if whole_digits < WHOLE_DIGITS_MAX => {
                    whole_digits += 1;
                    micros = micros * 10 + digit * UNIT_MICROS;
                }
                // Zeros may go on beyond a millionth.
                (b'0'..=b'9', Some(worth)) if worth > 1 || digit == 0 => {
                    micros += digit * (worth / 10);
                    place = Some(worth / 10);
                }
                _ => return None,
            }
        }
        (whole_digits > 0 && place != Some(UNIT_MICROS)).then_some(Money { micros })
    }

    /// An amount from millionths of the currency unit.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Money {
        Money { micros }
    }

    /// The amount in millionths of the currency unit.
    #[must_use]
    pub const fn to_micros(self) -> u64 {
        self.micros
    }

    /// The sum; `None` when it is out of range.
    #[must_use]
    pub fn plus(self, other: Money) -> Option<Money> {
        self.micros.checked_add(other.micros).map(Money::from_micros)
    }

    /// What remains; `None` when `other` is more.
    #[must_use]
    pub fn minus(self, other: Money) -> Option<Money> {
        self.micros.checked_sub(other.micros).map(Money::from_micros)
    }

    /// So many of it; `None` when it is out of range.
    #[must_use]
    pub fn times(self, count: u64) -> Option<Money> {
        self.micros.checked_mul(count).map(Money::from_micros)
    }

    /// How many times `price` fits in, whole times only; `None` for a price of nothing.
    #[must_use]
    pub const fn holds(self, price: Money) -> Option<u64> {
        self.micros.checked_div(price.micros)
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.micros == 0
    }

    /// Writes it as everywhere: at least two decimals, and no trailing zeros beyond them.
    pub(crate) fn write(self, out: &mut String) {
        let (mut decimals, mut places) = (self.micros % UNIT_MICROS, DECIMALS_MAX as usize);
        while places > 2 && decimals.is_multiple_of(10) {
            decimals /= 10;
            places -= 1;
        }
        spell::digits(out, self.micros / UNIT_MICROS, 10, 1);
        out.push('.');
        spell::digits(out, decimals, 10, places);
    }
}

/// At least two decimals, and no trailing zeros beyond them: `0.02`, `0.066`, `5.00`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// The same amount, without trailing zeros.
impl From<Money> for Decimal {
    fn from(amount: Money) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(amount.micros), DECIMALS_MAX).normalize()
    }
}

/// The same amount.
impl TryFrom<Decimal> for Money {
    type Error = AmountError;

    /// Takes what needs no rounding.
    fn try_from(amount: Decimal) -> Result<Money, AmountError> {
        let exact = amount.normalize();
        let micros = DECIMALS_MAX
            .checked_sub(exact.scale())
            .and_then(|shift| 10_i128.checked_pow(shift))
            .and_then(|scale| exact.mantissa().checked_mul(scale))
            .and_then(|micros| u64::try_from(micros).ok());
        micros.map(Money::from_micros).ok_or(AmountError)
    }
}

/// A decimal that is no amount: negative, finer than a millionth, or beyond 64 bits of millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountError;

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount is from 0 up, of whole millionths, and below 18 trillion")
    }
}

impl core::error::Error for AmountError {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

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
            ("0.1000000000000000000000000000000", "0.10"),
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
        assert_eq!(money("0.02817").to_micros(), 28_170);
        assert_eq!(money("999999999999.999999").times(u64::MAX), None);
        assert_eq!(money("999999999999.999999").times(19), None);
        assert_eq!(Money::from_micros(u64::MAX).plus(Money::from_micros(1)), None);
    }
}
