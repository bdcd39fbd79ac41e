//! What every command needs of the world: the ledger, and typed names and dates made into what
//! they stand for.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use annals::chain::Head;
use annals::date::{Day, Instant};
use annals::ledger::{Error, Exposed, Ledger, Writer, is_key_file, open_key, open_second_key};
use annals::log::is_locked;
use annals::note::{PrivateKey, SecondKey};
use annals::projection::{Horizon, RecordedBy};
use annals::seq::Seq;
use annals::view::Cache;

use crate::args::HorizonArgs;
use crate::cached;
use crate::clock::now_micros;
use crate::failure::Failure;
use crate::passphrase;
use crate::render::{damage, json};
use crate::screen::{Screen, say};
use crate::taken::{self, Sort};
use crate::words::counted;

/// The surroundings of a command.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Context {
    pub(crate) dir: PathBuf,
    /// The ledger's folder if it was typed.
    pub(crate) typed_dir: Option<PathBuf>,
    pub(crate) actor: Option<String>,
    /// The file of a private key; to check a signed head with, a public key.
    pub(crate) key: Option<String>,
    /// Whether it was typed, and does not come from the environment.
    pub(crate) is_key_typed: bool,
    /// The file of a private key for second signatures.
    pub(crate) second_key: Option<String>,
    /// What becomes of a private key that others can read.
    pub(crate) exposed: Exposed,
    /// The folder below which caches are kept; `None`: they are not.
    pub(crate) cache: Option<PathBuf>,
    pub(crate) is_json: bool,
    /// Only what would be recorded is asked for.
    pub(crate) is_dry_run: bool,
    /// Whether what is intact of a damaged ledger is to answer.
    pub(crate) despite_damage: bool,
    pub(crate) screen: Screen,
}

impl Context {
    /// Opens the ledger for an answer, with the cache. What it lacks stands before the answer.
    pub(crate) fn open(&mut self) -> Result<Ledger, Failure> {
        let ledger = match &self.cache {
            Some(root) if !self.despite_damage => cached::opened(&self.dir, root).map(told)?,
            _ => self.read_all()?,
        };
        self.tell_missing(ledger)
    }

    /// Opens the ledger without the cache: for what is recorded, proven, or given to others.
    pub(crate) fn open_all(&mut self) -> Result<Ledger, Failure> {
        let ledger = self.read_all()?;
        self.tell_missing(ledger)
    }

    fn tell_missing(&mut self, ledger: Ledger) -> Result<Ledger, Failure> {
        if let (true, Some(missing)) = (self.is_json, ledger.missing()) {
            self.screen.json(&json::damage(missing))?;
        }
        Ok(ledger)
    }

    /// Reads the whole ledger without the cache, and says on standard error if it ends in an unfinished write, and what it
    /// lacks.
    pub(crate) fn read_all(&self) -> Result<Ledger, Failure> {
        let ledger = if self.despite_damage {
            Ledger::open_despite_damage(&self.dir)?
        } else {
            cached::read(&self.dir, self.cache.as_deref())?
        };
        Ok(told(ledger))
    }

    /// Opens the ledger to write to it.
    pub(crate) fn writer(&self) -> Result<Writer, Failure> {
        self.writer_as(self.actor()?)
    }

    /// Opens the ledger to write to it, by what the log says and no cache.
    pub(crate) fn writer_by_log(&self) -> Result<Writer, Failure> {
        self.writer_by(self.actor()?, Writer::open_beside)
    }

    /// Opens the ledger to write to it as whoever is named.
    pub(crate) fn writer_as(&self, actor: &str) -> Result<Writer, Failure> {
        self.writer_by(actor, Writer::open_cached)
    }

    fn writer_by(
        &self,
        actor: &str,
        open_with: fn(&Path, &Cache, &str, i64) -> Result<Writer, Error>,
    ) -> Result<Writer, Failure> {
        let (key, second) = (self.private_key()?, self.second_key()?);
        let waiting = self.tell_waiting();
        let mut writer = match self.cache.as_deref().and_then(|root| cached::found(&self.dir, root)) {
            Some(cache) => open_with(&self.dir, &cache, actor, now_micros()),
            None => Writer::open(&self.dir, actor, now_micros()),
        }?;
        drop(waiting);
        if let Some(key) = key {
            writer.sign_with(key);
        }
        if let Some(key) = second {
            writer.sign_also_with(key);
        }
        Ok(writer)
    }

