//! The kinds of events and their numbers in the log, which stay for ever.

use super::Event;
use crate::claim::Valid;
use crate::source::words;

words! {
    /// What kind an event is.
    EventKind {
        /// The ledger began.
        Genesis = "genesis",
        /// Somebody who writes was named.
        ActorRegistered = "actor-registered",
        /// An attribute was defined.
        AttributeDefined = "attribute-defined",
        /// An entity was registered.
        EntityRegistered = "entity-registered",
        /// An entity got further names.
        EntityAliased = "entity-aliased",
        /// Entities were judged the same or different.
        EntitiesJudged = "entities-judged",
        /// A source was registered.
        SourceRegistered = "source-registered",
        /// A source was graded.
        SourceRated = "source-rated",
        /// A source was linked to another.
        SourceLinked = "source-linked",
        /// A captured copy was added.
        EvidenceAdded = "evidence-added",
        /// A claim was made.
        ClaimAsserted = "claim-asserted",
        /// A closed list of periods was given.
        PeriodsAsserted = "periods-asserted",
        /// A claim was disputed.
        Disputed = "disputed",
        /// A claim was replaced.
        Corrected = "corrected",
        /// An event was taken back.
        Retracted = "retracted",
        /// A verdict was given.
        Assessed = "assessed",
        /// An event was approved.
        Approved = "approved",
        /// Something was noted.
        Noted = "noted",
        /// A key was authorised.
        KeyAuthorised = "key-authorised",
        /// A key was revoked.
        KeyRevoked = "key-revoked",
        /// A payload was erased.
        PayloadErased = "payload-erased",
        /// A claim got one more reference.
        ReferenceAdded = "reference-added",
        /// A setting was changed.
        SettingChanged = "setting-changed",
        /// An event was not approved.
        Returned = "returned",
        /// Another ledger was named.
        LedgerRegistered = "ledger-registered",
    }
}

/// Kinds from this number on may come later without a new format: a reader that does not know one hashes it and counts it,
/// and it changes no answer. Any other number without a kind is damage.
pub const LATER_KINDS: u16 = 0x8000;

impl EventKind {
    /// Whether it is a claim, or a closed list, which is one too.
    #[must_use]
    pub fn is_claim(self) -> bool {
        matches!(self, EventKind::ClaimAsserted | EventKind::PeriodsAsserted)
    }

    /// Whether an event of this kind is a line of an export by itself.
    #[must_use]
    pub fn is_line(self) -> bool {
        use EventKind::{ActorRegistered, Genesis, KeyAuthorised, KeyRevoked, LedgerRegistered, PayloadErased};
        !matches!(self, Genesis | ActorRegistered | KeyAuthorised | KeyRevoked | PayloadErased | LedgerRegistered)
    }

    /// Whether its payload may be erased. The first event, and what is about keys, settings and erasures, must stay: without them it
    /// cannot be known what the others are worth.
    #[must_use]
    pub fn is_erasable(self) -> bool {
        use EventKind::{Genesis, KeyAuthorised, KeyRevoked, PayloadErased, SettingChanged};
        !matches!(self, Genesis | KeyAuthorised | KeyRevoked | SettingChanged | PayloadErased)
    }

    /// Whether a payload of this kind can say who entered the event first.
    #[must_use]
    pub fn has_first(self) -> bool {
        !matches!(
            self,
            EventKind::Genesis
                | EventKind::KeyAuthorised
                | EventKind::KeyRevoked
                | EventKind::SettingChanged
                | EventKind::PayloadErased
                | EventKind::LedgerRegistered
        )
    }

    /// Whether an event of this kind can be retracted.
    #[must_use]
    pub fn is_retractable(self) -> bool {
        !matches!(
            self,
            EventKind::Genesis
                | EventKind::ActorRegistered
                | EventKind::LedgerRegistered
                | EventKind::SettingChanged
                | EventKind::KeyAuthorised
                | EventKind::KeyRevoked
                | EventKind::PayloadErased
                | EventKind::Retracted
        )
    }

    /// Its number in an envelope: 1 to 25, in the order above.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16 + 1
    }

    /// The kind of a number.
    #[must_use]
    pub fn of_number(number: u16) -> Option<EventKind> {
        EventKind::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }
}

impl Event {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Event::Genesis(_) => EventKind::Genesis,
            Event::ActorRegistered { .. } => EventKind::ActorRegistered,
            Event::AttributeDefined(_) => EventKind::AttributeDefined,
            Event::EntityRegistered(_) => EventKind::EntityRegistered,
            Event::EntityAliased { .. } => EventKind::EntityAliased,
            Event::EntitiesJudged(_) => EventKind::EntitiesJudged,
            Event::SourceRegistered(_) => EventKind::SourceRegistered,
            Event::SourceRated(_) => EventKind::SourceRated,
            Event::SourceLinked { .. } => EventKind::SourceLinked,
            Event::EvidenceAdded(_) => EventKind::EvidenceAdded,
            Event::ClaimAsserted(claim) if matches!(claim.statement.valid, Valid::Listed(_)) => {
                EventKind::PeriodsAsserted
            }
            Event::ClaimAsserted(_) => EventKind::ClaimAsserted,
            Event::Disputed(_) => EventKind::Disputed,
            Event::Corrected { .. } => EventKind::Corrected,
            Event::Retracted(_) => EventKind::Retracted,
            Event::Assessed(_) => EventKind::Assessed,
            Event::Approved(_) => EventKind::Approved,
            Event::Noted(_) => EventKind::Noted,
            Event::KeyAuthorised { .. } => EventKind::KeyAuthorised,
            Event::KeyRevoked { .. } => EventKind::KeyRevoked,
            Event::PayloadErased { .. } => EventKind::PayloadErased,
            Event::ReferenceAdded(_) => EventKind::ReferenceAdded,
            Event::SettingChanged(_) => EventKind::SettingChanged,
            Event::Returned(_) => EventKind::Returned,
            Event::LedgerRegistered { .. } => EventKind::LedgerRegistered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_fixed_and_invertible() {
        assert_eq!(EventKind::Genesis.number(), 1);
        assert_eq!(EventKind::ClaimAsserted.number(), 11);
        assert_eq!(EventKind::PayloadErased.number(), 21);
        assert_eq!(EventKind::LedgerRegistered.number(), 25);
        for kind in EventKind::ALL {
            assert_eq!(EventKind::of_number(kind.number()), Some(*kind));
        }
        assert_eq!(EventKind::of_number(0), None);
        assert_eq!(EventKind::of_number(26), None);
        assert_eq!(EventKind::of_number(LATER_KINDS), None);
    }

    #[test]
    fn what_can_be_retracted_is_what_somebody_said() {
        let fixed: Vec<u16> =
            EventKind::ALL.iter().filter(|kind| !kind.is_retractable()).map(|kind| kind.number()).collect();
        assert_eq!(fixed, [1, 2, 15, 19, 20, 21, 23, 25]);
    }
}
