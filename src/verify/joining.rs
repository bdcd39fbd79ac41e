//! Fitting together, in order, what the workers hashed: chain, tree, seals, erasures, and the expected head.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::erasures::Erasures;
use super::hashing::Step;
use super::sealing::{self, Checked, Due, Sealing};
use super::{Expect, FINDINGS_MAX, Finding, KIND_MAX, Options, Report};
use crate::chain::{Hash, Head};
use crate::frame::Seal;
use crate::log::joints::{Hashed, Joints};
use crate::log::{Code, Place, TornTail};
use crate::tree::Edge;

/// The kind of event 1, and of no other.
const GENESIS: u16 = 1;

/// What has been fitted together so far.
pub(super) struct Joining<'a> {
    options: Options<'a>,
    joints: Joints,
    /// Number of the first event that is read.
    first: u64,
    /// Over all leaves; stays empty if the first ones are not read.
    edge: Edge,
    erasures: Erasures,
    sealing: Sealing,
    /// What stands at the expected size.
    at_expected: Option<Hash>,
    /// Number and place of the last frame.
    last: (u64, Place),
    /// Whether the last seal seems to be cut in its signatures.
    is_last_cut: bool,
    /// The last seal, and the one before it if up to there everything holds.
    sealed: Option<(Head, Place)>,
    verified: Option<(Head, Place)>,
    /// Seals up to which everything holds, if the signatures do that are still to be checked.
    promising: VecDeque<(Head, Place)>,
    bytes: u64,
    bytes_total: u64,
}

