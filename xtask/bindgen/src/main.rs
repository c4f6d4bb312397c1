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

/// How a text is handed over, in place of what wasm-bindgen writes: that goes letter by letter as long as they are ASCII. The
/// engine's own encoder takes a twentieth of the time, but in Chromium nearly a microsecond to begin, so it gets what is longer
/// than one message. What is ASCII fits where it was put and is not moved; only for other texts is room taken for three bytes
/// a code unit, and what is left of it given back.
const HAND_OVER: &str = "\
function passStringToWasm0(arg, malloc, realloc) {
    let len = arg.length;
    let ptr = malloc(len, 1) >>> 0;
    const memory = getUint8ArrayMemory0();
    let read = 0, written = 0;
    if (len > 160) {
        ({ read, written } = cachedTextEncoder.encodeInto(arg, memory.subarray(ptr, ptr + len)));
    } else {
        for (; read < len; written = ++read) {
            const code = arg.charCodeAt(read);
            if (code > 0x7F) break;
            memory[ptr + read] = code;
        }
    }
    if (read < len) {
        const rest = arg.slice(read);
        ptr = realloc(ptr, len, len = written + rest.length * 3, 1) >>> 0;
        written += cachedTextEncoder.encodeInto(rest, getUint8ArrayMemory0().subarray(ptr + written, ptr + len)).written;
        ptr = realloc(ptr, len, written, 1) >>> 0;
    }
    WASM_VECTOR_LEN = written;
    return ptr;
}
";

/// For engines without `encodeInto`, of which none has what the module needs anyway.
const WITHOUT_ENCODER: &str = "if (!('encodeInto' in cachedTextEncoder)) {";

fn hand_texts_over(glue: &Path) -> Result<(), String> {
    let said = |error| format!("{}: {error}", glue.display());
    let text = fs::read_to_string(glue).map_err(said)?;
    let text = replaced(&text, "function passStringToWasm0(", HAND_OVER)
        .and_then(|text| replaced(&text, WITHOUT_ENCODER, ""))
        .ok_or_else(|| format!("{}: wasm-bindgen writes texts otherwise now", glue.display()))?;
    fs::write(glue, text).map_err(said)
}

/// The text with the block that begins so, up to the bracket at a line's start that ends it, put differently.
fn replaced(text: &str, begin: &str, by: &str) -> Option<String> {
    const END: &str = "\n}\n";
    let (before, block) = text.split_once(begin)?;
    let (_, after) = block.split_once(END)?;
    (!after.contains(begin)).then(|| format!("{before}{by}{after}"))
}
