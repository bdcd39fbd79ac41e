//! What a key may do.

use crate::event::{EventKind, LATER_KINDS};
use crate::source::words;

words! {
    /// What a key may do: which kinds of events it may seal.
    Role {
        /// Record claims, and everything that is none of the others.
        Append = "append",
        /// Give verdicts.
        Assess = "assess",
        /// Approve what others recorded, or return it.
        Approve = "approve",
        /// Erase.
        Erase = "erase",
        /// Authorise and revoke keys, and change settings.
        Keys = "keys",
    }
}

impl Role {
    /// The role that an event of this kind needs; none: any role will do.
    #[must_use]
    pub fn for_kind(kind: EventKind) -> Option<Role> {
        match kind {
            EventKind::Genesis | EventKind::ActorRegistered | EventKind::LedgerRegistered => None,
            EventKind::Assessed => Some(Role::Assess),
            EventKind::Approved | EventKind::Returned => Some(Role::Approve),
            EventKind::PayloadErased => Some(Role::Erase),
            EventKind::KeyAuthorised | EventKind::KeyRevoked | EventKind::SettingChanged => Some(Role::Keys),
            _ => Some(Role::Append),
        }
    }
}

/// Which kinds of events a commit holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u64);

/// The bit of all kinds that are not known and may have come later: no kind has the number 0.
const LATER: u64 = 1;

impl Kinds {
    /// Adds a kind by its number; one that is not known and cannot have come later is a finding of its own.
    pub fn add(&mut self, kind: u16) {
        if EventKind::of_number(kind).is_some() {
            self.0 |= 1 << kind;
        } else if kind >= LATER_KINDS {
            self.0 |= LATER;
        }
    }

    /// The roles that are needed to record events of these kinds, each with the word of a kind that needs it.
    pub fn roles(self) -> impl Iterator<Item = (Role, &'static str)> {
        let known = EventKind::ALL.iter().filter(move |kind| self.0 & (1 << kind.number()) != 0);
        let known = known.filter_map(|kind| Some((Role::for_kind(*kind)?, kind.word())));
        known.chain((self.0 & LATER != 0).then_some((Role::Append, "an event of a later kind")))
    }
}

impl FromIterator<EventKind> for Kinds {
    fn from_iter<T: IntoIterator<Item = EventKind>>(kinds: T) -> Kinds {
        let mut all = Kinds::default();
        kinds.into_iter().for_each(|kind| all.add(kind.number()));
        all
    }
}
