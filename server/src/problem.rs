//! What went wrong at the edge, as it is told to programs and people.

use std::{borrow::Cow, fmt};

use serde::Serialize;

/// A failure with a stable code: the pricing crate's own, or one of the edge's (`invalid-json`, `invalid-utf-8`, …).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    code: Cow<'static, str>,
    message: String,
    at: String,
}

impl Problem {
    /// A problem of the edge.
    pub fn new(code: &'static str, message: impl Into<String>) -> Problem {
        Problem { code: Cow::Borrowed(code), message: message.into(), at: String::new() }
    }

    /// The same, said of a field.
    #[must_use]
    pub fn about(self, at: impl Into<String>) -> Problem {
        Problem { at: at.into(), ..self }
    }

    /// The code, for programs.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The message, for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The field it is about; empty when it is the whole.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }

    /// The same, said of a file.
    #[must_use]
    pub fn within(self, file: &str) -> Problem {
        Problem { message: format!("in {file}: {}", self.message), ..self }
    }

    /// A line for programs: `{"error":{"code","message","at"}}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Line<'a> {
            error: &'a Problem,
        }
        // Three strings cannot fail to be written.
        serde_json::to_string(&Line { error: self }).unwrap_or_default()
    }
}

impl From<textmeter::Error> for Problem {
    fn from(error: textmeter::Error) -> Problem {
        Problem {
            code: Cow::Borrowed(error.code().as_str()),
            message: error.message().to_owned(),
            at: error.at().to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.at, self.message)
        }
    }
}

impl std::error::Error for Problem {}
