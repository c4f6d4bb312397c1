//! What a text message costs, before you press send.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod calling_codes;
mod error;
pub mod gsm7;
mod money;
pub mod national;
mod phone;
mod rates;
mod raw;
mod segment;
pub mod smart;
mod territory;

pub use error::{Code, Error};
pub use money::{DECIMALS_MAX, Money};
pub use phone::{E164_DIGITS_MAX, Number, NumberProblem, calling_code, possible_lengths, read_number};
pub use rates::{CallingRate, Channel, Local, RateCard, Table, Unit};
pub use raw::Raw;
pub use segment::{
    Encoding, SEGMENTS_MAX, Segment, Segmentation, Sender, capacity_concatenated, capacity_single, segment,
    segment_as,
};
pub use territory::Territory;
