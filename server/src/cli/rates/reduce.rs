//! Many rows to one rate a destination: the highest price is kept, so that nobody is charged more than was shown.

use std::collections::BTreeMap;

use textmeter::Money;

use super::{
    columns::Columns,
    import::Kind,
    names::{Destination, Names},
    place::{self, Cells, Place},
    price,
    sheet::{Row, Sheet},
};

/// The prices seen for a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) lowest: Money,
    pub(super) highest: Money,
}

impl Seen {
    fn add(seen: Option<Seen>, price: Money) -> Seen {
        seen.map_or(Seen { lowest: price, highest: price }, |seen| Seen {
            lowest: seen.lowest.min(price),
            highest: seen.highest.max(price),
        })
    }
}

/// What a sheet says of a destination: `price` is the text's, or the minute's to a landline.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prices {
    pub(super) price: Option<Seen>,
    pub(super) mobile: Option<Seen>,
}

/// A sheet reduced to destinations.
#[derive(Default)]
pub(super) struct Reduced {
    pub(super) rates: BTreeMap<Destination, Prices>,
    /// Rows that went nowhere, by line, with the reason.
    pub(super) unplaced: Vec<(u64, String)>,
    /// Destinations whose rows publish no price.
    pub(super) unpriced: Vec<Destination>,
    /// What rows for several destinations at once priced, and their lines.
    pub(super) spread_out: BTreeMap<Vec<Destination>, Vec<u64>>,
}

/// How rows are read.
pub(super) struct Reading<'a> {
    pub(super) currency: &'a str,
    pub(super) kind: Kind,
    /// Rows go to the prefixes they name, not to territories.
    pub(super) by_prefix: bool,
}

/// Reads every row.
pub(super) fn reduce(sheet: &Sheet, columns: &Columns, names: &Names, reading: &Reading<'_>) -> Reduced {
    let mut reduced = Reduced { unplaced: sheet.ragged.clone(), ..Reduced::default() };
    let mut shared = Vec::new();
    for row in &sheet.rows {
        match read(row, columns, names, reading) {
            Err(reason) => reduced.unplaced.push((row.line, reason)),
            Ok((place, prices)) => {
                reduced.add(&place.own, prices);
                if place.by_name && place.own.len() > 1 {
                    reduced.spread_out.entry(place.own).or_default().push(row.line);
                }
                if !place.shared.is_empty() {
                    shared.push((row.line, place.shared, prices));
                }
            }
        }
    }
    // A row of one's own is nearer than a row for several: decided before any of those is laid.
    for (_, several, _) in &mut shared {
        several.retain(|destination| !reduced.rates.contains_key(destination));
    }
    for (line, several, prices) in shared {
        reduced.add(&several, prices);
        reduced.spread_out.entry(several).or_default().push(line);
    }
    reduced.unpriced = reduced
        .rates
        .iter()
        .filter(|(_, prices)| prices.price.or(prices.mobile).is_none())
        .map(|(destination, _)| destination.clone())
        .collect();
    reduced.rates.retain(|_, prices| prices.price.or(prices.mobile).is_some());
    reduced.unplaced.sort();
    reduced
}

type RowPrices = (Option<Money>, Option<Money>);

impl Reduced {
    fn add(&mut self, destinations: &[Destination], (price, mobile): RowPrices) {
        for destination in destinations {
            let seen = self.rates.entry(destination.clone()).or_default();
            seen.price = price.map(|price| Seen::add(seen.price, price)).or(seen.price);
            seen.mobile = mobile.map(|price| Seen::add(seen.mobile, price)).or(seen.mobile);
        }
    }
}

fn read(
    row: &Row,
    columns: &Columns,
    names: &Names,
    reading: &Reading<'_>,
) -> Result<(Place, RowPrices), String> {
    let cell = |column: usize| row.cells.get(column).map_or("", String::as_str);
    let maybe = |column: Option<usize>| column.map_or("", cell);
    let cells = Cells {
        code: maybe(columns.code),
        country: maybe(columns.country),
        description: maybe(columns.description),
        prefix: maybe(columns.prefix),
    };
    let place = place::place(&cells, names, reading.by_prefix)?;
    // The satellite networks text at one price, but a minute to them costs from one to ten: no name is close enough.
    if reading.kind == Kind::Calling
        && place.by_name
        && matches!(place.own.first(), Some(Destination::Prefix(_)))
    {
        return Err(
            "which satellite prefixes this is for is not said; import them from a sheet with prefixes".into(),
        );
    }
    let price = price::read(cell(columns.price), reading.currency)?;
    let mobile = columns.mobile.map_or(Ok(None), |column| price::read(cell(column), reading.currency))?;
    Ok((place, (price, mobile)))
}
