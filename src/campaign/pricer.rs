//! One row's price, by the rules of the quote and nothing that changes: rows can be priced side by side.

use alloc::{string::String, vec::Vec};

use super::{
    Columns, Row, Status, Template,
    bound::{Bound, is_plain, plain},
    columns::is_opted_out,
    shape::{Count, Gauge, Shape, VISIBLE, WIDE},
    variants::{VARIANTS_MAX, Variant, variants},
};
use crate::{
    digits,
    error::{Code, Error},
    money::Money,
    phone::{Number, NumberProblem, read_number},
    quote::{Destination, TEXT_BYTES_MAX, charge},
    rates::{Channel, RateCard, Unit},
    segment::{Encoding, SEGMENTS_MAX, Sender, count_as},
    territory::Territory,
};

/// How a campaign is sent. Its default is the API, a standard sender, US numbers, no balance.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The channel of the rate card: one of texts.
    pub channel: &'a str,
    /// Who sends.
    pub sender: Sender,
    /// Where a number without a country code is.
    pub region: Territory,
    /// Whether typographic characters are replaced; `None`: as the channel says.
    pub smart: Option<bool>,
    /// The prepaid balance, if known.
    pub balance: Option<Money>,
    /// Whether a number that stands in the list twice is texted twice. If not, the first row has it.
    pub keep_duplicates: bool,
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Settings {
            channel: "api",
            sender: Sender::Standard,
            region: Territory::US,
            smart: None,
            balance: None,
            keep_duplicates: false,
        }
    }
}

/// Prices the rows of a list.
#[derive(Debug)]
pub struct Pricer<'a> {
    card: &'a RateCard,
    channel: &'a Channel,
    columns: &'a Columns,
    pub(super) bound: Bound,
    pub(super) variants: Vec<Variant>,
    gauge: Gauge,
    sender: Sender,
    region: Territory,
}

/// A row with its price.
#[derive(Clone, Debug)]
pub struct RowQuote {
    /// The line on which it begins.
    pub line: u64,
    /// Whether it is sent, or why not.
    pub status: Status,
    /// The number, as understood.
    pub number: Option<Number>,
    /// The encoding of its text.
    pub encoding: Encoding,
    /// Segments of its text; 0 where it was not looked at.
    pub segments: u32,
    /// The same if clusters were cut between code points.
    pub segments_min: u32,
    /// Whether no destination rate is added.
    pub local: bool,
    /// What a unit costs; nothing without a price.
    pub per_unit: Money,
    /// Units billed.
    pub quantity: u64,
    /// The price; nothing without one.
    pub price: Money,
    /// The number as one integer; 0 without a number.
    pub(super) key: u64,
    /// Units that are more than fit into one segment less; 0 where that is not known.
    pub(super) over: u32,
    /// The column and the character that turned a GSM-7 template to UCS-2.
    pub(super) cause: Option<(usize, char)>,
    /// Segments with the values written in GSM-7.
    pub(super) plain_segments: u32,
    /// Segments with each of the template's variants.
    pub(super) variants: [u32; VARIANTS_MAX],
    /// Bit n: the value of place n is empty, and there is no default.
    pub(super) empty: u64,
    pub(super) assumed: bool,
}

impl RowQuote {
    /// The territory of the number.
    #[must_use]
    pub fn territory(&self) -> Option<Territory> {
        self.number.as_ref().and_then(Number::territory)
    }
}

