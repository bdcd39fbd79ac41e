//! Reading what is left of a damaged log, and naming what is damaged.

use foldhash::HashSet;

use super::blocks::{Block, Blocks, Item};
use super::diagnose::find_damages;
use super::frame::{Body, Frame};
use super::joints::Joints;
use super::log::Log;
use super::scan::End;
use crate::frame::{Envelope, HeaderFault, Seal};
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::Error;
use crate::log::layout::misnamed;

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
        let (joints, tail) = find_damages(layout, &listing.segments, 1)?;
        let (mut struck, size) =
            (Struck::behind_seals_of(&joints), joints.sealed().map_or(0, |sealed| sealed.head.size));
        let mut damages: Vec<Damage> = listing.misnamed.iter().map(|path| misnamed(path)).collect();
        damages.append(&mut joints.finish().0);
        struck.by(&damages);
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
        let end = End { cursor: None, tail, leftovers: listing.leftovers };
        Ok(Despite { damages, unread: unread.all, size, end })
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
    /// What nothing vouches for, and what no seal closes.
    fn behind_seals_of(joints: &Joints) -> Struck {
        let begin = Place { segment: 0, offset: 0 };
        Struck {
            places: joints.unproved().iter().copied().collect(),
            foreign: HashSet::default(),
            unsealed: joints.sealed().map_or(begin, |sealed| sealed.end),
        }
    }

    /// What is damaged.
    fn by(&mut self, damages: &[Damage]) {
        let of = |wanted: fn(Code) -> bool| damages.iter().filter(move |damage| wanted(damage.code));
        self.places.extend(of(changes_the_record).map(Damage::place));
        self.foreign.extend(of(|code| code == Code::SegmentLedger).map(|damage| damage.segment));
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
