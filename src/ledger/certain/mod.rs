//! Days on which one origin says two different things for certain: usually a correction that was not entered
//! as one.

mod days;

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::catalogue::Catalogue;
use crate::claim::{Claim, Polarity, Valid};
use crate::event::Cardinality;
use crate::seq::Seq;
use crate::value::{Identity, Value, ValueType, agree};
use days::Days;

/// Subject, attribute and origin: who is to contradict themselves.
type Key = (Seq, Seq, Seq);

/// Days of which a claim says something for certain.
#[derive(Clone, Debug)]
struct Certain {
    claim: Seq,
    days: Days,
    value: Value<Seq>,
}

impl Certain {
    /// Whether two claims of one key say different things of one day, on which neither hands over to the other.
    fn contradicts(&self, other: &Certain, value_type: ValueType) -> bool {
        let (days, others) = (&self.days, &other.days);
        let is_apart = days.from > others.until || others.from > days.until;
        let hands_over = || days.hands_over_to(others) || others.hands_over_to(days);
        let identity = |certain: &Certain| Identity::of(&certain.value, value_type);
        let agrees = || agree((&identity(self), &self.value), (&identity(other), &other.value));
        self.claim != other.claim && !is_apart && !(days.is_timed && others.is_timed) && !hands_over() && !agrees()
    }
}

/// All certain days of a ledger.
#[derive(Debug, Default)]
pub(super) struct AllCertain {
    by_key: HashMap<Key, Vec<Certain>>,
    /// Claims with their keys, in the order of their events.
    order: Vec<(Seq, Key)>,
}

/// A day claimed by many is compared with so many of them: one contradiction is enough to tell.
const COMPARED_MAX: usize = 64;

impl AllCertain {
    /// Adds the certain days of an affirmed claim of a single-valued attribute by somebody.
    pub(super) fn add(&mut self, claim: Seq, of: &Claim, catalogue: &Catalogue) {
        let statement = &of.statement;
        let attribute = catalogue.attribute_as_of(statement.attribute, claim);
        let is_single = attribute.is_none_or(|attribute| attribute.cardinality == Cardinality::Single);
        let Some(origin) = of.chain.first().filter(|_| is_single && statement.polarity == Polarity::Affirm) else {
            return;
        };
        let all = match &statement.valid {
            Valid::Listed(spans) => spans.iter().filter_map(Days::of_span).collect(),
            valid => Vec::from_iter(Days::of_valid(valid)),
        };
        if all.is_empty() {
            return;
        }
        let key = (statement.subject, statement.attribute, origin.who);
        let certain = all.into_iter().map(|days| Certain { claim, days, value: statement.value.clone() });
        self.by_key.entry(key).or_default().extend(certain);
        self.order.push((claim, key));
    }

    /// The earliest pairs of claims, the second recorded at or after `first_new`, that contradict each other; at most `max`.
    pub(super) fn contradictions(
        &self,
        first_new: Seq,
        catalogue: &Catalogue,
        is_live: impl Fn(Seq) -> bool,
        max: usize,
    ) -> Vec<(Seq, Seq)> {
        let mut finding = Finding { first_new, is_live, max, found: BTreeSet::new() };
        let new = self.order.iter().rev().take_while(|(claim, _)| *claim >= first_new);
        let keys: BTreeSet<Key> = new.map(|(_, key)| *key).collect();
        for key in keys {
            let mut of_key: Vec<&Certain> = self.by_key.get(&key).into_iter().flatten().collect();
            of_key.sort_unstable_by_key(|certain| (certain.days.from, certain.claim));
            let value_type = catalogue.attribute(key.1).map_or(ValueType::Text, |attribute| attribute.value_type);
            finding.compare(&of_key, value_type);
        }
        finding.found.into_iter().collect()
    }
}

/// A search for contradictions.
struct Finding<L> {
    first_new: Seq,
    is_live: L,
    max: usize,
    /// The earliest so far.
    found: BTreeSet<(Seq, Seq)>,
}

impl<L: Fn(Seq) -> bool> Finding<L> {
    /// Compares those of one key, in the order of their days.
    fn compare(&mut self, of_key: &[&Certain], value_type: ValueType) {
        let mut open: Vec<&Certain> = Vec::new();
        for certain in of_key {
            open.retain(|other| other.days.until >= certain.days.from);
            for other in &open {
                let pair = (certain.claim.min(other.claim), certain.claim.max(other.claim));
                if pair.1 >= self.first_new
                    && certain.contradicts(other, value_type)
                    && (self.is_live)(pair.0)
                    && (self.is_live)(pair.1)
                {
                    self.found.insert(pair);
                    if self.found.len() > self.max {
                        self.found.pop_last();
                    }
                }
            }
            if open.len() < COMPARED_MAX {
                open.push(certain);
            }
        }
    }
}
