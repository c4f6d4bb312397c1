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
    /// A spreadsheet needs the mark to see UTF-8.
    mark: bool,
    out: Option<Output>,
    rejects: Output,
    /// Whether somebody named the file of the rejects. Beside a list in a folder that cannot be written to, or behind a
    /// pipe of the shell's, there is none, and that does not stop the work.
    rejects_asked_for: bool,
    buffer: Vec<u8>,
}

/// Where rows that cannot be sent are.
pub(super) enum Rejects {
    None,
    In(PathBuf),
    Nowhere(Problem),
}

struct Output {
    path: PathBuf,
    /// Opened when it is first written to.
    file: Option<BufWriter<File>>,
    /// Why it could not be.
    failed: Option<Problem>,
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
            out: out.map(Output::of),
            rejects: Output::of(rejects),
            rejects_asked_for: args.rejects.is_some(),
            buffer: Vec::new(),
        };
        // What was asked for is there even when nothing is to be written, and is missed before the work and not after it.
        if let Some(out) = &mut files.out {
            let mut names = first_bytes(mark);
            list.write_names(&mut names);
            out.begin(&names)?;
        }
        if files.rejects_asked_for {
            files.begin_rejects()?;
        }
        Ok(files)
    }

    fn begin_rejects(&mut self) -> Result<(), Problem> {
        let mut names = first_bytes(self.mark);
        self.list.write_reject_names(&mut names);
        match self.rejects.begin(&names) {
            Err(problem) if !self.rejects_asked_for => {
                self.rejects.failed = Some(problem);
                Ok(())
            }
            begun => begun,
        }
    }

    /// Takes the next row, with the first half of it as it was written before.
    pub(super) fn write(&mut self, row: &Row<'_>, quote: &RowQuote, start: &[u8]) -> Result<(), Problem> {
        if let Some(out) = &mut self.out {
            self.buffer.clear();
            self.buffer.extend_from_slice(start);
            self.list.write_row_end(quote, &mut self.buffer);
            out.write(&self.buffer)?;
        }
        if !quote.status.is_problem() || self.rejects.failed.is_some() {
            return Ok(());
        }
        if self.rejects.file.is_none() {
            self.begin_rejects()?;
        }
        self.buffer.clear();
        self.list.write_reject(row, quote, &mut self.buffer);
        self.rejects.write(&self.buffer)
    }

    /// Closes the files; gives back where rows that cannot be sent are.
    pub(super) fn finish(mut self) -> Result<Rejects, Problem> {
        if let Some(out) = &mut self.out {
            out.finish()?;
        }
        self.rejects.finish()?;
        Ok(match (self.rejects.failed, self.rejects.file) {
            (Some(problem), _) => Rejects::Nowhere(problem),
            (None, Some(_)) => Rejects::In(self.rejects.path),
            (None, None) => Rejects::None,
        })
    }
}

impl Output {
    const fn of(path: PathBuf) -> Output {
        Output { path, file: None, failed: None }
    }

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

/// Whether two paths are one file, or would be if they were there. What is no file (a terminal, /dev/null) may be named twice.
fn same(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(path.file_name()?))
        })
    };
    let file = |path: &Path| path.is_file() || !path.exists();
    file(a) && file(b) && (a == b || place(a).is_some_and(|a| Some(a) == place(b)))
}

fn first_bytes(mark: bool) -> Vec<u8> {
    if mark { "\u{feff}".into() } else { Vec::new() }
}
