//! `cargo xtask dist`: the crate as a Wasm package in `npm/pkg`, and the static page around it in `target/site`.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::output::Output;
use crate::tools;
use crate::workshop::{Workshop, at};

/// A Wasm module of the package: the crate, built for one purpose.
struct Module {
    /// What its files are called.
    name: &'static str,
    /// Cargo's profile, and the folder it builds into.
    profile: &'static str,
    features: &'static str,
    /// How the compiler is told to go about it, beyond the profile.
    compile: &'static [&'static str],
    /// How wasm-opt is told to go about it.
    optimise: &'static [&'static str],
    /// What the `.wasm` and its glue may weigh, as brotli (quality 11) packs each of them.
    budget_bytes: u64,
}

const MODULES: [Module; 2] = [
    // What every page downloads for its prices: small before fast. It is to become 32 KB (DESIGN.md says what stands in the
    // way); this keeps what is reached. Small functions are put in place as for 50 instructions, not 5 as the smallest form has
    // it: a quote takes a quarter less time for 0.4 KB.
    Module {
        name: "textmeter",
        profile: "wasm",
        features: "standalone",
        compile: &["-Cllvm-args=-inline-threshold=50"],
        optimise: &SMALLEST,
        budget_bytes: 38 * 1024,
    },
    // Whole lists. A page's worker downloads it when it gets a list, never before.
    Module {
        name: "campaign",
        profile: "wasm-campaign",
        features: "campaign,standalone",
        compile: &[],
        optimise: &["-O3", "--strip-debug", "--strip-producers"],
        budget_bytes: 96 * 1024,
    },
];

impl Module {
    fn wasm(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }

    fn glue(&self) -> String {
        format!("{}.js", self.name)
    }
}

/// The package's folders of scripts that a page may load.
const SCRIPTS: [&str; 3] = ["campaign", "composer", "element"];

/// What Rust's own wasm32 target emits by default, all of it in Node 20 and every browser since 2023. Never
/// `--all-features`: that makes modules which Node 20 cannot load.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How wasm-opt is told to look for the smallest packed module. Each was tried beside the others on the same module:
/// structure anew from a flat form 130 B less as brotli packs it, the smallest form looked for twice 100, functions with one
/// caller left where they are 500, tiny ones put in place 110. Memory is as the engine gives it, zeros, and nothing lies in
/// its first kilobyte, 160.
const SMALLEST: [&str; 11] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--one-caller-inline-max-function-size=1",
    "--always-inline-max-function-size=6",
    "--low-memory-unused",
    "--zero-filled-memory",
    "--converge",
    "--strip-debug",
    "--strip-producers",
];

/// Builds, and refuses a payload over the budget.
pub(crate) fn run(shop: &Workshop, out: &Output) -> Result<(), String> {
    build(shop, out)?;
    MODULES.iter().try_for_each(|module| measure(shop, out, module))?;
    let element = out.read(&mut shop.command("node", ["xtask/package.mjs", "weigh"]))?;
    element.lines().for_each(|line| out.say(line));
    Ok(())
}

/// Builds once in a run: several steps need it, and each may be asked for alone.
pub(crate) fn build(shop: &Workshop, out: &Output) -> Result<(), String> {
    static BUILT: AtomicBool = AtomicBool::new(false);
    if BUILT.load(Ordering::Relaxed) {
        return Ok(());
    }
    tools::wasm_target(shop, out)?;
    tools::npm_packages(shop, out, "tests")?;
    empty(&shop.package())?;
    MODULES.iter().try_for_each(|module| compile(shop, out, module))?;
    furnish(shop, out)?;
    assemble(shop)?;
    out.run(shop.command("node", ["xtask/site.mjs"]).arg(shop.site()))?;
    BUILT.store(true, Ordering::Relaxed);
    Ok(())
}