impl<'a> Pricer<'a> {
    /// Puts a card, a template and a list's columns together.
    ///
    /// # Errors
    ///
    /// `unknown-channel`; `invalid-value` for a channel of calls; `missing-column` and `ambiguous-column` with the place in the
    /// template; `invalid-template` for a column in single braces.
    pub fn new(
        card: &'a RateCard,
        settings: &Settings<'_>,
        template: &Template,
        columns: &'a Columns,
    ) -> Result<Pricer<'a>, Error> {
        let channel = card.channel(settings.channel).ok_or_else(|| card.unknown_channel(settings.channel))?;
        if channel.unit() == Unit::Minute {
            let message = "a campaign is of texts; choose a channel that bills segments or messages";
            return Err(Error::new(Code::InvalidValue, "channel", message));
        }
        let gauge = Gauge::new(settings.smart.unwrap_or(channel.smart_encoding()));
        let bound = Bound::new(template, columns, &gauge)?;
        let variants = variants(template, &bound, &gauge);
        Ok(Pricer {
            card,
            channel,
            columns,
            bound,
            variants,
            gauge,
            sender: settings.sender,
            region: settings.region,
        })
    }

    /// The card the prices come from.
    #[must_use]
    pub const fn card(&self) -> &'a RateCard {
        self.card
    }

    /// The channel it goes by.
    #[must_use]
    pub const fn channel(&self) -> &'a Channel {
        self.channel
    }

    /// The list's columns.
    #[must_use]
    pub const fn columns(&self) -> &'a Columns {
        self.columns
    }

    /// The text of a row as it is given to the API, with its values filled in.
    pub fn write_text(&self, row: &Row<'_>, out: &mut String) {
        self.bound.write_given(row, out);
    }

    /// The text of a row as it is sent: filled in, and after smart encoding.
    pub fn write_sent(&self, row: &Row<'_>, out: &mut String) {
        self.bound.write_sent(row, self.gauge.smart, out);
    }

    /// Prices a row. `scratch` is a buffer to use again; what it holds means nothing.
    #[must_use]
    pub fn quote(&self, row: &Row<'_>, scratch: &mut String) -> RowQuote {
        let mut quote = RowQuote {
            line: row.line(),
            status: Status::Priced,
            number: None,
            encoding: Encoding::Gsm7,
            segments: 0,
            segments_min: 0,
            local: false,
            per_unit: Money::ZERO,
            quantity: 0,
            price: Money::ZERO,
            key: 0,
            over: 0,
            cause: None,
            plain_segments: 0,
            variants: [0; VARIANTS_MAX],
            empty: 0,
            assumed: row.assumed_windows_1252(),
        };
        if let Some(trouble) = row.trouble() {
            quote.status = trouble;
            return quote;
        }
        let cell = row.field(self.columns.phone());
        let number = read_number(typed_in(cell), self.region);
        if let Ok(number) = &number {
            quote.key = digits::key(number.digits()).unwrap_or(0);
            quote.number = Some(*number);
        }
        let text = self.judge_text(row, scratch, &mut quote);
        quote.status = match (self.is_opted_out(row), number, text) {
            (true, _, _) => Status::OptedOut,
            (_, Err(problem), _) => number_status(cell, problem),
            (_, Ok(number), text) => self.judge_price(number, text, &mut quote),
        };
        quote
    }

    fn is_opted_out(&self, row: &Row<'_>) -> bool {
        self.columns.opt_out().is_some_and(|column| is_opted_out(row.field(column)))
    }

    /// Finds the price; a row that has one may still have a text that cannot be sent.
    fn judge_price(&self, number: Number, text: Status, quote: &mut RowQuote) -> Status {
        match charge(self.card, self.channel, &Destination::Number(number), None, quote.quantity) {
            Err(_) => Status::AmountOutOfRange,
            Ok(None) => Status::NoRate,
            Ok(Some(_)) if text != Status::Priced => text,
            Ok(Some(charge)) => {
                quote.local = charge.local;
                quote.per_unit = charge.per_unit;
                quote.price = charge.total;
                Status::Priced
            }
        }
    }

    /// Counts the segments of the text, and says whether it can be sent.
    fn judge_text(&self, row: &Row<'_>, scratch: &mut String, quote: &mut RowQuote) -> Status {
        let mut values = Shape::default();
        for (place, value) in self.bound.values().enumerate() {
            let shape = value.measure(row, &self.gauge);
            if shape.is(WIDE) && quote.cause.is_none() && is_plain(&self.bound.literals) {
                let found = self.gauge.first_wide(value.of(row));
                quote.cause = found.map(|c| (value.column, c));
            }
            if shape.bytes == 0 && !value.has_default && place < 64 {
                quote.empty |= 1 << place;
            }
            values = values.plus(shape);
            // Measured no further: a cell of a megabyte in thousands of places would be hours of work for one row.
            if usize::try_from(values.bytes).is_ok_and(|bytes| bytes > TEXT_BYTES_MAX) {
                break;
            }
        }
        let shape = self.bound.literals.plus(values);
        quote.encoding = shape.encoding();
        let long = shape.given > self.channel.text_max();
        if usize::try_from(shape.bytes).is_ok_and(|bytes| bytes > TEXT_BYTES_MAX) {
            return Status::TextTooLong;
        }
        let smart = self.gauge.smart;
        (quote.segments, quote.segments_min, quote.over) = match shape.count(self.sender) {
            Count::Known { segments, over } => (segments, segments, over),
            Count::Unknown => {
                self.bound.write_sent(row, smart, scratch);
                let (segments, segments_min) = self.cut(scratch, quote.encoding);
                (segments, segments_min, 0)
            }
        };
        quote.quantity = match self.channel.unit() {
            _ if !shape.is(VISIBLE) => 0,
            Unit::Segment => u64::from(quote.segments),
            Unit::Message | Unit::Minute => 1,
        };
        if long {
            return Status::TextTooLong;
        }
        for (variant, segments) in self.variants.iter().zip(&mut quote.variants) {
            let shape = variant.bound.literals.plus(values);
            *segments = self.known(shape, scratch, |out| variant.bound.write_sent(row, smart, out));
        }
        quote.plain_segments = match quote.cause {
            None => quote.segments,
            Some(_) => {
                let plain = self.bound.values().map(|value| self.gauge.measure(&plain(value.of(row), smart)));
                let shape = plain.fold(self.bound.literals, Shape::plus);
                self.known(shape, scratch, |out| self.bound.write_plain(row, smart, out))
            }
        };
        if !shape.is(VISIBLE) {
            Status::BlankText
        } else if usize::try_from(quote.segments).is_ok_and(|segments| segments > SEGMENTS_MAX) {
            Status::TooManySegments
        } else {
            Status::Priced
        }
    }

    /// The segments of a shape; `write` puts the text together where it has to be cut to know.
    fn known(&self, shape: Shape, scratch: &mut String, write: impl FnOnce(&mut String)) -> u32 {
        match shape.count(self.sender) {
            Count::Known { segments, .. } => segments,
            Count::Unknown => {
                write(scratch);
                self.cut(scratch, shape.encoding()).0
            }
        }
    }

    fn cut(&self, sent: &str, encoding: Encoding) -> (u32, u32) {
        let cut = count_as(sent, encoding, self.sender);
        let count = |segments: usize| u32::try_from(segments).unwrap_or(u32::MAX);
        (count(cut.segments), count(cut.segments_min))
    }
}

