//! `textmeter quote`: one price for people, or one answer a line for programs.

mod lines;
mod readable;

use std::{
    io::{IsTerminal, Read, stdin, stdout},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use textmeter::{Code, Cover, Error, QuoteRequest, RateCard, Raw, TEXT_BYTES_MAX};

use crate::{
    card,
    cli::{
        ended, fail, fail_as,
        output::{print_line, printed},
    },
    problem::Problem,
};

/// Sendable.
const SENDABLE: u8 = 0;
/// A broken request, a recipient nobody can price, or a text nobody can send.
const FAILED: u8 = 1;
/// The balance does not cover it.
const OVER_BALANCE: u8 = 2;

/// What one text or call costs, and whether the balance covers it.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 it can be sent, 1 it cannot (no price, nothing to send, a broken request), 2 it costs more than the balance.
Amounts are decimals with a point and at most six decimals, in the rate card's currency.

Examples:
  textmeter quote --to +447400123456 --balance 5 \"Your table is ready\"
  textmeter quote --to +12125550123 --to +447400123456 --json < message.txt
  textmeter quote --channel call --to +447400123456 --minutes 4.5
  textmeter quote --jsonl < requests.jsonl > answers.jsonl")]
pub(super) struct QuoteArgs {
    /// The text; read from standard input if left out
    text: Option<String>,
    /// A destination, as typed; several may be given
    #[arg(long, value_name = "NUMBER")]
    to: Vec<String>,
    /// The prepaid balance, as in 5.00
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    balance: Option<String>,
    /// A channel of the rate card
    #[arg(long, default_value = "api")]
    channel: String,
    /// auto, GSM-7 or UCS-2
    #[arg(long, default_value = "auto")]
    encoding: String,
    /// standard or toll-free
    #[arg(long, default_value = "standard")]
    sender: String,
    /// Where a number without a country code is (ISO 3166-1 alpha-2)
    #[arg(long, default_value = "US")]
    region: String,
    /// Minutes of a call, as in 5 or 4.5
    #[arg(long, allow_negative_numbers = true)]
    minutes: Option<String>,
    /// What answers a call: landline or mobile
    #[arg(long)]
    line_type: Option<String>,
    /// Replace typographic characters, whatever the channel does
    #[arg(long, value_name = "on|off")]
    smart: Option<Switch>,
    /// The rate card; ./rates.json, or else the built-in one, if left out
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
    /// Read one JSON request a line from standard input, print one answer or error a line, in order
    #[arg(long, conflicts_with_all = [
        "text", "to", "balance", "channel", "encoding", "sender", "region", "minutes", "line_type", "smart", "json",
    ])]
    jsonl: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

/// Runs the command.
#[must_use]
pub(super) fn run(args: QuoteArgs) -> ExitCode {
    let loaded = match card::load(args.rates.as_deref()) {
        Ok(loaded) => loaded,
        Err(problem) => return fail(&problem),
    };
    if args.jsonl {
        return ended(printed(lines::answer_all(&loaded.card, stdin().lock(), stdout().lock())));
    }
    let json = args.json;
    match request(args).and_then(|raw| one(&loaded.card, &raw, json)) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => fail_as(json, &problem),
    }
}

fn one(card: &RateCard, raw: &Raw, json: bool) -> Result<u8, Problem> {
    let request = QuoteRequest::read(raw)?;
    if request.to.is_empty() {
        let message = "say where it goes, as in --to +447400123456";
        return Err(Error::new(Code::MissingField, "to", message).into());
    }
    let quote = card.quote(&request)?;
    if json {
        print_line(quote.to_json())?;
    } else {
        printed(readable::print(&quote, request.balance, &mut anstream::stdout().lock()))?;
    }
    Ok(match quote.cover {
        _ if quote.sendable() => SENDABLE,
        Some(Cover::Short { .. }) if quote.total.is_some() => OVER_BALANCE,
        _ => FAILED,
    })
}

/// The options as the same request that JavaScript and HTTP send, so that they are read by the same rules.
fn request(args: QuoteArgs) -> Result<Raw, Problem> {
    let text = match args.text {
        Some(text) => Some(text),
        None if args.minutes.is_some() || stdin().is_terminal() => None,
        None => Some(piped()?),
    };
    let string = |value: Option<String>| value.map_or(Raw::Null, Raw::Text);
    Ok(Raw::Map(
        [
            ("text", string(text)),
            ("to", Raw::List(args.to.into_iter().map(Raw::Text).collect())),
            ("channel", Raw::Text(args.channel)),
            ("balance", string(args.balance)),
            ("encoding", Raw::Text(args.encoding)),
            ("sender", Raw::Text(args.sender)),
            ("region", Raw::Text(args.region)),
            ("minutes", string(args.minutes)),
            ("line_type", string(args.line_type)),
            ("smart", args.smart.map_or(Raw::Null, |smart| Raw::Bool(matches!(smart, Switch::On)))),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
    ))
}

/// The text from standard input. The line break that ends a file is not part of the message.
fn piped() -> Result<String, Problem> {
    // A line break of two bytes may end the longest text.
    let most = TEXT_BYTES_MAX + 2;
    let mut bytes = Vec::new();
    stdin().lock().take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| {
        Problem::new("input-output", format!("cannot read the text from standard input: {error}"))
    })?;
    if bytes.len() > most {
        let message =
            format!("the text has more than {TEXT_BYTES_MAX} bytes, which is the most that is quoted");
        return Err(Error::new(Code::TextTooLarge, "text", message).into());
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Problem::new("invalid-utf-8", format!("byte {place} of standard input is not UTF-8"))
    })?;
    let end =
        text.strip_suffix('\n').map_or(text.len(), |text| text.strip_suffix('\r').unwrap_or(text).len());
    text.truncate(end);
    Ok(text)
}