impl<'a> Joining<'a> {
    /// Begins at a segment, which is the first one unless the events before it are taken on trust.
    pub(super) fn new(options: &Options<'a>, first: u64, bytes_total: u64) -> Joining<'a> {
        Joining {
            options: *options,
            joints: Joints::new(first, FINDINGS_MAX).with_kinds(kind_rule),
            first,
            edge: Edge::new(),
            erasures: Erasures::since(first),
            sealing: Sealing::default(),
            at_expected: None,
            last: (0, Place { segment: 0, offset: 0 }),
            is_last_cut: false,
            sealed: None,
            verified: None,
            promising: VecDeque::new(),
            bytes: 0,
            bytes_total,
        }
    }

    /// Takes the next block's steps.
    pub(super) fn take(&mut self, steps: &mut Vec<Step>, len_bytes: u64) {
        for step in steps.drain(..) {
            match step {
                Step::Header(place, header) => self.joints.header(place, header),
                Step::Fault(fault) => self.joints.fault(fault),
                Step::End(place, is_last) => self.joints.end(place, is_last),
                Step::Frame(frame) => self.frame(frame),
                Step::Erases(target) => self.erasures.named(target, self.last.0, self.last.1),
                Step::OfKeys(event) => self.sealing.event(self.last.0, &event),
                // Leaves that do not follow on come with damage that says so, and then roots are not looked at.
                Step::Leaves(leaves) => drop(self.edge.append(&leaves)),
                Step::Seal(place, seal, end) => self.seal(place, end, &seal),
            }
        }
        self.bytes += len_bytes;
        (self.options.progress)(self.bytes, self.bytes_total);
        if let Some((head, _)) = self.verified {
            (self.options.verified)(head);
        }
    }

    fn frame(&mut self, frame: Hashed) {
        let seq = frame.envelope.seq;
        self.last = (seq, frame.place);
        self.erasures.frame(&frame);
        if self.knows_keys()
            && let Some(finding) = self.sealing.frame(&frame)
        {
            self.joints.add(finding);
        }
        if let Some(Expect::Head(Head { size, .. })) = self.expect()
            && size == seq
        {
            self.at_expected = Some(frame.link);
        }
        self.joints.frame(frame);
    }

    fn seal(&mut self, place: Place, end: u64, seal: &Seal) {
        let believed = self.joints.whole() && self.edge.size() == self.joints.size();
        let root = believed.then(|| self.edge.root());
        if let Some(Expect::Root { size, .. }) = self.expect()
            && size == self.edge.size()
        {
            self.at_expected = root;
        }
        self.joints.seal(place, end, seal, root);
        self.is_last_cut = sealing::is_cut(place, end, seal);
        // All before this commit has been judged by now.
        self.promising.extend(self.sealed.filter(|sealed| self.holds(sealed)));
        self.settle();
        self.sealed = Some((seal.head, Place { segment: place.segment, offset: end }));
        if self.knows_keys() {
            let findings = self.sealing.seal(place, seal, self.joints.whole());
            for finding in findings {
                self.joints.add(finding);
            }
        }
    }

    /// Whether the log is read from its beginning, and so every event about keys.
    fn knows_keys(&self) -> bool {
        self.first == 1
    }

    /// Signatures to be checked now.
    pub(super) fn take_due(&mut self) -> Vec<Due> {
        self.sealing.take_due()
    }

    /// Takes in what came of checks.
    pub(super) fn checked(&mut self, checked: Vec<Checked>) {
        for checked in checked {
            if let Some(finding) = self.sealing.checked(checked) {
                self.joints.add(finding);
            }
        }
        self.settle();
    }

    /// Goes on to the last seal whose signatures, and all before, have been checked.
    fn settle(&mut self) {
        while let Some(sealed) = self.promising.front().copied().filter(|(_, end)| self.sealing.hold(*end)) {
            self.promising.pop_front();
            if !self.joints.are_damaged_before(sealed.1) {
                self.verified = Some(sealed);
            }
        }
    }

    /// What must be in the log.
    fn expect(&self) -> Option<Expect> {
        self.options.since.map(Expect::Head).or(self.options.expect)
    }

    /// Whether but for signatures nothing is wrong up to a seal, and nothing waits for a later event to permit it.
    fn holds(&self, (head, end): &(Head, Place)) -> bool {
        self.joints.hold(*end) && self.erasures.hold(head.size) && !self.misses_since()
    }

    /// Whether what came before is taken on trust in a head that is not there, or has not been passed.
    fn misses_since(&self) -> bool {
        let since = self.options.since.filter(|_| self.first > 1);
        since.is_some_and(|since| self.at_expected != Some(since.hash))
    }

    /// Adds a finding that is of no segment.
    pub(super) fn add(&mut self, finding: Finding) {
        self.joints.add(finding);
    }

    /// Where the last seal ends, and where its commit begins, if that may be an interrupted append.
    pub(super) fn ends(&self) -> [Option<Place>; 2] {
        let cut = self.joints.last_commit().filter(|_| self.is_last_cut);
        [self.joints.doubtful_commit().or(cut), self.joints.sealed().map(|sealed| sealed.end)]
    }

    /// Everything has been taken: the report.
    pub(super) fn finish(mut self, tail: Option<TornTail>, leftovers: Vec<PathBuf>) -> Report {
        let (sealed, misses_since) = (self.joints.sealed().cloned(), self.misses_since());
        let (head, root, recorded_at) =
            sealed.map_or_else(Default::default, |sealed| (sealed.head, sealed.root, sealed.recorded_at));
        if let Some(unexpected) = self.unexpected(head.size) {
            self.joints.add(unexpected);
        }
        let (mut findings, findings_left_off) = self.joints.finish();
        let erased = self.erasures.finish(head.size, &mut findings);
        findings.sort_by_key(|finding| (finding.place(), finding.code));
        // A changed envelope may only seem to be of an event about keys.
        let changed: Vec<Place> = findings.iter().filter(|f| f.code == Code::Envelope).map(Finding::place).collect();
        findings.retain(|finding| finding.code != Code::KeyErased || !changed.contains(&finding.place()));
        let bytes = self.bytes;
        let roots_compared = self.first == 1;
        let sealed = roots_compared.then_some(self.sealing.sealed);
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
            erased,
            tail,
            leftovers,
            bytes,
        }
    }

    /// The finding if the log does not contain the expected head.
    fn unexpected(&self, size_now: u64) -> Option<Finding> {
        let (size, expected) = match self.expect()? {
            Expect::Head(head) => (head.size, head.hash),
            Expect::Root { size, root } => (size, root),
        };
        let finding = |found: &dyn std::fmt::Display| {
            Some(Finding::new(Code::ExpectedHead, self.last.1, format_args!("{size}:{expected}"), found).of(size))
        };
        match self.at_expected {
            _ if size > size_now => finding(&format_args!("only {size_now} events")),
            Some(found) if found == expected => None,
            Some(found) => finding(&format_args!("{size}:{found}")),
            None if size == 0 => None,
            None => finding(&"no intact commit that ends there"),
        }
    }
}

fn kind_rule(seq: u64, kind: u16) -> Option<(Code, &'static str)> {
    match (seq == 1, kind == GENESIS) {
        (true, false) => Some((Code::Genesis, "kind 1 for event 1")),
        (false, true) => Some((Code::Genesis, "kind 1 for event 1 only")),
        _ if kind == 0 || kind > KIND_MAX => Some((Code::Kind, "a kind from 1 to 21")),
        _ => None,
    }
}
