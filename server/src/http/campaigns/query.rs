//! What a query says of a list: how it is read and priced, and how it is sent.

use axum::{extract::Query, http::Uri};
use serde::{Deserialize, de::DeserializeOwned};
use textmeter::{
    Code, Error, Money, Sender, Territory,
    campaign::{ListEncoding, ListReading, Settings, Template, Wanted, read_delimiter},
    read_number,
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::App,
    http::{
        answers::HttpProblem,
        reading::{invalid, named, wrong_query},
    },
    ledger::Funds,
    price::micros,
    problem::Problem,
    senders::SenderNumber,
};

/// The template and how its list is read and priced.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ListQuery {
    /// The text, with places to fill in: `Hi {{first_name|there}}`.
    pub(super) template: String,
    /// A channel of the rate card; `api` if absent.
    channel: Option<String>,
    /// `standard` or `toll-free`; `standard` if absent, or as the number is that a campaign is sent from.
    sender: Option<String>,
    /// Where a number without a country code is, ISO 3166-1 alpha-2; `US` if absent.
    region: Option<String>,
    /// Replace typographic characters; as the channel does if absent.
    smart: Option<bool>,
    /// The column with the numbers; found by its name if absent.
    phone_column: Option<String>,
    /// The column that says who wants no texts; found by its name if absent.
    opt_out_column: Option<String>,
    /// Whether the first row of a CSV has the columns' names; `true` if absent. Without, they are called `1`, `2`, …
    header: Option<bool>,
    /// What parts the fields of a CSV: one character, or `tab`; found out if absent.
    delimiter: Option<String>,
    /// How a CSV is encoded: `utf-8`, `windows-1252` or `auto`; `auto` if absent: UTF-8, and a row that is none is read as
    /// Windows-1252.
    list_encoding: Option<String>,
    /// Whether a number is texted as often as it stands in the list; `false` if absent.
    keep_duplicates: Option<bool>,
}

/// What a price is held against.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct BalanceQuery {
    /// The prepaid balance, a decimal string.
    balance: Option<String>,
}

/// How a campaign is sent.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SendQuery {
    /// Who sends: a number in E.164, or the id of one, `PN…`.
    from: String,
    /// What is done when the balance does not cover the whole list; `all` if absent.
    #[param(inline)]
    funds: Option<FundsName>,
    /// The most the whole list may cost: dearer is refused with 409 `price-above-max`, and nothing is sent.
    #[param(pattern = r"^\d{1,9}(\.\d{1,6})?$", example = "25.00")]
    max_price: Option<String>,
    /// What people call it.
    #[param(min_length = 1, max_length = 200)]
    name: Option<String>,
}

/// What is done when the balance does not cover the whole list.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum FundsName {
    /// Nothing is sent.
    All,
    /// As many rows as are covered are sent, in the list's order.
    InOrder,
}

/// The members of each of the smaller queries; the others are the list's.
const BALANCE: &[&str] = &["balance"];
const SEND: &[&str] = &["from", "funds", "max_price", "name"];

/// A query for a price.
pub(super) fn for_price(uri: &Uri) -> Result<(ListQuery, BalanceQuery), HttpProblem> {
    split(uri, BALANCE)
}

/// A query for a campaign.
pub(super) fn for_sending(uri: &Uri) -> Result<(ListQuery, SendQuery), HttpProblem> {
    split(uri, SEND)
}

