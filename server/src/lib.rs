//! The twin: the same quote as in the browser, over HTTP and on the command line.

// What they cannot write is a panic: `cli::output` says what there is to say, and the log.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod app;
pub mod bell;
pub mod campaign;
pub mod card;
pub mod cli;
pub mod config;
pub mod demo;
pub mod document;
pub mod http;
pub mod ledger;
pub mod listen;
pub mod logging;
pub mod metrics;
pub mod payment;
pub mod places;
pub mod price;
pub mod problem;
pub mod relay;
pub mod senders;
pub mod signature;
