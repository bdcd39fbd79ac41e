//! What is gathered of a commit before its end is known: in memory, and beyond so many events in a file.
//!
//! The file has no name any more when the first byte is written: whatever becomes of the process, it goes with it.

use std::io;
use std::path::{Path, PathBuf};

use super::batch::Batch;
use super::files::nameless;
use super::unusable::Unusable;
use crate::log::disk::DiskFile;
use crate::pack::{Pack, Unpack};

/// Events in the order of the log, not put in yet.
#[derive(Debug)]
pub struct Gathered {
    /// Of the index.
    folder: PathBuf,
    events_max: usize,
    in_memory: Vec<Batch>,
    /// How many events these are.
    count: usize,
    file: Option<Box<dyn DiskFile>>,
    /// What was written at a time: where it ends in the file, and how long each batch is, in bytes.
    aside: Vec<Vec<u64>>,
    len_bytes: u64,
}

/// Some of what was gathered, in a row.
#[derive(Debug)]
pub struct Part {
    /// The events.
    pub batches: Vec<Batch>,
    /// Whether nothing follows.
    pub is_last: bool,
}

impl Gathered {
    /// Nothing yet, for the index in this folder; about so many events at most are held in memory.
    #[must_use]
    pub fn new(folder: &Path, events_max: usize) -> Gathered {
        let folder = folder.to_owned();
        Gathered { folder, events_max, in_memory: Vec::new(), count: 0, file: None, aside: Vec::new(), len_bytes: 0 }
    }

    /// Adds the next events.
    ///
    /// # Errors
    /// [`Unusable`] if they cannot be set aside: all is lost then.
    pub fn push(&mut self, mut batch: Batch) -> Result<(), Unusable> {
        batch.join_leaves();
        self.count += batch.len();
        self.in_memory.push(batch);
        if self.count > self.events_max { self.set_aside().map_err(Unusable::broken) } else { Ok(()) }
    }

    /// Takes everything out, as many events at a time as may be in memory.
    pub fn take(&mut self) -> impl Iterator<Item = Result<Part, Unusable>> + use<> {
        let Gathered { in_memory, file, aside, .. } =
            std::mem::replace(self, Gathered::new(&self.folder, self.events_max));
        let (mut offset, has_rest) = (0, !in_memory.is_empty());
        let count = aside.len();
        let from_file = aside.into_iter().enumerate().map(move |(place, lens)| {
            let read = |len: u64| {
                let batch = read_batch(file.as_deref(), offset, len);
                offset += len;
                batch
            };
            let batches = lens.into_iter().map(read).collect::<Result<_, _>>()?;
            Ok(Part { batches, is_last: !has_rest && place + 1 == count })
        });
        from_file.chain(has_rest.then_some(Ok(Part { batches: in_memory, is_last: true })))
    }

    fn set_aside(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => nameless(&self.folder)?,
        };
        let (mut lens, mut pack) = (Vec::with_capacity(self.in_memory.len()), Pack::default());
        for batch in self.in_memory.drain(..) {
            pack.clear();
            batch.put(&mut pack);
            file.write_at(self.len_bytes, pack.bytes())?;
            let len = pack.bytes().len() as u64;
            self.len_bytes += len;
            lens.push(len);
        }
        self.count = 0;
        self.aside.push(lens);
        self.file = Some(file);
        Ok(())
    }
}

fn read_batch(file: Option<&dyn DiskFile>, offset: u64, len: u64) -> Result<Batch, Unusable> {
    let broken = || Unusable::broken("what was set aside is not readable");
    let mut bytes = vec![0; usize::try_from(len).map_err(|_| broken())?];
    let filled = file.ok_or_else(broken)?.read_at(offset, &mut bytes).map_err(Unusable::broken)?;
    let mut unpack = Unpack(&bytes);
    let batch = Batch::read(&mut unpack).filter(|_| unpack.is_empty() && filled == bytes.len());
    batch.ok_or_else(broken)
}
