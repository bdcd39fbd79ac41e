//! The names on a disk: what programs see, and what would be left after a power cut.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::bytes::Kept;

/// What a name stands for; files by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Folder,
    File(usize),
}

/// One change; a rename is done whole or not at all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Naming {
    Add(PathBuf, Node),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf, Node),
}

impl Naming {
    fn path(&self) -> &Path {
        match self {
            Naming::Add(path, _) | Naming::Remove(path) | Naming::Rename(path, ..) => path,
        }
    }

    fn make(self, names: &mut BTreeMap<PathBuf, Node>) {
        match self {
            Naming::Add(path, node) => drop(names.insert(path, node)),
            Naming::Remove(path) => drop(names.remove(&path)),
            Naming::Rename(from, to, node) => {
                names.remove(&from);
                names.insert(to, node);
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Names {
    seen: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
    /// Changes whose folder was not synced since.
    pending: Vec<Naming>,
}

impl Names {
    pub(crate) fn file(&self, path: &Path) -> io::Result<usize> {
        match self.seen.get(path) {
            Some(Node::File(number)) => Ok(*number),
            Some(Node::Folder) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    pub(crate) fn is_there(&self, path: &Path) -> bool {
        path.parent().is_none() || self.seen.contains_key(path)
    }

    pub(crate) fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        if !is_folder(&self.seen, folder) {
            return Err(ErrorKind::NotFound.into());
        }
        Ok(self.seen.keys().filter(|path| path.parent() == Some(folder)).cloned().collect())
    }

    pub(crate) fn may_add(&self, path: &Path) -> io::Result<()> {
        match path.parent() {
            Some(above) if !is_folder(&self.seen, above) => Err(ErrorKind::NotFound.into()),
            Some(_) if !self.is_there(path) => Ok(()),
            _ => Err(ErrorKind::AlreadyExists.into()),
        }
    }

    pub(crate) fn change(&mut self, naming: Naming) {
        naming.clone().make(&mut self.seen);
        self.pending.push(naming);
    }

    pub(crate) fn sync(&mut self, folder: &Path) {
        let is_in = |naming: &Naming| naming.path().parent() == Some(folder);
        let (synced, pending): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pending).into_iter().partition(is_in);
        self.pending = pending;
        for naming in synced {
            naming.make(&mut self.durable);
        }
    }

    pub(crate) fn pending(&self) -> impl Iterator<Item = Option<Range<usize>>> {
        self.pending.iter().map(|_| None)
    }

    pub(crate) fn cut_power(&mut self, kept: &mut impl Iterator<Item = Kept>) {
        for (naming, kept) in std::mem::take(&mut self.pending).into_iter().zip(kept) {
            if kept != Kept::Nothing {
                naming.make(&mut self.durable);
            }
        }
        let durable = self.durable.clone();
        self.durable.retain(|path, _| path.ancestors().skip(1).all(|above| is_folder(&durable, above)));
        self.seen = self.durable.clone();
    }
}

fn is_folder(names: &BTreeMap<PathBuf, Node>, path: &Path) -> bool {
    path.parent().is_none() || names.get(path) == Some(&Node::Folder)
}
