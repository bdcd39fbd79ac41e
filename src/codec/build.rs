//! From a payload's struct, whose rules have been checked, to the event.

mod registered;

use super::rules::{bound, clock, decimal, micros, said, word};
use super::{DecodeError, wire};
use crate::claim::{Claim, Edge, EdgeKind, Moment, Polarity, Reference, Span, Statement, Valid};
use crate::date::{Bound, ClockWindow, Said};
use crate::event::{
    Act, Assessment, Event, EventKind, First, Genesis, Noted, ReferenceAdded, SettingChanged, SettingName,
};
use crate::seq::Seq;
use crate::source::{Attribution, How};
use crate::value::{Quantity, Value};

/// A payload's struct of which an event can be made.
pub(super) trait Build {
    /// The event of this kind.
    ///
    /// # Errors
    /// None if the rules were kept.
    fn event(self, kind: EventKind) -> Result<Event, DecodeError>;
}

fn maybe(text: Option<&str>) -> Option<Box<str>> {
    text.map(Box::from)
}

fn boxed(all: &[&str]) -> Vec<Box<str>> {
    all.iter().map(|text| Box::from(*text)).collect()
}

fn maybe_bound(field: &'static str, text: Option<&str>) -> Result<Option<Bound>, DecodeError> {
    text.map(|text| bound(field, text)).transpose()
}

fn maybe_said(field: &'static str, text: Option<&str>) -> Result<Option<Said>, DecodeError> {
    text.map(|text| said(field, text)).transpose()
}

fn maybe_clock(text: Option<&str>) -> Result<Option<ClockWindow>, DecodeError> {
    text.map(clock).transpose()
}

fn value(wire: wire::Value<'_>) -> Result<Value<Seq>, DecodeError> {
    Ok(match wire {
        wire::Value::Text(text) => Value::Text(text.into()),
        wire::Value::Symbol(text) => Value::Symbol(text.into()),
        wire::Value::Bool(holds) => Value::Bool(holds),
        wire::Value::Entity(entity) => Value::Entity(Seq(entity)),
        wire::Value::Quantity { lower, upper, unit, approx } => {
            let (lower, upper) = (lower.as_deref().map(decimal), upper.as_deref().map(decimal));
            let quantity = Quantity::new(lower.transpose()?, upper.transpose()?, maybe(unit), approx);
            Value::Quantity(quantity.map_err(|_| DecodeError::Field("value"))?)
        }
        wire::Value::Date(text) => Value::Date(bound("value", text)?),
        wire::Value::Url(text) => Value::Url(text.into()),
        wire::Value::Some => Value::Some,
        wire::Value::None => Value::None,
    })
}

fn moment(wire: &wire::Moment<'_>) -> Result<Moment, DecodeError> {
    Ok(Moment { at: bound("at", wire.at)?, clock: maybe_clock(wire.clock)? })
}

fn edge(wire: &wire::Edge<'_>) -> Result<Edge, DecodeError> {
    let kind = word("kind", EdgeKind::ALL, wire.kind)?;
    Ok(Edge { at: bound("at", wire.at)?, kind, clock: maybe_clock(wire.clock)? })
}

fn valid(wire: &wire::Valid<'_>) -> Result<Valid, DecodeError> {
    Ok(match wire {
        wire::Valid::On(at) => Valid::On(moment(at)?),
        wire::Valid::AsOf(at) => Valid::AsOf(moment(at)?),
        wire::Valid::Period { from, until } => {
            Valid::Period { from: from.as_ref().map(edge).transpose()?, until: until.as_ref().map(edge).transpose()? }
        }
        wire::Valid::Listed(spans) => {
            let span =
                |(from, until): &(&str, &str)| Ok(Span { from: bound("from", from)?, until: bound("until", until)? });
            Valid::Listed(spans.iter().map(span).collect::<Result<_, DecodeError>>()?)
        }
        wire::Valid::Undated => Valid::Undated,
        wire::Valid::Timeless => Valid::Timeless,
    })
}

