//! SQLite, as a developer would use it for this: the lines with the same BLAKE3 chain (no tree above it), a table of
//! claims with an index that covers the question, one transaction a commit, WAL and synchronous=FULL.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use annals::chain::{Hash, commitment, link};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Block, Peer, Points, beside, digest_of, len_of, run, timed};
use crate::plain_line::{PlainLine, day_number};
use crate::work::Key;

const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -262144;
PRAGMA mmap_size = 2147483648;
PRAGMA temp_store = MEMORY;
CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, kind TEXT NOT NULL,
  salt BLOB NOT NULL, commitment BLOB NOT NULL, link BLOB NOT NULL, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ids (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (seq INTEGER PRIMARY KEY, subject INTEGER NOT NULL, attribute INTEGER NOT NULL,
  start INTEGER NOT NULL, dead INTEGER, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS claims_of ON claims (subject, attribute, start, dead, value);
";

/// The plain rule: the newest start, not after the day, of what is not done away with. ?3 is the last event that counts.
const POINT: &str = "SELECT value FROM claims
  WHERE subject = (SELECT id FROM names WHERE name = ?1) AND attribute = (SELECT id FROM names WHERE name = 'electricity')
  AND start <= ?2 AND seq <= ?3 AND (dead IS NULL OR dead > ?3) ORDER BY start DESC LIMIT 1";
const WHOLE: &str = "SELECT s.name AS subject, a.name AS attribute, value, since FROM
  (SELECT subject, attribute, value, max(start) AS since FROM claims
   WHERE start <= ?1 AND seq <= ?2 AND (dead IS NULL OR dead > ?2) GROUP BY subject, attribute)
  JOIN names s ON s.id = subject JOIN names a ON a.id = attribute";
const HISTORY: &str = "SELECT e.line, c.dead FROM claims c JOIN events e USING (seq)
  WHERE c.subject = (SELECT id FROM names WHERE name = ?1)
  AND c.attribute = (SELECT id FROM names WHERE name = 'electricity') ORDER BY c.seq";

pub struct Sqlite {
    path: PathBuf,
    shell: Option<PathBuf>,
    connection: Option<Connection>,
}

/// Where the chain ends.
struct Tail {
    seq: i64,
    link: Hash,
}

impl Sqlite {
    pub fn new(dir: &Path) -> Sqlite {
        let has_shell = Command::new("sqlite3").arg("--version").stdout(Stdio::null()).status().is_ok();
        Sqlite { path: dir.join("peer.sqlite"), shell: has_shell.then(|| "sqlite3".into()), connection: None }
    }

    fn open(&mut self) -> &mut Connection {
        let path = &self.path;
        self.connection.get_or_insert_with(|| {
            let connection = Connection::open(path).unwrap();
            connection.execute_batch(SCHEMA).unwrap();
            connection
        })
    }

    /// The question as the shell takes it.
    fn asked(sql: &str, values: &[&str]) -> String {
        let mut sql = sql.to_owned();
        for (place, value) in values.iter().enumerate() {
            sql = sql.replace(&format!("?{}", place + 1), value);
        }
        sql
    }
}

impl Peer for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn version(&self) -> String {
        let shell = match &self.shell {
            Some(shell) => run(Command::new(shell).arg("--version")).1.split(' ').next().unwrap_or("").to_owned(),
            None => "not installed: no new process".to_owned(),
        };
        format!("{} (bundled by rusqlite), its shell {shell}", rusqlite::version())
    }

    fn import(&mut self, lines: &Path) -> Option<Duration> {
        self.connection = None;
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(beside(&self.path, ending));
        }
        let connection = self.open();
        let (took, ()) = timed(|| {
            let transaction = connection.transaction().unwrap();
            let mut tail = tail(&transaction);
            for line in BufReader::with_capacity(1 << 20, File::open(lines).unwrap()).lines() {
                let line = line.unwrap();
                record(&transaction, &mut tail, &line, &PlainLine::read(&line));
            }
            transaction.commit().unwrap();
        });
        Some(took)
    }

    fn digest(&mut self, day: &str) -> Option<String> {
        Some(digest_of(whole(self.open(), day)))
    }

    fn verify(&mut self) -> Option<Duration> {
        let connection = self.open();
        Some(timed(|| verify(connection)).0)
    }

    fn in_new_process(&mut self, key: &Key, day: &str) -> Option<(Duration, String)> {
        let last = i64::MAX.to_string();
        let sql = Self::asked(POINT, &[&format!("'{}'", key.subject), &day_number(day).to_string(), &last]);
        Some(run(Command::new(self.shell.as_ref()?).arg(&self.path).arg(sql)))
    }

    fn points(&mut self, keys: &[Key], day: &str) -> Option<Points> {
        let connection = self.open();
        let mut statement = connection.prepare(POINT).unwrap();
        let mut points = Points::default();
        for key in keys {
            let mut ask = || {
                timed(|| {
                    let values = params![key.subject, day_number(day), i64::MAX];
                    statement.query_row(values, |row| row.get::<_, String>(0)).optional().unwrap()
                })
            };
            let (first, answer) = ask();
            points.first.push(first);
            points.again.push(ask().0);
            points.answers.push(answer);
        }
        Some(points)
    }

    fn whole(&mut self, day: &str) -> Option<Duration> {
        let connection = self.open();
        Some(timed(|| std::hint::black_box(whole(connection, day))).0)
    }

    fn whole_printed(&mut self, day: &str) -> Option<Duration> {
        let sql = Self::asked(WHOLE, &[&day_number(day).to_string(), &i64::MAX.to_string()]);
        let out = File::create(beside(&self.path, ".json")).unwrap();
        Some(run(Command::new(self.shell.as_ref()?).arg("-json").arg(&self.path).arg(sql).stdout(out)).0)
    }

    fn history(&mut self, key: &Key) -> Option<(Duration, usize)> {
        let mut statement = self.open().prepare(HISTORY).unwrap();
        let (took, lines) = timed(|| {
            let rows = statement
                .query_map([&key.subject], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)));
            rows.unwrap().map(Result::unwrap).collect::<Vec<_>>()
        });
        Some((took, lines.len()))
    }

    fn rebuild(&mut self) -> Option<Duration> {
        let connection = self.open();
        let (took, ()) = timed(|| connection.execute_batch("REINDEX").unwrap());
        // On the connection that made them anew every commit takes ten times as long from then on.
        self.connection = None;
        self.open();
        Some(took)
    }

    fn append(&mut self, block: &Block<'_>) -> Option<Vec<Duration>> {
        let connection = self.open();
        let mut tail = tail(connection);
        let append = |commit: &Vec<String>| {
            let plain: Vec<PlainLine> = commit.iter().map(|line| PlainLine::read(line)).collect();
            let (took, ()) = timed(|| {
                let transaction = connection.transaction().unwrap();
                for (line, plain) in commit.iter().zip(&plain) {
                    record(&transaction, &mut tail, line, plain);
                }
                transaction.commit().unwrap();
            });
            took
        };
        Some(block.commits.iter().map(append).collect())
    }

    fn len_bytes(&self) -> Option<u64> {
        let connection = self.connection.as_ref()?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        Some(len_of(&self.path) + len_of(&beside(&self.path, "-wal")))
    }
}

