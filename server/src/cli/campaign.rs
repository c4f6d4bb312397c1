//! `textmeter campaign`: what a template to a whole list costs, before the first text goes out.

mod files;
mod progress;
mod readable;

use std::{
    io::{self, Read},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use textmeter::{
    Code, Error, Money, RateCard, Sender, Territory,
    campaign::{
        Columns, ListEncoding, ListReading, PricedList, Row, RowQuote, Settings, Summary, TEMPLATE_BYTES_MAX,
        Template, Wanted, read_delimiter,
    },
};

use self::{
    files::{Files, Rejects},
    progress::Progress,
};
use crate::{
    campaign::{
        pipeline::{OpenList, Outcome},
        source::Source,
    },
    card,
    cli::{fail_as, output},
    problem::Problem,
};

/// It can be sent.
const SENDABLE: u8 = 0;
/// Nothing can be sent, or the request is broken.
const FAILED: u8 = 1;
/// The balance does not cover all of it.
const OVER_BALANCE: u8 = 2;

/// What a template to a list of recipients costs, how far the balance goes, and what would make it cheaper.
#[derive(Args, Debug)]
#[command(after_help = "\
The list is CSV with names in its first row: any of , ; tab | between fields, UTF-8, Windows-1252 or UTF-16, plain or gzip.
The numbers are in the column called phone, mobile, to or the like; who has something other than no in a column called
opted_out, unsubscribed or the like gets no text, and a number that stands in the list twice gets one.

In the template {{name}} is the value of a column, {{name|there}} has a default, \\{ is a brace.

Exit codes: 0 it can be sent, 1 nothing can (or a broken request), 2 it costs more than the balance.
Rows that cannot be sent are listed, counted and written to LIST.rejects.csv with their lines and reasons.

Examples:
  textmeter campaign recipients.csv --template \"Hi {{first_name|there}}, your table is ready\" --balance 250
  textmeter campaign list.csv.gz --template-file text.txt --out priced.csv
  generate | textmeter campaign - --template \"Hi {{name}}\" --json")]
pub(super) struct CampaignArgs {
    /// The recipients; - is standard input
    list: PathBuf,
    /// The text, with places to fill in
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "template_file",
        conflicts_with = "template_file"
    )]
    template: Option<String>,
    /// A file with the text
    #[arg(long, value_name = "FILE")]
    template_file: Option<PathBuf>,
    /// The prepaid balance, as in 250 or 5.00
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    balance: Option<String>,
    /// Write every row here, with its text, encoding, segments, territory, status and price
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write rows that cannot be sent here; beside the list if left out
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    /// The column with the numbers
    #[arg(long, value_name = "NAME")]
    phone_column: Option<String>,
    /// The column that says who wants no texts
    #[arg(long, value_name = "NAME")]
    opt_out_column: Option<String>,
    /// The first row is a recipient; columns are called 1, 2, …
    #[arg(long)]
    no_header: bool,
    /// Text a number as often as it stands in the list
    #[arg(long)]
    keep_duplicates: bool,
    /// Exit with 1 when a row cannot be sent
    #[arg(long)]
    strict: bool,
    /// What parts the fields: a character, or tab
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// How the list is encoded; auto reads rows that are no UTF-8 as Windows-1252, and says so
    #[arg(long, value_name = "NAME", default_value = "auto")]
    list_encoding: EncodingName,
    /// A channel of the rate card
    #[arg(long, default_value = "api")]
    channel: String,
    /// Who sends
    #[arg(long, default_value = "standard")]
    sender: SenderName,
    /// Where a number without a country code is (ISO 3166-1 alpha-2)
    #[arg(long, default_value = "US", value_parser = region)]
    region: Territory,
    /// Replace typographic characters, whatever the channel does
    #[arg(long, value_name = "on|off")]
    smart: Option<super::quote::Switch>,
    /// The rate card; ./rates.json, or else the built-in one, if left out
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// How many cores to use; all, if left out
    #[arg(long, value_name = "COUNT")]
    threads: Option<std::num::NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EncodingName {
    Auto,
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    #[value(name = "windows-1252", alias = "cp1252")]
    Windows1252,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SenderName {
    Standard,
    TollFree,
}

fn delimiter(text: &str) -> Result<u8, String> {
    let text = if text == "\\t" { "tab" } else { text };
    read_delimiter(text).ok_or_else(|| "write one character, such as ; or |, or the word tab".to_owned())
}

fn region(text: &str) -> Result<Territory, String> {
    Territory::parse(text).ok_or_else(|| "write the two capital letters of ISO 3166-1, as in US".to_owned())
}

/// Runs the command.
#[must_use]
pub(super) fn run(args: CampaignArgs) -> ExitCode {
    let json = args.json;
    match campaign(args) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => fail_as(json, &problem),
    }
}

