//! `Idempotency-Key`: the same request asked for twice is done once (draft-ietf-httpapi-idempotency-key-header).

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode},
    response::Response,
};
use serde_json::Value;

use super::answers::HttpProblem;
use crate::{
    ledger::{Digest, RequestKey},
    problem::Problem,
};

/// The key of a request that must have one, with the digest of the request: of which route, and what it says, however
/// its members are ordered and spaced.
pub(super) fn required(headers: &HeaderMap, route: &str, body: &[u8]) -> Result<RequestKey, HttpProblem> {
    key(headers).map(|key| RequestKey { key, body: digest(route, body) })
}

/// The key of a request that must have one.
pub(super) fn key(headers: &HeaderMap) -> Result<String, HttpProblem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else {
        let message =
            "this moves money: send an Idempotency-Key, a new one for each new request (a UUID, say)";
        return Err(refused("missing-idempotency-key", message));
    };
    match read(value).filter(|_| values.next().is_none()) {
        Some(key) => Ok(key),
        None => {
            Err(refused("invalid-idempotency-key", "send one key, of 1 to 255 printable ASCII characters"))
        }
    }
}

/// Marks an answer that was given before.
pub(super) fn with_hit(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response.headers_mut().insert("idempotency-hit", HeaderValue::from_static("true"));
    }
    response
}

fn refused(code: &'static str, message: &str) -> HttpProblem {
    HttpProblem::new(StatusCode::BAD_REQUEST, Problem::new(code, message).about("Idempotency-Key"))
}

/// A string of structured fields (RFC 9651, 3.3.3) as the draft wants it, or the bare characters as most send it.
pub(super) fn read(value: &HeaderValue) -> Option<String> {
    unquoted(value.to_str().ok()?.trim())
}

fn unquoted(text: &str) -> Option<String> {
    let key = match text.strip_prefix('"') {
        None => text.to_owned(),
        Some(rest) => {
            let quoted = rest.strip_suffix('"')?;
            let mut key = String::with_capacity(quoted.len());
            let mut characters = quoted.chars();
            while let Some(character) = characters.next() {
                match character {
                    '"' => return None,
                    '\\' => key.push(characters.next().filter(|next| matches!(next, '"' | '\\'))?),
                    _ => key.push(character),
                }
            }
            key
        }
    };
    let printable = key.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    ((1..=255).contains(&key.len()) && printable).then_some(key)
}

fn digest(route: &str, body: &[u8]) -> Digest {
    let said = serde_json::from_slice::<Value>(body).map(|value| in_order(value).to_string().into_bytes());
    let mut bytes = format!("{route}\n").into_bytes();
    bytes.extend(said.unwrap_or_else(|_| body.to_vec()));
    Digest::of(&bytes)
}

/// The same document, with the members of every object in the order of their names.
fn in_order(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, value)| (name, in_order(value))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(in_order).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_bare_and_quoted() {
        assert_eq!(unquoted("8e03978e"), Some("8e03978e".to_owned()));
        assert_eq!(unquoted("\"8e03978e\""), Some("8e03978e".to_owned()));
        assert_eq!(unquoted(r#""a\"b\\""#), Some(r#"a"b\"#.to_owned()));
        for bad in ["", "\"", "\"\"", "\"a\"b\"", "\"a", r#""a\n""#, "a\tb", &"a".repeat(256)] {
            assert_eq!(unquoted(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_digest_is_of_what_is_said() {
        let one = digest("POST /a", br#"{"to": ["b", "a"], "x": {"p": 1, "q": 2}}"#);
        assert_eq!(one, digest("POST /a", br#"{"x":{"q":2,"p":1},"to":["b","a"]}"#));
        assert_ne!(one, digest("POST /a", br#"{"x":{"q":2,"p":1},"to":["a","b"]}"#));
        assert_ne!(one, digest("POST /b", br#"{"x":{"q":2,"p":1},"to":["b","a"]}"#));
    }
}
