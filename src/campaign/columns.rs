//! Which column of a list is what, found by the names in its first row.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{Batch, template::at_place};
use crate::{
    Territory,
    error::{Code, Error},
    phone::read_number,
    spell,
};

/// Names of the column with the numbers, folded, the likeliest first: what is meant for texts goes before what may be a
/// landline.
const PHONE_NAMES: [&str; 41] = [
    "to",
    "e164",
    "msisdn",
    "recipient",
    "recipients",
    "recipientphone",
    "smsnumber",
    "smsphonenumber",
    "smsphone",
    "mobile",
    "mobilephone",
    "mobilenumber",
    "mobilephonenumber",
    "mobileno",
    "cell",
    "cellphone",
    "cellnumber",
    "phonenumber",
    "phone",
    "phoneno",
    "number",
    "primaryphone",
    "primaryphonenumber",
    "phone1",
    "phone1value",
    "contactnumber",
    "tel",
    "telephone",
    "telephonenumber",
    "handy",
    "handynummer",
    "mobil",
    "mobilnummer",
    "móvil",
    "movil",
    "celular",
    "telefon",
    "telefonnummer",
    "teléfono",
    "telefono",
    "portable",
];

/// Names of the column that says who wants no texts, folded.
const OPT_OUT_NAMES: [&str; 14] = [
    "optedout",
    "optout",
    "smsoptout",
    "smsoptedout",
    "unsubscribed",
    "smsunsubscribed",
    "unsubscribe",
    "stop",
    "stopped",
    "donotcontact",
    "donottext",
    "dnc",
    "dnd",
    "blocked",
];

/// At most so many names are listed in an error.
const NAMES_LISTED_MAX: usize = 20;

/// What the caller knows about a list's columns.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The column with the numbers; found by its name if it is not said.
    pub phone: Option<&'a str>,
    /// The column that says who wants no texts; found by its name if it is not said.
    pub opt_out: Option<&'a str>,
    /// Whether the first row has names. Without, columns are called `1`, `2`, …
    pub header: bool,
    /// Where a number without a country code is.
    pub region: Territory,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Wanted { phone: None, opt_out: None, header: true, region: Territory::US }
    }
}

/// The columns of a list.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    folded: Vec<String>,
    phone: usize,
    opt_out: Option<usize>,
}

impl Columns {
    /// Finds the columns by the first row of `first`.
    ///
    /// # Errors
    ///
    /// `empty-list`; `missing-header` when the first row has a number in it; `missing-column` and `ambiguous-column` with the
    /// names there are.
    pub fn find(first: &Batch, wanted: &Wanted<'_>) -> Result<Columns, Error> {
        let Some(row) = first.row(0).filter(|row| row.fields().any(|field| !field.trim().is_empty())) else {
            return Err(Error::new(Code::EmptyList, "", "there is nothing in the list"));
        };
        let cells: Vec<&str> = row.fields().map(str::trim).collect();
        let number = |cell: &&str| cell.len() > 6 && read_number(cell, wanted.region).is_ok();
        let first_number = cells.iter().position(number);
        if let (true, Some(place)) = (wanted.header, first_number) {
            let place = spell::whole(place as u64 + 1);
            let message = spell::joined(&[
                "the first row has a phone number in column ",
                &place,
                " where the columns' names should be; add a row of names, or say that there is none",
            ]);
            return Err(Error::new(Code::MissingHeader, "", message));
        }
        let names: Vec<String> = if wanted.header {
            cells.iter().map(|cell| (*cell).to_string()).collect()
        } else {
            (1..=cells.len()).map(|place| spell::whole(place as u64)).collect()
        };
        let phone = if wanted.header { None } else { first_number };
        Columns::of(names, phone, wanted)
    }

    /// The columns of a list without a first row, such as one of JSON lines, by their names.
    ///
    /// # Errors
    ///
    /// `missing-column` and `ambiguous-column`, as [`find`](Self::find).
    pub fn named(names: Vec<String>, wanted: &Wanted<'_>) -> Result<Columns, Error> {
        Columns::of(names, None, wanted)
    }

