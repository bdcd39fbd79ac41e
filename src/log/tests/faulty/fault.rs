//! What can go wrong, and when.

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The power fails. What was not synced is kept in any part: see [`FaultyDisk::cut_power`].
    PowerCut,
    /// The process is killed; what it has done stays to be seen.
    Kill,
    /// One call fails. A sync that fails drops what it should have written.
    Fails,
    /// There is no space left.
    Full,
}

/// How much of the call is done all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Nothing,
    /// Of a write, the first half; of others, nothing.
    Half,
    Whole,
}

/// A fault at one of the calls that change something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// How many calls go well before.
    pub(crate) after: usize,
    pub(crate) kind: Kind,
    pub(crate) part: Part,
}
