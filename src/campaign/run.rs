//! A whole list on one thread, its bytes in whatever pieces they come: what a browser's worker does with a file.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Batch, CampaignRequest, Columns, PricedList, Pricer, Row, RowQuote, SNIFFED_BYTES, SheetReader, Status,
    Summary, Tally, Written,
};
use crate::{
    error::{Code, Error},
    money::Money,
    rates::RateCard,
    segment::Encoding,
    territory::Territory,
};

/// Rows whose texts are kept, to show what is sent.
pub const PREVIEWS_MAX: usize = 5;
/// What a spreadsheet needs to see UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A list on its way. The card is lent to each step: everything else is its own.
///
/// ```
/// # let raw: textmeter::Raw = serde_json::from_str(include_str!("../../rates.json")).unwrap();
/// # let card = textmeter::RateCard::read(&raw).unwrap();
/// use textmeter::campaign::{CampaignRequest, Run, Template};
///
/// let request = CampaignRequest::of(Template::parse("Hi {{name|there}}")?);
/// let mut run = Run::new(request, 0);
/// for piece in ["name,ph", "one\r\nAda,+1212", "5550123\r\n,+447400123456"] {
///     run.push(&card, piece.as_bytes())?;
/// }
/// run.finish(&card)?;
/// assert_eq!(run.summary(&card)?.total.unwrap().to_string(), "0.076");
/// # Ok::<(), textmeter::Error>(())
/// ```
#[derive(Debug)]
pub struct Run {
    request: CampaignRequest,
    seed: u64,
    stage: Stage,
    written: Vec<u8>,
    previews: Vec<Preview>,
}

#[derive(Debug)]
enum Stage {
    /// The first row is looked for: bytes that were not read yet, and what reads them once there are enough.
    Head(Vec<u8>, Option<Box<SheetReader>>),
    Rows(Box<Rows>),
    Failed(Error),
}

#[derive(Debug)]
struct Rows {
    reader: Box<SheetReader>,
    columns: Columns,
    batch: Batch,
    tally: Tally,
    scratch: String,
    text: String,
}

/// One of the first rows, with the text that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The line on which it begins.
    pub line: u64,
    /// The cell of its number.
    pub to: String,
    /// The number's territory.
    pub territory: Option<Territory>,
    /// The text as it is sent.
    pub text: String,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its segments.
    pub segments: u32,
    /// Whether it is sent, or why not.
    pub status: Status,
    /// Its price; nothing without one.
    pub price: Money,
}

impl Run {
    /// A run over a list nothing is known of yet. The seed changes no answer: see [`Tally::seeded`].
    #[must_use]
    pub const fn new(request: CampaignRequest, seed: u64) -> Run {
        Run { request, seed, stage: Stage::Head(Vec::new(), None), written: Vec::new(), previews: Vec::new() }
    }

    /// Takes the next bytes of the list, and prices the rows that are whole.
    ///
    /// # Errors
    ///
    /// Those of [`Columns::find`] and [`Pricer::new`], as soon as the first row is there, and again from then on.
    pub fn push(&mut self, card: &RateCard, bytes: &[u8]) -> Result<(), Error> {
        let done = self.take(card, bytes);
        self.keep(done)
    }

    /// The list is at its end.
    ///
    /// # Errors
    ///
    /// The same, where the list was too short to know before; `empty-list`.
    pub fn finish(&mut self, card: &RateCard) -> Result<(), Error> {
        let done = self.end(card);
        self.keep(done)
    }

    /// What it has come to so far; after [`finish`](Self::finish), what it comes to.
    ///
    /// # Errors
    ///
    /// Why it failed; `empty-list` as long as there was no row.
    pub fn summary(&self, card: &RateCard) -> Result<Summary, Error> {
        self.told(card, |pricer, tally| tally.summary(pricer))
    }

