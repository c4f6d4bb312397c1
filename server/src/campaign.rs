//! Whole lists through the pricing crate: where their bytes come from, and how all cores get at them.

pub mod json_lines;
pub mod pipeline;
pub mod source;
mod utf16;
