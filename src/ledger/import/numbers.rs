//! What is told of an import names lines of the file, and never the numbers of events that may not come to be.

use super::{Import, ImportNews};
use crate::claim::Problem;
use crate::seq::Seq;

/// How many contradictions of a source with itself are told.
const CONTRADICTIONS_TOLD_MAX: usize = 100;

impl<'s, 'w: 's> Import<'s, 'w, '_, '_> {
    /// What is wrong, in terms of the file.
    pub(super) fn by_lines(&self, problem: Problem) -> Problem {
        let (reason, hint) =
            (self.with_lines(&problem.reason), problem.hint.as_deref().map(|hint| self.with_lines(hint)));
        Problem { reason, hint, ..problem }
    }

    /// Names the lines of the file in the place of events that are not recorded yet, and may never be.
    pub(super) fn with_lines(&self, text: &str) -> String {
        let mut parts = text.split('#');
        let mut told = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = part.split_at_checked(digits).unwrap_or((part, ""));
            let seq = number.parse().ok().map(Seq).filter(|seq| seq.0 > self.report.head.size);
            match seq.map_or(0, |seq| self.line_of(seq)) {
                0 => told.extend(["#", number]),
                line => told.extend(["line ", &line.to_string()]),
            }
            told.push_str(rest);
        }
        told
    }

    pub(super) fn warn_of_contradictions(&mut self, first_new: Seq, tell: &mut impl FnMut(ImportNews<'_>)) {
        let found = self.stager.contradictions(first_new, CONTRADICTIONS_TOLD_MAX);
        for (earlier, later) in found {
            self.report.warnings += 1;
            let line = self.line_of(later);
            let earlier = match self.line_of(earlier) {
                _ if earlier < first_new => earlier.to_string(),
                line => format!("line {line}"),
            };
            let warning = format!("its source says otherwise of the same day in {earlier}");
            tell(ImportNews::Warning { line, warning: &warning });
        }
    }

    /// The number of the line that added an event.
    fn line_of(&self, seq: Seq) -> u64 {
        let place = self.lines.partition_point(|(last, _)| *last < seq);
        self.lines.get(place).map_or(0, |(_, line)| *line)
    }
}
