//! What a text message costs, before you press send.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod error;
mod money;
mod raw;
mod territory;

pub use error::{Code, Error};
pub use money::{DECIMALS_MAX, Money};
pub use raw::Raw;
pub use territory::Territory;
