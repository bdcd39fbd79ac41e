//! Days as the import format spells them: exact, vague, and with a time.

use crate::generator::{Chance, civil};

/// The day so many days after 1900-01-01.
pub(crate) fn day(number: u64) -> String {
    let (year, month, day) = civil(number);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A window that holds a day, and the latest day that may be meant.
pub(super) fn vague(chance: &mut Chance, number: u64) -> (String, u64) {
    let (text, (year, month, _)) = (day(number), civil(number));
    let later = number + 1 + chance.below(60);
    match chance.below(9) {
        0 | 1 => (format!("[{text}..{}]", day(later)), later),
        2 => (format!("[{text},{}]", day(later)), later),
        3 => (format!("{text}~"), number + 1),
        4 => (format!("{text}?"), number),
        5 => (format!("{year:04}-{month:02}"), number + 31),
        6 => (format!("{year:04}-{month:02}~"), number + 62),
        7 => (format!("{year:04}-{month:02}-XX"), number + 31),
        _ => (format!("{year:04}"), number + 366),
    }
}

/// A time of day, sometimes with the offset of its place.
pub(super) fn time(chance: &mut Chance) -> String {
    let (hour, minute) = (chance.below(24), chance.below(4) * 15);
    let offset = ["", "", "", "-04:00", "Z"][chance.below(5) as usize];
    format!("{hour:02}:{minute:02}{offset}")
}

/// A window of a day, sometimes with the offset of its place.
pub(super) fn clock(chance: &mut Chance) -> String {
    let (hour, len) = (chance.below(20), 1 + chance.below(4));
    let offset = ["", "", "", "-04:00", "Z"][chance.below(5) as usize];
    format!("{hour:02}:00..{:02}:00{offset}", hour + len)
}
