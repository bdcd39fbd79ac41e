//! The projection: from events to the state on a date. A pure fold: no clock, no input or output, no
//! randomness, and it cannot fail. The same events give the same answer.
//!
//! Four steps, a file each: [`choose`](Known::key) the claims, mark the day, reduce the marks, read one row
//! of the table. `docs/model.md` tells the rules.

mod answer;
mod build;
mod choose;
mod day;
mod known;
mod question;
mod since;
mod state;
mod steps;
mod support;
mod sweep;
mod timeline;
mod words;

#[cfg(test)]
pub(crate) use steps::of as steps_of;

pub use answer::{Answer, Flag, Side, State, Status};
pub use choose::Key;
pub use known::facts::{Facts, Row};
pub use known::horizon::{AsOf, At, Horizon, Known, RecordedBy};
pub use known::standing::Dropped;
pub use known::union::{Joined, Union};
pub use known::world::World;
pub use question::{Learned, Saying, learned};
pub use timeline::Stretch;
pub use words::names::{entity_text, source_text, value_text};
pub use words::reason::{Reason, ReasonPart};
pub use words::valid::valid_text;
pub use words::why::{MarkTold, row_text};
