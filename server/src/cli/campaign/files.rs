//! The priced list, and the rows that cannot be sent: every row of the list is in the first, in order, and every one that a
//! person has to look at in the second.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use textmeter::campaign::{PricedList, Row, RowQuote};

use super::CampaignArgs;
use crate::problem::Problem;

/// The files that are written.
pub(super) struct Files<'a> {
    list: PricedList<'a>,
    /// A spreadsheet needs the mark to see UTF-8; who gave one gets one.
    mark: bool,
    out: Option<Output>,
    rejects: Output,
    buffer: Vec<u8>,
}

struct Output {
    path: PathBuf,
    /// Opened when it is first written to.
    file: Option<BufWriter<File>>,
}

impl<'a> Files<'a> {
    pub(super) fn of(args: &CampaignArgs, list: PricedList<'a>, mark: bool) -> Result<Files<'a>, Problem> {
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
            list,
            mark,
            out: out.map(|path| Output { path, file: None }),
            rejects: Output { path: rejects, file: None },
            buffer: Vec::new(),
        };
        // What was asked for is there even when nothing is to be written, and is missed before the work and not after it.
        if let Some(out) = &mut files.out {
            let mut names = first_bytes(mark);
            list.write_names(&mut names);
            out.begin(&names)?;
        }
        if args.rejects.is_some() {
            files.begin_rejects()?;
        }
        Ok(files)
    }

    fn begin_rejects(&mut self) -> Result<(), Problem> {
        let mut names = first_bytes(self.mark);
        self.list.write_reject_names(&mut names);
        self.rejects.begin(&names)
    }

    /// Takes the next row, with the first half of it as it was written before.
    pub(super) fn write(&mut self, row: &Row<'_>, quote: &RowQuote, start: &[u8]) -> Result<(), Problem> {
        if let Some(out) = &mut self.out {
            self.buffer.clear();
            self.buffer.extend_from_slice(start);
            self.list.write_row_end(quote, &mut self.buffer);
            out.write(&self.buffer)?;
        }
        if !quote.status.is_problem() {
            return Ok(());
        }
        if self.rejects.file.is_none() {
            self.begin_rejects()?;
        }
        self.buffer.clear();
        self.list.write_reject(row, quote, &mut self.buffer);
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

impl Output {
    fn begin(&mut self, names: &[u8]) -> Result<(), Problem> {
        let file = File::create(&self.path).map_err(|error| self.unwritable(&error))?;
        self.file = Some(BufWriter::with_capacity(1 << 18, file));
        self.write(names)
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

fn first_bytes(mark: bool) -> Vec<u8> {
    if mark { "\u{feff}".into() } else { Vec::new() }
}
