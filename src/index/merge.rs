//! Several runs read as one.

use super::key::{Key, Kind};
use super::run::{Run, RunWriter, Scan};
use super::unusable::Unusable;

/// What follows in some runs, in the order of the keys.
pub(super) struct Merged<'r> {
    /// Of the earliest events first.
    scans: Vec<Scan<'r>>,
}

impl<'r> Merged<'r> {
    /// Everything from a key on. The runs stand in the order of their events.
    pub(super) fn new(runs: impl IntoIterator<Item = &'r Run>, from: Key) -> Merged<'r> {
        Merged { scans: runs.into_iter().map(|run| run.scan(from)).collect() }
    }

    /// The next key, whose value is put in the place of `value`.
    pub(super) fn next(&mut self, value: &mut Vec<u8>) -> Result<Option<Key>, Unusable> {
        let mut least: Option<Key> = None;
        for scan in &mut self.scans {
            if let Some(key) = scan.peek()? {
                least = Some(least.map_or(key, |least| least.min(key)));
            }
        }
        let Some(key) = least else { return Ok(None) };
        value.clear();
        for scan in &mut self.scans {
            if scan.peek()? == Some(key) {
                let own = scan.take()?;
                if !key.kind.adds_up() {
                    value.clear();
                }
                value.extend_from_slice(own);
            }
        }
        Ok(Some(key))
    }
}

/// Writes some runs as one.
pub(super) fn merge(runs: &[Run], into: &mut RunWriter<'_>) -> Result<(), Unusable> {
    let (mut all, mut value) = (Merged::new(runs, Key::first_of(Kind::Group)), Vec::new());
    while let Some(key) = all.next(&mut value)? {
        into.put(key, &value).map_err(Unusable::broken)?;
    }
    Ok(())
}
