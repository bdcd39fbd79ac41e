//! The two streams: answers on standard output, everything else on standard error. A closed pipe is quiet.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Write};

use annals::value::is_hidden;

/// Where answers go.
pub(crate) struct Screen {
    out: BufWriter<Box<dyn Write>>,
    is_terminal: bool,
}

/// Standard output for answers alone: whatever a library prints goes to standard error from then on.
fn only_for_answers() -> Box<dyn Write> {
    #[cfg(unix)]
    if let Ok(own) = rustix::io::dup(io::stdout())
        && rustix::stdio::dup2_stdout(io::stderr()).is_ok()
    {
        return Box::new(std::fs::File::from(own));
    }
    Box::new(io::stdout().lock())
}

impl Screen {
    pub(crate) fn new() -> Screen {
        let is_terminal = io::stdout().is_terminal();
        Screen { out: BufWriter::new(only_for_answers()), is_terminal }
    }

    /// Prints a line for people; a stranger's control characters are escaped.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", escaped(text))
    }

    /// Prints a line of JSON.
    pub(crate) fn json(&mut self, line: &serde_json::Map<String, serde_json::Value>) -> io::Result<()> {
        annals::exchange::write_line(&mut self.out, line)
    }

    /// Where raw bytes go, such as an export.
    pub(crate) fn raw(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Prints a line that starts with a word made bold on a terminal; boldness is never the only carrier.
    pub(crate) fn heading(&mut self, strong: &str, rest: &str) -> io::Result<()> {
        let is_plain = !self.is_terminal || std::env::var_os("NO_COLOR").is_some();
        let (bold, plain) = if is_plain { ("", "") } else { ("\u{1b}[1m", "\u{1b}[0m") };
        writeln!(self.out, "{bold}{}{plain}{}", escaped(strong), escaped(rest))
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Says something that is not the answer.
pub(crate) fn say(text: &str) {
    let mut err = io::stderr().lock();
    // Nothing can be done where standard error is closed.
    let _ = writeln!(err, "{}", escaped(text));
}

/// Text from strangers with its control, bidirectional and invisible characters spelt out.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_cannot_steer_the_terminal() {
        assert_eq!(escaped("a\u{1b}[31mb\u{202e}c\nd\u{200b}"), "a\\u{1b}[31mb\\u{202e}c\\nd\\u{200b}");
        assert_eq!(escaped("González — «sí»"), "González — «sí»");
    }
}
