//! What must be there, whatever the disk did.

use super::world::{World, erased_target};
use crate::log::{Code, Error, Intact, Log, Since};
use crate::verify::{self, PayloadRead, Report, Told};

/// One event as a reader sees it.
pub(super) struct Seen {
    pub(super) seq: u64,
    pub(super) kind: u16,
    pub(super) payload: Option<Vec<u8>>,
}

impl World {
    /// What a reader is shown, commit by commit.
    pub(super) fn commits(&self) -> std::result::Result<Vec<Vec<Seen>>, Box<Error>> {
        let mut all = Vec::new();
        let shown = Log::open_in(self.layout.clone()).and_then(|log| {
            log.scan(Since::Start, |commit| {
                let mut events = Vec::new();
                while let Some(frame) = commit.next_frame()? {
                    let (seq, kind) = (frame.envelope.seq, frame.envelope.kind);
                    let payload = frame.payload().map(<[u8]>::to_vec);
                    events.push(Seen { seq, kind, payload });
                }
                all.push(events);
                Ok::<(), Error>(())
            })
        });
        match shown {
            Err(Error::NotFound(_)) if self.commits.iter().all(|asked| !asked.is_certain) => Ok(Vec::new()),
            shown => shown.map(|_| all).map_err(Box::new),
        }
    }

    /// Requires that the log shows what it must, in order, and nothing else, and says which commits are there.
    pub(super) fn fits(&self) -> Vec<usize> {
        let mut found = Vec::new();
        for commit in self.commits().unwrap_or_else(|error| panic!("the log cannot be read: {error}")) {
            let from = found.last().map_or(0, |last| last + 1);
            let fits = |at: &usize| self.is_as_asked(&commit, &self.commits[*at].payloads);
            let at = (from..self.commits.len()).find(fits);
            let at = at.unwrap_or_else(|| panic!("nobody asked for the commit at event {}", commit[0].seq));
            self.none_is_certain(from..at);
            found.push(at);
        }
        self.none_is_certain(found.last().map_or(0, |last| last + 1)..self.commits.len());
        found
    }

    fn none_is_certain(&self, passed_over: std::ops::Range<usize>) {
        let lost = self.commits[passed_over].iter().find(|asked| asked.is_certain);
        assert!(lost.is_none(), "a commit was lost: {:?}", lost.map(|asked| asked.payloads.len()));
    }

    fn is_as_asked(&self, commit: &[Seen], payloads: &[Vec<u8>]) -> bool {
        let same = |(seen, payload): (&Seen, &Vec<u8>)| match (&seen.payload, self.erased.get(&seen.seq)) {
            (Some(_), Some(true)) => panic!("{} was erased and is there", seen.seq),
            (Some(seen), _) => seen == payload,
            (None, erased) => erased.is_some(),
        };
        commit.len() == payloads.len() && commit.iter().zip(payloads).all(same)
    }

    /// Requires that what is there is whole: a torn tail and an unfinished erasure may be reported, and nothing else.
    pub(super) fn expect_whole(&self) {
        if !self.has_torn_salt() {
            self.fits();
        }
        if self.is_begun() {
            for finding in self.verify().findings {
                assert!(finding.code == Code::ErasureUnfinished && self.is_unfinished(finding.seq), "{finding}");
            }
        }
    }

    /// Requires that everything certain is there, nothing else, and nothing is to be reported.
    pub(super) fn expect_clean(&self) {
        let found = self.fits();
        let report = self.verify();
        assert_eq!((report.findings, report.tail, report.leftovers), (vec![], None, vec![]));
        assert_eq!(found.len(), self.commits.iter().filter(|asked| asked.is_certain).count());
    }

    /// Requires that a commit that failed is not there.
    pub(super) fn expect_nothing_unacknowledged(&self) {
        if !self.has_torn_salt() {
            let is_certain = |at: usize| self.commits[at].is_certain;
            assert!(self.fits().into_iter().all(is_certain), "a commit that failed is there");
        }
    }

    fn is_unfinished(&self, seq: Option<u64>) -> bool {
        seq.is_some_and(|seq| self.erased.get(&seq) == Some(&false))
    }

    /// Whether an erasure was interrupted in the middle of a salt: readers refuse that, and the next writer finishes it.
    fn has_torn_salt(&self) -> bool {
        let is_torn = |error: &Error| match error {
            Error::Damaged(damage) => damage.code == Code::Payload && self.is_unfinished(damage.seq),
            _ => false,
        };
        self.commits().is_err_and(|error| is_torn(&error))
    }

    /// Requires that damage is found, that it lies behind all that is certain, which can still be read, and that the
    /// writer that refused it has left everything as it was.
    pub(super) fn expect_damage_behind_what_is_certain(&self) {
        let mut count = 0;
        let despite = Log::open_in(self.layout.clone()).and_then(|log| {
            log.scan_despite_damage(|intact| {
                count += usize::from(matches!(intact, Intact::Frame(_)));
                Ok::<(), Error>(())
            })
        });
        let despite = despite.unwrap();
        let certain = self.commits.iter().filter(|asked| asked.is_certain).flat_map(|asked| &asked.payloads).count();
        assert!(count >= certain, "{count} of {certain} events can be read");
        let findings = self.verify().findings;
        let is_behind = |seq: Option<u64>| seq.is_none_or(|seq| seq >= certain as u64);
        assert!(!findings.is_empty() && findings.iter().all(|finding| is_behind(finding.seq)), "{findings:?}");
        assert!(despite.damages.iter().all(|damage| is_behind(damage.seq)), "{:?}", despite.damages);
        let listed = self.layout.disk().list(&self.layout.log()).unwrap();
        assert!(listed.iter().all(|path| !path.display().to_string().contains("torn-")), "{listed:?}");
    }

    /// Whether a power cut may leave the same of both.
    pub(super) fn is_as(&self, other: &World) -> bool {
        let certain = |world: &World| world.commits.iter().filter(|asked| asked.is_certain).count();
        self.disk.is_as(&other.disk) && certain(self) == certain(other) && self.erased == other.erased
    }

    pub(super) fn verify(&self) -> Report {
        let read_payload = |kind: u16, payload: &[u8]| {
            let told = erased_target(kind, payload).map(|target| Box::new(Told::Erases(target)));
            PayloadRead { told, ..PayloadRead::default() }
        };
        let options = verify::Options { read_payload: &read_payload, ..verify::Options::default() };
        verify::verify_in(&self.layout, &options).unwrap()
    }
}
