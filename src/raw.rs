//! A JSON-like document before anybody has made sense of it.
//!
//! Requests and rate cards come from people. Reading them from this tree, field by field, is what lets every error
//! name the row and the field (`texting.territories.GB`), and refuse a misspelt field instead of pricing without it.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::{
    error::{Code, Error},
    spell,
};

/// A value of a JSON document, from any deserialiser, such as `serde_json`.
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

/// A value and the way that led to it, which is only spelt out for an error.
#[derive(Clone, Copy)]
pub(crate) struct At<'a, 'p> {
    pub(crate) raw: &'a Raw,
    step: Step<'a>,
    parent: Option<&'p At<'a, 'p>>,
}

/// The last step of the way to a value.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

impl<'a, 'p> At<'a, 'p> {
    pub(crate) const fn top(raw: &'a Raw) -> At<'a, 'p> {
        At { raw, step: Step::Field(""), parent: None }
    }

    /// The value of a field of this object.
    pub(crate) const fn field(&'p self, name: &'a str, raw: &'a Raw) -> At<'a, 'p> {
        At { raw, step: Step::Field(name), parent: Some(self) }
    }

    /// As in `texting.territories.GB` or `to[2]`.
    fn path(&self) -> String {
        let mut path = self.parent.map(At::path).unwrap_or_default();
        match self.step {
            Step::Field(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Step::Item(index) => {
                path.push('[');
                spell::digits(&mut path, index as u64, 10, 1);
                path.push(']');
            }
        }
        path
    }

    pub(crate) fn error(&self, code: Code, message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(code, self.path(), message)
    }

    #[cold]
    fn wrong(&self, wanted: &str) -> Error {
        let message = spell::joined(&["this is ", self.raw.kind(), ", but must be ", wanted]);
        self.error(Code::WrongType, message)
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

    /// One of a few words, as what it stands for. `message` is what an error says before it lists them.
    pub(crate) fn one_of<T: Copy>(&self, code: Code, message: &str, words: &[(&str, T)]) -> Result<T, Error> {
        let text = self.text()?;
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(*value),
            None => {
                let words = spell::listed(&mut words.iter().map(|(word, _)| *word));
                Err(self.error(code, spell::joined(&[message, &words])))
            }
        }
    }

    /// The items of a list.
    pub(crate) fn list(&'p self) -> Result<impl Iterator<Item = At<'a, 'p>>, Error> {
        let Raw::List(items) = self.raw else { return Err(self.wrong("a list")) };
        let item = |(index, raw)| At { raw, step: Step::Item(index), parent: Some(self) };
        Ok(items.iter().enumerate().map(item))
    }

    /// The entries of an object. A key may stand in it twice: who takes data for keys asks [`no_twins`](Self::no_twins).
    pub(crate) fn entries(&self) -> Result<&'a [(String, Raw)], Error> {
        match self.raw {
            Raw::Map(entries) => Ok(entries),
            _ => Err(self.wrong("an object")),
        }
    }

    /// Refuses the last of these entries if its key has been there before.
    pub(crate) fn no_twins(&self, entries: &'a [(String, Raw)]) -> Result<(), Error> {
        match entries.split_last() {
            Some(((key, raw), before)) if before.iter().any(|(other, _)| other == key) => {
                Err(self.field(key, raw).error(Code::InvalidValue, "this field is written twice; keep one"))
            }
            _ => Ok(()),
        }
    }

    /// The fields of an object whose keys are known.
    pub(crate) fn fields(&'p self, names: &[&str]) -> Result<Fields<'a, 'p>, Error> {
        let entries = self.entries()?;
        for (place, (key, raw)) in entries.iter().enumerate() {
            if !names.contains(&key.as_str()) {
                let known = spell::listed(&mut names.iter().copied());
                let message = spell::joined(&["there is no field of this name here; known are ", &known]);
                return Err(self.field(key, raw).error(Code::UnknownField, message));
            }
            self.no_twins(entries.get(..=place).unwrap_or_default())?;
        }
        Ok(Fields { object: self, entries })
    }
}

/// The fields of an object, each of a known name and there once.
pub(crate) struct Fields<'a, 'p> {
    object: &'p At<'a, 'p>,
    entries: &'a [(String, Raw)],
}

impl<'a, 'p> Fields<'a, 'p> {
    /// A field; `None` where it is absent or null.
    pub(crate) fn get(&self, name: &'static str) -> Option<At<'a, 'p>> {
        let (name, raw) = self.entries.iter().find(|(key, _)| key == name)?;
        (*raw != Raw::Null).then(|| self.object.field(name, raw))
    }

    /// A field that must be there.
    pub(crate) fn need(&self, name: &'static str) -> Result<At<'a, 'p>, Error> {
        self.get(name).ok_or_else(|| {
            self.object.field(name, self.object.raw).error(Code::MissingField, "this field is missing")
        })
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
