//! What the fields of a payload may hold: the same as what is typed. The rules stand here only; decoding goes through
//! them as checking does.

mod registered;

use rust_decimal::Decimal;

use super::DecodeError;
use super::wire;
use crate::claim::{EdgeKind, Polarity, is_digest, list_problem, period_problem};
use crate::date::{Bound, ClockWindow, Day, Said, Window};
use crate::event::{Assessment, EventKind, Genesis, SettingName};
use crate::source::How;
use crate::value::{Quantity, id_problem, is_url, key_problem, text_problem};

type Checked = Result<(), DecodeError>;

/// A payload's struct whose fields have rules.
pub(super) trait Rules {
    /// Whether an event can hold what its fields hold.
    ///
    /// # Errors
    /// The first field that holds something else.
    fn check(&self) -> Checked;

    /// Whether it is of this kind, if several kinds have this struct.
    fn is_of(&self, _kind: EventKind) -> bool {
        true
    }
}

/// The word at a place in its vocabulary.
pub(super) fn word<T: Copy>(field: &'static str, all: &[T], place: u8) -> Result<T, DecodeError> {
    all.get(usize::from(place)).copied().ok_or(DecodeError::Field(field))
}

pub(super) fn bound(field: &'static str, text: &str) -> Result<Bound, DecodeError> {
    Bound::parse(text).map_err(|_| DecodeError::Field(field))
}

pub(super) fn said(field: &'static str, text: &str) -> Result<Said, DecodeError> {
    Said::parse(text).map_err(|_| DecodeError::Field(field))
}

/// A time that was recorded elsewhere.
pub(super) fn micros(recorded_at: u64) -> Result<i64, DecodeError> {
    i64::try_from(recorded_at).map_err(|_| DecodeError::Field("recorded_at"))
}

pub(super) fn clock(text: &str) -> Result<ClockWindow, DecodeError> {
    ClockWindow::parse(text).map_err(|_| DecodeError::Field("clock"))
}

/// A decimal, which has one spelling of its own.
pub(super) fn decimal(text: &str) -> Result<Decimal, DecodeError> {
    let decimal = Quantity::parse_decimal(text).map_err(|_| DecodeError::Field("value"))?;
    if decimal.to_string() == text { Ok(decimal) } else { Err(DecodeError::NotCanonical) }
}

/// A text within the limits; a reason that nobody had to give may be empty.
fn text(field: &'static str, text: &str) -> Checked {
    let is_usable = text.is_empty() && field == "reason" || text_problem(text).is_none();
    rule(field, is_usable)
}

fn maybe_text(field: &'static str, text: Option<&str>) -> Checked {
    text.map_or(Ok(()), |text| self::text(field, text))
}

/// A web address within the limits of a text.
fn url(field: &'static str, text: &str) -> Checked {
    self::text(field, text)?;
    rule(field, is_url(text))
}

fn maybe_url(field: &'static str, text: Option<&str>) -> Checked {
    text.map_or(Ok(()), |text| url(field, text))
}

fn texts(field: &'static str, all: &[&str]) -> Checked {
    all.iter().try_for_each(|text| self::text(field, text))
}

fn key(field: &'static str, key: &str) -> Checked {
    rule(field, key_problem(key).is_none())
}

/// The caller's own id.
fn maybe_id(id: Option<&str>) -> Checked {
    rule("id", id.is_none_or(|id| id_problem(id).is_none()))
}

fn rule(field: &'static str, holds: bool) -> Checked {
    if holds { Ok(()) } else { Err(DecodeError::Field(field)) }
}

/// The days that a date can mean. Most dates are plain days, which need no memory to be read.
fn window(field: &'static str, text: &str) -> Result<Option<Window>, DecodeError> {
    match Day::parse(text) {
        Some(day) => Ok(Some(Window::day(day))),
        None => bound(field, text).map(|bound| bound.window()),
    }
}

fn maybe_date(field: &'static str, text: Option<&str>) -> Checked {
    text.map_or(Ok(()), |text| window(field, text).map(drop))
}

/// Most of what was said was said on a plain day.
fn maybe_said(field: &'static str, text: Option<&str>) -> Checked {
    text.map_or(Ok(()), |text| if Day::parse(text).is_some() { Ok(()) } else { said(field, text).map(drop) })
}

fn moment(moment: &wire::Moment<'_>) -> Checked {
    window("at", moment.at)?;
    moment.clock.map_or(Ok(()), |text| clock(text).map(drop))
}

/// The days that an edge can mean.
fn edge(edge: &wire::Edge<'_>) -> Result<Option<Window>, DecodeError> {
    let window = window("at", edge.at)?;
    word("kind", EdgeKind::ALL, edge.kind)?;
    edge.clock.map_or(Ok(()), |text| clock(text).map(drop))?;
    Ok(window)
}

