//! Runs the rows at one size.

use std::path::Path;
use std::thread;

use crate::args::Args;
use crate::figures::{Figures, median, quantile};
use crate::peers::{Annals, Bare, Block, DuckDb, Graph, Peer, Points, Sqlite, len_of, timed};
use crate::rows::Row;
use crate::work::{At, DAY, DAYS, Shape, Work};

const ROUNDS: usize = 3;
/// Where one round takes minutes, one must do.
const ONE_ROUND_FROM: u64 = 5_000_000;
const PROCESSES: usize = 31;

/// What the page tells beside the figures.
#[derive(Default)]
pub struct Notes {
    /// Names and versions.
    pub peers: Vec<(&'static str, String)>,
    /// Why a peer is missing.
    pub missing: Vec<String>,
    /// Of each size and shape: bytes of the lines, claims in the history asked for.
    pub sizes: Vec<(At, u64, usize)>,
    /// What was compared with the model's second reading.
    pub oracle: Option<String>,
}

pub fn at_size(args: &Args, at: At, figures: &mut Figures, notes: &mut Notes) {
    println!("\n{} lines, {:?}", at.size, at.shape);
    let dir = tempfile::tempdir_in(&args.dir).unwrap();
    let work = Work::make(dir.path(), at);
    let mut peers = peers(args, at, dir.path(), notes);
    figures.claims.insert(at, work.claims);
    let mut run = Run { args, at, work: &work, peers: &mut peers, figures };
    run.import();
    run.compare();
    let history_claims = run.ask();
    run.upkeep();
    run.append();
    notes.sizes.push((at, work.len_bytes, history_claims));
}

fn peers(args: &Args, at: At, dir: &Path, notes: &mut Notes) -> Vec<Box<dyn Peer>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut peers: Vec<Box<dyn Peer>> =
        vec![Box::new(Annals::new(dir, &args.annals, threads)), Box::new(Sqlite::new(dir))];
    let mut missing = Vec::new();
    match DuckDb::new(dir, &args.root.join("target/peers"), at.shape) {
        Ok(duckdb) => peers.push(Box::new(duckdb)),
        Err(why) => missing.push(format!("DuckDB could not be installed: {why}")),
    }
    if at.size <= args.minigraf_max && at.shape == Shape::Plain {
        peers.push(Box::new(Graph::new(dir)));
    } else if at.shape == Shape::Plain {
        missing.push(format!("minigraf is not run beyond {} lines.", args.minigraf_max));
    }
    peers.push(Box::new(Bare::new(dir, threads)));
    for peer in &peers {
        if notes.peers.iter().all(|(name, _)| *name != peer.name()) {
            notes.peers.push((peer.name(), peer.version()));
        }
    }
    for why in missing {
        println!("  {why}");
        if !notes.missing.contains(&why) {
            notes.missing.push(why);
        }
    }
    peers
}

struct Run<'r> {
    args: &'r Args,
    at: At,
    work: &'r Work,
    peers: &'r mut Vec<Box<dyn Peer>>,
    figures: &'r mut Figures,
}

