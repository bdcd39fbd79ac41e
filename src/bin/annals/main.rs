//! The command line of annals.

mod apart;
mod args;
mod cached;
mod clock;
mod commands;
mod context;
mod failure;
#[cfg(feature = "share")]
mod http;
mod passphrase;
mod render;
mod screen;
mod synced;
mod taken;
mod words;

use std::process::ExitCode;

use annals::ledger::Exposed;
use clap::FromArgMatches;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use mimalloc::MiMalloc;

use crate::args::{Cli, KEY, LEDGER};
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::{Screen, say};

/// An import hands events from thread to thread, which the system's allocator is slow to free.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    if apart::is_asked() {
        return apart::answer();
    }
    let matches = match args::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => match args::hint(&error, std::env::args_os().map(|word| word.to_string_lossy().into_owned())) {
            Some((message, hint)) => return Failure::usage(message, &hint).tell(false),
            None => return tell(&error),
        },
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return tell(&error),
    };
    annals::log::wait_at_most(cli.wait);
    let damage = cli.command.damage();
    let is_typed = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
    let mut context = Context {
        dir: cli.ledger.clone(),
        typed_dir: is_typed(LEDGER).then(|| cli.ledger.clone()),
        actor: cli.actor.clone(),
        key: cli.key.clone(),
        is_key_typed: is_typed(KEY),
        second_key: cli.second_key.clone(),
        exposed: if cli.force_insecure_key { Exposed::Taken } else { Exposed::Refused },
        cache: cached::root(cli.cache.as_deref()),
        is_json: cli.json,
        is_dry_run: cli.command.is_dry_run(),
        despite_damage: damage.is_some_and(|damage| damage.despite_damage),
        screen: Screen::new(),
    };
    let done = commands::run(&mut context, cli);
    match done.and_then(|code| context.screen.flush().map(|()| code).map_err(Failure::from)) {
        Ok(code) => code,
        Err(failure) => {
            // What was answered before the failure is shown before it.
            let _ = context.screen.flush();
            failure.tell(damage.is_some())
        }
    }
}

/// Tells what is wrong with the command line. What was typed stands in it; help, which a terminal shows in bold, holds none
/// of that.
fn tell(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        error.exit();
    }
    error.render().to_string().lines().for_each(say);
    ExitCode::from(2)
}
