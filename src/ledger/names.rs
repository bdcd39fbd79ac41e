//! What the numbers of a ledger stand for, for lines and screens.

use std::collections::HashMap;

use crate::catalogue::Catalogue;
use crate::exchange::Names;
use crate::seq::Seq;

/// The caller's ids of a ledger's events.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    by_id: HashMap<Box<str>, Seq>,
    by_seq: HashMap<Seq, Box<str>>,
}

impl Ids {
    pub(super) fn insert(&mut self, id: &str, seq: Seq) {
        self.by_id.insert(id.into(), seq);
        self.by_seq.insert(seq, id.into());
    }

    pub(super) fn seq(&self, id: &str) -> Option<Seq> {
        self.by_id.get(id).copied()
    }

    pub(super) fn id(&self, seq: Seq) -> Option<&str> {
        self.by_seq.get(&seq).map(|id| &**id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(|id| &**id)
    }
}

/// Names of a ledger's numbers. What was erased is called so.
#[derive(Clone, Copy, Debug)]
pub struct LedgerNames<'l> {
    pub(super) catalogue: &'l Catalogue,
    pub(super) ids: &'l Ids,
}

const ERASED: &str = "erased";

impl Names for LedgerNames<'_> {
    fn entity(&self, entity: Seq) -> &str {
        self.catalogue.entity(entity).map_or(ERASED, |entity| &entity.key)
    }

    fn attribute(&self, attribute: Seq) -> &str {
        self.catalogue.attribute(attribute).map_or(ERASED, |attribute| &attribute.key)
    }

    fn source(&self, source: Seq) -> &str {
        self.catalogue.source(source).map_or(ERASED, |source| &source.key)
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
            None => target.to_string(),
        }
    }

    fn actor(&self, actor: Seq) -> &str {
        self.catalogue.actor(actor).unwrap_or("ledger")
    }
}
