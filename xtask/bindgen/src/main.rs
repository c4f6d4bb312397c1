//! `xtask-bindgen INPUT.wasm OUT_DIR NAME`: writes the ES module `NAME.js`, its types and the `.wasm` that a page loads.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, out_dir, name] = args.as_slice() else {
        eprintln!("usage: xtask-bindgen INPUT.wasm OUT_DIR NAME");
        return ExitCode::FAILURE;
    };
    match generate(input, out_dir, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &str, out_dir: &str, name: &str) -> Result<(), String> {
    Bindgen::new()
        .input_path(input)
        .out_name(name)
        .web(true)
        .map_err(|error| error.to_string())?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // `npm/web.js` says where the `.wasm` is. Said in here, bundlers of the other entries would look for it too.
        .omit_default_module_path(true)
        .generate(out_dir)
        .map_err(|error| format!("{error:#}"))?;
    hand_texts_over(&Path::new(out_dir).join(format!("{name}.js")))
}

/// The glue hands a text over character by character as long as it is ASCII. The engine's own encoder takes a twentieth of
/// the time for all but the shortest: of a count of 1,000 characters that loop was three quarters.
fn hand_texts_over(glue: &Path) -> Result<(), String> {
    const LOOP: &str = "for (; offset < len; offset++) {";
    const FOR_SHORT_ONES: &str = "for (; len < 32 && offset < len; offset++) {";
    let said = |error| format!("{}: {error}", glue.display());
    let text = fs::read_to_string(glue).map_err(said)?;
    if text.matches(LOOP).count() != 1 {
        return Err(format!("{}: wasm-bindgen writes texts otherwise now", glue.display()));
    }
    fs::write(glue, text.replace(LOOP, FOR_SHORT_ONES)).map_err(said)
}
