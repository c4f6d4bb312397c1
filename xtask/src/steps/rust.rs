//! The steps that are cargo's.

use std::path::PathBuf;

use crate::codegen;
use crate::output::Output;
use crate::tools;
use crate::workshop::Workshop;

pub(super) fn fmt(shop: &Workshop, out: &Output) -> Result<(), String> {
    out.run(&mut shop.cargo(["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    out.run(&mut shop.cargo(["fmt", "--check", "--manifest-path", "tests/fuzz/Cargo.toml"]))
}

/// The door for JavaScript is compiled only for Wasm, so the host's pass does not see it.
pub(super) fn clippy(shop: &Workshop, out: &Output) -> Result<(), String> {
    out.run(&mut shop.cargo(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    tools::wasm_target(shop, out)?;
    let door = ["clippy", "--package", "textmeter", "--target", tools::WASM_TARGET, "--lib"];
    // Campaigns run in the browser too, in a build of their own.
    let builds: [&[&str]; 3] = [
        &["--test", "web", "--test", "node"],
        &["--features", "standalone"],
        &["--features", "standalone,campaign"],
    ];
    for more in builds {
        out.run(shop.cargo(door).args(more).args(["--", "--deny", "warnings"]))?;
    }
    Ok(())
}

/// Unit and integration tests, and the examples in the documentation.
pub(super) fn test(shop: &Workshop, out: &Output) -> Result<(), String> {
    tools::postgresql(shop, out)?;
    tools::plain_python(shop, out)?;
    out.run(&mut shop.cargo(["test", "--workspace", "--no-fail-fast"]))
}

/// Libraries only: the program `textmeter` would overwrite the pages of the crate it is named after.
pub(super) fn doc(shop: &Workshop, out: &Output) -> Result<(), String> {
    out.run(shop.cargo(["doc", "--workspace", "--no-deps", "--lib"]).env("RUSTDOCFLAGS", "--deny warnings"))
}

pub(super) fn codegen(_: &Workshop, _: &Output) -> Result<(), String> {
    codegen::run(true)
}

/// The program `textmeter`, built; gives back where it is. `cargo test` builds it for the server's own tests, so that
/// nothing is left to do after the step `test`; `cargo build` would unify other features and compile half of it again.
pub(crate) fn program(shop: &Workshop, out: &Output) -> Result<PathBuf, String> {
    out.run(&mut shop.cargo(["test", "--workspace", "--no-run"]))?;
    Ok(shop.target.join("debug").join(format!("textmeter{}", std::env::consts::EXE_SUFFIX)))
}
