//! Reading a card: whole, or not at all, naming the row and the field.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::{
    CallingRate, Channel, Local, RateCard, Rates, Table, Unit,
    prefixes::{Prefixes, key},
};
use crate::{
    error::{Code, Error},
    money::Money,
    raw::{At, Raw},
    territory::Territory,
};

/// The most channels on a card.
pub(super) const CHANNELS_MAX: usize = 64;
/// The most territories in a table; ISO 3166-1 has 249.
pub(super) const TERRITORIES_MAX: usize = 400;
/// The most fallbacks in a table.
pub(super) const FALLBACKS_MAX: usize = 400;
/// The most prefixes in a table.
pub(super) const PREFIXES_MAX: usize = 1_000_000;
/// The longest id, channel key or channel name, in bytes.
pub(super) const NAME_BYTES_MAX: usize = 100;
/// The longest source or note, in bytes.
pub(super) const PROSE_BYTES_MAX: usize = 4_000;
/// The longest text a channel may take, in code points; a channel that names no limit takes this.
pub(super) const TEXT_MAX: u32 = 1_000_000;
/// The most recipients a channel may take; a channel that names no limit takes this.
pub(super) const RECIPIENTS_MAX: u32 = 10_000;

const ALPHA_2: &str = "territories are two capitals of ISO 3166-1, as in \"GB\" (Kosovo is \"XK\")";

impl RateCard {
    /// Reads a card, whole or not at all.
    ///
    /// # Errors
    /// The first defect, with the path of its field: [`Code::InvalidRateCard`], or what the document reader says of a
    /// field that is missing, unknown or of the wrong type.
    pub fn read(raw: &Raw) -> Result<RateCard, Error> {
        let top = At::top(raw);
        let [_, id, as_of, currency, source, note, local, channels, texting, calling] = top.fields([
            "$schema", "id", "as_of", "currency", "source", "note", "local", "channels", "texting", "calling",
        ])?;
        let id = name(&top.need("id", id)?)?;
        let as_of = date(&top.need("as_of", as_of)?)?;
        let currency = top.need("currency", currency)?;
        if currency.text()?.len() != 3 || !currency.text()?.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(broken(&currency, "a currency is three capitals of ISO 4217, as in \"USD\""));
        }
        let local = match local {
            Some(list) => list.list()?.map(|item| territory(&item)).collect::<Result<Vec<_>, _>>()?,
            None => Vec::new(),
        };
        if local.len() > TERRITORIES_MAX {
            return Err(Error::new(Code::InvalidRateCard, "local", "more territories than there are"));
        }
        Ok(RateCard {
            id,
            as_of,
            currency: currency.text()?.to_owned(),
            source: prose(Some(top.need("source", source)?))?,
            note: prose(note)?,
            channels: read_channels(&top.need("channels", channels)?)?,
            texting: texting
                .map_or_else(|| Ok(Rates::default()), |table| rates(&table, &local, texting_rate))?,
            calling: calling
                .map_or_else(|| Ok(Rates::default()), |table| rates(&table, &local, calling_rate))?,
            local,
        })
    }
}

fn broken(at: &At<'_>, message: &str) -> Error {
    at.error(Code::InvalidRateCard, message)
}

fn name(at: &At<'_>) -> Result<String, Error> {
    match at.text()? {
        text if text.trim().is_empty() || text.len() > NAME_BYTES_MAX => {
            Err(broken(at, "a name has 1 to 100 bytes, not all of them blank"))
        }
        text => Ok(text.to_owned()),
    }
}

fn prose(at: Option<At<'_>>) -> Result<String, Error> {
    let Some(at) = at else { return Ok(String::new()) };
    if at.text()?.len() > PROSE_BYTES_MAX {
        return Err(broken(&at, "this text is longer than 4000 bytes"));
    }
    Ok(at.text()?.to_owned())
}

/// A day of the Gregorian calendar in the one form `YYYY-MM-DD`.
fn date(at: &At<'_>) -> Result<String, Error> {
    let text = at.text()?;
    if is_date(text) {
        Ok(text.to_owned())
    } else {
        Err(broken(at, "this must be a day, as in \"2026-05-25\""))
    }
}

