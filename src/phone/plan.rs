//! Numbering plans: what a calling code, a prefix and a length say. Digits here are ASCII bytes `0` to `9`.

use super::NumberProblem;
use crate::Territory;
use crate::calling_codes::{AREAS, INTERNATIONAL, PLANS, SPLIT_PLANS, SPLITS, TRUNKS};

/// The first area code a North American number can have: none begins with 0 or 1 (NANPA, area code format NXX).
const AREA_MIN: usize = 200;
/// Digits of the longest calling code (ITU-T E.164, 6.2.1).
const CODE_DIGITS_MAX: usize = 3;
/// Digits of the longest prefix in [`SPLITS`], with the calling code: so many fit 32 bits.
const SPLIT_DIGITS_MAX: usize = 9;

/// One territory's numbering plan.
#[derive(Debug)]
pub(crate) struct Plan {
    territory: Option<Territory>,
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
        territory: &str,
        code: u16,
        lengths: u16,
        own_code: u16,
        zero_one_one: u8,
        short: bool,
        trunk: u8,
        international: u8,
    ) -> Plan {
        Plan {
            territory: Territory::parse(territory),
            code,
            lengths,
            own_code,
            zero_one_one,
            short,
            trunk,
            international,
        }
    }

    /// The place in [`PLANS`] of a territory's plan.
    pub(super) fn of(territory: Territory) -> Option<u8> {
        PLANS
            .iter()
            .position(|plan| plan.territory == Some(territory))
            .and_then(|place| u8::try_from(place).ok())
    }

    /// The plan at a place; one without any number for a place no table gives.
    pub(super) fn at(place: u8) -> &'static Plan {
        static NONE: Plan = Plan::new("", 0, 0, 0, 0, false, 0, 0);
        PLANS.get(usize::from(place)).unwrap_or(&NONE)
    }

    /// The territory; `None` for a calling code that belongs to no territory (satellite, international freephone).
    pub(super) const fn territory(&self) -> Option<Territory> {
        self.territory
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

    fn trunk(&self) -> (&'static [u8], &'static [u8]) {
        TRUNKS.get(usize::from(self.trunk)).copied().unwrap_or_default()
    }

    /// The trunk prefix these digits begin with, the longest of them.
    pub(super) fn trunk_of(&self, digits: &[u8]) -> Option<&'static [u8]> {
        words(self.trunk().0).find(|trunk| digits.starts_with(trunk))
    }

    /// Whether a national number itself begins as these digits do, though it looks like a trunk prefix: `06` in Italy.
    pub(super) fn keeps(&self, digits: &[u8]) -> bool {
        words(self.trunk().1).any(|kept| digits.starts_with(kept))
    }

    /// The digits after each international prefix of this territory that they begin with, the longest prefix first.
    pub(super) fn after_international<'d>(&self, digits: &'d [u8]) -> impl Iterator<Item = &'d [u8]> {
        let prefixes = INTERNATIONAL.get(usize::from(self.international)).copied().unwrap_or_default();
        words(prefixes).filter_map(|prefix| {
            let (start, rest) = digits.split_at_checked(prefix.len())?;
            start.iter().zip(prefix).all(|(d, p)| p == d || *p == b'x').then_some(rest)
        })
    }
}

/// The words of a list with spaces between.
fn words(list: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    list.split(|b| *b == b' ').filter(|word| !word.is_empty())
}

/// Three digits and fewer as a number.
fn value(digits: &[u8]) -> u16 {
    digits.iter().fold(0u16, |value, d| value.saturating_mul(10).saturating_add(u16::from(d & 0xF)))
}

fn has_bit(bits: u16, n: usize) -> bool {
    u32::try_from(n).ok().and_then(|n| bits.checked_shr(n)).is_some_and(|bits| bits & 1 == 1)
}

/// The first plan of the calling code these digits begin with, and the code's own digits.
pub(super) fn calling_code(digits: &[u8]) -> Result<(u8, usize), NumberProblem> {
    let first_from = |code: u16| {
        let place = PLANS.partition_point(|plan| plan.code < code);
        (u8::try_from(place).unwrap_or(u8::MAX), PLANS.get(place).map_or(0, |plan| plan.code))
    };
    for n in 1..=CODE_DIGITS_MAX {
        let Some(start) = digits.get(..n).filter(|start| !start.starts_with(b"0")) else { break };
        let code = value(start);
        let (place, found) = first_from(code);
        if found == code {
            return Ok((place, n));
        }
    }
    match digits {
        [] | [b'1'..=b'9'] => Err(NumberProblem::TooShort), // some code begins with each of the nine
        [b'1'..=b'9', _] if first_from(value(digits) * 10).1 / 10 == value(digits) => {
            Err(NumberProblem::TooShort)
        }
        _ => Err(NumberProblem::UnknownCallingCode),
    }
}

/// The plan of an international number, by the longest prefix. `first` is its calling code's first plan.
pub(super) fn resolve(first: u8, code: &[u8], national: &[u8]) -> Result<u8, NumberProblem> {
    let mut found = first;
    if code == b"1" {
        match national {
            [b'0' | b'1', ..] => return Err(NumberProblem::UnassignedAreaCode),
            [a, b, c, ..] => {
                let area = usize::from(value(&[*a, *b, *c]));
                found = AREAS.get(area.saturating_sub(AREA_MIN)).copied().unwrap_or(u8::MAX);
                if found == u8::MAX {
                    return Err(NumberProblem::UnassignedAreaCode);
                }
            }
            _ => {}
        }
    }
    if Plan::at(first.wrapping_add(1)).code != Plan::at(first).code {
        return Ok(first); // nobody else has this calling code
    }
    let mut prefix = 0u32;
    for digit in code.iter().chain(national).take(SPLIT_DIGITS_MAX) {
        prefix = prefix.wrapping_mul(10).wrapping_add(u32::from(digit & 0xF));
        if let Some(place) = SPLITS.binary_search(&prefix).ok().and_then(|at| SPLIT_PLANS.get(at)) {
            found = *place; // a longer prefix comes later and wins
        }
    }
    Ok(found)
}
