//! API keys. The secret is shown once; what is stored is its SHA-256.

use std::time::Duration;

use super::digest::Digest;
use super::id::{AccountId, KeyId};
use super::moment::Moment;
use super::table::record;

record! {
    "api_keys", keys 1, changing;
    /// An API key of a workspace.
    pub struct ApiKey {
        /// The SHA-256 of its secret.
        pub digest: Digest,
        /// Whose.
        pub account_id: AccountId,
        /// Its id, to revoke it by.
        pub id: KeyId,
        /// What people call it.
        pub label: String,
        /// What it may do.
        pub scopes: Vec<String>,
        /// When it was made.
        pub created_at: Moment,
        /// When it stops working.
        pub expires_at: Option<Moment>,
        /// When it was revoked.
        pub revoked_at: Option<Moment>,
        /// Counts its changes.
        pub version: i64,
    }
}

impl ApiKey {
    /// Whether it works at `now`.
    #[must_use]
    pub fn works_at(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// The most keys of a workspace that work at the same time; those that have expired or were revoked do not count.
pub const KEYS_WORKING_MAX: usize = 100;

/// Makes an API key.
#[derive(Clone, Debug)]
pub struct CreateKey {
    /// Whose.
    pub account: AccountId,
    /// Its id.
    pub id: KeyId,
    /// The SHA-256 of its secret.
    pub digest: Digest,
    /// What people call it: 1 to 200 characters, no control characters.
    pub label: String,
    /// What it may do: up to 32, of 1 to 40 characters each.
    pub scopes: Vec<String>,
    /// For how long it works; `None`: until it is revoked.
    pub lifetime: Option<Duration>,
}

/// Stops an API key from working, at once and for good.
#[derive(Clone, Debug)]
pub struct RevokeKey {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub id: KeyId,
}

/// How many letters a secret has after its prefix: 62^43 is more than 256 bits.
const SECRET_LETTERS: usize = 43;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new secret for an API key: `tm_` and 43 letters and digits from the system's randomness; nothing when the system
/// has none.
#[must_use]
pub fn new_secret() -> Option<String> {
    let mut secret = String::from("tm_");
    let mut random = [0_u8; 64];
    while secret.len() < SECRET_LETTERS + 3 {
        getrandom::fill(&mut random).ok()?;
        // Six bits each, and those beyond the alphabet are thrown away: every letter is as likely as another.
        let letters = random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 63)));
        let missing = SECRET_LETTERS + 3 - secret.len();
        secret.extend(letters.take(missing).map(|letter| char::from(*letter)));
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_have_their_form() {
        let (one, two) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one, two);
        for secret in [one, two] {
            let letters = secret.strip_prefix("tm_").unwrap();
            assert_eq!(letters.len(), SECRET_LETTERS);
            assert!(letters.bytes().all(|letter| letter.is_ascii_alphanumeric()), "{secret}");
        }
    }
}
