//! Laws of the batch.

use std::collections::BTreeSet;

use proptest::prelude::*;
use textmeter::{
    Encoding, Money, QuoteRequest, Sender,
    campaign::{Settings, Status, typed_in},
};

use super::{CARD, Priced, price, price_in_pieces};

/// Words of templates and values: every kind of character that is counted, replaced or cut in its own way.
const WORDS: [&str; 26] = [
    "Hi",
    " ",
    "  ",
    "there",
    "José",
    "Zoë",
    "Łukasz",
    "Ana Conceição",
    "e\u{301}",
    "“you’re”",
    "…",
    "🎉",
    "👩\u{200d}👧",
    "🇺🇸",
    "€",
    "[x]",
    "Привет",
    "漢字",
    "क्षि",
    "\u{200b}",
    "\u{a0}",
    "\t",
    "½",
    "\\",
    "100%",
    "~",
];
const NUMBERS: [&str; 22] = [
    "+12125550123",
    "(212) 555-0124",
    "+44 7400 123456",
    "+447400123457",
    "+33 6 12 34 56 78",
    "+5312345678",
    "72345",
    "",
    "abc",
    "+1 999 555 0123",
    "123",
    "+491701234567",
    "4.47E+11",
    "GB",
    "+8816123456789",
    "+919812345678",
    "+12125550123",
    "'+12125550125",
    "+17875550123",
    "+999123",
    "+4474001234567890",
    "2125550126.0",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(&WORDS[..]), 0..6).prop_map(|words| words.concat()),
        1 => (prop::sample::select(&WORDS[..]), 0..260_usize).prop_map(|(word, times)| word.repeat(times)),
    ]
}

/// As a spreadsheet writes a cell.
fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// No word has a brace in it; a backslash before one would take it.
fn escaped(text: &str) -> String {
    if text.ends_with('\\') { format!("{text} ") } else { text.to_owned() }
}

prop_compose! {
    pub(super) fn template()(parts in prop::collection::vec((text(), prop::sample::select(&["{{a}}", "{{b|there}}", "{{ a | ünd }}", ""][..])), 0..4))
        -> String { parts.into_iter().map(|(text, field)| escaped(&text) + field).collect() }
}

prop_compose! {
    pub(super) fn list()(rows in prop::collection::vec((prop::sample::select(&NUMBERS[..]), text(), text(), prop::sample::select(&["", "no", "yes"][..])), 0..12))
        -> String {
        let rows = rows.iter().map(|(to, a, b, out)| format!("{},{},{},{out}\r\n", cell(to), cell(a), cell(b)));
        "phone,a,b,opted_out\r\n".to_owned() + &rows.collect::<String>()
    }
}

/// The single quote of every row, and the sum of those that are sent.
fn judge(priced: &Priced, settings: &Settings<'_>) -> Money {
    let (mut total, mut seen) = (Money::ZERO, BTreeSet::new());
    for (row, cell, given, sent) in &priced.rows {
        let request = QuoteRequest {
            text: given,
            to: vec![typed_in(cell)],
            channel: settings.channel,
            sender: settings.sender,
            region: settings.region,
            smart: settings.smart,
            ..QuoteRequest::default()
        };
        let quote = CARD.quote(&request).unwrap();
        assert_eq!(&quote.text, sent);
        assert_eq!(row.segments as usize, quote.segmentation.parts.len(), "{given:?}");
        assert_eq!(row.segments_min as usize, quote.segmentation.segments_min, "{given:?}");
        assert_eq!(row.encoding, quote.segmentation.encoding);
        // A territory's letters have a price, and nobody to send to.
        let sendable = quote.sendable() && !matches!(quote.recipients[0].typed, "GB");
        let number = quote.recipients[0].destination.as_ref().map(ToString::to_string);
        match row.status {
            Status::Priced => {
                assert!(sendable && seen.insert(number.unwrap()), "line {}", row.line);
                assert_eq!((Some(row.price), row.quantity), (quote.total, quote.quantity));
                assert_eq!(
                    row.number.map(|n| n.to_string()),
                    Some(quote.recipients[0].destination.clone().unwrap().to_string())
                );
                total = total.plus(row.price).unwrap();
            }
            Status::OptedOut => {
                seen.extend(number);
            }
            Status::DuplicateNumber => assert!(sendable && seen.contains(&number.unwrap())),
            Status::RoundedNumber => assert!(cell.contains("E+") && number.is_err()),
            Status::NoRate => assert!(number.is_ok() && quote.total.is_none()),
            status => {
                assert!(!sendable, "{status:?}");
                let told = quote.warnings.iter().map(|warning| warning.code());
                let problem = quote.recipients[0].destination.as_ref().err().map(|problem| problem.code());
                let mut told = told.chain(problem);
                assert!(
                    status == Status::Alphanumeric || told.any(|code| code == status.code()),
                    "{status:?}"
                );
            }
        }
    }
    total
}

