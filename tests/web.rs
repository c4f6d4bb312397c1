//! The door JavaScript comes in by, judged in real browsers: `wasm-pack test --headless --chrome -- --test web`.
#![cfg(target_family = "wasm")]

mod door;

use wasm_bindgen_test::wasm_bindgen_test;

// Without this line the runner skips the file in a browser, silently.
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn runs_in_a_browser() {
    let document = js_sys::Reflect::get(&js_sys::global(), &"document".into());
    assert!(document.is_ok_and(|document| document.is_object()));
}
