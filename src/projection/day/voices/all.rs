//! All that the live claims of a key say, and how their values lie to each other.

use super::beside::Beside;
use super::ends::{Class, Reach};
use super::voice::{ValueId, Voice};
use crate::date::Window;
use crate::seq::Seq;
use crate::value::Value;

/// A value of the key, and its complement.
#[derive(Clone, Debug)]
pub(crate) struct ValueEntry {
    pub(crate) value: Value<Seq>,
    pub(crate) complement: Option<ValueId>,
    pub(crate) reach: Option<Reach>,
    /// Whether a live claim spells it, and not only the attribute's declaration.
    pub(crate) is_claimed: bool,
    /// Whether claims of more than one root affirm it.
    pub(crate) has_several_roots: bool,
}

/// The days on which a closed list says that its value does not hold.
#[derive(Clone, Debug)]
pub(crate) struct ListDenial {
    pub(crate) voice: usize,
    pub(crate) days: Vec<Window>,
}

/// What the live claims of a key say: of all its values, or of one of a multi-valued attribute.
#[expect(clippy::struct_field_names, reason = "they are the voices")]
#[derive(Clone, Debug, Default)]
pub(crate) struct Voices {
    /// No two are equal.
    pub(crate) values: Vec<ValueEntry>,
    pub(crate) classes: Vec<Class>,
    pub(crate) voices: Vec<Voice>,
    pub(crate) denials: Vec<ListDenial>,
    /// What holds by voices that are not among these.
    pub(crate) beside: Beside,
    pub(crate) stale_after_days: Option<i64>,
    /// Whether the attribute's value cannot change.
    pub(crate) is_fixed: bool,
    /// Whether values are compared by equality alone.
    pub(crate) is_multi: bool,
}

impl Voices {
    pub(crate) fn value(&self, id: ValueId) -> Option<&ValueEntry> {
        self.values.get(id)
    }

    pub(crate) fn reach(&self, id: ValueId) -> Option<Reach> {
        self.value(id)?.reach
    }

    pub(crate) fn is_some(&self, id: ValueId) -> bool {
        self.value(id).is_some_and(|entry| entry.value == Value::Some)
    }

    pub(crate) fn is_none(&self, id: ValueId) -> bool {
        self.value(id).is_some_and(|entry| entry.value == Value::None)
    }

    /// Whether two values agree: equal, or with a common part; `SomeValue` with all but `NoValue`.
    pub(crate) fn agree(&self, a: ValueId, b: ValueId) -> bool {
        if a == b {
            return true;
        }
        if self.is_multi {
            return false;
        }
        if self.is_some(a) || self.is_some(b) {
            return !self.is_none(a) && !self.is_none(b);
        }
        self.reach(a).zip(self.reach(b)).is_some_and(|(a, b)| a.overlaps(&b))
    }

    /// Whether what is said against `other` speaks against `value`: it is equal to it, or lies within it.
    pub(crate) fn lies_within(&self, value: ValueId, other: ValueId) -> bool {
        value == other
            || !self.is_multi
                && (self.is_some(other) && !self.is_none(value)
                    || self.reach(value).zip(self.reach(other)).is_some_and(|(a, b)| a.lies_within(&b)))
    }

    pub(crate) fn complement(&self, value: ValueId) -> Option<ValueId> {
        self.value(value)?.complement
    }

    pub(crate) fn voice(&self, place: usize) -> Option<&Voice> {
        self.voices.get(place)
    }
}
