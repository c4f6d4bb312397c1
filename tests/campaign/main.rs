//! Campaigns, judged from outside: a batch is the sum of its single quotes, whatever the list.
#![cfg(all(feature = "campaign", not(target_family = "wasm")))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is how a test fails"
)]

mod laws;
mod runs;
mod values;

use std::sync::LazyLock;

use textmeter::{
    Error, RateCard, Raw,
    campaign::{Batch, Columns, Pricer, RowQuote, Settings, SheetReader, Summary, Tally, Template, Wanted},
};

/// The card that is shipped.
static CARD: LazyLock<RateCard> = LazyLock::new(|| {
    let raw: Raw = serde_json::from_str(include_str!("../../rates.json")).unwrap();
    RateCard::read(&raw).unwrap()
});

/// A list priced: each row with its texts as given and as sent, and what it comes to.
struct Priced {
    rows: Vec<(RowQuote, String, String, String)>,
    summary: Summary,
    json: serde_json::Value,
}

fn price(list: &[u8], template: &str, settings: &Settings<'_>) -> Result<Priced, Error> {
    price_in_pieces(list, template, settings, usize::MAX)
}

/// The same, with the list coming in pieces of so many bytes after its first row.
fn price_in_pieces(
    list: &[u8],
    template: &str,
    settings: &Settings<'_>,
    piece: usize,
) -> Result<Priced, Error> {
    let mut reader = SheetReader::of(list);
    let mut batch = Batch::new();
    let read = reader.read_first(list, &mut batch);
    if batch.is_empty() {
        reader.finish(&mut batch);
    }
    let columns = Columns::find(&batch, &Wanted { region: settings.region, ..Wanted::default() })?;
    let template = Template::parse(template)?;
    let pricer = Pricer::new(&CARD, settings, &template, &columns)?;
    let mut tally = Tally::new(&pricer, settings);
    let (mut rows, mut scratch) = (Vec::new(), String::new());
    let mut work = |batch: &mut Batch, tally: &mut Tally| {
        for row in batch.rows() {
            let mut quote = pricer.quote(&row, &mut scratch);
            tally.add(&pricer, &row, &mut quote);
            let (mut given, mut sent) = (String::new(), String::new());
            pricer.write_text(&row, &mut given);
            pricer.write_sent(&row, &mut sent);
            rows.push((quote, row.field(columns.phone()).to_owned(), given, sent));
        }
        batch.clear();
    };
    batch.clear();
    for piece in list[read..].chunks(piece) {
        let mut at = 0;
        while at < piece.len() {
            at += reader.read(&piece[at..], &mut batch);
            work(&mut batch, &mut tally);
        }
    }
    reader.finish(&mut batch);
    work(&mut batch, &mut tally);
    tally.note_blank_rows(reader.blank_rows());
    let summary = tally.summary(&pricer);
    let json = serde_json::from_str(&summary.to_json(&pricer)).unwrap();
    Ok(Priced { rows, summary, json })
}
