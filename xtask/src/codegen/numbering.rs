//! `src/calling_codes.rs` out of `xtask/data/numbering.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const SOURCE: &str = "xtask/data/numbering.tsv";
/// Area codes of the North American plan begin here ...
const AREA_MIN: usize = 200;
/// ... and end before here.
const AREA_END: usize = 1000;

/// One row of the source.
struct Row {
    territory: String,
    code: u32,
    lengths: u16,
    trunk: (String, String),
    international: String,
    traits: Traits,
    prefixes: Vec<String>,
}

/// What digits without `+` can be at home.
#[derive(Default)]
struct Traits {
    /// Digits of the longest number dialled with 011 in front, 0 where none begins so.
    zero_one_one: u8,
    /// Lengths of national numbers that begin with the calling code's digits, as bits.
    own_code: u16,
    /// Everyday numbers can be as short as short codes.
    short: bool,
}

pub(super) fn generate(root: &Path) -> Result<String, String> {
    let text = fs::read_to_string(root.join(SOURCE)).map_err(|e| format!("{SOURCE}: {e}"))?;
    let rows = read(&text)?;
    let header = text.lines().take(2).map(|line| line.trim_start_matches("# ")).collect::<Vec<_>>();
    write(&rows, &header).map_err(|e| e.to_string())?.ok_or_else(|| format!("{SOURCE}: more than 255 rows"))
}

fn read(text: &str) -> Result<Vec<Row>, String> {
    let mut rows: Vec<Row> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let row =
            read_row(line).ok_or_else(|| format!("{SOURCE}:{}: not a numbering plan: {line}", number + 1))?;
        if rows.last().is_some_and(|last| last.code > row.code) {
            return Err(format!("{SOURCE}:{}: calling codes must ascend", number + 1));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn read_row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.split('\t').map(|cell| if cell == "-" { "" } else { cell }).collect();
    let &[territory, code, lengths, trunks, kept, international, traits, prefixes] = cells.as_slice() else {
        return None;
    };
    if !(territory.is_empty() || territory.len() == 2 && territory.bytes().all(|b| b.is_ascii_uppercase())) {
        return None;
    }
    // Longest first: `80` is tried before `8`.
    let mut dialled: Vec<&str> = international.split_whitespace().collect();
    dialled.sort_by_key(|p| (std::cmp::Reverse(p.len()), *p));
    Some(Row {
        territory: territory.to_owned(),
        code: code.parse().ok().filter(|c| (1..1000).contains(c))?,
        lengths: bits(lengths.split_whitespace()).filter(|bits| *bits != 0)?,
        trunk: (trunks.to_owned(), kept.to_owned()),
        international: dialled.join(" "),
        traits: read_traits(traits)?,
        prefixes: prefixes
            .split_whitespace()
            .map(|p| is_prefix(code, p).then(|| p.to_owned()))
            .collect::<Option<_>>()?,
    })
}

/// The crate looks no further than this into a number, and so many digits fit 32 bits.
const SPLIT_DIGITS_MAX: usize = 9;

fn is_prefix(code: &str, prefix: &str) -> bool {
    prefix.bytes().all(|b| b.is_ascii_digit()) && code.len() + prefix.len() <= SPLIT_DIGITS_MAX
}

fn read_traits(text: &str) -> Option<Traits> {
    let mut traits = Traits::default();
    for word in text.split_whitespace() {
        match word.split_once(':') {
            Some(("011", digits)) => traits.zero_one_one = digits.parse().ok()?,
            Some(("code", lengths)) => traits.own_code = bits(lengths.split(','))?,
            None if word == "short" => traits.short = true,
            _ => return None,
        }
    }
    Some(traits)
}

/// Bit n for every n.
fn bits<'a>(lengths: impl Iterator<Item = &'a str>) -> Option<u16> {
    lengths.map(|n| 1u16.checked_shl(n.parse().ok()?)).try_fold(0, |all, bit| Some(all | bit?))
}

