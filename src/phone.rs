//! A destination as typed, down to its E.164 number and territory. Never a guess: what can be read in one way only is
//! read, and everything else is a [`NumberProblem`].
//!
//! The rules, in the order in which they apply:
//! 1. `+` (or a `tel:` link's `phone-context`) makes a number international: calling code, national number. A trunk
//!    prefix behind the calling code, `+44 (0)20 …`, is left out unless the plan's numbers begin so (Italy).
//! 2. An international prefix of the default region (`011` from the United States, `00` from most others) does so too.
//! 3. Three to six digits are a short code, unless the region's numbers are that short.
//! 4. A national number of the default region, with or without its trunk prefix.
//! 5. Digits that begin with the region's own calling code, without a `+`.
//! 6. `00` and `011` where the region has other prefixes, unless the digits can be a number of its own.
//!
//! A number is whole when its length is possible in its territory; whether anyone has it, nobody here can know. In
//! North America the area code must be assigned as well. The data is libphonenumber's (see `xtask/data`).

mod plan;
mod typed;

pub(crate) use plan::Plan;

use core::fmt;

use crate::{Territory, spell};
use typed::Typed;

/// Digits of the longest number (ITU-T E.164, 6.1).
pub const E164_DIGITS_MAX: usize = 15;
/// Digits of the shortest short code: 911, 112.
const SHORT_CODE_MIN: usize = 3;
/// Digits of the longest short code.
const SHORT_CODE_MAX: usize = 6;
/// Without `+` and trunk prefix, so many digits that begin with the region's own calling code are an international
/// number, though a national one may be as long.
const INTERNATIONAL_MIN: usize = 12;
/// Area codes of +1 whose calls the called party pays for (NANPA, toll-free codes in service).
const TOLL_FREE: [&[u8]; 7] = [b"1800", b"1833", b"1844", b"1855", b"1866", b"1877", b"1888"];

/// A number in the form of ITU-T E.164.
///
/// ```
/// use textmeter::{Territory, read_number};
/// let number = read_number("+44 (0)20 7946 0958", Territory::US)?;
/// assert_eq!(number.to_string(), "+442079460958");
/// assert_eq!(number.territory(), Territory::parse("GB"));
/// # Ok::<(), textmeter::NumberProblem>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    digits: [u8; E164_DIGITS_MAX],
    len: u8,
    plan: u8,
}

impl Number {
    /// The digits without `+`: the calling code, then the national number; 1 to 15 of them.
    #[must_use]
    pub fn digits(&self) -> &str {
        spell::ascii(self.digits.get(..usize::from(self.len)).unwrap_or_default())
    }

    /// The territory; `None` for calling codes that belong to none, as the satellite networks' +881 and +870.
    #[must_use]
    pub fn territory(&self) -> Option<Territory> {
        Plan::at(self.plan).territory()
    }

    /// Whether it is a toll-free number of the North American plan (+1 800, 833, 844, 855, 866, 877, 888).
    #[must_use]
    pub fn is_toll_free(&self) -> bool {
        TOLL_FREE.iter().any(|prefix| self.digits.starts_with(prefix))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("+")?;
        f.write_str(self.digits())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why what was typed is not a number that could be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberProblem {
    /// Nothing was typed.
    Empty,
    /// Characters that no number has, or no digit at all.
    NotANumber,
    /// Three to six digits: a service's code or an emergency number, which has no territory.
    ShortCode,
    /// Letters: a name that senders have, or a vanity number.
    Alphanumeric,
    /// A number that begins as none of its plan does: an area code of +1 that nobody has, or a 0 that should not be there.
    UnassignedAreaCode,
    /// No calling code begins so.
    UnknownCallingCode,
    /// Digits are missing: perhaps still being typed.
    TooShort,
    /// More digits than the longest number there.
    TooLong,
}

impl NumberProblem {
    /// The code as it crosses every border: kebab-case, never changed once published.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            NumberProblem::Empty => "empty",
            NumberProblem::NotANumber => "not-a-number",
            NumberProblem::ShortCode => "short-code",
            NumberProblem::Alphanumeric => "alphanumeric",
            NumberProblem::UnassignedAreaCode => "unassigned-area-code",
            NumberProblem::UnknownCallingCode => "unknown-calling-code",
            NumberProblem::TooShort => "too-short",
            NumberProblem::TooLong => "too-long",
        }
    }

