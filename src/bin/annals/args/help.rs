//! The command line as clap takes it, its help flowing: a paragraph is one line, which clap breaks where the screen ends.

use clap::{Command, CommandFactory};

use super::Cli;

/// All commands with their help.
pub(crate) fn command() -> Command {
    Cli::command().mut_subcommands(|command| match command.get_after_long_help().map(ToString::to_string) {
        Some(text) => command.after_long_help(flowing(&text)),
        None => command,
    })
}

/// The text with the lines of each paragraph joined. Indented lines, such as examples, stay lines of their own.
fn flowing(text: &str) -> String {
    let mut flowing = String::with_capacity(text.len());
    for (place, line) in text.lines().enumerate() {
        let begins = |line: &str| line.is_empty() || line.starts_with(' ');
        let before = flowing.rsplit('\n').next().unwrap_or_default();
        match place {
            0 => {}
            _ if begins(line) || begins(before) => flowing.push('\n'),
            _ => flowing.push(' '),
        }
        flowing.push_str(line);
    }
    flowing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_flow_and_examples_stay() {
        let text = "A paragraph\nof two lines.\n\nAnother.\n\nExamples:\n  annals one\n  annals two\nThe\nend.";
        let flows = "A paragraph of two lines.\n\nAnother.\n\nExamples:\n  annals one\n  annals two\nThe end.";
        assert_eq!(flowing(text), flows);
    }
}
