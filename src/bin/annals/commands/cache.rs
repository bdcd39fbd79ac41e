//! `cache`.

use annals::ledger::{Error, ErrorKind, Ledger};
use annals::view::{Cache, Kept, Unused};
use serde_json::json;

use crate::args::{CacheArgs, CacheCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;
use crate::words::counted;

/// `cache`
pub(crate) fn cache(context: &mut Context, args: &CacheArgs) -> Result<bool, Failure> {
    let Some(root) = context.cache.clone() else { return none(context, args.act) };
    let found = || Ledger::cache(&context.dir, &root);
    match (args.act, found()?) {
        (None, Err(unused)) => not_used(context, &unused)?,
        (Some(_), Err(unused)) => return Err(refused(&unused)),
        (None, Ok(cache)) => tell(context, &cache)?,
        (Some(CacheCommand::Clear), Ok(cache)) => clear(context, cache)?,
        (Some(CacheCommand::Rebuild), Ok(cache)) => {
            let path = cache.path();
            cache.clear().map_err(|error| Error::io("clear the cache", &path, &error))?;
            Ledger::open_cached(&context.dir, &cache)?;
            tell(context, &cache)?;
        }
    }
    Ok(true)
}

fn clear(context: &mut Context, cache: Cache) -> Result<(), Failure> {
    let path = cache.path();
    let removed = cache.remove().map_err(|error| Error::io("clear the cache", &path, &error))?;
    if context.is_json {
        let line = json!({ "type": "cache-cleared", "folder": path.display().to_string(), "files": removed });
        return Ok(context.screen.json(&object(line))?);
    }
    let what = match removed {
        0 => format!("There was no cache in {}", path.display()),
        _ => format!("The cache in {} was removed: {}", path.display(), counted(removed as u64, "file")),
    };
    Ok(context.screen.line(&what)?)
}

/// Tells where the cache is, what it holds, and up to where.
fn tell(context: &mut Context, cache: &Cache) -> Result<(), Failure> {
    let Kept { runs, head } = Ledger::kept_in(&context.dir, cache)?;
    let len_bytes: u64 = runs.iter().map(|(.., len_bytes)| len_bytes).sum();
    let folder = cache.path().display().to_string();
    if context.is_json {
        let told = runs
            .iter()
            .map(|(first, last, len_bytes)| json!({ "first": first.0, "last": last.0, "len_bytes": len_bytes }));
        let line = json!({
            "type": "cache", "folder": folder, "runs": told.collect::<Vec<_>>(), "len_bytes": len_bytes,
            "head": head.map(|head| head.to_string()), "not_used": null,
        });
        return Ok(context.screen.json(&object(line))?);
    }
    context.screen.line(&format!("cache {folder}"))?;
    let Some(head) = head else {
        return Ok(context
            .screen
            .line("empty: a small ledger needs none, and a larger one has it after a question")?);
    };
    let runs = counted(runs.len() as u64, "run");
    context.screen.line(&format!("{runs}, {}", counted(len_bytes, "byte")))?;
    Ok(context.screen.line(&format!("up to head {head}"))?)
}

fn not_used(context: &mut Context, unused: &Unused) -> Result<(), Failure> {
    if context.is_json {
        return unused_line(context, &unused.to_string());
    }
    context.screen.line(&format!("The cache is not used: {unused}"))?;
    Ok(context.screen.line(&format!("To have one: {}", unused.hint()))?)
}

/// No cache was asked for, or the system has no folder for caches.
fn none(context: &mut Context, act: Option<CacheCommand>) -> Result<bool, Failure> {
    let hint = "name a folder of your own with --cache DIR, or set ANNALS_CACHE";
    match act {
        Some(_) => return Err(Failure::usage("there is no cache; nothing was done", hint)),
        None if context.is_json => unused_line(context, "there is none")?,
        None => context.screen.line(&format!("There is no cache; to have one, {hint}"))?,
    }
    Ok(true)
}

fn unused_line(context: &mut Context, why: &str) -> Result<(), Failure> {
    let line = json!({
        "type": "cache", "folder": null, "runs": [], "len_bytes": 0, "head": null, "not_used": why,
    });
    Ok(context.screen.json(&object(line))?)
}

fn refused(unused: &Unused) -> Failure {
    let error = Error::new(ErrorKind::Invalid, format!("the cache is not used: {unused}; nothing was done"));
    Failure::Ledger(error.with_hint(unused.hint()))
}
