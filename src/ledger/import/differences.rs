//! In what another ledger describes a key otherwise than this one.

use crate::catalogue::Catalogue;
use crate::event::{Complement, Proposed};
use crate::seq::Seq;
use crate::source::SourceKind;
use crate::value::{Typed, Value};

/// In what a line differs from what is said of a key here, in words.
pub(super) fn differences(proposed: &Proposed, here: &str, catalogue: &Catalogue) -> Vec<String> {
    let mut all = Vec::new();
    let mut compare = |what: &str, here: Option<&str>, there: Option<&str>| {
        if here != there {
            let told = |given: Option<&str>| given.map_or_else(|| "none".to_owned(), |given| format!("{given:?}"));
            all.push(format!("{what} {} here, {} there", told(here), told(there)));
        }
    };
    match proposed {
        Proposed::Entity(entity) => {
            let known = catalogue.entity_of_key(here).and_then(|seq| catalogue.entity(seq));
            if let Some(known) = known.filter(|known| known.label.is_some() && entity.label.is_some()) {
                compare("label", known.label.as_deref(), entity.label.as_deref());
            }
        }
        Proposed::Source(source) => {
            if let Some(known) = catalogue.source_of_key(here).and_then(|seq| catalogue.source(seq)) {
                let is_named = known.kind != SourceKind::Organisation || known.label.is_some();
                if is_named {
                    compare("kind", Some(known.kind.word()), Some(source.kind.word()));
                }
                if known.label.is_some() && source.label.is_some() {
                    compare("label", known.label.as_deref(), source.label.as_deref());
                }
            }
        }
        Proposed::Attribute(attribute) => {
            let Some(known) = catalogue.attribute_of_key(here).and_then(|seq| catalogue.attribute(seq)) else {
                return all;
            };
            compare("value_type", Some(known.value_type.word()), Some(attribute.value_type.word()));
            compare("cardinality", Some(known.cardinality.word()), Some(attribute.cardinality.word()));
            compare("fixed", Some(yes(known.is_fixed)), Some(yes(attribute.is_fixed)));
            let days = |days: Option<u32>| days.map(|days| days.to_string());
            let (own, other) = (days(known.stale_after_days), days(attribute.stale_after_days));
            compare("stale_after_days", own.as_deref(), other.as_deref());
            compare("unit", known.unit.as_deref(), attribute.unit.as_deref());
            let (own, other) = (pair_of_known(&known.complement), pair_of_typed(&attribute.complement));
            compare("complement", own.as_deref(), other.as_deref());
            if known.label.is_some() && attribute.label.is_some() {
                compare("label", known.label.as_deref(), attribute.label.as_deref());
            }
        }
        _ => {}
    }
    all
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "true" } else { "false" }
}

fn pair_of_known(complement: &Complement<Value<Seq>>) -> Option<String> {
    match complement {
        Complement::NotDeclared => None,
        Complement::None => Some("declared to be none".to_owned()),
        Complement::Pair(one, other) => Some(format!("{} or {}", plain(one), plain(other))),
    }
}

fn pair_of_typed(complement: &Complement<Typed>) -> Option<String> {
    let text = |typed: &Typed| match typed {
        Typed::Plain(value) => plain(value),
        Typed::String(text) | Typed::Words(text) => text.to_string(),
    };
    match complement {
        Complement::NotDeclared => None,
        Complement::None => Some("declared to be none".to_owned()),
        Complement::Pair(one, other) => Some(format!("{} or {}", text(one), text(other))),
    }
}

/// A side of a pair, which is no entity.
fn plain<E>(value: &Value<E>) -> String {
    match value {
        Value::Text(text) | Value::Symbol(text) | Value::Url(text) => text.to_string(),
        Value::Bool(holds) => holds.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Date(date) => date.text().to_owned(),
        Value::Some => "some".to_owned(),
        Value::None | Value::Entity(_) => "none".to_owned(),
    }
}
