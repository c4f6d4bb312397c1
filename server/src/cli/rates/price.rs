//! A price cell: an exact amount, no price, or a reason why it is neither.

use textmeter::Money;

/// What sheets write where they publish no price.
const NO_PRICE: [&str; 9] = ["", "-", "–", "—", "n/a", "na", "tbd", "talk to sales", "contact sales"];
const SIGNS: [(&str, &str); 7] =
    [("US$", "USD"), ("CA$", "CAD"), ("A$", "AUD"), ("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("₹", "INR")];
/// Currencies recognised in headers and comments.
pub(super) const CURRENCIES: [&str; 8] = ["USD", "EUR", "GBP", "CAD", "AUD", "INR", "CHF", "SEK"];

/// The amount of a cell in `currency`; `None` where the sheet publishes none.
pub(super) fn read(cell: &str, currency: &str) -> Result<Option<Money>, String> {
    let cell = cell.trim();
    if NO_PRICE.contains(&cell.to_lowercase().as_str()) {
        return Ok(None);
    }
    let (digits, named) = strip(cell);
    if let Some((mark, named)) = named {
        // A dollar sign alone does not say whose dollar.
        if named != currency && !(mark == "$" && currency.ends_with('D')) {
            return Err(format!("\"{cell}\" is in {named}, but the card is in {currency}"));
        }
    }
    let plain = point(digits).map_err(|reason| format!("\"{cell}\" {reason}"))?;
    let amount =
        Money::parse(&plain).ok_or_else(|| format!("\"{cell}\" is not an amount with at most 6 decimals"))?;
    if amount.is_zero() {
        return Err(
            "a price of 0 is taken as \"no rate\"; write the row into the card by hand if it is free".into(),
        );
    }
    Ok(Some(amount))
}

/// The digits of an amount without its currency's sign or code; and these two, the sign first.
fn strip(cell: &str) -> (&str, Option<(&'static str, &'static str)>) {
    let codes = CURRENCIES.iter().map(|code| (*code, *code));
    for (mark, code) in SIGNS.into_iter().chain(codes) {
        if let Some(rest) = cell.strip_prefix(mark).or_else(|| cell.strip_suffix(mark)) {
            return (rest.trim(), Some((mark, code)));
        }
    }
    (cell, None)
}

/// The amount with a decimal point. A comma is one, unless it may separate thousands.
fn point(digits: &str) -> Result<String, &'static str> {
    match digits.split_once(',') {
        None => Ok(digits.to_owned()),
        Some((_, rest)) if rest.contains([',', '.']) => {
            Err("has two separators; write it with one decimal point")
        }
        Some((whole, _)) if whole.contains('.') => Err("has two separators; write it with one decimal point"),
        Some((whole, rest)) if rest.len() == 3 && whole != "0" => {
            Err("may be thousands or decimals; write it with a decimal point")
        }
        Some((whole, rest)) => Ok(format!("{whole}.{rest}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_sheets_write() {
        let usd = |cell| read(cell, "USD").map(|amount| amount.map(|amount| amount.to_string()));
        for (cell, amount) in [
            ("0.05600", "0.056"),
            ("$0.0079", "0.0079"),
            ("US$ 0.5", "0.50"),
            ("0.02817 USD", "0.02817"),
            ("0,056", "0.056"),
            ("12,5", "12.50"),
            ("1.500", "1.50"),
        ] {
            assert_eq!(usd(cell), Ok(Some(amount.to_owned())), "{cell}");
        }
        for cell in ["", " - ", "N/A", "Talk to sales"] {
            assert_eq!(usd(cell), Ok(None), "{cell:?}");
        }
        for (cell, part) in [
            ("A$0.05", "is in AUD, but the card is in USD"),
            ("€0.05", "is in EUR, but the card is in USD"),
            ("1,234", "thousands"),
            ("1,234.50", "two separators"),
            ("1.234,50", "two separators"),
            ("-0.01", "not an amount"),
            ("1e-2", "not an amount"),
            ("0.0000001", "at most 6 decimals"),
            ("call us", "not an amount"),
            ("0.00", "price of 0"),
        ] {
            let message = usd(cell).unwrap_err();
            assert!(message.contains(part), "{cell}: {message}");
        }
        assert_eq!(read("$0.05", "CAD").map(|amount| amount.is_some()), Ok(true));
    }
}
