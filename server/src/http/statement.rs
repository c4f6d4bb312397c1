//! The history as CSV (RFC 4180): all of it, read and sent a page at a time.

use axum::{
    body::{Body, Bytes},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures_util::stream::try_unfold;

use super::{
    answers::HttpProblem,
    refusals::{amount, moment},
};
use crate::{
    app::App,
    ledger::{Account, Cursor, History, HistoryEntry, PAGE_MAX},
};

/// The columns, in the order of their cells.
const COLUMNS: [&str; 12] = [
    "seq",
    "at",
    "kind",
    "amount",
    "balance",
    "currency",
    "channel",
    "unit",
    "quantity",
    "rate_card",
    "charge_id",
    "reference",
];

/// All entries from after a cursor. Once the first page is sent a failure can only break the transfer off, and that it
/// does: nobody takes a part for the whole.
pub(super) async fn csv(app: App, account: Account, after: Option<Cursor>) -> Result<Response, HttpProblem> {
    let first = app.ledger.history(account.id, after, PAGE_MAX).await?;
    let pages = try_unfold(Some((true, first)), move |page: Option<(bool, History)>| {
        let (ledger, account) = (app.ledger.clone(), account.clone());
        async move {
            let Some((top, page)) = page else { return Ok(None) };
            let sheet = sheet(top, &page.entries, &account.currency)?;
            let rest = match page.next {
                None => None,
                Some(cursor) => {
                    let next = ledger.history(account.id, Some(cursor), PAGE_MAX).await;
                    Some((false, next.map_err(std::io::Error::other)?))
                }
            };
            Ok::<_, std::io::Error>(Some((sheet, rest)))
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (CONTENT_DISPOSITION, "attachment; filename=\"usage.csv\""),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}

fn sheet(top: bool, entries: &[HistoryEntry], currency: &str) -> Result<Bytes, std::io::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if top {
        writer.write_record(COLUMNS)?;
    }
    for entry in entries {
        writer.write_record(cells(entry, currency))?;
    }
    writer.into_inner().map(Bytes::from).map_err(|error| std::io::Error::other(error.to_string()))
}

fn cells(HistoryEntry { entry, usage }: &HistoryEntry, currency: &str) -> [String; 12] {
    let used = |of: fn(&crate::ledger::Usage) -> &str| usage.as_ref().map(|usage| harmless(of(usage)));
    [
        entry.seq.to_string(),
        moment(entry.at.micros()),
        entry.kind.as_str().to_owned(),
        // A number may begin with a minus: it is made here.
        amount(entry.amount_micros),
        amount(entry.balance_micros),
        harmless(currency),
        used(|usage| &usage.channel).unwrap_or_default(),
        used(|usage| &usage.unit).unwrap_or_default(),
        usage.as_ref().map(|usage| usage.quantity.to_string()).unwrap_or_default(),
        used(|usage| &usage.rate_card).unwrap_or_default(),
        entry.charge_id.map(|id| id.to_string()).unwrap_or_default(),
        entry.reference.as_deref().map(harmless).unwrap_or_default(),
    ]
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before what begins like one, full-width signs
/// and leading blanks included. Where a spreadsheet parts fields at semicolons, each part is a cell.
fn harmless(text: &str) -> String {
    let parts =
        text.split(';').map(|part| if begins_formula(part) { format!("'{part}") } else { part.to_owned() });
    parts.collect::<Vec<String>>().join(";")
}

fn begins_formula(text: &str) -> bool {
    let signs = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];
    text.starts_with(char::is_control) || text.trim_start().starts_with(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\rx", "＝1", "|calc", "%0A"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        assert_eq!(harmless("x;=HYPERLINK(1); +1;y"), "x;'=HYPERLINK(1);' +1;y");
        for plain in ["", "stripe:pi_1", "a=b", "a;b; c", "0.132", "'quoted"] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
