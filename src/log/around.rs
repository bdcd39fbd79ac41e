//! Whether a path leads into a ledger.

use std::path::{Path, PathBuf};

use super::disk::{Disk, SystemDisk};
use super::layout::Layout;

/// The folder of the ledger in which a file of this path lies, or would lie once it is made: by the folder that the path
/// names, and by where the path leads. `None`: in no ledger's.
#[must_use]
pub fn ledger_around(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let named = match (absolute.parent(), absolute.file_name()) {
        (Some(folder), Some(name)) => real(folder).join(name),
        _ => real(&absolute),
    };
    let leads_to = real(&absolute);
    let around = leads_to.ancestors().chain(named.ancestors());
    around.into_iter().find(|folder| is_ledger(folder)).map(Path::to_owned)
}

/// Where a path leads, as far as something is there; the rest as it is written.
pub(crate) fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(above), Some(name)) => real(above).join(name),
        // It ends in `..`.
        (Some(above), None) => real(above).parent().map_or_else(|| above.to_owned(), Path::to_owned),
        _ => path.to_owned(),
    }
}

/// Whether a folder is a ledger's, maybe one that lost its first segment.
fn is_ledger(folder: &Path) -> bool {
    let layout = Layout::new(folder);
    let is_there = |path: PathBuf| SystemDisk.is_link(&path) || SystemDisk.is_there(&path).unwrap_or(false);
    is_there(layout.segment(1)) || is_there(layout.lock()) && is_there(layout.log())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_ledger_is_found_by_every_spelling_of_a_path_into_it() {
        let dir = tempfile::tempdir().unwrap();
        let here = dir.path().canonicalize().unwrap();
        let ledger = here.join("ledger");
        fs::create_dir_all(ledger.join("log")).unwrap();
        fs::write(ledger.join("LOCK"), "").unwrap();
        fs::create_dir(here.join("other")).unwrap();
        let found = |path: &str| ledger_around(&here.join(path));
        for path in ["ledger", "ledger/x", "ledger/log/x/y", "other/../ledger/x", "ledger/log/..", "gone/../ledger/x"] {
            assert_eq!(found(path).as_deref(), Some(&*ledger), "{path}");
        }
        for path in ["x", "other/x", "ledger/../x", "ledger.txt", "gone/x"] {
            assert_eq!(found(path), None, "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(ledger.join("log"), here.join("in")).unwrap();
            std::os::unix::fs::symlink(here.join("other"), ledger.join("out")).unwrap();
            for path in ["in", "in/x", "in/../x", "ledger/out", "other/../in/x/y"] {
                assert_eq!(found(path).as_deref(), Some(&*ledger), "{path}");
            }
            assert_eq!(found("ledger/out/../x"), None, "it leads to a file beside the ledger");
        }
    }
}
