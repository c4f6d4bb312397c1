//! Who may send and where to, as the operator says.

use textmeter::Territory;

/// The number a provider's client is shown where no sender is configured: one of those set aside for fiction
/// (+1 202 555 0100 to 0199).
pub const STAND_IN: &str = "+12025550100";

/// A number messages are sent from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderNumber {
    /// The provider's id of it, `PN…`; empty when it is not known.
    pub id: String,
    /// E.164.
    pub number: String,
}

/// Which senders there are and which territories may be texted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendRules {
    /// The senders; none: any.
    pub senders: Vec<SenderNumber>,
    /// The territories that may be texted; none: every one the rate card has a price for.
    pub territories: Vec<Territory>,
}

impl SendRules {
    /// The sender of this id or number. Without configured ones everybody is one, of whom only that much is known.
    #[must_use]
    pub fn sender(&self, from: &str) -> Option<SenderNumber> {
        if self.senders.is_empty() {
            let id = if from.starts_with("PN") { from } else { "" };
            return Some(SenderNumber { id: id.to_owned(), number: from.to_owned() });
        }
        self.senders.iter().find(|sender| sender.id == from || sender.number == from).cloned()
    }

    /// Whether a territory may be texted; what belongs to none only where all may.
    #[must_use]
    pub fn allows(&self, territory: Option<&str>) -> bool {
        self.territories.is_empty()
            || territory
                .and_then(Territory::parse)
                .is_some_and(|territory| self.territories.contains(&territory))
    }

    /// The senders as a client may list them: a stand-in where none is configured, because clients choose from the list.
    #[must_use]
    pub fn listed(&self) -> Vec<SenderNumber> {
        if self.senders.is_empty() {
            return vec![SenderNumber { id: "PNtextmeter".to_owned(), number: STAND_IN.to_owned() }];
        }
        self.senders.clone()
    }
}
