//! What is told beside every recording, on standard error.

use annals::ledger::{FirstUse, Staged};

use crate::screen::say;

/// Says that the actor writes here for the first time.
pub(super) fn tell_new_actor(name: Option<&str>) {
    if let Some(name) = name {
        say(&format!("note: actor {name:?} is new here"));
    }
}

/// Says which keys were used for the first time, and what is odd.
pub(super) fn tell_staged(all: &[Staged]) {
    for staged in all {
        for FirstUse { what, key, assumed } in &staged.registered {
            let assumed = assumed.as_deref().map(|assumed| format!(": {assumed}")).unwrap_or_default();
            say(&format!("note: {what} {key:?} {}{assumed}", taken_text(what, "registered")));
        }
        for warning in &staged.warnings {
            say(&format!("warning: {warning}"));
        }
    }
}

/// A key is registered; a unit is fixed.
pub(super) fn taken_text(what: &str, registered: &'static str) -> &'static str {
    if what == "unit" { "fixed" } else { registered }
}
