//! Files among the segments that are none of the log's.

use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::layout::Layout;

/// The files in a log's folder that annals did not put there, by their names: other programs' copies of segments among them.
///
/// # Errors
/// [`Error::Io`] if the folder cannot be listed.
pub fn strange_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let layout = Layout::new(dir);
    let mut paths = layout.disk().list(&layout.log()).map_err(Error::io("list", &layout.log()))?;
    let listing = layout.list()?;
    let is_aside = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("torn-"));
    let is_segment = |path: &Path| listing.segments.iter().any(|number| layout.segment(*number) == path);
    paths.retain(|path| !is_aside(path) && !is_segment(path) && !listing.leftovers.contains(path));
    paths.sort_unstable();
    Ok(paths)
}
