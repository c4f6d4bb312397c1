//! What everything that answers shares.

use std::sync::Arc;

use crate::{
    bell::Bell, card::LoadedCard, ledger::Ledger, metrics::Metrics, payment::PaymentInbox, places::Lists,
    senders::SendRules,
};

/// The card, the ledger and the counters. Its clones are the same application.
#[derive(Clone, Debug)]
pub struct App {
    /// The rate card every price comes from.
    pub card: Arc<LoadedCard>,
    /// The prepaid credits.
    pub ledger: Ledger,
    /// What is counted.
    pub metrics: Metrics,
    /// Who may send, and where to.
    pub rules: Arc<SendRules>,
    /// How outcomes of payments are recognised; without it nobody can tell any.
    pub payments: Option<Arc<PaymentInbox>>,
    /// Rung when the relay has something to do.
    pub bell: Bell,
    /// Whether webhooks may go to private addresses: only where everybody who sets one is trusted.
    pub private_webhooks: bool,
    /// A place for each list that is priced.
    pub lists: Lists,
    /// The same for lists of campaigns: whoever only asks for prices is not in the way of those who send.
    pub drafts: Lists,
}

impl App {
    /// An application that quotes by a card and charges a ledger, without further rules.
    #[must_use]
    pub fn new(card: LoadedCard, ledger: Ledger) -> App {
        App {
            card: Arc::new(card),
            ledger,
            rules: Arc::new(SendRules::default()),
            payments: None,
            metrics: Metrics::default(),
            bell: Bell::default(),
            private_webhooks: false,
            lists: Lists::default(),
            drafts: Lists::default(),
        }
    }
}
