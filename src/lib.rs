//! What a text message costs, before you press send.
#![no_std]

extern crate alloc;

// A dynamic library needs somebody's panic handler and allocator. Linked without a name: no line here can use it.
#[cfg(not(any(target_os = "none", feature = "standalone")))]
extern crate std as _;

mod advice;
mod calling_codes;
#[cfg(feature = "campaign")]
pub mod campaign;
mod cluster;
pub mod compose;
mod digits;
mod error;
pub mod gsm7;
mod literal;
mod money;
pub mod national;
mod phone;
mod plain;
mod quote;
mod rates;
mod raw;
mod segment;
pub mod smart;
mod spell;
mod territory;
mod utf16;
#[cfg(target_family = "wasm")]
mod wasm;
mod wire;

pub use advice::{ADVICE_MAX, ADVICE_UNITS_MAX, Advice, Kind, Reading, Span};
pub use error::{Code, Error};
pub use money::{AmountError, DECIMALS_MAX, Money};
pub use phone::{E164_DIGITS_MAX, Number, NumberProblem, calling_code, possible_lengths, read_number};
pub use quote::{
    Charge, Cover, Destination, LinePrice, LineType, Price, Quote, QuoteRequest, RECIPIENTS_MAX, Recipient,
    TEXT_BYTES_MAX, Warning,
};
pub use rates::{CallingRate, Channel, Local, RateCard, Table, Unit};
pub use raw::Raw;
pub use segment::{
    Counts, Encoding, SEGMENTS_MAX, Segment, Segmentation, Sender, capacity_concatenated, capacity_single,
    count, count_as, segment, segment_as,
};
pub use territory::Territory;
#[cfg(target_family = "wasm")]
pub use wasm::Meter;
