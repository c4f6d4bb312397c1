//! A JSON-like document before anybody has made sense of it.
//!
//! Requests and rate cards come from people. Reading them from this tree, field by field, is what lets every error
//! name the row and the field (`texting.territories.GB`), and refuse a misspelt field instead of pricing without it.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::{Code, Error};

/// A value of a JSON document, from any deserialiser (`serde_json`, `serde-wasm-bindgen`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// `null`, or JavaScript's `undefined`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number from 0 up.
    Whole(u64),
    /// Any other number: below 0, or with a fraction. Nothing here reads one: amounts are strings.
    Number,
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Raw>),
    /// An object, in its own order.
    Map(Vec<(String, Raw)>),
}

impl Raw {
    /// A number as JavaScript holds it, so that `5.0` is the 5 it is there, whichever door it comes in by.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub(crate) const fn number(number: f64) -> Raw {
        // The cast stops at both ends of its range; what was cut off is not equal any more.
        let whole = number as u64;
        if whole as f64 == number { Raw::Whole(whole) } else { Raw::Number }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Raw::Null => "null",
            Raw::Bool(_) => "a boolean",
            Raw::Whole(_) | Raw::Number => "a number",
            Raw::Text(_) => "a string",
            Raw::List(_) => "a list",
            Raw::Map(_) => "an object",
        }
    }
}

/// A value and the path that leads to it.
pub(crate) struct At<'a> {
    pub(crate) raw: &'a Raw,
    pub(crate) path: String,
}

impl<'a> At<'a> {
    pub(crate) const fn top(raw: &'a Raw) -> At<'a> {
        At { raw, path: String::new() }
    }

    pub(crate) fn error(&self, code: Code, message: impl Into<String>) -> Error {
        Error::new(code, self.path.clone(), message)
    }

    fn wrong(&self, wanted: &str) -> Error {
        self.error(Code::WrongType, format!("this is {}, but must be {wanted}", self.raw.kind()))
    }

    pub(crate) fn text(&self) -> Result<&'a str, Error> {
        match self.raw {
            Raw::Text(text) => Ok(text),
            _ => Err(self.wrong("a string")),
        }
    }

    pub(crate) fn bool(&self) -> Result<bool, Error> {
        match self.raw {
            Raw::Bool(value) => Ok(*value),
            _ => Err(self.wrong("true or false")),
        }
    }

    pub(crate) fn whole(&self) -> Result<u64, Error> {
        match self.raw {
            Raw::Whole(value) => Ok(*value),
            _ => Err(self.wrong("a whole number from 0 up")),
        }
    }

    pub(crate) fn list(&self) -> Result<impl Iterator<Item = At<'a>> + use<'a>, Error> {
        let Raw::List(items) = self.raw else { return Err(self.wrong("a list")) };
        let path = self.path.clone();
        Ok(items.iter().enumerate().map(move |(index, raw)| At { raw, path: format!("{path}[{index}]") }))
    }

    /// The entries of an object whose keys are data (territory codes, channel names). A key written twice is refused.
    pub(crate) fn entries(&self) -> Result<Vec<(&'a str, At<'a>)>, Error> {
        let Raw::Map(entries) = self.raw else { return Err(self.wrong("an object")) };
        let mut seen: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
        seen.sort_unstable();
        if let Some(key) = seen.iter().zip(seen.iter().skip(1)).find_map(|(a, b)| (a == b).then_some(*a)) {
            return Err(Error::new(
                Code::InvalidValue,
                self.join(key),
                "this field is written twice; keep one",
            ));
        }
        Ok(entries.iter().map(|(key, raw)| (key.as_str(), At { raw, path: self.join(key) })).collect())
    }

    /// The fields of an object whose keys are known: the values in the order of `names`, `None` where absent or null.
    pub(crate) fn fields<const N: usize>(&self, names: [&str; N]) -> Result<[Option<At<'a>>; N], Error> {
        let mut found: [Option<At<'a>>; N] = [const { None }; N];
        for (key, value) in self.entries()? {
            let Some(slot) = names.iter().position(|name| *name == key).and_then(|i| found.get_mut(i)) else {
                return Err(value.error(
                    Code::UnknownField,
                    format!("there is no field of this name here; known are {}", names.join(", ")),
                ));
            };
            if *value.raw != Raw::Null {
                *slot = Some(value);
            }
        }
        Ok(found)
    }

    /// The value of a field that must be there.
    pub(crate) fn need(&self, name: &str, value: Option<At<'a>>) -> Result<At<'a>, Error> {
        value.ok_or_else(|| Error::new(Code::MissingField, self.join(name), "this field is missing"))
    }

    fn join(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Deserialize::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(u64::try_from(value).map_or(Raw::Number, Raw::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
