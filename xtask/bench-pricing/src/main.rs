//! Segments, quotes and destinations beside other people's libraries. `cargo xtask bench` runs it and keeps what it
//! prints, a section of BENCHMARKS.md:
//!
//!     segments | quotes | destinations | growth [--door SAMPLES.json]… [--python PROGRAM] [--plots FOLDER]
//!
//! `growth` takes `--campaign SAMPLES.json` and `--ledger SAMPLES.json` as well.

mod destinations;
mod doors;
#[path = "../../src/grouped.rs"]
mod grouped;
mod growth;
mod inputs;
mod plot;
mod quotes;
mod segments;
mod table;
mod timer;

use std::path::Path;

use doors::Door;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let all = |name: &str| {
        let values = args.iter().zip(args.iter().skip(1)).filter(move |(option, _)| *option == name);
        values.map(|(_, value)| value.clone()).collect::<Vec<String>>()
    };
    let doors: Vec<Door> = all("--door").iter().map(|path| Door::read(path)).collect();
    let section = match args.first().map(String::as_str) {
        Some("segments") => segments::section(&doors, all("--python").first().map(String::as_str)),
        Some("quotes") => quotes::section(&doors),
        Some("destinations") => destinations::section(),
        Some("growth") => {
            let folder = all("--plots").pop().expect("--plots FOLDER");
            let door =
                |name: &str| Door::read(&all(name).pop().unwrap_or_else(|| panic!("{name} SAMPLES.json")));
            let plots = growth::plots(&doors, &door("--campaign"), &door("--ledger"));
            plots.into_iter().map(|(name, svg)| keep(&folder, &name, &svg)).collect()
        }
        other => panic!("there is no part {other:?}"),
    };
    let runtimes: Vec<&str> = doors.iter().map(|door| door.runtime.as_str()).collect();
    println!("{section}");
    println!("{}", machine(&runtimes));
}

fn keep(folder: &str, name: &str, svg: &str) -> String {
    let path = Path::new(folder).join(name);
    std::fs::write(&path, svg).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let title = name.trim_end_matches(".svg").replace('-', " ");
    format!("![{title}](benchmarks/{name})\n\n")
}

/// When and on what; how busy it was says how far the figures can be trusted.
fn machine(runtimes: &[&str]) -> String {
    let said = |program: &str, args: &[&str]| {
        let output = std::process::Command::new(program).args(args).output();
        output
            .ok()
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{}. {cores} × {}, load {}. textmeter {}, {}{}. Medians of rounds in turn (least to most); ratios of the medians (of the least), and by the medians a goal is met or not.",
        said("date", &["+%Y-%m-%d"]),
        cpu.trim_start_matches(['\t', ' ', ':']),
        load.split(' ').next().unwrap_or_default(),
        env!("CARGO_PKG_VERSION").replace("0.0.0", "0.1.0"),
        said("rustc", &["--version"]).split(" (").next().unwrap_or_default(),
        runtimes.iter().map(|runtime| format!(", {runtime}")).collect::<String>(),
    )
}
