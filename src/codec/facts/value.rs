//! A claim's value, kept with what the fold needs of it: its place in the wire form 1, and what follows there.

use std::sync::Arc;

use super::claim::{put_date, read_date};
use crate::codec::{encode, wire};
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;
use crate::value::{Quantity, Value, text_problem};

pub(super) fn put(pack: &mut Pack, value: &wire::Value<'_>) {
    match value {
        wire::Value::Text(text) => {
            pack.byte(0).text(text);
        }
        wire::Value::Symbol(text) => {
            pack.byte(1).text(text);
        }
        wire::Value::Bool(holds) => {
            pack.byte(2).byte(u8::from(*holds));
        }
        wire::Value::Entity(entity) => {
            pack.byte(3).number(*entity);
        }
        wire::Value::Quantity { lower, upper, unit, approx } => {
            let texts = [lower.as_deref(), upper.as_deref(), *unit];
            let there = texts.iter().rev().fold(u8::from(*approx), |flags, text| flags << 1 | u8::from(text.is_some()));
            pack.byte(4).byte(there);
            texts.into_iter().flatten().for_each(|text| {
                pack.text(text);
            });
        }
        wire::Value::Date(text) => {
            pack.byte(5);
            put_date(pack, text);
        }
        wire::Value::Url(text) => {
            pack.byte(6).text(text);
        }
        wire::Value::Some => {
            pack.byte(7);
        }
        wire::Value::None => {
            pack.byte(8);
        }
    }
}

/// Packs a value, to be read by [`read_value`]: values with the same bytes are the same.
pub(crate) fn put_value(pack: &mut Pack, value: &Value<Seq>) {
    put(pack, &encode::value(value));
}

/// The value of these bytes.
pub(crate) fn read_value(bytes: &[u8]) -> Option<Value<Seq>> {
    let mut unpack = Unpack(bytes);
    value(&mut unpack).filter(|_| unpack.is_empty())
}

/// The first values of a key, each with its bytes: most claims say one of few.
#[derive(Debug, Default)]
pub(super) struct Values<'b>(Vec<(&'b [u8], Arc<Value<Seq>>)>);

impl<'b> Values<'b> {
    /// What is read is compared with so many.
    const MAX: usize = 8;

    /// Reads a value. No bytes of one begin with those of another.
    pub(super) fn read(&mut self, unpack: &mut Unpack<'b>) -> Option<Arc<Value<Seq>>> {
        for (bytes, value) in &self.0 {
            if let Some(rest) = unpack.0.strip_prefix(*bytes) {
                unpack.0 = rest;
                return Some(Arc::clone(value));
            }
        }
        let before = unpack.0;
        let value = Arc::new(value(unpack)?);
        if self.0.len() < Values::MAX {
            let bytes = before.get(..before.len() - unpack.0.len())?;
            self.0.push((bytes, Arc::clone(&value)));
        }
        Some(value)
    }
}

fn value(unpack: &mut Unpack<'_>) -> Option<Value<Seq>> {
    Some(match unpack.byte()? {
        0 => Value::Text(text(unpack)?),
        1 => Value::Symbol(text(unpack)?),
        2 => Value::Bool(unpack.byte()? != 0),
        3 => Value::Entity(Seq(unpack.number()?)),
        4 => {
            let there = unpack.byte()?;
            let mut text = |place: u8| if there & 1 << place == 0 { Some(None) } else { unpack.text().map(Some) };
            let (lower, upper, unit) = (text(0)?, text(1)?, text(2)?);
            let decimal = |text: Option<&str>| text.map(Quantity::parse_decimal).transpose().ok();
            Value::Quantity(Quantity::new(decimal(lower)?, decimal(upper)?, unit.map(Box::from), there >> 3 != 0).ok()?)
        }
        5 => Value::Date(read_date(unpack)?),
        6 => Value::Url(text(unpack)?),
        7 => Value::Some,
        8 => Value::None,
        _ => return None,
    })
}

/// A text as an event may hold it.
fn text(unpack: &mut Unpack<'_>) -> Option<Box<str>> {
    let text = unpack.text()?;
    text_problem(text).is_none().then(|| text.into())
}
