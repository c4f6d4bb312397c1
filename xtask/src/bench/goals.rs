//! The goals in one table: every line of the sections' tables that has one, as it was last measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::report;
use crate::workshop::Workshop;

/// A section, and which of its columns say what was measured, the peer's figure, ours, and the ratio of the two.
struct Part {
    name: &'static str,
    what: &'static [&'static str],
    peer: &'static [&'static str],
    ours: &'static [&'static str],
    ratio: &'static str,
}

const fn beside_peers(name: &'static str) -> Part {
    Part { name, what: &["where", "what"], peer: &["peer", "the peer's"], ours: &["ours"], ratio: "ratio" }
}

const PARTS: [Part; 6] = [
    beside_peers("segments"),
    beside_peers("quotes"),
    beside_peers("destinations"),
    Part { name: "payload", what: &["what"], peer: &[], ours: &["minified, as brotli packs it"], ratio: "" },
    Part {
        name: "campaign",
        what: &["what"],
        peer: &[],
        ours: &["rows a second", "for all"],
        ratio: "beside Node",
    },
    Part {
        name: "ledger",
        what: &["engine", "request", "accounts"],
        peer: &[],
        ours: &["charges/s", "p99 ms"],
        ratio: "ratio to by hand",
    },
];

/// The section of goals, from the others as they stand.
pub(super) fn section(shop: &Workshop) -> Result<String, String> {
    let mut text =
        String::from("| part | what | peer | ours | ratio | goal | met |\n|---|---|---|---|---|---|---|\n");
    let (mut met, mut all) = (0, 0);
    for part in &PARTS {
        for row in rows(&report::section(shop, super::DOCUMENT, part.name)?) {
            let cell = |name: &str| row.get(name).map_or("", String::as_str);
            let cells = |names: &[&str]| names.iter().map(|name| cell(name)).collect::<Vec<_>>().join(", ");
            // Several figures of ours are told apart by their columns' names.
            let ours = match part.ours {
                [one] => cell(one).to_owned(),
                several => {
                    let said: Vec<_> = several.iter().map(|name| format!("{} {name}", cell(name))).collect();
                    said.join(", ")
                }
            };
            let goal = cell("goal");
            if goal.is_empty() {
                continue;
            }
            all += 1;
            let reached = cell("met") == "yes";
            met += u32::from(reached);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {ours} | {} | {goal} | {} |",
                part.name,
                cells(part.what),
                cells(part.peer),
                cell(part.ratio),
                if reached { "yes" } else { "**no**" }
            );
        }
    }
    let _ = writeln!(
        text,
        "\n{met} of {all} met. What stands in the way of the others is in [DESIGN.md](DESIGN.md)."
    );
    Ok(text)
}

/// The rows of a section's tables, each by the names of its columns.
fn rows(section: &str) -> Vec<BTreeMap<String, String>> {
    let cells = |line: &str| -> Option<Vec<String>> {
        let inner = line.strip_prefix('|')?.strip_suffix('|')?;
        Some(inner.split('|').map(|cell| cell.trim().trim_matches('*').to_owned()).collect())
    };
    let (mut rows, mut names) = (Vec::new(), Vec::new());
    for line in section.lines() {
        match cells(line) {
            None => names.clear(),
            Some(cells) if names.is_empty() => names = cells,
            Some(cells) if cells.iter().all(|cell| cell.bytes().all(|byte| matches!(byte, b'-' | b':'))) => {}
            Some(cells) => rows.push(names.iter().cloned().zip(cells).collect()),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_the_names_above_them() {
        let section =
            "Words.\n| what | goal |\n|---|---:|\n| **a** | ≥ 2 x |\n| b |  |\n\n| other |\n|---|\n| c |\n";
        let rows = rows(section);
        let cell = |row: usize, name: &str| rows.get(row).and_then(|row| row.get(name)).map(String::as_str);
        assert_eq!(rows.len(), 3);
        assert_eq!((cell(0, "what"), cell(0, "goal")), (Some("a"), Some("≥ 2 x")));
        assert_eq!((cell(1, "what"), cell(1, "goal")), (Some("b"), Some("")));
        assert_eq!((cell(2, "other"), cell(2, "goal")), (Some("c"), None));
    }
}
