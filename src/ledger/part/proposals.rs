//! What a writer has to know of a ledger to record some proposals: what their names stand for, what was claimed of the
//! same keys, and what they act upon.

use std::path::Path;

use super::indexed::{Indexed, Unread};
use super::touched::Touched;
use super::{Item, Part};
use crate::claim::{Footprint, NamedClaim};
use crate::event::{EventKind, Proposed};
use crate::index::NameOf;
use crate::ledger::catch_up::catch_up_open;
use crate::ledger::error::Error;
use crate::ledger::feed::{Fed, feed_open};
use crate::ledger::first_keys::{COMPARED_MAX, Listed};
use crate::ledger::head::Head;
use crate::ledger::replay::Stored;
use crate::ledger::stage::Policy;
use crate::log;
use crate::seq::Seq;
use crate::value::key_problem;

/// What a writer has to know of a ledger.
#[expect(clippy::vec_box, reason = "they are large, and many are moved")]
pub(in crate::ledger) struct Needed {
    /// Events, as far as they were not given before, in order.
    pub(in crate::ledger) items: Vec<Box<Item>>,
    /// With which keys new ones are compared, as far as they were not given before.
    pub(in crate::ledger) first_keys: Vec<(NameOf, Listed)>,
}

impl Part {
    /// Opens a ledger's index for a writer.
    pub(in crate::ledger) fn to_write(dir: &Path, now_micros: i64) -> Result<(Part, log::Writer), Unread> {
        let (indexed, log) = Indexed::open_to_write(dir, now_micros)?;
        Ok((Part::of_world(indexed)?, log))
    }

    /// The head behind which the writer begins; its origin is not known yet.
    pub(in crate::ledger) fn head(&self) -> &Head {
        &self.from.head
    }

    /// Brings the index up to the log's end.
    pub(in crate::ledger) fn catch_up(&mut self, dir: &Path, fed: Option<Fed>) -> Result<(), Error> {
        let index = &mut self.from.index;
        if fed.is_some_and(|fed| feed_open(dir, index, fed, 1).unwrap_or(false)) {
            return Ok(());
        }
        catch_up_open(dir, index, 1)
    }

    /// What a writer has to know before anything is proposed: who acts.
    #[expect(clippy::vec_box, reason = "they are large, and many are moved")]
    pub(in crate::ledger) fn for_actor(&mut self, actor: &str) -> Result<Vec<Box<Item>>, Unread> {
        let found = self.named(NameOf::Actor, actor)?;
        self.things.extend(found);
        self.new_items()
    }

    /// What has to be known to record these. `None` if that is too much to be found by the index.
    pub(in crate::ledger) fn for_proposals(
        &mut self,
        proposed: &[Proposed],
        policy: Policy,
    ) -> Result<Option<Needed>, Unread> {
        let mut touched = Touched::default();
        for proposed in proposed {
            touched.see(proposed);
        }
        for key in &touched.declared {
            // Whether an attribute has claims stands in no list.
            if self.named(NameOf::Attribute, key)?.is_some() {
                return Ok(None);
            }
        }
        let first_keys = self.used_names(&touched, policy)?;
        self.met_claims(&touched.claims)?;
        let mut abouts = Vec::new();
        let others = touched.other_targets.iter().map(|target| (target, true));
        for (target, is_read_whole) in touched.targets.iter().map(|target| (target, false)).chain(others) {
            if let Some(stored) = self.event_of(target)? {
                abouts.push((stored.recorded.seq, stored.about));
                self.target(stored, is_read_whole)?;
            }
        }
        for stored in self.with_ids(&touched.ids.iter().copied().collect::<Vec<_>>())? {
            self.whole_event(stored);
        }
        for digest in &touched.evidence {
            for seq in self.from.index.named(NameOf::Evidence, digest)? {
                if seq <= self.from.head_at_opening() {
                    let stored = self.from.stored(seq)?;
                    self.whole_event(stored);
                }
            }
        }
        let mut items = self.new_items()?;
        for (seq, about) in abouts {
            // An act upon it is about the same, also where that is not one key.
            items.iter_mut().filter(|item| item.recorded.seq == seq).for_each(|item| item.about = about);
        }
        Ok(Some(Needed { items, first_keys }))
    }