/// A number as it was typed, from the cell a spreadsheet made of it: `'+44…` and `="+44…"` are how people keep a spreadsheet
/// from calculating with a number, and `12125550123.0` is what a table of floats makes of one.
///
/// ```
/// use textmeter::campaign::typed_in;
/// assert_eq!(typed_in(" '+447400123456"), "+447400123456");
/// assert_eq!(typed_in("=\"+447400123456\""), "+447400123456");
/// assert_eq!(typed_in("12125550123.0"), "12125550123");
/// assert_eq!(typed_in("212.555.0123"), "212.555.0123");
/// ```
#[must_use]
pub fn typed_in(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    let cell = cell.strip_prefix("=\"").and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell);
    match cell.strip_suffix(".0") {
        Some(whole) if whole.len() > 6 && whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => cell,
    }
}

/// Why a cell is no number; `4.474E+11` is one that lost its digits in a spreadsheet.
fn number_status(cell: &str, problem: NumberProblem) -> Status {
    let rounded = cell.trim().split_once(['E', 'e']).is_some_and(|(digits, exponent)| {
        let digit = |byte: u8| byte.is_ascii_digit();
        exponent.strip_prefix('+').is_some_and(|exponent| !exponent.is_empty() && exponent.bytes().all(digit))
            && digits.bytes().next().is_some_and(digit)
            && digits.bytes().all(|byte| digit(byte) || matches!(byte, b'.' | b','))
    });
    if rounded { Status::RoundedNumber } else { Status::from(problem) }
}
