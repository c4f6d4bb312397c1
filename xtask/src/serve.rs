//! `cargo xtask serve`: the page and the twin on one address.

use crate::dist;
use crate::output::Output;
use crate::workshop::Workshop;

const LISTEN: &str = "127.0.0.1:8080";

/// Builds everything and stays in the foreground until the server ends.
pub(crate) fn run(shop: &Workshop, rest: &[&str]) -> Result<(), String> {
    dist::build(shop, &Output::terminal())?;
    let site = shop.site();
    let rates = shop.path("rates.json");
    let mut args =
        vec!["run", "--quiet", "--package", "textmeter-server", "--bin", "textmeter", "--", "serve"];
    // What the caller says comes instead of ours, not beside it.
    let defaults = [
        ("--site", site.to_str().ok_or("the repository's path is no UTF-8")?),
        ("--rates", rates.to_str().ok_or("the repository's path is no UTF-8")?),
        ("--listen", LISTEN),
    ];
    for (name, value) in defaults {
        if !rest.iter().any(|given| *given == name || given.starts_with(&format!("{name}="))) {
            args.extend([name, value]);
        }
    }
    args.extend(rest);
    Output::terminal().run(&mut shop.cargo(args))
}
