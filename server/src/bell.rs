//! The bell: whoever gives the relay something to do rings it, so that nothing waits for the next round.

use std::sync::Arc;

use tokio::sync::watch;

/// A bell that any number of workers listen to. Its clones are the same bell.
#[derive(Clone, Debug)]
pub struct Bell(Arc<watch::Sender<()>>);

impl Default for Bell {
    fn default() -> Bell {
        Bell(Arc::new(watch::Sender::new(())))
    }
}

impl Bell {
    /// Wakes everybody who listens, also those who are busy: they look again before they rest.
    pub fn ring(&self) {
        self.0.send_replace(());
    }

    /// An ear for it.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
