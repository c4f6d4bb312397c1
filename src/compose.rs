//! Letters and their marks: put together, and taken apart.
//!
//! A text can hold é as one character or as e and a combining acute. The provider does not compose, so the second costs
//! a whole message its GSM-7; [`compose`] is what mends it, and saves a unit per letter where the text stays UCS-2.
//! [`unaccent`] is the spelling without the mark, for letters GSM-7 lacks either way.

use crate::gsm7;
use crate::literal::{entries, next_char};

/// The canonical compositions of Latin, Greek and Cyrillic letters, by mark: each base with what it becomes.
///
/// These are the Unicode Character Database's decompositions of two characters whose composite is a letter, less the
/// composition exclusions (UAX #44, UAX #15). They cannot change: normalisation is stable.
#[rustfmt::skip]
const COMPOSITIONS: [(char, &str); 29] = [
    // grave accent
    ('\u{300}', "AÀ EÈ IÌ OÒ UÙ aà eè iì oò uù ÜǛ üǜ NǸ nǹ ЕЀ ИЍ еѐ иѝ ĒḔ ēḕ ŌṐ ōṑ WẀ wẁ ÂẦ âầ ĂẰ ăằ ÊỀ êề ÔỒ ôồ ƠỜ \
      ơờ ƯỪ ưừ YỲ yỳ ἀἂ ἁἃ ἈἊ ἉἋ ἐἒ ἑἓ ἘἚ ἙἛ ἠἢ ἡἣ ἨἪ ἩἫ ἰἲ ἱἳ ἸἺ ἹἻ ὀὂ ὁὃ ὈὊ ὉὋ ὐὒ ὑὓ ὙὛ ὠὢ ὡὣ ὨὪ ὩὫ αὰ \
      εὲ ηὴ ιὶ οὸ υὺ ωὼ ΑᾺ ΕῈ ΗῊ ϊῒ ΙῚ ϋῢ ΥῪ ΟῸ ΩῺ"),
    // acute accent
    ('\u{301}', "AÁ EÉ IÍ OÓ UÚ YÝ aá eé ií oó uú yý CĆ cć LĹ lĺ NŃ nń RŔ rŕ SŚ sś ZŹ zź ÜǗ üǘ GǴ gǵ ÅǺ åǻ ÆǼ æǽ ØǾ \
      øǿ ΑΆ ΕΈ ΗΉ ΙΊ ΟΌ ΥΎ ΩΏ ϊΐ αά εέ ηή ιί ϋΰ οό υύ ωώ ϒϓ ГЃ КЌ гѓ кќ ÇḈ çḉ ĒḖ ēḗ ÏḮ ïḯ KḰ kḱ MḾ mḿ ÕṌ \
      õṍ ŌṒ ōṓ PṔ pṕ ŨṸ ũṹ WẂ wẃ ÂẤ âấ ĂẮ ăắ ÊẾ êế ÔỐ ôố ƠỚ ơớ ƯỨ ưứ ἀἄ ἁἅ ἈἌ ἉἍ ἐἔ ἑἕ ἘἜ ἙἝ ἠἤ ἡἥ ἨἬ ἩἭ \
      ἰἴ ἱἵ ἸἼ ἹἽ ὀὄ ὁὅ ὈὌ ὉὍ ὐὔ ὑὕ ὙὝ ὠὤ ὡὥ ὨὬ ὩὭ"),
    // circumflex accent
    ('\u{302}', "AÂ EÊ IÎ OÔ UÛ aâ eê iî oô uû CĈ cĉ GĜ gĝ HĤ hĥ JĴ jĵ SŜ sŝ WŴ wŵ YŶ yŷ ZẐ zẑ ẠẬ ạậ ẸỆ ẹệ ỌỘ ọộ"),
    // tilde
    ('\u{303}', "AÃ NÑ OÕ aã nñ oõ IĨ iĩ UŨ uũ VṼ vṽ ÂẪ âẫ ĂẴ ăẵ EẼ eẽ ÊỄ êễ ÔỖ ôỗ ƠỠ ơỡ ƯỮ ưữ YỸ yỹ"),
    // macron
    ('\u{304}', "AĀ aā EĒ eē IĪ iī OŌ oō UŪ uū ÜǕ üǖ ÄǞ äǟ ȦǠ ȧǡ ÆǢ æǣ ǪǬ ǫǭ ÖȪ öȫ ÕȬ õȭ ȮȰ ȯȱ YȲ yȳ ИӢ иӣ УӮ уӯ GḠ \
      gḡ ḶḸ ḷḹ ṚṜ ṛṝ αᾱ ΑᾹ ιῑ ΙῙ υῡ ΥῩ"),
    // breve
    ('\u{306}', "AĂ aă EĔ eĕ GĞ gğ IĬ iĭ OŎ oŏ UŬ uŭ УЎ ИЙ ий уў ЖӁ жӂ АӐ аӑ ЕӖ еӗ ȨḜ ȩḝ ẠẶ ạặ αᾰ ΑᾸ ιῐ ΙῘ υῠ ΥῨ"),
    // dot above
    ('\u{307}', "CĊ cċ EĖ eė GĠ gġ Iİ ZŻ zż AȦ aȧ OȮ oȯ BḂ bḃ DḊ dḋ FḞ fḟ HḢ hḣ MṀ mṁ NṄ nṅ PṖ pṗ RṘ rṙ SṠ sṡ ŚṤ śṥ \
      ŠṦ šṧ ṢṨ ṣṩ TṪ tṫ WẆ wẇ XẊ xẋ YẎ yẏ ſẛ"),
    // diaeresis
    ('\u{308}', "AÄ EË IÏ OÖ UÜ aä eë iï oö uü yÿ YŸ ΙΪ ΥΫ ιϊ υϋ ϒϔ ЕЁ ІЇ её ії АӒ аӓ ӘӚ әӛ ЖӜ жӝ ЗӞ зӟ ИӤ иӥ ОӦ оӧ \
      ӨӪ өӫ ЭӬ эӭ УӰ уӱ ЧӴ чӵ ЫӸ ыӹ HḦ hḧ ÕṎ õṏ ŪṺ ūṻ WẄ wẅ XẌ xẍ tẗ"),
    // hook above
    ('\u{309}', "AẢ aả ÂẨ âẩ ĂẲ ăẳ EẺ eẻ ÊỂ êể IỈ iỉ OỎ oỏ ÔỔ ôổ ƠỞ ơở UỦ uủ ƯỬ ưử YỶ yỷ"),
    // ring above
    ('\u{30a}', "AÅ aå UŮ uů wẘ yẙ"),
    // double acute accent
    ('\u{30b}', "OŐ oő UŰ uű УӲ уӳ"),
    // caron
    ('\u{30c}', "CČ cč DĎ dď EĚ eě LĽ lľ NŇ nň RŘ rř SŠ sš TŤ tť ZŽ zž AǍ aǎ IǏ iǐ OǑ oǒ UǓ uǔ ÜǙ üǚ GǦ gǧ KǨ kǩ ƷǮ \
      ʒǯ jǰ HȞ hȟ"),
    // double grave accent
    ('\u{30f}', "AȀ aȁ EȄ eȅ IȈ iȉ OȌ oȍ RȐ rȑ UȔ uȕ ѴѶ ѵѷ"),
    // inverted breve
    ('\u{311}', "AȂ aȃ EȆ eȇ IȊ iȋ OȎ oȏ RȒ rȓ UȖ uȗ"),
    // comma above
    ('\u{313}', "αἀ ΑἈ εἐ ΕἘ ηἠ ΗἨ ιἰ ΙἸ οὀ ΟὈ υὐ ωὠ ΩὨ ρῤ"),
    // reversed comma above
    ('\u{314}', "αἁ ΑἉ εἑ ΕἙ ηἡ ΗἩ ιἱ ΙἹ οὁ ΟὉ υὑ ΥὙ ωὡ ΩὩ ρῥ ΡῬ"),
    // horn
    ('\u{31b}', "OƠ oơ UƯ uư"),
    // dot below
    ('\u{323}', "BḄ bḅ DḌ dḍ HḤ hḥ KḲ kḳ LḶ lḷ MṂ mṃ NṆ nṇ RṚ rṛ SṢ sṣ TṬ tṭ VṾ vṿ WẈ wẉ ZẒ zẓ AẠ aạ EẸ eẹ IỊ iị OỌ \
      oọ ƠỢ ơợ UỤ uụ ƯỰ ưự YỴ yỵ"),
    // diaeresis below
    ('\u{324}', "UṲ uṳ"),
    // ring below
    ('\u{325}', "AḀ aḁ"),
    // comma below
    ('\u{326}', "SȘ sș TȚ tț"),
    // cedilla
    ('\u{327}', "CÇ cç GĢ gģ KĶ kķ LĻ lļ NŅ nņ RŖ rŗ SŞ sş TŢ tţ EȨ eȩ DḐ dḑ HḨ hḩ"),
    // ogonek
    ('\u{328}', "AĄ aą EĘ eę IĮ iį UŲ uų OǪ oǫ"),
    // circumflex accent below
    ('\u{32d}', "DḒ dḓ EḘ eḙ LḼ lḽ NṊ nṋ TṰ tṱ UṶ uṷ"),
    // breve below
    ('\u{32e}', "HḪ hḫ"),
    // tilde below
    ('\u{330}', "EḚ eḛ IḬ iḭ UṴ uṵ"),
    // macron below
    ('\u{331}', "BḆ bḇ DḎ dḏ KḴ kḵ LḺ lḻ NṈ nṉ RṞ rṟ TṮ tṯ ZẔ zẕ hẖ"),
    // greek perispomeni
    ('\u{342}', "ἀἆ ἁἇ ἈἎ ἉἏ ἠἦ ἡἧ ἨἮ ἩἯ ἰἶ ἱἷ ἸἾ ἹἿ ὐὖ ὑὗ ὙὟ ὠὦ ὡὧ ὨὮ ὩὯ αᾶ ηῆ ιῖ ϊῗ υῦ ϋῧ ωῶ"),
    // greek ypogegrammeni
    ('\u{345}', "ἀᾀ ἁᾁ ἂᾂ ἃᾃ ἄᾄ ἅᾅ ἆᾆ ἇᾇ Ἀᾈ Ἁᾉ Ἂᾊ Ἃᾋ Ἄᾌ Ἅᾍ Ἆᾎ Ἇᾏ ἠᾐ ἡᾑ ἢᾒ ἣᾓ ἤᾔ ἥᾕ ἦᾖ ἧᾗ Ἠᾘ Ἡᾙ Ἢᾚ Ἣᾛ Ἤᾜ Ἥᾝ Ἦᾞ Ἧᾟ ὠᾠ \
      ὡᾡ ὢᾢ ὣᾣ ὤᾤ ὥᾥ ὦᾦ ὧᾧ Ὠᾨ Ὡᾩ Ὢᾪ Ὣᾫ Ὤᾬ Ὥᾭ Ὦᾮ Ὧᾯ ὰᾲ αᾳ άᾴ ᾶᾷ Αᾼ ὴῂ ηῃ ήῄ ῆῇ Ηῌ ὼῲ ωῳ ώῴ ῶῷ Ωῼ"),
];

