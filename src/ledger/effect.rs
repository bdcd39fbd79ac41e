//! What recording some events would change: the answers before and after, day by day.

use std::collections::{BTreeMap, BTreeSet};

use super::error::Error;
use super::plan::stage::Staged;
use super::read::open::Ledger;
use crate::date::Day;
use crate::event::{Event, Recorded};
use crate::exchange::Names;
use crate::projection::{At, Facts, Horizon, Key, Known, State, Stretch};
use crate::seq::Seq;

/// What would be recorded: checked and numbered, not written.
#[derive(Debug)]
pub struct Planned {
    /// What would become of each proposal.
    pub staged: Vec<Staged>,
    /// The events, with the numbers that they would have.
    pub events: Vec<Recorded>,
    /// What each event is about.
    pub(super) about: Vec<(Seq, Seq)>,
    /// The actor's name, if this would be their first write.
    pub new_actor: Option<String>,
}

/// Days in a row on which the answer of a key would become another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first day; `None`: since ever.
    pub from: Option<Day>,
    /// The last day; `None`: for ever.
    pub until: Option<Day>,
    /// The answer of the first day as it is; `None` if nothing is claimed of the key.
    pub before: Option<State>,
    /// The answer of the first day as it would be; `None` if nothing would be claimed of the key.
    pub after: Option<State>,
}

/// What would be recorded, and what that would change.
#[derive(Debug)]
pub struct Effect {
    /// The ledger as it would be: what the answers afterwards name is known there.
    pub then: Ledger,
    /// The changes of each key of which the answer would change on any day, sorted by the names of subject and attribute,
    /// bytewise.
    pub changes: Vec<Vec<Change>>,
}

impl Ledger {
    /// What recording events would change in the answers of all days. The events must follow right behind this ledger's last.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn effect(&self, planned: &Planned) -> Result<Effect, Error> {
        self.whole(|ledger| ledger.effect_as_read(planned))
    }

    fn effect_as_read(&self, planned: &Planned) -> Result<Effect, Error> {
        let then = self.with(planned.events.iter().zip(planned.about.iter().copied()));
        let horizon = Horizon::default();
        let (now_at, then_at) = (self.at(horizon), then.at(horizon));
        let mut by_name = BTreeMap::new();
        {
            let names = then.names();
            for key in affected(self, &then, planned, &then_at) {
                let (facts, then_facts) = (self.facts(&[key])?, then.facts(&[key])?);
                let changes = changes(&Answers::of(&now_at, &facts, key), &Answers::of(&then_at, &then_facts, key));
                if !changes.is_empty() {
                    by_name.insert((names.entity(key.0).into_owned(), names.attribute(key.1).into_owned()), changes);
                }
            }
        }
        Ok(Effect { then, changes: by_name.into_values().collect() })
    }
}

/// The keys of which the answer can hang on what is planned, by their canonical subjects.
fn affected(now: &Ledger, then: &Ledger, planned: &Planned, at: &At<'_>) -> BTreeSet<(Seq, Seq)> {
    if planned.events.iter().filter_map(|recorded| recorded.event.as_ref()).any(|event| bears_on_all(now, event)) {
        return then.keys_at(at, None).into_iter().collect();
    }
    let about = planned.about.iter().filter(|(subject, attribute)| subject.0 != 0 && attribute.0 != 0);
    about.map(|(subject, attribute)| (at.canonical(*subject), *attribute)).collect()
}

/// Whether the answers of other keys can hang on an event than of the one that it is about.
fn bears_on_all(now: &Ledger, event: &Event) -> bool {
    match event {
        Event::AttributeDefined(defined) => now.catalogue().attribute_of_key(&defined.key).is_some(),
        Event::SourceRegistered(source) => now.catalogue().source_of_key(&source.key).is_some(),
        Event::SourceRated(_)
        | Event::SourceLinked { .. }
        | Event::EntitiesJudged(_)
        | Event::SettingChanged(_)
        | Event::Approved(_) => true,
        Event::Retracted(act) => now.shares(act.target),
        _ => false,
    }
}

/// The answers of a key over all days.
struct Answers<'k> {
    known: Known<'k>,
    key: Key,
    /// None if no claim of the key is used.
    stretches: Vec<Stretch>,
}

impl<'k> Answers<'k> {
    /// Of a key by its rows, as known at a horizon.
    fn of(at: &At<'k>, facts: &'k Facts, key: (Seq, Seq)) -> Answers<'k> {
        let known = at.of(facts);
        let key = known.key(at.canonical(key.0), key.1);
        let stretches = if key.has_live_claim() { known.timeline(&key) } else { Vec::new() };
        Answers { known, key, stretches }
    }

    /// The stretch in which a day lies.
    fn on(&self, from: Option<Day>) -> Option<&Stretch> {
        self.stretches.iter().rev().find(|stretch| stretch.from <= from)
    }

    fn state(&self, stretch: &Stretch) -> State {
        self.known.state_of(&self.key, stretch, Horizon::default())
    }
}

/// The days on which two answers differ. Each of both covers all days, or there is none.
fn changes(before: &Answers<'_>, after: &Answers<'_>) -> Vec<Change> {
    let starts: BTreeSet<Option<Day>> =
        before.stretches.iter().chain(&after.stretches).map(|stretch| stretch.from).collect();
    let mut changes: Vec<Change> = Vec::new();
    let mut is_going_on = false;
    for from in starts {
        let (old, new) = (before.on(from), after.on(from));
        let end = from.map(|from| from.plus(-1));
        if let Some(last) = changes.last_mut().filter(|_| is_going_on) {
            last.until = end;
        }
        is_going_on = match (old, new) {
            (Some(old), Some(new)) => !old.answer.is_alike(&new.answer),
            (old, new) => old.is_some() || new.is_some(),
        };
        if is_going_on {
            let (old, new) = (old.map(|old| before.state(old)), new.map(|new| after.state(new)));
            changes.push(Change { from, until: None, before: old, after: new });
        }
    }
    changes
}
