//! The crate's own tests inside real browsers, by wasm-pack. `webdriver.json` says how a browser starts.

use std::path::{Path, PathBuf};

use crate::output::Output;
use crate::tools::{self, CHROMEDRIVER, CHROMIUM, FIREFOX, GECKODRIVER, WASM_BINDGEN, WASM_PACK};
use crate::workshop::Workshop;

/// How long a file of tests may take in a browser, and its driver to start, in seconds; the runner's own limits of 20 and 5
/// are short for a busy machine.
const PATIENCE_S: &str = "120";

pub(super) fn chrome(shop: &Workshop, out: &Output) -> Result<(), String> {
    CHROMIUM.path(shop, out)?;
    let driver = CHROMEDRIVER.path(shop, out)?;
    wasm_pack(shop, out, &["--headless", "--chrome"], "web", driver.parent())
}

pub(super) fn firefox(shop: &Workshop, out: &Output) -> Result<(), String> {
    FIREFOX.path(shop, out)?;
    let driver = GECKODRIVER.folder(shop, out)?;
    wasm_pack(shop, out, &["--headless", "--firefox"], "web", Some(&driver))
}

pub(super) fn node(shop: &Workshop, out: &Output) -> Result<(), String> {
    wasm_pack(shop, out, &["--node"], "node", None)
}

/// `driver` is the folder of the browser's driver, which wasm-pack looks for on `PATH` and nowhere else.
fn wasm_pack(
    shop: &Workshop,
    out: &Output,
    place: &[&str],
    tests: &str,
    driver: Option<&Path>,
) -> Result<(), String> {
    tools::wasm_target(shop, out)?;
    let mut folders = vec![WASM_PACK.folder(shop, out)?, WASM_BINDGEN.folder(shop, out)?];
    folders.extend(driver.map(PathBuf::from));
    let mut command = shop.command("wasm-pack", ["test"]);
    command.args(place).args(["--mode", "no-install", "--", "--test", tests]);
    command.env("PATH", Workshop::path_with(&folders)?);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", PATIENCE_S).env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", PATIENCE_S);
    out.run(&mut command)
}
