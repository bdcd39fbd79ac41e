//! The projection: from events to the state on a date. A pure fold: no clock, no input or output, no
//! randomness, and it cannot fail. The same events give the same answer.
//!
//! Four steps, a file each: [`choose`](Known::key) the claims, mark the day, reduce the marks, read one row
//! of the table. `docs/model.md` tells the rules.

mod answer;
mod build;
mod choose;
mod day;
mod explain;
mod facts;
mod horizon;
mod names;
mod question;
mod review;
mod same_time;
mod since;
mod standing;
mod state;
mod support;
mod tell;
mod timeline;
mod union;
mod why;
mod world;

pub use answer::{Flag, Side, State, Status};
pub use choose::Key;
pub use facts::{Facts, Row};
pub use horizon::{AsOf, At, Horizon, Joined, Known, RecordedBy};
pub use names::{entity_text, source_text, value_text};
pub use question::{Learned, Saying, learned};
pub use standing::Dropped;
pub use tell::valid_text;
pub use timeline::{Stretch, is_alike};
pub use union::Union;
pub use why::{MarkTold, row_text};
pub use world::World;
