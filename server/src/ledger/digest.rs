//! SHA-256, of request bodies and of secrets.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::value::{Field, Kind, Unreadable, Value};

/// A SHA-256: of a request's body, so that a key is not reused for another one, or of an API key's secret, which is
/// itself never stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// Its 256 bits.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A digest in the making, of bytes that come in pieces.
#[derive(Clone, Default)]
pub struct Digesting(Sha256);

impl Digesting {
    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that were added.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(self.0.clone().finalize().into())
    }
}

impl fmt::Debug for Digesting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digesting").finish_non_exhaustive()
    }
}

/// Eight hexadecimal digits of it: enough to tell two apart in a log.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.iter().take(4) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…")
    }
}

impl Field for Digest {
    const KIND: Kind = Kind::Bytes;
    fn value(&self) -> Value {
        Value::Bytes(self.0.to_vec())
    }
    fn read(value: Value) -> Result<Digest, Unreadable> {
        let Value::Bytes(bytes) = value else { return Err(Unreadable) };
        bytes.try_into().map(Digest).map_err(|_| Unreadable)
    }
}
