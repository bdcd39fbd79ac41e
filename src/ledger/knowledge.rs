//! What a writer knows of a ledger when it begins: everything, or a part.

use std::path::Path;

use super::error::Error;
use super::head::Head;
use super::part::Item;
use super::register::Register;
use super::replay::Step;
use super::spill::Room;
use crate::keys::Ring;

/// What a writer begins with.
pub(super) struct Knowledge {
    pub(super) register: Register,
    pub(super) keys: Ring,
    pub(super) head: Head,
}

impl Knowledge {
    /// Nothing yet, for a replay of this ledger.
    pub(super) fn before(dir: &Path) -> Knowledge {
        let register = Register::new(Some(Room::of_ledger(dir)));
        Knowledge { register, keys: Ring::default(), head: Head::default() }
    }

    /// Takes in what a replay shows.
    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Event(stored) => {
                let recorded = &stored.recorded;
                self.keys.note(recorded.seq, stored.kind, recorded.event.as_ref());
                self.head.recorded_at_micros = recorded.at_micros;
                self.register.apply(recorded.seq, recorded.event.as_ref(), stored.kind, stored.about);
            }
            Step::Commit(seal) => {
                self.keys.close(seal.head.size);
                self.head.take(seal);
            }
        }
    }

    /// The same when a replay is over.
    ///
    /// # Errors
    /// `Io` if what was set aside could not be written, or read again.
    pub(super) fn whole(self) -> Result<Knowledge, Error> {
        self.register.intact()?;
        Ok(self)
    }

    /// Some events that are in their order, behind which this is the head.
    #[expect(clippy::vec_box, reason = "they are large, and many are moved")]
    pub(super) fn of(items: Vec<Box<Item>>, head: Head) -> Knowledge {
        let (mut register, mut keys) = (Register::behind(head.size), Ring::default());
        for item in &items {
            keys.note(item.recorded.seq, item.kind, item.recorded.event.as_ref());
            keys.close(item.commit_last.0);
        }
        learn(&mut register, items);
        Knowledge { register, keys, head }
    }
}

/// Takes in events behind which a register was begun.
pub(super) fn learn(register: &mut Register, items: impl IntoIterator<Item = Box<Item>>) {
    for item in items {
        let Item { recorded, kind, about, .. } = *item;
        register.learn(recorded.seq, recorded.event.as_ref(), kind, about);
    }
}
