//! The door JavaScript comes in by. It reads, calls and answers; nothing is decided here.

use alloc::vec::Vec;

use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use crate::{Code, Error, QuoteRequest, RateCard, Raw};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm/contract.d.ts");

/// How deep a document may nest; a card has five levels.
const DEPTH_MAX: u32 = 16;

/// Quotes by one rate card.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Meter {
    card: RateCard,
}

#[wasm_bindgen]
impl Meter {
    /// Reads a rate card: the object that `JSON.parse` made of `rates.json`. A broken card is refused whole.
    ///
    /// # Errors
    ///
    /// A JavaScript `Error` with `code`, and `at` for the row and field.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "unknown")] card: JsValue) -> Result<Meter, JsValue> {
        let card = RateCard::read(&raw(&card, DEPTH_MAX)?).map_err(|error| thrown(&error))?;
        Ok(Meter { card })
    }

    /// Quotes a request.
    ///
    /// # Errors
    ///
    /// A JavaScript `Error` with `code`, and `at` for the field.
    #[wasm_bindgen(unchecked_return_type = "Quote")]
    pub fn quote(
        &self,
        #[wasm_bindgen(unchecked_param_type = "QuoteRequest")] request: JsValue,
    ) -> Result<JsValue, JsValue> {
        let raw = raw(&request, DEPTH_MAX)?;
        let request = QuoteRequest::read(&raw).map_err(|error| thrown(&error))?;
        let quote = self.card.quote(&request).map_err(|error| thrown(&error))?;
        // One string through the border, and the engine's own parser, are quicker and smaller than a call a field.
        JSON::parse(&quote.to_json())
    }
}

/// A JavaScript value as the document it would be in JSON. By hand, because a general deserialiser brings the formatting
/// of every type it could have met, half as much again as all of this crate. A value that JSON cannot hold (a function,
/// a symbol, a big integer) is read as an unreadable number, of which nothing here makes use.
fn raw(value: &JsValue, depth: u32) -> Result<Raw, JsValue> {
    if depth == 0 {
        return Err(thrown(&Error::new(Code::WrongType, "", "this is nested too deeply")));
    }
    if let Some(text) = value.as_string() {
        return Ok(Raw::Text(text));
    }
    if let Some(value) = value.as_bool() {
        return Ok(Raw::Bool(value));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Raw::number(number));
    }
    if value.is_null() || value.is_undefined() {
        return Ok(Raw::Null);
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().map(|item| raw(&item, depth - 1)).collect::<Result<_, _>>().map(Raw::List);
    }
    let Some(object) = value.dyn_ref::<Object>().filter(|_| !value.is_function()) else {
        return Ok(Raw::Number);
    };
    let mut entries = Vec::new();
    for entry in Object::entries(object).iter() {
        let entry: Array = entry.unchecked_into();
        entries.push((entry.get(0).as_string().unwrap_or_default(), raw(&entry.get(1), depth - 1)?));
    }
    Ok(Raw::Map(entries))
}

fn thrown(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(error.message());
    for (name, value) in [("code", error.code().as_str()), ("at", error.at())] {
        // Setting a property of an object made here cannot fail.
        let _ = js_sys::Reflect::set(&thrown, &name.into(), &value.into());
    }
    thrown.into()
}
