//! Numbering plans: what a calling code, a prefix and a length say. Digits here are ASCII bytes `0` to `9`.

use super::NumberProblem;
use crate::Territory;
use crate::calling_codes::{AREAS, INTERNATIONAL, PLANS, SPLIT_PLANS, SPLITS, TRUNKS};

/// The first area code a North American number can have: none begins with 0 or 1 (NANPA, area code format NXX).
const AREA_MIN: usize = 200;
/// Digits of the longest prefix in [`SPLITS`], with the calling code.
const SPLIT_DIGITS_MAX: usize = 10;

/// One territory's numbering plan.
#[derive(Debug)]
pub(crate) struct Plan {
    territory: [u8; 2],
    code: u16,
    /// Bit n: national numbers of n digits are possible.
    lengths: u16,
    /// Bit n: national numbers of n digits can begin with the calling code's digits.
    own_code: u16,
    /// Digits of the longest number that is dialled at home with 011 in front; 0 where none is.
    zero_one_one: u8,
    /// Everyday numbers can be as short as short codes.
    short: bool,
    trunk: u8,
    international: u8,
}

impl Plan {
    #[allow(clippy::too_many_arguments)] // one row of the generated table
    pub(crate) const fn new(
        territory: &[u8; 2],
        code: u16,
        lengths: u16,
        own_code: u16,
        zero_one_one: u8,
        short: bool,
        trunk: u8,
        international: u8,
    ) -> Plan {
        Plan { territory: *territory, code, lengths, own_code, zero_one_one, short, trunk, international }
    }

    /// The place in [`PLANS`] of a territory's plan.
    pub(super) fn of(territory: Territory) -> Option<u8> {
        let letters = territory.as_str().as_bytes();
        PLANS.iter().position(|plan| plan.territory == letters).and_then(|place| u8::try_from(place).ok())
    }

    /// The plan at a place; one without any number for a place no table gives.
    pub(super) fn at(place: u8) -> &'static Plan {
        static NONE: Plan = Plan::new(b"\0\0", 0, 0, 0, 0, false, 0, 0);
        PLANS.get(usize::from(place)).unwrap_or(&NONE)
    }

    /// The territory; `None` for a calling code that belongs to no territory (satellite, international freephone).
    pub(super) fn territory(&self) -> Option<Territory> {
        core::str::from_utf8(&self.territory).ok().and_then(Territory::parse)
    }

    /// The calling code, 1 to 999.
    pub(super) const fn code(&self) -> u16 {
        self.code
    }

    /// Bit n is set where a national number of n digits is possible, with E.164's limit of 15 in all.
    pub(super) const fn lengths(&self) -> u16 {
        self.lengths
    }

    /// Digits of the longest national number.
    pub(super) const fn length_max(&self) -> u32 {
        u16::BITS.saturating_sub(1).saturating_sub(self.lengths.leading_zeros())
    }

    pub(super) fn is_possible(&self, digits: usize) -> bool {
        has_bit(self.lengths, digits)
    }

    /// Whether a national number of so many digits can begin with the calling code's own digits.
    pub(super) fn begins_with_own_code(&self, digits: usize) -> bool {
        has_bit(self.own_code, digits)
    }

    /// Digits of the longest number that is dialled in this territory with 011 in front; `None` where none is.
    pub(super) fn zero_one_one_max(&self) -> Option<usize> {
        (self.zero_one_one > 0).then_some(usize::from(self.zero_one_one))
    }

    /// Whether a few digits are a number here rather than a short code.
    pub(super) fn is_short_number(&self, digits: usize) -> bool {
        self.short && self.is_possible(digits)
    }

    /// Says whether a number of so many digits is whole.
    pub(super) fn judge(&self, digits: usize) -> Result<(), NumberProblem> {
        if self.is_possible(digits) {
            Ok(())
        } else if u32::try_from(digits).is_ok_and(|n| n < self.length_max()) {
            Err(NumberProblem::TooShort)
        } else {
            Err(NumberProblem::TooLong)
        }
    }

    fn trunk(&self) -> (&'static str, &'static str) {
        TRUNKS.get(usize::from(self.trunk)).copied().unwrap_or_default()
    }

    /// The trunk prefix these digits begin with, the longest of them.
    pub(super) fn trunk_of(&self, digits: &[u8]) -> Option<&'static str> {
        self.trunk().0.split(' ').find(|t| !t.is_empty() && digits.starts_with(t.as_bytes()))
    }

    /// Whether a national number itself begins as these digits do, though it looks like a trunk prefix: `06` in Italy.
    pub(super) fn keeps(&self, digits: &[u8]) -> bool {
        self.trunk().1.split(' ').any(|kept| !kept.is_empty() && digits.starts_with(kept.as_bytes()))
    }

    /// The digits after each international prefix of this territory that they begin with, the longest prefix first.
    pub(super) fn after_international<'d>(&self, digits: &'d [u8]) -> impl Iterator<Item = &'d [u8]> {
        let prefixes = INTERNATIONAL.get(usize::from(self.international)).copied().unwrap_or_default();
        prefixes.split(' ').filter(|p| !p.is_empty()).filter_map(|prefix| {
            let (start, rest) = digits.split_at_checked(prefix.len())?;
            start.iter().zip(prefix.bytes()).all(|(d, p)| p == b'x' || p == *d).then_some(rest)
        })
    }
}

