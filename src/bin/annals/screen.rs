//! The two streams: answers on standard output, everything else on standard error. A closed pipe is quiet.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Write};

use annals::value::is_hidden;

/// Where answers go.
pub(crate) struct Screen {
    out: BufWriter<Box<dyn Write>>,
    is_terminal: bool,
    /// How many characters a line has: what `COLUMNS` says, else 80 on a terminal; elsewhere lines are not broken.
    columns: Option<usize>,
}

const COLUMNS: usize = 80;
/// A narrower screen is taken for one of so many characters.
const COLUMNS_MIN: usize = 40;

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
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
        let columns = asked.or(is_terminal.then_some(COLUMNS)).map(|columns| columns.max(COLUMNS_MIN));
        Screen { out: BufWriter::new(only_for_answers()), is_terminal, columns }
    }

    /// Prints a line for people; a stranger's control characters are escaped. One that is too long for the screen goes on
    /// below, indented; no word is cut.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", wrapped(&escaped(text), self.columns))
    }

    /// Prints a line of something that others read byte for byte, such as a signed note: it is never broken.
    pub(crate) fn verbatim(&mut self, text: &str) -> io::Result<()> {
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
        let (strong, rest) = (escaped(strong), escaped(rest));
        let whole = wrapped(&format!("{strong}{rest}"), self.columns);
        let rest = whole.strip_prefix(strong.as_str()).unwrap_or(&rest);
        writeln!(self.out, "{bold}{strong}{plain}{rest}")
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A line broken at spaces where it is longer than the screen is wide, its parts below indented by four more.
fn wrapped(line: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns.filter(|columns| line.chars().count() > *columns) else { return line.to_owned() };
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let below = " ".repeat((indent + 4).min(columns / 2));
    let (mut told, mut width, mut is_at_start) = (String::with_capacity(line.len() + 64), 0, true);
    for word in line.split_inclusive(' ') {
        let length = word.trim_end_matches(' ').chars().count();
        if width + length > columns && !is_at_start {
            told.truncate(told.trim_end_matches(' ').len());
            told.push('\n');
            told.push_str(&below);
            width = below.len();
        }
        told.push_str(word);
        width += word.chars().count();
        is_at_start &= length == 0;
    }
    told
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
    fn long_lines_go_on_below_and_no_word_is_cut() {
        let line = "  one two three four five six seven eight nine ten eleven";
        let told = wrapped(line, Some(20));
        assert_eq!(told, "  one two three four\n      five six seven\n      eight nine ten\n      eleven");
        assert_eq!(wrapped(line, None), line);
        let word = "a".repeat(50);
        assert_eq!(wrapped(&format!("  {word} b"), Some(20)), format!("  {word}\n      b"));
    }

    #[test]
    fn strangers_cannot_steer_the_terminal() {
        assert_eq!(escaped("a\u{1b}[31mb\u{202e}c\nd\u{200b}"), "a\\u{1b}[31mb\\u{202e}c\\nd\\u{200b}");
        assert_eq!(escaped("González — «sí»"), "González — «sí»");
    }
}