fn campaign(args: CampaignArgs) -> Result<u8, Problem> {
    let loaded = card::load(args.rates.as_deref())?;
    let template = Template::parse(&text(&args)?)?;
    let settings = settings(&args)?;
    let source = Source::open(&args.list)?;
    let progress = Progress::of(&source);
    let wrapped = source.wrapped.clone();
    let wanted = Wanted {
        phone: args.phone_column.as_deref(),
        opt_out: args.opt_out_column.as_deref(),
        header: !args.no_header,
        region: args.region,
    };
    let encoding = match args.list_encoding {
        EncodingName::Auto => ListEncoding::Auto,
        EncodingName::Utf8 => ListEncoding::Utf8,
        EncodingName::Windows1252 => ListEncoding::Windows1252,
    };
    let list = OpenList::open(source.bytes, ListReading { encoding, delimiter: args.delimiter }, &wanted)?;
    let columns = list.columns().clone();
    let priced = PricedList::new(&columns, list.delimiter());
    let mut files = Files::of(&args, priced, list.byte_order_mark())?;
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, usize::from);
    let start = |row: &Row<'_>, quote: &RowQuote, text: &str, out: &mut Vec<u8>| {
        priced.write_row_start(row, quote, text, out);
    };
    let outcome = list.price(
        &loaded.card,
        &template,
        &settings,
        threads,
        if args.out.is_some() { Some(&start) } else { None },
        |row, quote, written| {
            progress.row();
            files.write(row, quote, written)
        },
    )?;
    progress.finish();
    let rejects = files.finish()?;
    let broken = outcome.broken.as_ref().map(|error| {
        let rows = readable::rows(outcome.summary.rows);
        let message = format!("the list could not be read to its end: {error}; {rows} were read before that");
        Problem::new("input-output", message)
    });
    // Who reads JSON gets one document, and never the sums of a part as if they were the whole's.
    if let Some(problem) = broken.clone().filter(|_| args.json) {
        return Err(problem);
    }
    say(&args, &loaded.card, &outcome, &columns, &wrapped, rejects)?;
    broken.map_or_else(|| Ok(code(&outcome.summary, args.strict)), Err)
}

fn code(summary: &Summary, strict: bool) -> u8 {
    if summary.sendable == 0 || summary.total.is_none() || (strict && summary.problem_rows > 0) {
        FAILED
    } else if summary.shortfall.is_some() {
        OVER_BALANCE
    } else {
        SENDABLE
    }
}

fn say(
    args: &CampaignArgs,
    card: &RateCard,
    outcome: &Outcome,
    columns: &Columns,
    wrapped: &[&'static str],
    rejects: Rejects,
) -> Result<(), Problem> {
    if args.json {
        if let Rejects::Nowhere(problem) = &rejects {
            output::note(problem.message());
        }
        return output::print_line(&outcome.json);
    }
    let about = readable::About { card, columns, outcome, wrapped, rejects, out: args.out.clone() };
    output::printed(readable::print(&about, &mut anstream::stdout().lock()))
}

/// The template. The line break that ends a file is not part of it.
fn text(args: &CampaignArgs) -> Result<String, Problem> {
    let Some(file) = &args.template_file else { return Ok(args.template.clone().unwrap_or_default()) };
    let unreadable = |error: io::Error| {
        Problem::new("unreadable-template", format!("cannot read the template {}: {error}", file.display()))
    };
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).map_err(unreadable)?;
    opened.take(TEMPLATE_BYTES_MAX as u64 + 4).read_to_end(&mut bytes).map_err(unreadable)?;
    // Where the last character is not whole because no more was read, the template is too long and will be told so.
    let cut_off = bytes.len() > TEMPLATE_BYTES_MAX;
    if let Err(error) = std::str::from_utf8(&bytes)
        && !(cut_off && error.error_len().is_none())
    {
        let message = format!("byte {} of {} is not UTF-8", error.valid_up_to(), file.display());
        return Err(Problem::new("invalid-utf-8", message));
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(text.to_owned())
}

fn settings(args: &CampaignArgs) -> Result<Settings<'_>, Problem> {
    let balance = match &args.balance {
        None => None,
        Some(text) => Some(Money::parse(text).ok_or_else(|| {
            let message = "write an amount from 0 up with at most six decimals and a point, as in 250.00";
            Error::new(Code::InvalidAmount, "balance", message)
        })?),
    };
    Ok(Settings {
        channel: &args.channel,
        sender: match args.sender {
            SenderName::Standard => Sender::Standard,
            SenderName::TollFree => Sender::TollFree,
        },
        region: args.region,
        smart: args.smart.map(|smart| matches!(smart, super::quote::Switch::On)),
        balance,
        keep_duplicates: args.keep_duplicates,
    })
}
