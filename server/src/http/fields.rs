//! Amounts and moments as fields of a document.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use textmeter::Money;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema, SchemaFormat,
        schema::{KnownFormat, Type},
    },
};

use super::refusals::{amount, moment};
use crate::{ledger::Moment, price::micros};

/// How a problem about an amount begins, whatever the field: what tells it from other wrong values.
pub(super) const WRONG_AMOUNT: &str = "write an amount";

/// An amount on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount(pub(super) i64);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&amount(self.0))
    }
}

impl ToSchema for Amount {}
impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        decimal("An exact amount: two to six decimals", r"^-?\d{1,13}\.\d{2,6}$", "0.132")
    }
}

/// An amount on its way in, from nothing up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level(pub(super) i64);

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
        let text = String::deserialize(deserializer)?;
        Money::parse(&text).and_then(micros).map(Level).ok_or_else(|| {
            let wanted = "from 0 up with at most six decimals and a point, as in \"5.00\"";
            D::Error::custom(format!("{WRONG_AMOUNT} {wanted}"))
        })
    }
}

impl ToSchema for Level {}
impl PartialSchema for Level {
    fn schema() -> RefOr<Schema> {
        decimal("An amount from nothing up, with at most six decimals", r"^\d{1,9}(\.\d{1,6})?$", "25.00")
    }
}

/// An amount on its way in, more than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum(pub(super) i64);

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sum, D::Error> {
        match Level::deserialize(deserializer)? {
            Level(0) => Err(D::Error::custom(format!("{WRONG_AMOUNT} above 0"))),
            Level(micros) => Ok(Sum(micros)),
        }
    }
}

impl ToSchema for Sum {}
impl PartialSchema for Sum {
    fn schema() -> RefOr<Schema> {
        let pattern = r"^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,6})?$";
        decimal("An amount above nothing, with at most six decimals", pattern, "20.00")
    }
}

/// A moment on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When(pub(super) Moment);

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&moment(self.0.micros()))
    }
}

impl ToSchema for When {}
impl PartialSchema for When {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("RFC 3339, in UTC"))
            .examples(["2026-11-23T08:00:00.000001Z"])
            .into()
    }
}

fn decimal(about: &str, pattern: &str, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .pattern(Some(pattern))
        .examples([example])
        .into()
}
