//! Which kinds may stand where, and what is left out because it only follows from something else.

use std::collections::HashSet;

use super::{Finding, KIND_MAX};
use crate::event::LATER_KINDS;
use crate::log::{Code, Place};

/// The kind of event 1, and of no other.
const GENESIS: u16 = 1;

/// Leaves out what only follows from something else that was found at the same place.
pub(super) fn leave_out(findings: &mut Vec<Finding>) {
    let at = |wanted: fn(Code) -> bool| -> HashSet<Place> {
        findings.iter().filter(|finding| wanted(finding.code)).map(Finding::place).collect()
    };
    // A changed envelope may only seem to be of an event about keys.
    let changed = at(|code| code == Code::Envelope);
    // What a changed seal carries as signatures is not known to be what was written.
    let seals = at(Code::is_of_seal);
    findings.retain(|finding| match finding.code {
        Code::KeyErased | Code::KeyTwice | Code::SettingErased => !changed.contains(&finding.place()),
        Code::SealSignature | Code::SealRole => !seals.contains(&finding.place()),
        _ => true,
    });
}

/// What is wrong with an event of this number having this kind.
pub(super) fn kind_rule(seq: u64, kind: u16) -> Option<(Code, &'static str)> {
    match (seq == 1, kind == GENESIS) {
        (true, false) => Some((Code::Genesis, "kind 1 for event 1")),
        (false, true) => Some((Code::Genesis, "kind 1 for event 1 only")),
        _ if (1..=KIND_MAX).contains(&kind) || kind >= LATER_KINDS => None,
        _ => Some((Code::Kind, "a known kind, or one from 0x8000 on")),
    }
}
