//! Questions about every key: each key is read, folded and forgotten, on all cores.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use foldhash::HashSet;

use super::error::Error;
use super::open::Ledger;
use super::part::{Part, Unread};
use crate::exchange::Names;
use crate::index::{Unusable, WORLD};
use crate::projection::{Horizon, Joined, Key, Known};
use crate::seq::Seq;

/// The answers about every key of which something is claimed, sorted by subject then attribute, bytewise.
#[derive(Debug)]
pub struct EveryKey<T> {
    /// The ledger without its claims, or, where there is no index, with all.
    pub ledger: Ledger,
    /// The answers.
    pub answers: Vec<T>,
}

/// An answer and what it is sorted by. Answers are large, and stay where they are while that is done.
type Named<T> = ((Box<str>, Box<str>), Box<T>);

/// What is asked of a key: its ledger as far as it is about the key, what is known of it, and the key.
type Ask<'a, T> = dyn Fn(&Ledger, &Known<'_>, &Key) -> Option<T> + Sync + 'a;

/// What the fold needs of some keys, not decoded yet: of each the key, and where its bytes end.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    ends: Vec<((Seq, Seq), usize)>,
}

/// How much is handed to a thread at a time, in bytes.
const BATCH_BYTES: usize = 256 << 10;

/// Asks something of every key of which something is claimed, on so many threads. Where there is no index to read, the
/// whole ledger is replayed.
///
/// # Errors
/// As for [`Ledger::open`].
pub fn of_every_key<T: Send>(
    dir: &Path,
    horizon: Horizon,
    threads: usize,
    ask: &Ask<'_, T>,
) -> Result<EveryKey<T>, Error> {
    match by_index(dir, horizon, threads, ask) {
        Ok(answered) => Ok(answered),
        Err(unread) => {
            let mut ledger = Ledger::open(dir)?;
            if let Unread::Index(unusable) = unread {
                ledger.note_without_index(unusable);
            }
            let mut answers = Vec::new();
            ask_all(&ledger, horizon, ask, &mut answers);
            Ok(EveryKey { ledger, answers: sorted(answers) })
        }
    }
}

/// Asks of every key of a ledger that is there as a whole.
fn ask_all<T>(ledger: &Ledger, horizon: Horizon, ask: &Ask<'_, T>, answers: &mut Vec<Named<T>>) {
    let known = ledger.facts().at(horizon);
    for key in known.keys() {
        answers.extend(named(ledger, &known, &key, ask));
    }
}

fn named<T>(ledger: &Ledger, known: &Known<'_>, key: &Key, ask: &Ask<'_, T>) -> Option<Named<T>> {
    let names = ledger.names();
    let answer = Some(key).filter(|key| key.has_live_claim()).and_then(|key| ask(ledger, known, key))?;
    Some(((names.entity(key.subject).into(), names.attribute(key.attribute).into()), Box::new(answer)))
}

fn sort<T>(answers: &mut [Named<T>]) {
    answers.sort_by(|(a, _), (b, _)| a.cmp(b));
}

fn sorted<T>(mut answers: Vec<Named<T>>) -> Vec<T> {
    sort(&mut answers);
    answers.into_iter().map(|(_, answer)| *answer).collect()
}

fn by_index<T: Send>(dir: &Path, horizon: Horizon, threads: usize, ask: &Ask<'_, T>) -> Result<EveryKey<T>, Unread> {
    let mut part = Part::open(dir)?;
    let ledger = part.ledger_with_things(dir)?;
    let last = ledger.facts().last_within(horizon.recorded);
    let base = Base { horizon, last, joined: Arc::new(ledger.facts().world.joined(last, horizon.reported)) };
    part.read_groups(part.touched_behind()?)?;
    let mut apart: HashSet<(Seq, Seq)> = part.groups_read();
    apart.remove(&WORLD);
    let (give, work) = sync_channel::<Batch>(2 * threads.max(1));
    let work = Mutex::new(work);
    let (read, answers) = thread::scope(|scope| {
        let start = |own: Ledger| scope.spawn(|| base.answer(own, &work, ask));
        let workers: Vec<_> = (0..threads.max(1)).map(|_| start(ledger.without_claims())).collect();
        let read = read_keys(&part, &mut apart, &give);
        drop(give);
        let answers: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        (read, answers)
    });
    read?;
    let mut all = Vec::new();
    for done in answers {
        let mut done = done.map_err(|_| Unusable::Broken("a thread ended".to_owned()))??;
        all.append(&mut done.answers);
        apart.extend(done.apart);
    }
    // Keys that hang together with others, or of which something was appended behind the index, are answered together.
    if !apart.is_empty() {
        part.all_things()?;
        part.read_groups(apart.into_iter().collect())?;
        ask_all(&part.ledger_so_far(dir), horizon, ask, &mut all);
    }
    Ok(EveryKey { ledger, answers: sorted(all) })
}

/// Reads what the fold needs of the keys and hands it out. Those of entities that were judged the same are set apart.
fn read_keys(part: &Part, apart: &mut HashSet<(Seq, Seq)>, give: &SyncSender<Batch>) -> Result<(), Unread> {
    let mut batch = Batch::default();
    part.each_key(|about, facts| {
        if part.is_joined(about.0) {
            apart.insert(about);
        }
        if apart.contains(&about) {
            return;
        }
        batch.bytes.extend_from_slice(facts);
        batch.ends.push((about, batch.bytes.len()));
        if batch.bytes.len() >= BATCH_BYTES {
            // A worker that ended says why when it is waited for.
            let _ = give.send(std::mem::take(&mut batch));
        }
    })?;
    let _ = give.send(batch);
    Ok(())
}

/// What all keys share.
struct Base {
    horizon: Horizon,
    /// The last event of what is shared that counts.
    last: Seq,
    joined: Arc<Joined>,
}

/// What a thread came to.
struct Done<T> {
    /// In order.
    answers: Vec<Named<T>>,
    /// Keys that have to be read with others.
    apart: Vec<(Seq, Seq)>,
}

impl Base {
    /// Answers about the keys that are handed out, until there are no more.
    fn answer<T>(
        &self,
        mut ledger: Ledger,
        work: &Mutex<Receiver<Batch>>,
        ask: &Ask<'_, T>,
    ) -> Result<Done<T>, Unusable> {
        let mut done = Done { answers: Vec::new(), apart: Vec::new() };
        loop {
            let received = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Batch { bytes, ends }) = received else {
                sort(&mut done.answers);
                return Ok(done);
            };
            let mut start = 0;
            for (about, end) in ends {
                let is_whole = ledger.take_key(about, bytes.get(start..end).unwrap_or_default())?;
                start = end;
                if !is_whole {
                    done.apart.push(about);
                    continue;
                }
                let facts = ledger.facts();
                // With no bound, everything counts.
                let last = self.last.max(facts.last_within(self.horizon.recorded));
                let known = facts.seen(&facts.world, self.horizon.reported, last, Arc::clone(&self.joined));
                done.answers.extend(named(&ledger, &known, &known.key(about.0, about.1), ask));
            }
        }
    }
}
