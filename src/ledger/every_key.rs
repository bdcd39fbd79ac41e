//! Questions about every key, answered on all cores.

use super::open::Ledger;
use crate::exchange::Names;
use crate::projection::{Horizon, Key, Known};
use crate::threads::with_parts;

/// So many keys at least are a thread's work.
const KEYS_A_THREAD: usize = 64;

impl Ledger {
    /// Asks something of every key of which a claim is used at a horizon. The answers are sorted by the names of subject and
    /// attribute, bytewise.
    pub fn of_every_key<T: Send>(
        &self,
        horizon: Horizon,
        ask: impl Fn(&Known<'_>, &Key) -> Option<T> + Sync,
    ) -> Vec<T> {
        let (known, names) = (self.facts().at(horizon), self.names());
        let keys = known.keys();
        let answers = with_parts(&keys, KEYS_A_THREAD, |part| {
            let live = part.iter().filter(|key| key.has_live_claim());
            let answer_of = |key: &Key| {
                let answer = ask(&known, key)?;
                Some(((names.entity(key.subject), names.attribute(key.attribute)), answer))
            };
            live.filter_map(answer_of).collect::<Vec<_>>()
        });
        let mut answers: Vec<_> = answers.into_iter().flatten().collect();
        answers.sort_by(|(one, _), (other, _)| one.cmp(other));
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}
