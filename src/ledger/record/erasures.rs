//! Erasures that were interrupted: whoever opens the ledger for appending finishes them, if the commit that asks for one
//! counts.

use std::ops::ControlFlow;
use std::path::Path;

use foldhash::HashSet;

use super::copies::Copies;
use crate::event::EventKind;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::read::erased::{all_named, erased_target};
use crate::ledger::read::replay::{Reading, Step, Stop};
use crate::ledger::read::salvage::Salvage;
use crate::log::{self, Intact};
use crate::seq::Seq;

/// Opens the log for appending and shows what is in it behind a place; `reading` knows what stands before that. Erasures that
/// were interrupted are finished; says whether any was, so that something was shown that is no longer there. `None`: it was told
/// to stop.
///
/// # Errors
/// `Damaged`, `NotFound`, `Unsupported`, `Io`. Nothing was recorded.
pub(super) fn open_for_appending(
    dir: &Path,
    now_micros: i64,
    (known, mut reading): (Option<log::Known>, Reading),
    mut see: impl FnMut(Step) -> ControlFlow<()>,
) -> Result<Option<(log::Writer, bool)>, Error> {
    let opening = log::Opening { known, ..log::Opening::default() };
    let opened = log::Writer::open_and_see(dir, now_micros, opening, |commit| reading.show(commit, &mut see));
    let mut log = match opened.map_err(Stop::into_error) {
        Ok(log) => log,
        Err(None) => return Ok(None),
        Err(Some(error)) => return Err(error),
    };
    let erasures = reading.erasures;
    all_named(&erasures)?;
    let left = erasures.left();
    if !left.is_empty() {
        if erasures.is_any_unfinished() {
            // The copies go first: only the payloads tell which they are.
            Copies::in_log(dir, &left.iter().copied().map(Seq).collect(), &HashSet::default())?.remove(dir)?;
        }
        log.erase(&left)?;
    }
    Ok(Some((log, erasures.is_any_unfinished())))
}

/// Does this; if the log seems damaged only because erasures were interrupted in the middle of a salt, finishes them and
/// does it once more.
pub(in crate::ledger) fn finishing_erasures<T>(
    dir: &Path,
    mut open: impl FnMut() -> Result<T, Error>,
) -> Result<T, Error> {
    match open() {
        Err(damaged) if damaged.kind() == ErrorKind::Damaged => match finish_erasures(dir) {
            Ok(1..) => open(),
            Err(error @ log::Error::Io { .. }) => Err(error.into()),
            _ => Err(damaged),
        },
        opened => opened,
    }
}

