//! The door JavaScript comes in by. It reads, calls and answers; nothing is decided here.

use alloc::string::ToString;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::{Answer, Error, QuoteRequest, RateCard, Raw};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm/contract.d.ts");

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
        let card = RateCard::read(&raw(card)?).map_err(|error| thrown(&error))?;
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
        let raw = raw(request)?;
        let request = QuoteRequest::read(&raw).map_err(|error| thrown(&error))?;
        let quote = self.card.quote(&request).map_err(|error| thrown(&error))?;
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        Ok(Answer::from(&quote).serialize(&serializer)?)
    }
}

/// A value that JSON cannot hold (a function, a symbol, a big integer) is of the wrong type.
fn raw(value: JsValue) -> Result<Raw, JsValue> {
    let deserializer = serde_wasm_bindgen::Deserializer::from(value);
    Raw::deserialize(deserializer)
        .map_err(|error| thrown(&Error::new(crate::Code::WrongType, "", error.to_string())))
}

fn thrown(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    for (name, value) in [("code", error.code().as_str()), ("at", error.at())] {
        // Setting a property of an object made here cannot fail.
        let _ = js_sys::Reflect::set(&thrown, &name.into(), &value.into());
    }
    thrown.into()
}
