//! What is asked of a list: the template, how it is sent, and which column is what.

use alloc::string::String;

use super::{ListReading, Settings, Template, Wanted};
use crate::{money::Money, segment::Sender, territory::Territory};

/// A template over a list, with everything that is known besides. Owned, so that it outlives who asked.
#[derive(Clone, Debug)]
pub struct CampaignRequest {
    /// The text, with places to fill in.
    pub template: Template,
    /// The channel of the rate card: one of texts.
    pub channel: String,
    /// Who sends.
    pub sender: Sender,
    /// Where a number without a country code is.
    pub region: Territory,
    /// Whether typographic characters are replaced; `None`: as the channel says.
    pub smart: Option<bool>,
    /// The prepaid balance, if known.
    pub balance: Option<Money>,
    /// Whether a number that stands in the list twice is texted twice.
    pub keep_duplicates: bool,
    /// The column with the numbers; found by its name if it is not said.
    pub phone_column: Option<String>,
    /// The column that says who wants no texts; found by its name if it is not said.
    pub opt_out_column: Option<String>,
    /// Whether the first row has names.
    pub header: bool,
    /// How its bytes are read; as they look where it is not said.
    pub reading: ListReading,
    /// What is written of the list beside the sums.
    pub write: Written,
}

/// What is written of a list while it is priced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// Nothing.
    #[default]
    Nothing,
    /// Every row, with what it costs.
    Priced,
    /// The rows somebody has to look at, with their lines and reasons.
    Rejects,
}

impl CampaignRequest {
    /// A template, and everything else as it is by default.
    #[must_use]
    pub fn of(template: Template) -> CampaignRequest {
        let (settings, wanted) = (Settings::default(), Wanted::default());
        CampaignRequest {
            template,
            channel: settings.channel.into(),
            sender: settings.sender,
            region: settings.region,
            smart: settings.smart,
            balance: settings.balance,
            keep_duplicates: settings.keep_duplicates,
            phone_column: None,
            opt_out_column: None,
            header: wanted.header,
            reading: ListReading::default(),
            write: Written::default(),
        }
    }

    /// How it is sent.
    #[must_use]
    pub fn settings(&self) -> Settings<'_> {
        Settings {
            channel: &self.channel,
            sender: self.sender,
            region: self.region,
            smart: self.smart,
            balance: self.balance,
            keep_duplicates: self.keep_duplicates,
        }
    }

    /// What is known of the list's columns.
    #[must_use]
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted {
            phone: self.phone_column.as_deref(),
            opt_out: self.opt_out_column.as_deref(),
            header: self.header,
            region: self.region,
        }
    }
}
