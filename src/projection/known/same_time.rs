//! Whether what was said of a claim carries over to the one that replaced it, by their times.

use crate::claim::{Edge, Span, Valid};
use crate::date::Bound;

/// Whether two times have the same bounds of the same kinds, whatever their clocks.
pub(super) fn is_same_time(a: &Valid, b: &Valid) -> bool {
    match (a, b) {
        (Valid::On(a), Valid::On(b)) | (Valid::AsOf(a), Valid::AsOf(b)) => is_same_place(&a.at, &b.at),
        (Valid::Period { from, until }, Valid::Period { from: other_from, until: other_until }) => {
            is_same_edge(from.as_ref(), other_from.as_ref()) && is_same_edge(until.as_ref(), other_until.as_ref())
        }
        (Valid::Listed(a), Valid::Listed(b)) => {
            let is_same = |(a, b): (&Span, &Span)| is_same_place(&a.from, &b.from) && is_same_place(&a.until, &b.until);
            a.len() == b.len() && a.iter().zip(b).all(is_same)
        }
        (Valid::Undated, Valid::Undated) | (Valid::Timeless, Valid::Timeless) => true,
        _ => false,
    }
}

fn is_same_edge(a: Option<&Edge>, b: Option<&Edge>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.kind == b.kind && is_same_place(&a.at, &b.at),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Whether two bounds mean the same days and are doubted alike; of what has no place among the days, whether the texts are one.
fn is_same_place(a: &Bound, b: &Bound) -> bool {
    match (a.window(), b.window()) {
        (Some(own), Some(other)) => own == other && a.is_uncertain() == b.is_uncertain(),
        (own, other) => own.is_none() && other.is_none() && a.text() == b.text(),
    }
}
