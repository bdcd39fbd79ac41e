//! The command line as clap takes it, its help flowing: a paragraph is one line, which clap breaks where the screen ends.

use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// The commands by what people do with them; those that are used most stand first.
const GROUPS: &[(&str, &[&str])] = &[
    ("Most used", &["init", "record", "import", "state", "history", "first", "contested", "show", "correct", "verify"]),
    (
        "Record",
        &[
            "retract",
            "undo",
            "cite",
            "dispute",
            "assess",
            "approve",
            "return",
            "note",
            "attribute",
            "entity",
            "source",
            "evidence",
            "setting",
        ],
    ),
    ("Ask", &["timeline", "diff", "stale", "log"]),
    ("Check", &["head", "check", "repair"]),
    ("Prove", &["key", "prove", "witness", "anchor"]),
    ("Exchange", &["export", "publish"]),
    ("Keep", &["erase", "cache", "demo", "completions", "man", "help"]),
];

/// What people type for a command that has another name, and what does it.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["rename", "alias", "label"], "`annals entity KEY --label NAME` renames; --alias adds a name"),
    (
        &["list", "ls"],
        "`annals entity`, `annals source`, `annals attribute` and `annals evidence` list what is registered, `annals log` the events",
    ),
    (&["settings", "config", "set"], "`annals setting` shows them and changes them"),
    (&["add", "claim", "assert", "new"], "`annals record` records a claim"),
    (&["delete", "remove", "rm"], "`annals retract` takes back; `annals erase` erases by law"),
    (&["edit", "fix", "change", "update"], "`annals correct` replaces a claim by a better one"),
    (&["search", "find", "grep"], "`annals show` finds an event, `annals state NAME` what is known of an entity"),
    (&["rate", "grade"], "`annals assess` rates a claim, `annals source KEY --reliability A` grades a source"),
    (
        &["merge", "same"],
        "`annals entity KEY --same-as OTHER` says that two are one; `annals import` takes in another ledger",
    ),
    (&["link"], "`annals source KEY --link-to OTHER --link same-wire` links sources"),
    (&["comment", "todo"], "`annals note` notes something"),
    (&["revert", "rollback"], "`annals undo` takes back what you recorded last"),
    (&["sources", "entities", "attributes"], "`annals source`, `annals entity` and `annals attribute` list them"),
];

/// What people type for an option that has another name, and the options that may be meant, where a command has them.
const OPTIONS: &[(&[&str], &[&str])] = &[
    (&["as-of", "date", "at", "when", "day", "on"], &["on", "as-of", "from", "until", "said-on"]),
    (&["since", "start", "begin", "after"], &["from", "since"]),
    (&["to", "end", "till", "before"], &["until", "to"]),
    (&["source", "who", "author", "by"], &["said-by", "by", "actor"]),
    (&["said", "published", "reported", "reported-on", "reported-by"], &["said-on", "reported-by"]),
    (&["known", "known-by", "known-on", "recorded-on", "recorded"], &["recorded-by", "reported-by"]),
    (&["reason", "why", "because", "rationale", "grounds", "basis"], &["reason", "rationale", "grounds", "basis"]),
    (&["verdict", "rate", "value"], &["rating"]),
    (&["number", "count", "last", "max", "tail", "head"], &["limit"]),
    (&["force", "confirm"], &["yes", "anyway"]),
    (&["name", "title"], &["label"]),
    (&["file", "out", "to-file"], &["output", "evidence"]),
    (&["link", "web", "href", "address"], &["url"]),
    (&["text", "words", "citation"], &["quote", "note"]),
];

/// All commands with their help.
pub(crate) fn command() -> Command {
    let command = Cli::command().bin_name("annals").mut_subcommands(|command| {
        match command.get_after_long_help().map(ToString::to_string) {
            Some(text) => command.after_long_help(flowing(&text)),
            None => command,
        }
    });
    let groups = groups(&command);
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}{{after-help}}"
    ))
}

/// The commands in their groups, a line each.
fn groups(command: &Command) -> String {
    let mut told = String::new();
    for (group, names) in GROUPS {
        told.push_str(group);
        told.push_str(":\n");
        for name in *names {
            let about = command.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
            let about = about.unwrap_or_else(|| "Tell of the commands, or of one of them".to_owned());
            // Writing to a string does not fail.
            let _ = writeln!(told, "  {name:<12} {about}");
        }
        told.push('\n');
    }
    told
}

/// What is wrong where a command or an option is called otherwise here, and what to type.
pub(crate) fn hint(error: &clap::Error, typed: impl Iterator<Item = String>) -> Option<(String, String)> {
    match (error.get(ContextKind::InvalidSubcommand), error.get(ContextKind::InvalidArg)) {
        (Some(ContextValue::String(word)), _) if error.kind() == ErrorKind::InvalidSubcommand => {
            let (_, hint) = ELSEWHERE.iter().find(|(words, _)| words.contains(&word.as_str()))?;
            Some((format!("annals has no command {word:?}"), (*hint).to_owned()))
        }
        (_, Some(ContextValue::String(word))) if error.kind() == ErrorKind::UnknownArgument => {
            let all = command();
            let of = typed.skip(1).find_map(|word| all.find_subcommand(word))?;
            let hint = option_hint(of, word)?;
            Some((format!("`annals {}` has no option {word}", of.get_name()), hint))
        }
        _ => None,
    }
}

/// The options of a command that say what is asked for by another word.
fn option_hint(command: &Command, typed: &str) -> Option<String> {
    let name = typed.strip_prefix("--")?.replace('_', "-");
    let (_, meant) = OPTIONS.iter().find(|(words, _)| words.contains(&name.as_str()))?;
    let taken = meant.iter().filter_map(|name| command.get_arguments().find(|arg| arg.get_long() == Some(name)));
    let told: Vec<(String, String)> = taken.map(told_option).collect();
    let more = format!("`annals {} --help` tells more", command.get_name());
    Some(match told.as_slice() {
        [] => more.replace("tells more", "lists its options"),
        [(option, help)] => format!("there is {option}: {help}"),
        several => {
            let options: Vec<&str> = several.iter().map(|(option, _)| option.as_str()).collect();
            format!("there are {}; {more}", options.join(", "))
        }
    })
}

/// An option with its value, and its help.
fn told_option(arg: &Arg) -> (String, String) {
    let value = arg.get_value_names().and_then(<[_]>::first).map_or_else(String::new, |name| format!(" {name}"));
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    (format!("--{}{value}", arg.get_long().unwrap_or_default()), help)
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
    fn every_command_stands_in_one_group() {
        let command = command();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let mut all: Vec<&str> = command.get_subcommands().map(Command::get_name).chain(["help"]).collect();
        all.dedup();
        grouped.sort_unstable();
        all.sort_unstable();
        all.dedup();
        assert_eq!(grouped, all);
        assert_eq!(GROUPS[0].1.len(), 10);
    }

    #[test]
    fn paragraphs_flow_and_examples_stay() {
        let text = "A paragraph\nof two lines.\n\nAnother.\n\nExamples:\n  annals one\n  annals two\nThe\nend.";
        let flows = "A paragraph of two lines.\n\nAnother.\n\nExamples:\n  annals one\n  annals two\nThe end.";
        assert_eq!(flowing(text), flows);
    }
}
