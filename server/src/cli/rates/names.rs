//! What price sheets call destinations. Only the importer needs names: a card has codes, and the page takes its names
//! from the browser.

use std::collections::HashMap;

const NAMES: &str = include_str!("names.tsv");

/// A place on a card.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Destination {
    /// A territory, by its code.
    Territory(String),
    /// A prefix, by its digits.
    Prefix(String),
}

impl Destination {
    /// The key of its row on the card.
    pub(super) fn key(&self) -> &str {
        match self {
            Destination::Territory(key) | Destination::Prefix(key) => key,
        }
    }
}

/// The names, ready to be looked up.
pub(super) struct Names {
    by_code: HashMap<&'static str, Vec<Destination>>,
    by_name: HashMap<String, Vec<Destination>>,
}

impl Names {
    pub(super) fn new() -> Names {
        let mut names = Names { by_code: HashMap::new(), by_name: HashMap::new() };
        for (codes, spellings) in rows() {
            let destinations: Vec<Destination> = codes.split(' ').map(destination).collect();
            if let [Destination::Territory(_)] = destinations.as_slice() {
                names.by_code.insert(codes, destinations.clone());
            }
            for spelling in spellings.split("; ") {
                if is_code(spelling) {
                    names.by_code.insert(spelling, destinations.clone());
                }
                names.by_name.insert(key(spelling), destinations.clone());
            }
        }
        names
    }

    /// What a two-letter or three-letter code stands for.
    pub(super) fn code(&self, code: &str) -> Option<&[Destination]> {
        self.by_code.get(code.to_ascii_uppercase().as_str()).map(Vec::as_slice)
    }

    /// What a name stands for, with or without what it says in brackets.
    pub(super) fn name(&self, name: &str) -> Option<&[Destination]> {
        let bare = name.split_once('(').map_or(name, |(bare, _)| bare);
        [name, bare].iter().find_map(|name| self.by_name.get(&key(name))).map(Vec::as_slice)
    }
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

fn destination(code: &str) -> Destination {
    if code.starts_with(|first: char| first.is_ascii_digit()) {
        Destination::Prefix(code.to_owned())
    } else {
        Destination::Territory(code.to_owned())
    }
}

/// Whether a cell has the form of an ISO 3166-1 code.
pub(super) fn is_code(cell: &str) -> bool {
    (2..=3).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A name as its words in alphabetical order, so that `Korea, Republic of` is `Republic of Korea`.
fn key(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match unaccented(letter) {
            // What stands inside a word: d'Ivoire, U.S.
            '\'' | '’' | '.' => {}
            letter if letter.is_ascii_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    let all = || plain.split(' ').filter(|word| !word.is_empty()).map(expanded);
    let mut words: Vec<&str> = all().filter(|word| !["the", "of", "and"].contains(word)).collect();
    if words.is_empty() {
        words = all().collect();
    }
    words.sort_unstable();
    words.join(" ")
}

fn expanded(word: &str) -> &str {
    match word {
        "st" | "ste" => "saint",
        "is" | "isl" | "island" => "islands",
        "rep" => "republic",
        "dem" => "democratic",
        "fed" => "federated",
        word => word,
    }
}

/// The letters with marks that English names of territories are written with.
fn unaccented(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use textmeter::Territory;

    use super::*;

    #[test]
    fn no_two_rows_share_a_name() {
        let mut seen = HashMap::new();
        for (codes, spellings) in rows() {
            for spelling in spellings.split("; ") {
                let before = seen.insert(key(spelling), codes);
                assert!(before.is_none_or(|before| before == codes), "{spelling}: {codes} and {before:?}");
            }
            for code in codes.split(' ').filter(|code| !code.starts_with(|c: char| c.is_ascii_digit())) {
                assert!(Territory::parse(code).is_some(), "{code}");
            }
        }
        // ISO 3166-1 has 249 entries; XK, AC and TA stand beside them; four rows are for several.
        assert_eq!(rows().count(), 249 + 3 + 4);
    }

    #[test]
    fn knows_the_spellings_of_sheets() {
        let names = Names::new();
        let found = |name: &str| {
            let found = names.name(name).unwrap_or_else(|| panic!("{name}"));
            found.iter().map(Destination::key).collect::<Vec<_>>().join(" ")
        };
        for (name, code) in [
            ("UNITED ARAB EMIRATES", "AE"),
            ("Korea Republic of", "KR"),
            ("Korea Dem People's Rep", "KP"),
            ("Virgin Islands, U.S.", "VI"),
            ("VIRGIN ISLANDS, BRITISH", "VG"),
            ("St Vincent Grenadines", "VC"),
            ("Saint Vincent and the Grenadines", "VC"),
            ("Curaçao", "CW"),
            ("São Tomé and Príncipe", "ST"),
            ("Cote d'Ivoire", "CI"),
            ("CÔTE D’IVOIRE", "CI"),
            ("Congo (Brazzaville)", "CG"),
            ("DR Congo", "CD"),
            ("Samoa", "WS"),
            ("Netherlands Antilles (+599: BQ, CW)", "BQ CW"),
            ("GUAM & NORTHERN MARIANA ISLANDS", "GU MP"),
            ("Reunion/Mayotte", "RE YT"),
            ("SATELLITE", "870 881 88216"),
        ] {
            assert_eq!(found(name), code, "{name}");
        }
        assert_eq!(names.name("Unknown"), None);
        assert_eq!(names.code("and").map(|found| found[0].key()), Some("AD"));
        assert_eq!(names.code("AN").map(<[Destination]>::len), Some(2));
        assert_eq!(names.code("QK"), None);
    }
}
