//! Whether something still waits for approval by another actor.

use super::horizon::Known;
use super::review::Waits;
use super::world::World;
use crate::event::FourEyes;
use crate::seq::Seq;

impl World {
    /// The first approval of an event by another than who entered it; one's own is passed over.
    fn approval(&self, target: Seq, entered_by: Seq, last: Seq) -> Option<Seq> {
        let all = self.review.approvals.get(&target)?.iter();
        let mut good = all.filter(|(seq, by)| *seq <= last && *by != entered_by);
        good.find(|(seq, _)| !self.is_taken_back(*seq, last, None)).map(|(seq, _)| *seq)
    }

    /// What the setting asked for when an event was recorded. While anything has to wait, a change of the setting waits too.
    fn asked_at(&self, seq: Seq, last: Seq) -> FourEyes {
        let mut asked = FourEyes::Off;
        for (changed, by, to) in self.review.settings.iter().take_while(|(changed, ..)| *changed < seq) {
            let is_in_force = || self.approval(*changed, *by, last).is_some_and(|approved| approved < seq);
            if asked == FourEyes::Off || is_in_force() {
                asked = *to;
            }
        }
        asked
    }
}

impl Known<'_> {
    /// Whether an event still waits for approval by another than who entered it.
    pub(in crate::projection) fn is_waiting(&self, seq: Seq, entered_by: Seq, what: Waits) -> bool {
        if self.world.review.settings.is_empty() {
            return false;
        }
        let waits = match self.world.asked_at(seq, self.last) {
            FourEyes::Off => false,
            FourEyes::Claims => what == Waits::Claim,
            FourEyes::Verdicts => what == Waits::Verdict,
            FourEyes::All => true,
        };
        waits && self.world.approval(seq, entered_by, self.last).is_none()
    }
}