impl Run<'_> {
    fn is_asked(&self, row: Row) -> bool {
        self.args.rows.contains(&row)
    }

    fn rounds(&self) -> usize {
        if self.at.size >= ONE_ROUND_FROM { 1 } else { ROUNDS }
    }

    /// Every peer's figure in a row: the median of rounds, in which they take turns; for one line, or in all.
    fn row(&mut self, row: Row, lines: u64, mut measure: impl FnMut(&mut dyn Peer) -> Option<std::time::Duration>) {
        if !self.is_asked(row) {
            return;
        }
        let mut samples = vec![Vec::new(); self.peers.len()];
        for _ in 0..self.rounds() {
            for (peer, samples) in self.peers.iter_mut().zip(&mut samples) {
                if !takes_part(peer.as_ref(), row, self.at) {
                    continue;
                }
                samples.extend(measure(peer.as_mut()));
            }
        }
        for (peer, samples) in self.peers.iter().zip(&samples).filter(|(_, samples)| !samples.is_empty()) {
            self.figures.put(self.at, row, peer.name(), median(samples) / lines as f64);
        }
    }

    fn import(&mut self) {
        let lines = self.work.lines.clone();
        if self.is_asked(Row::Import) {
            // minigraf takes minutes: once is enough.
            let mut done = Vec::new();
            self.row(Row::Import, self.at.size, |peer| {
                if peer.name() == "minigraf" && done.contains(&peer.name()) {
                    return None;
                }
                done.push(peer.name());
                peer.import(&lines)
            });
        } else {
            for peer in self.peers.iter_mut() {
                peer.import(&lines);
            }
        }
    }

    /// All must give the same answers; of the mixed shape, annals by every way to ask.
    fn compare(&mut self) {
        for day in DAYS {
            if let Some(count) = self.peers[0].agrees(&self.work.keys, day) {
                println!("  the state on {day}: the same of {count} keys, asked alone and among all");
            }
        }
        if self.at.shape == Shape::Mixed {
            return;
        }
        for day in DAYS {
            let digests = self.peers.iter_mut().filter_map(|peer| Some((peer.name(), peer.digest(day)?)));
            assert_same(&format!("the state on {day}"), digests.collect());
        }
    }

    fn ask(&mut self) -> usize {
        let (key, mut claims) = (self.work.history_key.clone(), Vec::new());
        self.points();
        self.row(Row::Whole, 1, |peer| peer.whole(DAY));
        self.row(Row::Printed, 1, |peer| peer.whole_printed(DAY));
        let mut again = Vec::new();
        self.row(Row::HistoryFirst, 1, |peer| {
            let (took, count) = peer.history(&key)?;
            again.extend(peer.history_again(&key));
            if claims.iter().all(|(name, _)| *name != peer.name()) {
                claims.push((peer.name(), count.to_string()));
            }
            Some(took)
        });
        if !again.is_empty() && self.is_asked(Row::History) {
            self.figures.put(self.at, Row::History, "annals", median(&again));
        }
        self.row(Row::VerifyCompared, self.at.size, |peer| peer.verify_compared());
        if self.at.size <= self.args.contested_max {
            self.row(Row::Contested, 1, |peer| peer.contested());
        }
        let count = claims.first().map_or(0, |(_, count)| count.parse().unwrap());
        assert_same("the count of claims in a history", claims);
        count
    }

    fn points(&mut self) {
        if [Row::Point, Row::PointAgain, Row::PointLate, Row::Process].iter().all(|row| !self.is_asked(*row)) {
            return;
        }
        let mut all: Vec<(&'static str, Points)> = Vec::new();
        for peer in self.peers.iter_mut().filter(|peer| takes_part(peer.as_ref(), Row::Point, self.at)) {
            all.extend(peer.points(&self.work.keys, DAY).map(|points| (peer.name(), points)));
        }
        let count = all.iter().map(|(_, points)| points.answers.len()).min().unwrap_or(0);
        let answers = all.iter().map(|(name, points)| (*name, format!("{:?}", &points.answers[..count])));
        assert_same("the answers to point questions", answers.collect());
        let asked = |row: &Row| self.args.rows.contains(row);
        for (name, points) in &all {
            for (row, samples, part) in [
                (Row::Point, &points.first, 0.5),
                (Row::PointAgain, &points.again, 0.5),
                (Row::PointLate, &points.first, 0.99),
            ] {
                if asked(&row) {
                    self.figures.put(self.at, row, name, quantile(samples, part));
                }
            }
        }
        if self.is_asked(Row::Process) {
            self.processes(&all[0].1.answers.clone());
        }
    }

    fn processes(&mut self, answers: &[Option<String>]) {
        let mut samples = vec![Vec::new(); self.peers.len()];
        let step = (self.work.keys.len() / PROCESSES).max(1);
        for (key, answer) in self.work.keys.iter().zip(answers).step_by(step) {
            for (peer, samples) in self.peers.iter_mut().zip(&mut samples) {
                if !takes_part(peer.as_ref(), Row::Process, self.at) {
                    continue;
                }
                if let Some((took, printed)) = peer.in_new_process(key, DAY) {
                    let is_same = answer.as_ref().is_none_or(|answer| printed.contains(answer.as_str()));
                    assert!(is_same, "{} answers {printed:?} of {key:?}, not {answer:?}", peer.name());
                    samples.push(took);
                }
            }
        }
        for (peer, samples) in self.peers.iter().zip(&samples).filter(|(_, samples)| !samples.is_empty()) {
            self.figures.put(self.at, Row::Process, peer.name(), median(samples));
        }
    }

    fn upkeep(&mut self) {
        self.row(Row::Verify, self.at.size, |peer| peer.verify());
        self.row(Row::Rebuild, self.at.size, |peer| peer.rebuild());
        if self.is_asked(Row::ImportMemory) || self.is_asked(Row::VerifyMemory) {
            let memory = self.peers[0].memory(&self.work.lines);
            if let Some((import, verify)) = memory {
                self.figures.put(self.at, Row::ImportMemory, "annals", import as f64);
                self.figures.put(self.at, Row::VerifyMemory, "annals", verify as f64);
            }
        }
        if self.is_asked(Row::Bytes) {
            for peer in self.peers.iter() {
                if let Some(len) = peer.len_bytes() {
                    self.figures.put(self.at, Row::Bytes, peer.name(), len as f64 / self.at.size as f64);
                }
            }
        }
    }

    fn append(&mut self) {
        if !self.is_asked(Row::Append) && !self.is_asked(Row::Batch) {
            return;
        }
        let work = self.work;
        let log = work.lines.with_file_name("ledger").join("log");
        for (row, blocks) in [(Row::Append, &work.singles), (Row::Batch, &work.batches)] {
            let mut samples = vec![Vec::new(); self.peers.len()];
            for commits in blocks {
                let lines: usize = commits.iter().map(Vec::len).sum();
                let mut block = Block { commits, line_len_bytes: 0 };
                // annals comes first: the bare loop writes as many bytes.
                for (peer, samples) in self.peers.iter_mut().zip(&mut samples) {
                    let before = len_of(&log);
                    let (_, took) = timed(|| peer.append(&block));
                    samples.extend(took.into_iter().flatten());
                    block.line_len_bytes += (len_of(&log) - before) / lines as u64;
                }
            }
            let len = blocks[0][0].len() as f64;
            for (peer, samples) in self.peers.iter().zip(&samples).filter(|(_, samples)| !samples.is_empty()) {
                self.figures.put(self.at, row, peer.name(), median(samples) / len);
            }
        }
        if self.at.shape == Shape::Mixed {
            return;
        }
        let appended = |peer: &&mut Box<dyn Peer>| peer.name() != "DuckDB";
        let digests =
            self.peers.iter_mut().filter(appended).filter_map(|peer| Some((peer.name(), peer.digest(DAY)?))).collect();
        assert_same("the state after appending", digests);
    }
}

/// Whether a peer is asked for a row. It answers questions about plain lines only.
fn takes_part(peer: &dyn Peer, row: Row, at: At) -> bool {
    peer.name() == "annals" || row.is_for_peers(at.shape)
}

fn assert_same(what: &str, told: Vec<(&'static str, String)>) {
    for pair in told.windows(2) {
        assert_eq!(pair[0].1, pair[1].1, "{what}: {} and {} differ", pair[0].0, pair[1].0);
    }
    if told.len() > 1 {
        let names: Vec<&str> = told.iter().map(|(name, _)| *name).collect();
        println!("  {what}: the same in {}", names.join(", "));
    }
}
