//! Reading what bincode writes, in the one spelling: bincode itself takes integers that are written longer than they need
//! be. Nothing else in its form is left open.

use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor, value,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::DecodeError;

/// The struct that fills these bytes.
///
/// # Errors
/// If there is none, or it is not in the one spelling.
pub(super) fn read<'b, W: Deserialize<'b>>(bytes: &'b [u8]) -> Result<W, DecodeError> {
    let mut strict = Strict(bytes);
    match W::deserialize(&mut strict) {
        Ok(wire) if strict.0.is_empty() => Ok(wire),
        Ok(_) | Err(Fault::Longer) => Err(DecodeError::NotCanonical),
        Err(fault) => Err(DecodeError::Malformed(fault.to_string())),
    }
}

/// Why bytes are no struct. As small as can be, for it is handed on by every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Short,
    Longer,
    TooLarge,
    Tag,
    Text,
    Other,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Short => "it ends in the middle of a field",
            Fault::Longer => "a number is written longer than it need be",
            Fault::TooLarge => "a number is too large for its field",
            Fault::Tag => "a tag stands for nothing",
            Fault::Text => "a text is not UTF-8",
            Fault::Other => "a field holds something else",
        })
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Fault {
        Fault::Other
    }
}

/// The bytes that are still to be read.
struct Strict<'b>(&'b [u8]);

impl<'b> Strict<'b> {
    #[inline]
    fn byte(&mut self) -> Result<u8, Fault> {
        let (byte, rest) = self.0.split_first().ok_or(Fault::Short)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], Fault> {
        let (array, rest) = self.0.split_first_chunk().ok_or(Fault::Short)?;
        self.0 = rest;
        Ok(*array)
    }

    #[inline]
    fn uint(&mut self) -> Result<u64, Fault> {
        match self.byte()? {
            small @ 0..=250 => Ok(small.into()),
            tag => self.long_uint(tag),
        }
    }

    fn long_uint(&mut self, tag: u8) -> Result<u64, Fault> {
        let (number, least) = match tag {
            251 => (u16::from_le_bytes(self.array()?).into(), 251),
            252 => (u32::from_le_bytes(self.array()?).into(), 1 << 16),
            253 => (u64::from_le_bytes(self.array()?), 1 << 32),
            _ => return Err(Fault::Tag),
        };
        if number < least { Err(Fault::Longer) } else { Ok(number) }
    }

    #[inline]
    fn len(&mut self) -> Result<usize, Fault> {
        usize::try_from(self.uint()?).map_err(|_| Fault::Short)
    }

    #[inline]
    fn text(&mut self) -> Result<&'b str, Fault> {
        let len = self.len()?;
        let (text, rest) = self.0.split_at_checked(len).ok_or(Fault::Short)?;
        self.0 = rest;
        str::from_utf8(text).map_err(|_| Fault::Text)
    }

    #[inline]
    fn holds(&mut self) -> Result<bool, Fault> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fault::Tag),
        }
    }
}

impl<'b> Deserializer<'b> for &mut Strict<'b> {
    type Error = Fault;

    #[inline]
    fn deserialize_bool<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(self.holds()?)
    }

    #[inline]
    fn deserialize_u8<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u8(self.byte()?)
    }

    #[inline]
    fn deserialize_u16<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u16(self.uint()?.try_into().map_err(|_| Fault::TooLarge)?)
    }

    #[inline]
    fn deserialize_u32<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u32(self.uint()?.try_into().map_err(|_| Fault::TooLarge)?)
    }

    #[inline]
    fn deserialize_u64<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u64(self.uint()?)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.holds()? { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value, Fault> {
        let left = self.len()?;
        visitor.visit_seq(Fields { strict: self, left })
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'b>>(self, left: usize, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(Fields { strict: self, left })
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'b>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_seq(Fields { strict: self, left: fields.len() })
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'b>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    /// The bytes do not say what they are.
    fn deserialize_any<V: Visitor<'b>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault::Other)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'b>>
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple_struct map
        identifier ignored_any
    }
}

/// The fields of a struct, or what is in a list.
struct Fields<'s, 'b> {
    strict: &'s mut Strict<'b>,
    left: usize,
}

impl<'b> SeqAccess<'b> for Fields<'_, 'b> {
    type Error = Fault;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'b>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(&mut *self.strict).map(Some)
    }

    /// Never more than there are bytes, whatever a length says.
    fn size_hint(&self) -> Option<usize> {
        Some(self.left.min(self.strict.0.len()))
    }
}

impl<'b> EnumAccess<'b> for &mut Strict<'b> {
    type Error = Fault;
    type Variant = Self;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'b>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let number = u32::try_from(self.uint()?).map_err(|_| Fault::TooLarge)?;
        let variant: value::U32Deserializer<Fault> = number.into_deserializer();
        Ok((seed.deserialize(variant)?, self))
    }
}

impl<'b> VariantAccess<'b> for &mut Strict<'b> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'b>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(self)
    }

    #[inline]
    fn tuple_variant<V: Visitor<'b>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline]
    fn struct_variant<V: Visitor<'b>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_tuple(fields.len(), visitor)
    }
}
