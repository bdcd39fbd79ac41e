//! Who speaks in which event.

use crate::seq::Seq;

/// The sources that speak in an event: the chain of a claim, the `by` of an act. Events are noted in their order.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    /// Events in which somebody speaks, in order, each with the end of its speakers.
    events: Vec<(Seq, usize)>,
    sources: Vec<Seq>,
}

impl Speakers {
    /// Notes who speaks in an event, which comes behind all that were noted before.
    pub(super) fn note(&mut self, event: Seq, speakers: impl IntoIterator<Item = Seq>) {
        let before = self.sources.len();
        self.sources.extend(speakers);
        if self.sources.len() > before {
            self.events.push((event, self.sources.len()));
        }
    }

    /// Whether a source speaks in an event.
    pub(super) fn has(&self, event: Seq, source: Seq) -> bool {
        let Ok(place) = self.events.binary_search_by_key(&event, |(event, _)| *event) else { return false };
        let end_of = |place: usize| self.events.get(place).map_or(0, |(_, end)| *end);
        let start = place.checked_sub(1).map_or(0, end_of);
        self.sources.get(start..end_of(place)).is_some_and(|speakers| speakers.contains(&source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_speak_in_their_own_events_only() {
        let mut speakers = Speakers::default();
        speakers.note(Seq(3), [Seq(1), Seq(2)]);
        speakers.note(Seq(4), []);
        speakers.note(Seq(7), [Seq(2)]);
        let has = |event, source| speakers.has(Seq(event), Seq(source));
        assert_eq!([has(3, 1), has(3, 2), has(7, 2)], [true; 3]);
        assert_eq!([has(3, 3), has(4, 1), has(4, 2), has(7, 1), has(8, 2), has(1, 1)], [false; 6]);
    }
}
