//! Where the ends of quantities and dates lie among all ends of their class in the key.

use crate::value::Point;

/// From where to where a quantity or a date counts, by the places of the ends among all ends of its class in the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Place of its unit, or of dates, among the key's classes.
    pub(crate) class: usize,
    /// The ends as stated.
    pub(crate) stated: (usize, usize),
    /// The ends with which it is compared: a tenth wider where it is approximate.
    pub(crate) wide: (usize, usize),
}

impl Reach {
    pub(crate) fn overlaps(&self, other: &Reach) -> bool {
        self.class == other.class && self.wide.0 <= other.wide.1 && other.wide.0 <= self.wide.1
    }

    /// Whether its stated ends lie within the other's.
    pub(crate) fn lies_within(&self, other: &Reach) -> bool {
        self.class == other.class && other.wide.0 <= self.stated.0 && self.stated.1 <= other.wide.1
    }
}

/// Dates, or the quantities of one unit, of a key: all ends in their order.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) ends: Vec<Point>,
    /// Whether one of its values is approximate.
    pub(crate) has_approx: bool,
}
