//! Long histories by chance: writers, faults, kills and power cuts, one after the other.
//!
//! `ANNALS_HISTORIES=N` lives through N of them; `ANNALS_SEED` begins with this one.

use super::bytes::Kept;
use super::fault::{Fault, Kind, Part};
use super::world::{Act, World};

const STEPS: usize = 30;

/// Numbers that look like chance, the same for the same seed (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).unwrap()
    }

    fn act(&mut self) -> Act {
        match self.below(10) {
            0 => Act::Erase,
            1 => Act::Append(9, 60 + self.below(90)),
            _ => Act::Append(1 + u8::try_from(self.below(3)).unwrap(), self.below(200)),
        }
    }

    fn fault(&mut self) -> Fault {
        let kind = [Kind::PowerCut, Kind::Kill, Kind::Fails, Kind::Full][self.below(4)];
        let part = [Part::Nothing, Part::Half, Part::Whole][self.below(3)];
        Fault { after: self.below(14), kind, part }
    }
}

#[derive(Debug, Default)]
struct Tally {
    sessions: usize,
    faults: usize,
    power_cuts: usize,
}

fn number_of(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Says the seed if it came to a panic.
struct Saying(u64);

impl Drop for Saying {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("ANNALS_SEED={}", self.0);
        }
    }
}

#[test]
fn long_histories_on_a_faulty_disk() {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    let seed = number_of("ANNALS_SEED", u64::try_from(clock).unwrap());
    let mut tally = Tally::default();
    for seed in (seed..).take(usize::try_from(number_of("ANNALS_HISTORIES", 60)).unwrap()) {
        let _saying = Saying(seed);
        live(&mut Random(seed), &mut tally);
    }
    println!("{tally:?}");
}

fn live(random: &mut Random, tally: &mut Tally) {
    let mut world = World::new();
    for _ in 0..STEPS {
        let fault = (random.below(3) > 0).then(|| random.fault());
        if let Some(fault) = fault {
            world.disk.arm(fault);
        }
        let mut acts: Vec<Act> = if world.is_begun() { Vec::new() } else { vec![Act::Create] };
        acts.extend((0..=random.below(4)).map(|_| random.act()));
        let ended = world.session(&acts);
        tally.sessions += 1;
        let has_happened = fault.filter(|_| world.disk.relieve());
        tally.faults += usize::from(has_happened.is_some());
        assert!(ended.is_ok() || has_happened.is_some(), "nothing was wrong with the disk");
        let is_doubtful = ended.is_err_and(|failed| failed.while_opening)
            && has_happened.map(|fault| fault.kind) == Some(Kind::Fails);
        // What another process had written and not synced may be dropped, and look as if it were there.
        if is_doubtful || has_happened.is_some_and(|fault| fault.kind == Kind::PowerCut) || random.below(3) == 0 {
            cut_power(&world, random);
            tally.power_cuts += 1;
        }
        world.expect_whole();
    }
    assert!(world.session(&[Act::Append(1, 9)]).is_ok() || !world.is_begun());
    world.disk.cut_power(&[]);
    if world.is_begun() {
        world.expect_clean();
    }
}

fn cut_power(world: &World, random: &mut Random) {
    let pending = world.disk.pending();
    let kept: Vec<Kept> = pending
        .into_iter()
        .map(|write| match (random.below(3), write) {
            (0, _) => Kept::Nothing,
            (1, Some(write)) => Kept::Beginning(random.below(write.len())),
            _ => Kept::All,
        })
        .collect();
    world.disk.cut_power(&kept);
}
