//! What became of a row.

use crate::phone::NumberProblem;

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:expr;)*) => {
        /// What became of a row: a price, or why it is not sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Status { $($(#[$doc])* $name,)* }

        impl Status {
            /// All of them, in the order in which they are told.
            pub const ALL: &'static [Status] = &[$(Status::$name),*];

            /// The code as it crosses every border: kebab-case, never changed once published.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Status::$name => $code,)* }
            }

            /// For people.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Status::$name => $message,)* }
            }
        }
    };
}

statuses! {
    /// It has a price and can be sent.
    Priced = "priced", "It can be sent.";
    /// The number stood further up already.
    DuplicateNumber = "duplicate-number", "The number stands further up already; it is texted once.";
    /// Somebody who wants no texts, by this row or by one further up with the same number.
    OptedOut = "opted-out", "This person wants no texts.";
    /// The number is rounded: a spreadsheet did that.
    RoundedNumber = "rounded-number",
        "A spreadsheet has rounded this number (as in 4.474E+11). Format the column as text and export it again.";
    /// There is no number.
    Empty = "empty", "There is no number.";
    /// Not a phone number.
    NotANumber = "not-a-number", NumberProblem::NotANumber.message();
    /// A short code.
    ShortCode = "short-code", NumberProblem::ShortCode.message();
    /// Letters.
    Alphanumeric = "alphanumeric", NumberProblem::Alphanumeric.message();
    /// An area code nobody has.
    UnassignedAreaCode = "unassigned-area-code", NumberProblem::UnassignedAreaCode.message();
    /// A calling code nobody has.
    UnknownCallingCode = "unknown-calling-code", NumberProblem::UnknownCallingCode.message();
    /// Digits are missing.
    TooShort = "too-short", NumberProblem::TooShort.message();
    /// Too many digits.
    TooLong = "too-long", NumberProblem::TooLong.message();
    /// The card has no rate for it.
    NoRate = "no-rate", "No rate is published for this destination.";
    /// The price is out of range.
    AmountOutOfRange = "amount-out-of-range", "The price is beyond what can be calculated exactly.";
    /// The text is empty or only blanks.
    BlankText = "blank-text", "There is nothing to send: the text is empty or only blanks.";
    /// The text is longer than the channel takes.
    TextTooLong = "text-too-long", "The text is longer than this channel takes.";
    /// More parts than a text can have.
    TooManySegments = "too-many-segments", "A text can have 255 segments at most.";
    /// The row has more or fewer fields than the first.
    WrongFieldCount = "wrong-field-count", "The row has more or fewer fields than the first one has names.";
    /// The row is longer than is read.
    RowTooLong = "row-too-long",
        "The row is longer than 1 MiB, perhaps because a quote is not closed; it was passed over.";
    /// The row is not in the encoding the list is said to have.
    InvalidUtf8 = "invalid-utf-8", "The row is not UTF-8.";
    /// The row is no JSON object.
    InvalidJson = "invalid-json", "The line is no JSON object of strings.";
}

/// How many statuses there are.
pub(super) const STATUSES: usize = Status::ALL.len();

impl From<NumberProblem> for Status {
    fn from(problem: NumberProblem) -> Status {
        match problem {
            NumberProblem::Empty => Status::Empty,
            NumberProblem::NotANumber => Status::NotANumber,
            NumberProblem::ShortCode => Status::ShortCode,
            NumberProblem::Alphanumeric => Status::Alphanumeric,
            NumberProblem::UnassignedAreaCode => Status::UnassignedAreaCode,
            NumberProblem::UnknownCallingCode => Status::UnknownCallingCode,
            NumberProblem::TooShort => Status::TooShort,
            NumberProblem::TooLong => Status::TooLong,
        }
    }
}

impl Status {
    /// Whether a person has to look at the row: neither sent nor left out on purpose.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        !matches!(self, Status::Priced | Status::DuplicateNumber | Status::OptedOut)
    }
}
