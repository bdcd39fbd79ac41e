//! Words that several answers share.

use annals::projection::{Dropped, RecordedBy};

/// By when it had been recorded.
pub(super) fn recorded_text(recorded: RecordedBy) -> String {
    match recorded {
        RecordedBy::Day(day) => day.to_string(),
        RecordedBy::Micros(micros) => annals::exchange::instant_text(micros),
        RecordedBy::Seq(seq) => seq.to_string(),
    }
}

/// Why a claim is not used.
pub(crate) fn dropped_text(why: Dropped) -> String {
    match why {
        Dropped::Retracted { .. } => "retracted".to_owned(),
        Dropped::Corrected { successor } => format!("corrected, see {successor}"),
        Dropped::CorrectionDoesNotApply => "its correction was taken back or not yet said".to_owned(),
        Dropped::RatedFalse { .. } => "rated false".to_owned(),
        Dropped::NotYetSaid => "said later".to_owned(),
        Dropped::PossiblyKnown => "possibly known, its saying is not dated".to_owned(),
        Dropped::Erased => "erased".to_owned(),
    }
}
