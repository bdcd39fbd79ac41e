//! The rows of the table, and what annals is to reach in each.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    Import,
    Verify,
    Process,
    Point,
    PointAgain,
    PointLate,
    Whole,
    Printed,
    History,
    Rebuild,
    Bytes,
    Append,
    Batch,
}

/// How a figure is shown. Durations are kept in seconds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of seconds for one line: lines a second.
    Rate,
    Micros,
    Millis,
    /// For one line.
    Bytes,
}

/// The most that annals' figure may be.
#[derive(Clone, Copy)]
pub enum Most {
    /// So many times a peer's figure in a row.
    Times(f64, &'static str, Row),
    /// A figure of its own.
    Plain(f64),
}

impl Row {
    pub const ALL: [Row; 13] = [
        Row::Append,
        Row::Batch,
        Row::Import,
        Row::Verify,
        Row::Process,
        Row::Point,
        Row::PointAgain,
        Row::PointLate,
        Row::Whole,
        Row::Printed,
        Row::History,
        Row::Rebuild,
        Row::Bytes,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Row::Append => "append",
            Row::Batch => "batch",
            Row::Import => "import",
            Row::Verify => "verify",
            Row::Process => "process",
            Row::Point => "point",
            Row::PointAgain => "point-again",
            Row::PointLate => "point-p99",
            Row::Whole => "whole",
            Row::Printed => "printed",
            Row::History => "history",
            Row::Rebuild => "rebuild",
            Row::Bytes => "bytes",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Row::Append => "append, one durable claim at a time",
            Row::Batch => "append in durable batches of 1,000",
            Row::Import => "import JSON Lines",
            Row::Verify => "verify every hash",
            Row::Process => "a new process opens it and answers one point question",
            Row::Point => "point question, key not read before, median",
            Row::PointAgain => "point question, key read before, median",
            Row::PointLate => "point question, key not read before, p99",
            Row::Whole => "whole state on a date, every key, computed",
            Row::Printed => "whole state printed as JSON by a new process",
            Row::History => "history of one subject, about 1,000 claims",
            Row::Rebuild => "make the index anew",
            Row::Bytes => "bytes on disk, log and index",
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Row::Batch | Row::Import | Row::Verify | Row::Rebuild => Unit::Rate,
            Row::Append | Row::Point | Row::PointAgain | Row::PointLate => Unit::Micros,
            Row::Process | Row::Whole | Row::Printed | Row::History => Unit::Millis,
            Row::Bytes => Unit::Bytes,
        }
    }

    /// What is to be reached, in the words of the page and as the most that the figure may be.
    pub fn reach(self) -> Vec<(&'static str, Most)> {
        match self {
            Row::Append => vec![
                ("≥ 0.9 × as fast as the bare loop", Most::Times(1.0 / 0.9, "bare loop", self)),
                ("≥ 1 × as fast as SQLite", Most::Times(1.0, "SQLite", self)),
            ],
            Row::Batch => vec![
                ("≥ 0.7 × as fast as the bare loop", Most::Times(1.0 / 0.7, "bare loop", self)),
                ("≥ 2 × as fast as SQLite", Most::Times(0.5, "SQLite", self)),
            ],
            Row::Import => vec![("≥ 1 × as fast as DuckDB", Most::Times(1.0, "DuckDB", self))],
            Row::Verify => {
                vec![("≥ 0.85 × as fast as the bare loop", Most::Times(1.0 / 0.85, "bare loop", self))]
            }
            Row::Process => vec![("≤ 3 × SQLite's shell", Most::Times(3.0, "SQLite", self))],
            Row::Point => vec![("≤ 15 µs", Most::Plain(15e-6))],
            Row::PointAgain => vec![("≤ 3 µs", Most::Plain(3e-6))],
            Row::PointLate => vec![("≤ 150 µs", Most::Plain(150e-6))],
            Row::Whole => vec![("≤ 1 × DuckDB", Most::Times(1.0, "DuckDB", self))],
            Row::Printed => vec![("≤ 3 × DuckDB computing", Most::Times(3.0, "DuckDB", Row::Whole))],
            Row::History => vec![("≤ 2 ms", Most::Plain(2e-3))],
            Row::Rebuild => vec![("≥ 500,000 a second", Most::Plain(2e-6))],
            Row::Bytes => vec![("≤ 0.9 × SQLite", Most::Times(0.9, "SQLite", self))],
        }
    }

    /// The most that the figure may grow from a million lines to ten million.
    pub fn growth(self) -> Option<f64> {
        match self {
            Row::Import => Some(1.2),
            Row::Process => Some(1.5),
            Row::Whole => Some(10.0),
            _ => None,
        }
    }
}
