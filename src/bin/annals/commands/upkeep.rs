//! `init`, `head`, `verify`, `repair`, `completions`, `man`.

use std::fs;
use std::io::Write;
use std::path::Path;

use annals::exchange::instant_text;
use annals::ledger::{Error, Expected, Ledger, VerifyOptions, repair as repair_ledger, verify as verify_ledger};
use clap::CommandFactory;
use serde_json::json;

use crate::args::{Cli, CompletionsArgs, InitArgs, VerifyArgs};
use crate::commands::import::{advance, progress};
use crate::context::{Context, now_micros};
use crate::failure::Failure;
use crate::render::json;

/// `init`
pub(crate) fn init(context: &mut Context, args: &InitArgs) -> Result<bool, Failure> {
    let head = Ledger::create(&context.dir, args.origin.as_deref(), now_micros())?;
    if context.is_json {
        context.screen.json(&json::head(&head))?;
        return Ok(true);
    }
    context.screen.line(&format!("A ledger named {} was begun in {}", head.origin, context.dir.display()))?;
    context.screen.line("Next: annals record SUBJECT ATTRIBUTE VALUE --on DATE --said-by SOURCE --actor YOU")?;
    Ok(true)
}

/// `head`
pub(crate) fn head(context: &mut Context) -> Result<bool, Failure> {
    let head = context.open()?.head().clone();
    if context.is_json {
        context.screen.json(&json::head(&head))?;
        return Ok(true);
    }
    for line in head.checkpoint().lines() {
        context.screen.line(line)?;
    }
    context.screen.line("")?;
    context.screen.line(&format!("head {}:{}", head.size, head.hash))?;
    context.screen.line(&format!("recorded at {}", instant_text(head.recorded_at_micros)))?;
    Ok(true)
}

/// `verify`
pub(crate) fn verify(context: &mut Context, args: &VerifyArgs) -> Result<bool, Failure> {
    let expected = args.expect.as_deref().map(expected).transpose()?;
    let bar = progress(Some(0), "bytes");
    let threads = args.threads.or(std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let options = VerifyOptions { threads, expected };
    let report = verify_ledger(&context.dir, &options, &|done, of| {
        bar.set_length(of);
        advance(&bar, done);
    });
    bar.finish_and_clear();
    let report = report?;
    for finding in &report.findings {
        if context.is_json {
            context.screen.json(&json::finding(finding))?;
        } else {
            context.screen.heading("DAMAGED", &format!("  {finding}"))?;
        }
    }
    if context.is_json {
        context.screen.json(&json::object(json!({
            "type": "verified",
            "size": report.head.size,
            "head": report.head.hash.to_string(),
            "root": report.head.root_text(),
            "findings": report.findings.len() as u64 + report.findings_left_off,
            "erased": report.erased,
            "unfinished_bytes": report.unfinished_bytes,
            "unfinished_segments": report.unfinished_segments,
        })))?;
        return Ok(report.findings.is_empty());
    }
    if report.unfinished_bytes > 0 {
        context.screen.line(&format!(
            "{} bytes of an unfinished write stand after the last commit; `annals repair` moves them aside",
            report.unfinished_bytes
        ))?;
    }
    if !report.findings.is_empty() {
        let count = report.findings.len() as u64 + report.findings_left_off;
        context.screen.line(&format!("{count} findings: this ledger was altered or damaged"))?;
        return Ok(false);
    }
    context.screen.line(&format!("{} events, every hash holds: nothing inside was changed", report.head.size))?;
    context.screen.line(&format!("head {}:{}", report.head.size, report.head.hash))?;
    context.screen.line(if args.expect.is_some() {
        "the expected head is in it: nothing was cut or rewritten up to there"
    } else {
        "a cut at the end or a whole rewrite shows only against a head kept elsewhere: verify --expect"
    })?;
    Ok(true)
}

/// A head that must be in the ledger: `SIZE:HASH`, or a file with what `head` printed.
fn expected(text: &str) -> Result<Expected, Failure> {
    let usage = |what: &str| {
        Failure::usage(format!("--expect {text:?} {what}"), "give SIZE:HASH, or a file with what `annals head` printed")
    };
    if let Some(expected) = Expected::parse(text) {
        return Ok(expected);
    }
    let path = Path::new(text);
    if !path.exists() {
        return Err(usage("is neither SIZE:HASH nor a file"));
    }
    let content = fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
    Expected::parse(&content).ok_or_else(|| usage("holds no head"))
}

/// `repair`
pub(crate) fn repair(context: &mut Context) -> Result<bool, Failure> {
    let moved = repair_ledger(&context.dir, now_micros())?;
    if context.is_json {
        context.screen.json(&json::object(json!({ "type": "repaired", "moved": moved })))?;
        return Ok(true);
    }
    if moved.is_empty() {
        context.screen.line("nothing to repair")?;
    }
    for moved in moved {
        context.screen.line(&moved)?;
    }
    Ok(true)
}

/// `completions`
pub(crate) fn completions(context: &mut Context, args: &CompletionsArgs) -> Result<bool, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "annals", &mut script);
    context.screen.raw().write_all(&script)?;
    Ok(true)
}

/// `man`
pub(crate) fn man(context: &mut Context) -> Result<bool, Failure> {
    clap_mangen::Man::new(Cli::command()).render(context.screen.raw())?;
    Ok(true)
}
