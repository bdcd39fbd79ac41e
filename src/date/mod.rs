//! Civil dates: days, EDTF bounds, clock windows and edges.
//!
//! Dates are civil dates of the place and are never converted between zones. A source's wording is
//! kept byte for byte; what it can mean is its window of days.

mod bound;
mod clock;
mod day;
mod edtf;
mod habit;
mod interval;
mod order;
mod plain;
mod said;
mod typed;

pub use bound::{Bound, Window};
pub use clock::{ClockWindow, Minutes};
pub use day::Day;
pub use edtf::DateError;
pub(crate) use edtf::is_interval;
pub(crate) use habit::is_month;
pub use interval::{End, Interval};
pub use order::Instant;
pub use said::Said;
pub use typed::typed_date;

#[cfg(test)]
mod tests;
