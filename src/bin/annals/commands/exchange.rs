//! `import` and `export`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use annals::ledger::{Error, ErrorKind, ImportNews, ImportOptions, ImportReport, Writer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::args::{ExportArgs, ImportArgs};
use crate::context::{Context, now_micros};
use crate::failure::Failure;
use crate::render::json::object;
use crate::screen::say;

/// How many notes about keys and warnings are told one by one.
const TOLD_MAX: u64 = 20;

/// A bar on standard error: on a terminal only, and not before half a second has passed.
pub(crate) fn progress(total: Option<u64>, unit: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(5));
    let template = match (unit, total) {
        ("bytes", Some(_)) => "{wide_bar} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}",
        ("bytes", None) => "{spinner} {binary_bytes} {binary_bytes_per_sec}",
        (_, Some(_)) => "{wide_bar} {human_pos}/{human_len} {per_sec} {eta}",
        (_, None) => "{spinner} {human_pos} {per_sec}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Moves a bar, once the work has lasted half a second.
pub(crate) fn advance(bar: &ProgressBar, to: u64) {
    if bar.elapsed() > Duration::from_millis(500) {
        bar.set_position(to);
    }
}

fn open_file(path: &Path) -> Result<(Box<dyn BufRead>, Option<u64>), Failure> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::with_capacity(1 << 16, io::stdin())), None));
    }
    let file = File::open(path).map_err(|error| Error::io("open", path, &error))?;
    let metadata = file.metadata().map_err(|error| Error::io("read", path, &error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorKind::Invalid, format!("{} is a folder, not a file", path.display())).into());
    }
    Ok((Box::new(BufReader::with_capacity(1 << 16, file)), metadata.is_file().then_some(metadata.len())))
}

/// What an import tells on the way, counted.
struct Telling {
    bar: ProgressBar,
    rejects: Option<BufWriter<File>>,
    rejects_failed: Option<io::Error>,
    registered: u64,
    warnings: u64,
}

impl Telling {
    fn hear(&mut self, news: &ImportNews<'_>) {
        match news {
            ImportNews::BytesRead(bytes) => advance(&self.bar, *bytes),
            ImportNews::Refused { line, problem, raw } => {
                let hint = problem.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
                self.bar.suspend(|| say(&format!("line {line}: {problem}{hint}")));
                if let Some(rejects) = &mut self.rejects {
                    let event = serde_json::from_str(raw).unwrap_or(serde_json::Value::String((*raw).to_owned()));
                    let line = object(json!({
                        "line": line, "field": problem.field, "reason": problem.reason, "event": event,
                    }));
                    if let Err(error) = annals::exchange::write_line(rejects, &line) {
                        self.rejects_failed.get_or_insert(error);
                    }
                }
            }
            ImportNews::Warning { line, warning } => {
                self.warnings += 1;
                if self.warnings <= TOLD_MAX {
                    let place = if *line == 0 { String::new() } else { format!("line {line}: ") };
                    self.bar.suspend(|| say(&format!("warning: {place}{warning}")));
                }
            }
            ImportNews::Registered { line, what, key } => {
                self.registered += 1;
                if self.registered <= TOLD_MAX {
                    self.bar.suspend(|| say(&format!("note: line {line}: {what} {key:?} registered")));
                }
            }
        }
    }

    fn sum_up(&self) {
        for (count, what) in [(self.registered, "keys registered on first use"), (self.warnings, "warnings")] {
            if count > TOLD_MAX {
                say(&format!("note: {count} {what} in all"));
            }
        }
    }
}

/// `import`
pub(crate) fn import(context: &mut Context, args: &ImportArgs) -> Result<bool, Failure> {
    let actor = if args.dry_run {
        context.actor.clone().unwrap_or_else(|| "dry-run".to_owned())
    } else {
        context.actor()?.to_owned()
    };
    let (reader, total) = open_file(&args.file)?;
    let writer = Writer::open(&context.dir, &actor, now_micros())?;
    for moved in writer.moved_aside() {
        say(&format!("note: {moved}"));
    }
    let rejects =
        args.rejects.as_deref().map(|path| File::create(path).map_err(|error| Error::io("create", path, &error)));
    let rejects = rejects.transpose()?.map(BufWriter::new);
    let options = ImportOptions {
        is_strict: args.strict,
        is_dry_run: args.dry_run,
        keeps_good: args.rejects.is_some(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let mut telling =
        Telling { bar: progress(total, "bytes"), rejects, rejects_failed: None, registered: 0, warnings: 0 };
    let report = writer.import(reader, options, now_micros(), |news| telling.hear(&news));
    telling.bar.finish_and_clear();
    telling.sum_up();
    let report = report?;
    if let Some(mut rejects) = telling.rejects {
        let written = telling.rejects_failed.map_or(Ok(()), Err).and_then(|()| rejects.flush());
        written.map_err(|error| {
            Error::new(ErrorKind::Io, "the good lines were recorded; the rejects were not all written").because(error)
        })?;
    }
    tell_report(context, args, &report)?;
    Ok(report.refused == 0 || args.rejects.is_some())
}

fn tell_report(context: &mut Context, args: &ImportArgs, report: &ImportReport) -> Result<(), Failure> {
    if report.is_clock_clamped {
        say("note: the clock went back; the time of the last event was kept");
    }
    if report.refused > 0 && args.rejects.is_none() {
        let counted = format!("{} of {} lines are refused; nothing was recorded", report.refused, report.lines);
        let hint = "mend the lines named above, or record the good ones with --rejects FILE";
        return Err(Error::new(ErrorKind::Invalid, counted).with_hint(hint).into());
    }
    if context.is_json {
        let line = object(json!({
            "type": if args.dry_run { "checked" } else { "imported" },
            "lines": report.lines,
            "events": report.events,
            "skipped": report.skipped,
            "refused": report.refused,
            "warnings": report.warnings,
            "size": report.head.size,
            "head": report.head.hash.to_string(),
        }));
        context.screen.json(&line)?;
        return Ok(());
    }
    let done = if args.dry_run { "Checked" } else { "Imported" };
    let would = if args.dry_run { " would be" } else { "" };
    let refused = if report.refused == 0 { String::new() } else { format!(", {} refused", report.refused) };
    context.screen.line(&format!(
        "{done} {} lines: {} events{would} recorded, {} lines recorded before{refused}, {} warnings",
        report.lines, report.events, report.skipped, report.warnings
    ))?;
    if !args.dry_run {
        context.screen.line(&format!("The ledger now has {} events, head {}", report.head.size, report.head.hash))?;
    }
    Ok(())
}

/// `export`
pub(crate) fn export(context: &mut Context, args: &ExportArgs) -> Result<bool, Failure> {
    let ledger = context.open()?;
    let bar = progress(Some(ledger.head().size), "events");
    let lines = match &args.output {
        None => ledger.export(context.screen.raw(), |seq| advance(&bar, seq)),
        Some(path) => {
            let file = File::create(path).map_err(|error| Error::io("create", path, &error))?;
            let mut out = BufWriter::new(file);
            let lines = ledger.export(&mut out, |seq| advance(&bar, seq))?;
            out.flush().map_err(|error| Error::io("write", path, &error))?;
            Ok(lines)
        }
    };
    bar.finish_and_clear();
    let lines = lines?;
    say(&format!("note: {lines} lines exported"));
    Ok(true)
}
