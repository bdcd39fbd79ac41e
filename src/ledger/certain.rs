//! Days on which one origin says two different things for certain: usually a correction that was not entered
//! as one.

use std::collections::HashMap;

use crate::catalogue::Catalogue;
use crate::claim::{Claim, EdgeKind, Polarity, Valid};
use crate::date::{Bound, Day};
use crate::event::Cardinality;
use crate::seq::Seq;
use crate::value::{Identity, Value, agree};

/// What stands at the first or last of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayEdge {
    /// Nothing is dated exactly there.
    Open,
    /// A date, without a change.
    Dated,
    /// A change.
    Change,
}

/// Days of which a claim says something for certain.
#[derive(Clone, Debug)]
pub(super) struct Certain {
    pub(super) claim: Seq,
    subject: Seq,
    attribute: Seq,
    root: Seq,
    from: Day,
    until: Day,
    first_edge: DayEdge,
    last_edge: DayEdge,
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
        let edge_of = |at: &Bound, kind: EdgeKind| match (exact(at), kind) {
            (None, _) => DayEdge::Open,
            (Some(_), EdgeKind::Observed) => DayEdge::Dated,
            (Some(_), EdgeKind::Transition) => DayEdge::Change,
        };
        let one = |at: &Bound, first: DayEdge, last: DayEdge, is_timed: bool| {
            exact(at).map(|day| (day, day, first, last, is_timed)).into_iter().collect()
        };
        let spans: Vec<(Day, Day, DayEdge, DayEdge, bool)> = match &statement.valid {
            Valid::On(moment) | Valid::AsOf(moment) => {
                one(&moment.at, DayEdge::Dated, DayEdge::Dated, moment.clock.is_some())
            }
            Valid::Period { from: Some(from), until: Some(until) } => sure(&from.at)
                .zip(sure(&until.at))
                .map(|(s, e)| {
                    let (first, last) = (edge_of(&from.at, from.kind), edge_of(&until.at, until.kind));
                    (s.latest, e.earliest, first, last, from.clock.is_some())
                })
                .into_iter()
                .collect(),
            Valid::Period { from: Some(from), until: None } => {
                one(&from.at, edge_of(&from.at, from.kind), DayEdge::Open, from.clock.is_some())
            }
            Valid::Period { from: None, until: Some(until) } => {
                one(&until.at, DayEdge::Open, edge_of(&until.at, until.kind), until.clock.is_some())
            }
            Valid::Listed(list) => list
                .iter()
                .filter_map(|span| {
                    let edge = |at| edge_of(at, EdgeKind::Transition);
                    Some((
                        sure(&span.from)?.latest,
                        sure(&span.until)?.earliest,
                        edge(&span.from),
                        edge(&span.until),
                        false,
                    ))
                })
                .collect(),
            Valid::Timeless => vec![(Day::MIN, Day::MAX, DayEdge::Open, DayEdge::Open, false)],
            Valid::Period { from: None, until: None } | Valid::Undated => Vec::new(),
        };
        let spans = spans.into_iter().filter(|(from, until, ..)| from <= until);
        let of_span = |(from, until, first_edge, last_edge, is_timed)| Certain {
            claim: seq,
            subject: statement.subject,
            attribute: statement.attribute,
            root: origin.who,
            from,
            until,
            first_edge,
            last_edge,
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
        let hands_over = |a: &Certain, b: &Certain| {
            let edges = [a.last_edge, b.first_edge];
            a.until == b.from && !edges.contains(&DayEdge::Open) && edges.contains(&DayEdge::Change)
        };
        !(hands_over(self, other) || hands_over(other, self) || self.is_timed && other.is_timed)
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
