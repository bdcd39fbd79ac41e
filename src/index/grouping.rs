//! Which events are kept, and read, together.

use crate::event::Event;
use crate::seq::Seq;

/// The group of what is not about one key.
pub const WORLD: (Seq, Seq) = (Seq(0), Seq(0));

/// The group of an event about this subject and attribute. What is not about one key is kept as one group.
#[must_use]
pub fn group_of(about: (Seq, Seq)) -> (Seq, Seq) {
    if about.0.0 == 0 || about.1.0 == 0 { WORLD } else { about }
}

/// The events whose groups are read with that of an act: what it acts upon, and the claim that a correction brings.
pub fn acted_upon(event: &Event) -> impl Iterator<Item = Seq> + use<> {
    let (target, successor) = match event {
        Event::Disputed(act) | Event::Retracted(act) => (Some(act.target), None),
        Event::Assessed(assessment) => (Some(assessment.act.target), None),
        Event::Corrected { act, successor } => (Some(act.target), Some(*successor)),
        _ => (None, None),
    };
    target.into_iter().chain(successor)
}