    /// The problem in a sentence, for people.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            NumberProblem::Empty => "Type a number.",
            NumberProblem::NotANumber => "This is not a phone number.",
            NumberProblem::ShortCode => "Short codes cannot be texted from here.",
            NumberProblem::Alphanumeric => "Letters are not a phone number: type its digits.",
            NumberProblem::UnassignedAreaCode => "Nobody has this area code.",
            NumberProblem::UnknownCallingCode => "No country has this calling code.",
            NumberProblem::TooShort => "Digits are missing.",
            NumberProblem::TooLong => "Too many digits. A number from another country begins with +.",
        }
    }
}

impl fmt::Display for NumberProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for NumberProblem {}

/// Reads a number as typed. `region` is where one without `+` is at home.
///
/// # Errors
/// The [`NumberProblem`]; of several readings that failed, the one of the reading most likely meant.
///
/// ```
/// use textmeter::{NumberProblem, Territory, read_number};
/// assert_eq!(read_number("(212) 555-0123", Territory::US)?.digits(), "12125550123");
/// assert_eq!(read_number("0044 7700 900123", Territory::US)?.territory(), Territory::parse("GB"));
/// assert_eq!(read_number("+1 999 555 0123", Territory::US), Err(NumberProblem::UnassignedAreaCode));
/// assert_eq!(read_number("911", Territory::US), Err(NumberProblem::ShortCode));
/// # Ok::<(), NumberProblem>(())
/// ```
pub fn read_number(typed: &str, region: Territory) -> Result<Number, NumberProblem> {
    let typed = Typed::read(typed)?;
    let digits = typed.digits();
    let bracketed_zero = typed.bracketed_zero;
    if typed.plus {
        return international(digits, bracketed_zero);
    }
    let zero_after =
        |prefix: &[u8]| bracketed_zero.and_then(|at| at.checked_sub(digits.len() - prefix.len()));
    if digits.len() < SHORT_CODE_MIN {
        return Err(NumberProblem::TooShort);
    }
    let home = Plan::of(region);
    let plan = home.map(Plan::at);
    // Of the readings that failed: what is wrong with the one most likely meant.
    let mut likely = None;
    for rest in plan.into_iter().flat_map(|plan| plan.after_international(digits)) {
        match international(rest, zero_after(rest)) {
            Ok(number) => return Ok(number),
            Err(problem) => likely = likely.or(Some(problem)),
        }
    }
    if is_short_code(plan, digits) {
        return Err(NumberProblem::ShortCode);
    }
    if let Some(rest) = digits.strip_prefix(b"011") {
        let home_max = plan.and_then(Plan::zero_one_one_max);
        if home_max.is_none_or(|max| digits.len() > max) {
            let abroad = international(rest, zero_after(rest));
            // Where nobody at home begins so, what is wrong is wrong abroad.
            if abroad.is_ok() || home_max.is_none() {
                return abroad.map_err(|problem| likely.unwrap_or(problem));
            }
        }
    }
    let domestic = match home {
        Some(home) => domestic(home, digits),
        None => Err(NumberProblem::UnknownCallingCode),
    };
    match digits.strip_prefix(b"00") {
        Some(rest) if domestic.is_err() => {
            international(rest, zero_after(rest)).map_err(|problem| likely.unwrap_or(problem))
        }
        _ => domestic.map_err(|problem| likely.unwrap_or(problem)),
    }
}