/// cargo, then wasm-bindgen, then wasm-opt.
fn compile(shop: &Workshop, out: &Output, module: &Module) -> Result<(), String> {
    // One crate type: asked for an rlib as well, cargo leaves link-time optimisation out without a word.
    let mut build = shop.cargo(["rustc", "--package", "textmeter", "--lib", "--crate-type", "cdylib"]);
    build.args(["--profile", module.profile, "--features", module.features, "--target", tools::WASM_TARGET]);
    out.run(build.arg("--").args(module.compile))?;

    let built = shop.target.join(tools::WASM_TARGET).join(module.profile).join("textmeter.wasm");
    let package = shop.package();
    let mut bindgen = shop.cargo(["run", "--quiet", "--package", "xtask-bindgen", "--"]);
    out.run(bindgen.arg(&built).arg(&package).arg(module.name))?;

    let wasm = package.join(module.wasm());
    let optimiser = shop.path("tests/node_modules/binaryen/bin/wasm-opt");
    let mut optimise = shop.command("node", [&optimiser]);
    out.run(optimise.args(FEATURES).args(module.optimise).arg(&wasm).arg("--output").arg(&wasm))?;

    let glue = package.join(module.glue());
    let mut minify = shop.command("node", [shop.path("tests/node_modules/esbuild/bin/esbuild")]);
    let minified = out.read(minify.arg(&glue).args(["--minify", "--format=esm", "--target=es2022"]))?;
    at(&glue, fs::write(&glue, minified))?;

    for generated in [module.glue(), format!("{}.d.ts", module.name), format!("{}_bg.wasm.d.ts", module.name)]
    {
        let path = package.join(generated);
        let text = at(&path, fs::read_to_string(&path))?;
        at(&path, fs::write(&path, format!("// @generated by cargo xtask dist; do not edit\n{text}")))?;
    }
    Ok(())
}

/// What else the package needs of the build: the module as text, the CommonJS twin, types for both, card and licences.
fn furnish(shop: &Workshop, out: &Output) -> Result<(), String> {
    out.run(&mut shop.command("node", ["xtask/package.mjs", "furnish"]))
}

/// The page as any static host serves it: `www`, the package's modules under `textmeter/`, and the rate card.
fn assemble(shop: &Workshop) -> Result<(), String> {
    let site = shop.site();
    empty(&site)?;
    copy(&shop.path("www"), &site, &|_| true)?;
    let modules = site.join("textmeter");
    // The package's modules look for the built one in `pkg/` beside them, here as in `npm`.
    let built = modules.join("pkg");
    at(&built, fs::create_dir_all(&built))?;
    let loads = |name: &str| name.ends_with(".js") || name.ends_with(".wasm");
    copy(&shop.path("npm"), &modules, &loads)?;
    for folder in SCRIPTS {
        copy(&shop.path("npm").join(folder), &modules.join(folder), &loads)?;
    }
    copy(&shop.package(), &built, &loads)?;
    let card = site.join("rates.json");
    at(&card, fs::copy(shop.path("rates.json"), &card)).map(drop)
}

fn empty(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        at(folder, fs::remove_dir_all(folder))?;
    }
    at(folder, fs::create_dir_all(folder))
}

/// Copies the files of one folder. Folders inside come along unless they hold tests; a package's subfolders do not.
fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<(), String> {
    at(to, fs::create_dir_all(to))?;
    for entry in at(from, fs::read_dir(from))? {
        let entry = at(from, entry)?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| format!("{}: a name that is no UTF-8", from.display()))?;
        let (source, target) = (entry.path(), to.join(name));
        if source.is_dir() {
            let kept = !matches!(name, "test" | "tests" | "node_modules") && wanted(name);
            if kept {
                copy(&source, &target, wanted)?;
            }
        } else if wanted(name) {
            at(&target, fs::copy(&source, &target))?;
        }
    }
    Ok(())
}

/// Prints what is downloaded of a module, and refuses more than its budget.
fn measure(shop: &Workshop, out: &Output, module: &Module) -> Result<(), String> {
    // Node is there anyway (wasm-opt runs on it) and brings the reference encoder.
    const PACK: &str = "const { brotliCompressSync, constants: c } = require('node:zlib');\n\
        for (const path of process.argv.slice(1)) {\n\
          const bytes = require('node:fs').readFileSync(path);\n\
          const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: bytes.length };\n\
          console.log(brotliCompressSync(bytes, { params }).length);\n\
        }";
    let files = [shop.package().join(module.wasm()), shop.package().join(module.glue())];
    let budget = module.budget_bytes;
    let packed = out.read(shop.command("node", ["-e", PACK]).args(&files))?;
    let packed: Vec<u64> = packed.lines().filter_map(|line| line.parse().ok()).collect();
    let mut total = 0;
    for (file, packed) in files.iter().zip(&packed) {
        let raw = at(file, fs::metadata(file))?.len();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        out.say(&format!("{name:20} {raw:>8} B raw {packed:>7} B brotli"));
        total += packed;
    }
    if packed.len() != files.len() {
        return Err("node did not measure every file".to_owned());
    }
    out.say(&format!("{:20} {total:>24} B brotli of {budget} allowed", "together"));
    if total > budget {
        return Err(format!("{} is {} B over its budget", module.name, total - budget));
    }
    Ok(())
}
