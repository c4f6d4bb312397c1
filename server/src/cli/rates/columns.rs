//! Which column of a sheet is which: by its header, by its cells, or as told.

use super::{
    import::Kind,
    names::is_code,
    price::{self, CURRENCIES},
    sheet::Sheet,
};

const CODE: [&str; 8] = ["iso", "iso2", "iso3", "alpha", "alpha2", "alpha3", "code", "cc"];
const COUNTRY: [&str; 7] = ["country", "destination", "territory", "name", "nation", "region", "land"];
const PREFIX: [&str; 8] = ["prefix", "prefixes", "dial", "dialing", "dialling", "calling", "phone", "e164"];
const DESCRIPTION: [&str; 4] = ["description", "desc", "details", "product"];
const PRICE: [&str; 8] = ["price", "prices", "rate", "cost", "tariff", "amount", "charge", "fee"];
const HIGHEST: [&str; 3] = ["max", "maximum", "highest"];
const LOWEST: [&str; 4] = ["min", "minimum", "lowest", "from"];
const LANDLINE: [&str; 3] = ["landline", "fixed", "fixedline"];
const MOBILE: [&str; 3] = ["mobile", "cell", "cellular"];
/// Columns about something else than the price of sending.
const OTHER: [&str; 12] = [
    "inbound",
    "incoming",
    "receive",
    "received",
    "mms",
    "monthly",
    "setup",
    "note",
    "notes",
    "origin",
    "origination",
    "rows",
];

/// The columns as people named them.
#[derive(clap::Args, Default)]
pub(super) struct Named {
    /// The header of the column with ISO 3166-1 codes.
    #[arg(long, value_name = "HEADER")]
    column_code: Option<String>,
    /// The header of the column with country names.
    #[arg(long, value_name = "HEADER")]
    column_country: Option<String>,
    /// The header of the column that names a row more closely ("GUERNSEY Outbound SMS - Wave").
    #[arg(long, value_name = "HEADER")]
    column_description: Option<String>,
    /// The header of the column with dialling prefixes; rows then go to prefixes, not to territories.
    #[arg(long, value_name = "HEADER")]
    pub(super) column_prefix: Option<String>,
    /// The header of the column with the price (calling: to landlines).
    #[arg(long, value_name = "HEADER")]
    column_price: Option<String>,
    /// Calling only: the header of the column with the price to mobiles.
    #[arg(long, value_name = "HEADER")]
    column_mobile: Option<String>,
}

/// Places of the columns in a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) code: Option<usize>,
    pub(super) country: Option<usize>,
    pub(super) description: Option<usize>,
    pub(super) prefix: Option<usize>,
    pub(super) price: usize,
    pub(super) mobile: Option<usize>,
    /// Other columns that look like this price, for the report.
    pub(super) passed_over: Vec<usize>,
}

impl Columns {
    /// Finds the columns.
    pub(super) fn find(sheet: &Sheet, named: &Named, kind: Kind) -> Result<Columns, String> {
        let told = |name: &Option<String>| name.as_deref().map(|name| told(sheet, name)).transpose();
        let guess = |role| (0..sheet.header.len()).find(|column| role_of(sheet, *column) == Some(role));
        let code = told(&named.column_code)?.or_else(|| guess(Role::Code));
        // A column of names may hold codes where its author knew no name.
        let names = |column: &usize| Some(*column) != code && has(&words(sheet, *column), &COUNTRY);
        let country = told(&named.column_country)?.or_else(|| guess(Role::Country)).or_else(|| {
            (0..sheet.header.len()).filter(|column| role_of(sheet, *column) == Some(Role::Code)).find(names)
        });
        let prefix = told(&named.column_prefix)?;
        let columns = Columns {
            code,
            country,
            description: told(&named.column_description)?.or_else(|| guess(Role::Description)),
            prefix: prefix.or_else(|| guess(Role::Prefix)),
            price: 0,
            mobile: None,
            passed_over: Vec::new(),
        };
        if columns.code.or(columns.country).or(columns.prefix).or(columns.description).is_none() {
            return Err(format!(
                "no column says which destination a row is for; name one with --column-code, --column-country or \
                 --column-prefix. The columns are {}",
                list(sheet)
            ));
        }
        let (price, passed_over) = match told(&named.column_price)? {
            Some(price) => (price, Vec::new()),
            None => price_column(sheet, kind, false)?.ok_or_else(|| {
                format!("no column has prices; name one with --column-price. The columns are {}", list(sheet))
            })?,
        };
        let mobile = match (kind, told(&named.column_mobile)?) {
            (Kind::Texting, Some(_)) => return Err("--column-mobile is for --table calling".to_owned()),
            (Kind::Texting, None) => None,
            (Kind::Calling, Some(mobile)) => Some(mobile),
            (Kind::Calling, None) => price_column(sheet, kind, true)?.map(|(column, _)| column),
        };
        Ok(Columns { price, mobile: mobile.filter(|mobile| *mobile != price), passed_over, ..columns })
    }

