//! minigraf, the embedded bitemporal database in Rust: a place has the attribute `electricity`, with a value for each
//! claim (its start, what it says, its id) that is valid from its start; each line is kept beside it; what is corrected or
//! retracted is retracted. It finds what is valid on a day; the newest of that is chosen here.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use minigraf::{BindValue, Minigraf, QueryResult, Value};
use uuid::Uuid;

use super::{Block, Peer, Points, beside, digest_of, len_of, locked_version, timed};
use crate::plain_line::{PlainLine, day_number};
use crate::work::Key;

const PER_TRANSACTION: usize = 1000;
/// So many point questions.
const POINTS_MAX: usize = 200;
const POINT: &str = "(query [:find ?said :valid-at $day :where [$place :electricity ?said]])";

pub struct Graph {
    path: PathBuf,
    database: Option<Minigraf>,
    /// Of claims, by their ids: what retracts them.
    facts: HashMap<String, String>,
    places: HashMap<Uuid, String>,
}

impl Graph {
    pub fn new(dir: &Path) -> Graph {
        Graph { path: dir.join("peer.graph"), database: None, facts: HashMap::new(), places: HashMap::new() }
    }

    fn open(&self) -> &Minigraf {
        self.database.as_ref().unwrap()
    }

    /// The commands that record lines. Two values of one attribute do not go into one command (its issue 371).
    fn commands(&mut self, lines: &[String]) -> Vec<String> {
        let (mut commands, mut kept) = (Vec::new(), String::new());
        for line in lines {
            let plain = PlainLine::read(line);
            let text = line.replace('\\', "\\\\").replace('"', "\\\"");
            kept += &format!("[:{} :line \"{text}\"] ", plain.id);
            if let Some(target) = plain.target() {
                commands.push(format!("(retract [[{}]])", self.facts.remove(target).unwrap()));
            }
            if let Some(claim) = plain.claim() {
                let (start, place) = (day_number(&claim.from), &claim.subject);
                let fact = format!(":{place} :electricity \"{start} {} {}\"", claim.text(), claim.id);
                commands.push(format!("(transact [[{fact} {{:valid-from \"{}\"}}]])", claim.from));
                self.facts.insert(claim.id, fact);
                self.places.entry(place_id(place)).or_insert(claim.subject);
            }
        }
        commands.push(format!("(transact [{kept}])"));
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

    /// The value of every place.
    fn whole_of(&self, day: &str) -> Vec<(String, String)> {
        let query = format!("(query [:find ?place ?said :valid-at \"{day}\" :where [?place :electricity ?said]])");
        let mut newest: HashMap<Uuid, String> = HashMap::new();
        for row in Self::rows(self.open().execute(&query).unwrap()) {
            let [Value::Ref(place), Value::String(said)] = &row[..] else { panic!("{row:?}") };
            let of_place = newest.entry(*place).or_default();
            if *said > *of_place {
                said.clone_into(of_place);
            }
        }
        newest.iter().map(|(place, said)| (self.places[place].clone(), value_of(said))).collect()
    }
}

fn place_id(place: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!(":{place}").as_bytes())
}

fn value_of(said: &str) -> String {
    said.split(' ').nth(1).unwrap().to_owned()
}

fn newest(rows: &[Vec<Value>]) -> Option<String> {
    let said = rows.iter().map(|row| match &row[0] {
        Value::String(said) => said,
        other => panic!("{other:?}"),
    });
    said.max().map(|said| value_of(said))
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
        *self = Graph { path: self.path.clone(), database: None, facts: HashMap::new(), places: HashMap::new() };
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
        Some(digest_of(self.whole_of(day)))
    }

    fn points(&mut self, keys: &[Key], day: &str) -> Option<Points> {
        let query = self.open().prepare(POINT).unwrap();
        let mut points = Points::default();
        for key in keys.iter().take(POINTS_MAX) {
            let ask = || {
                timed(|| {
                    let place = BindValue::Entity(place_id(&key.subject));
                    let binds = [("day", BindValue::Timestamp(millis(day))), ("place", place)];
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