fn tail(connection: &Connection) -> Tail {
    let sql = "SELECT seq, link FROM events ORDER BY seq DESC LIMIT 1";
    let last = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional().unwrap();
    last.map_or(Tail { seq: 0, link: Hash([0; 32]) }, |(seq, link)| Tail { seq, link: Hash(link) })
}

fn envelope(seq: i64, recorded_at: i64, prev: Hash, committed: Hash) -> [u8; 112] {
    let mut envelope = [0; 112];
    envelope[8..16].copy_from_slice(&seq.to_le_bytes());
    envelope[16..24].copy_from_slice(&recorded_at.to_le_bytes());
    envelope[48..80].copy_from_slice(&prev.0);
    envelope[80..].copy_from_slice(&committed.0);
    envelope
}

fn name_id(connection: &Connection, name: &str) -> i64 {
    let mut find = connection.prepare_cached("SELECT id FROM names WHERE name = ?").unwrap();
    find.query_row([name], |row| row.get(0)).optional().unwrap().unwrap_or_else(|| {
        connection.prepare_cached("INSERT INTO names (name) VALUES (?)").unwrap().execute([name]).unwrap();
        connection.last_insert_rowid()
    })
}

fn record(connection: &Connection, tail: &mut Tail, line: &str, plain: &PlainLine) {
    let (seq, recorded_at) = (tail.seq + 1, 1_700_000_000_000_000);
    let salt: [u8; 16] = std::array::from_fn(|place| (seq >> (place % 8 * 8)) as u8 | 1);
    let committed = commitment(&salt, line.as_bytes());
    *tail = Tail { seq, link: link(&envelope(seq, recorded_at, tail.link, committed)) };
    let event = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)";
    let values = params![seq, recorded_at, plain.kind, salt, committed.0, tail.link.0, line];
    connection.prepare_cached(event).unwrap().execute(values).unwrap();
    let mut id = connection.prepare_cached("INSERT INTO ids VALUES (?, ?)").unwrap();
    if !plain.id.is_empty() {
        id.execute(params![plain.id, seq]).unwrap();
    }
    if let Some(target) = plain.target() {
        let kill = "UPDATE claims SET dead = ?1 WHERE seq = (SELECT seq FROM ids WHERE id = ?2) AND dead IS NULL";
        assert_eq!(connection.prepare_cached(kill).unwrap().execute(params![seq, target]).unwrap(), 1);
    }
    if let Some(claim) = plain.claim() {
        if claim.id != plain.id {
            id.execute(params![claim.id, seq]).unwrap();
        }
        let (subject, attribute) = (name_id(connection, &claim.subject), name_id(connection, &claim.attribute));
        let insert = "INSERT INTO claims VALUES (?, ?, ?, ?, NULL, ?)";
        let values = params![seq, subject, attribute, day_number(&claim.from), claim.text()];
        connection.prepare_cached(insert).unwrap().execute(values).unwrap();
    }
}

fn whole(connection: &Connection, day: &str) -> Vec<(String, String)> {
    let mut statement = connection.prepare_cached(WHOLE).unwrap();
    let rows = statement.query_map(params![day_number(day), i64::MAX], |row| Ok((row.get(0)?, row.get(2)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn verify(connection: &Connection) {
    let mut statement =
        connection.prepare("SELECT seq, recorded_at, salt, commitment, link, line FROM events ORDER BY seq").unwrap();
    let (mut rows, mut prev) = (statement.query([]).unwrap(), Hash([0; 32]));
    while let Some(row) = rows.next().unwrap() {
        let committed = commitment(&row.get(2).unwrap(), row.get_ref(5).unwrap().as_bytes().unwrap());
        assert_eq!(committed.0, row.get::<_, [u8; 32]>(3).unwrap());
        prev = link(&envelope(row.get(0).unwrap(), row.get(1).unwrap(), prev, committed));
        assert_eq!(prev.0, row.get::<_, [u8; 32]>(4).unwrap());
    }
}
