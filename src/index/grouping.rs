//! Which events are kept, and read, together.

use crate::event::{Event, EventKind};
use crate::seq::Seq;

/// The group of what is not about one key.
pub const WORLD: (Seq, Seq) = (Seq(0), Seq(0));

/// Set in the attribute of a group of notes.
const OF_NOTES: u64 = 1 << 63;
/// Numbers to a group of notes.
const NOTES_PAGE: u64 = 64;

/// The group in which an event is kept. Notes that are not about one key are kept apart from the world, some together:
/// no answer needs them, and there may be many.
#[must_use]
pub fn group_of_event(seq: Seq, kind: EventKind, about: (Seq, Seq)) -> (Seq, Seq) {
    match group_of(about) {
        WORLD if kind == EventKind::Noted => (Seq(0), Seq(OF_NOTES | (seq.0 / NOTES_PAGE))),
        about => about,
    }
}

/// Whether a group is one of notes that are not about one key.
#[must_use]
pub fn is_of_notes(group: (Seq, Seq)) -> bool {
    group.0.0 == 0 && group.1.0 & OF_NOTES != 0
}

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
