//! The door JavaScript comes in by. It reads, calls and answers; nothing is decided here.

#[cfg(feature = "campaign")]
mod campaign;
mod document;
#[cfg(feature = "standalone")]
mod standalone;

use js_sys::JSON;
use wasm_bindgen::prelude::*;

use crate::{Error, QuoteRequest, RateCard};

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
        let card = document::read(&card).and_then(|raw| RateCard::read(&raw));
        card.map(|card| Meter { card }).map_err(thrown)
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
        let raw = document::read(&request).map_err(thrown)?;
        let quote = QuoteRequest::read(&raw).and_then(|request| Ok(self.card.quote(&request)?.to_json()));
        // One string through the border, and the engine's own parser, are quicker and smaller than a call a field.
        JSON::parse(&quote.map_err(thrown)?)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it on")]
fn thrown(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(error.message());
    for (name, value) in [("code", error.code().as_str()), ("at", error.at())] {
        // Setting a property of an object made here cannot fail.
        let _ = js_sys::Reflect::set(&thrown, &name.into(), &value.into());
    }
    thrown.into()
}