fn act(wire: &wire::Act<'_>) -> Result<Act, DecodeError> {
    Ok(Act {
        target: Seq(wire.target),
        by: wire.by.map(Seq),
        said_on: maybe_said("said_on", wire.said_on)?,
        reason: wire.reason.into(),
        id: maybe(wire.id),
    })
}

impl Build for wire::Claim<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        let link = |link: &wire::Attribution<'_>| {
            let how = word("how", How::ALL, link.how)?;
            Ok(Attribution { who: Seq(link.who), how, on: maybe_said("on", link.on)? })
        };
        Ok(Event::ClaimAsserted(Claim {
            statement: Statement {
                subject: Seq(self.subject),
                attribute: Seq(self.attribute),
                value: value(self.value)?,
                polarity: word("polarity", Polarity::ALL, self.polarity)?,
                valid: valid(&self.valid)?,
            },
            chain: self.chain.iter().map(link).collect::<Result<_, DecodeError>>()?,
            reference: Reference {
                said_on: maybe_said("said_on", self.said_on)?,
                quote: maybe(self.quote),
                evidence: boxed(&self.evidence),
                url: maybe(self.url),
                lang: maybe(self.lang),
                dating_note: maybe(self.dating_note),
                note: maybe(self.note),
            },
            id: maybe(self.id),
            is_private: self.private,
        }))
    }
}

impl Build for wire::Act<'_> {
    fn event(self, kind: EventKind) -> Result<Event, DecodeError> {
        let act = act(&self)?;
        Ok(match kind {
            EventKind::Disputed => Event::Disputed(act),
            EventKind::Retracted => Event::Retracted(act),
            EventKind::Returned => Event::Returned(act),
            _ => Event::Approved(act),
        })
    }
}

impl Build for wire::Corrected<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::Corrected { act: act(&self.act)?, successor: Seq(self.successor) })
    }
}

impl Build for wire::Assessed<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::Assessed(Assessment {
            act: act(&self.act)?,
            rating: self.rating.into(),
            label: maybe(self.label),
            credibility: self.credibility,
        }))
    }
}

impl Build for wire::Genesis<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        let algorithms = boxed(&self.algorithms);
        Ok(Event::Genesis(Genesis { origin: self.origin.into(), algorithms, format: self.format }))
    }
}

impl Build for wire::ActorRegistered<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::ActorRegistered { name: self.name.into(), of: self.of.map(Seq) })
    }
}

impl Build for wire::Noted<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::Noted(Noted {
            about: self.about.map(Seq),
            text: self.text.into(),
            id: maybe(self.id),
            is_private: self.private,
        }))
    }
}

impl Build for wire::KeyAuthorised<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::KeyAuthorised {
            name: self.name.into(),
            algorithm: self.algorithm,
            public_key: self.public_key.into(),
            roles: boxed(&self.roles),
        })
    }
}

impl Build for wire::KeyRevoked<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::KeyRevoked { key: Seq(self.key), reason: self.reason.into() })
    }
}

impl Build for wire::PayloadErased<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::PayloadErased { target: Seq(self.target), basis: self.basis.into(), first: self.first })
    }
}

impl Build for wire::ReferenceAdded<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::ReferenceAdded(ReferenceAdded {
            claim: Seq(self.claim),
            url: maybe(self.url),
            quote: maybe(self.quote),
            evidence: boxed(&self.evidence),
            lang: maybe(self.lang),
            note: maybe(self.note),
            id: maybe(self.id),
        }))
    }
}

impl Build for wire::SettingChanged<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        let name = word("name", SettingName::ALL, self.name)?;
        Ok(Event::SettingChanged(SettingChanged { name, value: self.value.into() }))
    }
}

impl Build for wire::LedgerRegistered<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::LedgerRegistered { origin: self.origin.into(), ledger: self.ledger })
    }
}

/// Who entered an event first.
pub(super) fn first(wire: &wire::First) -> Result<First, DecodeError> {
    Ok(First {
        actor: Seq(wire.actor),
        seq: Seq(wire.seq),
        link: wire.link,
        at_micros: micros(wire.recorded_at)?,
        under: wire.under.map(Seq),
    })
}
