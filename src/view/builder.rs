//! The one builder: takes in events in their order, and makes a View of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashSet;

use super::cells::Cells;
use super::lookup::Sought;
use super::run::{Builder, Run, Shared};
use super::{Runs, Spoilt, View, offset_among};
use crate::chain::Hash;
use crate::codec;
use crate::event::{Event, EventKind, Recorded, Verdict};
use crate::keys::Ring;
use crate::projection::{Row, Union, World};
use crate::seq::Seq;

/// An event on its way into a View.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'e> {
    /// The event.
    pub recorded: &'e Recorded,
    /// Its kind, which is known also if it was erased.
    pub kind: EventKind,
    /// The subject and attribute in its envelope.
    pub about: (Seq, Seq),
    /// Its link.
    pub link: Hash,
    /// Where its record begins in its segment, in bytes.
    pub offset: u64,
}

/// Takes in events in their order, and makes a View of them.
#[derive(Debug, Default)]
pub struct ViewBuilder {
    world: World,
    keys: Ring,
    runs: Vec<Arc<Run>>,
    run: Builder,
    erased: HashSet<Seq>,
    judged: Vec<[Seq; 2]>,
}

impl ViewBuilder {
    /// Takes in the next event.
    pub fn take(&mut self, taken: Taken<'_>) {
        let Taken { recorded, kind, about, link, offset } = taken;
        self.run.event(recorded.seq, offset);
        if self.run.has_lookups() {
            self.note_lookups(recorded, link);
        }
        if self.is_shared(kind, recorded) {
            let payload = recorded.event.as_ref().and_then(|event| codec::encode(event, recorded.first.as_ref()).ok());
            let payload = payload.as_deref();
            let (seq, at_micros, actor) = (recorded.seq, recorded.at_micros, recorded.actor);
            self.run.share(&Shared { seq, at_micros, actor, kind: kind.number(), payload });
        }
        self.take_shared(kind, recorded);
        if let Some(id) = recorded.event.as_ref().and_then(Event::own_id) {
            self.run.id(recorded.seq, recorded.first.is_some(), id);
        }
        if let Some(row) = Row::of(recorded)
            && (matches!(row, Row::Claim(_)) || about.0.0 != 0)
        {
            self.run.take(about, &row);
        }
    }

    /// This builder, for whoever writes or keeps the View: what single events are found by is noted too.
    #[must_use]
    pub fn with_lookups(mut self) -> ViewBuilder {
        self.run = Builder::with_lookups();
        self
    }

    /// Notes what an event is found by.
    fn note_lookups(&mut self, recorded: &Recorded, link: Hash) {
        let (seq, first, run) = (recorded.seq, recorded.first.as_ref(), &mut self.run);
        run.lookup(seq, Sought::Link(first.map_or(&link.0, |first| &first.link)));
        let Some(event) = &recorded.event else { return };
        run.lookup(seq, Sought::Content(event));
        if let Some(id) = event.own_id() {
            run.lookup(seq, Sought::Id(first.and_then(|first| self.world.ledger_of(first.actor)), id));
        }
        match event {
            Event::Retracted(act) | Event::Approved(act) | Event::Returned(act) => {
                run.lookup(seq, Sought::ActOn(act.target));
            }
            Event::Corrected { act, successor } => {
                run.lookup(seq, Sought::ActOn(act.target));
                run.lookup(seq, Sought::Brings(*successor));
            }
            Event::Assessed(given) => run.lookup(seq, Sought::ActOn(given.act.target)),
            Event::PayloadErased { target, first, .. } => {
                run.lookup(seq, Sought::ActOn(*target));
                if let Some(link) = first {
                    run.lookup(seq, Sought::Link(link));
                }
            }
            Event::ReferenceAdded(added) => {
                added.parts().for_each(|part| run.lookup(seq, Sought::Reference(added.claim, part)));
            }
            _ => {}
        }
        run.uses.take(seq, event);
    }

    /// Whether all keys share what an event says.
    fn is_shared(&self, kind: EventKind, recorded: &Recorded) -> bool {
        match &recorded.event {
            None => true,
            Some(Event::Retracted(act)) => self.world.tells(act.target),
            Some(_) => matches!(
                kind,
                EventKind::Genesis
                    | EventKind::ActorRegistered
                    | EventKind::AttributeDefined
                    | EventKind::EntityRegistered
                    | EventKind::EntityAliased
                    | EventKind::EntitiesJudged
                    | EventKind::SourceRegistered
                    | EventKind::SourceRated
                    | EventKind::SourceLinked
                    | EventKind::SettingChanged
                    | EventKind::LedgerRegistered
                    | EventKind::Approved
                    | EventKind::KeyAuthorised
                    | EventKind::KeyRevoked
            ),
        }
    }

    fn take_shared(&mut self, kind: EventKind, recorded: &Recorded) {
        self.keys.note(recorded.seq, kind, recorded.event.as_ref());
        self.world.apply(recorded);
        match &recorded.event {
            None => {
                self.erased.insert(recorded.seq);
                if kind == EventKind::ActorRegistered {
                    self.world.catalogue.note_erased_actor(recorded.seq);
                }
            }
            Some(Event::EntitiesJudged(judged)) if judged.verdict == Verdict::Same => self.judged.push(judged.entities),
            _ => {}
        }
    }