    /// Says that others are waited for, if they write just now and what is given lives longer than two seconds.
    pub(crate) fn tell_waiting(&self) -> Option<Sender<()>> {
        const NOTICEABLE: Duration = Duration::from_secs(2);
        is_locked(&self.dir).then(|| {
            let (waiting, ended) = mpsc::channel();
            thread::spawn(move || {
                if ended.recv_timeout(NOTICEABLE) == Err(RecvTimeoutError::Timeout) {
                    say("note: waiting for another writer of this ledger");
                }
            });
            waiting
        })
    }

    /// The private key that was named, if one was.
    pub(crate) fn private_key(&self) -> Result<Option<PrivateKey>, Failure> {
        let file = self.key.as_deref().filter(|file| !file.is_empty());
        file.map(|file| open_key(Path::new(file), self.exposed, passphrase::given)).transpose()
    }

    /// What was named to check heads with. A private key in the environment is there for what is recorded, and is none.
    pub(crate) fn checking_key(&self) -> Option<&str> {
        let key = self.key.as_deref().filter(|key| !key.is_empty())?;
        (self.is_key_typed || !is_key_file(Path::new(key))).then_some(key)
    }

    /// The private key for second signatures that was named, if one was.
    fn second_key(&self) -> Result<Option<SecondKey>, Failure> {
        let file = self.second_key.as_deref().filter(|file| !file.is_empty());
        file.map(|file| open_second_key(Path::new(file), self.exposed, passphrase::given)).transpose()
    }

    /// Who writes.
    pub(crate) fn actor(&self) -> Result<&str, Failure> {
        self.actor.as_deref().filter(|actor| !actor.is_empty()).ok_or_else(|| {
            Failure::usage(
                "a write needs to know who acts; nothing was recorded",
                "add --actor NAME, or set ANNALS_ACTOR",
            )
        })
    }
}

/// Says that an event by which it must have been recorded is not there yet: everything is known then.
pub(crate) fn tell_beyond(ledger: &Ledger, horizon: Horizon) {
    if let Some(RecordedBy::Seq(last)) = horizon.recorded {
        tell_no_event(ledger, last);
    }
}

/// Says that an event is not there yet.
pub(crate) fn tell_no_event(ledger: &Ledger, seq: Seq) {
    let size = ledger.head().size;
    if seq.0 > size {
        say(&format!("note: there is no {seq}: this ledger has {}", counted(size, "event")));
    }
}

/// Says that the ledger no longer holds a head that the user saw.
pub(crate) fn tell_lost(head: &Head) {
    say(&format!(
        "warning: this ledger no longer holds the head {head} that you saw: it was cut, written anew, or is an older copy, or \
         another ledger lies in its place; \
         do not write to it before you know why. `annals cache clear` accepts it as it is"
    ));
}

/// Says on standard error if a ledger lacks a head that was seen, if it ends in an unfinished write, and what it lacks.
fn told(ledger: Ledger) -> Ledger {
    ledger.lost().iter().for_each(tell_lost);
    ledger.missing().map(damage::told).into_iter().flatten().for_each(|line| say(&line));
    if let Some(unfinished) = ledger.unfinished() {
        say(&format!("note: {unfinished}; the next write or `annals repair` moves it aside"));
    }
    ledger
}

/// A day as typed, or today (UTC) if none was.
pub(crate) fn day_or_today(flag: &'static str, text: Option<&str>) -> Result<Day, Failure> {
    text.map_or_else(|| Ok(taken::today()), |text| day(flag, text))
}

/// A day as typed.
pub(crate) fn day(flag: &'static str, text: &str) -> Result<Day, Failure> {
    taken::day(flag, text).map_err(|problem| Failure::usage_of(&problem))
}

pub(crate) fn horizon(args: &HorizonArgs) -> Result<Horizon, Failure> {
    Ok(Horizon {
        reported: args.reported_by.as_deref().map(|text| reported("--reported-by", text)).transpose()?,
        recorded: args.recorded_by.as_deref().map(|text| recorded("--recorded-by", text)).transpose()?,
    })
}

