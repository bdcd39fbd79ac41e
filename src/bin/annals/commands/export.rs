//! `export`.

use std::io::{self, Write};
use std::path::Path;

use annals::ledger::{Existing, ExportReport, Whole, carry_copies, kept_copies, refuse_inside};

use crate::args::ExportArgs;
use crate::commands::record::import::{advance, progress};
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::say;
use crate::words::counted;

/// `export`
pub(crate) fn export(context: &mut Context, args: &ExportArgs) -> Result<bool, Failure> {
    let path = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let whole = path.map(|path| Whole::create(path, Existing::by_force(args.force))).transpose()?;
    args.evidence.as_deref().map_or(Ok(()), refuse_inside)?;
    let ledger = context.read_all()?;
    let bar = progress(Some(ledger.head().size), "events");
    let report = if let Some(mut out) = whole {
        let report = ledger.export(&mut out, args.private, |seq| advance(&bar, seq))?;
        out.finish()?;
        report
    } else {
        let mut out = Heard { out: context.screen.raw(), failed: None };
        let report = ledger.export(&mut out, args.private, |seq| advance(&bar, seq));
        if let Some(error) = out.failed {
            return Err(error.into());
        }
        let report = report?;
        context.screen.flush()?;
        report
    };
    bar.finish_and_clear();
    say(&format!("note: {} exported", counted(report.lines, "line")));
    if report.private > 0 {
        let rests = match report.resting {
            0 => String::new(),
            count => format!(", with {} that rest on them", counted(count, "event")),
        };
        let private = counted(report.private, "private event");
        say(&format!("note: {private} left out{rests}; --private writes them too"));
    }
    if report.beside > 0 {
        say(&format!(
            "note: {} about the beginning of this ledger, an actor, a key or an erasure, which are no lines; another ledger \
             takes a note then as about nothing, and leaves the others out",
            counted(report.beside, "line")
        ));
    }
    tell_copies(context, args, &report)?;
    Ok(true)
}

/// Carries the captured copies along, if that is asked for.
fn tell_copies(context: &Context, args: &ExportArgs, report: &ExportReport) -> Result<(), Failure> {
    let count = report.copies.len() as u64;
    let Some(folder) = &args.evidence else {
        if count > 0 {
            say(&format!("note: {} not exported; --evidence DIR puts them there", counted(count, "captured copy")));
        }
        return Ok(());
    };
    let missing = carry_copies(&kept_copies(&context.dir)?, folder, report.copies.iter().map(|digest| &**digest))?;
    for digest in &missing {
        say(&format!("warning: the captured copy {digest} is not kept here"));
    }
    let carried = counted(count - missing.len() as u64, "captured copy");
    say(&format!("note: {carried} put into {}", folder.display()));
    Ok(())
}

/// A stream that remembers why it could not be written, so that a closed pipe can be told from a full disk.
struct Heard<W> {
    out: W,
    failed: Option<io::Error>,
}

impl<W: Write> Write for Heard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(|error| {
            let told = io::Error::new(error.kind(), error.to_string());
            self.failed.get_or_insert(error);
            told
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
