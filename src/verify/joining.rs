//! Fitting together, in order, what the workers hashed: chain, tree, seals, erasures, and the expected head.

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;

use super::abouts::Abouts;
use super::erasures::Erasures;
use super::rules;
use super::sealing::{Closed, Sealing};
use super::{Expect, FINDINGS_MAX, Finding, Options, PayloadRead, Report, Shown, Told};
use crate::chain::{Hash, Head};
use crate::event::LATER_KINDS;
use crate::frame::Seal;
use crate::log::read::hashed::{Hashed, Step};
use crate::log::read::joints::Joints;
use crate::log::read::pass::HashedBlock;
use crate::log::{Body, Code, Place, TornTail};

/// What an erasure erases, its own number, and where it stands.
type Erasing = (u64, u64, Place);

/// What has been fitted together so far.
pub(super) struct Joining<'a> {
    options: Options<'a>,
    joints: Joints,
    /// Number of the first event that is read.
    first: u64,
    erasures: Erasures,
    abouts: Abouts<Place>,
    sealing: Sealing,
    /// What stands at the expected size: tip, and root if it could be computed.
    at_expected: Option<(Hash, Option<Hash>)>,
    /// Number and place of the last frame.
    last: (u64, Place),
    /// What the open commit erases: which event, and which says so, where.
    erased_here: Vec<Erasing>,
    /// What commits that do not count erase, and where their seals stand.
    denied: Vec<(Place, Vec<Erasing>)>,
    later_kinds: u64,
    /// Roots of the tree's subtrees that were completed since the last seal.
    roots: Vec<Hash>,
    /// A seal's root was not that of the leaves before it.
    doubts_root: bool,
    /// The last seal up to which everything holds.
    verified: Option<(Head, Place)>,
    /// Later seals, and where they end: what they close, or their signatures, are still to be judged.
    promising: VecDeque<(Head, Place)>,
    bytes: u64,
    bytes_total: u64,
}

