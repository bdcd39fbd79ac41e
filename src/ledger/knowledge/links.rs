//! Events by their links: what an event is known again by, in every ledger into which it came.

use foldhash::HashMap;

use crate::seq::Seq;

type Link = [u8; 32];

/// Every new event that was entered elsewhere, by the link that it had where it was entered first.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Links {
    /// By the first eight bytes, which are the event's id for people.
    by_start: HashMap<u64, (Seq, Link)>,
    /// Links that begin like another one.
    alike: Vec<(Seq, Link)>,
}

impl Links {
    /// Adds an event. One that is there stays.
    pub(super) fn insert(&mut self, link: Link, seq: Seq) {
        let (_, known) = self.by_start.entry(start_of(&link)).or_insert((seq, link));
        if *known != link && self.get(&link).is_none() {
            self.alike.push((seq, link));
        }
    }

    /// The event of a link.
    pub(in crate::ledger) fn get(&self, link: &Link) -> Option<Seq> {
        let (seq, known) = self.by_start.get(&start_of(link))?;
        if known == link {
            return Some(*seq);
        }
        self.alike.iter().find(|(_, known)| known == link).map(|(seq, _)| *seq)
    }

    /// The events whose links begin so.
    pub(super) fn of_start(&self, start: u64) -> Vec<Seq> {
        let alike = self.alike.iter().filter(|(_, link)| start_of(link) == start).map(|(seq, _)| *seq);
        self.by_start.get(&start).map(|(seq, _)| *seq).into_iter().chain(alike).collect()
    }
}

/// The sixteen hexadecimal digits of an id as the start of a link.
pub(super) fn start_of_id(id: &str) -> Option<u64> {
    u64::from_str_radix(id, 16).ok().filter(|_| crate::value::is_derived_id(id))
}

/// The first eight bytes of a link.
pub(super) fn start_of(link: &Link) -> u64 {
    link.first_chunk().map_or(0, |start| u64::from_be_bytes(*start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_begin_alike_are_two() {
        let mut links = Links::default();
        let (one, mut other) = ([7; 32], [7; 32]);
        other[31] = 8;
        links.insert(one, Seq(1));
        links.insert(other, Seq(2));
        links.insert(other, Seq(3));
        assert_eq!((links.get(&one), links.get(&other), links.get(&[9; 32])), (Some(Seq(1)), Some(Seq(2)), None));
        let of_id = |id| start_of_id(id).map(|start| links.of_start(start));
        assert_eq!(of_id("0707070707070707"), Some(vec![Seq(1), Seq(2)]));
        assert_eq!(of_id("07"), None);
    }
}
