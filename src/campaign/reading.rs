//! How a list's bytes are read, where somebody knows better than what can be seen of them.

/// How a list is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListEncoding {
    /// UTF-8; a row that is none is read as Windows-1252, and that is counted. Judged row by row, so that it does not
    /// matter how far into a list the first such row stands: text in Windows-1252 that happens to be valid UTF-8 does
    /// not occur in practice, and plain ASCII is the same in both.
    #[default]
    Auto,
    /// UTF-8; a row that is none is a problem.
    Utf8,
    /// Windows-1252, as Excel writes in western countries.
    Windows1252,
}

impl ListEncoding {
    /// All of them, the usual one first.
    pub const ALL: [ListEncoding; 3] = [ListEncoding::Auto, ListEncoding::Utf8, ListEncoding::Windows1252];

    /// As it is written on the wire: `auto`, `utf-8` or `windows-1252`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ListEncoding::Auto => "auto",
            ListEncoding::Utf8 => "utf-8",
            ListEncoding::Windows1252 => "windows-1252",
        }
    }
}

/// What is said of how a list is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListReading {
    /// The encoding.
    pub encoding: ListEncoding,
    /// What parts the fields; found out if it is not said.
    pub delimiter: Option<u8>,
}

/// A delimiter as people write it: one character, or the word `tab`. Nothing that a number or a name may be made of.
///
/// ```
/// use textmeter::campaign::read_delimiter;
/// assert_eq!((read_delimiter(";"), read_delimiter("tab")), (Some(b';'), Some(b'\t')));
/// assert_eq!((read_delimiter("a"), read_delimiter("\""), read_delimiter("")), (None, None, None));
/// ```
#[must_use]
pub fn read_delimiter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        b"tab" => Some(b'\t'),
        [byte]
            if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\r' | b'\n') =>
        {
            Some(*byte)
        }
        _ => None,
    }
}
