//! Reading what is left of a damaged log, and naming what is damaged.

use foldhash::HashSet;

use super::blocks::{Block, Blocks, Item};
use super::commit::{Body, Frame};
use super::damage::{Code, Damage, Place};
use super::error::{Error, Result};
use super::joints::{Hashed, Joints};
use super::layout::{Layout, misnamed};
use super::scan::{End, Log};
use super::tail;
use super::window::{SegmentFile, Window};
use crate::frame::{Envelope, HeaderFault, Seal};
use crate::tree::{self, Edge};

/// What a scan despite damage shows, in the order of the log.
#[derive(Debug)]
pub enum Intact<'a> {
    /// An event that is itself as it was written.
    Frame(Frame<'a>),
    /// The end of a commit, of which events may be missing, and where it stands.
    Seal(Place, Seal),
}

/// Bytes of a segment in which there may be events that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where they begin.
    pub from: Place,
    /// Where they end, in bytes from the segment's beginning.
    pub until: u64,
}

/// What a scan despite damage found besides what it showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Despite {
    /// The damaged places, in order.
    pub damages: Vec<Damage>,
    /// What could not be read, in order.
    pub unread: Vec<Unread>,
    /// How many events there are, missing ones among them, as the last seal has it.
    pub size: u64,
    /// How the log ends; without a cursor, for nothing may be appended to a damaged log.
    pub end: End,
}

