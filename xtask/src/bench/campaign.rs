//! A list priced by the program and by the page in Chromium, beside a loop in Node over the two libraries people use for it:
//! npm `sms-segments-calculator` and `libphonenumber-js`.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::dist;
use crate::output::Output;
use crate::report::thousands;
use crate::tools::{self, CHROMIUM};
use crate::workshop::{Workshop, at};

/// Rows of the list.
const ROWS: u32 = 1_000_000;
/// Rows of the list that shows whether memory grows with it.
const FEW_ROWS: u32 = 100_000;
/// Rows that Node is given: it needs more than a thousand times as long.
const SAMPLE_ROWS: u32 = 2_000;
/// Rows a second to reach, on two cores (all there is to reach is in the list's order and exact).
const GOAL: u64 = 1_000_000;
/// Seconds in which the page is to price all rows.
const PAGE_GOAL: f64 = 5.0;
/// Runs of which the quickest counts: others share the machine.
const RUNS: usize = 3;

const TEMPLATE: &str = "Hi {{first_name|there}}, your table at the Harbour is ready. Show this text at the door, and see \
                        you soon. Reply STOP to end.";
const NAMES: [&str; 12] = [
    "Ada",
    "José",
    "Zoë",
    "Łukasz",
    "Maria",
    "",
    "Kim",
    "Bob",
    "Jean-Pierre",
    "Anna Maria",
    "Conceição",
    "O’Neill",
];

/// One run of the program.
struct Run {
    seconds: f64,
    memory_kib: u64,
    total: String,
    segments: String,
}

pub(crate) fn run(shop: &Workshop) -> Result<String, String> {
    let out = Output::terminal();
    let (program, folder) = ready(shop, &out)?;
    let [list, few, sample] =
        [("million", ROWS), ("few", FEW_ROWS), ("sample", SAMPLE_ROWS)].map(|(name, rows)| {
            let path = folder.join(format!("{name}.csv"));
            at(&path, write_list(&path, rows)).map(|()| path)
        });
    let (list, few, sample) = (list?, few?, sample?);

    let whole = best(shop, &program, &list, None)?;
    let priced = folder.join("priced.csv");
    let written = best(shop, &program, &list, Some(&priced))?;
    let small = best(shop, &program, &few, None)?;
    let ours = best(shop, &program, &sample, None)?;
    let peer = in_node(shop, &out, &sample)?;
    if (&peer.total, &peer.segments) != (&ours.total, &ours.segments) {
        return Err(format!(
            "node comes to {} and {} segments, we to {} and {}",
            peer.total, peer.segments, ours.total, ours.segments
        ));
    }
    let page = in_the_page(shop, &out, &list, &whole)?;
    Ok(section(&whole, &written, &small, peer.seconds, &page))
}

