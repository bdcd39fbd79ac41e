//! Whether what was said of a claim carries over to the one that replaced it, by their times.

use crate::claim::{EdgeKind, Valid};
use crate::date::{Bound, Window};

/// Whether two times have the same bounds of the same kinds, whatever their clocks.
pub(super) fn is_same_time(a: &Valid, b: &Valid) -> bool {
    type Place<'b> = Result<(Window, bool), &'b str>;
    fn place(bound: &Bound) -> Place<'_> {
        bound.window().map(|window| (window, bound.is_uncertain())).ok_or(bound.text())
    }
    let edge = |edge: &Option<crate::claim::Edge>| -> Option<(EdgeKind, String)> {
        edge.as_ref().map(|edge| (edge.kind, format!("{:?}", place(&edge.at))))
    };
    match (a, b) {
        (Valid::On(a), Valid::On(b)) | (Valid::AsOf(a), Valid::AsOf(b)) => place(&a.at) == place(&b.at),
        (Valid::Period { from, until }, Valid::Period { from: other_from, until: other_until }) => {
            edge(from) == edge(other_from) && edge(until) == edge(other_until)
        }
        (Valid::Listed(a), Valid::Listed(b)) => {
            let places = |spans: &[crate::claim::Span]| -> Vec<String> {
                spans.iter().map(|span| format!("{:?} {:?}", place(&span.from), place(&span.until))).collect()
            };
            places(a) == places(b)
        }
        (Valid::Undated, Valid::Undated) | (Valid::Timeless, Valid::Timeless) => true,
        _ => false,
    }
}
