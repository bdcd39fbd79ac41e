//! An event in the index: what the fold needs of it.

use std::borrow::Cow;

use super::NameOf;
use crate::codec;
use crate::event::{Event, EventKind, Recorded};
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;

/// An event as the index keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'b> {
    /// Its number.
    pub seq: Seq,
    /// The last event of its commit.
    pub commit_last: Seq,
    /// When it was recorded, in microseconds since 1970.
    pub at_micros: i64,
    /// Who entered it.
    pub actor: Seq,
    /// Where its record stands in its segment, in bytes.
    pub offset: u64,
    /// What kind it is.
    pub kind: EventKind,
    /// What the index has of its payload ([`codec::Brief`]); `None` if it was erased.
    pub brief: Option<Cow<'b, [u8]>>,
}

/// Stands where a kind would for a mark that another group belongs to this one.
const ALSO: u8 = 0;
/// Set in the kind of an event without a payload.
const ERASED: u8 = 0x80;

impl Entry<'_> {
    /// The event.
    ///
    /// # Errors
    /// If the index holds what is no event; it is broken then.
    pub fn recorded(&self) -> Result<Recorded, codec::DecodeError> {
        let entered = self.brief.as_ref().map(|brief| codec::decode(self.kind, brief)).transpose()?;
        let (event, first) = entered.map_or((None, None), |entered| (Some(entered.event), entered.first));
        Ok(Recorded { seq: self.seq, at_micros: self.at_micros, actor: self.actor, event, first })
    }

    /// The name by which it registers or describes a thing.
    #[must_use]
    pub fn name(&self) -> Option<Box<str>> {
        NameOf::given_by(&self.event()?).map(|(_, name)| name.into())
    }

    /// Whether it registers this thing by this name.
    #[must_use]
    pub fn registers(&self, thing: Seq, name: &str) -> bool {
        let event = if self.seq == thing { self.event() } else { None };
        event.as_ref().and_then(NameOf::given_by).is_some_and(|(_, own)| own == name)
    }

    fn event(&self) -> Option<Event> {
        self.recorded().ok()?.event
    }

    /// The same with bytes of its own.
    #[must_use]
    pub fn into_owned(self) -> Entry<'static> {
        Entry { brief: self.brief.map(|brief| Cow::Owned(brief.into_owned())), ..self }
    }

    pub(super) fn put(&self, pack: &mut Pack) {
        let kind = self.kind.number().to_le_bytes()[0];
        pack.byte(if self.brief.is_none() { kind | ERASED } else { kind });
        pack.number(self.seq.0).number(self.commit_last.0 - self.seq.0).signed(self.at_micros).number(self.actor.0);
        pack.number(self.offset);
        if let Some(brief) = &self.brief {
            pack.number(brief.len() as u64).raw(brief);
        }
    }
}

/// What stands in a list of events.
#[derive(Debug)]
pub enum Listed<'b> {
    /// An event.
    Event(Entry<'b>),
    /// Whoever reads this group has to read that of this subject and attribute too.
    Also(Seq, Seq),
}

/// Marks that the group of another key has to be read with this one.
pub(super) fn put_also(pack: &mut Pack, (subject, attribute): (Seq, Seq)) {
    pack.byte(ALSO).number(subject.0).number(attribute.0);
}

/// The next of a list; `None` where it cannot be read.
pub(super) fn next<'b>(unpack: &mut Unpack<'b>) -> Option<Listed<'b>> {
    let byte = unpack.byte()?;
    if byte == ALSO {
        return Some(Listed::Also(Seq(unpack.number()?), Seq(unpack.number()?)));
    }
    let kind = EventKind::of_number(u16::from(byte & !ERASED))?;
    let seq = unpack.number()?;
    let commit_last = Seq(seq.checked_add(unpack.number()?)?);
    let (at_micros, actor, offset) = (unpack.signed()?, Seq(unpack.number()?), unpack.number()?);
    let brief = if byte & ERASED == 0 {
        let len = usize::try_from(unpack.number()?).ok()?;
        Some(Cow::Borrowed(unpack.raw(len)?))
    } else {
        None
    };
    Some(Listed::Event(Entry { seq: Seq(seq), commit_last, at_micros, actor, offset, kind, brief }))
}