/// Where the composites lie: first code point of a range, and the one after its last.
const RANGES: [(u16, u16); 3] = [(0xC0, 0x234), (0x386, 0x4FA), (0x1E00, 0x1FFD)];

const COMPOSITES: usize = {
    let [(a, b), (c, d), (e, f)] = RANGES;
    (b - a + d - c + f - e) as usize
};

/// [`COMPOSITIONS`] by composite; 0 throughout where a character is not one.
struct Decompositions {
    bases: [u16; COMPOSITES],
    /// The mark's distance to [`BEFORE_MARKS`].
    marks: [u8; COMPOSITES],
}

/// The code point before the first combining mark, U+0300.
const BEFORE_MARKS: u32 = 0x2FF;

static DECOMPOSITIONS: Decompositions = decompositions();

// Compile time only: an index out of range or a blank too few would not build.
#[allow(clippy::panic, clippy::indexing_slicing, clippy::cast_possible_truncation)]
const fn decompositions() -> Decompositions {
    let mut all = Decompositions { bases: [0; COMPOSITES], marks: [0; COMPOSITES] };
    let mut row = 0;
    while row < COMPOSITIONS.len() {
        let (mark, pairs) = COMPOSITIONS[row];
        let mut rest = pairs.as_bytes();
        while let Some((base, after)) = next_char(rest) {
            let Some((composite, after)) = next_char(after) else { break };
            let Some(index) = index_of(composite) else { break };
            assert!(all.marks[index] == 0 && (base as u32) < 0x1_0000);
            all.bases[index] = base as u16;
            all.marks[index] = (mark as u32 - BEFORE_MARKS) as u8;
            rest = match after {
                [b' ', next @ ..] => next,
                [] => after,
                _ => panic!("pairs are parted by blanks"),
            };
        }
        assert!(rest.is_empty(), "a composite outside the ranges");
        row += 1;
    }
    all
}

