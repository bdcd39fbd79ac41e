//! What was recorded before a writer was opened. The View says where something may stand; what is told of it is read from the
//! log, and its place is proven by its path to the newest sealed root. So nothing that a cache says comes into a new event.
//!
//! That something is not there cannot be proven so: that rests on the cache being the user's own.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::HashMap;

use crate::event::LATER_KINDS;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::read::replay::{Stored, stored};
use crate::log::{Fetch, Log, Proven};
use crate::projection::{Row, World};
use crate::seq::Seq;
use crate::tree::{self, Edge};
use crate::view::{Sought, Uses, View};

/// So many events are kept that were read.
const KEPT_MAX: usize = 1 << 16;

/// What was recorded before a writer was opened.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Past {
    dir: PathBuf,
    view: View,
    size: u64,
    edge: Edge,
    read: RefCell<Option<Read>>,
    events: RefCell<HashMap<Seq, Option<Arc<Stored>>>>,
    uses: OnceCell<Uses>,
    /// Something was not in the log as the View says.
    is_doubtful: Cell<bool>,
}

/// The log, open for reading single events.
#[derive(Debug)]
struct Read {
    log: Fetch,
    tree: Proven,
}

impl Past {
    /// What a View says of the log in a folder; the tree under its newest seal has this edge.
    pub(in crate::ledger) fn new(dir: &Path, view: View, edge: Edge) -> Past {
        Past { dir: dir.to_owned(), view, size: edge.size(), edge, ..Past::default() }
    }

    /// How many events there are.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// What all keys share.
    pub(super) fn world(&self) -> &World {
        self.view.world()
    }

    /// Whether an event was erased.
    pub(super) fn is_erased(&self, seq: Seq) -> bool {
        self.view.erased().contains(&seq)
    }

    /// Whether any event was.
    pub(super) fn has_erased(&self) -> bool {
        !self.view.erased().is_empty()
    }

    /// Notes that something is not in the log as the View says: then nothing may be recorded.
    pub(super) fn doubt(&self) {
        self.is_doubtful.set(true);
    }

    /// Whether something was not in the log as the View says.
    pub(super) fn is_doubtful(&self) -> bool {
        self.is_doubtful.get()
    }

    /// The events that may be found by something.
    pub(super) fn found(&self, by: Sought<'_>) -> Vec<Seq> {
        if self.size == 0 {
            return Vec::new();
        }
        self.view.found(by).unwrap_or_else(|_| {
            self.doubt();
            Vec::new()
        })
    }

    /// The rows of a key, and whether other keys are to be read beside it.
    pub(super) fn rows_of(&self, about: (Seq, Seq)) -> (Vec<Row>, bool) {
        if self.size == 0 {
            return (Vec::new(), false);
        }
        self.view.rows_of(about).unwrap_or_else(|_| {
            self.doubt();
            (Vec::new(), false)
        })
    }

    /// Which attributes and words were used.
    pub(super) fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| {
            self.view.uses().unwrap_or_else(|_| {
                self.doubt();
                Uses::default()
            })
        })
    }

    /// An event, proven; `None` if there is none of this number, or none of a kind that is known.
    pub(super) fn event(&self, seq: Seq) -> Option<Arc<Stored>> {
        if !(1..=self.size).contains(&seq.0) {
            return None;
        }
        if let Some(known) = self.events.borrow().get(&seq) {
            return known.clone();
        }
        let event = self.read_event(seq).unwrap_or_else(|_| {
            self.doubt();
            None
        });
        let event = event.map(Arc::new);
        let mut events = self.events.borrow_mut();
        if events.len() >= KEPT_MAX {
            events.clear();
        }
        events.insert(seq, event.clone());
        event
    }

    /// Reads an event from the log and proves it.
    ///
    /// # Errors
    /// `Damaged` if it does not stand there, `Io`.
    fn read_event(&self, seq: Seq) -> Result<Option<Stored>, Error> {
        let misled = || Error::new(ErrorKind::Damaged, format!("{seq} is not in the log as it was"));
        let mut read = self.read.borrow_mut();
        let Read { log, tree } = match &mut *read {
            Some(read) => read,
            unread => unread.insert(self.open(misled)?),
        };
        let offset = |seq| self.view.offset(Seq(seq));
        let place = offset(seq.0).ok_or_else(misled)?;
        let fetched = log.event(seq.0, place)?;
        let leaf = tree::leaf(&fetched.envelope.to_bytes());
        if !tree.holds(log, seq.0, leaf, offset)? {
            return Err(misled());
        }
        if fetched.envelope.kind >= LATER_KINDS {
            return Ok(None);
        }
        // What was erased says nothing, whatever bytes were put back there.
        let payload = fetched.payload.as_deref().filter(|_| !self.is_erased(seq));
        let stored = stored(&fetched.envelope, payload)?;
        Ok(Some(Stored { hash: fetched.link(), offset: place, ..stored }))
    }

    fn open(&self, misled: impl FnOnce() -> Error) -> Result<Read, Error> {
        let log = Log::open(&self.dir)?.fetch()?;
        let roots = self.view.roots().ok();
        let tree = roots.and_then(|roots| Proven::new(self.edge.clone(), roots)).ok_or_else(misled)?;
        Ok(Read { log, tree })
    }
}