    /// The summary as it crosses every border.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn summary_json(&self, card: &RateCard) -> Result<String, Error> {
        self.told(card, |pricer, tally| tally.summary(pricer).to_json(pricer))
    }

    /// Rows so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        match &self.stage {
            Stage::Rows(rows) => rows.tally.rows,
            _ => 0,
        }
    }

    /// The first rows, with their texts.
    #[must_use]
    pub fn previews(&self) -> &[Preview] {
        &self.previews
    }

    /// Takes what was written since the last time it was taken.
    pub fn take_written(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.written)
    }

    fn told<T>(&self, card: &RateCard, tell: impl FnOnce(&Pricer<'_>, &Tally) -> T) -> Result<T, Error> {
        match &self.stage {
            Stage::Head(..) => Err(nothing()),
            Stage::Failed(error) => Err(error.clone()),
            Stage::Rows(rows) => {
                let request = &self.request;
                let pricer = Pricer::new(card, &request.settings(), &request.template, &rows.columns)?;
                Ok(tell(&pricer, &rows.tally))
            }
        }
    }

    fn keep(&mut self, done: Result<(), Error>) -> Result<(), Error> {
        done.inspect_err(|error| self.stage = Stage::Failed(error.clone()))
    }

    fn take(&mut self, card: &RateCard, bytes: &[u8]) -> Result<(), Error> {
        let mut bytes = bytes;
        while let Stage::Head(head, _) = &mut self.stage {
            let missing = SNIFFED_BYTES.saturating_sub(head.len()).min(bytes.len());
            let (now, rest) = bytes.split_at_checked(missing).unwrap_or_default();
            head.extend_from_slice(now);
            bytes = rest;
            if head.len() < SNIFFED_BYTES {
                return Ok(());
            }
            self.open(card, false)?;
        }
        self.price(card, bytes)
    }

    fn end(&mut self, card: &RateCard) -> Result<(), Error> {
        if matches!(self.stage, Stage::Head(..)) {
            self.open(card, true)?;
        }
        let Stage::Rows(rows) = &mut self.stage else { return self.failure() };
        rows.reader.finish(&mut rows.batch);
        self.price(card, &[])
    }

    fn failure(&self) -> Result<(), Error> {
        match &self.stage {
            Stage::Failed(error) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// Finds the columns, unless there were only empty lines so far.
    fn open(&mut self, card: &RateCard, ended: bool) -> Result<(), Error> {
        let Stage::Head(head, reader) = &mut self.stage else { return Ok(()) };
        let mut reader =
            reader.take().unwrap_or_else(|| Box::new(SheetReader::of(head).read_as(self.request.reading)));
        let head = core::mem::take(head);
        let mut batch = Batch::new();
        let read = reader.read_first(&head, &mut batch);
        if batch.is_empty() && ended {
            reader.finish(&mut batch);
        }
        let rest = head.get(read..).unwrap_or_default();
        if batch.is_empty() && !ended {
            self.stage = Stage::Head(rest.to_vec(), Some(reader));
            return Ok(());
        }
        let request = &self.request;
        let columns = Columns::find(&batch, &request.wanted())?;
        let settings = request.settings();
        let pricer = Pricer::new(card, &settings, &request.template, &columns)?;
        let tally = Tally::seeded(&pricer, &settings, self.seed);
        if request.header {
            batch.clear();
        }
        if request.write != Written::Nothing {
            let list = PricedList::new(&columns, reader.delimiter());
            if reader.byte_order_mark() {
                self.written.extend_from_slice(BYTE_ORDER_MARK);
            }
            match request.write {
                Written::Rejects => list.write_reject_names(&mut self.written),
                _ => list.write_names(&mut self.written),
            }
        }
        let (scratch, text) = (String::new(), String::new());
        self.stage = Stage::Rows(Box::new(Rows { reader, columns, batch, tally, scratch, text }));
        self.price(card, rest)
    }

    /// Prices the rows of these bytes, and those that were read before.
    fn price(&mut self, card: &RateCard, bytes: &[u8]) -> Result<(), Error> {
        let Run { request, stage, written, previews, .. } = self;
        let rows = match stage {
            Stage::Rows(rows) => &mut **rows,
            Stage::Failed(error) => return Err(error.clone()),
            Stage::Head(..) => return Ok(()),
        };
        let pricer = Pricer::new(card, &request.settings(), &request.template, &rows.columns)?;
        let mut work = Work {
            list: PricedList::new(&rows.columns, rows.reader.delimiter()),
            pricer: &pricer,
            write: request.write,
            tally: &mut rows.tally,
            scratch: &mut rows.scratch,
            text: &mut rows.text,
            written,
            previews,
        };
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            at += rows.reader.read(rest, &mut rows.batch);
            rows.batch.rows().for_each(|row| work.price(&row));
            rows.batch.clear();
            if at >= bytes.len() {
                work.tally.note_blank_rows(rows.reader.blank_rows());
                return Ok(());
            }
        }
    }
}

/// What is at hand while rows are priced.
struct Work<'a> {
    pricer: &'a Pricer<'a>,
    list: PricedList<'a>,
    write: Written,
    tally: &'a mut Tally,
    scratch: &'a mut String,
    text: &'a mut String,
    written: &'a mut Vec<u8>,
    previews: &'a mut Vec<Preview>,
}

impl Work<'_> {
    fn price(&mut self, row: &Row<'_>) {
        let mut quote = self.pricer.quote(row, self.scratch);
        let preview = self.previews.len() < PREVIEWS_MAX;
        if preview || self.write == Written::Priced {
            self.text.clear();
            // A text that was too long to be counted is not put together either.
            if quote.segments > 0 {
                self.pricer.write_sent(row, self.text);
            }
        }
        if self.write == Written::Priced {
            self.list.write_row_start(row, &quote, self.text, self.written);
        }
        self.tally.add(self.pricer, row, &mut quote);
        match self.write {
            Written::Nothing => {}
            Written::Priced => self.list.write_row_end(&quote, self.written),
            Written::Rejects if quote.status.is_problem() => {
                self.list.write_reject(row, &quote, self.written);
            }
            Written::Rejects => {}
        }
        if preview {
            self.previews.push(self.preview(row, &quote));
        }
    }

    fn preview(&self, row: &Row<'_>, quote: &RowQuote) -> Preview {
        Preview {
            line: quote.line,
            to: row.field(self.pricer.columns().phone()).trim().to_string(),
            territory: quote.territory(),
            text: self.text.clone(),
            encoding: quote.encoding,
            segments: quote.segments,
            status: quote.status,
            price: quote.price,
        }
    }
}

fn nothing() -> Error {
    Error::new(Code::EmptyList, "", "there is nothing in the list")
}
