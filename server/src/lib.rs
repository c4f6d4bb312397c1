//! The twin: the same quote as in the browser, over HTTP and on the command line.

pub mod app;
pub mod card;
pub mod cli;
pub mod config;
pub mod demo;
pub mod document;
pub mod http;
pub mod ledger;
pub mod logging;
pub mod metrics;
pub mod problem;