/// Sizes of lists, and up to which of them anybody would wait for Node.
const SIZES: [u32; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const NODE_ROWS_MAX: u32 = 1_000;

/// Nanoseconds by rows, of the program from its start to its end and of the loop in Node: samples like those of
/// `tests/bench/doors.mjs`, in a file.
// What is measured here is time and no money.
#[allow(clippy::float_arithmetic)]
pub(super) fn growth(shop: &Workshop, out: &Output) -> Result<PathBuf, String> {
    let (program, folder) = ready(shop, out)?;
    let mut cases = Vec::new();
    for rows in SIZES {
        let list = folder.join("growth.csv");
        at(&list, write_list(&list, rows))?;
        let mut ours = Vec::new();
        for _ in 0..RUNS {
            ours.push(once(shop, &program, &list, None)?.seconds);
        }
        let mut libraries = vec![("textmeter campaign", ours)];
        if rows <= NODE_ROWS_MAX {
            libraries.push(("a loop in Node", vec![in_node(shop, out, &list)?.seconds]));
        }
        let libraries = libraries.iter().map(|(name, seconds)| {
            let nanoseconds: Vec<String> = seconds.iter().map(|one| format!("{:.0}", one * 1e9)).collect();
            format!("\"{name}\":[{}]", nanoseconds.join(","))
        });
        cases.push(format!("\"{rows}\":{{{}}}", libraries.collect::<Vec<_>>().join(",")));
    }
    let path = folder.join("growth-campaign.json");
    at(&path, fs::write(&path, format!("{{\"runtime\":\"\",\"cases\":{{{}}}}}", cases.join(","))))?;
    Ok(path)
}

/// The program as it is deployed, and a folder for lists.
fn ready(shop: &Workshop, out: &Output) -> Result<(PathBuf, PathBuf), String> {
    tools::npm_packages(shop, out, "tests")?;
    out.run(&mut shop.cargo(["build", "--release", "--package", "textmeter-server", "--bin", "textmeter"]))?;
    let folder = shop.path("target/xtask/bench");
    at(&folder, fs::create_dir_all(&folder))?;
    Ok((shop.target.join("release").join("textmeter"), folder))
}

/// What the loop in Node took, and what it comes to.
struct Loop {
    seconds: f64,
    total: String,
    segments: String,
}

fn in_node(shop: &Workshop, out: &Output, list: &Path) -> Result<Loop, String> {
    let script = shop.path("tests/bench/campaign.mjs");
    let mut node = shop.command("node", [&script, list]);
    let said = out.read(node.arg(shop.path("rates.json")).arg(TEMPLATE))?;
    let wrong = || format!("node said {said}");
    let words: Vec<&str> = said.split_whitespace().collect();
    let [seconds, total, segments] = words.as_slice() else { return Err(wrong()) };
    let seconds = seconds.parse().map_err(|_| wrong())?;
    Ok(Loop { seconds, total: (*total).to_owned(), segments: (*segments).to_owned() })
}

/// What the page took.
struct Page {
    seconds: f64,
    /// The longest time between two frames, in milliseconds.
    frame_gap: f64,
}

/// The same list in the page, as it is deployed.
fn in_the_page(shop: &Workshop, out: &Output, list: &Path, whole: &Run) -> Result<Page, String> {
    dist::build(shop, out)?;
    let script = shop.path("tests/bench/campaign-page.mjs");
    let mut node = shop.command("node", [&script, list]);
    let said =
        out.read(node.args([TEMPLATE, &RUNS.to_string()]).env("CHROMIUM", CHROMIUM.path(shop, out)?))?;
    let words: Vec<&str> = said.split_whitespace().collect();
    let wrong = || format!("the page said {said}");
    let [seconds, frame_gap, total, segments] = words.as_slice() else { return Err(wrong()) };
    if (*total, *segments) != (whole.total.as_str(), whole.segments.as_str()) {
        return Err(format!("the page comes to {total}, the program to {}", whole.total));
    }
    let number = |word: &str| word.parse().map_err(|_| wrong());
    Ok(Page { seconds: number(seconds)?, frame_gap: number(frame_gap)? })
}

// What is measured here is time and no money.
#[allow(clippy::float_arithmetic, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn section(whole: &Run, written: &Run, small: &Run, peer_seconds: f64, page: &Page) -> String {
    let peer = f64::from(SAMPLE_ROWS) / peer_seconds;
    let rate = |run: &Run| f64::from(ROWS) / run.seconds;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} rows, one template, {cores} cores, the quickest of {RUNS} runs.\n",
        thousands(u64::from(ROWS))
    );
    let _ = writeln!(text, "| what | rows a second | for all | beside Node | peak memory | goal | met |");
    let _ = writeln!(text, "|---|---:|---:|---:|---:|---|---|");
    let mut line = |what: &str, rate: f64, memory: Option<u64>, goal: Option<(String, bool)>| {
        let memory = memory.map_or("-".to_owned(), |kib| format!("{} MiB", kib / 1024));
        let (goal, met) =
            goal.map_or((String::new(), ""), |(goal, met)| (goal, if met { "yes" } else { "**no**" }));
        let _ = writeln!(
            text,
            "| {what} | {} | {:.1} s | {:.0} x | {memory} | {goal} | {met} |",
            thousands(rate as u64),
            f64::from(ROWS) / rate,
            rate / peer
        );
    };
    let natively = (format!("≥ {} rows a second", thousands(GOAL)), rate(whole) as u64 >= GOAL);
    let in_page = (format!("≤ {PAGE_GOAL} s"), page.seconds <= PAGE_GOAL);
    line("`textmeter campaign`, the summary", rate(whole), Some(whole.memory_kib), Some(natively));
    line("`textmeter campaign --out`, every row written", rate(written), Some(written.memory_kib), None);
    line(
        "the page in Chromium, one Worker, figures and pictures drawn",
        f64::from(ROWS) / page.seconds,
        None,
        Some(in_page),
    );
    line("the same libraries in a loop in Node, on a sample", peer, None, None);
    let _ = writeln!(
        text,
        "\nA list of {} rows takes {} MiB; the rest of the million's is the numbers that are remembered to find \
         duplicates, at most 128 MiB. On the sample both come to the same total.",
        thousands(u64::from(FEW_ROWS)),
        small.memory_kib / 1024
    );
    let _ = writeln!(
        text,
        "\nIn the page that is from choosing the file to its figures, to the same total; no frame waited longer than {:.0} ms for \
         the next one. So many wanted to run at a time, this and whatever else the machine did: {}.",
        page.frame_gap,
        load()
    );
    text
}