/// Where in [`DECOMPOSITIONS`] a character is, if it lies in one of [`RANGES`].
const fn index_of(c: char) -> Option<usize> {
    let code = c as u32;
    let mut before = 0;
    let mut ranges = RANGES.as_slice();
    while let [(start, end), after @ ..] = ranges {
        let (start, end) = (*start as u32, *end as u32);
        if start <= code && code < end {
            return Some((before + code - start) as usize);
        }
        before += end - start;
        ranges = after;
    }
    None
}

/// The character at an index of [`DECOMPOSITIONS`].
fn composite_at(index: usize) -> Option<char> {
    RANGES
        .iter()
        .flat_map(|(start, end)| *start..*end)
        .nth(index)
        .and_then(|code| char::from_u32(code.into()))
}

/// The character a letter and a combining mark compose to canonically, if they do: Latin, Greek and Cyrillic letters,
/// and the syllables of Hangul from their parts (The Unicode Standard, 3.12).
///
/// One step of Unicode normalisation form C. Letters with several marks compose mark by mark.
///
/// ```
/// use textmeter::compose::compose;
/// assert_eq!(compose('e', '\u{301}'), Some('é'));
/// assert_eq!(compose('ê', '\u{301}'), Some('ế'));
/// assert_eq!(compose('\u{1112}', '\u{1161}'), Some('하'));
/// assert_eq!(compose('q', '\u{301}'), None);
/// ```
#[must_use]
pub fn compose(base: char, mark: char) -> Option<char> {
    let (base, mark) = (u32::from(base), u32::from(mark));
    match mark {
        // Marks heaped on marks are no letters; a search for each would be felt.
        0x300..0x370 if (0x300..0x370).contains(&base) => None,
        0x300..0x370 => {
            let Decompositions { bases, marks } = &DECOMPOSITIONS;
            let is_pair = |(b, m): (&u16, &u8)| u32::from(*b) == base && u32::from(*m) == mark - BEFORE_MARKS;
            composite_at(bases.iter().zip(marks).position(is_pair)?)
        }
        _ => compose_hangul(base, mark),
    }
}

