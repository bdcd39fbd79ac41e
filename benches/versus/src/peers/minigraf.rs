//! minigraf, the embedded bitemporal database in Rust: a claim is an entity that is valid from its start, with the key
//! it is of, its value, start and line; what is corrected or retracted is retracted. It finds the claims of a key that are
//! valid on a day; the newest of them is chosen here.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use minigraf::{BindValue, Minigraf, QueryResult, Value};

use super::{Block, Peer, Points, beside, digest_of, len_of, locked_version, timed};
use crate::plain_line::{PlainLine, day_number};

const PER_TRANSACTION: usize = 1000;
/// So many point questions.
const POINTS_MAX: usize = 200;
const POINT: &str = "(query [:find ?value ?from :valid-at $day
  :where [?claim :claim/of $key] [?claim :claim/value ?value] [?claim :claim/start ?from]])";

pub struct Graph {
    path: PathBuf,
    database: Option<Minigraf>,
    /// Of claims: what retracts them.
    facts: HashMap<String, String>,
}

impl Graph {
    pub fn new(dir: &Path) -> Graph {
        Graph { path: dir.join("peer.graph"), database: None, facts: HashMap::new() }
    }

    fn open(&self) -> &Minigraf {
        self.database.as_ref().unwrap()
    }

    /// The commands that record lines: what they claim, then what they do away with.
    fn commands(&mut self, lines: &[String]) -> Vec<String> {
        let (mut claimed, mut retracted) = (String::new(), String::new());
        for line in lines {
            let plain = PlainLine::read(line);
            if let Some(claim) = plain.claim() {
                let mut facts = String::new();
                let start = day_number(&claim.from).to_string();
                let (key, value, line) = (quoted(&claim.subject), quoted(&claim.value), quoted(line));
                for (attribute, value) in [("of", key), ("value", value), ("start", start), ("line", line)] {
                    let fact = format!(":{} :claim/{attribute} {value}", claim.id);
                    claimed += &format!("[{fact} {{:valid-from \"{}\"}}] ", claim.from);
                    facts += &format!("[{fact}] ");
                }
                self.facts.insert(claim.id, facts);
            } else {
                claimed += &format!("[:{} :act/line {}] ", plain.id, quoted(line));
            }
            if let Some(target) = plain.target() {
                retracted += &self.facts.remove(target).unwrap();
            }
        }
        let mut commands = vec![format!("(transact [{claimed}])")];
        if !retracted.is_empty() {
            commands.push(format!("(retract [{retracted}])"));
        }
        commands
    }

    fn transact(&self, commands: &[String]) {
        let mut transaction = self.open().begin_write().unwrap();
        for command in commands {
            transaction.execute(command).unwrap();
        }
        transaction.commit().unwrap();
    }

    fn rows(result: QueryResult) -> Vec<Vec<Value>> {
        match result {
            QueryResult::QueryResults { results, .. } => results,
            other => panic!("{other:?}"),
        }
    }

    fn whole_of(&self, day: &str) -> HashMap<String, (i64, String)> {
        let query = format!(
            "(query [:find ?key ?value ?from :valid-at \"{day}\"
             :where [?claim :claim/of ?key] [?claim :claim/value ?value] [?claim :claim/start ?from]])"
        );
        let mut newest: HashMap<String, (i64, String)> = HashMap::new();
        for row in Self::rows(self.open().execute(&query).unwrap()) {
            let [Value::String(key), Value::String(value), Value::Integer(from)] = &row[..] else { panic!("{row:?}") };
            let of_key = newest.entry(key.clone()).or_insert((i64::MIN, String::new()));
            if *from > of_key.0 {
                *of_key = (*from, value.clone());
            }
        }
        newest
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn newest(rows: &[Vec<Value>]) -> Option<String> {
    let newest = rows.iter().max_by_key(|row| match row[1] {
        Value::Integer(from) => from,
        _ => i64::MIN,
    });
    newest.map(|row| match &row[0] {
        Value::String(value) => value.clone(),
        other => panic!("{other:?}"),
    })
}

/// Milliseconds since 1970 of a day.
fn millis(day: &str) -> i64 {
    let day = annals::date::Day::parse(day).unwrap();
    day.days_since(annals::date::Day::parse("1970-01-01").unwrap()) * 86_400_000
}

impl Peer for Graph {
    fn name(&self) -> &'static str {
        "minigraf"
    }

    fn version(&self) -> String {
        locked_version("minigraf").to_owned()
    }

    fn import(&mut self, lines: &Path) -> Option<Duration> {
        (self.database, self.facts) = (None, HashMap::new());
        for ending in ["", ".wal", ".lock"] {
            let _ = fs::remove_file(beside(&self.path, ending));
        }
        let (took, ()) = timed(|| {
            self.database = Some(Minigraf::open(&self.path).unwrap());
            let lines: Vec<String> = fs::read_to_string(lines).unwrap().lines().map(str::to_owned).collect();
            for part in lines.chunks(PER_TRANSACTION) {
                let commands = self.commands(part);
                self.transact(&commands);
            }
            self.open().checkpoint().unwrap();
        });
        Some(took)
    }

    fn digest(&mut self, day: &str) -> Option<String> {
        Some(digest_of(self.whole_of(day).into_iter().map(|(key, (_, value))| (key, value)).collect()))
    }

    fn points(&mut self, keys: &[String], day: &str) -> Option<Points> {
        let query = self.open().prepare(POINT).unwrap();
        let mut points = Points::default();
        for key in keys.iter().take(POINTS_MAX) {
            let ask = || {
                let key = BindValue::Val(Value::String(key.clone()));
                timed(|| {
                    let binds = [("day", BindValue::Timestamp(millis(day))), ("key", key)];
                    newest(&Self::rows(query.execute(&binds).unwrap()))
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
        Some(timed(|| self.whole_of(day)).0)
    }

    fn append(&mut self, block: &Block<'_>) -> Option<Vec<Duration>> {
        let mut took = Vec::new();
        for commit in block.commits {
            let commands = self.commands(commit);
            took.push(timed(|| self.transact(&commands)).0);
        }
        Some(took)
    }

    fn len_bytes(&self) -> Option<u64> {
        Some(len_of(&self.path) + len_of(&beside(&self.path, ".wal")))
    }
}
