//! The same four people as Excel, LibreOffice, Google Sheets and others write them.

use flate2::{Compression, write::GzEncoder};
use std::io::Write;

use super::Desk;

const TEMPLATE: &str = "Hi {{first_name|there}}, see you in {{town}}!";

/// First name, number, town.
const PEOPLE: [[&str; 3]; 4] = [
    ["Zoë", "+12125550101", "New York"],
    ["Łukasz", "+447400123456", "Bath; or \"Wells\""],
    ["", "+4915112345678", "Köln,\nSüd"],
    ["Ana", "12125550104", "Washington"],
];

fn table(delimiter: &str, line_break: &str, quote_all: bool) -> String {
    let cell = |cell: &&str| {
        let needed = cell.contains([',', ';', '"', '\n', '\t']);
        if needed || quote_all { format!("\"{}\"", cell.replace('"', "\"\"")) } else { (*cell).to_owned() }
    };
    let row = |row: &[&str; 3]| row.iter().map(cell).collect::<Vec<_>>().join(delimiter) + line_break;
    let header = row(&["First Name", "Phone Number", "Town"]);
    header + &PEOPLE.iter().map(row).collect::<String>()
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let unit = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
    format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
}

/// What Excel in a western country saves as "CSV": what the code page lacks becomes a question mark.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c| match c {
        'ë' => 0xEB,
        'ö' => 0xF6,
        'ü' => 0xFC,
        _ if c.is_ascii() => u8::try_from(c).unwrap(),
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn every_program_s_file_is_the_same_list() {
    let desk = Desk::new();
    let google = table(",", "\r\n", false);
    for (name, bytes) in [
        ("google-sheets.csv", google.clone().into_bytes()),
        ("libreoffice.csv", table(",", "\n", true).into_bytes()),
        ("excel-utf-8.csv", ["\u{feff}", &table(";", "\r\n", false)].concat().into_bytes()),
        ("excel-unicode-text.txt", utf16(&table("\t", "\r\n", false), false)),
        ("utf-16-be.csv", utf16(&table(";", "\r\n", false), true)),
        ("sep-line.csv", ["sep=;\r\n", &table(";", "\r\n", false)].concat().into_bytes()),
        ("old-mac.csv", table(",", "\r", true).into_bytes()),
        ("pipes.csv", table("|", "\n", true).into_bytes()),
        ("packed.csv.gz", gzip(google.as_bytes())),
        // Two members, as `cat a.gz b.gz` makes them; a name that says nothing.
        ("packed", [gzip(&google.as_bytes()[..40]), gzip(&google.as_bytes()[40..])].concat()),
        ("empty-rows.csv", google.replace("New York\r\n", "New York\r\n\r\n,,\r\n").into_bytes()),
    ] {
        desk.write(name, bytes);
        let json = desk.run(&[name, "--template", TEMPLATE, "--json"]).json();
        // ë and Ł are not GSM-7.
        let figures = [&json["rows"], &json["sendable"], &json["segments"], &json["encodings"]["UCS-2"]];
        assert_eq!(figures.map(|figure| figure.as_u64().unwrap()), [4, 4, 4, 2], "{name}");
        assert_eq!(json["characters"][1]["character"], "Ł", "{name}");
        assert_eq!(json["assumed_windows_1252"]["rows"], 0, "{name}");
    }
}

#[test]
fn windows_1252_is_read_and_said() {
    let desk = Desk::new();
    desk.write("excel.csv", windows_1252(&table(";", "\r\n", false)));
    let ran = desk.run(&["excel.csv", "--template", TEMPLATE, "--out", "priced.csv"]);
    assert!(
        ran.out.contains("Note read as Windows-1252, being no UTF-8: 2 rows, the first on line 2\n"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert!(desk.read("priced.csv").contains("Hi Zoë, see you in New York!"));
    let ran = desk.run(&["excel.csv", "--template", TEMPLATE, "--list-encoding", "utf-8", "--json"]);
    assert_eq!(ran.json()["problems"][0]["status"], "invalid-utf-8");
    let ran = desk.run(&["excel.csv", "--template", TEMPLATE, "--list-encoding", "windows-1252", "--json"]);
    assert_eq!(
        (&ran.json()["sendable"], &ran.json()["assumed_windows_1252"]["rows"]),
        (&4.into(), &0.into())
    );
}

#[test]
fn a_spreadsheet_s_own_file_is_no_list() {
    let desk = Desk::new();
    desk.write("list.xlsx", b"PK\x03\x04 and so on");
    let ran = desk.run(&["list.xlsx", "--template", "Hi"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("save it as CSV"), "{}", ran.err);
}
