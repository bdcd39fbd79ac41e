//! `publish`.

use annals::note::ProvenHead;
use annals::share::{PublishOptions, Published, newest_cosigned, publish as publish_into};
use serde_json::json;

use super::tell_unchecked;
use crate::args::PublishArgs;
use crate::cached;
use crate::commands::record::import::{advance, progress};
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;
use crate::screen::say;
use crate::words::counted;

/// `publish`
pub(crate) fn publish(context: &mut Context, args: &PublishArgs) -> Result<bool, Failure> {
    cached::require_seen(&context.dir, context.cache.as_deref(), "nothing was published")?;
    let bar = progress(Some(0), "events");
    let published = publish_into(&context.dir, &args.folder, PublishOptions { whole: args.whole }, &mut |done, of| {
        bar.set_length(of);
        advance(&bar, done);
    });
    bar.finish_and_clear();
    let Published { head, before, written, removed, was_mended } = published?;
    warn_of_cosigned(context, &head);
    tell_unchecked(head.note.as_ref());
    let checkpoint = &head.checkpoint;
    if context.is_json {
        context.screen.json(&object(json!({
            "type": "published",
            "folder": args.folder.display().to_string(),
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": head.root_text(),
            "before": before,
            "files_written": written,
            "files_removed": removed,
            "signers": head.signers().collect::<Vec<_>>(),
        })))?;
        return Ok(true);
    }
    if was_mended {
        say("note: files that were published before were missing or changed: every file was looked at");
    }
    let new = match checkpoint.size - before.min(checkpoint.size) {
        new if before == 0 => counted(new, "event"),
        0 => "nothing new".to_owned(),
        1 => "1 more event".to_owned(),
        new => format!("{new} more events"),
    };
    let folder = args.folder.display();
    context.screen.heading("Published", &format!(" {} into {folder}: {new}", checkpoint.origin))?;
    let files = format!("{} written, {removed} taken away", counted(written, "file"));
    context.screen.line(&format!("head of {} events, root {}; {files}", checkpoint.size, head.root_text()))?;
    Ok(true)
}

/// Readers who require witnesses refuse a head without cosignatures.
fn warn_of_cosigned(context: &Context, head: &ProvenHead) {
    let is_cosigned = head.signers().any(|name| *name != *head.checkpoint.origin);
    if is_cosigned {
        return;
    }
    // Whatever is wrong with what is kept of cosigned heads, the ledger is published.
    if let Ok(Some(kept)) = newest_cosigned(&context.dir, |_| true) {
        say(&format!(
            "warning: the newest cosigned head has {}; the one published, {}, has no cosignatures: `annals witness` asks for \
             them",
            counted(kept.checkpoint.size, "event"),
            head.checkpoint.size
        ));
    }
}
