//! What everything that answers shares.

use std::sync::Arc;

use crate::{card::LoadedCard, ledger::Ledger, metrics::Metrics};

/// The card, the ledger and the counters. Its clones are the same application.
#[derive(Clone, Debug)]
pub struct App {
    /// The rate card every price comes from.
    pub card: Arc<LoadedCard>,
    /// The prepaid credits.
    pub ledger: Ledger,
    /// What is counted.
    pub metrics: Metrics,
}

impl App {
    /// An application that quotes by a card and charges a ledger.
    #[must_use]
    pub fn new(card: LoadedCard, ledger: Ledger) -> App {
        App { card: Arc::new(card), ledger, metrics: Metrics::default() }
    }
}