/// As Linux counts it over the last minute; nothing elsewhere.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("not known here").to_owned()
}

/// A list of so many, the same every time: numbers of five countries as people type them, none twice.
fn write_list(path: &Path, rows: u32) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"first_name,phone,city\r\n")?;
    for n in 0..rows {
        let name =
            NAMES.iter().cycle().nth(usize::try_from(n % 12).unwrap_or(0)).copied().unwrap_or_default();
        match n % 10 {
            0..5 => write!(file, "{name},+1212{:07},New York\r\n", 2_000_000 + n)?,
            5 => write!(
                file,
                "{name},(416) {:03}-{:04},\"Toronto, Ontario\"\r\n",
                200 + n / 10_000,
                n % 10_000
            )?,
            6 | 7 => write!(file, "{name},+44 7400 {n:06},London\r\n")?,
            8 => write!(file, "{name},+49 1511 2{n:06},Köln\r\n")?,
            _ => write!(file, "{name},+33 6 12{n:06},Paris\r\n")?,
        }
    }
    file.flush()
}

fn best(shop: &Workshop, program: &Path, list: &Path, priced: Option<&Path>) -> Result<Run, String> {
    let mut best: Option<Run> = None;
    for _ in 0..RUNS {
        let run = once(shop, program, list, priced)?;
        if best.as_ref().is_none_or(|best| run.seconds < best.seconds) {
            best = Some(run);
        }
    }
    best.ok_or("no run".to_owned())
}

fn once(shop: &Workshop, program: &Path, list: &Path, priced: Option<&Path>) -> Result<Run, String> {
    let mut command = shop.command(&program.to_string_lossy(), ["campaign"]);
    command.arg(list).args(["--template", TEMPLATE, "--json", "--rates"]).arg(shop.path("rates.json"));
    if let Some(priced) = priced {
        command.arg("--out").arg(priced);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
    let memory_kib = watch(&mut child)?;
    let seconds = started.elapsed().as_secs_f64();
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("textmeter campaign failed: {said}"));
    }
    let field = |name: &str| {
        let rest = said.split_once(&format!("\"{name}\":")).map(|(_, rest)| rest).unwrap_or_default();
        rest.split([',', '}']).next().unwrap_or_default().trim_matches('"').to_owned()
    };
    Ok(Run { seconds, memory_kib, total: field("total"), segments: field("segments") })
}

/// Waits for the end; the most memory it had, as Linux counts it, 0 elsewhere. The answer is short enough for the pipe.
fn watch(child: &mut Child) -> Result<u64, String> {
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = 0;
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(most)
}
