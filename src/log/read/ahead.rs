//! Frames hashed before the walk comes to them, many at once.

use std::collections::VecDeque;

use super::made::Made;
use super::window::Window;
use crate::frame::{self, Cut, RawFrame, Record};
use crate::hash::Lanes;

/// Most frames that are hashed at once.
const FRAMES_MAX: usize = 1024;

/// Hashes of the frames that lie in a window, from where the walk stands.
#[derive(Debug, Default)]
pub(in crate::log) struct Ahead {
    /// Where each frame begins in its segment, and its hashes.
    made: VecDeque<(u64, Made)>,
    /// Which bytes they were made of: how often the window had been filled.
    fills: u64,
}

impl Ahead {
    /// The hashes of the frame at this offset, as it lies in the window now; none if no frame does.
    pub(in crate::log) fn take(&mut self, window: &Window, offset: u64, lanes: Lanes) -> Option<Made> {
        let is_next = |made: &VecDeque<(u64, Made)>| made.front().is_some_and(|(at, _)| *at == offset);
        if self.fills != window.fills() || !is_next(&self.made) {
            self.fills = window.fills();
            self.hash(window.at(offset), offset, lanes);
        }
        if is_next(&self.made) { self.made.pop_front().map(|(_, made)| made) } else { None }
    }

    fn hash(&mut self, bytes: &[u8], offset: u64, lanes: Lanes) {
        let (mut rest, mut at) = (bytes, offset);
        let (mut places, mut frames) = (Vec::new(), Vec::<RawFrame<'_>>::new());
        while let (Cut::Record(record, len), true) = (frame::cut(rest), frames.len() < FRAMES_MAX) {
            if let Record::Frame(raw) = record {
                places.push(at);
                frames.push(raw);
            }
            at += len as u64;
            rest = rest.get(len..).unwrap_or_default();
        }
        self.made = places.into_iter().zip(Made::of(&frames, lanes)).collect();
    }
}
