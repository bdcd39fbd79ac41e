//! Judging the commits that are served: by the seals that are served, which the events behind them stand on.

use std::collections::{BTreeMap, BTreeSet};

use super::followed::Followed;
use super::seen::Seen;
use crate::chain::Hash;
use crate::event::{Event, EventKind};
use crate::frame::{Envelope, Seal};
use crate::keys::{Counting, Ring, Wrong};
use crate::note::{Checkpoint, NoteSignature, SignedNote};
use crate::seq::Seq;
use crate::share::tiles::WIDTH;

/// What stands at the end of a commit, as the entries have it.
#[derive(Clone, Copy, Debug)]
struct Boundary {
    link: Hash,
    root: Hash,
    /// What the event behind it stands on; none if there is none yet.
    next: Option<Hash>,
}

/// What a commit that has not been judged holds.
#[derive(Default)]
struct Held {
    kinds: BTreeSet<u16>,
    /// Events by which others are judged; none of what was not served.
    about_keys: Vec<(u64, u16, Option<Event>)>,
    /// Events that it erases, each with the event that says so.
    erases: Vec<(u64, u64)>,
}

/// Commits on their way from what is served to what counts.
pub(super) struct Commits {
    counting: Counting,
    boundaries: BTreeMap<u64, Boundary>,
    /// By the number of the first event of each.
    held: BTreeMap<u64, Held>,
    seals: BTreeMap<u64, Seal>,
    /// What was seen before, at the size from which this goes on.
    seen: Option<Seen>,
    /// Commits up to this size have been judged.
    judged: u64,
    /// The newest seal that fits.
    last: Option<Seal>,
    /// An event that does not stand on the seal that was the last when it was judged.
    late: Option<(u64, Hash)>,
    /// The event that names the ledger is gone: what was signed cannot be known.
    is_nameless: bool,
    /// A commit did not count: nothing from it on has any effect.
    is_over: bool,
    /// The seal at the size from which this goes on is another than was seen.
    pub(super) is_exchanged: bool,
}

impl Commits {
    /// From the beginning, or behind what was seen before.
    pub(super) fn new(seen: Option<Seen>) -> Commits {
        Commits {
            counting: seen.as_ref().map_or_else(Counting::default, |seen| Counting::behind(seen.ring.clone())),
            boundaries: BTreeMap::new(),
            held: BTreeMap::new(),
            seals: BTreeMap::new(),
            seen,
            judged: 0,
            last: None,
            late: None,
            is_nameless: false,
            is_over: false,
            is_exchanged: false,
        }
    }

    /// The size from which this goes on: that of the last commit that was judged before.
    pub(super) fn from(&self) -> u64 {
        self.seen.as_ref().map_or(0, |seen| seen.size)
    }

    /// A commit ends behind so many events, the last of which has this link, at this root; the next stands on `next`.
    pub(super) fn ends(&mut self, size: u64, link: Hash, root: Hash, next: Option<Hash>) {
        if size == self.judged && size > 0 {
            self.late =
                next.filter(|next| self.last.as_ref().is_some_and(|last| last.tip != *next)).map(|next| (size, next));
        } else if size >= self.from().max(1) {
            self.boundaries.insert(size, Boundary { link, root, next });
        }
    }

    /// The next event, and what it says if others are judged by it.
    pub(super) fn event(&mut self, seq: u64, envelope: &Envelope, event: Option<Event>, erases: Option<u64>) {
        if seq <= self.from() {
            return;
        }
        if envelope.is_first() || self.held.is_empty() {
            self.held.insert(seq, Held::default());
        }
        let Some(mut last) = self.held.last_entry() else { return };
        let held = last.get_mut();
        if is_about_keys(envelope.kind) {
            held.about_keys.push((seq, envelope.kind, event));
        } else {
            held.kinds.insert(envelope.kind);
        }
        held.erases.extend(erases.map(|target| (target, seq)));
    }

    /// The event that names the ledger is not served: no signature can be judged, so no commit is.
    pub(super) fn is_nameless(&mut self) {
        self.is_nameless = true;
    }

    /// Seals that are served.
    pub(super) fn take(&mut self, seals: Vec<Seal>) {
        let new = seals.into_iter().filter(|seal| seal.size > self.judged);
        self.seals.extend(new.map(|seal| (seal.size, seal)));
    }

    /// The bundles of seals that are needed to judge what has ended by now: their numbers.
    pub(super) fn wanted(&self) -> impl Iterator<Item = u64> {
        let mut wanted: Vec<u64> = self.boundaries.keys().map(|size| (size - 1) / WIDTH as u64).collect();
        wanted.dedup();
        wanted.into_iter()
    }

