//! Documents with sections that commands write: each stands between its own markers.

use std::fs;

pub(crate) use crate::grouped::grouped as thousands;
use crate::output::Output;
use crate::workshop::{Workshop, at};

/// Puts a section between its markers.
pub(crate) fn keep(shop: &Workshop, document: &str, name: &str, section: &str) -> Result<(), String> {
    let path = shop.path(document);
    let text = at(&path, fs::read_to_string(&path))?;
    let (before, _, after) =
        parted(&text, name).ok_or_else(|| format!("{document} has no place for {name}"))?;
    at(&path, fs::write(&path, format!("{before}{}\n{after}", section.trim_end())))
}

/// What stands between them.
pub(crate) fn section(shop: &Workshop, document: &str, name: &str) -> Result<String, String> {
    let path = shop.path(document);
    let text = at(&path, fs::read_to_string(&path))?;
    let (_, section, _) = parted(&text, name).ok_or_else(|| format!("{document} has no place for {name}"))?;
    Ok(section.to_owned())
}

/// A document up to and with the marker before a section, the section, and the rest.
fn parted<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (begin, end) = (format!("<!-- @generated {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let from = text.find(&begin)? + begin.len();
    let (before, rest) = text.split_at_checked(from)?;
    let (section, after) = rest.split_at_checked(rest.find(&end)?)?;
    Some((before, section, after))
}

/// The day and the machine, for the foot of a section.
pub(crate) fn machine(shop: &Workshop, out: &Output) -> Result<String, String> {
    let day = out.read(&mut shop.command("date", ["+%Y-%m-%d"]))?;
    let kernel = out.read(&mut shop.command("uname", ["-sr"]))?;
    let rustc = out.read(&mut shop.command("rustc", ["--version"]))?;
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "{}. {cores} × {}, {}, {}.",
        day.trim(),
        model.trim_start_matches(['\t', ' ', ':']),
        kernel.trim(),
        rustc.split(" (").next().unwrap_or_default()
    ))
}
