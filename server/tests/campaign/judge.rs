//! The figures, judged by somebody else's arithmetic: Python's `decimal`, from the priced list's own columns.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::Desk;

const NAMES: [&str; 8] =
    ["Ada", "Zoë", "Łukasz", "", "José María de la Concepción", "О́льга", "👩‍👧 Kim", "=1+1"];

/// A list of so many, with numbers of five countries, and every kind of row that is not sent.
fn list(rows: u32) -> String {
    let mut list = "id,first_name,phone,opted_out,city\r\n".to_owned();
    for n in 0..rows {
        let number = match n % 9 {
            0 | 1 => format!("+1212555{n:04}"),
            2 => format!("+1416555{n:04}"),
            3 => format!("+4474001{n:05}"),
            4 => format!("+4915112{n:06}"),
            5 => format!("+3361234{n:04}"),
            6 => format!("(212) 555-{:04}", n / 9),
            7 => format!("+53{n:08}"),
            _ => ["72345", "", "+1 999 555 0123", "abc"][n as usize / 9 % 4].to_owned(),
        };
        let name = NAMES[n as usize % NAMES.len()];
        let out = if n % 31 == 30 { "yes" } else { "" };
        let city = if n % 50 == 49 { "one,too,many" } else { "\"Paris, \"\"Texas\"\"\"" };
        list.push_str(&format!("{n},{name},{number},{out},{city}\r\n"));
    }
    list
}

const TEMPLATE: &str = "Hi {{first_name|there}}, the shop in {{city}} has your order ready. Bring this text along, \
                        show it at the desk and take a friend with you; we are open until eight today.";

#[test]
fn python_s_decimal_comes_to_the_same() {
    let desk = Desk::new();
    desk.write("list.csv", list(3_000));
    let ran = desk.run(&[
        "list.csv",
        "--template",
        TEMPLATE,
        "--balance",
        "40",
        "--out",
        "priced.csv",
        "--json",
        "--threads",
        "3",
    ]);
    let summary = ran.json();
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(summary["rows"], 3_000);
    desk.write("summary.json", &ran.out);
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/campaign");
    let judged = Command::new("python3")
        .arg(tests.join("judge.py"))
        .args([desk.path("list.csv"), desk.path("priced.csv"), desk.path("summary.json")])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../rates.json"))
        .output()
        .unwrap_or_else(|error| panic!("python3 is needed to judge the sums: {error}"));
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{said}{}", String::from_utf8_lossy(&judged.stderr));
    assert_eq!(said.trim(), summary["total"].as_str().unwrap());

    // One thread and many, a pipe and a file: the same bytes.
    let first = desk.read("priced.csv");
    let again = desk.pipe(
        &[
            "-",
            "--template",
            TEMPLATE,
            "--balance",
            "40",
            "--out",
            "again.csv",
            "--rejects",
            "r.csv",
            "--json",
            "--threads",
            "1",
        ],
        list(3_000).as_bytes(),
    );
    assert_eq!((again.out, desk.read("again.csv")), (ran.out, first));
    assert_eq!(desk.read("r.csv"), desk.read("list.rejects.csv"));
}

/// The law through the program's own two commands: each priced row is what `textmeter quote` says of its text and number.
#[test]
fn each_row_is_a_single_quote() {
    let desk = Desk::new();
    desk.write("list.csv", list(300));
    desk.run(&["list.csv", "--template", TEMPLATE, "--out", "priced.csv"]);
    let mut rows = Vec::new();
    let mut requests = String::new();
    let priced = desk.read("priced.csv");
    for row in csv::Reader::from_reader(priced.as_bytes())
        .deserialize::<std::collections::BTreeMap<String, String>>()
    {
        let row = row.unwrap();
        // What was put in front against formulas is not part of the text.
        requests.push_str(&json!({ "text": row["text"], "to": row["phone"] }).to_string());
        requests.push('\n');
        rows.push(row);
    }
    let mut quote = Command::new(env!("CARGO_BIN_EXE_textmeter"));
    let rates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rates.json");
    quote.args(["quote", "--jsonl", "--rates"]).arg(rates).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = quote.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(requests.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((answers.len(), rows.len()), (300, 300));
    let mut sent = 0;
    for (row, quote) in rows.iter().zip(&answers) {
        if row["status"] == "priced" {
            assert_eq!(quote["total"], row["price"].as_str(), "{row:?}");
            assert_eq!(quote["segments"].to_string(), row["segments"]);
            assert_eq!((&quote["encoding"], &quote["text"]), (&json!(row["encoding"]), &json!(row["text"])));
            sent += 1;
        } else {
            assert!(row["price"].is_empty());
        }
    }
    assert!(sent > 150, "{sent}");
}