/// The calling code of a territory, 1 to 999; `None` where it has no numbers of its own.
#[must_use]
pub fn calling_code(territory: Territory) -> Option<u16> {
    Plan::of(territory).map(|place| Plan::at(place).code())
}

/// How long national numbers of a territory can be: bit n is set where n digits are possible. 0 for a territory without
/// numbers of its own.
#[must_use]
pub fn possible_lengths(territory: Territory) -> u16 {
    Plan::of(territory).map_or(0, |place| Plan::at(place).lengths())
}

/// Digits behind `+` or an international prefix. `bracketed_zero` is how many stand before a `(0)`.
fn international(digits: &[u8], bracketed_zero: Option<usize>) -> Result<Number, NumberProblem> {
    let (first, code_digits) = plan::calling_code(digits)?;
    let (code, national) = digits.split_at_checked(code_digits).unwrap_or((digits, &[]));
    let plan = Plan::at(first);
    let national = match national {
        [b'0', rest @ ..] if bracketed_zero == Some(code_digits) && !plan.keeps(national) => rest,
        _ => without_trunk(plan, national),
    };
    number(first, code, national)
}

/// Digits as dialled at home.
fn domestic(home: u8, digits: &[u8]) -> Result<Number, NumberProblem> {
    let plan = Plan::at(home);
    let mut buffer = [0u8; 3];
    let code = code_digits(plan.code(), &mut buffer);
    let national = without_trunk(plan, digits);
    let (first, _) = plan::calling_code(code)?;
    let result = number(first, code, national);
    if digits.starts_with(code) && national.len() == digits.len() {
        let whole = international(digits, None);
        let national = result.is_ok() && plan.begins_with_own_code(digits.len());
        if whole.is_ok() && (!national || digits.len() >= INTERNATIONAL_MIN) {
            return whole;
        }
    }
    result
}

/// A calling code in ASCII digits.
fn code_digits(code: u16, buffer: &mut [u8; 3]) -> &[u8] {
    let mut rest = code;
    let mut at = buffer.len();
    while rest > 0 {
        at = at.saturating_sub(1);
        if let Some(cell) = buffer.get_mut(at) {
            *cell = b'0'.wrapping_add(u8::try_from(rest % 10).unwrap_or_default());
        }
        rest /= 10;
    }
    buffer.get(at..).unwrap_or_default()
}

/// A national number without the trunk prefix it may have.
fn without_trunk<'d>(plan: &Plan, national: &'d [u8]) -> &'d [u8] {
    let Some(trunk) = plan.trunk_of(national) else { return national };
    if plan.keeps(national) && plan.is_possible(national.len()) {
        return national;
    }
    national.get(trunk.len()..).unwrap_or_default()
}

/// Puts a calling code and a national number together, if that makes a whole number.
fn number(first: u8, code: &[u8], national: &[u8]) -> Result<Number, NumberProblem> {
    let mut digits = [0u8; E164_DIGITS_MAX];
    let mut len = 0u8;
    for (cell, digit) in digits.iter_mut().zip(code.iter().chain(national)) {
        *cell = *digit;
        len = len.saturating_add(1);
    }
    let place = plan::resolve(first, code, national)?;
    let plan = Plan::at(place);
    plan.judge(national.len())?;
    if (national.starts_with(b"0") || plan.trunk_of(national).is_some()) && !plan.keeps(national) {
        return Err(NumberProblem::UnassignedAreaCode);
    }
    Ok(Number { digits, len, plan: place })
}

/// Whether digits without `+` are a service's code rather than a number with digits missing.
fn is_short_code(home: Option<&Plan>, digits: &[u8]) -> bool {
    if digits == b"112" {
        return true; // the emergency number of every GSM network (3GPP TS 22.101, 10.1)
    }
    if !(SHORT_CODE_MIN..=SHORT_CODE_MAX).contains(&digits.len()) || digits.starts_with(b"0") {
        return false;
    }
    home.is_none_or(|plan| plan.trunk_of(digits).is_none() && !plan.is_short_number(digits.len()))
}
