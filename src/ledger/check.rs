//! Verifying and repairing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::error::Error;
use super::files::evidence::not_kept;
use super::head::Head;
use super::read::compare::{CacheCompared, Comparing};
use super::read::replay::{moved_text, unfinished_text, unknown_format};
use super::record::erasures::finishing_erasures;
use crate::chain::{self, Hash};
use crate::codec::{self, DecodeError};
use crate::event::{Event, EventKind};
use crate::keys::Counting;
use crate::log;
use crate::note::{Checkpoint, PublicKey, SignedNote, of_base64};
use crate::verify::{self, About, Expect, Finding, PayloadRead, Sealed, Told};
use crate::view::Cache;

/// A head that a ledger must still contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    expect: Expect,
    /// The name of the ledger that it is a head of, if what was kept says so.
    origin: Option<Box<str>>,
}

impl Expected {
    /// Reads `SIZE:TIP`, a text with a line `head SIZE:TIP` as `annals head` prints, or a C2SP checkpoint, whose second and
    /// third line are a size and a root; a text with both names both. None also for 0 events: no ledger ever had such a head.
    #[must_use]
    pub fn parse(text: &str) -> Option<Expected> {
        let head = |text: &str| text.trim().parse::<chain::Head>().ok();
        let checkpoint = || {
            let mut lines = text.lines();
            let (origin, size) = (lines.next()?, lines.next()?.parse::<u64>().ok().filter(|size| *size > 0)?);
            Some((origin, size, Hash(of_base64(lines.next()?)?.try_into().ok()?)))
        };
        let named = || text.lines().find_map(|line| head(line.strip_prefix("head ")?));
        let of_root = checkpoint();
        let origin = of_root.map(|(origin, ..)| Box::from(origin));
        let expect = match (head(text).or_else(named), of_root) {
            (Some(head), of_root) => {
                let root = of_root.filter(|(_, size, _)| *size == head.size).map(|(.., root)| root);
                Expect::Head { head, root }
            }
            (None, Some((_, size, root))) => Expect::Root { size, root },
            (None, None) => return None,
        };
        Some(Expected { expect, origin })
    }

    /// The name of the ledger that it is a head of, if what was kept says so.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// The checkpoint in a note that a key of the checkpoint's own name signed; `None` if it did not.
    #[must_use]
    pub fn signed(note: &SignedNote, key: &PublicKey) -> Option<Expected> {
        let Checkpoint { origin, size, root } = Checkpoint::parse(note.text())?;
        let is_signed = size > 0 && *origin == *key.name() && note.is_signed_by(key);
        is_signed.then_some(Expected { expect: Expect::Root { size, root }, origin: Some(origin) })
    }

    /// Size and tip; none of a checkpoint alone, which names a root.
    #[must_use]
    pub fn head(&self) -> Option<chain::Head> {
        if let Expect::Head { head, .. } = self.expect { Some(head) } else { None }
    }
}

/// How to verify.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// How many threads hash.
    pub threads: usize,
    /// A head kept elsewhere.
    pub expected: Option<Expected>,
    /// A head that was verified before and kept: only what came after it is checked, and that it is in the log.
    pub since: Option<chain::Head>,
    /// A cache of the ledger, to be compared with the log if that is read from its beginning and holds. Where it differs it is
    /// removed; the next question makes it anew.
    pub cache: Option<Cache>,
}

/// What verifying came to.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// The head of what is there; its origin only if the ledger was read from its beginning.
    pub head: Head,
    /// What is wrong, in the order of the log; empty if nothing inside was changed.
    pub findings: Vec<Finding>,
    /// How many more findings there are.
    pub findings_left_off: u64,
    /// A head up to which everything holds, if there is one.
    pub verified: Option<chain::Head>,
    /// Whether the roots in the seals were compared: with a head to go on from, only if it is in the first segment.
    pub roots_compared: bool,
    /// Who sealed what; `None` if signatures were not checked, because what names the keys was not read.
    pub sealed: Option<Sealed>,
    /// How many events are of kinds that may have come later: they were hashed, and not read.
    pub later_kinds: u64,
    /// How many payloads were lawfully erased.
    pub erased: u64,
    /// What comparing the cache came to, if it was compared.
    pub cache: Option<CacheCompared>,
    /// Captured copies that events which were read refer to and that are not kept here, by digest, in order.
    pub missing_copies: Vec<Box<str>>,
    /// Bytes that an interrupted write left behind the last commit.
    pub unfinished_bytes: u64,
    /// New segments that an interrupted write left.
    pub unfinished_segments: usize,
}

impl VerifyReport {
    /// What an interrupted write left, in words, if it left anything.
    #[must_use]
    pub fn unfinished(&self) -> Option<String> {
        unfinished_text(self.unfinished_bytes, self.unfinished_segments)
    }
}

/// Moves aside what a crash left unfinished, and says what, in words. An erasure that was interrupted in the middle of a
/// salt, so that the log cannot be read, is finished.
///
/// # Errors
/// `Damaged` if the ledger is: it is left exactly as it is. `NotFound`, `Unsupported`, `Io`.
pub fn repair(dir: &Path, now_micros: i64) -> Result<Vec<String>, Error> {
    finishing_erasures(dir, || Ok(log::repair(dir, now_micros)?.iter().map(moved_text).collect()))
}

