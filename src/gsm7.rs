//! The GSM 7-bit default alphabet, 3GPP TS 23.038.

/// Clause 6.2.1, the default alphabet: row `n` holds the codes `0x10 * n` to `0x10 * n + 0xF`.
///
/// 0x1B is the escape to the extension table and no character: U+FFFF stands in its place and never matches.
/// 0x09 is Ç; ç is not in the alphabet.
#[rustfmt::skip]
pub const DEFAULT: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å',
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{ffff}', 'Æ', 'æ', 'ß', 'É',
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§',
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// Clause 6.2.1.1, the extension table: reached by the escape, so each costs two septets.
pub const EXTENSION: [char; 10] = ['\u{c}', '^', '{', '}', '\\', '[', '~', ']', '|', '€'];

/// Septets of U+0000 to U+00FF, from the two tables; 0 where the alphabet has no such character.
const LATIN1: [u8; 256] = latin1();

const fn latin1() -> [u8; 256] {
    let mut septets = [0; 256];
    let mut i = 0;
    while i < 128 {
        // Compile time only: an index out of range would not build.
        #[allow(clippy::indexing_slicing)]
        let c = DEFAULT[i] as usize;
        if c < 256 {
            #[allow(clippy::indexing_slicing)]
            {
                septets[c] = 1;
            }
        }
        i += 1;
    }
    i = 0;
    while i < 10 {
        #[allow(clippy::indexing_slicing)]
        let c = EXTENSION[i] as usize;
        if c < 256 {
            #[allow(clippy::indexing_slicing)]
            {
                septets[c] = 2;
            }
        }
        i += 1;
    }
    septets
}

/// How many septets a character costs: 1 in the default alphabet, 2 in the extension table, 0 when GSM-7 has no such
/// character.
///
/// ```
/// use textmeter::gsm7::septets;
/// assert_eq!(septets('é'), 1);
/// assert_eq!(septets('€'), 2);
/// assert_eq!(septets('ç'), 0);
/// ```
#[must_use]
#[inline]
pub fn septets(c: char) -> u8 {
    let code = u32::from(c);
    if code < 256 {
        return LATIN1.get(code as usize).copied().unwrap_or(0);
    }
    match c {
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => 1,
        '€' => 2,
        _ => 0,
    }
}

/// Whether GSM-7 has the character at all.
#[must_use]
#[inline]
pub fn has(c: char) -> bool {
    septets(c) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_the_tables_and_no_other_has_septets() {
        let mut one = 0;
        let mut two = 0;
        for c in '\0'..=char::MAX {
            let expected = match (DEFAULT.contains(&c) && c != '\u{ffff}', EXTENSION.contains(&c)) {
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 0,
                (true, true) => panic!("{c:?} is in both tables"),
            };
            assert_eq!(septets(c), expected, "{c:?}");
            one += u32::from(expected == 1);
            two += u32::from(expected == 2);
        }
        assert_eq!((one, two), (127, 10));
    }
}
