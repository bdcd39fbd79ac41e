//! Keys with which a new one is compared, to find of which it may be a misspelling.

use foldhash::HashMap;

use crate::index::NameOf;
use crate::seq::Seq;

/// With so many of the first keys of its sort a new one is compared.
pub(super) const COMPARED_MAX: usize = 20_000;

/// The first keys of each sort of which one was new, for a writer who does not know all that is registered.
#[derive(Debug, Default)]
pub(super) struct FirstKeys(HashMap<NameOf, Listed>);

/// The first keys of a sort.
#[derive(Debug)]
pub(super) struct Listed {
    /// In the order in which they were registered.
    pub(super) keys: Vec<Box<str>>,
    /// They are of events up to this one.
    pub(super) up_to: Seq,
}

impl FirstKeys {
    /// Takes those of a sort in.
    pub(super) fn add(&mut self, kind: NameOf, listed: Listed) {
        self.0.insert(kind, listed);
    }

    /// Those of a sort, and behind them those among others that are later; all of these, if nothing is listed.
    pub(super) fn and_later<'k>(
        &'k self,
        kind: NameOf,
        others: impl Iterator<Item = (Seq, &'k str)>,
    ) -> impl Iterator<Item = &'k str> {
        let listed = self.0.get(&kind);
        let later = others.filter(move |(seq, _)| listed.is_none_or(|listed| *seq > listed.up_to));
        listed.into_iter().flat_map(|listed| &listed.keys).map(|key| &**key).chain(later.map(|(_, key)| key))
    }
}
