//! Keys with which a new one is compared, to find of which it may be a misspelling.

use crate::seq::Seq;

/// With so many of the first keys of its sort a new one is compared.
pub(super) const COMPARED_MAX: usize = 20_000;

/// The first keys of a sort, for a writer who does not know all that is registered.
#[derive(Debug)]
pub(super) struct FirstKeys {
    /// In the order in which they were registered.
    pub(super) keys: Vec<Box<str>>,
    /// They are of events up to this one.
    pub(super) up_to: Seq,
}

impl FirstKeys {
    /// None, for whoever knows all.
    pub(super) const NONE: FirstKeys = FirstKeys { keys: Vec::new(), up_to: Seq(0) };

    /// These, and behind them those of the writer's own knowledge that are later.
    pub(super) fn and_later<'k>(
        &'k self,
        known: impl Iterator<Item = (Seq, &'k str)>,
    ) -> impl Iterator<Item = &'k str> {
        let later = known.filter(|(seq, _)| *seq > self.up_to).map(|(_, key)| key);
        self.keys.iter().map(|key| &**key).chain(later)
    }
}
