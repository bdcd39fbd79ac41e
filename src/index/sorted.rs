//! What a draft holds, in the order of the keys of a run.

use std::thread;

use foldhash::HashMap;

use super::batch::Belongs;
use super::draft::{At, Draft, InDraft};
use super::grouping::{group_of, group_of_event};
use super::key::Key;
use super::unusable::Unusable;
use super::{Index, NameOf, names};
use crate::seq::Seq;

/// An event of a group, or a mark behind it that another group belongs to this one.
#[derive(Clone, Copy)]
pub(super) struct InGroup {
    pub(super) about: (Seq, Seq),
    pub(super) at: At,
    /// 0: the event; else one more than the place of that other.
    pub(super) also: u32,
}

impl InGroup {
    /// What is sorted by: as one number it is compared without a branch.
    fn group(&self) -> u128 {
        u128::from(self.about.0.0) << u64::BITS | u128::from(self.about.1.0)
    }
}

/// What belongs to each group.
pub(super) fn groups_of(stretch: &[InGroup]) -> impl Iterator<Item = &[InGroup]> {
    stretch.chunk_by(|a, b| a.about == b.about)
}

/// What a run holds, in the order in which it is written.
#[derive(Default)]
pub(super) struct Sorted {
    groups: Vec<InGroup>,
    pub(super) alsos: Vec<(Seq, Seq)>,
    /// Of each page.
    pub(super) things: Vec<(Key, At, Seq)>,
    pub(super) names: Vec<(u64, Seq)>,
}

impl Sorted {
    /// Of a draft's events, which follow on those of an index.
    ///
    /// # Errors
    /// [`Unusable`].
    pub(super) fn of(draft: &Draft, index: &Index) -> Result<Sorted, Unusable> {
        Sorting { draft, index, firsts: HashMap::default(), sorted: Sorted::default() }.sort()
    }

    /// What belongs to the groups, cut between groups into parts that are worth giving to a thread.
    pub(super) fn stretches(&self) -> Vec<&[InGroup]> {
        const LEAST: usize = 1 << 14;
        let (mut stretches, mut rest) = (Vec::new(), self.groups.as_slice());
        while let Some(last) = rest.get(..LEAST).and_then(<[_]>::last) {
            let own = rest.partition_point(|in_group| in_group.group() <= last.group());
            let (stretch, behind) = rest.split_at(own);
            stretches.push(stretch);
            rest = behind;
        }
        stretches.push(rest);
        stretches
    }

    /// Brings everything into its order, on two threads. What is of one group stands in the order of the events already.
    fn sort(&mut self) {
        let Sorted { groups, things, names, .. } = self;
        let half = groups.len() / 2;
        thread::scope(|scope| {
            let (front, back) = groups.split_at_mut(half);
            scope.spawn(|| {
                front.sort_by_key(InGroup::group);
                names::sort(names);
            });
            back.sort_by_key(InGroup::group);
            things.sort_unstable();
        });
        // Of two halves in order this makes one, and no more.
        groups.sort_by_key(InGroup::group);
    }
}

struct Sorting<'d> {
    draft: &'d Draft,
    index: &'d Index,
    /// Names first used in this draft.
    firsts: HashMap<(NameOf, &'d str), Seq>,
    sorted: Sorted,
}

impl<'d> Sorting<'d> {
    fn sort(mut self) -> Result<Sorted, Unusable> {
        let count = usize::try_from(self.draft.len()).unwrap_or(0);
        self.sorted.groups.reserve(count);
        self.sorted.names.reserve(count);
        for event in self.draft.events() {
            self.take(event)?;
        }
        self.sorted.sort();
        Ok(self.sorted)
    }

    fn take(&mut self, event: InDraft<'d>) -> Result<(), Unusable> {
        let InDraft { at, seq, kept, belongs } = event;
        if let Some(bits) = kept.id {
            self.sorted.names.push((bits, seq));
        }
        let thing = match belongs {
            Belongs::ToKey => return self.take_into_group(event, [None; 2]),
            Belongs::ToKeyOf(first, second) => return self.take_into_group(event, [Some(*first), *second]),
            Belongs::ToThing(thing) => *thing,
            // Of two actors of one name the later counts.
            Belongs::ToName(NameOf::Actor, name) => {
                self.sorted.names.push((NameOf::Actor.bits(name), seq));
                seq
            }
            Belongs::ToName(kind, name) => self.first_of(*kind, name, seq)?,
            Belongs::Erases(_) => return Ok(()),
        };
        if !matches!(belongs, Belongs::ToName(NameOf::Evidence, _)) {
            self.sorted.things.push((Key::things_with(thing), at, thing));
        }
        Ok(())
    }

    fn take_into_group(&mut self, event: InDraft<'d>, acted_upon: [Option<Seq>; 2]) -> Result<(), Unusable> {
        let InDraft { at, seq, kept, .. } = event;
        let about = group_of_event(seq, kept.kind, kept.about);
        self.sorted.groups.push(InGroup { about, at, also: 0 });
        // An act is kept with what it acts upon: where its key is another, the two groups are read together.
        for other in acted_upon.into_iter().flatten().filter(|other| *other < seq) {
            let row = if other < self.draft.first { self.index.row(other)? } else { self.draft.row(other) };
            let Some(row) = row else { continue };
            let other = group_of(row.about);
            if other != about {
                self.also(about, at, other);
                self.also(other, at, about);
            }
        }
        Ok(())
    }

    fn also(&mut self, group: (Seq, Seq), at: At, other: (Seq, Seq)) {
        self.sorted.alsos.push(other);
        let also = u32::try_from(self.sorted.alsos.len()).unwrap_or(u32::MAX);
        self.sorted.groups.push(InGroup { about: group, at, also });
    }

    /// The first event of a name, which may be this one.
    fn first_of(&mut self, kind: NameOf, name: &'d str, seq: Seq) -> Result<Seq, Unusable> {
        if let Some(first) = self.firsts.get(&(kind, name)) {
            return Ok(*first);
        }
        let before = if self.index.size() == 0 { None } else { self.index.first_named(kind, name)? };
        if before.is_none() {
            self.sorted.names.extend(kind.bits_of_first(name).map(|bits| (bits, seq)));
        }
        let first = before.unwrap_or(seq);
        self.firsts.insert((kind, name), first);
        Ok(first)
    }
}
