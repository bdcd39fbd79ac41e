//! Questions about every key, answered on all cores.

use super::open::Ledger;
use crate::date::Day;
use crate::exchange::Names;
use crate::ledger::error::Error;
use crate::projection::{Horizon, Key, Known};
use crate::threads::with_parts;

/// So many keys at least are a thread's work.
const KEYS_A_THREAD: usize = 64;

impl Ledger {
    /// Asks something of every key of which a claim is used at a horizon: with a day only about that day. The answers are sorted
    /// by the names of subject and attribute, bytewise.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn of_every_key<T: Send>(
        &self,
        day: Option<Day>,
        horizon: Horizon,
        ask: impl Fn(&Known<'_>, &Key) -> Option<T> + Sync,
    ) -> Result<Vec<T>, Error> {
        let (at, names) = (self.at(horizon), self.names());
        let keys = self.keys_at(&at, None);
        let answers = with_parts(&keys, KEYS_A_THREAD, |part| {
            let mut answers = Vec::with_capacity(part.len());
            for (subject, attribute) in part {
                let about = (*subject, *attribute);
                let facts = match day {
                    Some(day) => self.facts_on(about, day, &at)?,
                    None => self.facts(&[about])?,
                };
                let known = at.of(&facts);
                let key = known.key(*subject, *attribute);
                if key.has_live_claim()
                    && let Some(answer) = ask(&known, &key)
                {
                    answers.push(((names.entity(*subject), names.attribute(*attribute)), answer));
                }
            }
            Ok::<_, Error>(answers)
        });
        let mut all = Vec::with_capacity(keys.len());
        for answers in answers {
            all.extend(answers?);
        }
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(all.into_iter().map(|(_, answer)| answer).collect())
    }
}