/// The module's text; `None` where a row's place does not fit a byte.
fn write(rows: &[Row], header: &[&str]) -> Result<Option<String>, std::fmt::Error> {
    let mut areas = vec![u8::MAX; AREA_END - AREA_MIN];
    let mut splits: BTreeMap<u32, u8> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(place) = u8::try_from(place).ok().filter(|p| *p < u8::MAX) else { return Ok(None) };
        for prefix in &row.prefixes {
            let area = prefix.parse::<usize>().unwrap_or_default();
            match areas.get_mut(area.wrapping_sub(AREA_MIN)).filter(|_| row.code == 1) {
                Some(cell) => *cell = place,
                None => {
                    let key = prefix.bytes().fold(row.code, |key, b| key * 10 + u32::from(b & 0xF));
                    splits.insert(key, place);
                }
            }
        }
    }
    let trunks: BTreeSet<&(String, String)> = rows.iter().map(|r| &r.trunk).collect();
    let dialled: BTreeSet<&str> = rows.iter().map(|r| r.international.as_str()).collect();

    let mut out = String::new();
    writeln!(out, "// @generated by cargo xtask codegen from {SOURCE}; do not edit")?;
    for line in header {
        writeln!(out, "// {line}")?;
    }
    writeln!(out, "//! Calling codes and numbering plans: data for [`phone`](crate::phone).\n")?;
    writeln!(out, "use crate::phone::Plan;\n")?;
    writeln!(
        out,
        "/// Every territory's plan, by calling code; the first of a code has what no split names."
    )?;
    writeln!(out, "#[rustfmt::skip]\npub(crate) static PLANS: &[Plan] = &[")?;
    for row in rows {
        let trunk = trunks.iter().position(|t| **t == row.trunk).unwrap_or_default();
        let international = dialled.iter().position(|d| *d == row.international).unwrap_or_default();
        let Row { territory, code, lengths, traits: Traits { zero_one_one, own_code, short }, .. } = row;
        writeln!(
            out,
            "    Plan::new(\"{territory}\", {code}, {lengths:#06x}, {own_code:#06x}, {zero_one_one}, {short}, {trunk}, {international}),"
        )?;
    }
    writeln!(out, "];\n")?;
    writeln!(out, "/// Trunk prefixes, each with what national numbers begin with that only look so.")?;
    writeln!(out, "#[rustfmt::skip]\npub(crate) static TRUNKS: &[(&[u8], &[u8])] = &[")?;
    for (prefixes, kept) in &trunks {
        writeln!(out, "    (b{prefixes:?}, b{kept:?}),")?;
    }
    writeln!(out, "];\n")?;
    writeln!(out, "/// International prefixes, the longest first; an `x` is any digit.")?;
    writeln!(out, "#[rustfmt::skip]\npub(crate) static INTERNATIONAL: &[&[u8]] = &[")?;
    for prefixes in &dialled {
        writeln!(out, "    b{prefixes:?},")?;
    }
    writeln!(out, "];\n")?;
    writeln!(
        out,
        "/// Prefixes with their calling code, ascending, that belong to another than the code's first plan."
    )?;
    numbers(&mut out, "SPLITS", "u32", splits.keys())?;
    writeln!(out, "\n/// The place in [`PLANS`] of each of [`SPLITS`].")?;
    numbers(&mut out, "SPLIT_PLANS", "u8", splits.values())?;
    writeln!(
        out,
        "\n/// The place in [`PLANS`] of each area code of +1 from {AREA_MIN} on; 255: not assigned."
    )?;
    numbers(&mut out, "AREAS", "u8", areas.iter())?;
    Ok(Some(out))
}

fn numbers<T: ToString>(
    out: &mut String,
    name: &str,
    of: &str,
    values: impl Iterator<Item = T>,
) -> std::fmt::Result {
    writeln!(out, "#[rustfmt::skip]\npub(crate) static {name}: &[{of}] = &[")?;
    let mut line = String::from("   ");
    for value in values.map(|v| v.to_string()) {
        if line.len() + value.len() + 2 > 110 {
            writeln!(out, "{line}")?;
            line = String::from("   ");
        }
        write!(line, " {value},")?;
    }
    writeln!(out, "{line}\n];")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: &str = "GB\t44\t7 9 10\t0\t-\t00\t011:11\t-";
    const GG: &str = "GG\t44\t7 9 10\t0\t-\t00\t011:11 code:7\t1481 7781";

    #[test]
    fn a_row_is_read_whole() {
        let row = read_row(GG).unwrap();
        assert_eq!((row.territory.as_str(), row.code, row.lengths), ("GG", 44, 1 << 7 | 1 << 9 | 1 << 10));
        assert_eq!((row.trunk.0.as_str(), row.trunk.1.as_str(), row.international.as_str()), ("0", "", "00"));
        assert_eq!((row.traits.zero_one_one, row.traits.own_code, row.traits.short), (11, 1 << 7, false));
        assert_eq!(row.prefixes, ["1481", "7781"]);
    }

    #[test]
    fn a_broken_row_is_refused_by_its_line() {
        for broken in [
            "",
            "GB\t44\t7 9 10\t0\t-\t00\t-",
            "gb\t44\t7\t0\t-\t00\t-\t-",
            "GB\t1000\t7\t0\t-\t00\t-\t-",
            "GB\t44\t-\t0\t-\t00\t-\t-",
            "GB\t44\t16\t0\t-\t00\t-\t-",
            "GB\t44\t7\t0\t-\t00\tlong\t-",
            "GB\t44\t7\t0\t-\t00\t-\t14a",
            "GB\t44\t7\t0\t-\t00\t-\t14811481",
        ] {
            let error = read(&format!("# head\n{GB}\n{broken}\n")).err().unwrap_or_default();
            assert!(error.starts_with("xtask/data/numbering.tsv:3: "), "{broken:?}: {error:?}");
        }
        let descending = format!("{GB}\nIT\t39\t6\t-\t0\t00\t-\t-\n");
        assert!(read(&descending).is_err_and(|error| error.contains("ascend")));
    }

    #[test]
    fn prefixes_become_places() {
        let rows =
            read(&format!("US\t1\t10\t1\t-\t011\t-\t201\nJM\t1\t10\t1\t-\t011\t-\t202 2031\n{GB}\n{GG}\n"));
        let text = write(&rows.unwrap(), &["source", "licence"]).unwrap().unwrap();
        let line = |name: &str| {
            let start = text.find(&format!("static {name}: ")).unwrap();
            text.get(start..).unwrap().lines().nth(1).unwrap().trim().to_owned()
        };
        assert!(text.starts_with("// @generated by cargo xtask codegen"));
        assert_eq!(line("SPLITS"), "12031, 441481, 447781,");
        assert_eq!(line("SPLIT_PLANS"), "1, 3, 3,");
        assert!(line("AREAS").starts_with("255, 0, 1, 255,"));
    }
}
