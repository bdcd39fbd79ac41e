//! What a writer has to know of a ledger to record some proposals: what their names stand for, what was claimed of the
//! same keys, and what they act upon.

use std::collections::BTreeSet;
use std::path::Path;

use super::indexed::{Indexed, Unread};
use super::{Item, Part};
use crate::claim::NamedClaim;
use crate::event::{Proposed, ProposedAct};
use crate::index::{NameOf, WORLD};
use crate::ledger::catch_up::catch_up_open;
use crate::ledger::error::Error;
use crate::ledger::head::Head;
use crate::log;
use crate::seq::Seq;
use crate::value::{Typed, Value};

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
    pub(in crate::ledger) fn catch_up(&mut self, dir: &Path) -> Result<(), Error> {
        catch_up_open(dir, &mut self.from.index, 1)
    }

    /// What a writer has to know before anything is proposed: who acts.
    pub(in crate::ledger) fn for_actor(&mut self, actor: &str) -> Result<Vec<Item>, Unread> {
        let found = self.named(NameOf::Actor, actor)?;
        self.things.extend(found);
        self.new_items()
    }

    /// What has to be known to record these, as far as it was not given before, in order. `None` if that is too much
    /// to be found by the index.
    pub(in crate::ledger) fn for_proposals(&mut self, proposed: &[Proposed]) -> Result<Option<Vec<Item>>, Unread> {
        let mut touched = Touched::default();
        for proposed in proposed {
            touched.see(proposed);
        }
        let mut is_any_new = false;
        for (kind, names) in [
            (NameOf::Attribute, &touched.attributes),
            (NameOf::Entity, &touched.entities),
            (NameOf::Source, &touched.sources),
        ] {
            for name in names {
                let found = self.named(kind, name)?;
                is_any_new |= found.is_none();
                self.things.extend(found);
            }
        }
        for name in &touched.perhaps_entities {
            let found = self.named(NameOf::Entity, name)?;
            self.things.extend(found);
        }
        for key in &touched.declared {
            // Whether an attribute has claims stands in no list.
            if self.named(NameOf::Attribute, key)?.is_some() {
                return Ok(None);
            }
        }
        if is_any_new {
            // A new key is compared with all there are.
            self.all_things()?;
        }
        let mut keys = Vec::new();
        for (subject, attribute) in &touched.keys {
            let found = self.named(NameOf::Entity, subject)?.zip(self.named(NameOf::Attribute, attribute)?);
            keys.extend(found);
        }
        self.groups(keys)?;
        let mut abouts = Vec::new();
        for target in &touched.targets {
            if let Some(seq) = self.event_of(target)? {
                self.event_and_its_key(seq)?;
                abouts.extend(self.about(seq)?.map(|about| (seq, about)));
            }
        }
        for id in &touched.ids {
            if let Some(seq) = self.with_id(id)? {
                self.whole_event(seq)?;
            }
        }
        for digest in &touched.evidence {
            for seq in self.from.index.named(NameOf::Evidence, digest)? {
                self.whole_event(seq)?;
            }
        }
        let mut items = self.new_items()?;
        for (seq, about) in abouts {
            // An act upon it is about the same, also where that is not one key.
            items.iter_mut().filter(|item| item.recorded.seq == seq).for_each(|item| item.about = about);
        }
        Ok(Some(items))
    }

    /// An event with all that the log has of it.
    fn whole_event(&mut self, seq: Seq) -> Result<(), Unread> {
        if seq > self.from.head_at_opening() {
            return Ok(());
        }
        self.event_and_its_key(seq)?;
        let (kind, event) = self.from.event(seq)?;
        let about = self.about(seq)?.unwrap_or(WORLD);
        let recorded = crate::event::Recorded { seq, at_micros: 0, actor: Seq(0), event };
        self.given.remove(&seq);
        self.items.insert(seq, Box::new(Item { recorded, kind, commit_last: seq, about, link: None }));
        Ok(())
    }

    /// What was read and not given before. What the writer itself recorded it knows.
    fn new_items(&mut self) -> Result<Vec<Item>, Unread> {
        self.mentioned_things()?;
        let last = self.from.head_at_opening();
        let items = std::mem::take(&mut self.items).into_iter();
        let given = &mut self.given;
        Ok(items.filter(|(seq, _)| *seq <= last && given.insert(*seq)).map(|(_, item)| *item).collect())
    }
}

/// The names that some proposals use.
#[derive(Default)]
struct Touched<'p> {
    attributes: BTreeSet<&'p str>,
    declared: BTreeSet<&'p str>,
    entities: BTreeSet<&'p str>,
    /// Values that are entities if their attribute says so.
    perhaps_entities: BTreeSet<&'p str>,
    sources: BTreeSet<&'p str>,
    keys: BTreeSet<(&'p str, &'p str)>,
    targets: BTreeSet<&'p str>,
    ids: BTreeSet<&'p str>,
    evidence: BTreeSet<&'p str>,
}

impl<'p> Touched<'p> {
    fn see(&mut self, proposed: &'p Proposed) {
        match proposed {
            Proposed::Claim(claim) => self.see_claim(claim),
            Proposed::Correction { act, claim } => {
                self.see_act(act);
                self.see_claim(claim);
            }
            Proposed::Retraction(act)
            | Proposed::Dispute(act)
            | Proposed::Approval(act)
            | Proposed::Assessment { act, .. } => self.see_act(act),
            Proposed::Attribute(attribute) => {
                self.declared.insert(&attribute.key);
                if let Some((a, b)) = &attribute.complement {
                    self.see_value(a);
                    self.see_value(b);
                }
            }
            Proposed::Entity(entity) => drop(self.entities.insert(&entity.key)),
            Proposed::Source(source) => drop(self.sources.insert(&source.key)),
            Proposed::Evidence(evidence) => drop(self.evidence.insert(&evidence.digest)),
            Proposed::Rating { source, id, .. } => {
                self.sources.insert(source);
                self.ids.extend(id.as_deref());
            }
            Proposed::Link { source, to, id, .. } => {
                self.sources.extend([&**source, &**to]);
                self.ids.extend(id.as_deref());
            }
            Proposed::Judgement { entities, id, .. } => {
                self.entities.extend(entities.iter().map(|entity| &**entity));
                self.ids.extend(id.as_deref());
            }
            Proposed::Note { about, id, .. } => {
                if let Some(about) = about.as_deref() {
                    self.targets.insert(about);
                    // It may be a key of any kind; a new one is no reason to compare.
                    self.perhaps_entities.insert(about);
                    self.declared.insert(about);
                    self.sources.insert(about);
                }
                self.ids.extend(id.as_deref());
            }
        }
    }

    fn see_claim(&mut self, claim: &'p NamedClaim) {
        self.entities.insert(&claim.subject);
        self.attributes.insert(&claim.attribute);
        self.keys.insert((&claim.subject, &claim.attribute));
        self.see_value(&claim.value);
        self.sources.extend(claim.chain.iter().map(|link| &*link.who));
        self.ids.extend(claim.id.as_deref());
    }

    fn see_value(&mut self, value: &'p Typed) {
        match value {
            Typed::Plain(Value::Entity(entity)) => drop(self.entities.insert(entity)),
            Typed::Plain(_) => {}
            Typed::String(text) | Typed::Words(text) => {
                self.perhaps_entities.insert(text.strip_prefix('@').unwrap_or(text));
            }
        }
    }

    fn see_act(&mut self, act: &'p ProposedAct) {
        self.targets.insert(&act.target);
        self.sources.extend(act.by.as_deref());
        self.ids.extend(act.id.as_deref());
    }
}
