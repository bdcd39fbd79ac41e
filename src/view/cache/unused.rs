//! Why a cache is not used. Never an error: the ledger is read without it.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a cache is not used, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    why: String,
    hint: String,
}

impl Unused {
    fn new(path: &Path, what: &str, hint: impl Into<String>) -> Unused {
        Unused { why: format!("{} {what}", path.display()), hint: hint.into() }
    }

    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Unused {
        Unused::new(path, &format!("cannot be used: {error}"), ELSEWHERE)
    }

    pub(super) fn link(path: &Path) -> Unused {
        Unused::new(path, "is a link", "remove the link, or name another folder with --cache DIR")
    }

    pub(super) fn of_another(path: &Path) -> Unused {
        Unused::new(path, "belongs to another user, who could put false answers there", ELSEWHERE)
    }

    pub(super) fn open_to_others(path: &Path) -> Unused {
        let hint = format!("`chmod go-w {}`, or name another folder with --cache DIR", path.display());
        Unused::new(path, "may be written by others, who could put false answers there", hint)
    }

    pub(super) fn inside(path: &Path, ledger: &Path) -> Unused {
        let what = format!("is inside the ledger {}, which is copied and published", ledger.display());
        Unused::new(path, &what, ELSEWHERE)
    }

    /// A file among the runs that annals cannot have made so.
    pub(super) fn file(path: &Path, why: &io::Error) -> Unused {
        Unused::new(path, &why.to_string(), "look at the file, remove it, and ask again")
    }

    #[cfg(not(unix))]
    pub(super) fn untold() -> Unused {
        let why = "this system does not tell who may write to a folder".to_owned();
        Unused { why, hint: "`--cache none` leaves this note out".to_owned() }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

const ELSEWHERE: &str = "name a folder of your own with --cache DIR, or none with --cache none";

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Unused {}
