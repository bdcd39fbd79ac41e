//! Names and keys that come into a new event: the log has to say what the View says of them.

use super::register::Register;
use crate::event::Event;
use crate::keys::Authorised;
use crate::seq::Seq;

impl Register {
    /// Checks, by the log, what is known of a name that an event registered: all that says something of it.
    pub(in crate::ledger) fn vouch(&self, first: Seq) {
        let is_new = first.0 <= self.past.size() && self.vouched.borrow_mut().insert(first);
        if !is_new {
            return;
        }
        let all = self.catalogue.told_by(first).into_iter().filter(|seq| seq.0 <= self.past.size());
        let is_told = |seq| self.before(seq, |event| self.catalogue.is_told(first, seq, event));
        if !all.into_iter().all(is_told) {
            self.past.doubt();
        }
    }

    /// Checks, by the log, that a key was authorised as it is known.
    pub(in crate::ledger) fn vouch_key(&self, own: &Authorised) {
        if own.by.0 > self.past.size() {
            return;
        }
        let stored = self.past.event(own.by);
        let event = stored.as_ref().and_then(|stored| stored.recorded.event.as_ref());
        let is_it = match event {
            Some(Event::KeyAuthorised { name, algorithm, public_key, roles }) => {
                **name == *own.key.name()
                    && *algorithm == own.key.algorithm()
                    && **public_key == *own.key.bytes()
                    && own.roles.iter().all(|role| roles.iter().any(|given| **given == *role.word()))
            }
            _ => false,
        };
        if !is_it {
            self.past.doubt();
        }
    }

    /// Notes that something known of the log is not in it.
    pub(in crate::ledger) fn doubt(&self) {
        self.past.doubt();
    }

    /// Whether something that was asked for is not in the log as the View says: then nothing may be recorded.
    pub(in crate::ledger) fn is_doubtful(&self) -> bool {
        self.past.is_doubtful()
    }
}