impl Log {
    /// Shows every sealed event that is itself intact to `see`, whatever is damaged around it, and then says what is
    /// damaged. The log is read twice: an event is only known to be intact once the next one has been seen. If that is
    /// lost, the payload vouches for it. Where segments overlap, an event may be shown twice.
    ///
    /// # Errors
    /// [`Error::Io`], and whatever `see` returns.
    pub fn scan_despite_damage<E: From<Error>>(
        &self,
        mut see: impl FnMut(&Intact<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Despite, E> {
        let layout = self.layout();
        let listing = layout.list()?;
        let mut found = find_damages(layout, &listing.segments, 1)?;
        found.damages.splice(0..0, listing.misnamed.iter().map(|path| misnamed(path)));
        let struck = Struck::by(&found);
        let mut unread = Gaps::default();
        let mut blocks = Blocks::new(layout, &listing.segments);
        let mut block = Block::default();
        while blocks.next(&mut block)? {
            for item in block.items() {
                unread.item(&item, &struck);
                match item {
                    Item::Frame(place, raw) if !struck.is(place) => {
                        let envelope = Envelope::fields_of(raw.envelope);
                        let body = Body::of_checked(&raw, envelope.commitment);
                        see(&Intact::Frame(Frame::new(place, envelope, raw, body)))?;
                    }
                    Item::Seal(place, seal, _) if !struck.is(place) => see(&Intact::Seal(place, seal))?,
                    _ => {}
                }
            }
        }
        let tail = found.tail.map(|place| torn(layout, place)).transpose()?.flatten();
        let end = End { cursor: None, tail, leftovers: listing.leftovers };
        Ok(Despite { damages: found.damages, unread: unread.all, size: found.size, end })
    }
}

/// What must not be shown.
struct Struck {
    places: HashSet<Place>,
    /// Segments of another ledger.
    foreign: HashSet<u64>,
    /// Nothing from here on is sealed.
    unsealed: Place,
}

impl Struck {
    fn by(found: &Found) -> Struck {
        let of = |wanted: fn(Code) -> bool| found.damages.iter().filter(move |damage| wanted(damage.code));
        Struck {
            places: of(changes_the_record).map(Damage::place).chain(found.unproved.iter().copied()).collect(),
            foreign: of(|code| code == Code::SegmentLedger).map(|damage| damage.segment).collect(),
            unsealed: found.sealed_end,
        }
    }

    fn is(&self, place: Place) -> bool {
        place >= self.unsealed || self.foreign.contains(&place.segment) || self.places.contains(&place)
    }
}

/// Whether the record itself is not as it was written; the other findings at a record are of what is around it.
fn changes_the_record(code: Code) -> bool {
    !matches!(code, Code::Guard | Code::EventsMissing | Code::SealMissing | Code::SealEmpty)
}

/// Gathers the bytes that are not shown.
#[derive(Default)]
struct Gaps {
    all: Vec<Unread>,
    /// Where bytes begin that are not shown.
    open: Option<Place>,
}

impl Gaps {
    fn item(&mut self, item: &Item<'_>, struck: &Struck) {
        let (place, is_shown) = match item {
            Item::Header(place, Err(HeaderFault::Format(_) | HeaderFault::Short)) => (*place, false),
            Item::Header(place, _) | Item::End(place, _) | Item::Seal(place, ..) => (*place, true),
            Item::Fault(damage) => (damage.place(), false),
            Item::Frame(place, _) => (*place, !struck.is(*place)),
        };
        if !is_shown && place < struck.unsealed {
            self.open.get_or_insert(place);
        } else if let Some(from) = self.open.take().filter(|from| from.offset < place.offset) {
            self.all.push(Unread { from, until: place.offset });
        }
    }
}

/// Names the damage in one segment more exactly than a reader can, who stops at the first thing that does not fit.
pub(super) fn diagnose(layout: &Layout, segment: u64, seen: Damage) -> Damage {
    match find_damages(layout, &[segment], segment) {
        Ok(found) => found.damages.into_iter().next().unwrap_or(seen),
        Err(_) => seen,
    }
}

/// What the first reading finds.
struct Found {
    damages: Vec<Damage>,
    unproved: Vec<Place>,
    /// Where the sealed part of the log ends, if a torn tail follows on it.
    tail: Option<Place>,
    /// Where the last seal ends; without a seal, where the log begins.
    sealed_end: Place,
    /// How many events there are up to it.
    size: u64,
}

/// All damages, and how the log ends. A torn tail is left out of it.
fn find_damages(layout: &Layout, segments: &[u64], first_seq: u64) -> Result<Found> {
    let last = segments.last().copied().unwrap_or_default();
    let mut joints = fit(Blocks::new(layout, segments), first_seq)?;
    let ends = [joints.doubtful_commit(), joints.sealed().map(|sealed| sealed.end)];
    let mut tail = None;
    for end in ends.into_iter().flatten().filter(|end| end.segment == last) {
        tail = tail.or(torn(layout, end)?.map(|tail| tail.place));
    }
    if let Some(tail) = tail {
        joints = fit(Blocks::new(layout, segments).until(tail), first_seq)?;
    }
    let begin = (0, Place { segment: 0, offset: 0 });
    let (size, sealed_end) = joints.sealed().map_or(begin, |sealed| (sealed.head.size, sealed.end));
    let unproved = joints.unproved().to_vec();
    Ok(Found { damages: joints.finish().0, unproved, tail, sealed_end, size })
}

/// Fits everything to each other.
fn fit(mut blocks: Blocks, first_seq: u64) -> Result<Joints> {
    let mut joints = Joints::new(first_seq, usize::MAX);
    let (mut edge, mut block) = ((first_seq == 1).then(Edge::new), Block::default());
    while blocks.next(&mut block)? {
        for item in block.items() {
            match item {
                Item::Header(place, header) => joints.header(place, header),
                Item::Frame(place, raw) => {
                    if let Some(edge) = &mut edge {
                        edge.push(tree::leaf(raw.envelope));
                    }
                    joints.frame(Hashed::new(place, &raw));
                }
                Item::Seal(place, seal, end) => {
                    let believed = edge.as_ref().filter(|edge| joints.whole() && edge.size() == joints.size());
                    let (digest, root) = (seal.digest(), believed.map(Edge::root));
                    joints.seal(place, end, seal, digest, root);
                }
                Item::Fault(damage) => joints.fault(damage),
                Item::End(place, is_last) => joints.end(place, is_last),
            }
        }
    }
    Ok(joints)
}

/// The torn tail behind the last seal, if there is one and it is no damage.
pub(crate) fn torn(layout: &Layout, end: Place) -> Result<Option<tail::TornTail>> {
    let file = SegmentFile::open(layout, end.segment)?;
    match tail::judge(&file, &mut Window::default(), end.offset) {
        Err(Error::Damaged(_)) => Ok(None),
        judged => judged,
    }
}
