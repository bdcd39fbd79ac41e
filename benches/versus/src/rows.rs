//! The rows of the table, and what annals is to reach in each.

use crate::work::Shape;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    Import,
    ImportMemory,
    Verify,
    VerifyCompared,
    VerifyMemory,
    Process,
    Point,
    PointAgain,
    PointLate,
    Whole,
    Printed,
    HistoryFirst,
    History,
    Contested,
    OverlapTimeline,
    OverlapState,
    OverlapContested,
    OverlapMemory,
    Rebuild,
    Bytes,
    Append,
    Batch,
}

/// How a figure is shown. Durations are kept in seconds, lengths in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of seconds for one line: lines a second.
    Rate,
    Micros,
    Millis,
    Megabytes,
    /// For one line.
    Bytes,
}

/// Which figure of annals is to reach something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Shape(Shape),
    /// That of the plain shape at ten million lines.
    TenMillion,
}

/// The most that annals' figure may be.
#[derive(Clone, Copy)]
pub enum Most {
    /// So many times a peer's figure in a row.
    Times(f64, &'static str, Row),
    /// A figure of its own.
    Plain(f64),
    /// So many times what the plain shape takes, a claim's share.
    OfPlain(f64),
    /// So many times what a million lines take.
    OfMillion(f64),
}

/// What is to be reached, in the words of the page and as the most that a figure may be.
pub type Asked = (Of, &'static str, Most);

const PLAIN: Of = Of::Shape(Shape::Plain);
const MIXED: Of = Of::Shape(Shape::Mixed);
const TEN: Of = Of::TenMillion;
const BARE: &str = "bare loop";

impl Row {
    pub const ALL: [Row; 22] = [
        Row::Verify,
        Row::VerifyCompared,
        Row::VerifyMemory,
        Row::Import,
        Row::ImportMemory,
        Row::Append,
        Row::Batch,
        Row::Point,
        Row::PointLate,
        Row::PointAgain,
        Row::Whole,
        Row::Printed,
        Row::Process,
        Row::HistoryFirst,
        Row::History,
        Row::OverlapTimeline,
        Row::OverlapState,
        Row::OverlapContested,
        Row::OverlapMemory,
        Row::Contested,
        Row::Rebuild,
        Row::Bytes,
    ];

    /// One key with many claims that overlap: a ledger of its own.
    pub const OF_OVERLAP: [Row; 4] =
        [Row::OverlapTimeline, Row::OverlapState, Row::OverlapContested, Row::OverlapMemory];

    pub fn id(self) -> &'static str {
        match self {
            Row::Append => "append",
            Row::Batch => "batch",
            Row::Import => "import",
            Row::ImportMemory => "import-memory",
            Row::Verify => "verify",
            Row::VerifyCompared => "verify-compared",
            Row::VerifyMemory => "verify-memory",
            Row::Process => "process",
            Row::Point => "point",
            Row::PointAgain => "point-again",
            Row::PointLate => "point-p99",
            Row::Whole => "whole",
            Row::Printed => "printed",
            Row::HistoryFirst => "history-first",
            Row::History => "history",
            Row::Contested => "contested",
            Row::OverlapTimeline => "overlap-timeline",
            Row::OverlapState => "overlap-state",
            Row::OverlapContested => "overlap-contested",
            Row::OverlapMemory => "overlap-memory",
            Row::Rebuild => "rebuild",
            Row::Bytes => "bytes",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Row::Append => "one durable append, writer open",
            Row::Batch => "durable batches of 1,000",
            Row::Import => "import JSON Lines",
            Row::ImportMemory => "… memory of the command",
            Row::Verify => "verify every hash, without a cache",
            Row::VerifyCompared => "… with a cache compared",
            Row::VerifyMemory => "… memory of the command",
            Row::Process => "a new process opens it and answers one point question",
            Row::Point => "point question, key not read before, median",
            Row::PointAgain => "point question, key read before, median",
            Row::PointLate => "point question, key not read before, p99",
            Row::Whole => "whole state of every key on a day, computed",
            Row::Printed => "… printed as JSON by a new process",
            Row::HistoryFirst => "history of about 1,000 claims, first, with the opening",
            Row::History => "history of about 1,000 claims, asked again",
            Row::Contested => "contested over every key and day",
            Row::OverlapTimeline => "timeline of one key with 4,000 overlapping claims",
            Row::OverlapState => "state of one key with 4,000 overlapping claims",
            Row::OverlapContested => "contested of one key with 4,000 overlapping claims",
            Row::OverlapMemory => "… the most memory of these beside what is printed",
            Row::Rebuild => "cache made anew",
            Row::Bytes => "bytes on disk, log and cache",
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Row::Batch | Row::Import | Row::Verify | Row::VerifyCompared | Row::Rebuild => Unit::Rate,
            Row::Append | Row::Point | Row::PointAgain | Row::PointLate => Unit::Micros,
            Row::Process | Row::Whole | Row::Printed | Row::HistoryFirst | Row::History | Row::Contested => {
                Unit::Millis
            }
            Row::OverlapTimeline | Row::OverlapState | Row::OverlapContested => Unit::Millis,
            Row::ImportMemory | Row::VerifyMemory | Row::OverlapMemory => Unit::Megabytes,
            Row::Bytes => Unit::Bytes,
        }
    }

    /// Whether the figure grows with the count of claims.
    pub fn is_of_all_keys(self) -> bool {
        matches!(self, Row::Whole | Row::Printed | Row::Contested)
    }

    /// Whether peers do it on the mixed shape too: they keep and read those lines, and answer nothing of them.
    pub fn is_for_peers(self, shape: Shape) -> bool {
        let keeps = matches!(self, Row::Import | Row::Verify | Row::Append | Row::Batch | Row::Bytes);
        shape == Shape::Plain || keeps
    }

    /// What is to be reached.
    pub fn asked(self) -> Vec<Asked> {
        use Most::{OfMillion, OfPlain, Plain, Times};
        match self {
            Row::Verify => vec![
                (PLAIN, "≥ 1.1 × the bare loop", Times(1.0 / 1.1, BARE, self)),
                (MIXED, "≥ 0.9 × the bare loop", Times(1.0 / 0.9, BARE, self)),
                (TEN, "the rate of 1 M, within a tenth", OfMillion(1.1)),
            ],
            Row::VerifyCompared => vec![
                (PLAIN, "≥ 0.8 × the bare loop", Times(1.0 / 0.8, BARE, Row::Verify)),
                (MIXED, "≥ 0.7 × the bare loop", Times(1.0 / 0.7, BARE, Row::Verify)),
            ],
            Row::VerifyMemory => vec![(TEN, "≤ 300 MB", Plain(300e6))],
            Row::Import => vec![
                (PLAIN, "≥ 1.2 × DuckDB", Times(1.0 / 1.2, "DuckDB", self)),
                (MIXED, "≥ 0.8 × DuckDB", Times(1.0 / 0.8, "DuckDB", self)),
                (TEN, "≥ 0.8 × the rate of 1 M", OfMillion(1.0 / 0.8)),
            ],
            Row::ImportMemory => vec![(TEN, "≤ 1.2 GB", Plain(1.2e9))],
            Row::Append => vec![
                (PLAIN, "≥ 0.92 × the bare loop", Times(1.0 / 0.92, BARE, self)),
                (MIXED, "≥ 0.92 × the bare loop", Times(1.0 / 0.92, BARE, self)),
                (TEN, "≥ 0.92 × the bare loop", Times(1.0 / 0.92, BARE, self)),
            ],
            Row::Batch => vec![
                (PLAIN, "≥ 0.7 × the bare loop", Times(1.0 / 0.7, BARE, self)),
                (PLAIN, "≥ 8 × SQLite", Times(1.0 / 8.0, "SQLite", self)),
                (MIXED, "≥ 0.5 × the bare loop", Times(1.0 / 0.5, BARE, self)),
                (TEN, "≥ 0.8 × the rate of 1 M", OfMillion(1.0 / 0.8)),
            ],
            Row::Point => vec![
                (PLAIN, "≤ 3 µs", Plain(3e-6)),
                (PLAIN, "≤ SQLite's bare value", Times(1.0, "SQLite", self)),
                (MIXED, "≤ 8 µs", Plain(8e-6)),
                (TEN, "≤ 2 × 1 M", OfMillion(2.0)),
            ],
            Row::PointLate => {
                vec![
                    (PLAIN, "≤ 10 µs", Plain(10e-6)),
                    (MIXED, "≤ 60 µs", Plain(60e-6)),
                    (TEN, "≤ 2 × 1 M", OfMillion(2.0)),
                ]
            }
            Row::PointAgain => Vec::new(),
            Row::Whole => vec![
                (PLAIN, "≤ 1.5 × DuckDB", Times(1.5, "DuckDB", self)),
                (MIXED, "≤ 3 × plain, a claim", OfPlain(3.0)),
                (TEN, "≤ 11 × 1 M", OfMillion(11.0)),
            ],
            Row::Printed => vec![
                (PLAIN, "≤ 3 × DuckDB computing", Times(3.0, "DuckDB", Row::Whole)),
                (MIXED, "≤ 3 × plain, a claim", OfPlain(3.0)),
                (TEN, "≤ 11 × 1 M", OfMillion(11.0)),
            ],
            Row::Process => {
                vec![(PLAIN, "≤ 2 × SQLite's shell", Times(2.0, "SQLite", self)), (TEN, "≤ 1.3 × 1 M", OfMillion(1.3))]
            }
            Row::HistoryFirst => vec![(PLAIN, "≤ 3 ms", Plain(3e-3)), (MIXED, "≤ 3 ms", Plain(3e-3))],
            Row::History => vec![(PLAIN, "≤ 1.5 ms", Plain(1.5e-3)), (MIXED, "≤ 1.5 ms", Plain(1.5e-3))],
            Row::OverlapTimeline | Row::OverlapState | Row::OverlapContested => {
                vec![(PLAIN, "≤ 60 ms", Plain(60e-3))]
            }
            Row::OverlapMemory => vec![(PLAIN, "≤ 50 MB", Plain(50e6))],
            Row::Contested => vec![
                (PLAIN, "≤ 4 × the whole state", Times(4.0, "annals", Row::Whole)),
                (MIXED, "≤ 6 × the whole state", Times(6.0, "annals", Row::Whole)),
                (TEN, "≤ 11 × 1 M", OfMillion(11.0)),
            ],
            Row::Rebuild => vec![
                (PLAIN, "≥ 1,000,000/s", Plain(1e-6)),
                (MIXED, "≥ 500,000/s", Plain(2e-6)),
                (TEN, "the rate of 1 M, within a tenth", OfMillion(1.1)),
            ],
            Row::Bytes => vec![
                (PLAIN, "≤ 0.75 × SQLite", Times(0.75, "SQLite", self)),
                (MIXED, "≤ 0.8 × SQLite", Times(0.8, "SQLite", self)),
            ],
        }
    }
}
