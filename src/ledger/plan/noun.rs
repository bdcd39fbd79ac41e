//! What an event of a kind is called.

use crate::event::EventKind;

/// What an event of a kind is called.
pub(super) fn noun(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Genesis => "the ledger's beginning",
        EventKind::ActorRegistered => "an actor",
        EventKind::AttributeDefined => "an attribute",
        EventKind::EntityRegistered => "an entity",
        EventKind::EntityAliased => "an alias",
        EventKind::EntitiesJudged => "a judgement",
        EventKind::SourceRegistered => "a source",
        EventKind::SourceRated => "a source's grade",
        EventKind::SourceLinked => "a link",
        EventKind::EvidenceAdded => "a captured copy",
        EventKind::ClaimAsserted | EventKind::PeriodsAsserted => "a claim",
        EventKind::Disputed => "a dispute",
        EventKind::Corrected => "a correction",
        EventKind::Retracted => "a retraction",
        EventKind::Assessed => "an assessment",
        EventKind::Approved => "an approval",
        EventKind::Noted => "a note",
        EventKind::KeyAuthorised | EventKind::KeyRevoked => "a key of an actor",
        EventKind::PayloadErased => "an erasure",
        EventKind::ReferenceAdded => "a reference",
        EventKind::SettingChanged => "a setting",
        EventKind::Returned => "a return",
        EventKind::LedgerRegistered => "another ledger",
    }
}
