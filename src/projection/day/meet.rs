//! Row 1: whether the values of a day can have followed on each other, and in which order.

use foldhash::HashMap;

use super::order::{CARRIED_THROUGH_MAX, DayOrder, Placed};
use super::said::Mark;
use super::sides::{Group, Table};
use super::voices::all::Voices;
use super::voices::voice::{BoundKind, Side, Voice};
use crate::date::{Day, Minutes};

/// The values in the order in which they held, one that comes back again once more; `None` if they do not meet. Asked of the
/// claims that belong to one side alone.
pub(super) fn meeting(key: &Voices, groups: &[Group], day: Day) -> Option<Vec<Group>> {
    if key.is_fixed || groups.len() > 2 && !groups.iter().all(|group| may_be_ordered(key, group, day)) {
        return None;
    }
    let told: Vec<Told<'_>> =
        groups.iter().enumerate().flat_map(|(side, group)| of_side(key, side, group, day)).collect();
    if let [a, b] = groups {
        let side = |wanted: usize| -> Vec<&Told<'_>> { told.iter().filter(|told| told.side == wanted).collect() };
        let (of_a, of_b) = (side(0), side(1));
        if of_a.is_empty() || of_b.is_empty() {
            return None;
        }
        let order = DayOrder::new(key, day, told.iter().map(|told| told.voice));
        let fits = |first: &[&Told<'_>], second: &[&Told<'_>]| {
            hand_over(first, second, day) || all_before(&order, first, second)
        };
        if fits(&of_a, &of_b) {
            return Some(vec![a.clone(), b.clone()]);
        }
        if fits(&of_b, &of_a) {
            return Some(vec![b.clone(), a.clone()]);
        }
    }
    in_order(key, groups, &told, day)
}

/// Whether the claims of a side have clocks, or are day claims, which may have been told in some order.
fn may_be_ordered(key: &Voices, group: &Group, day: Day) -> bool {
    let is_open = |voice: &Voice| voice.is_day_claim() || voice.clock_on(day).is_some();
    group.own_marks().all(|mark| key.voice(mark.voice).is_some_and(is_open))
}

/// A claim that belongs to one side alone.
struct Told<'k> {
    side: usize,
    mark: Mark,
    voice: &'k Voice,
    clock: Option<Minutes>,
}

fn of_side<'k>(key: &'k Voices, side: usize, group: &Group, day: Day) -> Vec<Told<'k>> {
    let told = |mark: &Mark| {
        let voice = key.voice(mark.voice)?;
        Some(Told { side, mark: *mark, voice, clock: voice.clock_on(day) })
    };
    group.own_marks().filter_map(told).collect()
}

/// Whether one value can have ended on the day where the other began, by their edges.
fn hand_over(first: &[&Told<'_>], second: &[&Told<'_>], day: Day) -> bool {
    let on_day = |side: Option<Side>| side.filter(|side| side.is_exactly(day));
    let at_edges = first.iter().all(|told| told.voice.is_day_claim() || on_day(told.voice.end()).is_some())
        && second.iter().all(|told| told.voice.is_day_claim() || on_day(told.voice.start()).is_some());
    let is_change = |side: Option<Side>| on_day(side).is_some_and(|side| side.kind == BoundKind::Transition);
    at_edges
        && (first.iter().any(|told| is_change(told.voice.end()))
            || second.iter().any(|told| is_change(told.voice.start())))
}

/// Whether every claim of the first came before every one of the second.
fn all_before(order: &DayOrder<'_>, first: &[&Told<'_>], second: &[&Told<'_>]) -> bool {
    let is_placed = |told: &&Told<'_>| order.is_placed(told.voice, told.clock);
    first.iter().all(is_placed)
        && second.iter().all(is_placed)
        && first.iter().all(|a| second.iter().all(|b| order.is_before((a.voice, a.clock), (b.voice, b.clock))))
}

/// The order of more than two values, or of one that comes back: any two claims of different values are ordered.
fn in_order(key: &Voices, groups: &[Group], told: &[Told<'_>], day: Day) -> Option<Vec<Group>> {
    let order = DayOrder::new(key, day, told.iter().map(|told| told.voice));
    let mut has_side = vec![false; groups.len()];
    for told in told {
        if !order.is_placed(told.voice, told.clock) {
            return None;
        }
        *has_side.get_mut(told.side)? = true;
    }
    if has_side.contains(&false) {
        return None;
    }
    let placed: Vec<Placed<'_>> = told.iter().map(|told| (told.voice, told.clock)).collect();
    let table = (placed.len() <= CARRIED_THROUGH_MAX).then(|| order.carried_through(&placed));
    let is_before = |a: usize, b: usize| match &table {
        Some(table) => table.get(a).and_then(|row| row.get(b)) == Some(&true),
        None => placed.get(a).zip(placed.get(b)).is_some_and(|(a, b)| order.is_before(*a, *b)),
    };
    // How many claims of other values come before each: who has none left comes next.
    let mut before: Vec<usize> = vec![0; told.len()];
    for (place, a) in told.iter().enumerate() {
        for (other, _) in told.iter().enumerate().skip(place + 1).filter(|(_, b)| b.side != a.side) {
            let later = if is_before(place, other) {
                other
            } else if is_before(other, place) {
                place
            } else {
                return None;
            };
            *before.get_mut(later)? += 1;
        }
    }
    let mut blocks: Vec<(usize, Vec<Mark>)> = Vec::new();
    let mut is_told = vec![false; told.len()];
    let mut left = told.len();
    while left > 0 {
        let next: Vec<usize> = (0..told.len())
            .filter(|place| is_told.get(*place) == Some(&false) && before.get(*place) == Some(&0))
            .collect();
        let side = told.get(*next.first()?)?.side;
        for place in &next {
            let own = told.get(*place)?;
            *is_told.get_mut(*place)? = true;
            left -= 1;
            match blocks.last_mut().filter(|(last, _)| *last == side) {
                Some((_, marks)) => marks.push(own.mark),
                None => blocks.push((side, vec![own.mark])),
            }
            for (other, _) in told.iter().enumerate().filter(|(_, b)| b.side != own.side) {
                if is_before(*place, other) {
                    *before.get_mut(other)? -= 1;
                }
            }
        }
    }
    let mut blocks_of_side: HashMap<usize, usize> = HashMap::default();
    for (side, _) in &blocks {
        *blocks_of_side.entry(*side).or_default() += 1;
    }
    let group = |(side, marks): (usize, Vec<Mark>)| {
        let whole = groups.get(side)?;
        if blocks_of_side.get(&side) == Some(&1) {
            Some(whole.clone())
        } else {
            Table::groups(key, marks.into_iter()).pop()
        }
    };
    blocks.into_iter().map(group).collect()
}
