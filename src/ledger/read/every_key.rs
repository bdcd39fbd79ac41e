//! Questions about every key, answered on all cores.

use super::open::Ledger;
use crate::date::Day;
use crate::exchange::Names;
use crate::ledger::error::Error;
use crate::projection::{At, Horizon, Key, Known};
use crate::seq::Seq;
use crate::threads::with_parts;

/// Subject and attribute.
type About = (Seq, Seq);

/// So many keys at least are a thread's work.
const KEYS_A_THREAD: usize = 64;

/// Of a ledger with fewer keys it takes longer to look for what is kept than to ask again.
const KEYS_KEPT_MIN: usize = if cfg!(test) { 4 } else { 4096 };

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
        let at = self.at(horizon);
        let answers = self.of_keys(&self.keys_at(&at, None), &at, day, ask)?;
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    /// Asks as [`of_every_key`](Ledger::of_every_key) what few keys have an answer to. Which these are is kept in the cache as
    /// long as the head stands; `question` tells everything that was asked, the day and the horizon too.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn of_few_keys<T: Send>(
        &self,
        question: &str,
        (day, horizon): (Option<Day>, Horizon),
        ask: impl Fn(&Known<'_>, &Key) -> Option<T> + Sync,
    ) -> Result<Vec<T>, Error> {
        let (at, head) = (self.at(horizon), self.head().point());
        let cache = self.cache.as_ref();
        if let Some(few) = cache.and_then(|cache| cache.answer(&head, question)) {
            let answers = self.of_keys(&few, &at, day, ask)?;
            return Ok(answers.into_iter().map(|(_, answer)| answer).collect());
        }
        let keys = self.keys_at(&at, None);
        let answers = self.of_keys(&keys, &at, day, ask)?;
        if let Some(cache) = cache.filter(|_| keys.len() >= KEYS_KEPT_MIN) {
            let few: Vec<_> = answers.iter().map(|(about, _)| *about).collect();
            cache.keep_answer(&head, question, &few);
        }
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    fn of_keys<T: Send>(
        &self,
        keys: &[About],
        at: &At<'_>,
        day: Option<Day>,
        ask: impl Fn(&Known<'_>, &Key) -> Option<T> + Sync,
    ) -> Result<Vec<(About, T)>, Error> {
        let names = self.names();
        let answers = with_parts(keys, KEYS_A_THREAD, |part| {
            let (mut told, mut answers) = (Vec::with_capacity(part.len()), Vec::with_capacity(part.len()));
            for (subject, attribute) in part {
                let about = (*subject, *attribute);
                let facts = match day {
                    Some(day) => self.facts_on(about, day, at)?,
                    None => self.facts(&[about])?,
                };
                let known = at.of(&facts);
                let key = known.key(*subject, *attribute);
                if key.has_live_claim()
                    && let Some(answer) = ask(&known, &key)
                {
                    told.push((names.entity(*subject), names.attribute(*attribute), answers.len()));
                    answers.push(Some((about, answer)));
                }
            }
            told.sort();
            Ok::<_, Error>((told, answers))
        });
        // Names are put in order, and then each answer is moved once: an answer is large.
        let (mut order, mut all) = (Vec::with_capacity(keys.len()), Vec::with_capacity(keys.len()));
        for part in answers {
            let (told, answers) = part?;
            let behind = all.len();
            order.extend(told.into_iter().map(|(subject, attribute, place)| (subject, attribute, behind + place)));
            all.extend(answers);
        }
        // What is in order part by part is merged.
        order.sort();
        Ok(order.into_iter().filter_map(|(.., place)| all.get_mut(place)?.take()).collect())
    }
}
