//! `export`.

use std::io::{self, Write};
use std::path::Path;

use annals::ledger::Error;

use crate::args::ExportArgs;
use crate::commands::import::{advance, progress};
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::say;
use crate::whole::Whole;
use crate::words::counted;

/// `export`
pub(crate) fn export(context: &mut Context, args: &ExportArgs) -> Result<bool, Failure> {
    let ledger = context.read()?;
    let bar = progress(Some(ledger.head().size), "events");
    let lines = if let Some(path) = args.output.as_deref().filter(|path| *path != Path::new("-")) {
        let mut out = Whole::create(path).map_err(|error| Error::io("create", path, &error))?;
        let lines = ledger.export(&mut out, |seq| advance(&bar, seq))?;
        out.finish().map_err(|error| Error::io("write", path, &error))?;
        lines
    } else {
        let mut out = Heard { out: context.screen.raw(), failed: None };
        let lines = ledger.export(&mut out, |seq| advance(&bar, seq));
        if let Some(error) = out.failed {
            return Err(error.into());
        }
        let lines = lines?;
        context.screen.flush()?;
        lines
    };
    bar.finish_and_clear();
    say(&format!("note: {} exported", counted(lines, "line")));
    Ok(true)
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
