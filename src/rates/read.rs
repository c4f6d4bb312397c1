//! Reading a card: whole, or not at all, naming the row and the field.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{CallingRate, Channel, Local, RateCard, Rates, Table, Unit, prefixes::Prefixes};
use crate::{
    digits::key,
    error::{Code, Error},
    money::Money,
    raw::{At, Raw},
    spell,
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
        let card = top.fields(&[
            "$schema", "id", "as_of", "currency", "source", "note", "local", "channels", "texting", "calling",
        ])?;
        let id = name(&card.need("id")?)?;
        let as_of = date(&card.need("as_of")?)?;
        let currency = currency(&card.need("currency")?)?;
        let mut local = Vec::new();
        if let Some(at) = card.get("local") {
            for item in at.list()? {
                local.push(territory(&item)?);
            }
            if local.len() > TERRITORIES_MAX {
                return Err(broken(&at, "more territories than there are"));
            }
        }
        let table =
            |name, rate| card.get(name).map_or_else(|| Ok(Rates::default()), |at| rates(&at, &local, rate));
        Ok(RateCard {
            id,
            as_of,
            currency,
            source: prose(Some(card.need("source")?))?,
            note: prose(card.get("note"))?,
            channels: read_channels(&card.need("channels")?)?,
            texting: table("texting", texting_rate)?,
            calling: table("calling", calling_rate)?,
            local,
        })
    }
}

#[cold]
fn broken(at: &At<'_, '_>, message: &'static str) -> Error {
    at.error(Code::InvalidRateCard, message)
}

fn currency(at: &At<'_, '_>) -> Result<String, Error> {
    let text = at.text()?;
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(text.to_owned())
    } else {
        Err(broken(at, "a currency is three capitals of ISO 4217, as in \"USD\""))
    }
}

fn name(at: &At<'_, '_>) -> Result<String, Error> {
    match at.text()? {
        text if spell::is_blank(text) || text.len() > NAME_BYTES_MAX => {
            Err(broken(at, "a name has 1 to 100 bytes, not all of them blank"))
        }
        text => Ok(text.to_owned()),
    }
}

fn prose(at: Option<At<'_, '_>>) -> Result<String, Error> {
    let Some(at) = at else { return Ok(String::new()) };
    if at.text()?.len() > PROSE_BYTES_MAX {
        return Err(broken(&at, "this text is longer than 4000 bytes"));
    }
    Ok(at.text()?.to_owned())
}

