//! Who sealed what: seals are judged in order by the keys that were valid then; the signatures themselves, which take
//! long, are checked many at once, on all threads.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::event::{Event, EventKind};
use crate::frame::Seal;
use crate::keys::{Check, Counting, Judging, Ring, Wrong};
use crate::log::read::hashed::Hashed;
use crate::log::{Body, Code, Place};
use crate::seq::Seq;
use crate::threads::with_parts;

/// How many signatures a thread takes at least, and so many times more are checked at once.
const A_THREAD: usize = 32;
const AT_ONCE: usize = 64;

/// A signature to be checked, and where its seal stands.
#[derive(Debug)]
struct Due {
    place: Place,
    size: u64,
    check: Check,
}

/// Who sealed what of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Its keys, and the name it publishes under.
    pub ring: Ring,
    /// How many seals each key signed, by the event that authorised it.
    pub by_key: BTreeMap<Seq, u64>,
    /// How many seals carry no signature of a key.
    pub unsigned: u64,
    /// How many signatures are of algorithms that are not known here: they were not checked.
    pub unchecked: u64,
}

/// The seals so far.
#[derive(Debug, Default)]
pub(super) struct Sealing {
    sealed: Sealed,
    counting: Counting,
    /// Something about keys may be missing, because what says it was changed, lost or erased.
    is_unsure: bool,
    /// A seal before carried a signature.
    was_signed: bool,
    due: Vec<Due>,
    /// Where the seals stand whose signatures are still to be checked: place, and the key's event.
    open: BTreeSet<(Place, Seq)>,
    /// Signatures of keys that are not known or not valid: what is found if nothing else explains that.
    unknown: Vec<Finding>,
    /// Where the seals stand of commits that say something about keys, and do not count.
    uncounted: Vec<Place>,
    /// Where the events of the open commit stand that are about keys.
    about_keys: Vec<(Seq, Place)>,
}

/// A seal, as it is judged.
pub(super) struct Closed<'s> {
    pub(super) place: Place,
    pub(super) seal: &'s Seal,
    /// Whether it fits what it closes, as far as that is known.
    pub(super) fits: bool,
    /// Whether the envelopes so far are all there and unchanged.
    pub(super) is_whole: bool,
    /// Whether something hangs on this commit that must not wait: it erases.
    pub(super) is_urgent: bool,
}

impl Sealing {
    /// Takes in an event of the commit that is open; an event about keys or settings that is gone is damage.
    pub(super) fn frame(&mut self, frame: &Hashed, event: Option<&Event>) -> Option<Finding> {
        let seq = Seq(frame.envelope.seq);
        self.counting.event(seq, frame.envelope.kind, event);
        let kind = EventKind::of_number(frame.envelope.kind)?;
        let code = match kind {
            EventKind::KeyAuthorised | EventKind::KeyRevoked => Code::KeyErased,
            EventKind::SettingChanged => Code::SettingErased,
            _ => return None,
        };
        self.about_keys.push((seq, frame.place));
        let is_erased = matches!(frame.body, Body::Erased | Body::HalfErased);
        is_erased.then(|| Finding::new(code, frame.place, "a payload", "zeros").of(seq.0))
    }

    /// Judges a seal. Says whether the commit may count: its signatures may still have to be checked, but not of one on
    /// which something hangs.
    pub(super) fn seal(&mut self, closed: &Closed<'_>, findings: &mut Vec<Finding>) -> bool {
        let Closed { place, seal, .. } = *closed;
        let mut judging = self.counting.judge(seal);
        self.is_unsure |= !closed.is_whole || self.counting.ring().unreadable().is_some();
        // A seal that does not fit may have closed another event, which authorised its key.
        if self.is_unsure || !closed.fits {
            judging.wrong.retain(|wrong| !matches!(wrong, Wrong::NoKey(_) | Wrong::NotValid(..)));
        }
        // Where somebody signed before, nobody is not somebody whose key is not known.
        if self.is_unsure && seal.signatures.is_empty() && self.was_signed && judging.wrong.is_empty() {
            judging.wrong.push(Wrong::Unsigned);
        }
        self.was_signed |= !seal.signatures.is_empty();
        let firsts = judging.checks.iter().filter(|check| !check.is_second()).count();
        self.sealed.unsigned += u64::from(firsts == 0);
        let judged = judging.checks.len() + judging.wrong.iter().filter(|wrong| wrong.is_of_signature()).count();
        self.sealed.unchecked += seal.signatures.len().saturating_sub(judged) as u64;
        for wrong in &judging.wrong {
            let is_unknown = matches!(wrong, Wrong::NoKey(_) | Wrong::NotValid(..));
            let into = if is_unknown { &mut self.unknown } else { &mut *findings };
            into.push(finding(place, seal.size, wrong));
        }
        let mut may_count = judging.wrong.is_empty();
        let is_about_keys = judging.is_about_keys();
        for check in std::mem::take(&mut judging.checks) {
            self.open.insert((place, check.by));
            let due = Due { place, size: seal.size, check };
            if is_about_keys || closed.is_urgent {
                let holds = due.check.holds();
                let wrong = self.checked(&due, holds);
                may_count &= wrong.is_none();
                findings.extend(wrong);
            } else {
                self.due.push(due);
            }
        }
        self.take_keys(closed, judging, may_count, findings);
        may_count
    }