    fn of(names: Vec<String>, phone: Option<usize>, wanted: &Wanted<'_>) -> Result<Columns, Error> {
        let folded = names.iter().map(|name| self::folded(name)).collect();
        let mut columns = Columns { names, folded, phone: 0, opt_out: None };
        columns.phone = match (wanted.phone, phone) {
            (Some(name), _) => columns.place(name).map_err(|error| error.at("phone_column"))?,
            (None, Some(place)) => place,
            (None, None) => columns.phone_by_name()?,
        };
        columns.opt_out = match wanted.opt_out {
            Some(name) => Some(columns.place(name).map_err(|error| error.at("opt_out_column"))?),
            None => {
                OPT_OUT_NAMES.iter().find_map(|known| columns.folded.iter().position(|name| name == known))
            }
        };
        Ok(columns)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none: never, since one has the numbers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a column.
    #[must_use]
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// The column with the numbers.
    #[must_use]
    pub const fn phone(&self) -> usize {
        self.phone
    }

    /// The column that says who wants no texts.
    #[must_use]
    pub const fn opt_out(&self) -> Option<usize> {
        self.opt_out
    }

    /// Other columns that could have the numbers: somebody should look before sending.
    pub fn other_phones(&self) -> impl Iterator<Item = &str> {
        let others =
            self.folded.iter().enumerate().filter(|(place, name)| *place != self.phone && is_phone(name));
        others.map(|(place, _)| self.name(place))
    }

    fn phone_by_name(&self) -> Result<usize, Unfound> {
        let known = PHONE_NAMES.iter().find_map(|known| {
            let mut places = self.folded.iter().enumerate().filter(|(_, name)| name == known);
            Some((places.next()?.0, places.next().is_some()))
        });
        match known {
            Some((place, false)) => return Ok(place),
            Some((place, true)) => return Err(self.several(self.name(place)).at_once("phone_column")),
            None => {}
        }
        let mut alike = self.folded.iter().enumerate().filter(|(_, name)| is_phone(name));
        match (alike.next(), alike.next()) {
            (Some((place, _)), None) => Ok(place),
            (first, second) => {
                let code = if second.is_some() { Code::AmbiguousColumn } else { Code::MissingColumn };
                let message = spell::joined(&[
                    if first.is_some() {
                        "several columns could have the phone numbers; say which one: "
                    } else {
                        "no column is called phone, mobile, number, to or the like; say which one has the numbers: "
                    },
                    &self.listed(),
                ]);
                Err(Unfound { code, at: "phone_column", message })
            }
        }
    }

    /// The column of a name: written so, or else meaning the same.
    pub(super) fn place(&self, name: &str) -> Result<usize, Unfound> {
        let exact = |place: &usize| self.names.get(*place).is_some_and(|known| known == name);
        let folded = self::folded(name);
        let alike = |place: &usize| !folded.is_empty() && self.folded.get(*place) == Some(&folded);
        for mut found in [Places::new(self, &exact), Places::new(self, &alike)] {
            match (found.next(), found.next()) {
                (Some(place), None) => return Ok(place),
                (Some(_), Some(_)) => return Err(self.several(name)),
                (None, _) => {}
            }
        }
        let mut message =
            spell::joined(&["the list has no column \"", &short(name), "\"; it has ", &self.listed()]);
        if let Some(near) = self.nearest(&folded) {
            message.push_str("; did you mean ");
            message.push_str(near);
            message.push('?');
        }
        Err(Unfound { code: Code::MissingColumn, at: "", message })
    }

    fn several(&self, name: &str) -> Unfound {
        let message = spell::joined(&[
            "several columns are called \"",
            &short(name),
            "\"; give each a name of its own",
        ]);
        Unfound { code: Code::AmbiguousColumn, at: "", message }
    }

    fn listed(&self) -> String {
        let shown: Vec<String> = self.names.iter().take(NAMES_LISTED_MAX).map(|name| short(name)).collect();
        let mut listed = spell::listed(&mut shown.iter().map(String::as_str));
        if self.names.len() > NAMES_LISTED_MAX {
            listed.push_str(", …");
        }
        listed
    }

    fn nearest(&self, folded: &str) -> Option<&str> {
        let distance = |(place, name): (usize, &String)| (typos(folded, name), place);
        let (typos, place) = self.folded.iter().enumerate().take(200).map(distance).min()?;
        (typos <= 2 && typos < folded.chars().count()).then(|| self.name(place))
    }
}

/// The places of columns that are what is looked for.
struct Places<'a> {
    places: core::ops::Range<usize>,
    wanted: &'a dyn Fn(&usize) -> bool,
}