fn is_date(text: &str) -> bool {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return false };
    let all = [y1, y2, y3, y4, m1, m2, d1, d2];
    if !all.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let [y1, y2, y3, y4, m1, m2, d1, d2] = all.map(|byte| u32::from(byte - b'0'));
    let (year, month, day) = (y1 * 1000 + y2 * 100 + y3 * 10 + y4, m1 * 10 + m2, d1 * 10 + d2);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn territory(at: &At<'_>) -> Result<Territory, Error> {
    Territory::parse(at.text()?).ok_or_else(|| broken(at, ALPHA_2))
}

fn money(at: &At<'_>) -> Result<Money, Error> {
    Money::parse(at.text()?).ok_or_else(|| {
        broken(at, "an amount is a plain decimal in a string, with at most 6 decimals: \"0.056\"; leave the row out where no rate is published")
    })
}

fn one_of<T: Copy>(at: &At<'_>, known: &[(&str, T)]) -> Result<T, Error> {
    let text = at.text()?;
    known.iter().find_map(|(word, value)| (*word == text).then_some(*value)).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        at.error(Code::InvalidRateCard, format!("this must be one of {}", words.join(", ")))
    })
}

fn limit(at: Option<At<'_>>, most: u32) -> Result<u32, Error> {
    let Some(at) = at else { return Ok(most) };
    match u32::try_from(at.whole()?) {
        Ok(value) if (1..=most).contains(&value) => Ok(value),
        _ => Err(at.error(Code::InvalidRateCard, format!("this limit must be from 1 to {most}"))),
    }
}

fn read_channels(at: &At<'_>) -> Result<Vec<Channel>, Error> {
    let entries = at.entries()?;
    if entries.is_empty() || entries.len() > CHANNELS_MAX {
        return Err(broken(at, "a card has 1 to 64 channels"));
    }
    entries.iter().map(|(key, value)| read_channel(key, value)).collect()
}

fn read_channel(key: &str, at: &At<'_>) -> Result<Channel, Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if key.is_empty() || key.len() > NAME_BYTES_MAX || !key.bytes().all(plain) {
        return Err(broken(at, "a channel's key is small letters, digits and hyphens, as in \"api\""));
    }
    let [title, unit, table, surcharge, local, smart, text_max, recipients_max] = at.fields([
        "name",
        "unit",
        "rates",
        "surcharge",
        "local",
        "smart_encoding",
        "text_max",
        "recipients_max",
    ])?;
    let unit = one_of(
        &at.need("unit", unit)?,
        &[("segment", Unit::Segment), ("message", Unit::Message), ("minute", Unit::Minute)],
    )?;
    let table = at.need("rates", table)?;
    let rates = one_of(&table, &[("texting", Table::Texting), ("calling", Table::Calling)])?;
    // A table's amounts are by the segment or by the minute: the other's would price nonsense.
    if (unit == Unit::Minute) != (rates == Table::Calling) {
        return Err(broken(
            &table,
            "minutes take their rates from calling; segments and messages from texting",
        ));
    }
    Ok(Channel {
        name: key.to_owned(),
        title: name(&at.need("name", title)?)?,
        unit,
        table: rates,
        surcharge: money(&at.need("surcharge", surcharge)?)?,
        local: one_of(
            &at.need("local", local)?,
            &[("surcharge", Local::Surcharge), ("included", Local::Included)],
        )?,
        smart_encoding: smart.map_or(Ok(false), |at| at.bool())?,
        text_max: limit(text_max, TEXT_MAX)?,
        recipients_max: limit(recipients_max, RECIPIENTS_MAX)?,
    })
}

