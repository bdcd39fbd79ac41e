//! Every fault at every call of short histories, and everything a power cut may leave.

use std::fmt::Debug;
use std::ops::Range;

use super::bytes::{Kept, SECTOR_LEN};
use super::fault::{Fault, Kind, Part};
use super::world::{Act, World};
use Act::{Append, Create, Erase};

/// Faults and what came of them.
#[derive(Debug, Default)]
struct Tally {
    /// Writes are also torn at every byte.
    tears: bool,
    calls: usize,
    faults: usize,
    power_cuts: usize,
}

const FAULTS: [(Kind, Part); 9] = [
    (Kind::PowerCut, Part::Whole),
    (Kind::Kill, Part::Nothing),
    (Kind::Kill, Part::Half),
    (Kind::Kill, Part::Whole),
    (Kind::Fails, Part::Nothing),
    (Kind::Fails, Part::Half),
    (Kind::Fails, Part::Whole),
    (Kind::Full, Part::Nothing),
    (Kind::Full, Part::Half),
];

/// Says what was being done if it came to a panic.
struct Saying<T: Debug>(T);

impl<T: Debug> Drop for Saying<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{:?}", self.0);
        }
    }
}

/// In this world, lets `acts` meet every fault at every call.
fn meet_every_fault(before: &World, acts: &[Act]) {
    let tally = meet_each(before, acts, Tally { tears: true, ..Tally::default() });
    println!("{acts:?}: {tally:?}");
}

fn meet_each(before: &World, acts: &[Act], mut tally: Tally) -> Tally {
    let count = calls(before, acts);
    let mut last_cut = None;
    for after in 0..count {
        tally.calls += 1;
        for (kind, part) in FAULTS {
            tally.faults += 1;
            let fault = Fault { after, kind, part };
            let _saying = Saying((acts, fault));
            meet(before, acts, fault, &mut last_cut, &mut tally);
        }
    }
    assert!(count > 2 && tally.power_cuts > count, "{tally:?}");
    tally
}

/// How many calls change something if nothing goes wrong.
fn calls(before: &World, acts: &[Act]) -> usize {
    let mut world = before.fork();
    world.disk.arm(Fault { after: usize::MAX, kind: Kind::Kill, part: Part::Nothing });
    assert!(world.session(acts).is_ok());
    world.disk.calls()
}

fn meet(before: &World, acts: &[Act], fault: Fault, last_cut: &mut Option<World>, tally: &mut Tally) {
    let mut world = before.fork();
    world.disk.arm(fault);
    let ended = world.session(acts);
    match fault.kind {
        Kind::PowerCut => {
            // Before a sync there is what was there before.
            if !last_cut.as_ref().is_some_and(|last| last.is_as(&world)) {
                let pending = world.disk.pending();
                let torn = if tally.tears { torn(&pending) } else { Vec::new() };
                cut_power(&world, subsets(pending.len()).into_iter().chain(torn), tally);
            }
            *last_cut = Some(world);
        }
        Kind::Kill => {
            world.disk.relieve();
            go_on(world, tally);
        }
        Kind::Fails | Kind::Full => {
            world.disk.relieve();
            match ended {
                // What another process had written and not synced may be dropped, and look as if it were there.
                Err(failed) if failed.while_opening && fault.kind == Kind::Fails => world.disk.cut_power(&[]),
                Err(_) => world.expect_nothing_unacknowledged(),
                Ok(()) => {}
            }
            go_on(world, tally);
        }
    }
}

/// Whichever of these a power cut leaves, the next writer can go on from it.
fn cut_power(world: &World, ways: impl IntoIterator<Item = Vec<Kept>>, tally: &mut Tally) {
    for kept in ways {
        let _saying = Saying((world.disk.pending(), kept.clone()));
        let world = world.fork();
        tally.power_cuts += 1;
        world.disk.cut_power(&kept);
        go_on(world, tally);
    }
}

