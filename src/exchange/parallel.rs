//! Lines read on several threads and handed over in their order.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::ops::{ControlFlow, Range};

use super::lines::{content, drop_mark, read_one, text};
use super::read::{Line, read_line};
use crate::claim::Problems;
use crate::threads::{Threads, Ticket};

/// How much text makes a batch, in bytes; the last line of a batch may reach beyond it. A processor keeps it near, with what is
/// made of it.
const BATCH_LEN: usize = 64 * 1024;
/// How many batches are under way for each thread.
const BATCHES_A_THREAD: usize = 3;

/// A line that is not blank, as it was read.
#[derive(Debug)]
pub struct LineRead<'a> {
    /// Its number, from 1 on, blank lines counted.
    pub number: u64,
    /// Its bytes without its end; one that is too long is cut off.
    pub raw: &'a [u8],
    /// How far the stream was read up to the end of its batch, in bytes.
    pub bytes_read: u64,
    /// What it says, or why it is refused. It is handed on several times.
    pub line: Result<Box<Line>, Problems>,
}

/// Whole lines on their way to a thread.
struct Batch {
    text: Vec<u8>,
    bytes_read: u64,
}

/// Lines that a thread has read, on their way back.
struct ReadBatch {
    text: Vec<u8>,
    bytes_read: u64,
    lines: Vec<BatchLine>,
    /// Blank lines counted.
    line_count: u64,
}

struct BatchLine {
    /// Counted from 1 in its batch.
    number: u64,
    /// Where its content stands in the batch's text.
    place: Range<usize>,
    line: Result<Box<Line>, Problems>,
}

/// Has every line of a stream read by threads and hands them to `on_line` in their order, on the thread that calls.
/// Reading goes on until the stream ends or `on_line` breaks; the answer is how it ended.
///
/// No more than a few batches a thread are held in memory at any time.
///
/// # Errors
/// If the stream cannot be read; the lines before the failing batch may not all have been handed over.
pub fn read_parallel<R: BufRead, B>(
    mut reader: R,
    threads: &Threads,
    mut on_line: impl FnMut(LineRead<'_>) -> ControlFlow<B>,
) -> io::Result<ControlFlow<B>> {
    let mut under_way: VecDeque<Ticket<ReadBatch>> = VecDeque::new();
    let (mut bytes_read, mut line_count) = (0, 0);
    let mut is_at_end = false;
    loop {
        while !is_at_end && under_way.len() < threads.count() * BATCHES_A_THREAD {
            let batch = next_batch(&mut reader, &mut bytes_read)?;
            is_at_end = batch.text.is_empty();
            if !is_at_end {
                under_way.push_back(threads.give(|| read_batch(batch)));
            }
        }
        // A thread that panicked passes that on when it ends.
        let Some(batch) = under_way.pop_front().and_then(Ticket::take) else {
            return Ok(ControlFlow::Continue(()));
        };
        let lines_before = line_count;
        line_count += batch.line_count;
        if let ControlFlow::Break(end) = hand_over(batch, lines_before, &mut on_line) {
            return Ok(ControlFlow::Break(end));
        }
    }
}

/// Reads whole lines, about a batch of them; nothing at the end of the stream.
fn next_batch<R: BufRead>(reader: &mut R, bytes_read: &mut u64) -> io::Result<Batch> {
    let mut text = Vec::with_capacity(BATCH_LEN + BATCH_LEN / 8);
    let is_first = *bytes_read == 0;
    *bytes_read += reader.by_ref().take(BATCH_LEN as u64).read_to_end(&mut text)? as u64;
    if !text.is_empty() && !text.ends_with(b"\n") {
        *bytes_read += read_one(reader, &mut text)?;
    }
    if is_first {
        drop_mark(&mut text);
    }
    Ok(Batch { text, bytes_read: *bytes_read })
}

fn read_batch(batch: Batch) -> ReadBatch {
    let Batch { text, bytes_read } = batch;
    let mut lines = Vec::with_capacity(text.len() / 200);
    let (mut line_count, mut start) = (0, 0);
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        // A slice can always be read.
        let len = { rest }.skip_until(b'\n').unwrap_or(rest.len());
        line_count += 1;
        if let Some(content) = rest.get(..len).and_then(content) {
            let line = self::text(content).map_err(Problems::from).and_then(read_line).map(Box::new);
            lines.push(BatchLine { number: line_count, place: start..start + content.len(), line });
        }
        start += len;
    }
    ReadBatch { text, bytes_read, lines, line_count }
}