fn has_bit(bits: u16, n: usize) -> bool {
    u32::try_from(n).ok().and_then(|n| bits.checked_shr(n)).is_some_and(|bits| bits & 1 == 1)
}

/// The first plan of the calling code these digits begin with, and the code's own digits.
pub(super) fn calling_code(digits: &[u8]) -> Result<(u8, usize), NumberProblem> {
    if digits.first() == Some(&b'0') {
        return Err(NumberProblem::UnknownCallingCode);
    }
    let mut code = 0u16;
    for (n, digit) in digits.iter().take(3).enumerate() {
        code = code.saturating_mul(10).saturating_add(u16::from(digit.wrapping_sub(b'0')));
        let place = PLANS.partition_point(|plan| plan.code < code);
        if PLANS.get(place).is_some_and(|plan| plan.code == code) {
            return Ok((u8::try_from(place).unwrap_or_default(), n.saturating_add(1)));
        }
    }
    // No code yet: does one begin so?
    let begins = |scale: u16| {
        let first = code.saturating_mul(scale);
        let place = PLANS.partition_point(|plan| plan.code < first);
        PLANS.get(place).is_some_and(|plan| plan.code < first.saturating_add(scale))
    };
    match digits.len() {
        0 => Err(NumberProblem::TooShort),
        1 if begins(10) || begins(100) => Err(NumberProblem::TooShort),
        2 if begins(10) => Err(NumberProblem::TooShort),
        _ => Err(NumberProblem::UnknownCallingCode),
    }
}

/// The plan of an international number, by the longest prefix. `first` is its calling code's first plan.
pub(super) fn resolve(first: u8, code_digits: usize, digits: &[u8]) -> Result<u8, NumberProblem> {
    let plan = Plan::at(first);
    let mut found = first;
    if plan.code == 1 {
        found = area(digits.get(1..).unwrap_or_default())?.unwrap_or(first);
    } else if Plan::at(first.saturating_add(1)).code != plan.code {
        return Ok(first);
    }
    let mut value = 0u32;
    for (n, digit) in digits.iter().take(SPLIT_DIGITS_MAX).enumerate() {
        let Some(next) =
            value.checked_mul(10).and_then(|v| v.checked_add(u32::from(digit.wrapping_sub(b'0'))))
        else {
            break;
        };
        value = next;
        if n < code_digits {
            continue;
        }
        if let Some(place) = SPLITS.binary_search(&value).ok().and_then(|at| SPLIT_PLANS.get(at)) {
            found = *place; // a longer prefix comes later and wins
        }
    }
    Ok(found)
}

/// The plan of a North American area code; `None` while it is not yet whole.
fn area(national: &[u8]) -> Result<Option<u8>, NumberProblem> {
    match national {
        [b'0' | b'1', ..] => Err(NumberProblem::UnassignedAreaCode),
        &[a, b, c, ..] => {
            let value = [a, b, c]
                .iter()
                .fold(0usize, |v, d| v.saturating_mul(10).saturating_add(usize::from(d.wrapping_sub(b'0'))));
            match AREAS.get(value.saturating_sub(AREA_MIN)) {
                Some(&place) if place != u8::MAX => Ok(Some(place)),
                _ => Err(NumberProblem::UnassignedAreaCode),
            }
        }
        _ => Ok(None),
    }
}
