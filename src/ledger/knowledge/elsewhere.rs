//! What came from other ledgers: which these are, who acts there, and which events of this ledger were entered there first.

use foldhash::HashMap;

use crate::catalogue::Catalogue;
use crate::event::{Event, First};
use crate::seq::Seq;

/// Other ledgers, their actors, and the events that came from them.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Elsewhere {
    /// The event that registered a ledger, by its id.
    ledgers: HashMap<[u8; 32], Seq>,
    origins: HashMap<Seq, Box<str>>,
    /// The event that registered an actor of another ledger, by both.
    actors: HashMap<(Seq, Box<str>), Seq>,
    /// The ledger in which an actor acts.
    ledger_of_actor: HashMap<Seq, Seq>,
    /// Who entered a new event first.
    events: HashMap<Seq, Seq>,
}

impl Elsewhere {
    /// Those that a ledger names.
    pub(super) fn of(catalogue: &Catalogue) -> Elsewhere {
        let mut all = Elsewhere::default();
        for (seq, origin, id) in catalogue.ledgers() {
            all.ledgers.entry(*id).or_insert(seq);
            all.origins.insert(seq, origin.into());
        }
        for (actor, ledger) in catalogue.actors_elsewhere() {
            if let Some(name) = catalogue.actor(actor) {
                all.actors.entry((ledger, name.into())).or_insert(actor);
            }
            all.ledger_of_actor.insert(actor, ledger);
        }
        all
    }

    /// Takes in the next event.
    pub(super) fn apply(&mut self, seq: Seq, event: &Event, first: Option<&First>) {
        match event {
            Event::LedgerRegistered { origin, ledger } => {
                self.ledgers.entry(*ledger).or_insert(seq);
                self.origins.insert(seq, origin.clone());
            }
            Event::ActorRegistered { name, of: Some(ledger) } => {
                self.actors.entry((*ledger, name.clone())).or_insert(seq);
                self.ledger_of_actor.insert(seq, *ledger);
            }
            _ => {}
        }
        if let Some(first) = first {
            self.events.insert(seq, first.actor);
        }
    }

    /// The event that registered a ledger.
    pub(in crate::ledger) fn ledger(&self, id: &[u8; 32]) -> Option<Seq> {
        self.ledgers.get(id).copied()
    }

    /// All registered ledgers.
    pub(super) fn ledgers(&self) -> impl Iterator<Item = Seq> {
        self.ledgers.values().copied()
    }

    /// The name of a registered ledger.
    pub(in crate::ledger) fn origin(&self, ledger: Seq) -> Option<&str> {
        self.origins.get(&ledger).map(|origin| &**origin)
    }

    /// The event that registered an actor of another ledger.
    pub(in crate::ledger) fn actor(&self, ledger: Seq, name: &str) -> Option<Seq> {
        self.actors.get(&(ledger, name.into())).copied()
    }

    /// The ledger in which somebody acts; `None`: this one.
    pub(in crate::ledger) fn ledger_of_actor(&self, actor: Seq) -> Option<Seq> {
        self.ledger_of_actor.get(&actor).copied()
    }

    /// The ledger in which a new event was entered first; `None`: this one.
    pub(super) fn ledger_of(&self, event: Seq) -> Option<Seq> {
        self.ledger_of_actor(*self.events.get(&event)?)
    }
}