/// Checks every byte of a ledger's log, on several threads. It proves that nothing inside was changed; a cut at the
/// end or a whole rewrite shows only against a head kept elsewhere. `progress` is told bytes done, and of how many.
///
/// # Errors
/// `NotFound`, `Unsupported` and `Io`. Damage is no error but an answer.
pub fn verify(
    dir: &Path,
    options: &VerifyOptions,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<VerifyReport, Error> {
    verify_telling(dir, options, progress, &|_| ())
}

/// Checks as [`verify()`] does, telling `verified` now and then a head up to which everything holds: what is interrupted can go on there.
///
/// # Errors
/// As [`verify()`].
pub fn verify_telling(
    dir: &Path,
    options: &VerifyOptions,
    progress: &(dyn Fn(u64, u64) + Sync),
    verified: &(dyn Fn(chain::Head) + Sync),
) -> Result<VerifyReport, Error> {
    let copies = Mutex::new(BTreeSet::new());
    // What is not read from its beginning vouches for nothing itself.
    let cache = options.cache.as_ref().filter(|_| options.since.is_none());
    let comparing = cache.map(|cache| RefCell::new(Comparing::new(dir, cache)));
    let report = verify::verify(
        dir,
        &verify::Options {
            threads: options.threads.max(1),
            read_payload: &|kind, payload| {
                read_payload(kind, payload, cache.is_some(), |named| {
                    copies.lock().unwrap_or_else(PoisonError::into_inner).extend(named.iter().copied().map(Box::from));
                })
            },
            checks_actors: true,
            expect: options.expected.as_ref().map(|expected| expected.expect),
            since: options.since,
            progress,
            verified,
            see: &|shown| {
                if let Some(comparing) = &comparing {
                    comparing.borrow_mut().see(shown);
                }
            },
        },
    )?;
    let comparing = comparing.filter(|_| report.findings.is_empty()).map(RefCell::into_inner);
    let cache = comparing.map(Comparing::finish).transpose()?;
    let copies = copies.into_inner().unwrap_or_else(PoisonError::into_inner);
    let origin = if options.since.is_some() { None } else { origin_of(dir) }.unwrap_or_default();
    let chain::Head { size, tip } = report.head;
    Ok(VerifyReport {
        head: Head { origin, size, tip, root: report.root, recorded_at_micros: report.recorded_at, ..Head::default() },
        findings: report.findings,
        findings_left_off: report.findings_left_off,
        verified: report.verified,
        roots_compared: report.roots_compared,
        sealed: report.sealed,
        later_kinds: report.later_kinds,
        erased: report.erased,
        cache,
        missing_copies: not_kept(dir, copies),
        unfinished_bytes: report.tail.map_or(0, |tail| tail.len_bytes),
        unfinished_segments: report.leftovers.len(),
    })
}

/// What a payload says of the log, with the event itself if that is asked for. Of a kind that is not known there is nothing to say.
/// `see_copies` is told the captured copies that it names, if there are any.
pub(crate) fn read_payload(
    kind: u16,
    payload: &[u8],
    with_event: bool,
    see_copies: impl FnOnce(&[&str]),
) -> PayloadRead {
    let Some(kind) = EventKind::of_number(kind) else { return PayloadRead::default() };
    // Most events are claims, of which nothing more is asked: they are checked, and not built.
    if !with_event && matches!(kind, EventKind::ClaimAsserted | EventKind::PeriodsAsserted) {
        return match codec::check_claim(kind, payload) {
            Ok((subject, attribute)) => {
                PayloadRead { about: Some(About::Pair(subject.0, attribute.0)), ..PayloadRead::default() }
            }
            Err(error) => misformed(error),
        };
    }
    let entered = match codec::decode(kind, payload) {
        Ok(entered) => entered,
        Err(error) => return misformed(error),
    };
    let event = &entered.event;
    let about = Some(About::of(event));
    let named = event.copies();
    if !named.is_empty() {
        see_copies(&named);
    }
    let misformed = if let Event::Genesis(genesis) = event { unknown_format(genesis) } else { None };
    let told = match event {
        Event::PayloadErased { target, .. } => Some(Told::Erases(target.0)),
        event if Counting::reads(kind) => Some(Told::OfKeys(Box::new(event.clone()))),
        _ => None,
    };
    let entered = with_event.then(|| Box::new(entered));
    PayloadRead { misformed, about, told: told.map(Box::new), entered }
}

#[expect(clippy::needless_pass_by_value, reason = "the error is used up")]
fn misformed(error: DecodeError) -> PayloadRead {
    PayloadRead { misformed: Some(error.to_string()), ..PayloadRead::default() }
}

/// The name under which a ledger's heads are published, if the event that says it can be read.
#[must_use]
pub fn origin_of(dir: &Path) -> Option<String> {
    let mut scan = log::Log::open(dir).ok()?.commits(log::Since::Start).ok()?;
    let mut commit = scan.next_commit().ok()??;
    let frame = commit.next_frame().ok()??;
    match codec::decode(EventKind::Genesis, frame.payload()?).map(|entered| entered.event) {
        Ok(Event::Genesis(genesis)) => Some(genesis.origin.into()),
        _ => None,
    }
}
