//! Steps 2 to 4 of an answer: what the live claims of a key come to on one day.

mod back;
mod common;
mod flags;
mod joining;
mod mark;
mod meet;
mod order;
mod reading;
mod reduce;
mod reread;
mod said;
mod sides;
mod stretch;
mod table;
mod voices;

pub(super) use back::SURELY_BACK_DAYS;
pub(super) use mark::{has_y, marks};
pub(super) use reading::Reading;
pub(super) use reduce::{Reduced, carry, reduce, run};
pub(super) use said::{Mark, Says};
pub(super) use sides::Group;
pub(super) use table::read;
pub(super) use voices::all::{ListDenial, ValueEntry, Voices};
pub(super) use voices::beside::Beside;
pub(super) use voices::reach::rank_reaches;
pub(super) use voices::voice::{BoundKind, Root, Side, Time, ValueId, Voice};