/// The query in two, by the names of the second's members. Each part refuses what it does not know.
fn split<A: DeserializeOwned, B: DeserializeOwned>(
    uri: &Uri,
    theirs: &[&str],
) -> Result<(A, B), HttpProblem> {
    let is_theirs = |pair: &&str| theirs.contains(&pair.split('=').next().unwrap_or_default());
    let pairs = || uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let first: Vec<&str> = pairs().filter(|pair| !is_theirs(pair)).collect();
    let second: Vec<&str> = pairs().filter(is_theirs).collect();
    Ok((read(&first.join("&"))?, read(&second.join("&"))?))
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, HttpProblem> {
    let uri = Uri::try_from(format!("/?{query}")).map_err(|error| wrong_query("", &error.to_string()))?;
    let read = Query::<T>::try_from_uri(&uri).map_err(|rejection| wrong_query("", &rejection.body_text()))?;
    Ok(read.0)
}

/// The same for the same query, however its members are ordered.
pub(super) fn canonical(uri: &Uri) -> String {
    let mut pairs: Vec<&str> = uri.query().unwrap_or_default().split('&').collect();
    pairs.sort_unstable();
    pairs.join("&")
}

impl ListQuery {
    pub(super) fn template(&self) -> Result<Template, HttpProblem> {
        Ok(Template::parse(&self.template).map_err(Problem::from)?)
    }

    pub(super) fn wanted(&self, region: Territory) -> Wanted<'_> {
        Wanted {
            phone: self.phone_column.as_deref(),
            opt_out: self.opt_out_column.as_deref(),
            header: self.header.unwrap_or(true),
            region,
        }
    }

    pub(super) fn reading(&self) -> Result<ListReading, HttpProblem> {
        let mut reading = ListReading::default();
        if let Some(text) = &self.delimiter {
            let error = || wrong_query("delimiter", "write one character, such as ; or |, or tab");
            reading.delimiter = Some(read_delimiter(text).ok_or_else(error)?);
        }
        if let Some(text) = &self.list_encoding {
            let error = || wrong_query("list_encoding", "write auto, utf-8 or windows-1252");
            let named = ListEncoding::ALL.into_iter().find(|encoding| encoding.as_str() == text);
            reading.encoding = named.ok_or_else(error)?;
        }
        Ok(reading)
    }

    pub(super) fn settings(&self) -> Result<Settings<'_>, HttpProblem> {
        let mut settings = Settings {
            channel: self.channel.as_deref().unwrap_or("api"),
            smart: self.smart,
            keep_duplicates: self.keep_duplicates.unwrap_or(false),
            ..Settings::default()
        };
        if let Some(text) = &self.region {
            let error = || wrong_query("region", "write the two capital letters of ISO 3166-1, as in US");
            settings.region = Territory::parse(text).ok_or_else(error)?;
        }
        settings.sender = match self.sender.as_deref() {
            None | Some("standard") => Sender::Standard,
            Some("toll-free") => Sender::TollFree,
            Some(_) => return Err(wrong_query("sender", "write standard or toll-free")),
        };
        Ok(settings)
    }

    /// The settings of a campaign from this number: toll-free senders have one unit less in a segment, and what is priced
    /// is what is sent.
    pub(super) fn settings_from(&self, from: &SenderNumber) -> Result<Settings<'_>, HttpProblem> {
        let mut settings = self.settings()?;
        let toll_free = read_number(&from.number, Territory::US).is_ok_and(|number| number.is_toll_free());
        let kind = if toll_free { Sender::TollFree } else { Sender::Standard };
        if self.sender.is_some() && settings.sender != kind {
            let message = format!("{} is a {} number; leave the sender out", from.number, kind.as_str());
            return Err(wrong_query("sender", &message));
        }
        settings.sender = kind;
        Ok(settings)
    }
}

impl BalanceQuery {
    pub(super) fn balance(&self) -> Result<Option<Money>, HttpProblem> {
        amount(self.balance.as_deref(), "balance")
    }
}

impl SendQuery {
    /// The number it is sent from.
    pub(super) fn sender(&self, app: &App) -> Result<SenderNumber, HttpProblem> {
        // A plus that nobody escaped is read as a space.
        let from = self.from.replacen(' ', "+", 1);
        let fits = (1..=100).contains(&from.len()) && from.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits || !(from.starts_with('+') || from.starts_with("PN")) {
            let message = "say who sends: a number in E.164, as +12025550100, or its id, PN…";
            return Err(wrong_query("from", message));
        }
        let unknown =
            || invalid("unknown-sender", "from", "there is no such sender; `/v1/phone-numbers` lists them");
        app.rules.sender(&from).ok_or_else(unknown)
    }

    pub(super) fn funds(&self) -> Funds {
        match self.funds {
            None | Some(FundsName::All) => Funds::All,
            Some(FundsName::InOrder) => Funds::InOrder,
        }
    }

    pub(super) fn max_price_micros(&self) -> Result<Option<i64>, HttpProblem> {
        Ok(amount(self.max_price.as_deref(), "max_price")?.and_then(micros))
    }

    pub(super) fn name(&self) -> Result<Option<&str>, HttpProblem> {
        self.name.as_deref().map(|name| named("name", name).map(|()| name)).transpose()
    }
}

fn amount(text: Option<&str>, at: &'static str) -> Result<Option<Money>, HttpProblem> {
    let message = "write an amount from 0 up with at most six decimals and a point, as in 250.00";
    let error = || Problem::from(Error::new(Code::InvalidAmount, at, message));
    Ok(text.map(|text| Money::parse(text).ok_or_else(error)).transpose()?)
}
