//! What each command does: flags in, answers out.

mod ask;
mod cache;
mod demo;
mod evidence;
mod export;
mod policy;
mod record;
#[cfg(feature = "share")]
mod share;
#[cfg(not(feature = "share"))]
#[path = "no_share.rs"]
mod share;
mod trust;
mod upkeep;

use std::process::ExitCode;

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::failure::Failure;

/// Runs a command. The exit code is 0, or 1 where the answer is no.
pub(crate) fn run(context: &mut Context, cli: Cli) -> Result<ExitCode, Failure> {
    let is_yes = match cli.command {
        Command::Init(args) => upkeep::init(context, &args)?,
        Command::Record(args) => record::claim::record(context, args)?,
        Command::Correct(args) => record::claim::correct(context, args)?,
        Command::Retract(args) => record::act::retract(context, args)?,
        Command::Dispute(args) => record::act::dispute(context, args)?,
        Command::Assess(args) => record::act::assess(context, args)?,
        Command::Undo(args) => record::undo::undo(context, &args)?,
        Command::Cite(args) => record::act::cite(context, args)?,
        Command::Approve(args) => record::act::approve(context, args)?,
        Command::Return(args) => record::act::give_back(context, args)?,
        Command::Evidence(args) => evidence::evidence(context, args)?,
        Command::Setting(args) => record::setting::setting(context, args)?,
        Command::Note(args) => record::act::note(context, args)?,
        Command::Erase(args) => record::erase::erase(context, &args)?,
        Command::Attribute(args) => record::register::attribute(context, args)?,
        Command::Entity(args) => record::register::entity(context, args)?,
        Command::Source(args) => record::register::source(context, args)?,
        Command::Key(args) => trust::key::key(context, &args)?,
        Command::Import(args) => record::import::import(context, &args)?,
        Command::Export(args) => export::export(context, &args)?,
        Command::State(args) => ask::state::state(context, &args)?,
        Command::History(args) => ask::history::history(context, &args)?,
        Command::Timeline(args) => ask::time::timeline(context, &args)?,
        Command::Diff(args) => ask::time::diff(context, &args)?,
        Command::First(args) => ask::first::first(context, &args)?,
        Command::Contested(args) => ask::time::contested(context, &args)?,
        Command::Stale(args) => ask::time::stale(context, &args)?,
        Command::Log(args) => ask::log::log(context, &args)?,
        Command::Show(args) => ask::log::show(context, &args)?,
        Command::Head(args) => upkeep::head(context, &args)?,
        Command::Witness(args) => share::witness(context, &args)?,
        Command::Prove(args) => share::prove(context, &args)?,
        Command::Anchor(args) => share::anchor(context, &args)?,
        Command::Check(args) => share::check(context, &args)?,
        Command::Publish(args) => share::publish(context, &args)?,
        Command::Verify(args) => trust::verify::verify(context, &args)?,
        Command::Repair(_) => upkeep::repair(context)?,
        Command::Cache(args) => cache::cache(context, &args)?,
        Command::Demo(args) => demo::demo(context, &args)?,
        Command::Completions(args) => upkeep::completions(context, &args)?,
        Command::Man => upkeep::man(context)?,
    };
    Ok(if is_yes { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
