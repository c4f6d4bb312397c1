//! The list of settings.

/// A setting: `--name` on the command line, `TEXTMETER_NAME` in the environment, `name` in the file.
#[derive(Debug)]
pub struct Setting {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What its value is, for the help.
    pub value: &'static str,
    /// What it does, for the help.
    pub help: &'static str,
    /// What holds by itself; `None`: off.
    pub default: Option<&'static str>,
    /// Whether its value is never shown.
    pub secret: bool,
}

const fn setting(
    name: &'static str,
    value: &'static str,
    default: Option<&'static str>,
    help: &'static str,
) -> Setting {
    Setting { name, value, help, default, secret: false }
}

const fn secret(name: &'static str, help: &'static str) -> Setting {
    Setting { name, value: "SECRET", help, default: None, secret: true }
}

/// Every setting there is.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting("listen", "ADDR:PORT", Some("127.0.0.1:8080"), "The address to listen on; TLS is a proxy's business"),
    setting("db", "FILE|URL", Some("textmeter.db"), "The ledger: a file, made at the first start, or postgres://…"),
    setting("rates", "FILE", None, "The rate card; ./rates.json, or else the built-in one, if left out"),
    setting("site", "DIR", None, "The folder with the page, as `cargo xtask dist` builds it; the API alone if left out"),
    setting("demo", "on|off", Some("on"), "Make a demo workspace with 5.00 and print its key when the ledger is new"),
    setting("rate-limit", "NUMBER", Some("10"), "Requests a second for each API key; 0 is no limit"),
    setting("connections", "NUMBER", Some("16384"), "Connections that are open at once; more wait"),
    setting("request-timeout", "SECONDS", Some("30"), "How long a request may take, and a list may be silent, from 1 up"),
    setting("drain-timeout", "SECONDS", Some("30"), "How long a stop waits for what is under way"),
    setting("log", "text|json", Some("text"), "How to log, on standard error"),
    setting("log-level", "LEVEL", Some("info"), "What to log: error, warn, info, debug"),
    setting("gateway", "log|webhook|openphone", Some("log"), "Who is handed the messages; log only writes that there was one"),
    setting("gateway-url", "URL", None, "Where the gateway is; for openphone its own address if left out"),
    secret("gateway-key", "The openphone gateway's API key"),
    secret("gateway-secret", "What the webhook gateway's requests are signed with (whsec_…)"),
    setting("gateway-timeout", "SECONDS", Some("15"), "How long a gateway may take, from 1 up; four times that it counts as lost"),
    setting("senders", "LIST", None, "Numbers to send from, as in PN1=+12025550100,+12025550101; any if left out"),
    setting("territories", "LIST", None, "Territories that may be texted, as in US,CA,GB; every priced one if left out"),
    setting("payments-url", "URL|test", None, "Who is asked for auto-charge's payments; no auto-charge if left out"),
    secret("payments-secret", "What payment requests and outcomes are signed with (whsec_…)"),
    setting("private-addresses", "on|off", Some("off"), "Whether webhooks may go to private addresses"),
];

impl Setting {
    /// Its variable in the environment.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("TEXTMETER_{}", self.name.replace('-', "_").to_ascii_uppercase())
    }
}
