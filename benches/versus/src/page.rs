//! The page: tables of figures, what was to be reached, and how it was measured.

use std::fmt::Write;
use std::path::Path;

use crate::figures::{Figures, text, thousands};
use crate::machine::Machine;
use crate::rows::{Most, Row};
use crate::run::Notes;

/// What stands below this line is written by hand, and kept.
const BY_HAND: &str = "<!-- below: by hand -->";

/// What is told of how it was measured.
const HOW: &str = "\
The lines are made up, the same every time (`benches/generator`): a count of keys of one in twenty lines, used as unevenly
as in a newsroom; a quote of about 120 characters; one line in twenty corrects an earlier claim, three in a hundred
retract one. States are open-ended and start on distinct days within a key, so that the plain rule, *the newest start not
after the day, of what was neither corrected nor retracted*, gives the value that annals gives. Before anything is timed
the program compares what all answer for every key on four days, then the answers to all point questions, and again what
all answer after appending.

- **annals** checks, hashes (BLAKE3 for commitment and link, SHA-256 for the tree), syncs, and keeps its index; answers
  come with claims, support and reason. Point questions are asked of a `Reader` that is open; the whole state and a history
  open the ledger for each question, while the others are open. A new process is the command `annals`.
- **SQLite** keeps each line with the same BLAKE3 chain (no tree), a table of claims with an index that covers the
  question, and an index of ids; WAL, `synchronous=FULL`, one prepared statement a question. It answers with the bare
  value. A new process is its shell. Verifying makes the same hashes on one thread; making the index anew is `REINDEX`.
- **DuckDB** reads the lines into a table with `read_json` (checking and hashing nothing), from which a table of claims is
  made that is not timed. It is no store for single durable claims, so it is not asked to append.
- **minigraf** keeps each claim as a value of its place that is valid from its start, and the line, in transactions of
  1,000 lines; the newest of what it finds is chosen outside. Valid and transaction time are its own; there is no chain.
- **The bare loop** is the physical limit: it writes and syncs as many bytes as annals wrote, with the same hashes made
  over them; for verifying, it makes the hashes over bytes in memory on all threads.

Figures are medians: of rounds in which all take turns (three; one from five million lines on), of 500 single commits, of
ten batches, of 2,000 point questions (200 where a peer is slow), of 31 processes. Everything was read or written shortly
before, so caches are warm. Rates count lines; a line may be two events. Ledgers and files lie on the system's disk.
";

/// A table for each size.
pub fn tables(sizes: &[u64], figures: &Figures) -> String {
    sizes.iter().map(|size| table(*size, figures)).collect::<Vec<_>>().join("\n")
}

fn table(size: u64, figures: &Figures) -> String {
    let mut out = format!("### {} lines\n\n| work |", plain(size));
    for peer in &figures.peers {
        let _ = write!(out, " {peer} |");
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(figures.peers.len()));
    for row in Row::ALL {
        let figure = |peer: &&str| figures.get(size, row, peer);
        if !figures.peers.iter().any(|peer| figure(peer).is_some()) {
            continue;
        }
        let _ = write!(out, "| {} |", row.title());
        let own = figures.get(size, row, "annals");
        for peer in &figures.peers {
            let cell = figure(peer).map_or(String::new(), |figure| {
                let ratio = own.filter(|_| *peer != "annals").map(|own| format!(" ({} ×)", ratio(figure / own)));
                text(figure, row.unit()) + &ratio.unwrap_or_default()
            });
            let _ = write!(out, " {cell} |");
        }
        out.push('\n');
    }
    out
}

/// What was to be reached, and whether it was: at the sizes that count, or at the largest there is.
fn reached(sizes: &[u64], figures: &Figures) -> String {
    let mut told: Vec<u64> = sizes.iter().copied().filter(|size| *size >= 1_000_000).collect();
    if told.is_empty() {
        told.extend(sizes.iter().max());
    }
    let mut out = "| work | to reach | lines | figure | limit | reached |\n|---|---|---|---|---|---|\n".to_owned();
    for row in Row::ALL {
        for (words, most) in row.reach() {
            for size in &told {
                let most = match most {
                    Most::Plain(most) => Some(most),
                    Most::Times(times, peer, of) => figures.get(*size, of, peer).map(|figure| figure * times),
                };
                if let (Some(figure), Some(most)) = (figures.get(*size, row, "annals"), most) {
                    line(&mut out, row, words, &plain(*size), figure, most);
                }
            }
        }
        let at = |size| figures.get(size, row, "annals");
        if let (Some(times), Some(small), Some(large)) = (row.growth(), at(1_000_000), at(10_000_000)) {
            let words = format!("≤ {times} × that at 1,000,000");
            line(&mut out, row, &words, &plain(10_000_000), large, small * times);
        }
    }
    out
}

fn line(out: &mut String, row: Row, words: &str, size: &str, figure: f64, most: f64) {
    let (unit, is_reached) = (row.unit(), if figure <= most { "yes" } else { "**no**" });
    let (figure, most) = (text(figure, unit), text(most, unit));
    let _ = writeln!(out, "| {} | {words} | {size} | {figure} | {most} | {is_reached} |", row.title());
}

pub fn page(path: &Path, machine: &Machine, notes: &Notes, sizes: &[u64], figures: &Figures) -> String {
    let mut out =
        "# How fast it is\n\nWritten by `cargo bench --bench versus`, which runs all of this again.\n".to_owned();
    out.push_str(
        "In brackets: how many times what annals takes, in time or bytes; more than 1 is slower or larger.\n\n",
    );
    let _ = writeln!(out, "![growth](performance.svg)\n\n## To reach\n\n{}", reached(sizes, figures));
    let _ = writeln!(out, "## Figures\n\n{}\n## How it is measured\n\n{HOW}", tables(sizes, figures));
    for (size, len, history) in &notes.sizes {
        let (len, size) = (thousands(*len as f64 / *size as f64), plain(*size));
        let _ = writeln!(out, "- {size} lines: {len} bytes a line; the history asked for has {history} claims.");
    }
    let _ = writeln!(out, "\nMachine: {}.\n\n| peer | version |\n|---|---|", machine.text());
    for (name, version) in &notes.peers {
        let _ = writeln!(out, "| {name} | {version} |");
    }
    for why in &notes.missing {
        let _ = write!(out, "\n{why}");
    }
    let before = std::fs::read_to_string(path).unwrap_or_default();
    let by_hand = before.split_once(BY_HAND).map_or("\n", |(_, by_hand)| by_hand);
    let _ = write!(out, "\n{BY_HAND}{by_hand}");
    out
}

fn ratio(number: f64) -> String {
    match number {
        _ if number >= 10.0 => thousands(number),
        _ if number >= 0.1 => format!("{number:.2}"),
        _ => format!("{number:.4}"),
    }
}

/// A count in full, with a comma every three digits.
fn plain(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", plain(number / 1000), number % 1000),
    }
}
