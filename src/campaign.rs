//! A whole campaign priced before the first text goes out: one template, many recipients.
//!
//! The work is in three steps, so that it runs on one thread in a browser and on all cores of a server:
//! - [`SheetReader`] cuts the bytes of a list into [`Batch`]es of rows, in constant memory;
//! - [`Pricer`] prices a row on its own: it shares nothing that changes, so batches can be priced side by side;
//! - [`Tally`] takes the priced rows in the list's order: it finds duplicates, adds up, and says how far the balance goes.
//!
//! [`PricedList`] writes the list again, with what its rows cost. [`Run`] does all of it on one thread, as the bytes come.
//! A pricer borrows the card and the columns; a run, which holds on to neither, makes it anew for every piece of the list:
//! that costs next to nothing.
//!
//! A row is priced by the same rules as [`RateCard::quote`](crate::RateCard::quote), and the sum is the sum of those quotes,
//! exactly. It is quicker because what cannot differ is not done again: the template's own words are measured once, a
//! value is measured without being put into the text, and only a text whose cuts depend on what stands around them is
//! written out and cut.
//!
//! ```
//! # let raw: textmeter::Raw = serde_json::from_str(include_str!("../rates.json")).unwrap();
//! # let card = textmeter::RateCard::read(&raw).unwrap();
//! use textmeter::campaign::{Batch, Columns, Pricer, Settings, SheetReader, Tally, Template};
//!
//! let list = "Name;Phone\r\nAda;+12125550123\r\nJosé;+447400123456\r\n".as_bytes();
//! let mut reader = SheetReader::of(list);
//! let mut batch = Batch::new();
//! let read = reader.read_first(list, &mut batch);
//! let columns = Columns::find(&batch, &Default::default())?;
//!
//! let template = Template::parse("Hi {{name|there}}, your table is ready.")?;
//! let settings = Settings::default();
//! let pricer = Pricer::new(&card, &settings, &template, &columns)?;
//! let mut tally = Tally::new(&pricer, &settings);
//! batch.clear();
//! reader.read(&list[read..], &mut batch);
//! reader.finish(&mut batch);
//! let mut scratch = String::new();
//! for row in batch.rows() {
//!     let mut quote = pricer.quote(&row, &mut scratch);
//!     tally.add(&pricer, &row, &mut quote);
//! }
//! tally.note_blank_rows(reader.blank_rows());
//! let summary = tally.summary(&pricer);
//! assert_eq!((summary.sendable, summary.total.unwrap().to_string().as_str()), (2, "0.076"));
//! # Ok::<(), textmeter::Error>(())
//! ```

mod batch;
mod bound;
mod cells;
mod columns;
mod look;
mod numbers;
mod pricer;
mod reading;
mod request;
mod run;
mod shape;
mod sheet;
mod status;
mod summary;
mod tally;
mod template;
mod variants;
mod windows_1252;

pub use batch::{BATCH_BYTES, BATCH_ROWS, Batch, Row};
pub use cells::PricedList;
pub use columns::{Columns, Wanted, folded, is_opt_out_name, is_opted_out};
pub use look::ListLook;
pub use numbers::NUMBERS_MAX;
pub use pricer::{Pricer, RowQuote, Settings, typed_in};
pub use reading::{ListEncoding, ListReading, read_delimiter};
pub use request::{CampaignRequest, Written};
pub use run::{PREVIEWS_MAX, Preview, Run};
pub use sheet::{FIELDS_MAX, ROW_BYTES_MAX, SNIFFED_BYTES, SheetReader};
pub use status::Status;
pub use summary::{Advice, Bar, Character, Place, Summary};
pub use tally::{CURVE_POINTS_MAX, Covered, Example, Lines, PROBLEMS_LISTED_MAX, Problem, Tally};
pub use template::{Field, TEMPLATE_BYTES_MAX, Template};
pub use variants::{Change, Rewrite};
