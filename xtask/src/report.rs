//! Documents with sections that commands write: each stands between its own markers.

use std::fs;

pub(crate) use crate::grouped::grouped as thousands;
use crate::output::Output;
use crate::workshop::{Workshop, at};

/// Puts a section between its markers.
pub(crate) fn keep(shop: &Workshop, document: &str, name: &str, section: &str) -> Result<(), String> {
    let path = shop.path(document);
    let text = at(&path, fs::read_to_string(&path))?;
    let (begin, end) = (format!("<!-- @generated {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = text.split_once(&begin).ok_or_else(|| format!("{document} has no {begin}"))?;
    let (_, after) = rest.split_once(&end).ok_or_else(|| format!("{document} has no {end}"))?;
    at(&path, fs::write(&path, format!("{before}{begin}{}\n{end}{after}", section.trim_end())))
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
