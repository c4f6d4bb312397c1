//! What a column holds, whichever database it is in.

use uuid::Uuid;

use super::id::{AccountId, ApplicationId, AttemptId, CampaignId, ChargeId, EventId, KeyId, QuoteId};
use super::moment::Moment;

/// The kind of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Bool,
    Text,
    Uuid,
    Bytes,
}

/// One value of a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Uuid(Uuid),
    Bytes(Vec<u8>),
}

/// The values of one row, in the order of its columns.
pub(crate) type Row = Vec<Value>;

/// A row that cannot be what this version of the ledger wrote.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// A type that is stored in one column.
pub(crate) trait Field: Sized {
    const KIND: Kind;
    fn value(&self) -> Value;
    fn read(value: Value) -> Result<Self, Unreadable>;
}

impl Field for i64 {
    const KIND: Kind = Kind::Int;
    fn value(&self) -> Value {
        Value::Int(*self)
    }
    fn read(value: Value) -> Result<i64, Unreadable> {
        if let Value::Int(int) = value { Ok(int) } else { Err(Unreadable) }
    }
}

impl Field for bool {
    const KIND: Kind = Kind::Bool;
    fn value(&self) -> Value {
        Value::Bool(*self)
    }
    fn read(value: Value) -> Result<bool, Unreadable> {
        if let Value::Bool(bool) = value { Ok(bool) } else { Err(Unreadable) }
    }
}

impl Field for String {
    const KIND: Kind = Kind::Text;
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn read(value: Value) -> Result<String, Unreadable> {
        if let Value::Text(text) = value { Ok(text) } else { Err(Unreadable) }
    }
}

impl Field for Moment {
    const KIND: Kind = Kind::Int;
    fn value(&self) -> Value {
        Value::Int(self.micros())
    }
    fn read(value: Value) -> Result<Moment, Unreadable> {
        i64::read(value).map(Moment::from_micros)
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: Kind = T::KIND;
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::value)
    }
    fn read(value: Value) -> Result<Option<T>, Unreadable> {
        if value == Value::Null { Ok(None) } else { T::read(value).map(Some) }
    }
}

macro_rules! id_fields {
    ($($id:ident)*) => {$(
        impl Field for $id {
            const KIND: Kind = Kind::Uuid;
            fn value(&self) -> Value {
                Value::Uuid(self.uuid())
            }
            fn read(value: Value) -> Result<$id, Unreadable> {
                if let Value::Uuid(uuid) = value { Ok($id::from_uuid(uuid)) } else { Err(Unreadable) }
            }
        }
    )*};
}
id_fields! { AccountId CampaignId ChargeId QuoteId AttemptId ApplicationId KeyId EventId }

/// Stores a type as JSON text.
macro_rules! json_fields {
    ($($name:ty),*) => {$(
        impl $crate::ledger::value::Field for $name {
            const KIND: $crate::ledger::value::Kind = $crate::ledger::value::Kind::Text;
            fn value(&self) -> $crate::ledger::value::Value {
                // A value that JSON cannot say becomes NULL, which its column refuses: nothing is stored half.
                serde_json::to_string(self)
                    .map_or($crate::ledger::value::Value::Null, $crate::ledger::value::Value::Text)
            }
            fn read(
                value: $crate::ledger::value::Value,
            ) -> Result<Self, $crate::ledger::value::Unreadable> {
                let text = <String as $crate::ledger::value::Field>::read(value)?;
                serde_json::from_str(&text).map_err(|_| $crate::ledger::value::Unreadable)
            }
        }
    )*};
}
pub(crate) use json_fields;

/// An enumeration that is stored, and said, as one word each.
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            /// The word it is stored as, and said as at every border.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl $crate::ledger::value::Field for $name {
            const KIND: $crate::ledger::value::Kind = $crate::ledger::value::Kind::Text;
            fn value(&self) -> $crate::ledger::value::Value {
                $crate::ledger::value::Value::Text(self.as_str().to_owned())
            }
            fn read(
                value: $crate::ledger::value::Value,
            ) -> Result<Self, $crate::ledger::value::Unreadable> {
                match <String as $crate::ledger::value::Field>::read(value)?.as_str() {
                    $($word => Ok($name::$variant),)*
                    _ => Err($crate::ledger::value::Unreadable),
                }
            }
        }
    };
}
pub(crate) use words;
