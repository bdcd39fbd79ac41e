//! The position of an event in the ledger.

use std::fmt;

/// Position of an event, counted from 1 (the genesis).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl Seq {
    /// Reads `#88` or `88`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Seq> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        all_digits.then(|| digits.parse().ok().map(Seq)).flatten()
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.width().is_none() && f.precision().is_none() {
            return write!(f, "#{}", self.0);
        }
        f.pad(&format!("#{}", self.0))
    }
}

impl fmt::Debug for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