    /// The currency that the price's header names.
    pub(super) fn currency(&self, sheet: &Sheet) -> Option<&'static str> {
        let words = words(sheet, self.price);
        CURRENCIES.into_iter().find(|code| words.iter().any(|word| word.eq_ignore_ascii_case(code)))
    }

    /// The day that the price's header names.
    pub(super) fn day(&self, sheet: &Sheet) -> Option<String> {
        sheet.header.get(self.price).and_then(|header| day_in(header))
    }
}

/// The first day written in a text, as `YYYY-MM-DD`.
pub(super) fn day_in(text: &str) -> Option<String> {
    let text = text.replace('_', "-");
    let is_day = |day: &&str| {
        day.bytes()
            .enumerate()
            .all(|(place, byte)| if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() })
    };
    (0..text.len()).filter_map(|start| text.get(start..start + 10)).find(is_day).map(str::to_owned)
}

fn told(sheet: &Sheet, name: &str) -> Result<usize, String> {
    let same = |header: &String| header.trim().eq_ignore_ascii_case(name.trim());
    sheet
        .header
        .iter()
        .position(same)
        .ok_or_else(|| format!("there is no column \"{name}\"; they are {}", list(sheet)))
}

fn list(sheet: &Sheet) -> String {
    sheet.header.iter().map(|header| format!("\"{header}\"")).collect::<Vec<_>>().join(", ")
}

/// A header as small words: `priceUsd`, `PRICE (USD)` and `price_usd` are the same.
fn words(sheet: &Sheet, column: usize) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for letter in sheet.header.get(column).map_or("", String::as_str).chars() {
        if before.is_ascii_lowercase() && letter.is_ascii_uppercase() {
            spaced.push(' ');
        }
        spaced.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' });
        before = letter;
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}

fn has(words: &[String], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(&word.as_str()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Code,
    Country,
    Description,
    Prefix,
}

/// What a column says of a row's destination. Headers mislead (`country_code` may hold GB or 44): cells decide.
fn role_of(sheet: &Sheet, column: usize) -> Option<Role> {
    let words = words(sheet, column);
    if has(&words, &OTHER) || has(&words, &PRICE) {
        return None;
    }
    let cells = || sheet.rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty());
    let most = |is: fn(&str) -> bool| cells().filter(|cell| is(cell)).count() * 2 > cells().count();
    if has(&words, &PREFIX) || has(&words, &CODE) || has(&words, &COUNTRY) {
        if most(is_prefix) {
            return Some(Role::Prefix);
        }
        return Some(if most(is_code) { Role::Code } else { Role::Country });
    }
    has(&words, &DESCRIPTION).then_some(Role::Description)
}

fn is_prefix(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_digit() || b"+-,;/| ()".contains(&byte))
}

/// The column with the price (to mobiles, or else), and those it was preferred to.
fn price_column(sheet: &Sheet, kind: Kind, mobile: bool) -> Result<Option<(usize, Vec<usize>)>, String> {
    let mut found: Vec<(i32, usize)> = Vec::new();
    for column in 0..sheet.header.len() {
        let words = words(sheet, column);
        let line = has(&words, &LANDLINE) || has(&words, &MOBILE);
        let priced =
            has(&words, &PRICE) || CURRENCIES.iter().any(|code| has(&words, &[&code.to_lowercase()]));
        let ranged = has(&words, &HIGHEST) || has(&words, &LOWEST);
        if has(&words, &OTHER) || !(priced || ranged || line) {
            continue;
        }
        if kind == Kind::Calling && has(&words, &MOBILE) != mobile {
            continue;
        }
        let mut score = if priced { 4 } else { 0 };
        score += i32::from(line && kind == Kind::Calling) * 2 + i32::from(has(&words, &HIGHEST));
        // In a sheet of calls "min" is a minute.
        score -= i32::from(has(&words, &LOWEST) && kind == Kind::Texting);
        score -= i32::from(words.iter().any(|word| word == "lowest"));
        found.push((score, column));
    }
    let Some(best) = found.iter().map(|(score, _)| *score).max() else { return Ok(None) };
    let day = |column: &usize| sheet.header.get(*column).and_then(|header| day_in(header));
    let equals: Vec<usize> =
        found.iter().filter(|(score, _)| *score == best).map(|(_, column)| *column).collect();
    let others =
        |chosen: usize| found.iter().map(|(_, column)| *column).filter(|column| *column != chosen).collect();
    match equals.as_slice() {
        [only] => Ok(Some((*only, others(*only)))),
        // A history: the newest price holds.
        dated if dated.iter().all(|column| day(column).is_some()) => {
            Ok(dated.iter().copied().max_by_key(day).map(|newest| (newest, others(newest))))
        }
        several => {
            let option = if mobile { "--column-mobile" } else { "--column-price" };
            let headers: Vec<&str> =
                several.iter().filter_map(|column| sheet.header.get(*column)).map(String::as_str).collect();
            Err(format!("several columns may be the price: {}; name one with {option}", headers.join(", ")))
        }
    }
}

