//! The page: tables of figures, what was to be reached, and how it was measured.

use std::fmt::Write;
use std::path::Path;

use crate::args::Args;
use crate::figures::{Figures, text, thousands};
use crate::machine::Machine;
use crate::rows::{Most, Of, Row};
use crate::run::Notes;
use crate::work::{At, Shape};

const MILLION: u64 = 1_000_000;
const TEN_MILLION: u64 = 10_000_000;

/// What stands below this line is written by hand, and kept.
const BY_HAND: &str = "<!-- below: by hand -->";

/// What is told of how it was measured.
const HOW: &str = "\
Two shapes of lines, each the same every time. *Plain* (`benches/generator`): a count of keys of one in twenty lines, used
as unevenly as in a newsroom; a quote of about 120 characters; one line in twenty corrects an earlier claim, three in a
hundred retract one. States are open-ended and start on distinct days within a key, so that the plain rule, *the newest
start not after the day, of what was neither corrected nor retracted*, gives the value that annals gives. Before anything
is timed the program compares what all answer for every key on four days, then the answers to all point questions, and
again what all answer after appending.

*Mixed* (`benches/mixed`): of a hundred keys 35 are plain, 15 have closed periods of one of two values that exclude each
other, 5 closed lists, 10 several values, 15 vague dates, 8 amounts with one bound or two, 4 dates as values, 4 what cannot
change, 4 denials, disputes and verdicts. A third of the claims have a time of day, or were said later than the day they
speak of; entities are merged, sources reprint others and are graded. No peer answers from such lines: they keep and read
the lines, and annals is compared with itself, a claim's share beside that of the plain shape in the same run. Its answers
are compared with those of the model's second reading (`tests/peers/model.py`), which shares no line with it.

- **annals** checks, hashes (BLAKE3 for commitment and link, SHA-256 for the tree) and syncs; answers come with claims,
  support and reason. Point questions are asked of a ledger that is open; the whole state, the contested days and the first
  history open the ledger for each question, while the others are open. A new process is the command `annals`. The cache
  lies in a folder of the run's own, which is empty when it begins.
- **SQLite** keeps each line with the same BLAKE3 chain (no tree), a table of claims with an index that covers the
  question (of mixed lines: with the value as text, and the start where there is one), and an index of ids; WAL,
  `synchronous=FULL`, one prepared statement a question. It answers with the bare value. A new process is its shell.
  Verifying makes the same hashes on one thread; making the cache anew is `REINDEX`.
- **DuckDB** reads the lines into a table with `read_json` (checking and hashing nothing), from which, of plain lines, a table
  of claims is made that is not timed. It is no store for single durable claims, so it is not asked to append.
- **minigraf** keeps each claim as a value of its place that is valid from its start, and the line, in transactions of
  1,000 lines; the newest of what it finds is chosen outside. Valid and transaction time are its own; there is no chain.
- **The bare loop** is the physical limit: it writes and syncs as many bytes as annals wrote, with the same hashes made
  over them; for verifying, it makes the hashes over bytes in memory on all threads.

Figures are medians: of rounds in which all take turns (three; one from five million lines on), of 500 single commits, of
ten batches, of 2,000 point questions (200 where a peer is slow), of 31 processes. Everything was read or written shortly
before, so caches are warm. Rates count lines; a line may be two events. Ledgers and files lie on the system's disk. Memory
is the most that the system counts for a command, looked at every half millisecond. The key with 4,000 overlapping claims
is a ledger of its own, asked by new processes. Sources of mixed lines contradict themselves now and then: a commit that is
refused for it is recorded anyway, which leaves that check out of its time.
";

/// A table for each shape and size.
pub fn tables(sizes: &[u64], figures: &Figures) -> String {
    let mut out = Vec::new();
    for shape in [Shape::Plain, Shape::Mixed] {
        for size in sizes {
            let at = At { shape, size: *size };
            if figures.claims.contains_key(&at) {
                let word = if shape == Shape::Plain { "plain" } else { "mixed" };
                out.push(format!("### {} {word} lines\n\n{}", plain(*size), table(at, figures)));
            }
        }
    }
    let overlap = overlap(figures);
    if !overlap.is_empty() {
        out.push(format!("### One key\n\n| work | annals |\n|---|---|\n{overlap}"));
    }
    out.join("\n")
}

fn overlap(figures: &Figures) -> String {
    let line = |row: Row| {
        let figure = figures.get(crate::overlap::AT, row, "annals")?;
        Some(format!("| {} | {} |\n", row.title(), text(figure, row.unit())))
    };
    Row::OF_OVERLAP.into_iter().filter_map(line).collect()
}