fn settings(channel: &'static str, toll_free: bool, smart: Option<bool>, balance: u64) -> Settings<'static> {
    let sender = if toll_free { Sender::TollFree } else { Sender::Standard };
    Settings { channel, sender, smart, balance: Some(Money::from_micros(balance)), ..Settings::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_is_the_sum_of_its_single_quotes(
        list in list(), template in template(), toll_free: bool, smart in prop::option::of(any::<bool>()),
        channel in prop::sample::select(&["api", "app"][..]), balance in 0..400_000_u64, piece in 1..300_usize,
    ) {
        let settings = settings(channel, toll_free, smart, balance);
        let priced = price_in_pieces(list.as_bytes(), &template, &settings, piece).unwrap();
        let whole = price(list.as_bytes(), &template, &settings).unwrap();
        prop_assert_eq!(&priced.json, &whole.json);

        let total = judge(&priced, &settings);
        let summary = &priced.summary;
        prop_assert_eq!(summary.total, Some(total));
        prop_assert_eq!(usize::try_from(summary.rows).unwrap(), priced.rows.len());
        prop_assert_eq!(summary.statuses.iter().map(|(_, rows)| rows).sum::<u64>(), summary.rows);
        let sum = |amounts: Vec<Money>| amounts.into_iter().fold(Money::ZERO, |a, b| a.plus(b).unwrap());
        prop_assert_eq!(sum(summary.histogram.iter().map(|bar| bar.total).collect()), total);
        prop_assert_eq!(sum(summary.territories.iter().map(|place| place.total).collect()), total);
        prop_assert_eq!(summary.histogram.iter().map(|bar| bar.rows).sum::<u64>(), summary.sendable);
        prop_assert_eq!(summary.histogram.iter().map(|bar| bar.rows * u64::from(bar.segments)).sum::<u64>(), summary.segments);

        // As many as the balance covers, in order.
        let balance = Money::from_micros(balance);
        let (mut paid, mut rows, mut stops) = (Money::ZERO, 0, None);
        for (row, ..) in priced.rows.iter().filter(|row| row.0.status == Status::Priced) {
            match balance.minus(paid.plus(row.price).unwrap()) {
                Some(_) => (paid, rows) = (paid.plus(row.price).unwrap(), rows + 1),
                None => { stops = Some(row.line); break }
            }
        }
        prop_assert_eq!((summary.covered.rows, summary.covered.total, summary.covered.stops_at), (rows, paid, stops));
        prop_assert_eq!(summary.remaining, balance.minus(total));
        prop_assert_eq!(usize::try_from(summary.ucs2_rows).unwrap(),
            priced.rows.iter().filter(|row| row.0.status == Status::Priced && row.0.encoding == Encoding::Ucs2).count());
    }

    #[test]
    fn advice_saves_what_it_says(list in list(), template in template(), smart: bool) {
        let settings = settings("api", false, Some(smart), 0);
        let priced = price(list.as_bytes(), &template, &settings).unwrap();
        let statuses = |priced: &Priced| priced.rows.iter().map(|row| row.0.status).collect::<Vec<_>>();
        for advice in &priced.summary.advice {
            let Some(template) = &advice.template else { continue };
            let other = price(list.as_bytes(), template, &settings).unwrap();
            // A text that becomes blank, or short enough, is another campaign.
            if statuses(&other) != statuses(&priced) {
                continue;
            }
            let saved = priced.summary.total.unwrap().minus(other.summary.total.unwrap());
            prop_assert_eq!(saved, Some(advice.saving), "{} instead", template);
        }
    }
}
