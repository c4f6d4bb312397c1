//! `cargo xtask release`: what is published, from a clean commit: the package, the page's Wasm proved to be the same from two
//! builds, the components, and sums that are signed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::audit;
use crate::dist;
use crate::output::Output;
use crate::tools::CARGO_CYCLONEDX;
use crate::workshop::{Workshop, at};

/// The key that signs, as `ssh-keygen` takes it; without it the sums are not signed, and that is said.
const KEY: &str = "TEXTMETER_RELEASE_KEY";
const SUMS: &str = "SHA256SUMS";

pub(crate) fn run(shop: &Workshop) -> Result<(), String> {
    let out = Output::terminal();
    let changed = out.read(&mut shop.command("git", ["status", "--porcelain"]))?;
    if !changed.is_empty() {
        return Err(format!("a release is of a commit, and these are in none:\n{changed}"));
    }
    let folder = shop.path("target/release-files");
    if folder.exists() {
        at(&folder, fs::remove_dir_all(&folder))?;
    }
    at(&folder, fs::create_dir_all(&folder))?;
    audit::run(shop, &out)?;
    dist::build(shop, &out)?;
    same_elsewhere(shop, &out)?;
    let mut pack = shop.command("npm", ["pack", "--silent", "--pack-destination"]);
    out.run(pack.arg(&folder).arg("./npm"))?;
    for module in wasm_modules(&shop.package())? {
        let name = module.file_name().ok_or("a module without a name")?;
        at(&module, fs::copy(&module, folder.join(name)))?;
    }
    components(shop, &out, &folder)?;
    sign(shop, &out, &folder)
}

fn wasm_modules(package: &Path) -> Result<Vec<PathBuf>, String> {
    let mut modules = Vec::new();
    for entry in at(package, fs::read_dir(package))? {
        let path = at(package, entry)?.path();
        if path.extension().is_some_and(|end| end == "wasm") {
            modules.push(path);
        }
    }
    modules.sort();
    Ok(modules)
}

/// The same commit in another folder, with nothing compiled yet, comes to the same bytes.
fn same_elsewhere(shop: &Workshop, out: &Output) -> Result<(), String> {
    let elsewhere = shop.path("target/xtask/elsewhere");
    if elsewhere.exists() {
        at(&elsewhere, fs::remove_dir_all(&elsewhere))?;
    }
    out.run(shop.command("git", ["clone", "--quiet", "."]).arg(&elsewhere))?;
    let mut again = shop.cargo(["xtask", "dist"]);
    out.run(again.current_dir(&elsewhere).env_remove("CARGO_TARGET_DIR"))?;
    for module in wasm_modules(&shop.package())? {
        let name = module.file_name().ok_or("a module without a name")?;
        let other = elsewhere.join("npm/pkg").join(name);
        if at(&module, fs::read(&module))? != at(&other, fs::read(&other))? {
            return Err(format!(
                "{} and {} differ: the build is not reproducible",
                module.display(),
                other.display()
            ));
        }
        out.say(&format!("{}: the same bytes from two builds in two folders", name.to_string_lossy()));
    }
    at(&elsewhere, fs::remove_dir_all(&elsewhere))
}

/// CycloneDX, of the twin: everything that the package has is in it too.
fn components(shop: &Workshop, out: &Output, folder: &Path) -> Result<(), String> {
    let cyclonedx = CARGO_CYCLONEDX.folder(shop, out)?.join("cargo-cyclonedx");
    let mut list =
        shop.command(&cyclonedx.to_string_lossy(), ["cyclonedx", "--format", "json", "--manifest-path"]);
    out.run(list.arg(shop.path("server/Cargo.toml")).args(["--override-filename", "textmeter.cdx"]))?;
    // It writes one beside every manifest of the workspace.
    for place in ["", "server", "xtask", "xtask/bench-ledger", "xtask/bindgen"] {
        let written = shop.path(place).join("textmeter.cdx.json");
        if place == "server" {
            // Our own crates go by their paths, which are this machine's up to the repository.
            let list = at(&written, fs::read_to_string(&written))?;
            let list = list.replace(&format!("file://{}", shop.root.display()), "file://");
            let kept = folder.join("textmeter.cdx.json");
            at(&kept, fs::write(&kept, list))?;
        }
        if written.exists() {
            at(&written, fs::remove_file(&written))?;
        }
    }
    Ok(())
}

fn sign(shop: &Workshop, out: &Output, folder: &Path) -> Result<(), String> {
    let mut names = Vec::new();
    for entry in at(folder, fs::read_dir(folder))? {
        names.push(at(folder, entry)?.file_name());
    }
    names.sort();
    let sums = out.read(shop.command("sha256sum", &names).current_dir(folder))?;
    let path = folder.join(SUMS);
    at(&path, fs::write(&path, &sums))?;
    print!("{sums}");
    let Some(key) = std::env::var_os(KEY) else {
        out.say(&format!("{} is not signed: {KEY} names no key", path.display()));
        return Ok(());
    };
    let mut sign = shop.command("ssh-keygen", ["-Y", "sign", "-n", "textmeter", "-f"]);
    out.run(sign.arg(key).arg(&path))
}