/// Hangul: a leading consonant and a vowel, or a syllable of those two and a trailing consonant.
const fn compose_hangul(first: u32, second: u32) -> Option<char> {
    const LEADING: u32 = 0x1100;
    const VOWEL: u32 = 0x1161;
    const BEFORE_TRAILING: u32 = 0x11A7;
    const SYLLABLE: u32 = 0xAC00;
    const LEADINGS: u32 = 19;
    const VOWELS: u32 = 21;
    const TRAILINGS: u32 = 28;

    let (leading, vowel) = (first.wrapping_sub(LEADING), second.wrapping_sub(VOWEL));
    if leading < LEADINGS && vowel < VOWELS {
        return char::from_u32(SYLLABLE + (leading * VOWELS + vowel) * TRAILINGS);
    }
    let (syllable, trailing) = (first.wrapping_sub(SYLLABLE), second.wrapping_sub(BEFORE_TRAILING));
    if syllable < LEADINGS * VOWELS * TRAILINGS
        && syllable.is_multiple_of(TRAILINGS)
        && trailing != 0
        && trailing < TRAILINGS
    {
        return char::from_u32(first + trailing);
    }
    None
}

/// Letters with a stroke, a hook and the like, which no canonical decomposition takes apart: those that languages are
/// written with, as the Unicode CLDR's Latin-ASCII transform spells them. It leaves four out: ª and º are by their
/// compatibility decompositions, and Ə and ə are the E that Azerbaijani is written with in ASCII. Each word is a
/// spelling and the letters it stands for.
#[rustfmt::skip]
const PLAIN: &str = "\
    'nŉ aªẚ BƁ bɓ DÐĐƊ dðđɗ EƏƐ eəɛ fƒ ffﬀ ffiﬃ fflﬄ fiﬁ flﬂ HĦ hħ iı IJĲ ijĳ KƘ kƙ LĿŁ lŀł NŊ nŋ oº OEŒ \
    oeœ qĸ sſ SSẞ stﬅﬆ TŦ tŧ THÞ thþ YƳ yƴ ZƵ zƶ";

