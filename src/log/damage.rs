//! Damage: one place in the log where the bytes are not what was written.

use std::fmt;

/// One damaged place. Damage is an answer, not a failure: verifying lists it, reading refuses to go past it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub code: Code,
    /// The event that is damaged or missing, where one can be named.
    pub seq: Option<u64>,
    /// The segment, by the number in its file name.
    pub segment: u64,
    /// Where in that file, in bytes: the start of the record.
    pub offset: u64,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Damage {
    /// Damage at a place, with no event named.
    pub(crate) fn new(code: Code, place: Place, expected: impl fmt::Display, found: impl fmt::Display) -> Damage {
        let (expected, found) = (expected.to_string(), found.to_string());
        Damage { code, seq: None, segment: place.segment, offset: place.offset, expected, found }
    }

    /// This damage, naming the event.
    #[must_use]
    pub(crate) fn of(self, seq: u64) -> Damage {
        Damage { seq: Some(seq), ..self }
    }

    /// The place.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { segment: self.segment, offset: self.offset }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(seq) = self.seq {
            write!(f, "#{seq}, ")?;
        }
        let Damage { code, expected, found, .. } = self;
        write!(f, "{}: {}: expected {expected}, found {found}", self.place(), code.meaning())
    }
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The segment, by the number in its file name.
    pub segment: u64,
    /// Offset in that file, in bytes.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {:012} at byte {}", self.segment, self.offset)
    }
}

/// Declares the codes, each with the name that stays for ever and what it means.
macro_rules! codes {
    ($($variant:ident = $name:literal, $meaning:literal;)*) => {
        /// What is wrong with a place; the names are part of the format and stay for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`: ", $meaning, ".")] $variant,)*
        }

        impl Code {
            /// All of them, in the order of `docs/format.md`.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The name, as `--json` and `docs/format.md` have it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),* }
            }

            /// What it means, in words.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning),* }
            }
        }
    };
}

codes! {
    SegmentName = "segment-name", "the file's name is not its first event's number";
    SegmentHeader = "segment-header", "the segment's header was changed";
    SegmentFormat = "segment-format", "the segment is of a later format";
    SegmentLedger = "segment-ledger", "the segment is of another ledger";
    SegmentPrev = "segment-prev", "the segment does not follow on the one before it";
    SegmentMissing = "segment-missing", "events between two segments are missing";
    SegmentOverlap = "segment-overlap", "the segment repeats events of the one before it";
    Guard = "guard", "the two copies of a record's length disagree";
    RecordLength = "record-length", "a record's length is impossible or reaches beyond the segment";
    RecordType = "record-type", "a record is neither a frame nor a seal";
    RecordForm = "record-form", "a record's contents do not fill it";
    Envelope = "envelope", "the envelope was changed: what stands behind it names another link";
    Prev = "prev", "what says on which event or seal the event stands was changed";
    EnvelopeVersion = "envelope-version", "the envelope's version or flags are unknown, or not those due";
    Kind = "kind", "the event's kind is unsupported";
    PayloadLength = "payload-length", "the envelope gives another length of payload";
    Seq = "seq", "the event's number is out of order";
    EventsMissing = "events-missing", "events before this one are missing";
    RecordedAt = "recorded-at", "the event was recorded before the one before it";
    Actor = "actor", "the event names as its actor what is no actor";
    Genesis = "genesis", "event 1, and only event 1, is the genesis";
    Payload = "payload", "the payload or its salt was changed";
    PayloadForm = "payload-form", "the payload is none of its kind, or not in its one spelling";
    About = "about", "the envelope names other things than the payload is about";
    Seal = "seal", "the seal was changed, or is not the one that the next event stands on";
    SealUnexpected = "seal-unexpected", "a seal stands within a commit";
    SealSize = "seal-size", "the seal counts other events";
    SealHead = "seal-head", "the seal's head is not the link of the last event";
    SealRoot = "seal-root", "the seal's root is not the root of the tree";
    SealEmpty = "seal-empty", "the seal closes a commit without events";
    SealMissing = "seal-missing", "events are not closed by a seal";
    SealSignature = "seal-signature", "the seal is not signed as it must be";
    SealRole = "seal-role", "the commit holds an event that the keys of its seal may not record";
    KeyErased = "key-erased", "an event about keys is gone: who may seal cannot be known";
    KeyTwice = "key-twice", "the event authorises a key that is valid already";
    SettingErased = "setting-erased", "an event about a setting is gone: what was asked of writers cannot be known";
    LedgerId = "ledger-id", "the ledger's id is not the link of event 1";
    ErasedUnnamed = "erased-unnamed", "a payload is gone and no later erasure names it";
    ErasureUnfinished = "erasure-unfinished", "an erasure names a payload that is not wholly gone";
    ExpectedHead = "expected-head", "the log does not contain the expected head";
}

impl Code {
    /// Whether it says that a seal is not as it must be, or not there, whoever signed it.
    #[must_use]
    pub fn is_of_seal(self) -> bool {
        use Code::{Seal, SealEmpty, SealHead, SealMissing, SealRoot, SealSize, SealUnexpected};
        matches!(self, Seal | SealUnexpected | SealSize | SealHead | SealRoot | SealEmpty | SealMissing)
    }

    /// Whether a later version of annals wrote it so. An altered byte is told from that by what is linked to it.
    #[must_use]
    pub fn is_of_later_format(self) -> bool {
        matches!(self, Code::SegmentFormat | Code::EnvelopeVersion | Code::Kind)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_stand_for_one_thing() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn a_damage_says_where_and_what() {
        let place = Place { segment: 1, offset: 120 };
        let damage = Damage::new(Code::Seq, place, 7, 8).of(7);
        let text = "#7, segment 000000000001 at byte 120: the event's number is out of order: expected 7, found 8";
        assert_eq!(damage.to_string(), text);
    }
}
