//! Names of things: UUID version 7 each, so that newer ones sort later and an index grows at its end.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// It is made by whoever asks for the thing, once, before the first attempt: the ledger takes a second request
        /// of the same id for the same request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "two defaults would differ")]
            pub fn new() -> $name {
                $name(Uuid::now_v7())
            }

            /// One that was made elsewhere.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> $name {
                $name(uuid)
            }

            /// Its 128 bits.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<$name, uuid::Error> {
                Uuid::parse_str(text).map($name)
            }
        }
    )*};
}

ids! {
    /// An account: one per workspace, and the workspace's own id.
    AccountId;
    /// A charge. Gateways are given it as the provider's reference.
    ChargeId;
    /// A quote whose price is locked.
    QuoteId;
    /// One attempt of auto-charge to take a payment.
    AttemptId;
    /// One application of all credits to the subscription.
    ApplicationId;
    /// A campaign.
    CampaignId;
    /// An API key (never the secret).
    KeyId;
    /// An event to tell by webhook.
    EventId;
}
