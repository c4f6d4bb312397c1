//! How far it is, for whoever watches: nothing is drawn where nobody does.

use std::{
    sync::{Arc, atomic::AtomicU64, atomic::Ordering},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::campaign::source::Source;

/// Rows between two looks at the clock.
const ROWS_A_LOOK: u64 = 4_096;

/// A bar on the terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    known: bool,
    rows: std::cell::Cell<u64>,
}

impl Progress {
    pub(super) fn of(source: &Source) -> Progress {
        let bar = match source.len {
            Some(len) => ProgressBar::new(len),
            None => ProgressBar::no_length(),
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        let template = match source.len {
            Some(_) => "{bar:40} {percent:>3} %  {msg}  {eta} left",
            None => "{spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Progress { bar, read: Arc::clone(&source.read), known: source.len.is_some(), rows: 0.into() }
    }

    /// Another row is done.
    pub(super) fn row(&self) {
        let rows = self.rows.get() + 1;
        self.rows.set(rows);
        if !rows.is_multiple_of(ROWS_A_LOOK) || self.bar.is_hidden() {
            return;
        }
        let elapsed = self.bar.elapsed().max(Duration::from_millis(1));
        let per_second = u128::from(rows) * 1_000 / elapsed.as_millis();
        self.bar.set_message(format!("{} rows, {per_second} a second", super::readable::grouped(rows)));
        if self.known {
            self.bar.set_position(self.read.load(Ordering::Relaxed));
        } else {
            self.bar.tick();
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
