//! How a list is asked for, and how what was seen of it is written.

use alloc::string::{String, ToString};

use super::{
    SENDERS, balance_of,
    campaign::list,
    json::{Json, key},
    one_of, region_of,
};
use crate::{
    campaign::{CampaignRequest, ListEncoding, ListLook, Run, Status, Template, Written, read_delimiter},
    error::{Code, Error},
    raw::{At, Raw},
    territory::Territory,
};

impl CampaignRequest {
    /// Reads a request. A field that is absent or null takes its default; a field nobody knows is refused.
    ///
    /// # Errors
    ///
    /// The first field that is of the wrong type, out of range or unknown, by name; `invalid-template` with its place.
    pub fn read(raw: &Raw) -> Result<CampaignRequest, Error> {
        let top = At::top(raw);
        let fields = top.fields(&[
            "template",
            "channel",
            "balance",
            "sender",
            "region",
            "smart",
            "keep_duplicates",
            "phone_column",
            "opt_out_column",
            "header",
            "delimiter",
            "list_encoding",
            "write",
        ])?;
        let mut request = CampaignRequest::of(Template::parse(fields.need("template")?.text()?)?);
        if let Some(at) = fields.get("channel") {
            request.channel = at.text()?.to_string();
        }
        if let Some(at) = fields.get("balance") {
            request.balance = Some(balance_of(&at)?);
        }
        if let Some(at) = fields.get("sender") {
            request.sender = one_of(&at, &SENDERS)?;
        }
        if let Some(at) = fields.get("region") {
            request.region = region_of(&at)?;
        }
        if let Some(at) = fields.get("smart") {
            request.smart = Some(at.bool()?);
        }
        if let Some(at) = fields.get("keep_duplicates") {
            request.keep_duplicates = at.bool()?;
        }
        if let Some(at) = fields.get("phone_column") {
            request.phone_column = Some(at.text()?.to_string());
        }
        if let Some(at) = fields.get("opt_out_column") {
            request.opt_out_column = Some(at.text()?.to_string());
        }
        if let Some(at) = fields.get("header") {
            request.header = at.bool()?;
        }
        if let Some(at) = fields.get("delimiter") {
            let wrong =
                || at.error(Code::InvalidValue, "write one character, such as \";\" or \"|\", or \"tab\"");
            request.reading.delimiter = Some(read_delimiter(at.text()?).ok_or_else(wrong)?);
        }
        if let Some(at) = fields.get("list_encoding") {
            let encodings = ListEncoding::ALL.map(|encoding| (encoding.as_str(), encoding));
            request.reading.encoding = one_of(&at, &encodings)?;
        }
        if let Some(at) = fields.get("write") {
            request.write = one_of(&at, &[("priced", Written::Priced), ("rejects", Written::Rejects)])?;
        }
        Ok(request)
    }
}

impl ListLook {
    /// What was seen, as it crosses to JavaScript.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::with_capacity(0);
        json.open("{");
        json.text(key!("delimiter"), &*char::from(self.delimiter).to_string());
        json.name(key!("names"));
        json.open("[");
        self.names.iter().for_each(|name| json.item_text(name));
        json.close("]");
        let columns = self.columns.as_ref().ok();
        json.text(key!("phone"), columns.map(|columns| columns.name(columns.phone())));
        json.text(key!("opt_out"), columns.and_then(|columns| Some(columns.name(columns.opt_out()?))));
        json.name(key!("other_phones"));
        json.open("[");
        columns.iter().flat_map(|columns| columns.other_phones()).for_each(|name| json.item_text(name));
        json.close("]");
        match &self.columns {
            Ok(_) => json.text(key!("error"), None),
            Err(error) => {
                json.name(key!("error"));
                json.open("{");
                json.text(key!("code"), error.code().as_str());
                json.text(key!("message"), error.message());
                json.text(key!("at"), error.at());
                json.close("}");
            }
        }
        json.close("}");
        json.into_string()
    }
}

impl Run {
    /// The first rows with their texts, and what is not in the summary, as it crosses to JavaScript.
    #[must_use]
    pub fn previews_json(&self) -> String {
        let mut json = Json::with_capacity(0);
        list(&mut json, self.previews(), |json, preview| {
            json.whole(key!("line"), preview.line);
            json.text(key!("to"), &*preview.to);
            json.text(key!("territory"), preview.territory.as_ref().map(Territory::as_str));
            json.text(key!("status"), preview.status.code());
            json.text(key!("message"), preview.status.message());
            json.text(key!("encoding"), preview.encoding.as_str());
            json.whole(key!("segments"), preview.segments);
            json.amount(key!("price"), (preview.status == Status::Priced).then_some(preview.price));
            json.text(key!("text"), &*preview.text);
        });
        json.into_string()
    }
}
