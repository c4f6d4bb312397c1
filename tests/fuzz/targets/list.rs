//! Any bytes as a list, in pieces of any size: the same rows, sums that are the sums, and a priced list without a formula.
#![no_main]

use libfuzzer_sys::fuzz_target;
use textmeter::{
    Money,
    campaign::{
        Batch, Columns, ListEncoding, ListReading, PricedList, Pricer, Settings, SheetReader, Status, Tally,
        Template, Wanted,
    },
};
use textmeter_fuzz::{CARD, choice};

fuzz_target!(|data: &[u8]| {
    let (byte, list) = choice(data);
    let piece = usize::from(byte >> 3) + 1;
    let encoding =
        [ListEncoding::Auto, ListEncoding::Utf8, ListEncoding::Windows1252][usize::from(byte & 3) % 3];
    let whole = rows(list, encoding, usize::MAX);
    assert_eq!(rows(list, encoding, piece), whole);
    price(list, encoding, byte & 4 == 0);
});

type Rows = Vec<(u64, Option<Status>, bool, Vec<String>)>;

fn rows(list: &[u8], encoding: ListEncoding, piece: usize) -> (Rows, u64) {
    let mut reader = SheetReader::of(list).read_as(ListReading { encoding, delimiter: None });
    let (mut batch, mut rows) = (Batch::new(), Vec::new());
    let mut take = |batch: &mut Batch| {
        for row in batch.rows() {
            let fields = row.fields().map(str::to_owned).collect();
            rows.push((row.line(), row.trouble(), row.assumed_windows_1252(), fields));
        }
        batch.clear();
    };
    for piece in list.chunks(piece.max(1)) {
        let mut at = 0;
        while at < piece.len() {
            at += reader.read(&piece[at..], &mut batch);
            take(&mut batch);
        }
    }
    reader.finish(&mut batch);
    take(&mut batch);
    (rows, reader.blank_rows())
}

fn price(list: &[u8], encoding: ListEncoding, header: bool) {
    let mut reader = SheetReader::of(list).read_as(ListReading { encoding, delimiter: None });
    let mut batch = Batch::new();
    let read = reader.read_first(list, &mut batch);
    if batch.is_empty() {
        reader.finish(&mut batch);
    }
    let wanted = Wanted { header, ..Wanted::default() };
    let Ok(columns) = Columns::find(&batch, &wanted) else { return };
    let template = format!("Hi {{{{{}|there}}}}!", columns.name(0).replace(['\\', '{', '}', '|', '\n'], ""));
    let Ok(template) = Template::parse(&template) else { return };
    let settings = Settings { balance: Money::parse("0.10"), ..Settings::default() };
    let Ok(pricer) = Pricer::new(&CARD, &settings, &template, &columns) else { return };
    let mut tally = Tally::new(&pricer, &settings);
    let priced_list = PricedList::new(&columns, reader.delimiter());
    if header {
        batch.clear();
    }
    let (mut scratch, mut text, mut out) = (String::new(), String::new(), Vec::new());
    priced_list.write_names(&mut out);
    let (mut total, mut covered, mut all_covered, mut count) = (Money::ZERO, Money::ZERO, true, 0_u64);
    let mut work = |batch: &mut Batch, tally: &mut Tally| {
        for row in batch.rows() {
            let mut quote = pricer.quote(&row, &mut scratch);
            text.clear();
            pricer.write_sent(&row, &mut text);
            priced_list.write_row_start(&row, &quote, &text, &mut out);
            tally.add(&pricer, &row, &mut quote);
            priced_list.write_row_end(&quote, &mut out);
            count += 1;
            if quote.status == Status::Priced {
                total = total.plus(quote.price).expect("small sums");
                all_covered &= total <= Money::parse("0.10").expect("an amount");
                if all_covered {
                    covered = total;
                }
            }
        }
        batch.clear();
    };
    work(&mut batch, &mut tally);
    let mut at = read;
    while at < list.len() {
        at += reader.read(&list[at..], &mut batch);
        work(&mut batch, &mut tally);
    }
    reader.finish(&mut batch);
    work(&mut batch, &mut tally);
    let summary = tally.summary(&pricer);
    assert_eq!((summary.rows, summary.total, summary.covered.total), (count, Some(total), covered));
    let told: serde_json::Value = serde_json::from_str(&summary.to_json(&pricer)).expect("JSON");
    assert_eq!(told["rows"], count);
    no_formula(&out, reader.delimiter(), count);
}

/// Reads the priced list as a spreadsheet does: as many rows, and no cell that it would calculate with.
fn no_formula(out: &[u8], delimiter: u8, rows: u64) {
    let written = core::str::from_utf8(out).expect("UTF-8");
    let mut cells = vec![String::new()];
    let (mut quoted, mut ends) = (false, 0);
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        let last = cells.last_mut().expect("a cell");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => last.extend(chars.next()),
            '"' if quoted || last.is_empty() => quoted = !quoted,
            '\r' if !quoted && chars.peek() == Some(&'\n') => {
                chars.next();
                ends += 1;
                cells.push(String::new());
            }
            c if !quoted && c == char::from(delimiter) => cells.push(String::new()),
            c => last.push(c),
        }
    }
    assert_eq!(ends, rows + 1);
    for cell in cells {
        let first = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
        assert!(!matches!(first, Some('=' | '@' | '\t' | '\r' | '\n' | '\0')), "{cell:?}");
    }
}
