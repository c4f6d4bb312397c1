//! `xtask-bindgen INPUT.wasm OUT_DIR NAME`: writes the ES module `NAME.js`, its types and the `.wasm` that a page loads.

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
        .map_err(|error| format!("{error:#}"))
}