impl<'a> Places<'a> {
    fn new(columns: &Columns, wanted: &'a dyn Fn(&usize) -> bool) -> Places<'a> {
        Places { places: 0..columns.names.len(), wanted }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        self.places.by_ref().find(self.wanted)
    }
}

/// A column that is not there, or there more than once.
#[derive(Debug)]
pub(super) struct Unfound {
    code: Code,
    at: &'static str,
    message: String,
}

impl Unfound {
    fn at(self, at: &'static str) -> Error {
        Error::new(self.code, at, self.message)
    }

    fn at_once(self, at: &'static str) -> Unfound {
        Unfound { at, ..self }
    }

    /// The error at a place of the template.
    pub(super) fn in_template(self, utf16: &core::ops::Range<usize>) -> Error {
        at_place(self.code, utf16, &self.message)
    }
}

impl From<Unfound> for Error {
    fn from(unfound: Unfound) -> Error {
        Error::new(unfound.code, unfound.at, unfound.message)
    }
}

fn is_phone(folded: &str) -> bool {
    PHONE_NAMES.contains(&folded)
        || (["phone", "mobile", "cell"].iter().any(|word| folded.contains(word))
            && !["type", "label", "carrier", "country", "status", "model"]
                .iter()
                .any(|word| folded.ends_with(word)))
}

/// A name without what people write differently: capitals, blanks, hyphens, underscores, dots.
#[must_use]
pub fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a column of this name says who wants no texts.
#[must_use]
pub fn is_opt_out_name(name: &str) -> bool {
    OPT_OUT_NAMES.contains(&folded(name).as_str())
}

/// So much of a name as an error repeats, without what would break its line.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// How many letters must be typed otherwise to make one name the other (Levenshtein); at most 40 letters are looked at.
fn typos(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, x) in a.chars().take(40).enumerate() {
        let mut before = core::mem::replace(row.first_mut().unwrap_or(&mut 0), line + 1);
        let mut left = line + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let here = (before + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            before = core::mem::replace(cell, here);
            left = here;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Whether a cell of the opt-out column says that somebody wants no texts. Whatever is not plainly a no is one: a date, a
/// reason, `STOP`. Nobody who asked for silence is texted because of a word we did not know.
#[must_use]
pub fn is_opted_out(cell: &str) -> bool {
    const NO: [&str; 13] =
        ["", "no", "n", "false", "f", "0", "-", "none", "null", "nein", "non", "never", "n/a"];
    let cell = cell.trim();
    !NO.iter().any(|no| no.eq_ignore_ascii_case(cell))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn columns(names: &[&str]) -> Result<Columns, Error> {
        Columns::named(names.iter().map(|name| (*name).to_string()).collect(), &Wanted::default())
    }

    #[test]
    fn numbers_are_found_by_name() {
        for (names, place) in [
            (vec!["First Name", "Phone Number"], 1),
            (vec!["phone", "MOBILE"], 1),
            (vec!["Home Phone", "name"], 0),
            (vec!["Phone 1 - Type", "Phone 1 - Value"], 1),
            (vec!["Téléphone portable", "Teléfono"], 1),
            (vec!["id", "to"], 1),
        ] {
            assert_eq!(columns(&names).unwrap().phone(), place, "{names:?}");
        }
        let code = |names: &[&str]| columns(names).unwrap_err().code();
        assert_eq!(code(&["a", "b"]), Code::MissingColumn);
        assert_eq!(code(&["phone", "Phone"]), Code::AmbiguousColumn);
        assert_eq!(code(&["home phone", "work phone"]), Code::AmbiguousColumn);
        let both = columns(&["phone", "mobile"]).unwrap();
        assert_eq!(both.other_phones().collect::<Vec<_>>(), ["phone"]);
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        let columns = columns(&["to", "First Name", "code", "Code"]).unwrap();
        assert_eq!(columns.place("first_name").unwrap(), 1);
        assert_eq!(columns.place("Code").unwrap(), 3);
        assert_eq!(columns.place("CODE").unwrap_err().code, Code::AmbiguousColumn);
        let error = columns.place("frist_name").unwrap_err();
        assert!(error.message.ends_with("did you mean First Name?"), "{}", error.message);
        assert!(!columns.place("zzz").unwrap_err().message.contains("did you mean"));
    }

    #[test]
    fn only_a_plain_no_is_no_opt_out() {
        assert!(["", " No ", "FALSE", "0", "n/a"].iter().all(|cell| !is_opted_out(cell)));
        assert!(["yes", "1", "2025-01-01", "STOP", "maybe"].iter().all(|cell| is_opted_out(cell)));
    }
}