impl<'a> Joining<'a> {
    /// Begins at a segment, which is the first one unless the events before it are taken on trust.
    pub(super) fn new(options: &Options<'a>, first: u64, bytes_total: u64) -> Joining<'a> {
        (options.see)(Shown::Begin);
        Joining {
            options: *options,
            joints: Joints::new(first, FINDINGS_MAX).with_kinds(rules::kind_rule),
            first,
            erasures: Erasures::since(first),
            abouts: Abouts::since(first),
            sealing: Sealing::default(),
            at_expected: None,
            last: (0, Place { segment: 0, offset: 0 }),
            erased_here: Vec::new(),
            denied: Vec::new(),
            later_kinds: 0,
            roots: Vec::new(),
            doubts_root: false,
            verified: None,
            promising: VecDeque::new(),
            bytes: 0,
            bytes_total,
        }
    }

    /// Takes what was made of the next block.
    pub(super) fn take(&mut self, hashed: &mut HashedBlock<PayloadRead>) {
        for step in hashed.steps.drain(..) {
            match step {
                Step::Header(place, header) => self.joints.header(place, header),
                Step::Fault(fault) => self.joints.fault(fault),
                Step::End(place, is_last) => self.joints.end(place, is_last),
                Step::Frame(frame, read) => self.frame(frame, read),
                Step::Leaves(leaves) => self.roots.extend(self.joints.leaves(&leaves)),
                Step::Seal(place, seal, digest, end) => self.seal(place, end, &seal, digest),
            }
        }
        if self.sealing.is_much_due() {
            self.check_signatures();
        }
        self.bytes += hashed.block.len_bytes();
        (self.options.progress)(self.bytes, self.bytes_total);
        if let Some((head, _)) = self.verified {
            (self.options.verified)(head);
        }
    }

    fn frame(&mut self, mut frame: Hashed, read: PayloadRead) {
        frame.misformed = read.misformed;
        (self.options.see)(Shown::Event(&frame.envelope, frame.link, frame.place, read.entered));
        let seq = frame.envelope.seq;
        self.last = (seq, frame.place);
        self.later_kinds += u64::from(frame.envelope.kind >= LATER_KINDS);
        let due = self.joints.due(&frame);
        self.erasures.frame(&frame, due);
        let is_untold = matches!(frame.body, Body::Erased | Body::HalfErased);
        self.abouts.event(&frame.envelope, frame.place, read.about.as_ref(), is_untold, FINDINGS_MAX);
        if self.options.checks_actors && seq == due {
            self.abouts.actor(&frame.envelope, frame.place, FINDINGS_MAX);
        }
        let event = match read.told.as_deref() {
            Some(Told::Erases(target)) => {
                self.erased_here.push((*target, seq, frame.place));
                None
            }
            Some(Told::OfKeys(event)) => Some(&**event),
            None => None,
        };
        if let Some(finding) = self.sealing.frame(&frame, event) {
            self.joints.add(finding);
        }
        self.joints.frame(frame);
    }

    fn seal(&mut self, place: Place, end: u64, seal: &Seal, digest: Hash) {
        let is_whole = self.joints.whole();
        let root = self.joints.root();
        self.doubts_root |= root.is_some_and(|root| root != seal.root);
        if self.expected_size() == Some(self.joints.size()) {
            self.at_expected = Some((seal.tip, root));
        }
        (self.options.see)(Shown::Commit(seal, &self.roots));
        self.roots.clear();
        let head = seal.head();
        self.joints.seal(place, end, seal.clone(), digest, root);
        let fits = self.joints.does_last_seal_fit();
        let may_count = self.judge(&Closed { place, seal, fits, is_whole, is_urgent: self.erases_here() });
        let erased = std::mem::take(&mut self.erased_here);
        if may_count || !fits {
            self.erase(erased);
        } else if !erased.is_empty() {
            self.denied.push((place, erased));
        }
        self.promising.push_back((head, Place { segment: place.segment, offset: end }));
        self.settle();
    }

    fn erase(&mut self, erased: Vec<Erasing>) {
        for (target, by, place) in erased {
            self.erasures.named(target, by, place);
        }
    }

    fn erases_here(&self) -> bool {
        !self.erased_here.is_empty()
    }

    /// Judges whether a commit counts, as far as its seal is signed as it must be.
    fn judge(&mut self, closed: &Closed<'_>) -> bool {
        if !self.knows_keys() {
            return true;
        }
        let mut findings = Vec::new();
        let may_count = self.sealing.seal(closed, &mut findings);
        for finding in findings {
            self.joints.add(finding);
        }
        may_count
    }

    /// Whether the log is read from its beginning, and so every event about keys.
    fn knows_keys(&self) -> bool {
        self.first == 1
    }

    /// Checks the signatures that are due, on all threads.
    pub(super) fn check_signatures(&mut self) {
        for finding in self.sealing.check_due(self.options.threads) {
            self.joints.add(finding);
        }
        self.settle();
    }

    /// Goes on to the last seal up to which everything has been judged, its signatures too, and holds.
    fn settle(&mut self) {
        let is_ready = |own: &Self, end: Place| own.joints.are_judged_before(end) && own.sealing.hold(end);
        while let Some(sealed) = self.promising.front().copied().filter(|(_, end)| is_ready(self, *end)) {
            self.promising.pop_front();
            if self.holds(&sealed) {
                self.verified = Some(sealed);
            }
        }
    }

    /// What must be in the log.
    fn expect(&self) -> Option<Expect> {
        let since = self.options.since.map(|head| Expect::Head { head, root: None });
        since.or(self.options.expect)
    }

    fn expected_size(&self) -> Option<u64> {
        self.expect().map(|expect| match expect {
            Expect::Head { head, .. } => head.size,
            Expect::Root { size, .. } => size,
        })
    }

    /// Whether nothing is wrong up to a seal, and nothing waits for a later event to permit it.
    fn holds(&self, (head, end): &(Head, Place)) -> bool {
        let is_whole = !self.joints.are_damaged_before(*end) && self.sealing.knows_signers_before(*end);
        let are_named = self.abouts.first_wrong().is_none_or(|wrong| wrong >= *end);
        is_whole && self.erasures.hold(head.size) && are_named && !self.misses_since()
    }

    /// Whether what came before is taken on trust in a head that is not there, or has not been passed.
    fn misses_since(&self) -> bool {
        let since = self.options.since.filter(|_| self.first > 1);
        since.is_some_and(|since| self.at_expected.is_none_or(|(tip, _)| tip != since.tip))
    }

    /// Adds a finding that is of no segment.
    pub(super) fn add(&mut self, finding: Finding) {
        self.joints.add(finding);
    }

    /// Whether a seal's root was not that of the leaves before it.
    pub(super) fn doubts_root(&self) -> bool {
        self.doubts_root
    }

    /// Where the log may end.
    pub(super) fn ends(&self) -> [Option<Place>; 2] {
        self.joints.ends()
    }

    /// Everything has been taken: the report.
    pub(super) fn finish(mut self, tail: Option<TornTail>, leftovers: Vec<PathBuf>) -> Report {
        let (sealed, misses_since) = (self.joints.sealed().cloned(), self.misses_since());
        self.joints.conclude();
        self.settle();
        let (head, root, recorded_at) =
            sealed.map_or_else(Default::default, |sealed| (sealed.head, sealed.root, sealed.recorded_at));
        if let Some(unexpected) = self.unexpected(head.size) {
            self.joints.add(unexpected);
        }
        let (mut findings, findings_left_off) = self.joints.finish();
        // Where a seal is not the one that it was, that is what is wrong, and not that it erases.
        for (seal, erased) in self.denied {
            if findings.iter().any(|finding| finding.place() == seal && finding.code.is_of_seal()) {
                for (target, by, place) in erased {
                    self.erasures.named(target, by, place);
                }
            }
        }
        let erased = self.erasures.finish(head.size, &mut findings);
        findings.sort_by_key(|finding| (finding.place(), finding.code));
        let changed = |finding: &&Finding| matches!(finding.code, Code::Envelope | Code::Seq);
        let changed: HashSet<Place> = findings.iter().filter(changed).map(Finding::place).collect();
        let misnamings = self.abouts.finish(|place| changed.contains(place));
        findings.extend(misnamings.map(|own| Finding::new(own.code, own.place, own.expected, own.found).of(own.seq)));
        let seals: HashSet<Place> = findings.iter().filter(|own| own.code.is_of_seal()).map(Finding::place).collect();
        findings.extend(self.sealing.of_unknown_keys(|place| seals.contains(place)));
        findings.sort_by_key(|finding| (finding.place(), finding.code));
        rules::leave_out(&mut findings);
        let bytes = self.bytes;
        let roots_compared = self.first == 1;
        let sealed = roots_compared.then(|| self.sealing.finish());
        // An expected head that is not there is nothing wrong with what is.
        let verified = match findings.iter().find(|finding| finding.code != Code::ExpectedHead) {
            None => (!misses_since).then_some(head),
            Some(first) => self.verified.filter(|(_, end)| *end <= first.place()).map(|(head, _)| head),
        };
        Report {
            head,
            root,
            recorded_at,
            findings,
            findings_left_off,
            verified,
            roots_compared,
            sealed,
            later_kinds: self.later_kinds,
            erased,
            tail,
            leftovers,
            bytes,
        }
    }

    /// The finding if the log does not contain the expected head.
    fn unexpected(&self, size_now: u64) -> Option<Finding> {
        let (size, expected) = match self.expect()? {
            Expect::Head { head, .. } => (head.size, head.tip),
            Expect::Root { size, root } => (size, root),
        };
        let finding = |found: &dyn std::fmt::Display| {
            Some(Finding::new(Code::ExpectedHead, self.last.1, format_args!("{size}:{expected}"), found).of(size))
        };
        if size > size_now {
            return finding(&format_args!("only {size_now} events"));
        }
        match (self.expect()?, self.at_expected) {
            (_, None) => finding(&"no commit that ends there"),
            (Expect::Head { head, .. }, Some((tip, _))) if head.tip == tip => None,
            (Expect::Head { root, .. }, Some((tip, found))) if root.is_some() && root == found => {
                finding(&format_args!("{size}:{tip}: the same events, sealed otherwise"))
            }
            (Expect::Head { .. }, Some((tip, _))) => finding(&format_args!("{size}:{tip}")),
            (Expect::Root { root, .. }, Some((_, Some(found)))) if root == found => None,
            (Expect::Root { .. }, Some((_, Some(found)))) => finding(&format_args!("{size}:{found}")),
            (Expect::Root { .. }, Some((_, None))) => finding(&"no intact commit that ends there"),
        }
    }
}