fn valid(valid: &wire::Valid<'_>) -> Checked {
    let problem = match valid {
        wire::Valid::On(at) | wire::Valid::AsOf(at) => return moment(at),
        wire::Valid::Undated | wire::Valid::Timeless => return Ok(()),
        wire::Valid::Period { from, until } => {
            let (from, until) = (from.as_ref().map(edge).transpose()?, until.as_ref().map(edge).transpose()?);
            period_problem(from, until)
        }
        wire::Valid::Listed(spans) => {
            let span = |(from, until): &(&str, &str)| Ok((window("from", from)?, window("until", until)?));
            list_problem(&spans.iter().map(span).collect::<Result<Vec<_>, DecodeError>>()?)
        }
    };
    rule("valid", problem.is_none())
}

fn value(value: &wire::Value<'_>) -> Checked {
    match value {
        wire::Value::Text(text) | wire::Value::Symbol(text) => self::text("value", text),
        wire::Value::Url(text) => url("value", text),
        wire::Value::Quantity { lower, upper, unit, approx } => {
            let decimal = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(decimal).transpose();
            let (lower, upper) = (decimal(lower)?, decimal(upper)?);
            maybe_text("unit", *unit)?;
            rule("value", Quantity::new(lower, upper, None, *approx).is_ok())
        }
        wire::Value::Date(text) => window("value", text).map(drop),
        wire::Value::Bool(_) | wire::Value::Entity(_) | wire::Value::Some | wire::Value::None => Ok(()),
    }
}

impl Rules for wire::Claim<'_> {
    fn check(&self) -> Checked {
        value(&self.value)?;
        word("polarity", Polarity::ALL, self.polarity)?;
        valid(&self.valid)?;
        for link in &self.chain {
            word("how", How::ALL, link.how)?;
            maybe_said("on", link.on)?;
        }
        maybe_said("said_on", self.said_on)?;
        maybe_text("quote", self.quote)?;
        self.evidence.iter().try_for_each(|name| rule("evidence", is_digest(name)))?;
        maybe_url("url", self.url)?;
        maybe_text("lang", self.lang)?;
        maybe_text("dating_note", self.dating_note)?;
        maybe_text("note", self.note)?;
        maybe_id(self.id)
    }

    fn is_of(&self, kind: EventKind) -> bool {
        matches!(self.valid, wire::Valid::Listed(_)) == (kind == EventKind::PeriodsAsserted)
    }
}

impl Rules for wire::Act<'_> {
    fn check(&self) -> Checked {
        maybe_said("said_on", self.said_on)?;
        text("reason", self.reason)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::Corrected<'_> {
    fn check(&self) -> Checked {
        self.act.check()
    }
}

impl Rules for wire::Assessed<'_> {
    fn check(&self) -> Checked {
        self.act.check()?;
        rule("rating", Assessment::is_rating(self.rating))?;
        maybe_text("label", self.label)?;
        rule("credibility", self.credibility.is_none_or(|grade| Assessment::CREDIBILITY.contains(&grade)))
    }
}

impl Rules for wire::Genesis<'_> {
    fn check(&self) -> Checked {
        texts("algorithms", &self.algorithms)?;
        rule("origin", Genesis::is_origin(self.origin))
    }
}

impl Rules for wire::ActorRegistered<'_> {
    fn check(&self) -> Checked {
        key("name", self.name)?;
        rule("of", self.of != Some(0))
    }
}

impl Rules for wire::Noted<'_> {
    fn check(&self) -> Checked {
        text("text", self.text)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::KeyAuthorised<'_> {
    fn check(&self) -> Checked {
        text("name", self.name)?;
        texts("roles", &self.roles)
    }
}

impl Rules for wire::KeyRevoked<'_> {
    fn check(&self) -> Checked {
        text("reason", self.reason)
    }
}

impl Rules for wire::PayloadErased<'_> {
    fn check(&self) -> Checked {
        text("basis", self.basis)
    }
}

impl Rules for wire::ReferenceAdded<'_> {
    fn check(&self) -> Checked {
        rule("claim", self.url.is_some() || self.quote.is_some() || !self.evidence.is_empty())?;
        maybe_url("url", self.url)?;
        maybe_text("quote", self.quote)?;
        self.evidence.iter().try_for_each(|name| rule("evidence", is_digest(name)))?;
        maybe_text("lang", self.lang)?;
        maybe_text("note", self.note)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::SettingChanged<'_> {
    fn check(&self) -> Checked {
        let name = word("name", SettingName::ALL, self.name)?;
        rule("value", name.takes(self.value))
    }
}

impl Rules for wire::LedgerRegistered<'_> {
    fn check(&self) -> Checked {
        rule("origin", Genesis::is_origin(self.origin))
    }
}

impl Rules for wire::First {
    fn check(&self) -> Checked {
        micros(self.recorded_at).map(drop)
    }
}