type ReadRate = fn(&At<'_>) -> Result<CallingRate, Error>;

fn texting_rate(at: &At<'_>) -> Result<CallingRate, Error> {
    let rate = money(at)?;
    Ok(CallingRate { landline: rate, mobile: rate })
}

fn calling_rate(at: &At<'_>) -> Result<CallingRate, Error> {
    let [landline, mobile] = at.fields(["landline", "mobile"])?;
    Ok(CallingRate {
        landline: money(&at.need("landline", landline)?)?,
        mobile: money(&at.need("mobile", mobile)?)?,
    })
}

fn rates(at: &At<'_>, local: &[Territory], rate: ReadRate) -> Result<Rates, Error> {
    let [as_of, source, note, fallbacks, territories, prefixes] =
        at.fields(["as_of", "source", "note", "fallbacks", "territories", "prefixes"])?;
    as_of.map(|at| date(&at)).transpose()?;
    prose(source)?;
    prose(note)?;
    let rows = at.need("territories", territories)?;
    let mut table = Vec::new();
    for (code, row) in bounded(&rows, TERRITORIES_MAX)? {
        table.push((Territory::parse(code).ok_or_else(|| broken(&row, ALPHA_2))?, rate(&row)?));
    }
    table.sort_unstable_by_key(|(territory, _)| *territory);
    let fallen = match &fallbacks {
        Some(fallbacks) => read_fallbacks(fallbacks, &table, local)?,
        None => Vec::new(),
    };
    table.extend(fallen);
    table.sort_unstable_by_key(|(territory, _)| *territory);
    Ok(Rates {
        territories: table,
        prefixes: prefixes.map_or_else(|| Ok(Prefixes::default()), |at| read_prefixes(&at, rate))?,
    })
}

fn bounded<'a>(at: &At<'a>, most: usize) -> Result<Vec<(&'a str, At<'a>)>, Error> {
    let entries = at.entries()?;
    if entries.len() > most {
        return Err(at.error(Code::InvalidRateCard, format!("there are more than {most} rows")));
    }
    Ok(entries)
}

/// The territories without a row of their own, with the rate of the row each falls back to.
fn read_fallbacks(
    at: &At<'_>,
    rows: &[(Territory, CallingRate)],
    local: &[Territory],
) -> Result<Vec<(Territory, CallingRate)>, Error> {
    let row_of = |wanted: Territory| rows.iter().find(|(territory, _)| *territory == wanted);
    let mut fallen = Vec::new();
    for (code, target) in bounded(at, FALLBACKS_MAX)? {
        let from = Territory::parse(code).ok_or_else(|| broken(&target, ALPHA_2))?;
        let to = territory(&target)?;
        // A neighbour of a local territory is not local: +1 is many countries at many prices.
        if local.contains(&to) || local.contains(&from) {
            return Err(broken(
                &target,
                "a fallback neither leaves nor leads to a local territory: give it a row",
            ));
        }
        let Some((_, rate)) = row_of(to) else {
            return Err(broken(&target, "a fallback must lead to a territory that has a row here itself"));
        };
        // A row of its own is nearer than another's.
        if row_of(from).is_none() {
            fallen.push((from, *rate));
        }
    }
    Ok(fallen)
}

/// Reads prefixes with one path for all of them: there may be a million, and only a broken one shows it.
fn read_prefixes(at: &At<'_>, rate: ReadRate) -> Result<Prefixes, Error> {
    let Raw::Map(entries) = at.raw else { return at.entries().map(|_| Prefixes::default()) };
    if entries.len() > PREFIXES_MAX {
        return Err(at.error(Code::InvalidRateCard, format!("there are more than {PREFIXES_MAX} rows")));
    }
    let mut row = At { raw: at.raw, path: format!("{}.", at.path) };
    let parent = row.path.len();
    let mut keyed = Vec::with_capacity(entries.len());
    for (prefix, raw) in entries {
        row.raw = raw;
        row.path.truncate(parent);
        row.path.push_str(prefix);
        // Calling codes begin with 1 to 9 (E.164 has no zone 0).
        let Some(key) = key(prefix).filter(|_| !prefix.starts_with('0')) else {
            return Err(broken(&row, "a prefix is 1 to 15 digits from the calling code on, without +"));
        };
        keyed.push((key, rate(&row)?));
    }
    keyed.sort_unstable_by_key(|(key, _)| *key);
    let twice = keyed.iter().zip(keyed.iter().skip(1)).find(|((a, _), (b, _))| a == b);
    if let Some(((twice, _), _)) = twice {
        let prefix =
            entries.iter().find_map(|(prefix, _)| (key(prefix) == Some(*twice)).then_some(prefix.as_str()));
        row.path.truncate(parent);
        row.path.push_str(prefix.unwrap_or_default());
        return Err(broken(&row, "this prefix is written twice; keep one"));
    }
    Ok(Prefixes::new(keyed))
}
