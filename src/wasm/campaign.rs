//! The door for whole lists, in a module of its own: a page that prices one text does not download it.

use alloc::{string::String, vec::Vec};

use js_sys::Math;
use wasm_bindgen::prelude::*;

use super::document;
use crate::{
    Error, RateCard,
    campaign::{CampaignRequest, ListLook, Run},
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("campaign.d.ts");

/// A template over a list whose bytes come in pieces.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Campaign {
    card: RateCard,
    run: Run,
}

#[wasm_bindgen]
impl Campaign {
    /// Reads a rate card and what is asked, as `JSON.stringify` writes them.
    ///
    /// # Errors
    ///
    /// A JavaScript `Error` with `code`, and `at` for the field.
    #[wasm_bindgen(constructor)]
    pub fn new(card: &str, request: &str) -> Result<Campaign, JsValue> {
        let request = document::read(request).and_then(|raw| CampaignRequest::read(&raw)).map_err(thrown)?;
        let card = document::read(card).and_then(|raw| RateCard::read(&raw)).map_err(thrown)?;
        // Strangers do not know it, so no list can be made to slow the search for duplicates down. It changes no answer.
        let seed = Math::random().to_bits();
        Ok(Campaign { card, run: Run::new(request, seed) })
    }

    /// Takes the next bytes of the list.
    ///
    /// # Errors
    ///
    /// A JavaScript `Error` with `code` and `at`, where the list has no such columns.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.run.push(&self.card, bytes).map_err(thrown)
    }

    /// The list is at its end.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn finish(&mut self) -> Result<(), JsValue> {
        self.run.finish(&self.card).map_err(thrown)
    }

    /// What it has come to so far, as JSON.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn summary(&self) -> Result<String, JsValue> {
        self.run.summary_json(&self.card).map_err(thrown)
    }

    /// The first rows with their texts, as JSON.
    #[must_use]
    pub fn previews(&self) -> String {
        self.run.previews_json()
    }

    /// Takes what was written since the last time: bytes of a CSV.
    pub fn written(&mut self) -> Vec<u8> {
        self.run.take_written()
    }

    /// Rows so far.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn rows(&self) -> u32 {
        u32::try_from(self.run.rows()).unwrap_or(u32::MAX)
    }

    /// Looks at the first bytes of a list, as JSON: its columns, or why they are not clear.
    ///
    /// # Errors
    ///
    /// A JavaScript `Error` with `code` and `at`, where what is asked is broken.
    pub fn look(head: &[u8], request: &str) -> Result<String, JsValue> {
        let request = document::read(request).and_then(|raw| CampaignRequest::read(&raw)).map_err(thrown)?;
        Ok(ListLook::of(head, request.reading, &request.wanted()).to_json())
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
