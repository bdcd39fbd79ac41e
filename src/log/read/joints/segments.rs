//! Fitting segments to each other.

use super::Joints;
use crate::chain::Hash;
use crate::frame::{Header, HeaderFault};
use crate::log::damage::{Code, Damage, Place};

impl Joints {
    /// A segment begins.
    pub(crate) fn header(&mut self, place: Place, header: Result<Header, HeaderFault>) {
        self.find_at(place);
        let number = place.segment;
        let is_named = header.is_ok_and(|header| header.first_seq == number);
        self.fit.take_if(|fit| !is_named || header.is_ok_and(|header| fit.segment(place, &header).is_err()));
        let mut is_foreign = false;
        let first_seq = match header {
            Ok(header) => {
                if header.first_seq != number {
                    self.add(Damage::new(Code::SegmentName, place, header.first_seq, number).of(number));
                }
                is_foreign = self.check_ledger(place, &header);
                header.first_seq
            }
            Err(fault) => {
                let later = matches!(fault, HeaderFault::Format(_));
                let code = if later { Code::SegmentFormat } else { Code::SegmentHeader };
                self.add(Damage::new(code, place, "a segment's header", fault).of(number));
                number
            }
        };
        self.follow_on(place, first_seq);
        self.behind.is_foreign = is_foreign;
        self.whole &= !is_foreign;
        match header {
            Ok(header) => self.check_prev(place, &header),
            Err(HeaderFault::Format(_) | HeaderFault::Short) => self.behind.is_lost = true,
            Err(_) => {}
        }
    }

    /// Says whether it is of another ledger.
    fn check_ledger(&mut self, place: Place, header: &Header) -> bool {
        let ledger = *self.ledger.get_or_insert(header.ledger);
        if ledger != header.ledger {
            self.add(Damage::new(Code::SegmentLedger, place, ledger, header.ledger).of(header.first_seq));
        }
        ledger != header.ledger
    }

    /// Checks that no events are missing between the segments, and none repeated.
    fn follow_on(&mut self, place: Place, first_seq: u64) {
        let due = self.due;
        if self.behind.is_lost || first_seq == due {
            return;
        }
        let code = if first_seq > due { Code::SegmentMissing } else { Code::SegmentOverlap };
        self.add(Damage::new(code, place, due, first_seq).of(due));
        self.flush();
        self.due = first_seq;
    }

    fn check_prev(&mut self, place: Place, header: &Header) {
        if self.behind.is_lost {
            return;
        }
        if header.first_seq == 1 && header.prev != Hash::ZERO {
            self.add(Damage::new(Code::SegmentPrev, place, Hash::ZERO, header.prev).of(1));
            return;
        }
        self.behind.header = Some((place, header.prev));
    }

    /// A segment ends here; only in the last one may events be left without a seal, and in none is there no seal at
    /// all. Where bytes were skipped, the seal may have been among them.
    pub(crate) fn end(&mut self, place: Place, is_last: bool) {
        self.find_at(place);
        self.fit.take_if(|fit| fit.is_open());
        let has_seal = self.sealed.as_ref().is_some_and(|sealed| sealed.end.segment == place.segment);
        let left = match self.unsealed {
            None if !has_seal => Some((self.due, place)),
            Some(unsealed) if !is_last => Some(unsealed),
            _ => return,
        };
        if let (false, Some((seq, place))) = (self.behind.is_lost, left) {
            self.add(Damage::new(Code::SealMissing, place, "a seal behind it", "none").of(seq));
        }
        self.unsealed = None;
    }
}
