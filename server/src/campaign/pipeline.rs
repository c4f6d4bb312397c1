//! All cores at one list, in constant memory: one thread cuts the bytes into batches of rows, several price them, and the
//! caller's gets them back in order. A fixed number of batches goes round.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use textmeter::{
    Code, Error, RateCard,
    campaign::{
        Batch, Columns, ListReading, Pricer, Row, RowQuote, SNIFFED_BYTES, Settings, SheetReader, Summary,
        Tally, Template, Wanted,
    },
};

use super::json_lines::JsonLines;
use crate::problem::Problem;

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// A list whose first row has been read.
pub struct OpenList<R> {
    input: R,
    reader: Rows,
    /// Bytes that were read and not yet looked at.
    ahead: Vec<u8>,
    /// The first row where it is one of the list's rows.
    first: Batch,
    columns: Columns,
}

/// What cuts bytes into rows.
enum Rows {
    Sheet(Box<SheetReader>),
    Json(JsonLines),
}

impl Rows {
    fn read(&mut self, input: &[u8], batch: &mut Batch) -> usize {
        match self {
            Rows::Sheet(sheet) => sheet.read(input, batch),
            Rows::Json(lines) => lines.read(input, batch),
        }
    }

    fn finish(&mut self, batch: &mut Batch) {
        match self {
            Rows::Sheet(sheet) => sheet.finish(batch),
            Rows::Json(lines) => lines.finish(batch),
        }
    }

    const fn blank_rows(&self) -> u64 {
        match self {
            Rows::Sheet(sheet) => sheet.blank_rows(),
            Rows::Json(lines) => lines.blank_rows(),
        }
    }
}

/// What a list came to.
pub struct Outcome {
    /// The sums.
    pub summary: Summary,
    /// The sums as they cross every border.
    pub json: String,
    /// Why the list could not be read to its end.
    pub broken: Option<io::Error>,
}

/// What is written for a row while it is still in parallel: everything but its status and its price, which are known only in
/// the list's order.
pub type Format<'f> = dyn Fn(&Row<'_>, &RowQuote, &str, &mut Vec<u8>) + Sync + 'f;

impl<R: Read + Send> OpenList<R> {
    /// Reads the first row and finds the columns.
    ///
    /// # Errors
    ///
    /// Those of [`Columns::find`], and `input-output`.
    pub fn open(mut input: R, reading: ListReading, wanted: &Wanted<'_>) -> Result<OpenList<R>, Problem> {
        let mut ahead = Vec::new();
        (&mut input).take(SNIFFED_BYTES as u64).read_to_end(&mut ahead).map_err(unread)?;
        let mut reader = SheetReader::of(&ahead).read_as(reading);
        let mut first = Batch::new();
        loop {
            let read = reader.read_first(&ahead, &mut first);
            ahead.drain(..read);
            if !first.is_empty() {
                break;
            }
            if (&mut input).take(SNIFFED_BYTES as u64).read_to_end(&mut ahead).map_err(unread)? == 0 {
                reader.finish(&mut first);
                break;
            }
        }
        let columns = Columns::find(&first, wanted)?;
        if wanted.header {
            first.clear();
        }
        Ok(OpenList { input, reader: Rows::Sheet(Box::new(reader)), ahead, first, columns })
    }

    /// Looks at the first of a list of JSON lines; the template's places are columns whether or not it has them.
    ///
    /// # Errors
    ///
    /// Those of [`Columns::named`], `empty-list` and `input-output`.
    pub fn open_json_lines(
        mut input: R,
        template: &Template,
        wanted: &Wanted<'_>,
    ) -> Result<OpenList<R>, Problem> {
        let mut ahead = Vec::new();
        (&mut input).take(SNIFFED_BYTES as u64).read_to_end(&mut ahead).map_err(unread)?;
        if ahead.trim_ascii().is_empty() {
            return Err(Error::new(Code::EmptyList, "", "there is nothing in the list").into());
        }
        let places = template.fields().map(|field| field.name.as_str());
        let mut reader = JsonLines::of(&ahead, places);
        if wanted.opt_out.is_none() {
            reader = reader.with_any_opt_out();
        }
        let columns = Columns::named(reader.names().to_vec(), wanted)?;
        Ok(OpenList { input, reader: Rows::Json(reader), ahead, first: Batch::new(), columns })
    }

    /// The columns.
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What parts the fields.
    pub const fn delimiter(&self) -> u8 {
        match &self.reader {
            Rows::Sheet(sheet) => sheet.delimiter(),
            Rows::Json(_) => b',',
        }
    }

    /// Whether what is written of it begins with a byte order mark.
    pub const fn byte_order_mark(&self) -> bool {
        matches!(&self.reader, Rows::Sheet(sheet) if sheet.byte_order_mark())
    }

