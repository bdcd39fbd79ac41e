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
mod taken;
mod whole;
mod words;

use std::process::ExitCode;

use clap::FromArgMatches;
use clap::parser::ValueSource;
use mimalloc::MiMalloc;

use crate::args::{Cli, KEY, LEDGER};
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::Screen;

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
            None => error.exit(),
        },
    };
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let damage = cli.command.damage();
    let is_typed = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
    let mut context = Context {
        dir: cli.ledger.clone(),
        typed_dir: is_typed(LEDGER).then(|| cli.ledger.clone()),
        actor: cli.actor.clone(),
        key: cli.key.clone(),
        is_key_typed: is_typed(KEY),
        second_key: cli.second_key.clone(),
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
