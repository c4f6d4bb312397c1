//! How the twin is set up: flags, then the environment, then a file, then what holds by itself.

mod relay;
mod settings;
mod sources;

pub use settings::{SETTINGS, Setting};
pub use sources::{Flags, Sources};

use std::{fmt::Write as _, net::SocketAddr, num::NonZeroU32, path::PathBuf, str::FromStr, time::Duration};

use crate::{ledger::is_keywords, problem::Problem};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag,
    /// A variable of the environment.
    Environment,
    /// The file given by `--config`.
    File,
    /// Nobody said otherwise.
    Default,
}

impl Origin {
    const fn as_str(self) -> &'static str {
        match self {
            Origin::Flag => "flag",
            Origin::Environment => "environment",
            Origin::File => "file",
            Origin::Default => "default",
        }
    }
}

/// Every setting with its value and where that is from.
#[derive(Clone)]
pub struct Config {
    values: Vec<(&'static Setting, Option<String>, Origin)>,
}

impl Config {
    /// The values as the sources say, each from the strongest one that has it.
    #[must_use]
    pub fn new(sources: &Sources) -> Config {
        let values = SETTINGS
            .iter()
            .map(|setting| {
                let (value, origin) = sources.find(setting);
                (setting, value, origin)
            })
            .collect();
        Config { values }
    }

    /// The value of a setting; `None` where it is off.
    fn text(&self, name: &str) -> Option<&str> {
        let (_, value, _) = self.values.iter().find(|(setting, ..)| setting.name == name)?;
        value.as_deref().filter(|value| !value.is_empty())
    }

    /// The value of a setting as what it has to be.
    ///
    /// # Errors
    ///
    /// `invalid-setting`, with the setting and where its value is from.
    pub fn parsed<T: FromStr>(&self, name: &'static str, wanted: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => {
                let origin = self.values.iter().find(|(setting, ..)| setting.name == name);
                let origin = origin.map_or("", |(.., origin)| origin.as_str());
                let message = format!("the setting {name} (from: {origin}) must be {wanted}");
                Err(Problem::new("invalid-setting", message))
            }
        }
    }

    fn needed<T: FromStr>(&self, name: &'static str, wanted: &str) -> Result<T, Problem> {
        self.parsed(name, wanted)?
            .ok_or_else(|| Problem::new("invalid-setting", format!("the setting {name} must be {wanted}")))
    }

    /// A setting that is on or off.
    ///
    /// # Errors
    ///
    /// As [`parsed`](Self::parsed).
    pub fn on(&self, name: &'static str) -> Result<bool, Problem> {
        Ok(self.parsed::<Switch>(name, "on or off")?.is_some_and(|switch| switch.0))
    }

    /// The address to listen on.
    ///
    /// # Errors
    ///
    /// As [`parsed`](Self::parsed).
    pub fn listen(&self) -> Result<SocketAddr, Problem> {
        self.needed("listen", "an address and a port, as in 127.0.0.1:8080")
    }

    /// The ledger: a path or a URL.
    #[must_use]
    pub fn db(&self) -> &str {
        self.text("db").unwrap_or("textmeter.db")
    }

    /// A path.
    #[must_use]
    pub fn path(&self, name: &'static str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// A plain text setting.
    #[must_use]
    pub fn string(&self, name: &'static str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A whole number, up to some four billion.
    ///
    /// # Errors
    ///
    /// As [`parsed`](Self::parsed).
    pub fn number(&self, name: &'static str) -> Result<u32, Problem> {
        self.needed(name, "a whole number from 0 up to 4294967295")
    }

    /// A time that somebody has to do something.
    ///
    /// # Errors
    ///
    /// As [`parsed`](Self::parsed).
    pub fn time(&self, name: &'static str) -> Result<Duration, Problem> {
        let seconds: NonZeroU32 = self.needed(name, "a whole number of seconds from 1 up")?;
        Ok(Duration::from_secs(u64::from(seconds.get())))
    }

    /// All settings with their values, one a line; secrets only say that they are set.
    #[must_use]
    pub fn listing(&self) -> String {
        let mut listing = String::new();
        for (setting, value, origin) in &self.values {
            let shown = match value.as_deref().filter(|value| !value.is_empty()) {
                None => "(off)".to_owned(),
                Some(_) if setting.secret => "(set, not shown)".to_owned(),
                Some(value) if setting.name == "db" => without_password(value),
                Some(value) => value.to_owned(),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(listing, "{:<26} {:<40} {}", setting.name, shown, origin.as_str());
        }
        listing
    }
}

struct Switch(bool);

impl FromStr for Switch {
    type Err = ();

    fn from_str(text: &str) -> Result<Switch, ()> {
        match text {
            "on" | "true" | "yes" | "1" => Ok(Switch(true)),
            "off" | "false" | "no" | "0" => Ok(Switch(false)),
            _ => Err(()),
        }
    }
}

/// A database's address as it may be shown: without who asks and what they ask with.
#[must_use]
pub fn without_password(database: &str) -> String {
    if is_keywords(database) {
        return "…".to_owned();
    }
    let Some((scheme, rest)) = database.split_once("://") else { return database.to_owned() };
    // Which of several ends the password cannot be told.
    if rest.matches('@').count() > 1 {
        return format!("{scheme}://…");
    }
    let (user, place) = match rest.split_once('@') {
        Some((_, place)) => ("…@", place),
        None => ("", rest),
    };
    // A password may also stand among the parameters.
    let (place, more) = match place.split_once('?') {
        Some((place, _)) => (place, "?…"),
        None => (place, ""),
    };
    format!("{scheme}://{user}{place}{more}")
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn no_password_is_shown() {
        for (database, shown) in [
            ("textmeter.db", "textmeter.db"),
            ("postgres://db/ledger", "postgres://db/ledger"),
            ("postgres://me:secret@db:5432/ledger", "postgres://…@db:5432/ledger"),
            ("postgres://me:se?cr/et@db/ledger", "postgres://…@db/ledger"),
            ("postgres://me:se@cret@db/ledger", "postgres://…"),
            ("host=db password=secret", "…"),
            ("postgres://me@db/ledger?password=secret", "postgres://…@db/ledger?…"),
            ("postgres://db/ledger?user=me&password=secret", "postgres://db/ledger?…"),
        ] {
            assert_eq!(without_password(database), shown);
        }
    }
}
