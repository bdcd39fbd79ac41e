//! What has to be known of an event by its number.

use std::io;

use super::room::Room;
use super::scratch::Scratch;
use crate::event::EventKind;
use crate::pack::Unpack;
use crate::seq::Seq;

/// Kind and (subject, attribute) of an event.
pub(in crate::ledger) type Brief = (EventKind, Seq, Seq);

/// An event as it is set aside.
const ROW_LEN: usize = 2 + 8 + 8;

/// Events in their order: the last ones in memory, those before them set aside.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Events {
    room: Option<Room>,
    aside: Option<Scratch>,
    aside_count: usize,
    recent: Vec<Brief>,
}

impl Events {
    /// None yet; without room all stay in memory.
    pub(in crate::ledger) fn new(room: Option<Room>) -> Events {
        Events { room, ..Events::default() }
    }

    pub(in crate::ledger) fn len(&self) -> usize {
        self.aside_count + self.recent.len()
    }

    /// Adds an event.
    ///
    /// # Errors
    /// If some cannot be set aside.
    pub(in crate::ledger) fn push(&mut self, event: Brief) -> io::Result<()> {
        self.recent.push(event);
        if let Some(room) = &self.room
            && self.recent.len() >= room.entries_max
        {
            let rows: Vec<u8> = self.recent.iter().flat_map(|event| to_row(*event)).collect();
            Scratch::of(&mut self.aside, &room.folder)?.append(&rows)?;
            self.aside_count += self.recent.len();
            self.recent.clear();
        }
        Ok(())
    }

    /// The event at a place, from 0.
    ///
    /// # Errors
    /// If it was set aside and cannot be read.
    pub(in crate::ledger) fn get(&self, place: usize) -> io::Result<Option<Brief>> {
        match (place.checked_sub(self.aside_count), &self.aside) {
            (Some(place), _) => Ok(self.recent.get(place).copied()),
            (None, None) => Ok(None),
            (None, Some(aside)) => {
                let mut row = [0; ROW_LEN];
                aside.read((place * ROW_LEN) as u64, &mut row)?;
                Ok(of_row(row))
            }
        }
    }
}

fn to_row((kind, subject, attribute): Brief) -> [u8; ROW_LEN] {
    let mut row = [0; ROW_LEN];
    let (front, back) = row.split_at_mut(2);
    front.copy_from_slice(&kind.number().to_le_bytes());
    back.copy_from_slice([subject.0, attribute.0].map(u64::to_le_bytes).as_flattened());
    row
}

fn of_row(row: [u8; ROW_LEN]) -> Option<Brief> {
    let mut unpack = Unpack(&row);
    let kind = EventKind::of_number(u16::from_le_bytes(unpack.array()?))?;
    let mut seq = || unpack.array().map(u64::from_le_bytes).map(Seq);
    Some((kind, seq()?, seq()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_found_wherever_they_lie() {
        let dir = tempfile::tempdir().unwrap();
        let room = Room { entries_max: 100, ..Room::of_ledger(dir.path()) };
        let event = |place: usize| {
            (EventKind::ALL[place % EventKind::ALL.len()], Seq(place as u64), Seq(u64::MAX - place as u64))
        };
        for room in [Some(room), None] {
            let mut events = Events::new(room);
            (0..1050).for_each(|place| events.push(event(place)).unwrap());
            assert_eq!((events.aside.is_some(), events.len()), (events.room.is_some(), 1050));
            assert!((0..1050).all(|place| events.get(place).unwrap() == Some(event(place))));
            assert_eq!(events.get(1050).unwrap(), None);
        }
    }
}