    /// What the names stand for, and those that look like new ones; with which others these are compared.
    fn used_names(&mut self, touched: &Touched<'_>, policy: Policy) -> Result<Vec<(NameOf, Listed)>, Unread> {
        let mut first_keys = Vec::new();
        for (kind, names, is_used) in [
            (NameOf::Attribute, &touched.attributes, true),
            (NameOf::Entity, &touched.entities, true),
            (NameOf::Source, &touched.sources, true),
            // A new one is no reason to compare.
            (NameOf::Attribute, &touched.declared, false),
            (NameOf::Entity, &touched.perhaps_entities, false),
        ] {
            self.name_all(&names.iter().map(|name| (kind, *name)).collect::<Vec<_>>())?;
            let mut is_any_new = false;
            for name in names {
                is_any_new |= !self.thing_or_look(kind, name)?;
            }
            if is_any_new && is_used && policy.compares_new_keys() && self.listed.insert(kind) {
                first_keys.extend(self.first_keys(kind)?.map(|listed| (kind, listed)));
            }
        }
        Ok(first_keys)
    }

    /// The first keys of a kind.
    fn first_keys(&self, kind: NameOf) -> Result<Option<Listed>, Unread> {
        let registered_by = match kind {
            NameOf::Attribute => EventKind::AttributeDefined,
            NameOf::Entity => EventKind::EntityRegistered,
            NameOf::Source => EventKind::SourceRegistered,
            NameOf::Actor | NameOf::Evidence | NameOf::Id => return Ok(None),
        };
        let index = &self.from.index;
        let keys = index.first_names(registered_by, COMPARED_MAX)?;
        Ok(Some(Listed { keys, up_to: Seq(index.size()) }))
    }

    /// What a name stands for is to be read; what looks like it, and `false`, if there is no such thing.
    fn thing_or_look(&mut self, kind: NameOf, name: &str) -> Result<bool, Unread> {
        let found = self.named(kind, name)?;
        self.things.extend(found);
        if found.is_none() && key_problem(name).is_none() {
            self.things.extend(self.from.index.looking_like(kind, name)?);
        }
        Ok(found.is_some())
    }

    /// The events of keys of which a claim may be a repetition, or say otherwise than one of the same origin.
    fn met_claims(&mut self, claims: &[&NamedClaim]) -> Result<(), Unread> {
        let mut met = Vec::with_capacity(claims.len());
        for claim in claims {
            let Some(about) = self.about_of(&claim.subject, &claim.attribute)? else { continue };
            let origin = match claim.chain.first() {
                None => None,
                Some(origin) => match self.named(NameOf::Source, &origin.who)? {
                    None => continue,
                    known => known,
                },
            };
            met.push((about, Footprint::of(origin, &claim.valid)));
        }
        self.sketch_all(met.iter().map(|(about, _)| *about).collect())?;
        for (about, footprint) in met {
            if self.may_meet(about, &footprint)? {
                self.groups(vec![about])?;
            }
        }
        Ok(())
    }

    /// An event that is acted upon, and the other acts on which hangs what became of it; all that belongs to it if only that
    /// tells, or it is asked for.
    fn target(&mut self, stored: Stored, is_read_whole: bool) -> Result<(), Unread> {
        let (seq, about) = (stored.recorded.seq, stored.about);
        let is_simple = stored.kind.is_claim() && !is_read_whole;
        let Some(acts) = (if is_simple { self.acts_around(seq, about)? } else { None }) else {
            return self.event_and_its_key(seq);
        };
        for act in acts.into_iter().filter(|act| !self.given.contains(act)).collect::<Vec<_>>() {
            let act = self.from.stored(act)?;
            self.whole_event(act);
        }
        if !self.given.contains(&seq) {
            self.whole_event(stored);
        }
        Ok(())
    }

    /// An event with all that the log has of it, whether or not a part of it was given before.
    fn whole_event(&mut self, stored: Stored) {
        let Stored { recorded, kind, about, .. } = stored;
        let (seq, commit_last) = (recorded.seq, recorded.seq);
        self.given.remove(&seq);
        self.items.insert(seq, Box::new(Item { recorded, kind, commit_last, about, link: None }));
    }

    /// What was read and not given before. What the writer itself recorded it knows.
    #[expect(clippy::vec_box, reason = "they are large, and many are moved")]
    fn new_items(&mut self) -> Result<Vec<Box<Item>>, Unread> {
        self.mentioned_things()?;
        self.things.clear();
        let last = self.from.head_at_opening();
        let items = std::mem::take(&mut self.items).into_iter();
        let given = &mut self.given;
        Ok(items.filter(|(seq, _)| *seq <= last && given.insert(*seq)).map(|(_, item)| item).collect())
    }
}
