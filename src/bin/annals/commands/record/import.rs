//! `import`.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use annals::ledger::{Error, ErrorKind, Existing, ImportNews, ImportOptions, Join, read_given_text};
use annals::log::all_moved_aside;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apart;
use crate::args::ImportArgs;
use crate::clock::now_micros;
use crate::commands::record::imported::{TOLD_MAX, tell_copies, tell_report};
use crate::commands::record::rejects::Rejects;
use crate::commands::record::told::taken_text;
use crate::commands::record::write::tell_unsigned;
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::say;
use crate::words::counted;

/// Longest file of keys that mean the same that is read, in bytes.
const JOIN_LEN_MAX: usize = 64 << 20;

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
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            let message = format!("there is no file {:?}; nothing was recorded", path.display().to_string());
            Error::new(ErrorKind::NotFound, message)
        }
        _ => Error::io("open", path, &error),
    })?;
    let metadata = file.metadata().map_err(|error| Error::io("read", path, &error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorKind::Invalid, format!("{} is a folder, not a file", path.display())).into());
    }
    Ok((Box::new(BufReader::with_capacity(1 << 16, file)), metadata.is_file().then_some(metadata.len())))
}

/// What is no JSON Lines at all is told in one line, and not line by line.
fn refuse_other_forms(path: &Path, reader: &mut dyn BufRead) -> Result<(), Failure> {
    let start = reader.fill_buf().map_err(|error| Error::io("read", path, &error))?;
    let is_utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let mut lines =
        text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).peekable();
    let is_list = lines.peek().is_some_and(|line| line.starts_with(b"["));
    let name = path.display();
    let (what, hint) = if is_utf16 {
        ("is text in UTF-16, not in UTF-8", format!("iconv -f UTF-16 -t UTF-8 '{name}' | annals import -"))
    } else if start.contains(&0) {
        ("is no text", "give a file with one JSON object a line".to_owned())
    } else if lines.peek().is_some() && !lines.any(|line| line.starts_with(b"{")) {
        let of_list = || format!("jq -c '.[]' '{name}' | annals import -");
        let of_other = r#"write each event as a line such as {"type":"note","text":"a test"}"#;
        let hint = if is_list { of_list() } else { of_other.to_owned() };
        ("is no JSON Lines: no line begins with {", hint)
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Invalid, format!("{name} {what}; nothing was recorded")).with_hint(hint).into())
}

/// Refuses to write the rejects over what is read.
fn refuse_one_file(args: &ImportArgs) -> Result<(), Failure> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    match args.rejects.as_deref() {
        Some(rejects) if real(rejects).is_some() && real(rejects) == real(&args.file) => Err(Failure::usage(
            format!("--rejects {} is the file that is imported; nothing was recorded", rejects.display()),
            "name another file for the rejects",
        )),
        _ => Ok(()),
    }
}

/// What an import tells on the way, counted.
struct Telling {
    bar: ProgressBar,
    rejects: Option<Rejects>,
    /// The first keys that were registered on their first use, told when it is known whether they are recorded.
    keys: Vec<(&'static str, String, String)>,
    registered: u64,
    since: u64,
    warnings: u64,
}

impl Telling {
    fn hear(&mut self, news: &ImportNews<'_>) {
        match news {
            ImportNews::BytesRead(bytes) => advance(&self.bar, *bytes),
            ImportNews::Refused { line, problems, raw } => {
                for problem in problems.iter() {
                    let hint = problem.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
                    self.bar.suspend(|| say(&format!("line {line}: {problem}{hint}")));
                }
                if let Some(rejects) = &mut self.rejects {
                    rejects.add(*line, problems, raw);
                }
            }
            ImportNews::Warning { line, warning } => {
                self.warnings += 1;
                if self.warnings <= TOLD_MAX {
                    let place = if *line == 0 { String::new() } else { format!("line {line}: ") };
                    self.bar.suspend(|| say(&format!("warning: {place}{warning}")));
                }
            }
            ImportNews::Registered { line, what, key, assumed } => {
                self.registered += 1;
                if self.registered <= TOLD_MAX {
                    let assumed = assumed.map(|assumed| format!(": {assumed}")).unwrap_or_default();
                    self.keys.push((*what, format!("line {line}: {what} {key:?}"), assumed));
                }
            }
            ImportNews::Since { line, told } => {
                self.since += 1;
                if self.since <= TOLD_MAX {
                    self.bar.suspend(|| say(&format!("note: line {line} was there already; {told}")));
                }
            }
        }
    }

    fn sum_up(&self, is_recorded: bool) {
        let registered = if is_recorded { "registered" } else { "would be registered" };
        for (what, key, assumed) in &self.keys {
            say(&format!("note: {key} {}{assumed}", taken_text(what, registered)));
        }
        let keys = format!("keys {registered} on first use");
        for (count, what) in [(self.registered, keys.as_str()), (self.warnings, "warnings")] {
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
    refuse_one_file(args)?;
    let rejects =
        args.rejects.as_deref().map(|path| Rejects::create(path, Existing::by_force(args.force))).transpose()?;
    let (mut reader, total) = open_file(&args.file)?;
    refuse_other_forms(&args.file, &mut reader)?;
    let writer = context.writer_as(&actor)?;
    tell_unsigned(context, &writer);
    for moved in writer.moved_aside() {
        say(&format!("note: {moved}"));
    }
    let options = ImportOptions {
        is_strict: args.strict,
        is_anyway: args.anyway,
        is_again: args.again,
        is_unverified_quote: args.unverified_quote,
        copy_reader: apart::COPY_READER,
        is_dry_run: args.dry_run,
        keeps_good: args.rejects.is_some(),
        join: args.join.as_deref().map(join).transpose()?,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let mut telling =
        Telling { bar: progress(total, "bytes"), rejects, keys: Vec::new(), registered: 0, since: 0, warnings: 0 };
    let report = writer.import(reader, options, now_micros(), |news| telling.hear(&news));
    telling.bar.finish_and_clear();
    let report = report.map_err(|error| with_what_may_go(context, error))?;
    telling.sum_up(report.is_recorded);
    if let Some(rejects) = telling.rejects {
        rejects.finish()?;
    }
    if let Some(path) = args.rejects.as_deref().filter(|_| report.refused > 0) {
        let lines = counted(report.refused, "line");
        say(&format!("note: {lines} with the reasons in {}; mend them there and import that file", path.display()));
    }
    tell_report(context, args, &report)?;
    tell_copies(context, args, &report)?;
    Ok(true)
}

/// Reads the file that says which keys are the same.
fn join(path: &Path) -> Result<Join, Failure> {
    let text = read_given_text(path, JOIN_LEN_MAX).map_err(|error| error.so("nothing was recorded"))?;
    Ok(Join::parse(&text)?)
}

/// Where there may be no room on the disk, names what was moved aside and may be deleted.
fn with_what_may_go(context: &Context, error: Error) -> Error {
    let is_any = || all_moved_aside(&context.dir).is_ok_and(|aside| !aside.is_empty());
    if error.kind() != ErrorKind::Io || !is_any() {
        return error;
    }
    let aside = context.dir.join("log/torn-…");
    error.with_hint(format!(
        "check the permissions and the space on the disk; what was moved to {} belongs to no log and may be deleted",
        aside.display()
    ))
}
