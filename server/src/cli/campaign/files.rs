//! The priced list, and the rows that cannot be sent: every row of the list is in the first, in order, and every one that a
//! person has to look at in the second.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use textmeter::campaign::{Row, RowQuote, Status};

use super::CampaignArgs;
use crate::{
    campaign::{cells::Cells, pipeline::OpenList},
    problem::Problem,
};

/// The columns that are added to the list's own.
const ADDED: [&str; 6] = ["text", "encoding", "segments", "territory", "status", "price"];
/// What stands before the columns of a row that cannot be sent.
const REASONS: [&str; 3] = ["line", "status", "message"];

/// The files that are written.
pub(super) struct Files {
    cells: Cells,
    /// A list that comes without UTF-8 goes to somebody whose spreadsheet needs the mark to see UTF-8.
    mark: bool,
    names: Vec<String>,
    out: Option<Output>,
    rejects: Output,
    buffer: Vec<u8>,
}

struct Output {
    path: PathBuf,
    /// Opened when it is first written to.
    file: Option<BufWriter<File>>,
}

impl Files {
    pub(super) fn of<R: Read + Send>(args: &CampaignArgs, list: &OpenList<R>) -> Result<Files, Problem> {
        let rejects = args.rejects.clone().unwrap_or_else(|| beside(&args.list));
        let out = args.out.clone();
        let paths: Vec<&Path> = [Some(args.list.as_path()), out.as_deref(), Some(rejects.as_path())]
            .into_iter()
            .flatten()
            .collect();
        for (place, path) in paths.iter().enumerate() {
            if paths.iter().skip(place + 1).any(|other| same(path, other)) {
                let message =
                    format!("{} would be read and written at once; name different files", path.display());
                return Err(Problem::new("same-file", message));
            }
        }
        let mut files = Files {
            cells: Cells::new(list.delimiter()),
            mark: list.byte_order_mark(),
            names: list.columns().names().map(str::to_owned).collect(),
            out: out.map(|path| Output { path, file: None }),
            rejects: Output { path: rejects, file: None },
            buffer: Vec::new(),
        };
        // What was asked for is there even when nothing is to be written, and is missed before the work and not after it.
        let taken = files.names.clone();
        let added = ADDED.iter().map(|name| free_name(name, &taken));
        let header: Vec<String> = files.names.iter().cloned().chain(added).collect();
        if let Some(out) = &mut files.out {
            out.begin(files.cells, files.mark, &header)?;
        }
        if args.rejects.is_some() {
            files.begin_rejects()?;
        }
        Ok(files)
    }

    fn begin_rejects(&mut self) -> Result<(), Problem> {
        let reasons = REASONS.iter().map(|name| free_name(name, &self.names));
        let header: Vec<String> = reasons.chain(self.names.iter().cloned()).collect();
        self.rejects.begin(self.cells, self.mark, &header)
    }

    /// Takes the next row, with the cells that [`format`] wrote for it.
    pub(super) fn write(&mut self, row: &Row<'_>, quote: &RowQuote, written: &[u8]) -> Result<(), Problem> {
        if let Some(out) = &mut self.out {
            self.buffer.clear();
            self.buffer.extend_from_slice(written);
            self.cells.write(quote.status.code(), false, &mut self.buffer);
            let price = if quote.status == Status::Priced { quote.price.to_string() } else { String::new() };
            self.cells.write(&price, false, &mut self.buffer);
            self.buffer.extend_from_slice(b"\r\n");
            out.write(&self.buffer)?;
        }
        if !quote.status.is_problem() {
            return Ok(());
        }
        if self.rejects.file.is_none() {
            self.begin_rejects()?;
        }
        self.buffer.clear();
        self.cells.write(&row.line().to_string(), true, &mut self.buffer);
        self.cells.write(quote.status.code(), false, &mut self.buffer);
        self.cells.write(quote.status.message(), false, &mut self.buffer);
        row.fields().for_each(|field| self.cells.write(field, false, &mut self.buffer));
        self.buffer.extend_from_slice(b"\r\n");
        self.rejects.write(&self.buffer)
    }

    /// Closes the files; gives back where rows that cannot be sent are, if there are any.
    pub(super) fn finish(mut self) -> Result<Option<PathBuf>, Problem> {
        if let Some(out) = &mut self.out {
            out.finish()?;
        }
        let any = self.rejects.file.is_some();
        self.rejects.finish()?;
        Ok(any.then_some(self.rejects.path))
    }
}

/// Writes what of a row's cells does not depend on the rows before it. A row of more or fewer fields than the list has
/// columns is cut or filled up here; what it had is among the rejects.
pub(super) fn format(
    cells: Cells,
    columns: usize,
    row: &Row<'_>,
    quote: &RowQuote,
    text: &str,
    out: &mut Vec<u8>,
) {
    for place in 0..columns {
        cells.write(row.field(place), place == 0, out);
    }
    cells.write(text, false, out);
    let read = row.trouble().is_none();
    cells.write(if read { quote.encoding.as_str() } else { "" }, false, out);
    cells.write(&if read { quote.segments.to_string() } else { String::new() }, false, out);
    let territory = quote.territory();
    cells.write(territory.as_ref().map_or("", |territory| territory.as_str()), false, out);
}

impl Output {
    fn begin(&mut self, cells: Cells, mark: bool, header: &[String]) -> Result<(), Problem> {
        let mut line = if mark { "\u{feff}".into() } else { Vec::new() };
        for (place, name) in header.iter().enumerate() {
            cells.write(name, place == 0, &mut line);
        }
        line.extend_from_slice(b"\r\n");
        let file = File::create(&self.path).map_err(|error| self.unwritable(&error))?;
        self.file = Some(BufWriter::with_capacity(1 << 18, file));
        self.write(&line)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let done = self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        done.map_err(|error| self.unwritable(&error))
    }

    fn finish(&mut self) -> Result<(), Problem> {
        let done = self.file.as_mut().map_or(Ok(()), Write::flush);
        done.map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &io::Error) -> Problem {
        Problem::new("unwritable-file", format!("cannot write {}: {error}", self.path.display()))
    }
}

/// `recipients.csv.gz` -> `recipients.rejects.csv`, in the same folder; of standard input in the working one.
fn beside(list: &Path) -> PathBuf {
    let name =
        list.file_name().and_then(|name| name.to_str()).filter(|name| *name != "-").unwrap_or("campaign");
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let stem = [".csv", ".tsv", ".txt"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    list.with_file_name(format!("{stem}.rejects.csv"))
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b && a.is_file())
}

/// A name that no column has yet.
fn free_name(name: &str, taken: &[String]) -> String {
    if taken.iter().any(|other| other.eq_ignore_ascii_case(name)) {
        format!("textmeter_{name}")
    } else {
        name.to_owned()
    }
}
