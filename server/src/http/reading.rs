//! What a request says, read or refused: the body, the query, an id in the path.

use std::{fmt, marker::PhantomData, str::FromStr};

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{
    answers::{HttpProblem, JsonBody},
    fields::WRONG_AMOUNT,
};
use crate::problem::Problem;

/// The longest name of anything, in code points.
const NAME_MAX: usize = 200;

/// A body that is a JSON object of known fields.
pub(super) struct Document<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Document<T> {
    type Rejection = HttpProblem;

    async fn from_request(request: Request, state: &S) -> Result<Document<T>, HttpProblem> {
        let JsonBody(bytes) = JsonBody::from_request(request, state).await?;
        read(&bytes).map(Document)
    }
}

/// Reads a JSON object of known fields.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HttpProblem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let Object(read) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let at = error.path().to_string();
        refused(if at == "." { "" } else { &at }, error.inner())
    })?;
    json.end().map_err(|error| refused("", &error))?;
    Ok(read)
}

/// A problem with a field of a document.
pub(super) fn invalid(code: &'static str, at: &str, message: impl Into<String>) -> HttpProblem {
    HttpProblem::new(StatusCode::UNPROCESSABLE_ENTITY, Problem::new(code, message).about(at))
}

/// Whether this may be what people call something.
pub(super) fn named(at: &str, name: &str) -> Result<(), HttpProblem> {
    if (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let message = format!("write 1 to {NAME_MAX} characters, none of them a control character");
    Err(invalid("invalid-value", at, message))
}

fn refused(at: &str, error: &serde_json::Error) -> HttpProblem {
    let said = error.to_string();
    // Where in the bytes it is, is said of what is no JSON only: fields have names.
    let message = said.split(" at line ").next().unwrap_or(&said);
    if error.is_data() {
        let known = [
            (WRONG_AMOUNT, "invalid-amount"),
            ("unknown field", "unknown-field"),
            ("missing field", "missing-field"),
            ("invalid type", "wrong-type"),
        ];
        let code =
            known.iter().find(|(start, _)| message.starts_with(start)).map_or("invalid-value", |(_, c)| c);
        return match (code, message.split('`').nth(1)) {
            ("missing-field", Some(field)) if at.is_empty() => invalid(code, field, "this field is missing"),
            ("missing-field", Some(field)) => {
                invalid(code, &format!("{at}.{field}"), "this field is missing")
            }
            _ => invalid(code, at, message),
        };
    }
    HttpProblem::new(
        StatusCode::BAD_REQUEST,
        Problem::new("invalid-json", format!("this is not JSON: {said}")),
    )
}

/// An object, by its fields' names: a list would be taken for the fields in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// A field of a change: absent leaves what is (`None`), null takes it away (`Some(None)`).
pub(super) fn changed<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The query, by its fields.
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Params<T>, HttpProblem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(params)| Params(params)).map_err(|rejection| wrong_query("", &rejection.body_text()))
    }
}

/// A problem with a field of the query.
pub(super) fn wrong_query(at: &str, message: &str) -> HttpProblem {
    HttpProblem::new(StatusCode::BAD_REQUEST, Problem::new("invalid-query", message).about(at))
}

/// How many, if it is said and within bounds.
pub(super) fn page(limit: Option<u16>, default: u16, most: i64) -> Result<i64, HttpProblem> {
    let limit = i64::from(limit.unwrap_or(default));
    if (1..=most).contains(&limit) {
        Ok(limit)
    } else {
        Err(wrong_query("limit", &format!("ask for 1 to {most} at once")))
    }
}

/// Where a page goes on, if it is said.
pub(super) fn cursor<T: FromStr>(text: Option<&str>) -> Result<Option<T>, HttpProblem> {
    let read = text.map(str::parse).transpose();
    read.map_err(|_| wrong_query("cursor", "this is no cursor given here"))
}

/// Where to go on after a page: a full one may be the last too, and then the next is empty and says so.
pub(super) fn next_cursor<T, Id: fmt::Display>(
    found: &[T],
    limit: i64,
    id: impl Fn(&T) -> Id,
) -> Option<String> {
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    found.last().filter(|_| full).map(|last| id(last).to_string())
}

/// An id in the path; what is none is of nothing that is here.
pub(super) struct PathId<T>(pub(super) T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<PathId<T>, HttpProblem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let id = text.ok().and_then(|Path(text)| text.parse().ok());
        id.map(PathId).ok_or_else(|| {
            let problem = Problem::new("not-found", "there is nothing of this id in this workspace");
            HttpProblem::new(StatusCode::NOT_FOUND, problem)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::http::fields::{Level, Sum};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(default, deserialize_with = "changed")]
        cap: Option<Option<Level>>,
        #[expect(dead_code, reason = "it is only read")]
        inner: Object<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "it is only read")]
        amount: Sum,
    }

    fn problem(json: &str) -> (String, String) {
        let refused = read::<Outer>(json.as_bytes()).unwrap_err();
        (refused.problem().code().to_owned(), refused.problem().at().to_owned())
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (json, code, at) in [
            ("", "invalid-json", ""),
            ("{", "invalid-json", ""),
            ("{\"inner\":{\"amount\":\"1\"}} x", "invalid-json", ""),
            ("[]", "wrong-type", ""),
            ("7", "wrong-type", ""),
            ("{\"inner\":[\"1\"]}", "wrong-type", "inner"),
            ("{}", "missing-field", "inner"),
            ("{\"inner\":{}}", "missing-field", "inner.amount"),
            ("{\"inner\":{\"amount\":5}}", "wrong-type", "inner.amount"),
            ("{\"inner\":{\"amount\":\"-5\"}}", "invalid-amount", "inner.amount"),
            ("{\"inner\":{\"amount\":\"0.00\"}}", "invalid-amount", "inner.amount"),
            ("{\"inner\":{\"amount\":\"1\"},\"cap\":\"0.0000001\"}", "invalid-amount", "cap"),
            ("{\"inner\":{\"amount\":\"1\",\"b\":1}}", "unknown-field", "inner.b"),
        ] {
            assert_eq!(problem(json), (code.to_owned(), at.to_owned()), "{json}");
        }
    }

    #[test]
    fn absent_is_not_null() {
        let cap = |json: &str| read::<Outer>(json.as_bytes()).unwrap().cap;
        assert_eq!(cap("{\"inner\":{\"amount\":\"1\"}}"), None);
        assert_eq!(cap("{\"inner\":{\"amount\":\"1\"},\"cap\":null}"), Some(None));
        assert_eq!(cap("{\"inner\":{\"amount\":\"1\"},\"cap\":\"0\"}"), Some(Some(Level(0))));
    }
}
