//! An event together with who entered it first, where it came from another ledger.

use super::Event;
use crate::seq::Seq;

/// Where an event that was imported stood before: what the import says, and proven only `under` a signed head.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct First {
    /// Who entered it there: the event that registered this actor of the other ledger here.
    pub actor: Seq,
    /// Its position there.
    pub seq: Seq,
    /// Its link there.
    pub link: [u8; 32],
    /// When it was recorded there, in microseconds since 1970-01-01T00:00:00Z; not negative.
    pub at_micros: i64,
    /// The captured copy of that ledger's signed head under which it was checked that the event stood there.
    pub under: Option<Seq>,
}

/// An event as its payload holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entered {
    /// What happened.
    pub event: Event,
    /// Who entered it first; `None` if that was here.
    pub first: Option<First>,
}

impl From<Event> for Entered {
    fn from(event: Event) -> Entered {
        Entered { event, first: None }
    }
}
