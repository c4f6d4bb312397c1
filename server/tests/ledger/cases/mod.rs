//! The failure cases of a prepaid ledger, one test each, named by what must be true.
//!
//! Which case is judged where: here on both databases (`charges`, `credits`, …), through HTTP and the relay
//! (`messages.rs`, `relay.rs`, `autocharge.rs`, `resources/`), and with the program as a process (`process/`).
//!
//! | | Case | Judged by |
//! |-|-|-|
//! | 1 | crash between charge and send | `relay` case 1, `outbox`: handed on after a restart, `process/crash` |
//! | 2 | retry after a time-out | `messages` case 2, `charges`: a retry under the same key, `process/crash` |
//! | 3 | same key, other body | `messages` case 3, `charges`, `resources/charges` |
//! | 4 | same key twice at once | `messages` case 4, `charges`, `process/database`: on two twins |
//! | 5 | same key twice in one batch | `charges` |
//! | 6 | refusal kept after a top-up | `messages` case 6, `charges`, `resources/charges` |
//! | 7 | many sends for the last cents | `messages` case 7, `races`, `process/database` |
//! | 8 | auto-charge races | `autocharge` case 8, `auto_charge`: many at once, `laws_auto` |
//! | 9 | declined: back off, tell, stop | `autocharge` case 9, `auto_charge` |
//! | 10 | over its own limit | `autocharge` case 10, `auto_charge`: the cap of a month |
//! | 11 | payment delivered twice | `autocharge` case 11, `credits`, `resources/credits` |
//! | 12 | payment outcome unknown | `autocharge` case 12, `auto_charge`: an unknown payment |
//! | 13 | clock skew | `credits`: a clock that runs backwards |
//! | 14 | fail-over in mid-commit | `failover`: an answer that is lost |
//! | 15 | isolated primary | `failover` |
//! | 16 | card changes between quote and send | `messages` case 16, `promises`, `resources/quote_locks` |
//! | 17 | money for some recipients | `messages` case 17, `charges`: all or none |
//! | 18 | half a batch handed on, then a crash | `relay` case 18, `outbox`, `process/crash` |
//! | 19 | poison message | `relay` case 19, `outbox`: nobody takes it, it kills its relays |
//! | 20 | provider's trouble, time-out, definite no | `relay` case 20, `outbox`: a time-out |
//! | 21 | double refund | `credits`: given back once, `outbox`: a definite refusal |
//! | 22 | pending amounts counted together | `auto_charge`: closes the gap, `laws_auto` |
//! | 23 | apply all | `credits`, `races`: sends and applications, `resources/credits` |
//! | 24 | no automatic re-send of what was refused | `charges`: leaves nothing behind |
//! | 25 | decisions read the primary only | `failover`: a server that cannot promise is refused |
//! | 26 | second process | `storage`, `process/starting` |
//! | 27 | full disk, failing storage | `storage`, `process/disk`, `process/database` |
//! | 28 | reconcile | `storage`: finds what was tampered with, `process`: at the end of each |
//! | 29 | exact arithmetic | `charges`, `messages`: the price charged is the price quoted, `laws` |
//! | 30 | zero, negative, overflowing amounts | `charges`, `credits`: does not overflow, `resources/credits` |
//! | 31 | a hold is all or nothing | `campaigns`, `laws`, `sending/refused` |
//! | 32 | what is held is nobody else's | `campaigns`, `races`: campaigns and sends, `sending/refused` |
//! | 33 | crash in the middle of a campaign | `campaigns`, `process/campaign`, `sending/broken` |

mod auto_charge;
mod campaigns;
mod charges;
mod credits;
mod failover;
mod outbox;
mod promises;
mod storage;
