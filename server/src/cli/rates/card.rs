//! A rate card as a file: read and proved, or written so that people can go on editing it.

use std::{fs, path::Path};

use serde_json::Value;
use textmeter::{RateCard, Raw};

/// The longest line an object is written on when it fits.
const LINE_MAX: usize = 110;

/// A card's text, proved by the crate that will price with it; and its document, for what only files need.
pub(super) fn load(path: &Path) -> Result<(RateCard, Value), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    prove(&text).map_err(|message| format!("{}: {message}", path.display()))
}

/// Reads a card from its text.
pub(super) fn prove(text: &str) -> Result<(RateCard, Value), String> {
    let syntax = |error: serde_json::Error| format!("this is not JSON: {error}");
    let raw: Raw = serde_json::from_str(text).map_err(syntax)?;
    let card = RateCard::read(&raw).map_err(|error| format!("{error} [{}]", error.code().as_str()))?;
    Ok((card, serde_json::from_str(text).map_err(syntax)?))
}

/// The card's text: two blanks a level, and small objects on one line, so that a row is a line.
pub(super) fn write(card: &Value) -> String {
    let mut text = String::new();
    value(card, 0, &mut text);
    text.push('\n');
    text
}

fn value(it: &Value, depth: usize, text: &mut String) {
    let Value::Object(fields) = it else {
        text.push_str(&line(it));
        return;
    };
    let flat = line(it);
    if depth > 1 && depth * 2 + flat.len() <= LINE_MAX && !fields.values().any(Value::is_object) {
        text.push_str(&flat);
        return;
    }
    text.push('{');
    for (place, (key, it)) in fields.iter().enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push_str(": ");
        value(it, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push('}');
}

fn line(it: &Value) -> String {
    match it {
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let parts: Vec<String> = fields
                .iter()
                .map(|(key, it)| format!("{}: {}", Value::from(key.as_str()), line(it)))
                .collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", "))
        }
        it => it.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_rows_on_lines_and_reads_back() {
        let card: Value = serde_json::from_str(
            r#"{"id":"x","local":["US","CA"],"calling":{"territories":{"AD":{"landline":"0.047","mobile":"0.294"},"AE":{"landline":"1.00","mobile":"1.00"}},"prefixes":{}}}"#,
        )
        .unwrap();
        let text = write(&card);
        assert!(
            text.contains("\n      \"AD\": { \"landline\": \"0.047\", \"mobile\": \"0.294\" },\n"),
            "{text}"
        );
        assert!(text.contains("\"local\": [\"US\", \"CA\"],"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), card);
    }
}
