//! Days on which one origin says two different things for certain: usually a correction that was not entered
//! as one.

use std::collections::HashMap;

use crate::catalogue::Catalogue;
use crate::claim::{Claim, EdgeKind, Polarity, Valid};
use crate::date::{Bound, Day};
use crate::event::Cardinality;
use crate::seq::Seq;
use crate::value::{Identity, Value, agree};

/// Days of which a claim says something for certain.
#[derive(Clone, Debug)]
pub(super) struct Certain {
    pub(super) claim: Seq,
    subject: Seq,
    attribute: Seq,
    root: Seq,
    from: Day,
    until: Day,
    /// Whether it changes, or is only dated, on the first and on the last of these days.
    may_start: bool,
    may_end: bool,
    is_timed: bool,
    value: Value<Seq>,
}

impl Certain {
    /// The certain days of an affirmed claim of a single-valued attribute by somebody.
    pub(super) fn of_claim(seq: Seq, claim: &Claim, catalogue: &Catalogue) -> Vec<Certain> {
        let statement = &claim.statement;
        let is_single = catalogue.attribute(statement.attribute).is_none_or(|a| a.cardinality == Cardinality::Single);
        let Some(origin) = claim.chain.first().filter(|_| is_single && statement.polarity == Polarity::Affirm) else {
            return Vec::new();
        };
        let sure = |bound: &Bound| bound.window().filter(|_| !bound.is_uncertain());
        let exact = |bound: &Bound| sure(bound).filter(|window| window.is_exact()).map(|window| window.earliest);
        let is_change = |kind: EdgeKind| kind == EdgeKind::Transition;
        let spans: Vec<(Day, Day, bool, bool, bool)> = match &statement.valid {
            Valid::On(moment) | Valid::AsOf(moment) => {
                exact(&moment.at).map(|day| (day, day, true, true, moment.clock.is_some())).into_iter().collect()
            }
            Valid::Period { from: Some(from), until: Some(until) } => sure(&from.at)
                .zip(sure(&until.at))
                .map(|(s, e)| (s.latest, e.earliest, is_change(from.kind), is_change(until.kind), from.clock.is_some()))
                .into_iter()
                .collect(),
            Valid::Period { from: Some(edge), until: None } => exact(&edge.at)
                .map(|day| (day, day, is_change(edge.kind), false, edge.clock.is_some()))
                .into_iter()
                .collect(),
            Valid::Period { from: None, until: Some(edge) } => exact(&edge.at)
                .map(|day| (day, day, false, is_change(edge.kind), edge.clock.is_some()))
                .into_iter()
                .collect(),
            Valid::Listed(list) => list
                .iter()
                .filter_map(|span| Some((sure(&span.from)?.latest, sure(&span.until)?.earliest, true, true, false)))
                .collect(),
            Valid::Timeless => vec![(Day::MIN, Day::MAX, false, false, false)],
            Valid::Period { from: None, until: None } | Valid::Undated => Vec::new(),
        };
        let spans = spans.into_iter().filter(|(from, until, ..)| from <= until);
        let of_span = |(from, until, may_start, may_end, is_timed)| Certain {
            claim: seq,
            subject: statement.subject,
            attribute: statement.attribute,
            root: origin.who,
            from,
            until,
            may_start,
            may_end,
            is_timed,
            value: statement.value.clone(),
        };
        spans.map(of_span).collect()
    }

    /// Whether two claims of one key and origin say different things of one day, on which neither hands over
    /// to the other.
    pub(super) fn contradicts(&self, other: &Certain, catalogue: &Catalogue) -> bool {
        if self.claim == other.claim || self.from > other.until || other.from > self.until {
            return false;
        }
        let value_type = catalogue.attribute(self.attribute).map(|attribute| attribute.value_type);
        let value_type = value_type.unwrap_or(crate::value::ValueType::Text);
        let identity = |value| Identity::of(value, value_type);
        if agree((&identity(&self.value), &self.value), (&identity(&other.value), &other.value)) {
            return false;
        }
        let hands_over = |a: &Certain, b: &Certain| a.until == b.from && (a.may_end || b.may_start);
        !hands_over(self, other) && !hands_over(other, self) && !(self.is_timed && other.is_timed)
    }

    fn key(&self) -> (Seq, Seq, Seq) {
        (self.subject, self.attribute, self.root)
    }
}

/// Pairs of claims, the second recorded at or after `first_new`, that contradict each other; at most `max`.
pub(super) fn contradictions(
    all: &[Certain],
    first_new: Seq,
    catalogue: &Catalogue,
    is_live: impl Fn(Seq) -> bool,
    max: usize,
) -> Vec<(Seq, Seq)> {
    let mut groups: HashMap<(Seq, Seq, Seq), Vec<&Certain>> = HashMap::new();
    for certain in all.iter().filter(|certain| certain.claim >= first_new) {
        groups.entry(certain.key()).or_default().push(certain);
    }
    for certain in all.iter().filter(|certain| certain.claim < first_new) {
        if let Some(group) = groups.get_mut(&certain.key()) {
            group.push(certain);
        }
    }
    let mut found = Vec::new();
    for mut group in groups.into_values() {
        group.sort_by_key(|certain| (certain.from, certain.claim));
        let mut open: Vec<&Certain> = Vec::new();
        for certain in group {
            open.retain(|other| other.until >= certain.from);
            for other in &open {
                let is_new = certain.claim >= first_new || other.claim >= first_new;
                if is_new && certain.contradicts(other, catalogue) && is_live(certain.claim) && is_live(other.claim) {
                    found.push((certain.claim.min(other.claim), certain.claim.max(other.claim)));
                }
            }
            if found.len() >= max {
                break;
            }
            // A day claimed by many is compared with a few of them: one contradiction is enough to warn of.
            if open.len() < 64 {
                open.push(certain);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(max);
    found
}
