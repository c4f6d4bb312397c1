//! Territories: ISO 3166-1 alpha-2 codes.

use core::fmt;

use crate::spell;

/// A territory by its ISO 3166-1 alpha-2 code, as in `GB`; Kosovo is the user-assigned `XK`.
///
/// The code is only checked for its form (two letters A to Z): which territories have a rate is the card's business.
///
/// ```
/// use textmeter::Territory;
/// let gb = Territory::parse("GB").unwrap();
/// assert_eq!(gb.as_str(), "GB");
/// assert_eq!(Territory::parse("gb"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Territory([u8; 2]);

impl Territory {
    /// The United States.
    pub const US: Territory = Territory(*b"US");
    /// Canada.
    pub const CA: Territory = Territory(*b"CA");

    /// A territory from its two capital letters; `None` for anything else.
    #[must_use]
    pub const fn parse(code: &str) -> Option<Territory> {
        match code.as_bytes() {
            &[a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Some(Territory([a, b])),
            _ => None,
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        spell::ascii(&self.0)
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
