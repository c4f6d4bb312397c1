//! What a person typed, pasted or linked, down to its digits.

use core::str::Chars;

use super::NumberProblem;
use crate::literal::entries;

/// More digits than the longest international prefix with the longest number have.
const DIGITS_MAX: usize = 24;
/// Digits an extension can have.
const EXTENSION_DIGITS_MAX: usize = 7;
/// Letters and digits of the longest alphanumeric sender (3GPP TS 23.040, 9.1.2.5: ten octets, eleven septets).
const ALPHANUMERIC_MAX: usize = 11;

/// The digits of a number as typed.
#[derive(Debug)]
pub(super) struct Typed {
    digits: [u8; DIGITS_MAX],
    len: usize,
    /// Begins with `+`: an international number.
    pub(super) plus: bool,
    /// How many digits stand before a `(0)`.
    pub(super) bracketed_zero: Option<usize>,
}

impl Typed {
    /// Reads what was typed; a number is not yet looked for.
    pub(super) fn read(typed: &str) -> Result<Typed, NumberProblem> {
        let mut out = Typed { digits: [0; DIGITS_MAX], len: 0, plus: false, bracketed_zero: None };
        out.read_part(typed)?;
        if out.len > DIGITS_MAX {
            Err(NumberProblem::TooLong)
        } else if out.len > 0 || out.plus {
            Ok(out)
        } else if typed.chars().all(is_blank) {
            Err(NumberProblem::Empty)
        } else {
            Err(NumberProblem::NotANumber)
        }
    }

    /// The digits, as ASCII.
    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.len).unwrap_or_default()
    }

    fn read_part(&mut self, part: &str) -> Result<(), NumberProblem> {
        let mut bracket = false;
        let mut linked = false;
        let mut chars = part.chars();
        while let Some(c) = chars.next() {
            if let Some(digit) = digit(c) {
                if bracket
                    && digit == b'0'
                    && matches!(chars.clone().find(|c| !is_blank(*c)), Some(')' | '）'))
                {
                    self.bracketed_zero = Some(self.len);
                }
                self.push(digit);
                bracket = false;
                continue;
            }
            match c {
                _ if is_blank(c) => {}
                '(' | '（' => bracket = true,
                _ if is_separator(c) => bracket = false,
                '+' | '＋' if !self.plus && self.len == 0 => self.plus = true,
                't' | 'T' | 's' | 'S'
                    if self.len == 0 && !self.plus && !linked && is_scheme(c, &mut chars) =>
                {
                    linked = true
                }
                ';' if chars.as_str().starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    return self.read_parameters(chars.as_str());
                }
                '?' if linked => break, // RFC 5724: what follows is the message
                _ if self.len > 0 && is_extension(c, chars.as_str()) => break,
                _ => return Err(unreadable(part)),
            }
        }
        Ok(())
    }

    /// A link's parameters: a local number belongs behind the digits that its context begins with (RFC 3966, 5.1.5).
    fn read_parameters(&mut self, parameters: &str) -> Result<(), NumberProblem> {
        let context =
            entries(parameters, b';').find_map(|p| p.strip_prefix("phone-context=+")).unwrap_or_default();
        if !self.plus && !context.is_empty() {
            let local = self.digits;
            let local = local.get(..self.len).unwrap_or_default();
            (self.len, self.plus) = (0, true);
            self.read_part(context)?;
            local.iter().for_each(|digit| self.push(*digit));
        }
        Ok(())
    }

    fn push(&mut self, digit: u8) {
        if let Some(cell) = self.digits.get_mut(self.len) {
            *cell = digit;
        }
        self.len = self.len.saturating_add(1);
    }
}

/// Steps over the rest of `tel:` (RFC 3966) or `sms:` (RFC 5724), if that is what begins here.
fn is_scheme(first: char, chars: &mut Chars<'_>) -> bool {
    let rest: &[u8] = if matches!(first, 't' | 'T') { b"el:" } else { b"ms:" };
    let found =
        chars.as_str().as_bytes().get(..rest.len()).is_some_and(|next| next.eq_ignore_ascii_case(rest));
    if found {
        chars.by_ref().take(rest.len()).for_each(drop);
    }
    found
}

/// Decimal digits of the scripts whose keyboards type their own.
fn digit(c: char) -> Option<u8> {
    // ASCII, Arabic-Indic, Extended Arabic-Indic, Devanagari, Bengali, Thai, full-width.
    const ZEROS: [u16; 7] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10];
    let c = u32::from(c);
    ZEROS.iter().find_map(|zero| {
        let value = c.wrapping_sub(u32::from(*zero));
        if value < 10 { u8::try_from(value).ok().map(|v| v | b'0') } else { None }
    })
}

/// White space, and the marks that come along unseen when a number is pasted.
fn is_blank(c: char) -> bool {
    matches!(c,
        '\t'..='\r' | ' ' | '\u{A0}' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{2000}'..='\u{200F}'
        | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}' | '\u{3000}' | '\u{FEFF}')
}

/// What people put between the digits.
fn is_separator(c: char) -> bool {
    matches!(c,
        '-' | '.' | '/' | '(' | ')' | '[' | ']' | '~' | '·' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2053}' | '\u{2212}'
        | '\u{223C}' | '\u{30FB}' | '\u{30FC}' | '\u{FF08}' | '\u{FF09}' | '\u{FF0D}'..='\u{FF0F}' | '\u{FF3B}' | '\u{FF3D}' | '\u{FF5E}')
}

/// Whether this is an extension and nothing more: `x123`, `ext. 4`, `#5`, `,,6`. It is dialled after the answer.
fn is_extension(first: char, rest: &str) -> bool {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, tail) = rest.split_at_checked(letters).unwrap_or_default();
    let known = match first {
        'x' | 'X' | '#' | ',' => word.is_empty(),
        'e' | 'E' => ["xt", "xtn", "xtension"].iter().any(|known| word.eq_ignore_ascii_case(known)),
        _ => false,
    };
    let mut count = 0usize;
    for c in tail.chars() {
        if digit(c).is_some() {
            count = count.saturating_add(1);
        } else if !is_blank(c) && (count > 0 || !matches!(c, '.' | ':' | '=' | ',')) {
            return false;
        }
    }
    known && (1..=EXTENSION_DIGITS_MAX).contains(&count)
}

/// Names the problem of text that is no number: a name as senders have, or anything else.
fn unreadable(text: &str) -> NumberProblem {
    let mut count = 0usize;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            count = count.saturating_add(1);
        } else if !is_blank(c) && !is_separator(c) && !matches!(c, '&' | '_' | '\'') {
            return NumberProblem::NotANumber;
        }
    }
    // Here because of one character that belongs to no number: a letter, or one of the three signs.
    if count <= ALPHANUMERIC_MAX && text.bytes().any(|b| b.is_ascii_alphabetic()) {
        NumberProblem::Alphanumeric
    } else {
        NumberProblem::NotANumber
    }
}
