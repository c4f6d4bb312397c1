//! What a person typed, pasted or linked, down to its digits.

use super::NumberProblem;

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
        let (number, context) = uri(typed);
        if let Some(context) = context {
            // RFC 3966, 5.1.5: a local number belongs behind the digits its context begins with.
            out.read_part(context)?;
        }
        out.read_part(number)?;
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
        for (at, c) in part.char_indices() {
            if let Some(digit) = digit(c) {
                if bracket
                    && digit == b'0'
                    && rest(part, at, c).trim_start_matches(is_blank).starts_with([')', '）'])
                {
                    self.bracketed_zero = Some(self.len);
                }
                if let Some(cell) = self.digits.get_mut(self.len) {
                    *cell = digit;
                }
                self.len = self.len.saturating_add(1);
                bracket = false;
                continue;
            }
            match c {
                '+' | '＋' if !self.plus && self.len == 0 => self.plus = true,
                '(' | '（' => bracket = true,
                _ if is_blank(c) => {}
                _ if is_separator(c) => bracket = false,
                _ if self.len > 0 && is_extension(part.get(at..).unwrap_or_default()) => break,
                _ => return Err(unreadable(part)),
            }
        }
        Ok(())
    }
}

/// What follows a character.
fn rest(text: &str, at: usize, c: char) -> &str {
    text.get(at.saturating_add(c.len_utf8())..).unwrap_or_default()
}

/// The number of a `tel:` (RFC 3966) or `sms:` (RFC 5724) link without its parameters, and its `phone-context` where that
/// is a number; anything else is the number itself.
fn uri(typed: &str) -> (&str, Option<&str>) {
    let mut number = typed.trim_start_matches(is_blank);
    for scheme in ["tel:", "sms:"] {
        if let Some((start, rest)) = number.split_at_checked(scheme.len())
            && start.eq_ignore_ascii_case(scheme)
        {
            number = rest.split_once('?').map_or(rest, |(before, _)| before);
        }
    }
    let Some((number, parameters)) = number.split_once(';') else { return (number, None) };
    let context = parameters.split(';').find_map(|p| p.strip_prefix("phone-context="));
    (number, context.filter(|c| c.starts_with('+') && !number.contains('+')))
}

/// Decimal digits of the scripts whose keyboards type their own.
fn digit(c: char) -> Option<u8> {
    // ASCII, Arabic-Indic, Extended Arabic-Indic, Devanagari, Bengali, Thai, full-width.
    const ZEROS: [u32; 7] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10];
    ZEROS.iter().find_map(|zero| {
        let value = u8::try_from(u32::from(c).checked_sub(*zero)?).ok()?;
        (value < 10).then(|| b'0'.wrapping_add(value))
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
fn is_extension(rest: &str) -> bool {
    let word = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, mut tail) = rest.split_at_checked(word).unwrap_or_default();
    if word.is_empty() {
        tail = tail.trim_start_matches([',', '#']);
        if tail.len() == rest.len() {
            return false;
        }
    } else if !["x", "ext", "extn", "extension"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return false;
    }
    let mut count = 0usize;
    for c in tail.trim_start_matches(['.', ':', '=']).chars() {
        match digit(c) {
            Some(_) => count = count.saturating_add(1),
            None if is_blank(c) => {}
            None => return false,
        }
    }
    (1..=EXTENSION_DIGITS_MAX).contains(&count)
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
