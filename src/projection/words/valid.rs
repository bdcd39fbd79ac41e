//! A valid time in words.

use super::reason::{Reason, ReasonPart};
use crate::catalogue::Catalogue;
use crate::claim::{Edge, EdgeKind, Span, Valid};
use crate::date::ClockWindow;

/// A valid time in words: `from 2024-11-23 19:00..24:00 until 2024-11-25 (observed)`.
#[must_use]
pub fn valid_text(valid: &Valid) -> String {
    // A time names nothing.
    valid_parts(valid).text(&Catalogue::default())
}

/// A valid time as parts of a reason.
pub(super) fn valid_parts(valid: &Valid) -> Reason {
    let mut told = Reason::default();
    match valid {
        Valid::On(moment) => dated(&mut told, "on ", &moment.at, moment.clock.as_ref()),
        Valid::AsOf(moment) => dated(&mut told, "as of ", &moment.at, moment.clock.as_ref()),
        Valid::Period { from, until } => {
            for (words, edge) in [("from ", from), ("until ", until)] {
                let Some(Edge { at, clock, kind, .. }) = edge else { continue };
                if !told.is_empty() {
                    told.words(" ");
                }
                dated(&mut told, words, at, clock.as_ref());
                if *kind == EdgeKind::Observed {
                    told.words(" (observed)");
                }
            }
        }
        Valid::Listed(spans) => {
            for (place, Span { from, until }) in spans.iter().enumerate() {
                told.words(if place == 0 { "in all: " } else { ", " });
                told.push(ReasonPart::Date(format!("{from}/{until}").into()));
            }
        }
        Valid::Undated => told.words("undated"),
        Valid::Timeless => told.words("always"),
    }
    told
}

fn dated(told: &mut Reason, words: &'static str, at: &impl std::fmt::Display, clock: Option<&ClockWindow>) {
    told.words(words);
    let clock = clock.map_or_else(String::new, |clock| format!(" {clock}"));
    told.push(ReasonPart::Date(format!("{at}{clock}").into()));
}