fn table(at: At, figures: &Figures) -> String {
    let has_any = |peer: &&&str| Row::ALL.iter().any(|row| figures.get(at, *row, peer).is_some());
    let peers: Vec<&str> = figures.peers.iter().filter(has_any).copied().collect();
    let is_mixed = at.shape == Shape::Mixed;
    let beside = if is_mixed { " × plain, a claim |" } else { "" };
    let mut out = format!("| work | annals |{beside}");
    for peer in peers.iter().skip(1) {
        let _ = write!(out, " {peer} |");
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(peers.len() + usize::from(is_mixed)));
    for row in Row::ALL {
        if Row::OF_OVERLAP.contains(&row) {
            continue;
        }
        let figure = |peer: &str| figures.get(at, row, peer);
        if !peers.iter().any(|peer| figure(peer).is_some()) {
            continue;
        }
        let own = figure("annals");
        let told = own.map_or_else(String::new, |own| text(own, row.unit()));
        let _ = write!(out, "| {} | {told} |", row.title());
        if is_mixed {
            let times = figures.mixed_to_plain(at.size, row).map_or(String::new(), ratio);
            let _ = write!(out, " {times} |");
        }
        for peer in peers.iter().skip(1) {
            let cell = figure(peer).map_or(String::new(), |figure| {
                let times = own.map(|own| format!(" ({} ×)", ratio(figure / own)));
                text(figure, row.unit()) + &times.unwrap_or_default()
            });
            let _ = write!(out, " {cell} |");
        }
        out.push('\n');
    }
    out
}

/// What was asked for and what was seen: at a million lines, or at the largest size below that was run; and at ten million.
fn reached(sizes: &[u64], figures: &Figures) -> String {
    let size = sizes.iter().copied().filter(|size| *size <= MILLION).max().unwrap_or(MILLION);
    let mut out = format!(
        "| work | plain, {0} | mixed, {0} | plain, 10,000,000 | asked | seen |\n|---|---|---|---|---|---|\n",
        plain(size)
    );
    for row in Row::ALL.into_iter().filter(|row| !row.asked().is_empty()) {
        let place = |of: Of| match of {
            Of::Shape(Shape::Plain) if Row::OF_OVERLAP.contains(&row) => crate::overlap::AT,
            Of::Shape(shape) => At { shape, size },
            Of::TenMillion => At { shape: Shape::Plain, size: TEN_MILLION },
        };
        let cell = |of: Of| {
            let figure = figures.get(place(of), row, "annals");
            figure.map_or_else(|| "*not measured*".to_owned(), |figure| text(figure, row.unit()))
        };
        let asked = row.asked();
        let words: Vec<String> = asked.iter().map(|(of, words, _)| format!("{}{words}", of_word(*of))).collect();
        let seen: Vec<String> = asked.iter().map(|(of, _, most)| seen(figures, row, place(*of), *most)).collect();
        let is_asked = |of: Of| asked.iter().any(|(asked, ..)| *asked == of);
        let cells = [Of::Shape(Shape::Plain), Of::Shape(Shape::Mixed), Of::TenMillion]
            .map(|of| if Row::OF_OVERLAP.contains(&row) && !is_asked(of) { String::new() } else { cell(of) });
        let _ =
            writeln!(out, "| {} | {} | {} | {} |", row.title(), cells.join(" | "), words.join(" · "), seen.join(" · "));
    }
    out
}

fn of_word(of: Of) -> &'static str {
    match of {
        Of::Shape(Shape::Plain) => "",
        Of::Shape(Shape::Mixed) => "mixed ",
        Of::TenMillion => "10 M ",
    }
}

/// Whether something was reached; where it was not, with the figure that would do.
fn seen(figures: &Figures, row: Row, at: At, most: Most) -> String {
    let own = figures.get(at, row, "annals");
    let claims = |shape| figures.claims.get(&At { shape, size: at.size }).map(|count| *count as f64);
    let most = match most {
        Most::Plain(most) => Some(most),
        Most::Times(times, peer, of) => figures.get(at, of, peer).map(|figure| figure * times),
        Most::OfPlain(times) => {
            let plain = figures.get(At { shape: Shape::Plain, size: at.size }, row, "annals");
            let share = claims(Shape::Mixed).zip(claims(Shape::Plain)).map(|(mixed, plain)| mixed / plain);
            plain.zip(share).map(|(figure, share)| figure * times * share)
        }
        Most::OfMillion(times) => {
            figures.get(At { shape: at.shape, size: MILLION }, row, "annals").map(|figure| figure * times)
        }
    };
    match own.zip(most) {
        None => "–".to_owned(),
        Some((own, most)) if own <= most => "yes".to_owned(),
        Some((_, most)) => format!("**no** ({})", text(most, row.unit())),
    }
}

pub fn page(args: &Args, path: &Path, machine: &Machine, notes: &Notes, figures: &Figures) -> String {
    let sizes = &args.sizes;
    let mut out =
        "# How fast it is\n\nWritten by `cargo bench --bench versus`, which runs all of this again.\n".to_owned();
    out.push_str(
        "In brackets: behind a peer's figure how many times what annals takes, in time or bytes (more than 1 is slower or\n\
         larger); behind **no** the figure that would do.\n\n",
    );
    let _ = writeln!(out, "![growth](performance.svg)\n\n## To reach\n\n{}", reached(sizes, figures));
    let _ = writeln!(out, "\n## Figures\n\n{}\n## How it is measured\n\n{HOW}", tables(sizes, figures));
    for (At { shape, size }, len, history) in &notes.sizes {
        let word = if *shape == Shape::Plain { "plain" } else { "mixed" };
        let (len, size) = (thousands(*len as f64 / *size as f64), plain(*size));
        let _ = writeln!(out, "- {size} {word} lines: {len} bytes a line; the history asked for has {history} claims.");
    }
    if let Some(oracle) = &notes.oracle {
        let _ = writeln!(out, "- The model's second reading: {oracle}.");
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