/// A day of the Gregorian calendar in the one form `YYYY-MM-DD`.
fn date(at: &At<'_, '_>) -> Result<String, Error> {
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
        2 => 28 + u32::from(leap),
        1..=12 => 30 + (month + month / 8) % 2,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn territory(at: &At<'_, '_>) -> Result<Territory, Error> {
    territory_named(at.text()?, at)
}

fn territory_named(code: &str, at: &At<'_, '_>) -> Result<Territory, Error> {
    Territory::parse(code).ok_or_else(|| broken(at, ALPHA_2))
}

fn money(at: &At<'_, '_>) -> Result<Money, Error> {
    Money::parse(at.text()?).ok_or_else(|| {
        broken(at, "an amount is a plain decimal in a string, with at most 6 decimals: \"0.056\"; leave the row out where no rate is published")
    })
}

fn one_of<T: Copy>(at: &At<'_, '_>, words: &[(&str, T)]) -> Result<T, Error> {
    at.one_of(Code::InvalidRateCard, "this must be one of ", words)
}

fn limit(at: Option<At<'_, '_>>, most: u32) -> Result<u32, Error> {
    let Some(at) = at else { return Ok(most) };
    match u32::try_from(at.whole()?) {
        Ok(value) if (1..=most).contains(&value) => Ok(value),
        _ => {
            let message = spell::joined(&["this limit must be from 1 to ", &spell::whole(most.into())]);
            Err(at.error(Code::InvalidRateCard, message))
        }
    }
}

fn read_channels(at: &At<'_, '_>) -> Result<Vec<Channel>, Error> {
    if !(1..=CHANNELS_MAX).contains(&at.entries()?.len()) {
        return Err(broken(at, "a card has 1 to 64 channels"));
    }
    let mut channels = Vec::new();
    for (key, raw) in rows(at, CHANNELS_MAX)? {
        channels.push(read_channel(key, &at.field(key, raw))?);
    }
    Ok(channels)
}

fn read_channel(key: &str, at: &At<'_, '_>) -> Result<Channel, Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if key.is_empty() || key.len() > NAME_BYTES_MAX || !key.bytes().all(plain) {
        return Err(broken(at, "a channel's key is small letters, digits and hyphens, as in \"api\""));
    }
    let channel = at.fields(&[
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
        &channel.need("unit")?,
        &[Unit::Segment, Unit::Message, Unit::Minute].map(|unit| (unit.as_str(), unit)),
    )?;
    let rates = channel.need("rates")?;
    let table = one_of(&rates, &[("texting", Table::Texting), ("calling", Table::Calling)])?;
    // A table's amounts are by the segment or by the minute: the other's would price nonsense.
    if (unit == Unit::Minute) != (table == Table::Calling) {
        return Err(broken(
            &rates,
            "minutes take their rates from calling; segments and messages from texting",
        ));
    }
    Ok(Channel {
        name: key.to_owned(),
        title: name(&channel.need("name")?)?,
        unit,
        table,
        surcharge: money(&channel.need("surcharge")?)?,
        local: one_of(
            &channel.need("local")?,
            &[("surcharge", Local::Surcharge), ("included", Local::Included)],
        )?,
        smart_encoding: channel.get("smart_encoding").map_or(Ok(false), |at| at.bool())?,
        text_max: limit(channel.get("text_max"), TEXT_MAX)?,
        recipients_max: limit(channel.get("recipients_max"), RECIPIENTS_MAX)?,
    })
}

type ReadRate = fn(&At<'_, '_>) -> Result<CallingRate, Error>;

fn texting_rate(at: &At<'_, '_>) -> Result<CallingRate, Error> {
    let rate = money(at)?;
    Ok(CallingRate { landline: rate, mobile: rate })
}

fn calling_rate(at: &At<'_, '_>) -> Result<CallingRate, Error> {
    let rate = at.fields(&["landline", "mobile"])?;
    Ok(CallingRate { landline: money(&rate.need("landline")?)?, mobile: money(&rate.need("mobile")?)? })
}

fn rates(at: &At<'_, '_>, local: &[Territory], rate: ReadRate) -> Result<Rates, Error> {
    let table = at.fields(&["as_of", "source", "note", "fallbacks", "territories", "prefixes"])?;
    if let Some(as_of) = table.get("as_of") {
        date(&as_of)?;
    }
    prose(table.get("source"))?;
    prose(table.get("note"))?;
    let at = table.need("territories")?;
    let mut rates = Rates::default();
    for (code, raw) in rows(&at, TERRITORIES_MAX)? {
        let row = at.field(code, raw);
        rates.insert(territory_named(code, &row)?, rate(&row)?);
    }
    if let Some(at) = table.get("fallbacks") {
        read_fallbacks(&at, &mut rates, local)?;
    }
    if let Some(at) = table.get("prefixes") {
        rates.prefixes = read_prefixes(&at, rate)?;
    }
    Ok(rates)
}

/// The entries of an object whose keys are data: at most so many, and none of them twice.
fn rows<'a>(at: &At<'a, '_>, most: usize) -> Result<&'a [(String, Raw)], Error> {
    let entries = at.entries()?;
    if entries.len() > most {
        return Err(too_many_rows(at, most));
    }
    for end in 1..=entries.len() {
        at.no_twins(entries.get(..end).unwrap_or_default())?;
    }
    Ok(entries)
}

#[cold]
fn too_many_rows(at: &At<'_, '_>, most: usize) -> Error {
    let message = spell::joined(&["there are more than ", &spell::whole(most as u64), " rows"]);
    at.error(Code::InvalidRateCard, message)
}

/// Gives the territories without a row of their own the rate of the row each falls back to.
fn read_fallbacks(at: &At<'_, '_>, rates: &mut Rates, local: &[Territory]) -> Result<(), Error> {
    let mut fallen = Vec::new();
    for (code, raw) in rows(at, FALLBACKS_MAX)? {
        let target = at.field(code, raw);
        let from = territory_named(code, &target)?;
        let to = territory(&target)?;
        // A neighbour of a local territory is not local: +1 is many countries at many prices.
        if local.contains(&to) || local.contains(&from) {
            return Err(broken(
                &target,
                "a fallback neither leaves nor leads to a local territory: give it a row",
            ));
        }
        let Some(rate) = rates.of(to) else {
            return Err(broken(&target, "a fallback must lead to a territory that has a row here itself"));
        };
        // A row of its own is nearer than another's.
        if rates.of(from).is_none() {
            fallen.push((from, rate));
        }
    }
    for (from, rate) in fallen {
        rates.insert(from, rate);
    }
    Ok(())
}

/// Reads prefixes, of which there may be a million: what is written twice shows when they are sorted.
fn read_prefixes(at: &At<'_, '_>, rate: ReadRate) -> Result<Prefixes, Error> {
    let entries = at.entries()?;
    if entries.len() > PREFIXES_MAX {
        return Err(too_many_rows(at, PREFIXES_MAX));
    }
    let mut table = Vec::with_capacity(entries.len());
    for (prefix, raw) in entries {
        let row = at.field(prefix, raw);
        // Calling codes begin with 1 to 9 (E.164 has no zone 0).
        let Some(key) = key(prefix).filter(|_| !prefix.starts_with('0')) else {
            return Err(broken(&row, "a prefix is 1 to 15 digits from the calling code on, without +"));
        };
        table.push((key, rate(&row)?));
    }
    Prefixes::new(&table).map_err(|twice| {
        let row = entries.iter().find(|(prefix, _)| key(prefix) == Some(twice));
        let row = row.map_or(*at, |(prefix, raw)| at.field(prefix, raw));
        broken(&row, "this prefix is written twice; keep one")
    })
}
