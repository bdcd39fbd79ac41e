//! Moving aside what an interrupted append left behind. Nothing is thrown away, and damage is never touched.

use std::io;
use std::path::{Path, PathBuf};

use crate::log::disk::{Access, DiskFile};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::log::read::tail::TornTail;

/// Bytes that were moved out of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedAside {
    /// Where they are now.
    pub to: PathBuf,
    /// How many they are.
    pub len_bytes: u64,
}

/// The files that were moved aside, ever, in the order of their names.
///
/// # Errors
/// [`Error::Io`] if the log's folder cannot be listed.
pub fn all_moved_aside(dir: &Path) -> Result<Vec<PathBuf>> {
    let layout = Layout::new(dir);
    let mut paths = layout.disk().list(&layout.log()).map_err(Error::io("list", &layout.log()))?;
    let is_aside = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("torn-"));
    paths.retain(is_aside);
    paths.sort_unstable();
    Ok(paths)
}

/// Moves a torn tail and every unpublished segment aside. The caller holds the lock.
pub(in crate::log) fn clear(layout: &Layout, tail: Option<TornTail>, now_us: i64) -> Result<Vec<MovedAside>> {
    let mut moved = Vec::new();
    if let Some(tail) = tail {
        moved.push(move_tail(layout, tail, now_us)?);
    }
    for leftover in layout.list()?.leftovers {
        moved.push(move_leftover(layout, &leftover, now_us)?);
    }
    Ok(moved)
}

/// Copies the tail, makes the copy durable, and only then shortens the segment to its last seal.
fn move_tail(layout: &Layout, tail: TornTail, now_us: i64) -> Result<MovedAside> {
    let path = layout.segment(tail.place.segment);
    let segment = layout.disk().open(&path, Access::Write).map_err(Error::io(DOING, &path))?;
    let (to, copy) = create_unused(layout, tail.place.offset, now_us)?;
    let copied = copy_rest(&*segment, tail, &*copy).and_then(|()| copy.sync());
    copied.map_err(Error::io(DOING, &to))?;
    layout.sync_names()?;
    let cut = segment.set_len(tail.place.offset).and_then(|()| segment.sync());
    cut.map_err(Error::io(DOING, &path))?;
    Ok(MovedAside { to, len_bytes: tail.len_bytes })
}

fn copy_rest(from: &dyn DiskFile, tail: TornTail, to: &dyn DiskFile) -> io::Result<()> {
    let mut bytes = vec![0; COPY_LEN];
    let mut done = 0;
    loop {
        let len = from.read_at(tail.place.offset + done, &mut bytes)?;
        let Some(read) = bytes.get(..len).filter(|read| !read.is_empty()) else { break };
        to.write_at(done, read)?;
        done += len as u64;
    }
    if done == tail.len_bytes { Ok(()) } else { Err(io::Error::other("its length changed meanwhile")) }
}

fn move_leftover(layout: &Layout, leftover: &Path, now_us: i64) -> Result<MovedAside> {
    let (to, _) = create_unused(layout, 0, now_us)?;
    let disk = layout.disk();
    let moved = disk.len_of(leftover).and_then(|len_bytes| disk.rename(leftover, &to).map(|()| len_bytes));
    let len_bytes = moved.map_err(Error::io(DOING, leftover))?;
    layout.sync_names()?;
    Ok(MovedAside { to, len_bytes })
}

/// Creates `torn-OFFSET-TIME`, or with `-2`, `-3` behind it if that name is taken.
fn create_unused(layout: &Layout, offset: u64, now_us: i64) -> Result<(PathBuf, Box<dyn DiskFile>)> {
    let name = format!("torn-{offset}-{now_us}");
    let mut to = layout.log().join(&name);
    for again in 2.. {
        match layout.disk().open(&to, Access::CreateNew) {
            Ok(file) => return Ok((to, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && again < AGAIN_MAX => {
                to = layout.log().join(format!("{name}-{again}"));
            }
            Err(error) => return Err(Error::io(DOING, &to)(error)),
        }
    }
    Err(Error::NotFound(to))
}

/// How much is copied at once, in bytes.
const COPY_LEN: usize = 1 << 20;
const AGAIN_MAX: u32 = 10_000;
const DOING: &str = "move an interrupted append aside (nothing else was changed)";
