//! What the numbers of a ledger stand for, for lines and screens.

use std::borrow::Cow;

use super::content::{ContentMap, TextContents};
use crate::catalogue::Catalogue;
use crate::exchange::Names;
use crate::seq::Seq;

/// The caller's ids of a ledger's events.
#[derive(Debug, Default)]
pub(super) struct Ids {
    by_id: ContentMap<Seq>,
    /// In the order of the events.
    by_seq: Vec<(Seq, Box<str>)>,
    contents: TextContents,
}

impl Ids {
    /// Adds an id of an event behind all others.
    pub(super) fn insert(&mut self, id: &str, seq: Seq) {
        self.by_id.insert(self.contents.of(id), seq);
        self.by_seq.push((seq, id.into()));
    }

    pub(super) fn seq(&self, id: &str) -> Option<Seq> {
        self.by_id.get(&self.contents.of(id)).copied()
    }

    pub(super) fn id(&self, seq: Seq) -> Option<&str> {
        let place = self.by_seq.binary_search_by_key(&seq, |(own, _)| *own).ok()?;
        self.by_seq.get(place).map(|(_, id)| &**id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.by_seq.iter().map(|(_, id)| &**id)
    }
}

/// Names of a ledger's numbers. What was erased is `erased-SEQ`, which can stand where a key does; what a damaged ledger
/// lacks, `#SEQ (missing)`.
#[derive(Clone, Copy, Debug)]
pub struct LedgerNames<'l> {
    pub(super) catalogue: &'l Catalogue,
    pub(super) ids: &'l Ids,
}

impl<'l> LedgerNames<'l> {
    fn known(&self, seq: Seq, key: Option<&'l str>) -> Cow<'l, str> {
        match key {
            Some(key) => Cow::Borrowed(key),
            None if self.catalogue.is_missing(seq) => Cow::Owned(self.catalogue.absent_text(seq)),
            None => Cow::Owned(format!("erased-{}", seq.0)),
        }
    }
}

impl Names for LedgerNames<'_> {
    fn entity(&self, entity: Seq) -> Cow<'_, str> {
        self.known(entity, self.catalogue.entity(entity).map(|entity| &*entity.key))
    }

    fn attribute(&self, attribute: Seq) -> Cow<'_, str> {
        self.known(attribute, self.catalogue.attribute(attribute).map(|attribute| &*attribute.key))
    }

    fn source(&self, source: Seq) -> Cow<'_, str> {
        self.known(source, self.catalogue.source(source).map(|source| &*source.key))
    }

    fn target(&self, target: Seq) -> String {
        if let Some(id) = self.ids.id(target) {
            return id.to_owned();
        }
        let entity = self.catalogue.entity(target).map(|entity| &entity.key);
        let attribute = || self.catalogue.attribute(target).map(|attribute| &attribute.key);
        let source = || self.catalogue.source(target).map(|source| &source.key);
        match entity.or_else(attribute).or_else(source) {
            Some(key) => key.to_string(),
            None if self.catalogue.is_missing(target) => self.catalogue.absent_text(target),
            None => target.to_string(),
        }
    }

    fn actor(&self, actor: Seq) -> Cow<'_, str> {
        // The genesis is nobody's.
        self.known(actor, self.catalogue.actor(actor).or((actor.0 <= 1).then_some("ledger")))
    }
}
