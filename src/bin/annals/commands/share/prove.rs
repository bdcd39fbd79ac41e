//! `prove`.

use std::io::Write;
use std::path::Path;

use annals::ledger::{Existing, Whole};
use annals::seq::Seq;
use annals::share::{
    Proven, check_proof, prove as receipt, prove_cosigned, prove_growth, prove_growth_cosigned, prove_growth_to,
};

use super::tell_unchecked;
use crate::args::ProveArgs;
use crate::cached;
use crate::context::{Context, tell_lost};
use crate::failure::Failure;

/// `prove`
pub(crate) fn prove(context: &mut Context, args: &ProveArgs) -> Result<bool, Failure> {
    // Where a target is found by its id, the ledger is opened for that, and says so itself.
    if args.targets.iter().all(|target| target.starts_with('#')) {
        cached::lost(&context.dir, context.cache.as_deref()).iter().for_each(tell_lost);
    }
    let path = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let out = path.map(|path| Whole::create(path, Existing::by_force(args.force))).transpose()?;
    let text = if let Some(from) = args.from {
        match args.to {
            Some(to) if to < from => {
                let hint = "give the smaller size with --from, and the greater one with --to";
                return Err(Failure::usage(format!("--to {to} is before --from {from}"), hint));
            }
            Some(to) => prove_growth_to(&context.dir, from, to)?,
            None if args.newest => prove_growth(&context.dir, from)?,
            None => prove_growth_cosigned(&context.dir, from)?,
        }
    } else {
        let targets = targets(context, args)?;
        if args.newest { receipt(&context.dir, &targets) } else { prove_cosigned(&context.dir, &targets) }?
    };
    if let Ok(Proven::Held { head, .. } | Proven::Grew { head, .. }) = check_proof(&text) {
        tell_unchecked(head.note.as_ref());
    }
    match out {
        None => context.screen.raw().write_all(text.as_bytes())?,
        Some(out) => out.fill(text.as_bytes())?,
    }
    Ok(true)
}

fn targets(context: &mut Context, args: &ProveArgs) -> Result<Vec<Seq>, Failure> {
    // A number with its sign names an event, whatever ids there are.
    let find = |target: &String| match Seq::parse(target).filter(|_| target.starts_with('#')) {
        Some(seq) => Ok(seq),
        None => Ok(context.open_all()?.find(target)?),
    };
    args.targets.iter().map(find).collect()
}