    /// What a commit says about keys holds for those behind it if it counts.
    fn take_keys(&mut self, closed: &Closed<'_>, judging: Judging, may_count: bool, findings: &mut Vec<Finding>) {
        let about_keys = std::mem::take(&mut self.about_keys);
        if !judging.is_about_keys() {
            return;
        }
        if !closed.fits || !may_count {
            self.uncounted.push(closed.place);
            // Whether what was changed is the seal or what it closes is not known.
            self.is_unsure |= !closed.fits;
            return;
        }
        let before = self.counting.ring().twice().len();
        self.counting.accept(judging);
        for twice in self.counting.ring().twice().iter().skip(before) {
            let place = about_keys.iter().find(|(seq, _)| seq == twice).map_or(closed.place, |(_, place)| *place);
            findings
                .push(Finding::new(Code::KeyTwice, place, "a key that is not valid yet", "one that is").of(twice.0));
        }
    }

    /// Whether there are so many signatures to check that threads are worth it.
    pub(super) fn is_much_due(&self) -> bool {
        self.due.len() >= A_THREAD * AT_ONCE
    }

    /// Checks the signatures that are due, on one thread or on all. Gives what is wrong.
    pub(super) fn check_due(&mut self, threads: usize) -> Vec<Finding> {
        let due = std::mem::take(&mut self.due);
        let check = |part: &[Due]| part.iter().map(|due| due.check.holds()).collect::<Vec<bool>>();
        let hold = if threads > 1 { with_parts(&due, A_THREAD, check).concat() } else { check(&due) };
        due.iter().zip(hold).filter_map(|(due, holds)| self.checked(due, holds)).collect()
    }

    /// Takes in what came of a check.
    fn checked(&mut self, due: &Due, holds: bool) -> Option<Finding> {
        self.open.remove(&(due.place, due.check.by));
        if holds {
            *self.sealed.by_key.entry(due.check.by).or_default() += 1;
            return None;
        }
        Some(finding(due.place, due.size, &due.check.wrong()))
    }

    /// Whether no seal before a place is signed in the name of a key that is not known or not valid.
    pub(super) fn knows_signers_before(&self, end: Place) -> bool {
        self.unknown.first().is_none_or(|finding| finding.place() >= end)
    }

    /// Whether all signatures up to a place have been checked.
    pub(super) fn hold(&self, end: Place) -> bool {
        self.open.first().is_none_or(|(place, _)| *place >= end)
    }

    /// The seals that are signed in the name of a key that is not known or not valid, but for those behind a commit about
    /// keys whose seal is not the one that it was.
    pub(super) fn of_unknown_keys(&mut self, is_changed: impl Fn(&Place) -> bool) -> Vec<Finding> {
        let explained = self.uncounted.iter().filter(|place| is_changed(place)).min().copied();
        let mut unknown = std::mem::take(&mut self.unknown);
        unknown.retain(|finding| explained.is_none_or(|from| finding.place() <= from));
        unknown
    }

    /// Who sealed what, in the end.
    pub(super) fn finish(self) -> Sealed {
        Sealed { ring: self.counting.into_ring(), ..self.sealed }
    }
}

fn finding(place: Place, size: u64, wrong: &Wrong) -> Finding {
    let (code, expected) = match wrong {
        Wrong::NotAllowed(..) => (Code::SealRole, "a key that may"),
        _ => (Code::SealSignature, "signatures as they must be"),
    };
    Finding::new(code, place, expected, wrong).of(size)
}