/// The currency that prices are in when nobody says so: the header's, or the comment's.
pub(super) fn currency(sheet: &Sheet, columns: &Columns) -> Option<&'static str> {
    let in_comment = || {
        price::CURRENCIES
            .into_iter()
            .find(|code| sheet.comment.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == *code))
    };
    columns.currency(sheet).or_else(in_comment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, kind: Kind) -> Result<[Option<String>; 6], String> {
        let sheet = Sheet::parse(text).unwrap();
        let columns = Columns::find(&sheet, &Named::default(), kind)?;
        let header = |column: Option<usize>| column.map(|column| sheet.header[column].clone());
        Ok([
            columns.code,
            columns.country,
            columns.description,
            columns.prefix,
            Some(columns.price),
            columns.mobile,
        ]
        .map(header))
    }

    #[test]
    fn finds_columns_by_header_and_cells() {
        let some = |text: &str| Some(text.to_owned());
        for (text, kind, expected) in [
            (
                "iso2,country,price_min_usd,price_max_usd,operator_rows,note\nGB,United Kingdom,1,2,3,\n",
                Kind::Texting,
                ["iso2", "country", "", "", "price_max_usd", ""],
            ),
            (
                "ISO,Country,Description,Price / msg\nGB,United Kingdom,GB Outbound SMS - O2,1\n",
                Kind::Texting,
                ["ISO", "Country", "Description", "", "Price / msg", ""],
            ),
            ("iso2,price_max_usd\nGB,1\n", Kind::Texting, ["iso2", "", "", "", "price_max_usd", ""]),
            (
                "iso2,country,max_2024-01-23,max_2026-10-08,max_2026-05-25\nGB,United Kingdom,1,2,3\n",
                Kind::Texting,
                ["iso2", "country", "", "", "max_2026-10-08", ""],
            ),
            (
                "Country,countryCode,outboundRate,inboundRate\nUnited Kingdom,44,1,2\n",
                Kind::Texting,
                ["", "Country", "", "countryCode", "outboundRate", ""],
            ),
            ("country;cost\nGB;0,1\nFR;0,2\n", Kind::Texting, ["country", "", "", "", "cost", ""]),
            (
                "iso2,country,landline_usd_min,mobile_usd_min,landline_lowest,landline_highest,mobile_highest,landline_2025_04_19\nGB,United Kingdom,1,2,3,4,5,6\n",
                Kind::Calling,
                ["iso2", "country", "", "", "landline_usd_min", "mobile_usd_min"],
            ),
        ] {
            let expected = expected.map(|name| if name.is_empty() { None } else { some(name) });
            assert_eq!(found(text, kind), Ok(expected), "{text}");
        }
    }

    #[test]
    fn asks_where_headers_do_not_tell() {
        let message = found("iso2,price_a,price_b\nGB,1,2\n", Kind::Texting).unwrap_err();
        assert!(message.contains("price_a, price_b") && message.contains("--column-price"), "{message}");
        let message = found("iso2,x\nGB,1\n", Kind::Texting).unwrap_err();
        assert!(message.contains("--column-price"), "{message}");
        let message = found("x,price\nGB,1\n", Kind::Texting).unwrap_err();
        assert!(message.contains("--column-code"), "{message}");
    }

    #[test]
    fn reads_days() {
        assert_eq!(day_in("twilio-sms-raw-2026-05-25.csv").as_deref(), Some("2026-05-25"));
        assert_eq!(day_in("landline_2025_04_19").as_deref(), Some("2025-04-19"));
        assert_eq!(day_in("no day, é2026-5-25"), None);
    }
}
