//! A disk in memory that does to a program whatever a disk may do.

use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::bytes::{Bytes, Kept};
use super::fault::{Fault, Kind, Part};
use super::names::{Names, Naming, Node};
use crate::log::disk::{Access, Disk, DiskFile};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Health {
    #[default]
    Well,
    Full,
    Dead,
}

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Grow,
    Overwrite,
    Make,
    Sync,
    Name,
}

#[derive(Clone, Debug, Default)]
struct State {
    names: Names,
    files: Vec<Bytes>,
    fault: Option<Fault>,
    calls: usize,
    health: Health,
}

/// The disk; handles share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultyDisk(Arc<Mutex<State>>);

impl FaultyDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// A disk of its own that is as this one is now.
    pub(crate) fn fork(&self) -> FaultyDisk {
        FaultyDisk(Arc::new(Mutex::new(self.state().clone())))
    }

    /// Lets a fault happen.
    pub(crate) fn arm(&self, fault: Fault) {
        let mut state = self.state();
        (state.fault, state.calls) = (Some(fault), 0);
    }

    /// Disarms the fault and says whether it has happened. There is space again, and another process may go on.
    pub(crate) fn relieve(&self) -> bool {
        let mut state = self.state();
        state.health = Health::Well;
        state.fault.take().is_none()
    }

    /// How many calls have changed something since the last fault was armed.
    pub(crate) fn calls(&self) -> usize {
        self.state().calls
    }

    /// What a power cut may keep or lose: of each write that was not synced where it begins and ends; none for others.
    pub(crate) fn pending(&self) -> Vec<Option<Range<usize>>> {
        let state = self.state();
        let writes = state.files.iter().flat_map(Bytes::pending);
        writes.chain(state.names.pending()).collect()
    }

    /// Power fails and comes back. What is not durable is kept as said, in the order of [`FaultyDisk::pending`].
    pub(crate) fn cut_power(&self, kept: &[Kept]) {
        let mut state = self.state();
        let mut kept = kept.iter().copied().chain(std::iter::repeat(Kept::Nothing));
        for file in &mut state.files {
            file.cut_power(&mut kept);
        }
        state.names.cut_power(&mut kept);
        (state.health, state.fault) = (Health::Well, None);
    }

    /// Whether a power cut may leave the same of both.
    pub(crate) fn is_as(&self, other: &FaultyDisk) -> bool {
        let (one, other) = (self.fork(), other.fork());
        let (one, other) = (one.state(), other.state());
        one.names == other.names && one.files == other.files
    }

    /// All bytes of a file.
    pub(crate) fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.state();
        Some(state.files[state.names.file(path).ok()?].seen.clone())
    }
}

impl State {
    fn alive(&self) -> io::Result<()> {
        if self.health == Health::Dead { Err(io::Error::other("nothing works any more")) } else { Ok(()) }
    }

    /// How much of a call is done, and what it answers.
    fn fate(&mut self, call: Call) -> io::Result<(Part, io::Result<()>)> {
        self.alive()?;
        let is_due = self.fault.is_some_and(|fault| fault.after == self.calls);
        self.calls += 1;
        let failed = || io::Error::other("the disk does not do it");
        let fault = self.fault.filter(|_| is_due);
        if is_due {
            self.fault = None;
        }
        let full = (Part::Nothing, Err(ErrorKind::StorageFull.into()));
        Ok(match fault.map(|fault| (fault.kind, fault.part)) {
            None if self.health == Health::Full && matches!(call, Call::Grow | Call::Make) => full,
            None => (Part::Whole, Ok(())),
            Some((Kind::Full, part)) => {
                self.health = Health::Full;
                match call {
                    Call::Grow => (part, full.1),
                    Call::Make => full,
                    _ => (Part::Whole, Ok(())),
                }
            }
            Some((Kind::Fails, _)) if matches!(call, Call::Make | Call::Name) => (Part::Nothing, Err(failed())),
            Some((Kind::Fails, part)) => (part, Err(failed())),
            Some((kind, part)) => {
                self.health = Health::Dead;
                let unsynced = if call == Call::Sync { Part::Nothing } else { Part::Whole };
                (if kind == Kind::Kill { part } else { unsynced }, Err(failed()))
            }
        })
    }

    fn change(&mut self, call: Call, naming: Naming) -> io::Result<()> {
        let (part, result) = self.fate(call)?;
        if part == Part::Whole {
            self.names.change(naming);
        }
        result
    }

    fn add(&mut self, path: &Path, node: Node) -> io::Result<()> {
        self.names.may_add(path)?;
        self.change(Call::Make, Naming::Add(path.to_owned(), node))
    }
}

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.alive()?;
        let is_there = state.names.file(path).is_ok();
        if access == Access::CreateNew || (access == Access::Create && !is_there) {
            let number = state.files.len();
            state.files.push(Bytes::default());
            state.add(path, Node::File(number))?;
        }
        Ok(Box::new(FaultyFile { disk: self.clone(), number: state.names.file(path)? }))
    }

    fn len_of(&self, path: &Path) -> io::Result<u64> {
        let state = self.state();
        state.alive()?;
        Ok(state.files[state.names.file(path)?].seen.len() as u64)
    }

    fn is_there(&self, path: &Path) -> io::Result<bool> {
        let state = self.state();
        state.alive()?;
        Ok(state.names.is_there(path))
    }

    fn is_link(&self, _: &Path) -> bool {
        false
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.state();
        state.alive()?;
        state.names.list(folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let node = Node::File(state.names.file(from)?);
        state.change(Call::Name, Naming::Rename(from.to_owned(), to.to_owned(), node))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.names.file(path)?;
        state.change(Call::Name, Naming::Remove(path.to_owned()))
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.state().add(folder, Node::Folder)
    }

    /// One that fails keeps the names for the next: it is a file's bytes that are dropped.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        let (part, result) = state.fate(Call::Sync)?;
        if part == Part::Whole {
            state.names.sync(folder);
        }
        result
    }
}

#[derive(Debug)]
struct FaultyFile {
    disk: FaultyDisk,
    number: usize,
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap()
}

impl DiskFile for FaultyFile {
    fn len_bytes(&self) -> io::Result<u64> {
        let state = self.disk.state();
        state.alive()?;
        Ok(state.files[self.number].seen.len() as u64)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let state = self.disk.state();
        state.alive()?;
        let rest = state.files[self.number].seen.get(number(offset)..).unwrap_or_default();
        let len = rest.len().min(into.len());
        into[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let grows = state.files[self.number].seen.len() < number(offset) + bytes.len();
        let (part, result) = state.fate(if grows { Call::Grow } else { Call::Overwrite })?;
        let done = match part {
            Part::Nothing => 0,
            Part::Half => bytes.len() / 2,
            Part::Whole => bytes.len(),
        };
        state.files[self.number].write(number(offset), &bytes[..done]);
        result
    }

    fn set_len(&self, len_bytes: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        let (part, result) = state.fate(Call::Overwrite)?;
        if part == Part::Whole {
            state.files[self.number].set_len(number(len_bytes));
        }
        result
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.state();
        let (part, result) = state.fate(Call::Sync)?;
        let is_alive = state.health != Health::Dead;
        match (part, &result) {
            (Part::Whole, _) => state.files[self.number].sync(),
            (_, Err(_)) if is_alive => state.files[self.number].fail_to_sync(),
            _ => {}
        }
        result
    }

    fn lock(&self) -> io::Result<()> {
        Ok(())
    }

    fn try_lock(&self) -> io::Result<bool> {
        Ok(true)
    }
}
