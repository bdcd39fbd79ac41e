//! What is told of an import once it has ended.

use annals::ledger::{Error, ErrorKind, ImportReport, Since, carry_copies, kept_copies};
use serde_json::json;

use crate::args::ImportArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;
use crate::screen::say;
use crate::words::counted;

/// How many notes about keys and warnings are told one by one.
pub(super) const TOLD_MAX: u64 = 20;

/// Takes captured copies along, and says which are not kept here.
pub(super) fn tell_copies(context: &Context, args: &ImportArgs, report: &ImportReport) -> Result<(), Failure> {
    let all = report.missing_copies.iter().map(|digest| &**digest);
    // Lines that were there already may lack their copies.
    let is_taken = !args.dry_run && (report.refused == 0 || args.rejects.is_some());
    let missing = match args.evidence.as_deref().filter(|_| is_taken) {
        Some(folder) => carry_copies(folder, &kept_copies(&context.dir)?, all)?,
        None => all.collect(),
    };
    let taken = (report.missing_copies.len() - missing.len()) as u64;
    if taken > 0 {
        say(&format!("note: {} taken in", counted(taken, "captured copy")));
    }
    for digest in missing.iter().take(usize::try_from(TOLD_MAX).unwrap_or(usize::MAX)) {
        say(&format!("warning: the captured copy {digest} is not kept here"));
    }
    if !missing.is_empty() {
        let count = counted(missing.len() as u64, "captured copy");
        say(&format!(
            "note: {count} missing; `annals export --evidence DIR` there and `--evidence DIR` here bring them"
        ));
    }
    Ok(())
}

/// Fails if lines were refused, and with them all.
fn require_good(args: &ImportArgs, report: &ImportReport) -> Result<(), Error> {
    let is_all = report.refused == report.lines;
    if report.refused == 0 || (args.rejects.is_some() && !is_all) {
        return Ok(());
    }
    let are = if report.lines == 1 { "line is" } else { "lines are" };
    let message = format!("{} of {} {are} refused; nothing was recorded", report.refused, report.lines);
    let hint = match &args.rejects {
        Some(path) => format!("mend the lines in {}, and import that file", path.display()),
        None => "mend the lines named above, or record the good ones with --rejects FILE".to_owned(),
    };
    Err(Error::new(ErrorKind::Invalid, message).with_hint(hint))
}

pub(super) fn tell_report(context: &mut Context, args: &ImportArgs, report: &ImportReport) -> Result<(), Failure> {
    if report.is_clock_clamped {
        say("note: the clock went back; the time of the last event was kept");
    }
    require_good(args, report)?;
    if context.is_json {
        let line = object(json!({
            "type": if args.dry_run { "checked" } else { "imported" },
            "lines": report.lines,
            "events": report.events,
            "skipped": report.skipped,
            "skipped_retracted": report.since.retracted,
            "skipped_corrected": report.since.corrected,
            "skipped_rated_false": report.since.rated_false,
            "skipped_erased": report.since.erased,
            "left_out": report.left_out,
            "refused": report.refused,
            "warnings": report.warnings,
            "missing_copies": report.missing_copies.len(),
            "size": report.head.size,
            "head": report.head.tip.to_string(),
        }));
        context.screen.json(&line)?;
        return Ok(());
    }
    let (read, would) = if args.dry_run { ("checked", " would be") } else { ("read", "") };
    let were = if report.skipped == 1 { "was" } else { "were" };
    let count = |count: u64, what: &str| if count == 0 { String::new() } else { format!(", {count} {what}") };
    let (left_out, refused) = (count(report.left_out, "left out"), count(report.refused, "refused"));
    context.screen.line(&format!(
        "{} {read}: {}{would} recorded, {} {were} there already{}{left_out}{refused}, {}",
        counted(report.lines, "line"),
        counted(report.events, "event"),
        counted(report.skipped, "line"),
        since_text(report.since),
        counted(report.warnings, "warning"),
    ))?;
    if !args.dry_run {
        context.screen.line(&format!(
            "The ledger now has {}, head {}",
            counted(report.head.size, "event"),
            report.head.tip
        ))?;
    }
    Ok(())
}

/// What has become of lines that were there already: " (2 of them retracted since, 1 corrected)".
fn since_text(since: Since) -> String {
    let Since { retracted, corrected, rated_false, erased } = since;
    let counts = [(retracted, "retracted"), (corrected, "corrected"), (rated_false, "rated false"), (erased, "erased")];
    let told = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!(" (since then {})", told.join(", ")) }
}
