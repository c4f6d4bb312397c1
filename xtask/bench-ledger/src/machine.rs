//! What it was measured on, and what the processor spent.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The kernel counts processes' time in hundredths of a second, whatever its own clock is (`USER_HZ`).
const TICK_MICROS: u64 = 10_000;

/// The processor's time of a process so far, all its threads', in microseconds.
pub(crate) fn cpu(process: u32) -> u64 {
    cpu_of(&format!("/proc/{process}/stat"))
}

pub(crate) fn own_cpu() -> u64 {
    cpu_of("/proc/self/stat")
}

fn cpu_of(file: &str) -> u64 {
    let stat = fs::read_to_string(file).unwrap_or_default();
    // The second field is the program's name in parentheses, and may hold blanks.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: u64 =
        after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks * TICK_MICROS
}

/// How many wanted to run during the last minute, in tenths.
pub(crate) fn load() -> u64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let hundredths = load.split(' ').next().unwrap_or_default().replace('.', "");
    hundredths.parse::<u64>().unwrap_or(0) / 10
}

/// One line on the machine and the versions.
pub(crate) fn described(twin: &Path, postgresql: &str) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = cpu.lines().filter(|line| line.starts_with("model name")).collect();
    let model =
        models.first().and_then(|line| line.split_once(": ")).map_or("a processor", |(_, model)| model);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: u64 =
        memory.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let temporary = std::env::temp_dir();
    let temporary = temporary.to_string_lossy();
    format!(
        "{}. {} × {model}, {} GB, Linux {}, files on {}. {}, rustc {}, SQLite {}, PostgreSQL {postgresql}.",
        said("date", &["-u", "+%Y-%m-%d"]),
        models.len(),
        kilobytes / 1_000_000,
        kernel.trim(),
        said("df", &["--output=fstype", &temporary]).lines().last().unwrap_or_default(),
        said(&twin.to_string_lossy(), &["--version"]),
        said("rustc", &["--version"]).split(' ').nth(1).unwrap_or("unknown"),
        rusqlite::version(),
    )
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