    /// Judges every commit that ends behind at most so many events. Gives the events that those that count erase, each
    /// with the event that says so.
    pub(super) fn judge(
        &mut self,
        up_to: u64,
        path: &dyn Fn(u64) -> String,
        followed: &mut Followed,
    ) -> Vec<(u64, u64)> {
        let mut erased = Vec::new();
        if self.is_nameless {
            self.boundaries.clear();
            return erased;
        }
        if let Some((size, next)) = self.late.take() {
            followed.add("seal", Some(size), &path(size), format!("the next event stands on another seal, {next}"));
        }
        while let Some((size, boundary)) = self.boundaries.first_key_value().map(|(size, own)| (*size, *own)) {
            if size > up_to {
                break;
            }
            self.boundaries.remove(&size);
            self.judged = size;
            let rest = self.seals.split_off(&size);
            for size in std::mem::replace(&mut self.seals, rest).into_keys().filter(|own| *own >= self.from()) {
                followed.add("seal-unexpected", Some(size), &path(size), "no commit ends there");
            }
            let behind = self.held.split_off(&(size + 1));
            let mut own = Vec::new();
            for (first, held) in std::mem::replace(&mut self.held, behind) {
                for kind in held.kinds {
                    self.counting.event(Seq(first), kind, None);
                }
                for (seq, kind, event) in &held.about_keys {
                    self.counting.event(Seq(*seq), *kind, event.as_ref());
                }
                own.extend(held.erases);
            }
            let seal = self.seals.remove(&size);
            let twice = self.ring().twice().len();
            let wrong = self.judge_one(size, boundary, seal.as_ref());
            for by in self.counting.ring().twice().iter().skip(twice) {
                followed.add("key-twice", Some(by.0), &path(size), "it authorises a key that is valid already");
            }
            let counts = wrong.is_none();
            if let Some((code, why)) = wrong {
                followed.add(code, Some(size), &path(size), why);
            }
            self.is_over |= !counts;
            if !self.is_over {
                erased.append(&mut own);
            }
        }
        erased
    }

    /// What is wrong with a commit, if anything is.
    fn judge_one(&mut self, size: u64, boundary: Boundary, seal: Option<&Seal>) -> Option<(&'static str, String)> {
        let Some(seal) = seal else {
            self.counting.leave();
            return Some(("seal-missing", format!("the seal of the commit that ends with #{size} is not served")));
        };
        let fault = if seal.link != boundary.link {
            Some(("seal-head", format!("it closes what ends with {}, not with {}", seal.link, boundary.link)))
        } else if seal.root != boundary.root {
            Some(("seal-root", "its root is not that of the events up to there".to_owned()))
        } else {
            let other = boundary.next.filter(|next| *next != seal.tip);
            other.map(|next| ("seal", format!("its tip is {}, and the next event stands on {next}", seal.tip)))
        };
        if let Some(fault) = fault {
            self.counting.leave();
            return Some(fault);
        }
        self.last = Some(seal.clone());
        if let Some(seen) = self.seen.as_ref().filter(|seen| seen.size == size) {
            if seen.tip == seal.tip {
                return None;
            }
            self.is_exchanged = true;
        }
        match self.counting.seal(seal).err()? {
            wrong @ Wrong::NotAllowed(..) => Some(("seal-role", wrong.to_string())),
            wrong => Some(("seal-signature", wrong.to_string())),
        }
    }

    /// Requires of the note under the last seal that each line of an author is one of that seal's signatures.
    pub(super) fn is_note_of_last(&self, note: &SignedNote) -> bool {
        let ring = self.counting.ring();
        let Some(seal) = &self.last else { return true };
        let lines: Vec<NoteSignature> = seal.signatures.iter().filter_map(|own| ring.note_line(own)).collect();
        let authors: Vec<_> = ring.head_keys().collect();
        let is_of_author = |line: &&NoteSignature| authors.iter().any(|key| line.is_by(key));
        note.signatures().iter().filter(is_of_author).all(|line| lines.contains(line))
    }

    /// What to keep of it beside the head: nothing if the newest commit at that head was not judged.
    pub(super) fn seen(&self, head: &Checkpoint) -> Option<Seen> {
        let Seal { size, tip, .. } = self.last.as_ref().filter(|last| last.size == head.size && !self.is_over)?;
        Some(Seen { size: *size, root: head.root, tip: *tip, ring: self.counting.ring().clone() })
    }

    /// The keys by which the next commit would be judged.
    pub(super) fn ring(&self) -> &Ring {
        self.counting.ring()
    }
}

/// Whether a reader needs what an event of this kind says, also of those that were checked before.
pub(super) fn is_about_keys(kind: u16) -> bool {
    EventKind::of_number(kind).is_some_and(Counting::reads)
}