/// A day, or a day with a time of day.
fn reported(flag: &'static str, text: &str) -> Result<Instant, Failure> {
    let refuse = |error| Failure::usage(format!("{flag} {error}"), "write 2024-11-24 or 2024-11-24T19:00-04:00");
    let taken = taken::edtf(flag, text).map_err(|problem| Failure::usage_of(&problem))?;
    Instant::parse(&taken).map_err(refuse)
}

/// A day, an instant or an event.
fn recorded(flag: &'static str, text: &str) -> Result<RecordedBy, Failure> {
    // Four digits are a year as well: `2024` may be a slip for a day.
    let is_number = text.len() != 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let seq = || (is_number || text.starts_with('#')).then(|| Seq::parse(text)).flatten();
    let other = || seq().map(RecordedBy::Seq).or_else(|| instant(text).map(RecordedBy::Micros));
    let found = other().map_or_else(|| taken::day(flag, text).map(RecordedBy::Day), Ok);
    found.map_err(|problem| {
        let hint = "write 2024-11-24, 2024-11-24T18:30:00Z or #88";
        let is_year = text.len() == 4 && Seq::parse(text).is_some();
        let is_near_a_day = problem.hint.is_some() && !is_year;
        Failure::usage_of(&if is_near_a_day { problem } else { problem.with_hint(hint) })
    })
}

/// A bound of knowledge: a day counts as reported, a time or an event as recorded.
pub(crate) fn known(flag: &'static str, text: &str, beside: Horizon) -> Result<Horizon, Failure> {
    match recorded(flag, text)? {
        RecordedBy::Day(day) => Ok(Horizon { reported: Some(Instant::end_of(day)), ..beside }),
        other => Ok(Horizon { recorded: Some(other), ..beside }),
    }
}

/// `2024-11-24T18:30:00Z`, with or without a fraction of a second, in microseconds.
fn instant(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let day = Day::parse(date)?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = clock.split(':').map(|part| (part.len() == 2).then(|| part.parse::<i64>().ok()).flatten());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let is_clock = parts.next().is_none() && hours < 24 && minutes < 60 && seconds < 60;
    let digits = fraction.len() <= 6 && fraction.bytes().all(|b| b.is_ascii_digit());
    if !is_clock || !digits {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6}").parse().ok()?;
    let epoch = Day::of_unix_micros(0);
    Some((day.days_since(epoch) * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros)
}

/// The entity of a key, label or alias; a slip is met with the nearest key.
pub(crate) fn subject(ledger: &Ledger, text: &str) -> Result<Seq, Failure> {
    let known = ledger.at(Horizon::default());
    Sort::Entity.find_known(ledger.catalogue(), text, |entity| known.canonical(entity))
}

/// The attribute of a key or label; a slip is met with the nearest key.
pub(crate) fn attribute(ledger: &Ledger, text: &str) -> Result<Seq, Failure> {
    Sort::Attribute.find_known(ledger.catalogue(), text, |seq| seq)
}

/// The source of a key or label; a slip is met with the nearest key.
pub(crate) fn source(ledger: &Ledger, text: &str) -> Result<Seq, Failure> {
    Sort::Source.find_known(ledger.catalogue(), text, |seq| seq)
}

/// What is registered under a key, label or alias: an entity, else an attribute, else a source.
pub(crate) fn registered(ledger: &Ledger, text: &str) -> Result<Option<(Sort, Seq)>, Failure> {
    let known = ledger.at(Horizon::default());
    for sort in [Sort::Entity, Sort::Attribute, Sort::Source] {
        let same = |seq| if sort == Sort::Entity { known.canonical(seq) } else { seq };
        if let Some(seq) = sort.find(ledger.catalogue(), text, same)? {
            return Ok(Some((sort, seq)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_to_the_microsecond() {
        assert_eq!(instant("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(instant("2024-11-24T00:00:00.000007Z"), Some(1_732_406_400_000_007));
        for text in
            ["2024-11-24", "2024-11-24T24:00:00Z", "2024-11-24T1:00:00Z", "2024-11-24T10:00Z", "2024-11-24T10:00:00"]
        {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
