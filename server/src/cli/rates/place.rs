//! Which destinations a row of a sheet is for.

use super::names::{Destination, Names};

/// Territories that some sheets list under another's code, told apart only by name.
const PARTS: [(&str, &[&str]); 12] = [
    ("AU", &["CC", "CX", "NF"]),
    ("CN", &["HK", "MO"]),
    ("DK", &["FO", "GL"]),
    ("FI", &["AX"]),
    ("FR", &["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"]),
    ("GB", &["GG", "IM", "JE"]),
    ("IT", &["VA"]),
    ("NL", &["AW", "BQ", "CW", "SX"]),
    ("NO", &["SJ"]),
    ("RS", &["XK"]),
    ("SH", &["AC", "TA"]),
    ("US", &["AS", "GU", "MP", "PR", "UM", "VI"]),
];
/// Calling codes of several countries at several prices: as a prefix they would price a neighbour.
const SHARED_CALLING_CODES: [&str; 2] = ["1", "7"];
const DIGITS_MAX: usize = 15;

/// The cells of a row that say what it is for; empty where the sheet has no such column.
#[derive(Clone, Copy, Default)]
pub(super) struct Cells<'a> {
    pub(super) code: &'a str,
    pub(super) country: &'a str,
    pub(super) description: &'a str,
    pub(super) prefix: &'a str,
}

/// Where a row goes: it prices `own`, and `shared` only where no row of theirs does.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) own: Vec<Destination>,
    pub(super) shared: Vec<Destination>,
    /// A code or a name said so, not a prefix.
    pub(super) by_name: bool,
}

/// Finds the place of a row, or says why it has none.
///
/// A name that is part of what the code says is the nearer one: `GUERNSEY` in a row of GB. A name that is neither
/// that nor the code's own contradicts it, and nothing is guessed. Prefixes place a row that nothing else does, or
/// every row when they are asked for.
pub(super) fn place(cells: &Cells<'_>, names: &Names, by_prefix: bool) -> Result<Place, String> {
    if !cells.prefix.is_empty() && by_prefix {
        return prefixes(cells.prefix);
    }
    let code = names.code(cells.code);
    let head = cells.description.split(" Outbound ").next().unwrap_or_default();
    let head = head.split(" - ").next().unwrap_or_default();
    let named =
        [head, cells.country].into_iter().filter(|name| !name.is_empty()).find_map(|name| names.name(name));
    match (code, named) {
        (Some(code), None) => Ok(whole(code)),
        (None, Some(named)) => Ok(whole(named)),
        (Some(code), Some(named)) if code == named => Ok(whole(code)),
        (Some(code), Some(named)) => nearer(code, named).ok_or_else(|| {
            let codes = |of: &[Destination]| of.iter().map(Destination::key).collect::<Vec<_>>().join("+");
            format!("the code says {}, the name says {}; correct one of them", codes(code), codes(named))
        }),
        (None, None) if !cells.prefix.is_empty() => prefixes(cells.prefix),
        (None, None) => Err(format!("no destination is called {}", said(cells))),
    }
}

fn said(cells: &Cells<'_>) -> String {
    let said: Vec<String> = [cells.code, cells.country, cells.description]
        .iter()
        .filter(|cell| !cell.is_empty())
        .map(|cell| format!("\"{cell}\""))
        .collect();
    if said.is_empty() { "\"\"".to_owned() } else { said.join(", ") }
}

/// One territory is priced by its row; a row for several gives way to each one's own. Prefixes have no such rows.
fn whole(destinations: &[Destination]) -> Place {
    match destinations {
        [_] | [Destination::Prefix(_), ..] => {
            Place { own: destinations.to_vec(), shared: Vec::new(), by_name: true }
        }
        several => Place { own: Vec::new(), shared: several.to_vec(), by_name: true },
    }
}

fn nearer(code: &[Destination], named: &[Destination]) -> Option<Place> {
    let [own] = code else { return None };
    if named.contains(own) {
        let shared = named.iter().filter(|other| *other != own).cloned().collect();
        return Some(Place { own: vec![own.clone()], shared, by_name: true });
    }
    let (_, parts) = PARTS.iter().find(|(whole, _)| *whole == own.key())?;
    named.iter().all(|part| parts.contains(&part.key())).then(|| whole(named))
}