/// Hands the lines of a batch over, of which so many lines lie before it.
fn hand_over<B>(
    batch: ReadBatch,
    lines_before: u64,
    on_line: &mut impl FnMut(LineRead<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for BatchLine { number, place, line } in batch.lines {
        let raw = batch.text.get(place).unwrap_or_default();
        on_line(LineRead { number: lines_before + number, raw, bytes_read: batch.bytes_read, line })?;
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::with_threads;

    /// Reads with so many threads of its own.
    fn read_with<R: BufRead, B>(
        reader: R,
        threads: usize,
        on_line: impl FnMut(LineRead<'_>) -> ControlFlow<B>,
    ) -> io::Result<ControlFlow<B>> {
        with_threads(threads, |threads| read_parallel(reader, threads, on_line))
    }

    /// Number, text, and whether it was taken, of every line.
    fn all(bytes: &[u8], threads: usize) -> Vec<(u64, String, bool)> {
        let mut all = Vec::new();
        let mut bytes_read = 0;
        let end = read_with(bytes, threads, |line| {
            assert!(line.bytes_read >= bytes_read);
            bytes_read = line.bytes_read;
            all.push((line.number, String::from_utf8_lossy(line.raw).into_owned(), line.line.is_ok()));
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(end.unwrap(), ControlFlow::Continue(()));
        all
    }

    fn note(text: &str) -> String {
        format!(r#"{{"type":"note","text":"{text}"}}"#)
    }

    #[test]
    fn lines_come_in_their_order_whatever_the_threads() {
        let mut input = String::from("\u{feff}");
        let mut wanted = Vec::new();
        for number in 1..=20_000_u64 {
            let line =
                if number % 7 == 0 { String::new() } else { note(&"x".repeat(usize::try_from(number % 90).unwrap())) };
            input.push_str(&line);
            input.push_str(if number % 2 == 0 { "\n" } else { "\r\n" });
            if !line.is_empty() {
                wanted.push((number, line, number % 90 != 0));
            }
        }
        for threads in [0, 1, 2, 5] {
            assert!(all(input.as_bytes(), threads) == wanted, "{threads} threads");
        }
    }

    #[test]
    fn lines_of_every_length_end_where_batches_end() {
        let base = BATCH_LEN - 10;
        for len in base..base + 20 {
            let long = format!("{}{}", note("a"), " ".repeat(len - note("a").len()));
            let input = format!("{long}\n{}\n{long}", note("a"));
            assert!(all(input.as_bytes(), 2).iter().all(|line| line.2), "{len}");
        }
    }

    #[test]
    fn bad_lines_spoil_no_other() {
        let mut input = note("a").into_bytes();
        input.extend(b"\n\xff\n");
        input.extend(note(&"x".repeat(3 * 1024 * 1024)).into_bytes());
        input.extend(b"\n\n");
        input.extend(note("b").into_bytes());
        let lines: Vec<(u64, bool)> = all(&input, 2).into_iter().map(|(number, _, taken)| (number, taken)).collect();
        assert_eq!(lines, [(1, true), (2, false), (3, false), (5, true)]);
        assert_eq!(all(b"", 2), []);
        assert_eq!(all(b"\n", 2), []);
    }

    #[test]
    fn breaking_ends_the_reading() {
        let input = format!("{}\n", note("a")).repeat(100_000);
        let mut count = 0;
        let end = read_with(input.as_bytes(), 2, |_| {
            count += 1;
            if count == 10 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
        });
        assert_eq!(end.unwrap(), ControlFlow::Break("enough"));
        assert_eq!(count, 10);
    }

    #[test]
    fn a_stream_that_fails_is_reported() {
        struct Failing;
        impl io::Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let ended = read_with(io::BufReader::new(Failing), 2, |_| ControlFlow::<()>::Continue(()));
        assert_eq!(ended.unwrap_err().to_string(), "gone");
    }
}