/// Any of so many changes.
fn subsets(count: usize) -> Vec<Vec<Kept>> {
    assert!(count < 12, "too many to try all: {count}");
    let kept = |set: usize, at: usize| if set >> at & 1 == 1 { Kept::All } else { Kept::Nothing };
    (0..1 << count).map(|set: usize| (0..count).map(|at| kept(set, at)).collect()).collect()
}

/// Each write torn at every byte (a long one at many), while the other changes are there or not.
fn torn(pending: &[Option<Range<usize>>]) -> Vec<Vec<Kept>> {
    let mut ways = Vec::new();
    for (at, write) in pending.iter().enumerate().filter_map(|(at, write)| Some((at, write.clone()?))) {
        let step = if write.len() < 500 { 1 } else { 13 };
        let beginnings = (0..write.len()).step_by(step).map(Kept::Beginning);
        let ends_sector = |len: &usize| *len == 0 || (write.start + len).is_multiple_of(SECTOR_LEN);
        let filled_up = (0..write.len()).filter(ends_sector).map(Kept::FilledUp);
        for kept in beginnings.chain(filled_up) {
            for others in if pending.len() == 1 { &[Kept::Nothing][..] } else { &[Kept::Nothing, Kept::All] } {
                ways.push((0..pending.len()).map(|other| if other == at { kept } else { *others }).collect());
            }
        }
    }
    ways
}

/// The next process finds what it must, can write, and what it was told is there outlasts the next power cut.
fn go_on(mut world: World, tally: &mut Tally) {
    world.expect_whole();
    let acts = if world.is_begun() { &[Append(1, 20)][..] } else { &[Create, Append(1, 20)] };
    if let Err(failed) = world.session(acts) {
        panic!("the next writer cannot go on: {}", failed.error);
    }
    tally.power_cuts += 1;
    world.disk.cut_power(&[]);
    world.expect_clean();
}

/// A ledger made by these sessions, with nothing pending.
fn after(sessions: &[&[Act]]) -> World {
    let mut world = World::new();
    for acts in sessions {
        assert!(world.session(acts).is_ok());
    }
    world.disk.cut_power(&[]);
    world.expect_clean();
    world
}

fn begun() -> World {
    after(&[&[Create, Append(2, 20)]])
}

#[test]
fn a_ledger_begun_on_a_faulty_disk() {
    meet_every_fault(&World::new(), &[Create]);
}

#[test]
fn an_event_appended_on_a_faulty_disk() {
    meet_every_fault(&begun(), &[Append(1, 9)]);
}

#[test]
fn commits_appended_on_a_faulty_disk() {
    meet_every_fault(&begun(), &[Append(2, 9), Append(1, 30)]);
}

#[test]
fn a_segment_rolled_on_a_faulty_disk() {
    meet_every_fault(&after(&[&[Create, Append(3, 200)]]), &[Append(3, 60), Append(1, 9)]);
}

#[test]
fn an_import_under_a_temporary_name_on_a_faulty_disk() {
    meet_every_fault(&begun(), &[Append(9, 90), Append(1, 9)]);
}

#[test]
fn an_erasure_on_a_faulty_disk() {
    meet_every_fault(&begun(), &[Erase]);
    meet_every_fault(&after(&[&[Create, Append(3, 200)], &[Append(9, 90)]]), &[Append(1, 9), Erase, Append(1, 9)]);
}

/// A writer that was killed left a torn tail, a whole commit, an unpublished segment, or half an erasure, all of it in
/// memory only. The next one meets every fault.
#[test]
fn what_a_killed_writer_left_repaired_on_a_faulty_disk() {
    let mut tally = Tally::default();
    for acts in [&[Append(1, 30)][..], &[Append(9, 90)], &[Erase]] {
        for killed_after in 0..calls(&begun(), acts) {
            for part in [Part::Half, Part::Whole] {
                let mut world = begun();
                world.disk.arm(Fault { after: killed_after, kind: Kind::Kill, part });
                assert!(world.session(acts).is_err());
                world.disk.relieve();
                tally = meet_each(&world, &[Append(1, 9)], tally);
            }
        }
    }
    println!("{tally:?}");
}
