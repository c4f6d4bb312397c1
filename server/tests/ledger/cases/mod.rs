//! The failure cases of a prepaid ledger, one test each, named by what must be true.

mod auto_charge;
mod charges;
mod credits;
mod failover;
mod outbox;
mod promises;
mod storage;
