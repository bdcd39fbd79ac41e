//! Claims and their values.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::Names;
use super::fields::Fields;
use crate::claim::{Claim, Edge, EdgeKind, Moment, Polarity, Valid};
use crate::date::ClockWindow;
use crate::seq::Seq;
use crate::source::Attribution;
use crate::value::{Quantity, Value};

/// A value in the form that a line has for it. A quantity always has both its bounds, null where it is open;
/// a text and a symbol are both a string.
#[must_use]
pub fn value_json(value: &Value<Seq>, names: &dyn Names) -> Json {
    let one = |name, value: Json| Json::Object(Fields::new().with(name, value).done());
    match value {
        Value::Text(text) | Value::Symbol(text) => (&**text).into(),
        Value::Bool(holds) => (*holds).into(),
        Value::Entity(entity) => one("entity", names.entity(*entity).into()),
        Value::Quantity(quantity) => quantity_json(quantity),
        Value::Date(bound) => one("date", bound.text().into()),
        Value::Url(url) => one("url", (&**url).into()),
        Value::Some => one("some", true.into()),
        Value::None => one("none", true.into()),
    }
}

fn quantity_json(quantity: &Quantity) -> Json {
    let bound = |bound: Option<Decimal>| bound.map_or(Json::Null, |bound| bound.to_string().into());
    let fields = Fields::new()
        .with("lower", bound(quantity.lower()))
        .with("upper", bound(quantity.upper()))
        .text("unit", quantity.unit());
    Json::Object(if quantity.is_approx() { fields.with("approx", true) } else { fields }.done())
}

/// The fields of a claim, without a type: of a line, of a correction's successor, of an answer.
#[must_use]
pub fn claim_json(claim: &Claim, names: &dyn Names) -> Map<String, Json> {
    with_claim(Fields::new(), claim, names).done()
}

/// A line of a claim or of a closed list.
pub(super) fn claim_line(claim: &Claim, names: &dyn Names) -> Fields {
    let is_listed = matches!(claim.statement.valid, Valid::Listed(_));
    with_claim(Fields::of_type(if is_listed { "periods" } else { "claim" }), claim, names)
}

fn with_claim(fields: Fields, claim: &Claim, names: &dyn Names) -> Fields {
    let Claim { statement, chain, reference, id, is_private } = claim;
    let denied = (statement.polarity == Polarity::Deny).then_some(statement.polarity.word());
    let fields = fields
        .text("id", id.as_deref())
        .with("subject", names.entity(statement.subject))
        .with("attribute", names.attribute(statement.attribute))
        .with("value", value_json(&statement.value, names))
        .text("polarity", denied);
    let fields = with_valid(fields, &statement.valid);
    let fields = if chain.is_empty() { fields } else { fields.with("chain", chain_json(chain, names)) };
    fields
        .said("said_on", reference.said_on.as_ref())
        .text("quote", reference.quote.as_deref())
        .strings("evidence", &reference.evidence)
        .text("url", reference.url.as_deref())
        .text("lang", reference.lang.as_deref())
        .text("dating_note", reference.dating_note.as_deref())
        .text("note", reference.note.as_deref())
        .flag("private", *is_private)
}

fn with_valid(fields: Fields, valid: &Valid) -> Fields {
    let clock = |clock: Option<&ClockWindow>| clock.map(ToString::to_string);
    let moment = |fields: Fields, name, moment: &Moment| {
        fields.with(name, moment.at.text()).text("clock", clock(moment.clock.as_ref()).as_deref())
    };
    match valid {
        Valid::On(on) => moment(fields, "on", on),
        Valid::AsOf(as_of) => moment(fields, "as_of", as_of),
        Valid::Period { from, until } => {
            let fields = with_edge(fields, "from", "from_kind", from.as_ref());
            let fields = with_edge(fields, "until", "until_kind", until.as_ref());
            let edge = from.as_ref().or(until.as_ref());
            fields.text("clock", clock(edge.and_then(|edge| edge.clock.as_ref())).as_deref())
        }
        Valid::Listed(spans) => {
            let span = |from: &str, until: &str| Fields::new().with("from", from).with("until", until).done();
            let spans = spans.iter().map(|listed| span(listed.from.text(), listed.until.text()));
            fields.with("periods", spans.map(Json::Object).collect::<Vec<_>>())
        }
        Valid::Undated => fields.with("undated", true),
        Valid::Timeless => fields.with("timeless", true),
    }
}

fn with_edge(fields: Fields, name: &str, kind_name: &str, edge: Option<&Edge>) -> Fields {
    let Some(edge) = edge else {
        return fields;
    };
    let observed = (edge.kind == EdgeKind::Observed).then_some(edge.kind.word());
    fields.with(name, edge.at.text()).text(kind_name, observed)
}

fn chain_json(chain: &[Attribution<Seq>], names: &dyn Names) -> Vec<Json> {
    let link = |link: &Attribution<Seq>| {
        let fields = Fields::new().with("who", names.source(link.who)).with("how", link.how.word());
        Json::Object(fields.said("on", link.on.as_ref()).done())
    };
    chain.iter().map(link).collect()
}
