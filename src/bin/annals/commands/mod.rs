//! What each command does: flags in, answers out.

mod act;
#[cfg(feature = "anchor")]
mod anchor;
#[cfg(not(feature = "anchor"))]
#[path = "no_anchor.rs"]
mod anchor;
mod ask;
mod cache;
mod check;
mod claim;
mod demo;
mod draft;
mod erase;
mod export;
mod first;
mod follow;
mod history;
mod import;
mod imported;
mod key;
mod keyed;
mod log;
mod policy;
mod prove;
mod publish;
mod register;
mod rejects;
mod setting;
mod time;
mod undo;
mod upkeep;
mod verify;
mod witness;
mod write;

use std::process::ExitCode;

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::failure::Failure;

/// Runs a command. The exit code is 0, or 1 where the answer is no.
pub(crate) fn run(context: &mut Context, cli: Cli) -> Result<ExitCode, Failure> {
    let is_yes = match cli.command {
        Command::Init(args) => upkeep::init(context, &args)?,
        Command::Record(args) => claim::record(context, args)?,
        Command::Correct(args) => claim::correct(context, args)?,
        Command::Retract(args) => act::retract(context, args)?,
        Command::Dispute(args) => act::dispute(context, args)?,
        Command::Assess(args) => act::assess(context, args)?,
        Command::Undo(args) => undo::undo(context, &args)?,
        Command::Cite(args) => act::cite(context, args)?,
        Command::Approve(args) => act::approve(context, args)?,
        Command::Return(args) => act::give_back(context, args)?,
        Command::Setting(args) => setting::setting(context, args)?,
        Command::Note(args) => act::note(context, args)?,
        Command::Erase(args) => erase::erase(context, &args)?,
        Command::Attribute(args) => register::attribute(context, args)?,
        Command::Entity(args) => register::entity(context, args)?,
        Command::Source(args) => register::source(context, args)?,
        Command::Key(args) => key::key(context, &args)?,
        Command::Import(args) => import::import(context, &args)?,
        Command::Export(args) => export::export(context, &args)?,
        Command::State(args) => ask::state(context, &args)?,
        Command::History(args) => history::history(context, &args)?,
        Command::Timeline(args) => time::timeline(context, &args)?,
        Command::Diff(args) => time::diff(context, &args)?,
        Command::First(args) => first::first(context, &args)?,
        Command::Contested(args) => time::contested(context, &args)?,
        Command::Stale(args) => time::stale(context, &args)?,
        Command::Log(args) => log::log(context, &args)?,
        Command::Show(args) => log::show(context, &args)?,
        Command::Head(args) => upkeep::head(context, &args)?,
        Command::Witness(args) => witness::witness(context, &args)?,
        Command::Prove(args) => prove::prove(context, &args)?,
        Command::Anchor(args) => anchor::anchor(context, &args)?,
        Command::Check(args) => check::check(context, &args)?,
        Command::Publish(args) => publish::publish(context, &args)?,
        Command::Verify(args) => verify::verify(context, &args)?,
        Command::Repair(_) => upkeep::repair(context)?,
        Command::Cache(args) => cache::cache(context, &args)?,
        Command::Demo(args) => demo::demo(context, &args)?,
        Command::Completions(args) => upkeep::completions(context, &args)?,
        Command::Man => upkeep::man(context)?,
    };
    Ok(if is_yes { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
