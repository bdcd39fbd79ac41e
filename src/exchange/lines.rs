//! A stream cut into lines, each checked before it is held in memory for longer than its length allows.

use std::io::{self, BufRead, Read};

use crate::claim::Problem;

/// The longest line, in bytes, its end not counted.
pub const LINE_LEN_MAX: usize = 1024 * 1024;
const BYTE_ORDER_MARK: [u8; 3] = *b"\xef\xbb\xbf";
/// So many bytes of a line are read before it is given up: a mark, the longest line, and its end.
const LINE_READ_MAX: u64 = 3 + LINE_LEN_MAX as u64 + 2;

/// So much of a line that is too long is read past to find its end. One without an end would be read for ever.
const LINE_SKIPPED_MAX: u64 = 1 << 30;

/// A line that is not blank.
#[derive(Debug)]
pub struct NumberedLine<'a> {
    /// Its number, from 1 on, blank lines counted.
    pub number: u64,
    /// Its text without its end, or why it cannot be read.
    pub text: Result<&'a str, Problem>,
}

/// The lines of a stream: ended by LF or CR LF, blank ones skipped, a byte order mark at the start accepted.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    count: u64,
    bytes_read: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of a reader.
    pub fn new(reader: R) -> Lines<R> {
        Lines { reader, line: Vec::new(), count: 0, bytes_read: 0 }
    }

    /// How much of the stream was read, in bytes.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The next line that is not blank; `None` at the end. A line that is too long is read past, not held.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<NumberedLine<'_>>> {
        loop {
            self.line.clear();
            self.bytes_read += read_one(&mut self.reader, &mut self.line)?;
            if self.line.is_empty() {
                return Ok(None);
            }
            self.count += 1;
            if self.count == 1 {
                drop_mark(&mut self.line);
            }
            if content(&self.line).is_some() {
                break;
            }
        }
        let content = content(&self.line).unwrap_or_default();
        Ok(Some(NumberedLine { number: self.count, text: text(content) }))
    }
}

/// Appends the rest of one line, of which only the first bytes are kept if it is too long, and gives how
/// many bytes were read.
pub(super) fn read_one<R: BufRead>(reader: &mut R, line: &mut Vec<u8>) -> io::Result<u64> {
    let kept = reader.by_ref().take(LINE_READ_MAX).read_until(b'\n', line)? as u64;
    if kept < LINE_READ_MAX || line.ends_with(b"\n") {
        return Ok(kept);
    }
    let skipped = reader.by_ref().take(LINE_SKIPPED_MAX).skip_until(b'\n')? as u64;
    if skipped == LINE_SKIPPED_MAX {
        return Err(io::Error::other(format!("a line is longer than {LINE_SKIPPED_MAX} bytes: these are no lines")));
    }
    Ok(kept + skipped)
}

/// Takes off the mark that may open a stream.
pub(super) fn drop_mark(start: &mut Vec<u8>) {
    if start.starts_with(&BYTE_ORDER_MARK) {
        start.drain(..BYTE_ORDER_MARK.len());
    }
}

/// A line without its end; `None` if it is blank.
pub(super) fn content(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (!line.trim_ascii_start().is_empty()).then_some(line)
}

/// The text of a line.
///
/// # Errors
/// If it is too long or no UTF-8.
pub(super) fn text(content: &[u8]) -> Result<&str, Problem> {
    if content.len() > LINE_LEN_MAX {
        return Err(Problem::new("line", format!("is longer than {LINE_LEN_MAX} bytes")));
    }
    std::str::from_utf8(content)
        .map_err(|error| Problem::new("line", format!("is not UTF-8 from byte {} on", error.valid_up_to() + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number and text, or reason, of every line.
    fn all(bytes: &[u8]) -> Vec<(u64, String)> {
        let mut lines = Lines::new(io::BufReader::with_capacity(7, bytes));
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push((line.number, line.text.map_or_else(|problem| problem.reason, str::to_owned)));
        }
        assert_eq!(lines.bytes_read(), bytes.len() as u64);
        all
    }

    #[test]
    fn ends_marks_and_blanks_are_taken_off() {
        assert_eq!(
            all(b"\xef\xbb\xbfone\r\n\n \t\r\ntwo\n\rthree"),
            [(1, "one".into()), (4, "two".into()), (5, "\rthree".into())]
        );
        assert_eq!(all(b""), []);
        assert_eq!(all(b"\n\n"), []);
        assert_eq!(all(b"a\n\xef\xbb\xbfb"), [(1, "a".into()), (2, "\u{feff}b".into())]);
    }

    #[test]
    fn a_line_that_is_no_text_spoils_no_other() {
        assert_eq!(all(b"a\nb\xffc\nd"), [(1, "a".into()), (2, "is not UTF-8 from byte 2 on".into()), (3, "d".into())]);
    }

    #[test]
    fn the_longest_line_is_read_and_a_longer_one_is_not() {
        let longest = "x".repeat(LINE_LEN_MAX);
        for end in ["", "\n", "\r\n"] {
            assert_eq!(all(format!("{longest}{end}").as_bytes()), [(1, longest.clone())]);
            assert_eq!(all(format!("\u{feff}{longest}{end}").as_bytes()), [(1, longest.clone())]);
            for more in ["x", "xx", "xxx", "xxxxxx", &longest] {
                let lines = all(format!("{longest}{more}{end}").as_bytes());
                assert_eq!(lines, [(1, "is longer than 1048576 bytes".into())], "{} more", more.len());
            }
        }
        let lines = all(format!("a\n{longest}{longest}\nb\n").as_bytes());
        assert_eq!(
            lines.iter().map(|(number, text)| (*number, text.len())).collect::<Vec<_>>(),
            [(1, 1), (2, 28), (3, 1)]
        );
    }
}
