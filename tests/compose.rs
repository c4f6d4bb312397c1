//! Composition and plain spelling against Unicode normalisation as another crate has it.
#![cfg(not(target_family = "wasm"))]
// A test that panics has failed: what it is for.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use textmeter::compose::{compose, unaccent};
use textmeter::gsm7;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose as composed, is_combining_mark};

/// Characters of the blocks from `first` to `last`.
fn block(first: u32, last: u32) -> impl Iterator<Item = char> + Clone {
    (first..=last).filter_map(char::from_u32)
}

#[test]
fn letters_and_marks_compose_as_unicode_says() {
    let mut compositions = 0;
    let bases = || block(0, 0x52F).chain(block(0x1E00, 0x1FFF)).chain(['\u{1112}', '\u{10041}']);
    // The last mark that composes with a letter is U+0345.
    for mark in block(0x300, 0x346).chain(['\u{483}', '\u{93c}', '\u{3099}', '\u{20d2}', 'a', '\0']) {
        for base in bases() {
            // Letters of these three scripts only: not ≠, a symbol, nor the dialytika that stand alone.
            let expected = composed(base, mark).filter(|c| c.is_alphabetic() && is_ours(*c));
            assert_eq!(compose(base, mark), expected, "{base:?} {mark:?}");
            compositions += u32::from(expected.is_some());
        }
    }
    assert_eq!(compositions, 772);
}

/// Latin, Greek and Cyrillic, by their blocks.
fn is_ours(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
}

#[test]
fn every_letter_that_decomposes_is_composed_again() {
    // The other way round, for the bases that the test above leaves out.
    for c in (0..=0x10_FFFF).filter_map(char::from_u32).filter(|c| is_ours(*c)) {
        let parts: Vec<char> = c.nfd().collect();
        if let [_, .., last] = parts[..]
            && is_combining_mark(last)
            && c.nfc().eq([c])
            && c.is_alphabetic()
        {
            let prefix: Vec<char> = parts[..parts.len() - 1].iter().copied().nfc().collect();
            assert_eq!(compose(prefix[0], last), Some(c), "{c:?}");
        }
    }
}

#[test]
fn hangul_composes_as_unicode_says() {
    // Around the parts too: one before and one after each range does not compose.
    for first in block(0x10FF, 0x1113) {
        for vowel in block(0x1160, 0x1176) {
            assert_eq!(compose(first, vowel), composed(first, vowel), "{first:?} {vowel:?}");
        }
    }
    for syllable in block(0xABFF, 0xD7A4) {
        for trailing in block(0x11A6, 0x11C3) {
            assert_eq!(
                compose(syllable, trailing),
                composed(syllable, trailing),
                "{syllable:?} {trailing:?}"
            );
        }
    }
    assert_eq!("각".nfd().reduce(|a, b| compose(a, b).unwrap()), Some('각'));
}

#[test]
fn marks_come_off_one_at_a_time_until_gsm_7_has_the_letter() {
    let mut letters = 0;
    for c in block(0, 0x24F).chain(block(0x1E00, 0x1EFF)).filter(|c| c.is_alphabetic() && !gsm7::has(*c)) {
        let parts: Vec<char> = c.nfd().collect();
        // The longest prefix that is one letter of GSM-7 once it is composed.
        let expected = (1..parts.len())
            .rev()
            .map(|n| parts[..n].iter().copied().nfc().collect::<String>())
            .find(|prefix| prefix.chars().count() == 1 && prefix.chars().all(gsm7::has));
        if let Some(expected) = expected {
            assert_eq!(unaccent(c), Some(expected.as_str()), "{c:?}");
            letters += 1;
        }
    }
    assert_eq!(letters, 476);
}

#[test]
fn plain_spellings_are_gsm_7_and_only_for_what_is_not() {
    let mut spelt = 0;
    for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
        let Some(plain) = unaccent(c) else { continue };
        assert!(!gsm7::has(c) && c.is_alphabetic(), "{c:?}");
        assert!(!plain.is_empty() && plain.chars().all(|c| gsm7::septets(c) == 1), "{c:?} {plain:?}");
        spelt += 1;
    }
    assert_eq!(spelt, 527);
    for c in "éèàìòùäöüåæøñßÇÉÄÖÜÅÆØÑ aZ19€жΩάкあ中\u{301}".chars() {
        assert_eq!(unaccent(c), None, "{c:?}");
    }
}

#[test]
fn letters_people_write_with_are_spelt_as_they_would() {
    for (text, plain) in [
        ("áíóúâêîôûãõçÁÍÓÚÂÊÎÔÛÃÕÀÈÌÒÙ", "aiouaeiouaocAIOUAEIOUAOAEIOU"),
        ("ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ", "acelnoszz ACELNOSZZ"),
        ("čďěňřšťůž", "cdenrstuz"),
        ("ğışİ", "gisI"),
        ("ășțâî ĂȘȚ", "astai AST"),
        ("őűŐŰ", "ouOU"),
        ("đĐ Œœ þÐ", "dD OEoe thD"),
        ("Tiếng Việt đẹp ở Ữ", "Tieng Viet dep o U"),
        ("āēīūģķļņš", "aeiugklns"),
        ("ɓ ɗ ƙ Ɛ", "b d k E"),
        ("ŵŷ ċħġ ŀ ŉ", "wy chg l 'n"),
        ("ə Ə ﬁ ﬄ ẞ 1ª 2º", "e E fi ffl SS 1a 2o"),
        // The nearest letter of GSM-7, not the barest.
        ("ǟ ǻ ǿ ǽ ḉ Ḉ", "ä å ø æ c Ç"),
    ] {
        let spelt: String =
            text.chars().map(|c| unaccent(c).map_or_else(|| c.to_string(), str::to_string)).collect();
        assert_eq!(spelt, plain);
    }
}
