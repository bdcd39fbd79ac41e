//! Which attributes have claims, and which words verdicts have: a few, whatever the number of events.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Event;
use crate::seq::Seq;
use crate::value::Value;
use crate::view::cells::{Cells, PutCells};

/// What was used by the events of some runs.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Attributes that have claims, and the first of them that is counted in a unit.
    attributes: BTreeMap<Seq, Option<Seq>>,
    ratings: BTreeSet<Box<str>>,
}

impl Uses {
    /// Takes in the next event.
    pub fn take(&mut self, seq: Seq, event: &Event) {
        match event {
            Event::ClaimAsserted(claim) => {
                let counted = self.attributes.entry(claim.statement.attribute).or_default();
                if counted.is_none() && unit_of(event).is_some() {
                    *counted = Some(seq);
                }
            }
            Event::Assessed(given) if !self.ratings.contains(&given.rating) => {
                self.ratings.insert(given.rating.clone());
            }
            _ => {}
        }
    }

    /// Whether an attribute has claims.
    #[must_use]
    pub fn has_claims(&self, attribute: Seq) -> bool {
        self.attributes.contains_key(&attribute)
    }

    /// The first claim of an attribute that is counted in a unit.
    #[must_use]
    pub fn counted(&self, attribute: Seq) -> Option<Seq> {
        *self.attributes.get(&attribute)?
    }

    /// The words of all verdicts.
    #[must_use]
    pub fn ratings(&self) -> &BTreeSet<Box<str>> {
        &self.ratings
    }

    pub(in crate::view) fn put(&self, out: &mut Vec<u8>) {
        out.put_u64(self.attributes.len() as u64);
        for (attribute, counted) in &self.attributes {
            out.put_u64(attribute.0);
            out.put_u64(counted.map_or(0, |seq| seq.0));
        }
        self.ratings.iter().for_each(|rating| out.put_text(rating));
    }

    /// Adds what later events used, as it was [put](Uses::put); `None`: it is damaged.
    pub(in crate::view) fn add(&mut self, bytes: &[u8]) -> Option<()> {
        let mut cells = Cells::new(bytes);
        for _ in 0..cells.u64()? {
            let (attribute, counted) = (Seq(cells.u64()?), Some(Seq(cells.u64()?)));
            let known = self.attributes.entry(attribute).or_default();
            *known = known.or(counted.filter(|seq| seq.0 != 0));
        }
        while !cells.is_empty() {
            self.ratings.insert(cells.text()?.into());
        }
        Some(())
    }
}

/// The unit in which a claim is counted.
#[must_use]
pub fn unit_of(event: &Event) -> Option<&str> {
    let Event::ClaimAsserted(claim) = event else { return None };
    if let Value::Quantity(quantity) = &claim.statement.value { quantity.unit() } else { None }
}
