//! Which keys a question about all keys came to, kept for as long as the head stands. sled lives here only.
//!
//! sled starts threads and syncs to disk when it is opened, so it is opened for a question about very many keys and for no
//! other. Whatever goes wrong with it, the question is answered without it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::Cache;
use crate::chain::Head;
use crate::seq::Seq;
use crate::view::cells::{Cells, PutCells};
use crate::view::run::About;

/// The folder of the database, within the cache.
pub(super) const FOLDER: &str = "answers";
/// Held by whoever has the database open, or removes it.
pub(super) const LOCK: &str = "answers.lock";
/// So long is waited for the database: it can be damaged so that it never answers.
const PATIENCE: Duration = Duration::from_secs(2);
/// Memory that the database may take, in bytes.
const MEMORY: u64 = 1 << 20;

impl Cache {
    /// The keys that a question came to at a head; `None` if that is not kept.
    #[must_use]
    pub fn answer(&self, head: &Head, question: &str) -> Option<Vec<About>> {
        let name = name_of(head, question);
        let kept = within(self.path(), false, move |answers| answers.get(name))??;
        let (body, crc) = kept.split_at_checked(kept.len().checked_sub(4)?)?;
        if crc32fast::hash(body).to_le_bytes() != crc {
            return None;
        }
        let mut cells = Cells::new(body);
        let mut keys = Vec::with_capacity(body.len() / 16);
        while !cells.is_empty() {
            keys.push((Seq(cells.u64()?), Seq(cells.u64()?)));
        }
        Some(keys)
    }

    /// Keeps the keys that a question came to at a head. What is kept of other heads goes.
    pub fn keep_answer(&self, head: &Head, question: &str, keys: &[About]) {
        let (name, of_head) = (name_of(head, question), head.to_string());
        let mut body = Vec::with_capacity(keys.len() * 16 + 4);
        for (subject, attribute) in keys {
            body.put_u64(subject.0);
            body.put_u64(attribute.0);
        }
        let crc = crc32fast::hash(&body);
        body.put_u32(crc);
        if self.made().is_ok() {
            within(self.path(), true, move |answers| {
                for old in answers.iter().keys() {
                    let old = old?;
                    if !old.starts_with(of_head.as_bytes()) {
                        answers.remove(old)?;
                    }
                }
                answers.insert(name, body)?;
                answers.flush()
            });
        }
    }

    /// Removes all kept answers.
    pub fn forget_answers(&self) {
        let path = self.path();
        if path.join(FOLDER).exists()
            && let Some(_held) = lock(&path)
        {
            // What cannot be removed is of another head soon.
            let _ = fs::remove_dir_all(path.join(FOLDER));
        }
    }
}

fn name_of(head: &Head, question: &str) -> Vec<u8> {
    format!("{head} {question}").into_bytes()
}

/// Does something with the database below a folder, on a thread of its own; `None` if that fails, is busy, or takes too long.
fn within<T: Send + 'static>(
    path: PathBuf,
    makes: bool,
    act: impl FnOnce(&sled::Db) -> sled::Result<T> + Send + 'static,
) -> Option<T> {
    if !makes && !path.join(FOLDER).exists() {
        return None;
    }
    let (tell, told) = mpsc::channel();
    let work = move || {
        let done = lock(&path).and_then(|_held| {
            let config = sled::Config::new().path(path.join(FOLDER)).cache_capacity(MEMORY).flush_every_ms(None);
            let done = config.open().and_then(|answers| act(&answers));
            if done.is_err() {
                // A damaged one is made anew the next time.
                let _ = fs::remove_dir_all(path.join(FOLDER));
            }
            done.ok()
        });
        // Nobody may be waiting any more.
        let _ = tell.send(done);
    };
    thread::Builder::new().spawn(work).ok()?;
    told.recv_timeout(PATIENCE).ok().flatten()
}

/// The lock of the database, unless somebody holds it.
fn lock(path: &Path) -> Option<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path.join(LOCK)).ok()?;
    file.try_lock().is_ok().then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Hash;

    #[test]
    fn an_answer_is_kept_for_its_head_and_its_question_alone() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(dir.path());
        let (head, later) = (Head { size: 7, tip: Hash([1; 32]) }, Head { size: 8, tip: Hash([2; 32]) });
        let keys = vec![(Seq(3), Seq(4)), (Seq(5), Seq(6))];
        assert_eq!(cache.answer(&head, "contested"), None);
        cache.keep_answer(&head, "contested", &keys);
        cache.keep_answer(&head, "nothing", &[]);
        assert_eq!(cache.answer(&head, "contested"), Some(keys));
        assert_eq!(cache.answer(&head, "nothing"), Some(Vec::new()));
        assert_eq!((cache.answer(&head, "contest"), cache.answer(&later, "contested")), (None, None));
        cache.keep_answer(&later, "contested", &[]);
        assert_eq!((cache.answer(&head, "contested"), cache.answer(&later, "contested")), (None, Some(Vec::new())));
        cache.forget_answers();
        assert_eq!(cache.answer(&later, "contested"), None);
    }

    #[test]
    fn a_damaged_or_busy_database_is_no_answer() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(dir.path());
        let head = Head { size: 7, tip: Hash([1; 32]) };
        cache.keep_answer(&head, "contested", &[]);
        let busy = lock(dir.path()).unwrap();
        assert_eq!(cache.answer(&head, "contested"), None);
        drop(busy);
        assert_eq!(cache.answer(&head, "contested"), Some(Vec::new()));
        let db = dir.path().join(FOLDER).join("db");
        let len = fs::metadata(&db).unwrap().len();
        fs::write(&db, vec![0xff; usize::try_from(len).unwrap()]).unwrap();
        assert_eq!(cache.answer(&head, "contested"), None);
        cache.keep_answer(&head, "contested", &[(Seq(1), Seq(2))]);
        cache.keep_answer(&head, "contested", &[(Seq(1), Seq(2))]);
        assert_eq!(cache.answer(&head, "contested"), Some(vec![(Seq(1), Seq(2))]));
    }
}
