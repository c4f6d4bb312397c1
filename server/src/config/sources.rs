//! Where settings are written down.

use std::{collections::HashMap, path::Path};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::{Origin, SETTINGS, Setting};
use crate::problem::Problem;

/// What each source says, strongest first: flags, environment, file.
#[derive(Clone, Default)]
pub struct Sources {
    flags: HashMap<&'static str, String>,
    environment: HashMap<&'static str, String>,
    file: HashMap<&'static str, String>,
}

impl Sources {
    pub(super) fn find(&self, setting: &Setting) -> (Option<String>, Origin) {
        let sources = [
            (&self.flags, Origin::Flag),
            (&self.environment, Origin::Environment),
            (&self.file, Origin::File),
        ];
        for (source, origin) in sources {
            if let Some(value) = source.get(setting.name) {
                return (Some(value.clone()), origin);
            }
        }
        (setting.default.map(str::to_owned), Origin::Default)
    }

    /// The flags of a command line, this process's environment, and the file that one of them names.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has a setting nobody knows.
    pub fn gather(flags: Flags) -> Result<Sources, Problem> {
        let variables = SETTINGS.iter().filter_map(|setting| {
            let value = std::env::var(setting.variable()).ok()?;
            Some((setting.name, value))
        });
        let file = flags.config.or_else(|| std::env::var("TEXTMETER_CONFIG").ok());
        Ok(Sources {
            flags: flags.values,
            environment: variables.collect(),
            file: file.map(|file| read(Path::new(&file))).transpose()?.unwrap_or_default(),
        })
    }
}

fn read(path: &Path) -> Result<HashMap<&'static str, String>, Problem> {
    let broken = |why: String| Problem::new("invalid-config", format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| broken(format!("cannot be read: {error}")))?;
    let table: toml::Table = text.parse().map_err(|error| broken(misread(&text, &error)))?;
    let mut values = HashMap::new();
    for (name, value) in table {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            return Err(broken(format!("there is no setting {name}; `textmeter config` lists them")));
        };
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(on) => (if on { "on" } else { "off" }).to_owned(),
            _ => return Err(broken(format!("{name} must be a string, a whole number, true or false"))),
        };
        values.insert(setting.name, value);
    }
    Ok(values)
}

/// What is wrong and where, without the line itself: a secret may be in it.
fn misread(text: &str, error: &toml::de::Error) -> String {
    let Some(span) = error.span() else { return error.message().to_owned() };
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
    format!("line {line}, column {column}: {}", error.message())
}

/// The settings as flags of a command: one for each, and `--config`.
#[derive(Clone, Default)]
pub struct Flags {
    values: HashMap<&'static str, String>,
    config: Option<String>,
}

impl Flags {
    /// Some settings given otherwise than by their own flags.
    #[must_use]
    pub fn only<const N: usize>(given: [(&'static str, Option<String>); N], config: Option<String>) -> Flags {
        let values = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Flags { values: values.collect(), config }
    }
}

/// Without the values: some are secrets.
impl std::fmt::Debug for Flags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new("config").long("config").value_name("FILE").help("A file with settings (TOML)");
        SETTINGS.iter().fold(command.arg(config), |command, setting| {
            let about = match setting.default {
                Some(default) => format!("{} [default: {default}]", setting.help),
                None => setting.help.to_owned(),
            };
            command.arg(Arg::new(setting.name).long(setting.name).value_name(setting.value).help(about))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Flags, clap::Error> {
        let values = SETTINGS.iter().filter_map(|setting| {
            let value = matches.get_one::<String>(setting.name)?;
            Some((setting.name, value.clone()))
        });
        Ok(Flags { values: values.collect(), config: matches.get_one::<String>("config").cloned() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_read_is_placed_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("textmeter.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\ngateway-key = \"hush-hush\n").unwrap();
        let message = read(&file).unwrap_err().to_string();
        assert!(message.contains("line 2, column ") && !message.contains("hush"), "{message}");
    }
}
