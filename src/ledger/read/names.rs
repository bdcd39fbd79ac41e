//! What the numbers of a ledger stand for, for lines and screens.

use std::borrow::Cow;

use crate::catalogue::Catalogue;
use crate::exchange::Names;
use crate::seq::Seq;
use crate::view::Ids;

/// Names of a ledger's numbers. What was erased is `erased-SEQ`, which can stand where a key does; what a damaged ledger
/// lacks, `#SEQ (missing)`; who is said to have recorded something and is no actor, `no-actor-SEQ`.
#[derive(Clone, Copy, Debug)]
pub struct LedgerNames<'l> {
    pub(in crate::ledger) catalogue: &'l Catalogue,
    pub(in crate::ledger) ids: &'l Ids,
}

impl<'l> LedgerNames<'l> {
    /// An event for a person: the caller's id; the key, if the event registered one; else the number.
    #[must_use]
    pub fn told(&self, target: Seq) -> String {
        let entity = self.catalogue.entity(target).map(|entity| &entity.key);
        let attribute = || self.catalogue.attribute(target).map(|attribute| &attribute.key);
        let source = || self.catalogue.source(target).map(|source| &source.key);
        let key = || entity.or_else(attribute).or_else(source);
        let unnamed = Some(target).filter(|target| self.ids.id(*target).is_none());
        unnamed.and_then(|_| key()).map_or_else(|| self.target(target), ToString::to_string)
    }

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
        // Two ledgers may have given one id to two events that are both here.
        if let Some(id) = self.ids.id(target).filter(|id| self.ids.only(id) == Some(target)) {
            return id.to_owned();
        }
        // A key names no event: an entity and a source may have the same one, and later events describe it anew.
        if self.catalogue.is_missing(target) { self.catalogue.absent_text(target) } else { target.to_string() }
    }

    fn actor(&self, actor: Seq) -> Cow<'_, str> {
        // The genesis is nobody's.
        let name = self.catalogue.actor(actor).or((actor.0 == 0).then_some("ledger"));
        if name.is_some() || self.catalogue.is_missing(actor) || self.catalogue.is_erased_actor(actor) {
            return self.known(actor, name);
        }
        Cow::Owned(format!("no-actor-{}", actor.0))
    }
}
