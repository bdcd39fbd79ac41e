//! Four eyes: what waits until another actor approves it.

use foldhash::HashMap;

use crate::event::{FourEyes, Recorded, SettingChanged, SettingName};
use crate::seq::Seq;

/// What can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::projection) enum Waits {
    Claim,
    Verdict,
}

/// The settings about what waits, and all approvals.
#[derive(Clone, Debug, Default)]
pub(super) struct Review {
    /// The settings, with their events and who entered these.
    pub(super) settings: Vec<(Seq, Seq, FourEyes)>,
    /// The approvals of each event, with who gave them.
    pub(super) approvals: HashMap<Seq, Vec<(Seq, Seq)>>,
}

impl Review {
    pub(super) fn set(&mut self, recorded: &Recorded, setting: &SettingChanged) {
        if let Some(asked) = FourEyes::of_word(&setting.value).filter(|_| setting.name == SettingName::FourEyes) {
            self.settings.push((recorded.seq, recorded.first_actor(), asked));
        }
    }

    pub(super) fn approve(&mut self, recorded: &Recorded, target: Seq) {
        self.approvals.entry(target).or_default().push((recorded.seq, recorded.first_actor()));
    }
}