fn prefixes(cell: &str) -> Result<Place, String> {
    let mut own = Vec::new();
    for written in cell.split([',', ';', '/', '|']).map(str::trim).filter(|written| !written.is_empty()) {
        let digits: String =
            written.chars().filter(|letter| !matches!(letter, '+' | '-' | ' ' | '(' | ')' | '.')).collect();
        let digits = digits.strip_prefix("00").unwrap_or(&digits);
        if digits.is_empty() || digits.len() > DIGITS_MAX || !digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(format!("\"{written}\" is not a prefix"));
        }
        if digits.starts_with('0') {
            return Err(format!("\"{written}\" is not a prefix: calling codes do not begin with 0"));
        }
        if SHARED_CALLING_CODES.contains(&digits) {
            return Err(format!(
                "+{digits} is several countries at several prices; name the territory, or area codes"
            ));
        }
        own.push(Destination::Prefix(digits.to_owned()));
    }
    if own.is_empty() { Err("the prefix is empty".to_owned()) } else { Ok(Place { own, ..Place::default() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(
        code: &str,
        country: &str,
        description: &str,
        prefix: &str,
    ) -> Result<(String, String), String> {
        let place = place(&Cells { code, country, description, prefix }, &Names::new(), false)?;
        let keys = |of: &[Destination]| of.iter().map(Destination::key).collect::<Vec<_>>().join(" ");
        Ok((keys(&place.own), keys(&place.shared)))
    }

    #[test]
    fn places_rows() {
        for (cells, own, shared) in [
            (["GB", "United Kingdom", "UNITED KINGDOM Outbound SMS - O2", ""], "GB", ""),
            (["GB", "United Kingdom", "GUERNSEY Outbound SMS - Wave", ""], "GG", ""),
            (["FI", "Finland", "ALAND ISLANDS Outbound SMS - Nokia", ""], "AX", ""),
            (["NL", "Netherlands", "NETHERLANDS ANTILLES Outbound SMS - UTS", ""], "", "BQ CW"),
            (["AN", "Netherlands Antilles (+599: BQ, CW; SX is +1721)", "", ""], "", "BQ CW"),
            (["QK", "Unknown", "KOSOVO Outbound SMS - IPKO", ""], "XK", ""),
            (["GU", "Guam", "GUAM & NORTHERN MARIANA ISLANDS Outbound SMS - IT&E", ""], "GU", "MP"),
            (["RE", "Reunion/Mayotte", "", ""], "RE", "YT"),
            (["", "Satellite networks", "", ""], "870 881 88216", ""),
            (["", "Reunion", "", ""], "RE", ""),
            (["gb", "", "", "44"], "GB", ""),
            (["", "", "", "+44 7911, 0044-7912"], "447911 447912", ""),
            (["NR", "NR", "", ""], "NR", ""),
            (["SZ", "Eswatini(Swazilend)", "", ""], "SZ", ""),
        ] {
            let [code, country, description, prefix] = cells;
            assert_eq!(
                placed(code, country, description, prefix),
                Ok((own.to_owned(), shared.to_owned())),
                "{cells:?}"
            );
        }
    }

    #[test]
    fn guesses_nothing() {
        for (cells, part) in [
            (["CD", "Congo", "", ""], "the code says CD, the name says CG"),
            (["RU", "Kazakhstan", "", ""], "the code says RU, the name says KZ"),
            (["US", "Jamaica", "", ""], "the code says US, the name says JM"),
            (["ZZ", "Unknown", "", ""], "no destination is called \"ZZ\", \"Unknown\""),
            (["", "", "", "1"], "+1 is several countries"),
            (["", "", "", "+7"], "+7 is several countries"),
            (["", "", "", "44x"], "not a prefix"),
            (["", "", "", "1234567890123456"], "not a prefix"),
        ] {
            let [code, country, description, prefix] = cells;
            let message = placed(code, country, description, prefix).unwrap_err();
            assert!(message.contains(part), "{cells:?}: {message}");
        }
    }
}
