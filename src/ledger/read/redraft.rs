//! A recorded claim as a draft again, so that a correction needs to name only what changes.

use std::borrow::Cow;

use crate::claim::{AttributionDraft, Claim, ClaimDraft, Edge, EdgeKind, PeriodDraft, Valid};
use crate::date::{ClockWindow, Said};
use crate::exchange::Names;
use crate::seq::Seq;
use crate::value::{Typed, Value};

type Owned = Option<Cow<'static, str>>;

fn owned(text: Option<&str>) -> Owned {
    text.map(|text| Cow::Owned(text.to_owned()))
}

/// The draft that would record this claim, without its id.
#[must_use]
pub fn draft_of(claim: &Claim, names: &impl Names) -> ClaimDraft<'static> {
    let (statement, reference) = (&claim.statement, &claim.reference);
    let mut draft = ClaimDraft {
        subject: owned(Some(&names.entity(statement.subject))),
        attribute: owned(Some(&names.attribute(statement.attribute))),
        value: Some(Typed::Plain(value_by_key(&statement.value, names))),
        polarity: owned(Some(statement.polarity.word())),
        said_on: owned(reference.said_on.as_ref().map(Said::text)),
        quote: owned(reference.quote.as_deref()),
        evidence: reference.evidence.iter().map(|digest| Cow::Owned(digest.to_string())).collect(),
        url: owned(reference.url.as_deref()),
        lang: owned(reference.lang.as_deref()),
        dating_note: owned(reference.dating_note.as_deref()),
        note: owned(reference.note.as_deref()),
        is_private: claim.is_private,
        ..ClaimDraft::default()
    };
    draft.chain = claim
        .chain
        .iter()
        .map(|link| AttributionDraft {
            who: Cow::Owned(names.source(link.who).into_owned()),
            how: owned(Some(link.how.word())),
            on: owned(link.on.as_ref().map(Said::text)),
        })
        .collect();
    set_time(&mut draft, &statement.valid);
    draft
}

fn value_by_key(value: &Value<Seq>, names: &impl Names) -> Value<Box<str>> {
    let renamed = value.clone().try_rename(|entity| Ok::<_, std::convert::Infallible>(names.entity(entity).into()));
    match renamed {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

fn set_time(draft: &mut ClaimDraft<'static>, valid: &Valid) {
    let clock = |clock: Option<&ClockWindow>| owned(clock.map(ClockWindow::text));
    let kind = |edge: &Edge| (edge.kind == EdgeKind::Observed).then_some(Cow::Borrowed("observed"));
    match valid {
        Valid::On(moment) => {
            (draft.on, draft.clock) = (owned(Some(moment.at.text())), clock(moment.clock.as_ref()));
        }
        Valid::AsOf(moment) => {
            (draft.as_of, draft.clock) = (owned(Some(moment.at.text())), clock(moment.clock.as_ref()));
        }
        Valid::Period { from, until } => {
            draft.from = owned(from.as_ref().map(|edge| edge.at.text()));
            draft.until = owned(until.as_ref().map(|edge| edge.at.text()));
            draft.from_kind = from.as_ref().and_then(kind);
            draft.until_kind = until.as_ref().and_then(kind);
            draft.clock = clock(from.as_ref().or(until.as_ref()).and_then(|edge| edge.clock.as_ref()));
        }
        Valid::Listed(spans) => {
            let period = |span: &crate::claim::Span| PeriodDraft {
                from: Cow::Owned(span.from.text().to_owned()),
                until: Cow::Owned(span.until.text().to_owned()),
            };
            draft.periods = Some(spans.iter().map(period).collect());
        }
        Valid::Undated => draft.is_undated = true,
        Valid::Timeless => draft.is_timeless = true,
    }
}