/// Finishes what commits that count erase. From the first that does not count, nothing is carried out.
fn finish_erasures(dir: &Path) -> log::Result<usize> {
    let (mut salvage, mut open, mut is_over) = (Salvage::default(), Vec::new(), false);
    let judge = |intact: &Intact<'_>| match intact {
        Intact::Frame(frame) => {
            if salvage.frame(frame) {
                open.clear();
            }
            let target = frame.payload().and_then(|payload| erased_target(frame.envelope.kind, payload));
            open.extend(target.filter(|target| *target < frame.envelope.seq));
            Vec::new()
        }
        Intact::Seal(_, seal) => {
            is_over |= salvage.seal(seal, false).is_err();
            let named = std::mem::take(&mut open);
            if is_over { Vec::new() } else { named }
        }
    };
    log::finish_erasures(dir, judge, |kind| EventKind::of_number(kind).is_some_and(EventKind::is_erasable))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::chain::SALT_LEN;
    use crate::codec;
    use crate::event::{Event, First, Noted, Proposed};
    use crate::frame::{ENVELOPE_LEN, GUARD_LEN, HEADER_LEN, frame_record_len};
    use crate::ledger::read::replay::entry_of;
    use crate::ledger::{Founder, Ledger, Policy, VerifyOptions, Writer, repair, verify};
    use crate::note::PrivateKey;

    const SECRET: &str = "a name that has to go";

    /// A ledger whose event 3 holds a secret and is named by an erasure; where its salt and its payload stand, and where
    /// that ends in the segment.
    fn named() -> (tempfile::TempDir, [usize; 3]) {
        let dir = tempfile::tempdir().unwrap();
        Ledger::create(dir.path(), Some("example.org/siege"), 1).unwrap();
        let note = Event::Noted(Noted { about: None, text: SECRET.into(), id: None, is_private: false });
        let actor = Event::ActorRegistered { name: "ana".into(), of: None };
        let erasure = Event::PayloadErased { target: Seq(3), basis: "order 12/2024".into(), first: None };
        let mut log = log::Writer::open(dir.path(), 1).unwrap();
        // What is to go ends in a byte that is no zero.
        let (link, under) = ([7; 32], Some(Seq(2)));
        let first = First { actor: Seq(2), seq: Seq(9), link, at_micros: 1, under };
        let mut append = |event: &Event| {
            let first = Some(&first).filter(|_| *event == note);
            log.append(&[entry_of(event, first, (Seq(0), Seq(0)), Seq(2), [7; SALT_LEN]).unwrap()], 1)
                .unwrap()
                .first_place
                .offset
        };
        append(&actor);
        let at = usize::try_from(append(&note)).unwrap();
        append(&erasure);
        append(&Event::Noted(Noted { about: None, text: "later".into(), id: None, is_private: false }));
        let payload_len = codec::encode(&note, Some(&first)).unwrap().len();
        let salt_at = at + GUARD_LEN + 1 + ENVELOPE_LEN;
        (dir, [salt_at, salt_at + SALT_LEN, at + frame_record_len(payload_len)])
    }

    const GENESIS_PAYLOAD_AT: usize = HEADER_LEN + GUARD_LEN + 1 + ENVELOPE_LEN + SALT_LEN;

    /// So many bytes of salt and payload are zeros already.
    fn interrupted(dir: &Path, from: usize, zeros: usize) {
        let path = dir.join("log/000000000001.seg");
        let mut bytes = fs::read(&path).unwrap();
        bytes[from..from + zeros].fill(0);
        fs::write(path, bytes).unwrap();
    }

    fn findings(dir: &Path) -> usize {
        verify(dir, &VerifyOptions { threads: 1, ..VerifyOptions::default() }, &|_, _| {}).unwrap().findings.len()
    }

    #[test]
    fn an_erasure_interrupted_anywhere_is_finished_by_the_next_writer() {
        let (_, [salt_at, payload_at, end]) = named();
        for zeros in [0, 1, 8, 15, 16, 17, payload_at - salt_at + 5, end - salt_at - 5] {
            let (dir, _) = named();
            interrupted(dir.path(), salt_at, zeros);
            assert_eq!(findings(dir.path()), 1, "{zeros}");
            drop(Writer::open(dir.path(), "ana", 2).unwrap());
            assert_eq!(findings(dir.path()), 0, "{zeros}");
            let bytes = fs::read(dir.path().join("log/000000000001.seg")).unwrap();
            assert!(bytes[salt_at..end].iter().all(|byte| *byte == 0), "{zeros}");
        }
    }

    #[test]
    fn repair_finishes_an_erasure_that_keeps_the_log_from_being_read_and_mends_nothing_else() {
        let (dir, [salt_at, payload_at, _]) = named();
        interrupted(dir.path(), salt_at, 9);
        assert_eq!(repair(dir.path(), 2).unwrap(), [""; 0]);
        assert_eq!(findings(dir.path()), 0);
        let (dir, _) = named();
        interrupted(dir.path(), salt_at, 9);
        interrupted(dir.path(), GENESIS_PAYLOAD_AT, 9);
        let before = fs::read(dir.path().join("log/000000000001.seg")).unwrap();
        assert_eq!(repair(dir.path(), 2).unwrap_err().kind(), ErrorKind::Damaged);
        assert_eq!(Writer::open(dir.path(), "ana", 2).err().unwrap().kind(), ErrorKind::Damaged);
        assert_eq!(fs::read(dir.path().join("log/000000000001.seg")).unwrap(), before);
        assert!(before[payload_at..].windows(SECRET.len()).any(|text| text == SECRET.as_bytes()));
    }

    /// What somebody does who may write to the ledger's folder and has no key: appends an erasure that nobody signed.
    fn attacked(zeros: usize) -> (tempfile::TempDir, Vec<u8>) {
        let dir = tempfile::tempdir().unwrap();
        let key = PrivateKey::of_seed("chief", &[7; 32]).unwrap();
        Ledger::create_by(dir.path(), Some("example.org/siege"), Some(Founder { actor: "ana", key }), 1).unwrap();
        let mut writer = Writer::open(dir.path(), "ana", 2).unwrap();
        writer.sign_with(PrivateKey::of_seed("chief", &[7; 32]).unwrap());
        let note = Proposed::Note { about: None, text: SECRET.into(), id: None, is_private: false };
        let seq = writer.record(vec![note], Policy::default(), 2).unwrap().staged[0].seq.unwrap();
        drop(writer);
        let erasure = Event::PayloadErased { target: seq, basis: "nobody asked".into(), first: None };
        let entry = entry_of(&erasure, None, (Seq(0), Seq(0)), Seq(2), [7; SALT_LEN]).unwrap();
        log::Writer::open(dir.path(), 3).unwrap().append(&[entry], 3).unwrap();
        let path = dir.path().join("log/000000000001.seg");
        let mut bytes = fs::read(&path).unwrap();
        let text_at = bytes.windows(SECRET.len()).position(|text| text == SECRET.as_bytes()).unwrap();
        let salt_at = text_at - 2 - SALT_LEN;
        bytes[salt_at..salt_at + zeros].fill(0);
        fs::write(&path, &bytes).unwrap();
        (dir, bytes)
    }

    #[test]
    fn nothing_is_overwritten_for_an_erasure_that_nobody_who_may_has_sealed() {
        for zeros in [0, 9] {
            let (dir, before) = attacked(zeros);
            let refused = Writer::open(dir.path(), "ana", 4).err().unwrap();
            assert_eq!(refused.kind(), ErrorKind::Damaged, "{zeros}: {refused}");
            assert_eq!(repair(dir.path(), 4).is_err(), zeros > 0, "{zeros}: repair judges nothing, and erases nothing");
            assert_eq!(Ledger::open(dir.path()).unwrap_err().kind(), ErrorKind::Damaged, "{zeros}");
            let bytes = fs::read(dir.path().join("log/000000000001.seg")).unwrap();
            assert!(bytes == before, "{zeros}: something was overwritten");
            assert!(bytes.windows(SECRET.len()).any(|text| text == SECRET.as_bytes()), "{zeros}");
            let despite = Ledger::open_despite_damage(dir.path()).unwrap();
            assert!(despite.missing().is_some() && despite.head().size < 5, "{zeros}: {:?}", despite.head());
        }
    }
}
