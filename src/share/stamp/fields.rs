//! The fields of an encoded sequence, one after the other. Nothing here calls itself: nesting costs no stack.

use der::oid::ObjectIdentifier;
use der::{AnyRef, Decode, Reader, SliceReader, Tag, TagNumber};

/// What is left of a sequence.
#[derive(Clone)]
pub(super) struct Fields<'a>(SliceReader<'a>);

/// One field.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) tag: Tag,
    /// Tag, length and content.
    pub(super) whole: &'a [u8],
    pub(super) content: &'a [u8],
}

/// The tag `[number]` around other fields.
pub(super) const fn tagged(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The tag `[number]` in place of a plain field's own.
pub(super) const fn tagged_plain(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

impl<'a> Fields<'a> {
    /// Those in a content.
    pub(super) fn of(content: &'a [u8]) -> Option<Fields<'a>> {
        SliceReader::new(content).ok().map(Fields)
    }

    /// Those of the one field that these bytes are.
    pub(super) fn of_whole(bytes: &'a [u8], tag: Tag) -> Option<Fields<'a>> {
        let mut outer = Fields::of(bytes)?;
        let fields = outer.fields(tag)?;
        outer.end().then_some(fields)
    }

    /// The next field, whatever it is; none at the end, or if it is not in DER.
    pub(super) fn any(&mut self) -> Option<Field<'a>> {
        if self.end() {
            return None;
        }
        let whole = self.0.tlv_bytes().ok()?;
        let any = AnyRef::from_der(whole).ok()?;
        Some(Field { tag: der::Tagged::tag(&any), whole, content: any.value() })
    }

    /// The next field, if it has this tag; else it stays.
    pub(super) fn maybe(&mut self, tag: Tag) -> Option<Field<'a>> {
        let mut ahead = self.clone();
        let field = ahead.any().filter(|field| field.tag == tag)?;
        *self = ahead;
        Some(field)
    }

    /// The content of the next field, which has this tag.
    pub(super) fn one(&mut self, tag: Tag) -> Option<&'a [u8]> {
        self.maybe(tag).map(|field| field.content)
    }

    /// The fields of the next field, which has this tag.
    pub(super) fn fields(&mut self, tag: Tag) -> Option<Fields<'a>> {
        Fields::of(self.one(tag)?)
    }

    /// The next field, which is an object identifier.
    pub(super) fn oid(&mut self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.one(Tag::ObjectIdentifier)?).ok()
    }

    /// The next field, which names an algorithm; its parameters are passed over.
    pub(super) fn algorithm(&mut self) -> Option<ObjectIdentifier> {
        self.fields(Tag::Sequence)?.oid()
    }

    /// The next field, which is a small whole number.
    pub(super) fn small(&mut self) -> Option<u32> {
        small(self.one(Tag::Integer)?)
    }

    /// Whether nothing is left.
    pub(super) fn end(&self) -> bool {
        self.0.is_finished()
    }
}

/// The number of an integer's content; none if it is negative or large.
pub(super) fn small(content: &[u8]) -> Option<u32> {
    let is_small = content.len() <= 4 && content.first().is_some_and(|first| *first < 0x80);
    is_small.then(|| content.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}
