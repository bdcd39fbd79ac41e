//! A disk that stores the sectors of one write in any order: what the format does not promise to read. What it leaves
//! is either right or named as damage, and then nothing is moved, cut or built upon.

use super::bytes::{Kept, SECTOR_LEN};
use super::fault::{Fault, Kind, Part};
use super::world::{Act, World};

#[test]
fn sectors_stored_in_any_order_are_right_or_named() {
    let (mut right, mut named) = (0, 0);
    for len in (0..560).step_by(7) {
        let mut world = World::new();
        assert!(world.session(&[Act::Create, Act::Append(2, 20)]).is_ok());
        world.disk.arm(Fault { after: 2, kind: Kind::PowerCut, part: Part::Whole });
        assert!(world.session(&[Act::Append(1, len)]).is_err());
        let written = world.disk.pending()[0].clone().unwrap();
        let sectors = written.start / SECTOR_LEN..written.end.div_ceil(SECTOR_LEN);
        for set in 0..1_u64 << sectors.len() {
            let mut world = world.fork();
            world.disk.cut_power(&[Kept::Sectors(set << sectors.start)]);
            if world.session(&[Act::Append(1, 9)]).is_ok() {
                world.disk.cut_power(&[]);
                world.expect_clean();
                right += 1;
            } else {
                world.expect_damage_behind_what_is_certain();
                named += 1;
            }
        }
    }
    println!("{right} right, {named} named");
    assert!(right > 100 && named > 10, "{right} {named}");
}
