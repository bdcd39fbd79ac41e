//! What is odd about a proposal: warned of, or refused where a person types it.

use super::resolve::{Plan, Route};
use crate::claim::{Claim, NamedClaim, Problem, Valid};
use crate::event::{Act, Assessment, Cardinality};
use crate::ledger::read::nearest::nearest;
use crate::projection::value_text;
use crate::seq::Seq;
use crate::value::{Identity, Value};

impl Plan<'_> {
    /// Oddities of a claim's dates. What another ledger took is taken.
    pub(super) fn check_dates(&mut self, claim: &NamedClaim) -> Result<(), Problem> {
        if !matches!(self.from, Route::Hand) {
            return Ok(());
        }
        let is_mark = |byte: u8| matches!(byte, b'?' | b'~' | b'%');
        let has_qualified_part = |text: &str| {
            let marks_before = |last| text.as_bytes().iter().take(last).any(|byte| is_mark(*byte));
            text.len() > 4 && text.bytes().rposition(|byte| !is_mark(byte)).is_some_and(marks_before)
        };
        let is_inferred = bounds(&claim.valid).any(has_qualified_part);
        if is_inferred && claim.reference.dating_note.is_none() {
            if !self.policy.is_anyway {
                return Err(Problem::new("dating_note", "is missing: the date marks a part of itself as inferred")
                    .with_hint("say in dating_note (--dating-note) how the date was arrived at"));
            }
            self.warnings.push("a part of the date is inferred, and no dating_note says how".to_owned());
        }
        if claim.is_said_before_it_was_so() {
            self.warnings.push("said before the day it speaks of; fine for a plan".to_owned());
        }
        Ok(())
    }

    /// Where an attribute has two values of which not the one is the other, there is no third.
    pub(super) fn check_pair(&mut self, claim: &Claim) -> Result<(), Problem> {
        let (statement, register) = (&claim.statement, self.register);
        let Some(defined) = register.catalogue.attribute(statement.attribute) else { return Ok(()) };
        let Some((one, other)) = defined.complement.pair() else { return Ok(()) };
        let identity = |value: &Value<Seq>| Identity::of(value, defined.value_type);
        let is_of_pair = || [one, other].iter().any(|side| identity(side) == identity(&statement.value));
        if matches!(statement.value, Value::Some | Value::None)
            || defined.cardinality == Cardinality::Multi
            || !matches!(self.from, Route::Hand)
            || is_of_pair()
        {
            return Ok(());
        }
        let text = |value| value_text(&register.catalogue, value).into_owned();
        let (one, other, given) = (text(one), text(other), text(&statement.value));
        let told = format!("{given:?} is neither {one} nor {other}, of which not the one is the other");
        if self.policy.is_anyway {
            self.warnings.push(format!("value: {told}"));
            return Ok(());
        }
        let near = nearest(&given.to_lowercase(), [one.as_str(), other.as_str()].into_iter()).map(str::to_owned);
        let problem = Problem::new("value", told);
        Err(match near {
            Some(near) => problem.with_hint(format!("did you mean {near:?}? If not, add --anyway")),
            None => problem.with_hint("to record a third value, add --anyway"),
        })
    }

    /// A new key that looks like one that is there is hardly ever meant; to the eye the two are one.
    pub(super) fn warn_of_lookalike(&mut self, what: &'static str, key: &str) -> bool {
        let Some(known) = self.register.lookalike(what, key) else { return false };
        if known.to_lowercase() == key.to_lowercase() {
            let mend = match what {
                "entity" => format!("`annals entity {key} --same-as {known}` makes them one"),
                "source" => format!("`annals source {key} --link-to {known} --link same-as` makes them one"),
                _ => "`annals correct` mends a claim".to_owned(),
            };
            self.warnings.push(format!(
                "{what} {key:?} is new and differs from {known:?} in capitals only: they are two keys; {mend}"
            ));
            return true;
        }
        let unlike = |a: &str, b: &str| {
            let places = a.chars().filter(|c| !b.contains(*c)).map(|c| format!("U+{:04X}", u32::from(c)));
            places.take(4).collect::<Vec<_>>().join(" ")
        };
        let told = format!(
            "{what} {key:?} is new and looks like {known:?} (the new one has {}, the known one {})",
            or_other_order(unlike(key, known)),
            or_other_order(unlike(known, key))
        );
        self.warnings.push(told);
        true
    }

    /// Only `true` and `false` change answers. What is nearly one of them, or another word for it, is asked about; a word of the
    /// desk's own is told to be one.
    pub(super) fn check_rating(&mut self, given: &Assessment) -> Result<(), Problem> {
        if !matches!(self.from, Route::Hand) || given.verdict().is_some() {
            return Ok(());
        }
        let rating = &*given.rating;
        let words = self.register.ratings();
        let is_known = words.contains(rating);
        let other_word = OTHER_WORDS.iter().find(|(words, _)| words.contains(&rating)).map(|(_, meant)| *meant);
        let near = || nearest(rating, ["true", "false"].into_iter().chain(words.iter().copied()));
        let meant = if is_known { None } else { other_word.or_else(near) };
        match meant {
            Some(meant) if !self.policy.is_anyway => {
                let problem = Problem::new(
                    "rating",
                    format!("{rating:?} is neither true nor false, and only these change answers"),
                );
                Err(problem.with_hint(format!(
                    "did you mean {meant:?}? (--label keeps a wording of your own.) If not, add --anyway"
                )))
            }
            _ => {
                if !is_known {
                    self.warnings.push(format!(
                        "rating: {rating:?} is a word of your own: it is shown, and only true and false change answers"
                    ));
                }
                Ok(())
            }
        }
    }

    /// An act upon what was taken back or replaced already is odd, but may be meant.
    pub(super) fn warn_of_target(&mut self, act: &Act) {
        if !matches!(self.from, Route::Hand) {
            return;
        }
        let target = act.target;
        if let Some(by) = self.register.retraction_of(target) {
            self.warnings.push(format!("{target} is retracted already, by {by}"));
        } else if let Some(by) = self.register.correction_of(target) {
            self.warnings.push(format!("{target} is corrected already, by {by}"));
        }
    }
}

/// What people write for true and false.
const OTHER_WORDS: &[(&[&str], &str)] = &[
    (&["yes", "correct", "right", "accurate", "verified", "confirmed"], "true"),
    (&["no", "incorrect", "wrong", "inaccurate", "untrue", "fake", "debunked"], "false"),
];

/// A problem of a field within another.
pub(super) fn inner(outer: &str, problem: Problem) -> Problem {
    Problem { field: format!("{outer}.{}", problem.field).into(), ..problem }
}

fn or_other_order(unlike: String) -> String {
    if unlike.is_empty() { "other characters or another order".to_owned() } else { unlike }
}

fn bounds(valid: &Valid) -> impl Iterator<Item = &str> {
    let (one, two, list) = match valid {
        Valid::On(moment) | Valid::AsOf(moment) => (Some(moment.at.text()), None, &[][..]),
        Valid::Period { from, until } => {
            (from.as_ref().map(|edge| edge.at.text()), until.as_ref().map(|edge| edge.at.text()), &[][..])
        }
        Valid::Listed(spans) => (None, None, spans.as_slice()),
        Valid::Undated | Valid::Timeless => (None, None, &[][..]),
    };
    one.into_iter().chain(two).chain(list.iter().flat_map(|span| [span.from.text(), span.until.text()]))
}
