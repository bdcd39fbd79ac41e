//! Moving aside what an interrupted append left behind. Nothing is thrown away, and damage is never touched.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::layout::{Layout, sync_dir};
use super::tail::TornTail;
use super::writer::Writer;

/// Bytes that were moved out of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedAside {
    /// Where they are now.
    pub to: PathBuf,
    /// How many they are.
    pub len_bytes: u64,
}

/// Moves aside what an interrupted append left behind, and says what and where. `now_us` names the files.
///
/// # Errors
/// As [`Writer::open`]: a damaged log is left exactly as it is.
pub fn repair(dir: &Path, now_us: i64) -> Result<Vec<MovedAside>> {
    Writer::open(dir, now_us).map(|writer| writer.moved_aside().to_vec())
}

/// Moves a torn tail and every unpublished segment aside. The caller holds the lock.
pub(super) fn clear(layout: &Layout, tail: Option<TornTail>, now_us: i64) -> Result<Vec<MovedAside>> {
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
    let mut segment = OpenOptions::new().read(true).write(true).open(&path).map_err(Error::io(DOING, &path))?;
    let (to, mut copy) = create_unused(layout, tail.place.offset, now_us)?;
    let copied = segment.seek(SeekFrom::Start(tail.place.offset)).and_then(|_| {
        let len_bytes = io::copy(&mut (&segment).take(tail.len_bytes), &mut copy)?;
        copy.sync_all().map(|()| len_bytes)
    });
    let len_bytes = copied.map_err(Error::io(DOING, &to))?;
    sync_dir(&layout.log())?;
    let cut = segment.set_len(tail.place.offset).and_then(|()| segment.sync_all());
    cut.map_err(Error::io(DOING, &path))?;
    Ok(MovedAside { to, len_bytes })
}

fn move_leftover(layout: &Layout, leftover: &Path, now_us: i64) -> Result<MovedAside> {
    let doing = Error::io(DOING, leftover);
    let (to, _) = create_unused(layout, 0, now_us)?;
    let moved = fs::metadata(leftover).and_then(|metadata| fs::rename(leftover, &to).map(|()| metadata.len()));
    let len_bytes = moved.map_err(doing)?;
    sync_dir(&layout.log())?;
    Ok(MovedAside { to, len_bytes })
}

/// Creates `torn-OFFSET-TIME`, or with `-2`, `-3` behind it if that name is taken.
fn create_unused(layout: &Layout, offset: u64, now_us: i64) -> Result<(PathBuf, File)> {
    let name = format!("torn-{offset}-{now_us}");
    let mut to = layout.log().join(&name);
    for again in 2.. {
        match OpenOptions::new().write(true).create_new(true).open(&to) {
            Ok(file) => return Ok((to, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && again < AGAIN_MAX => {
                to = layout.log().join(format!("{name}-{again}"));
            }
            Err(error) => return Err(Error::io(DOING, &to)(error)),
        }
    }
    Err(Error::NotFound(to))
}

const AGAIN_MAX: u32 = 10_000;
const DOING: &str = "move an interrupted append aside (nothing else was changed)";
