//! JSON from outside, as bytes, to a document the pricing crate reads.

use std::borrow::Cow;

use textmeter::Raw;

use crate::problem::Problem;

/// Reads a JSON document. An escaped lone surrogate (`"\ud83d"`), which JavaScript writes and Unicode does not know,
/// becomes U+FFFD, exactly as it does on its way into WebAssembly: same text, same count, same price.
///
/// # Errors
///
/// `invalid-utf-8` or `invalid-json`, with the place.
pub fn read(bytes: &[u8]) -> Result<Raw, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::new("invalid-utf-8", format!("byte {} is not UTF-8; send UTF-8", error.valid_up_to()))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(&without_lone_surrogates(text))
        .map_err(|error| Problem::new("invalid-json", format!("this is not JSON: {error}")))
}

pub(crate) fn without_lone_surrogates(json: &str) -> Cow<'_, str> {
    let mut fixed = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        let unit = |from: usize| {
            let digits = json.get(from..)?.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        at = match unit(escape) {
            Some(0xD800..=0xDBFF) if matches!(unit(escape + 6), Some(0xDC00..=0xDFFF)) => escape + 12,
            Some(0xD800..=0xDFFF) => {
                fixed.push_str(json.get(kept..escape).unwrap_or_default());
                fixed.push_str("\\ufffd");
                kept = escape + 6;
                kept
            }
            Some(_) => escape + 6,
            // The character behind the backslash, whatever its width: an escaped backslash must not start another.
            None => {
                escape + 1 + json.get(escape + 1..).and_then(|s| s.chars().next()).map_or(0, char::len_utf8)
            }
        };
    }
    if kept == 0 {
        return Cow::Borrowed(json);
    }
    fixed.push_str(json.get(kept..).unwrap_or_default());
    Cow::Owned(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        let text = |json: &str| match read(json.as_bytes()) {
            Ok(Raw::Text(text)) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(text(r#""a\ud83db""#), "a\u{fffd}b");
        assert_eq!(text(r#""\ude00\ud83d\ude00\ud83d""#), "\u{fffd}😀\u{fffd}");
        assert_eq!(text(r#""\\ud83d""#), "\\ud83d");
        assert_eq!(text(r#""\ud83d\ud83d\ude00""#), "\u{fffd}😀");
        assert_eq!(text(r#""\ud83d\u0041""#), "\u{fffd}A");
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (bytes, code) in [
            (&b"{\"text\":"[..], "invalid-json"),
            (b"\"\\", "invalid-json"),
            (b"\"\\\xc3\xa9\"", "invalid-json"),
            (b"\"\xff\"", "invalid-utf-8"),
            (b"", "invalid-json"),
        ] {
            assert_eq!(read(bytes).unwrap_err().code(), code, "{bytes:?}");
        }
    }
}