/// What taking the marks off a Latin letter can end in: the letters of GSM-7.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÄÅÆÇÉÑÖØÜàäåæèéìñòöøùü";

/// How a Latin letter that GSM-7 lacks is spelt plainly in GSM-7; `None` for one that GSM-7 has, and for all else.
///
/// Marks come off one at a time, the last first, until GSM-7 has the letter: ǟ is ä, and ã is a.
///
/// ```
/// use textmeter::compose::unaccent;
/// assert_eq!(unaccent('á'), Some("a"));
/// assert_eq!(unaccent('ế'), Some("e"));
/// assert_eq!(unaccent('ł'), Some("l"));
/// assert_eq!(unaccent('œ'), Some("oe"));
/// assert_eq!(unaccent('é'), None); // GSM-7 has it.
/// assert_eq!(unaccent('ж'), None);
/// ```
#[must_use]
pub fn unaccent(letter: char) -> Option<&'static str> {
    // What is written in other scripts is looked for in no list.
    if !matches!(letter, '\u{aa}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}')
        || gsm7::has(letter)
    {
        return None;
    }
    let mut letter = letter;
    loop {
        if let Some(word) = entries(PLAIN, b' ').find(|word| word.chars().any(|c| c == letter)) {
            return word.get(..word.bytes().position(|byte| !byte.is_ascii())?);
        }
        letter = base_of_latin(letter)?;
        if gsm7::has(letter) {
            let (start, found) = LETTERS.char_indices().find(|(_, c)| *c == letter)?;
            return LETTERS.get(start..start + found.len_utf8());
        }
    }
}

/// A Latin letter without its last mark.
fn base_of_latin(letter: char) -> Option<char> {
    let latin = matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    let base = index_of(letter).filter(|_| latin).and_then(|index| DECOMPOSITIONS.bases.get(index))?;
    char::from_u32(u32::from(*base)).filter(|base| *base != '\0')
}