    /// Prices every row. `each` gets them in the list's order, with what `format` wrote for them, and may stop it all by an
    /// error.
    ///
    /// # Errors
    ///
    /// Those of [`Pricer::new`], and the first one of `each`.
    pub fn price(
        self,
        card: &RateCard,
        template: &Template,
        settings: &Settings<'_>,
        threads: usize,
        format: Option<&Format<'_>>,
        mut each: impl FnMut(&Row<'_>, &RowQuote, &[u8]) -> Result<(), Problem>,
    ) -> Result<Outcome, Problem> {
        let OpenList { input, reader, ahead, first, columns } = self;
        let pricer = Pricer::new(card, settings, template, &columns)?;
        let mut tally = Tally::seeded(&pricer, settings, seed());
        let threads = threads.max(1);
        let (free, frees) = channel();
        let (work, works) = channel();
        let (done, dones) = channel();
        for _ in 0..threads * 2 + 2 {
            drop(free.send(Job::default()));
        }
        let works = Mutex::new(works);
        let cutter = Cutter { input, reader, ahead, first };
        let cut = thread::scope(|scope| {
            let cutting = scope.spawn(|| cutter.cut(frees, work));
            for _ in 0..threads {
                let done = done.clone();
                let (pricer, works) = (&pricer, &works);
                scope.spawn(move || price_all(pricer, works, &done, format));
            }
            drop(done);
            collect(&pricer, &mut tally, &dones, &free, &mut each)?;
            drop((dones, free));
            Ok::<_, Problem>(
                cutting.join().unwrap_or_else(|_| (0, Some(io::Error::other("the reader stopped")))),
            )
        });
        let (blank_rows, broken) = cut?;
        tally.note_blank_rows(blank_rows);
        let summary = tally.summary(&pricer);
        let json = summary.to_json(&pricer);
        Ok(Outcome { summary, json, broken })
    }
}

/// A batch on its way round.
#[derive(Default)]
struct Job {
    place: u64,
    batch: Batch,
    quotes: Vec<RowQuote>,
    written: Vec<u8>,
    ends: Vec<usize>,
}

struct Cutter<R> {
    input: R,
    reader: Rows,
    ahead: Vec<u8>,
    first: Batch,
}

impl<R: Read> Cutter<R> {
    /// Cuts until the list ends, or nobody wants any more.
    fn cut(mut self, frees: Receiver<Job>, work: Sender<Job>) -> (u64, Option<io::Error>) {
        let mut first = Some(std::mem::take(&mut self.first));
        let mut buffer = std::mem::take(&mut self.ahead);
        let (mut at, mut broken, mut ended) = (0, None, false);
        for place in 0.. {
            let Ok(mut job) = frees.recv() else { break };
            job.place = place;
            job.batch.clear();
            if let Some(first) = first.take() {
                job.batch = first;
            }
            while !job.batch.is_full() && !ended {
                let rest = buffer.get(at..).unwrap_or_default();
                if rest.is_empty() {
                    buffer.resize(BUFFER_BYTES, 0);
                    let read = match self.input.read(&mut buffer) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                        Err(error) => {
                            broken = Some(error);
                            0
                        }
                        Ok(read) => read,
                    };
                    buffer.truncate(read);
                    at = 0;
                    ended = read == 0;
                } else {
                    at += self.reader.read(rest, &mut job.batch);
                }
            }
            if ended {
                self.reader.finish(&mut job.batch);
            }
            if work.send(job).is_err() || ended {
                break;
            }
        }
        (self.reader.blank_rows(), broken)
    }
}

fn price_all(
    pricer: &Pricer<'_>,
    works: &Mutex<Receiver<Job>>,
    done: &Sender<Job>,
    format: Option<&Format<'_>>,
) {
    let (mut scratch, mut text) = (String::new(), String::new());
    loop {
        let next = works.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        job.quotes.clear();
        job.written.clear();
        job.ends.clear();
        for row in job.batch.rows() {
            let quote = pricer.quote(&row, &mut scratch);
            if let Some(format) = format {
                text.clear();
                // A text that was too long to be counted is not put together either.
                if quote.segments > 0 {
                    pricer.write_sent(&row, &mut text);
                }
                format(&row, &quote, &text, &mut job.written);
                job.ends.push(job.written.len());
            }
            job.quotes.push(quote);
        }
        if done.send(job).is_err() {
            return;
        }
    }
}

/// Takes the batches in order, whichever was done first.
fn collect(
    pricer: &Pricer<'_>,
    tally: &mut Tally,
    dones: &Receiver<Job>,
    free: &Sender<Job>,
    each: &mut impl FnMut(&Row<'_>, &RowQuote, &[u8]) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut early = BTreeMap::new();
    let mut wanted = 0;
    for job in dones {
        early.insert(job.place, job);
        while let Some(mut job) = early.remove(&wanted) {
            wanted += 1;
            let mut start = 0;
            for (place, (row, quote)) in job.batch.rows().zip(&mut job.quotes).enumerate() {
                tally.add(pricer, &row, quote);
                let end = job.ends.get(place).copied().unwrap_or(start);
                each(&row, quote, job.written.get(start..end).unwrap_or_default())?;
                start = end;
            }
            // The cutter may be gone: it has read everything.
            drop(free.send(job));
        }
    }
    Ok(())
}

fn unread(error: io::Error) -> Problem {
    Problem::new("input-output", format!("cannot read the list: {error}"))
}

/// Something that strangers do not know.
fn seed() -> u64 {
    let mut bytes = [0; 8];
    // Without it the search for duplicates could be slowed down by a list that is made for it; the answers are the same.
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