    /// Closes a commit with its last event, recorded at this time in microseconds since 1970. It completes subtrees of the tree
    /// with these roots, each over [so many](crate::tree::SUBTREE_LEVEL) leaves.
    pub fn close_commit(&mut self, last: Seq, at_micros: i64, roots: &[Hash]) {
        self.run.commit(last, at_micros, roots);
        self.world.close_commit(last, at_micros);
        self.keys.close(last.0);
    }

    /// Notes runs of events that cannot be read, first and last, in order.
    pub fn note_missing(&mut self, runs: &[(Seq, Seq)]) {
        self.world.catalogue.note_missing(runs);
    }

    /// Goes on behind runs: knows again what all keys share.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn behind(runs: &Runs) -> Result<ViewBuilder, Spoilt> {
        let mut view = ViewBuilder::default();
        for run in runs.runs() {
            view.know_again(run).ok_or(Spoilt)?;
            view.runs.push(Arc::clone(run));
        }
        Ok(view)
    }

    /// Goes on behind a View that is there.
    #[must_use]
    pub fn on(view: &View) -> ViewBuilder {
        let pairs = view.together.values().flat_map(|same| same.iter().zip(same.iter().skip(1)));
        ViewBuilder {
            world: view.world.clone(),
            keys: view.keys.clone(),
            runs: view.runs.clone(),
            run: Builder::default(),
            erased: view.erased.clone(),
            judged: pairs.map(|(one, other)| [*one, *other]).collect(),
        }
    }

    /// Who may seal so far.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        &self.keys
    }

    /// The last event of the runs behind which it goes on.
    #[must_use]
    pub fn known(&self) -> Seq {
        self.runs.last().map_or(Seq(0), |run| run.last)
    }

    fn know_again(&mut self, run: &Run) -> Option<()> {
        let (shared, commits) = (run.shared.all()?, run.commits.all()?);
        let (mut shared, mut commits) = (Cells::new(&shared), Cells::new(&commits));
        let mut next = if shared.is_empty() { None } else { Some(Shared::read(&mut shared)?) };
        while !commits.is_empty() {
            let (last, at_micros) = (Seq(commits.u64()?), commits.i64()?);
            while let Some(event) = next.take_if(|event| event.seq <= last) {
                let kind = EventKind::of_number(event.kind)?;
                let entered = event.payload.map(|payload| codec::decode(kind, payload).ok());
                let (told, first) = match entered {
                    Some(entered) => entered.map(|entered| (Some(entered.event), entered.first))?,
                    None => (None, None),
                };
                let Shared { seq, at_micros, actor, .. } = event;
                self.take_shared(kind, &Recorded { seq, at_micros, actor, event: told, first });
                next = if shared.is_empty() { None } else { Some(Shared::read(&mut shared)?) };
            }
            self.world.close_commit(last, at_micros);
            self.keys.close(last.0);
        }
        next.is_none().then_some(())
    }

    /// Makes a run of what came since the last one. `older` says what a claim before it is about, which stands at this offset in
    /// its segment.
    pub fn close_run(&mut self, older: impl Fn(Seq, u64) -> Option<(Seq, Seq)>) {
        if self.run.count() > 0 {
            let runs = &self.runs;
            let older = |seq| older(seq, offset_among(runs, seq)?);
            let next = if self.run.has_lookups() { Builder::with_lookups() } else { Builder::default() };
            let run = std::mem::replace(&mut self.run, next).finish(older);
            self.runs.push(Arc::new(run));
        }
    }

    /// Makes a run of what came since the last one, as [`close_run`](ViewBuilder::close_run), and says whether that run of some
    /// says the same.
    pub fn closes_as(&mut self, runs: &Runs, number: usize, older: impl Fn(Seq, u64) -> Option<(Seq, Seq)>) -> bool {
        self.close_run(older);
        let (made, kept) = (self.runs.pop(), runs.runs().nth(number));
        let is_same = made.as_deref().zip(kept).is_some_and(|(made, kept)| made.is_same(kept));
        // Where events stand is asked of the run before the next.
        self.runs.extend(kept.map(Arc::clone));
        is_same
    }

    /// The View; what came behind the last run is its last run.
    #[must_use]
    pub fn finish(mut self, older: impl Fn(Seq, u64) -> Option<(Seq, Seq)>) -> View {
        self.close_run(older);
        let mut joined = Union::default();
        self.judged.iter().for_each(|[one, other]| joined.join(*one, *other));
        let mut together: BTreeMap<Seq, BTreeSet<Seq>> = BTreeMap::new();
        for entity in self.judged.iter().flatten() {
            together.entry(joined.first(*entity)).or_default().insert(*entity);
        }
        let ViewBuilder { world, keys, runs, erased, .. } = self;
        View { world, keys, runs, erased, joined, together }
    }
}
