//! A batch as bytes, for setting it aside. Read only by who wrote it.

use super::NameOf;
use super::batch::{Batch, Belongs, Kept};
use super::subtrees::Node;
use crate::chain::Hash;
use crate::event::EventKind;
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;

impl Batch {
    /// Writes it, its leaves joined.
    pub(super) fn put(&self, pack: &mut Pack) {
        pack.number(self.events.len() as u64);
        let mut begin = 0;
        for kept in &self.events {
            put_kept(pack, kept, begin);
            begin = kept.end;
        }
        pack.number(self.bytes.len() as u64).raw(&self.bytes);
        pack.number(self.apart.len() as u64);
        for (place, belongs) in &self.apart {
            put_belongs(pack.number(*place as u64), belongs);
        }
        pack.number(self.nodes.len() as u64);
        for node in &self.nodes {
            let (tag, hash) = match node {
                Node::Leaf(hash) => (0, hash),
                Node::Subtree(hash) => (1, hash),
            };
            pack.byte(tag).raw(&hash.0);
        }
    }

    /// Reads what [`put`](Batch::put) wrote.
    pub(super) fn read(unpack: &mut Unpack<'_>) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut begin = 0;
        for _ in 0..unpack.number()? {
            let kept = read_kept(unpack, begin)?;
            begin = kept.end;
            batch.events.push(kept);
        }
        batch.bytes = read_bytes(unpack)?.to_vec();
        for _ in 0..unpack.number()? {
            batch.apart.push((usize::try_from(unpack.number()?).ok()?, read_belongs(unpack)?));
        }
        for _ in 0..unpack.number()? {
            let tag = unpack.byte()?;
            let hash = unpack.array().map(Hash)?;
            batch.nodes.push(if tag == 0 { Node::Leaf(hash) } else { Node::Subtree(hash) });
        }
        Some(batch)
    }
}

/// Flags before an event.
const ERASED: u8 = 1;
const ID: u8 = 1 << 1;

fn put_kept(pack: &mut Pack, kept: &Kept, begin: usize) {
    let flags = if kept.is_erased { ERASED } else { 0 } | if kept.id.is_some() { ID } else { 0 };
    pack.byte(flags).number(kept.kind.number().into()).number(kept.offset);
    pack.number(kept.about.0.0).number(kept.about.1.0).signed(kept.at_micros).number(kept.actor.0);
    if let Some(id) = kept.id {
        pack.raw(&id.to_le_bytes());
    }
    pack.number((kept.end - begin) as u64).number(kept.facts_len.into());
}

fn read_kept(unpack: &mut Unpack<'_>, begin: usize) -> Option<Kept> {
    let flags = unpack.byte()?;
    let kind = EventKind::of_number(u16::try_from(unpack.number()?).ok()?)?;
    let (offset, about) = (unpack.number()?, (Seq(unpack.number()?), Seq(unpack.number()?)));
    let (at_micros, actor) = (unpack.signed()?, Seq(unpack.number()?));
    let id = if flags & ID == 0 { None } else { Some(u64::from_le_bytes(unpack.array()?)) };
    let end = begin.checked_add(usize::try_from(unpack.number()?).ok()?)?;
    let facts_len = u32::try_from(unpack.number()?).ok()?;
    Some(Kept { offset, about, at_micros, actor, id, end, facts_len, kind, is_erased: flags & ERASED != 0 })
}

fn put_belongs(pack: &mut Pack, belongs: &Belongs) {
    match belongs {
        Belongs::ToKey => pack.byte(0),
        Belongs::ToKeyOf(first, None) => pack.byte(1).number(first.0),
        Belongs::ToKeyOf(first, Some(second)) => pack.byte(2).number(first.0).number(second.0),
        Belongs::ToThing(thing) => pack.byte(3).number(thing.0),
        Belongs::ToName(kind, name) => pack.byte(4).byte(*kind as u8).text(name),
        Belongs::Erases(target) => pack.byte(5).number(target.0),
    };
}

fn read_belongs(unpack: &mut Unpack<'_>) -> Option<Belongs> {
    let tag = unpack.byte()?;
    let mut seq = || unpack.number().map(Seq);
    Some(match tag {
        0 => Belongs::ToKey,
        1 => Belongs::ToKeyOf(seq()?, None),
        2 => Belongs::ToKeyOf(seq()?, Some(seq()?)),
        3 => Belongs::ToThing(seq()?),
        4 => {
            let kind = NameOf::of(unpack.byte()?)?;
            Belongs::ToName(kind, unpack.text()?.into())
        }
        5 => Belongs::Erases(seq()?),
        _ => return None,
    })
}

fn read_bytes<'b>(unpack: &mut Unpack<'b>) -> Option<&'b [u8]> {
    let len = usize::try_from(unpack.number()?).ok()?;
    unpack.raw(len)
}
