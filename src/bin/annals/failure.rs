//! What ended a command early, how it is told, and the exit code: the only place where they meet.

use std::fmt;
use std::io;
use std::process::ExitCode;

use annals::claim::{Problem, Problems};
use annals::ledger::{Error, ErrorKind};

use crate::screen::say;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The ledger, or what was given to it.
    Ledger(Error),
    /// The command line: exit code 2.
    Usage(String, Option<String>),
    /// Several fields of the command line: exit code 2.
    Wrong(Problems),
    /// Who read the output has gone: quiet.
    Pipe(io::Error),
}

/// What went wrong, in one sentence.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Ledger(error) => error.fmt(f),
            Failure::Usage(message, _) => message.fmt(f),
            Failure::Wrong(problems) => problems.fmt(f),
            Failure::Pipe(error) => error.fmt(f),
        }
    }
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>, hint: &str) -> Failure {
        Failure::Usage(message.into(), Some(hint.to_owned()))
    }

    /// A question that has a field wrong.
    pub(crate) fn usage_of(problem: &Problem) -> Failure {
        Failure::Usage(format!("{} {}", problem.field, problem.reason), problem.hint.clone())
    }

    /// Tells it on standard error and gives the exit code; whether the command takes --despite-damage is for the hint.
    pub(crate) fn tell(&self, takes_despite: bool) -> ExitCode {
        match self {
            Failure::Pipe(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Failure::Pipe(error) => {
                say("error: could not write the answer");
                say(&format!("caused by: {error}"));
                ExitCode::from(3)
            }
            Failure::Usage(message, hint) => {
                say(&format!("error: {message}"));
                tell_hint(hint.as_deref());
                ExitCode::from(2)
            }
            Failure::Wrong(problems) => {
                problems.iter().for_each(|problem| say(&format!("error: {problem}")));
                say("nothing was recorded");
                let hints = problems.iter().filter_map(|problem| Some((&problem.field, problem.hint.as_deref()?)));
                let hints: Vec<String> = hints.map(|(field, hint)| format!("{field}: {hint}")).collect();
                tell_hint(Some(hints.join("; ").as_str()).filter(|hints| !hints.is_empty()));
                ExitCode::from(2)
            }
            Failure::Ledger(error) => {
                say(&format!("error: {error}"));
                if let Some(cause) = error.cause() {
                    say(&format!("caused by: {cause}"));
                }
                tell_hint(error.hint().or_else(|| hint_of(error.kind(), takes_despite)));
                ExitCode::from(3)
            }
        }
    }
}

fn tell_hint(hint: Option<&str>) {
    if let Some(hint) = hint {
        say("");
        say(&format!("hint: {hint}"));
    }
}

fn hint_of(kind: ErrorKind, takes_despite: bool) -> Option<&'static str> {
    match kind {
        ErrorKind::Damaged if !takes_despite => {
            Some("`annals verify` names every damaged place; keep a copy of the folder before anything else")
        }
        ErrorKind::Damaged => Some(
            "`annals verify` names every damaged place; keep a copy of the folder before anything else. Questions \
                  asked with --despite-damage are answered from what is intact",
        ),
        ErrorKind::Unsupported => Some("a newer version of annals may read it"),
        ErrorKind::InUse => Some(
            "try again when that has finished, or wait for it longer with --wait SECONDS; what is no annals may hold the lock \
                  for ever: end it then",
        ),
        ErrorKind::Io => Some("check the path, the permissions and the space on the disk"),
        ErrorKind::Invalid | ErrorKind::NotFound => None,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Ledger(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Pipe(error)
    }
}

/// Of several, each is told in a line of its own.
impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        if problems.iter().count() == 1 { problems.first().clone().into() } else { Failure::Wrong(problems) }
    }
}

/// A problem of something typed is one of the command line, named as its flag.
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Usage(format!("{problem}; nothing was recorded"), problem.hint)
    }
}
