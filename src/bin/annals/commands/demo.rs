//! `demo`: a ledger of the siege of the Argentine embassy in Caracas, and what it can answer.

use std::path::PathBuf;

use annals::date::Instant;
use annals::ledger::{Error, ErrorKind, ImportOptions, Ledger, VerifyOptions, Writer, verify};
use annals::projection::Horizon;

use crate::args::{DamageArgs, DemoArgs, HorizonArgs, StateArgs};
use crate::commands::ask::print_state;
use crate::context::{Context, now_micros};
use crate::failure::Failure;

/// The claims; `fixtures/siege.README.md` tells where they come from.
const SIEGE: &str = include_str!("../../../../fixtures/siege.jsonl");
const COMPOUND: &str = "argentine-compound-caracas";

/// `demo`
pub(crate) fn demo(context: &mut Context, args: &DemoArgs) -> Result<bool, Failure> {
    let dir = args.into.clone().or_else(|| context.typed_dir.clone()).map_or_else(free_folder, Ok)?;
    let now = now_micros();
    Ledger::create(&dir, Some("example.org/siege"), now)?;
    let writer = Writer::open(&dir, "demo", now)?;
    let options = ImportOptions { threads: 1, ..ImportOptions::default() };
    let report = writer.import(SIEGE.as_bytes(), options, now, |_| ())?;
    if report.refused > 0 {
        return Err(Error::new(ErrorKind::Invalid, "the demo's own claims are refused: a bug").into());
    }
    heading(context, &format!("A ledger of {} events from {} lines", report.head.size, report.lines))?;
    context.screen.line(&format!("left for you in {}", dir.display()))?;
    let ledger = Ledger::open(&dir)?;
    for (day, what) in [
        ("2024-07-30", "the day the siege was first reported, and on which the sources do not agree"),
        ("2024-09-05", "between two sieges"),
        ("2024-11-23", "the night of the second power cut: on one of two days"),
        ("2024-11-24", "the day after"),
        ("2025-02-18", "the generator fails"),
        ("2025-05-06", "the release is confirmed"),
    ] {
        heading(context, what)?;
        state(context, &ledger, day, None, false, None)?;
    }
    heading(context, "Why is the siege contested on 30 July 2024?")?;
    state(context, &ledger, "2024-07-30", Some("under-siege"), true, None)?;
    heading(context, "What was known of the power on 24 November 2024, by the 1st of November and a year later?")?;
    state(context, &ledger, "2024-11-24", Some("electricity"), false, Some("2024-11-01"))?;
    state(context, &ledger, "2024-11-24", Some("electricity"), false, Some("2025-11-01"))?;
    heading(context, "Was anything altered?")?;
    let verified = verify(&dir, &VerifyOptions { threads: 1, ..VerifyOptions::default() }, &|_, _| ())?;
    context.screen.line(&format!(
        "{} events checked, {} findings; head {}:{}",
        verified.head.size,
        verified.findings.len(),
        verified.head.size,
        verified.head.tip
    ))?;
    heading(context, "Now you")?;
    let dir = dir.display();
    for line in [
        format!("annals --ledger {dir} first {COMPOUND} under-siege true"),
        format!("annals --ledger {dir} diff --from 2024-09-07 --to 2024-09-09"),
        format!("annals --ledger {dir} timeline {COMPOUND} electricity"),
        format!("annals --ledger {dir} contested"),
        format!("annals --ledger {dir} verify"),
    ] {
        context.screen.line(&format!("  {line}"))?;
    }
    Ok(verified.findings.is_empty())
}

fn heading(context: &mut Context, text: &str) -> Result<(), Failure> {
    context.screen.line("")?;
    context.screen.heading(&format!("== {text}"), "")?;
    Ok(())
}

fn state(
    context: &mut Context,
    ledger: &Ledger,
    day: &str,
    attribute: Option<&str>,
    why: bool,
    reported_by: Option<&str>,
) -> Result<(), Failure> {
    let args = StateArgs {
        subject: Some(COMPOUND.to_owned()),
        attribute: attribute.map(str::to_owned),
        on: None,
        horizon: HorizonArgs { reported_by: None, recorded_by: None },
        why,
        all: false,
        exit_code: false,
        damage: DamageArgs { despite_damage: false },
    };
    let day = crate::context::day("--on", day)?;
    let horizon = Horizon { reported: reported_by.and_then(|by| Instant::parse(by).ok()), recorded: None };
    print_state(context, ledger, &args, day, horizon)?;
    Ok(())
}

/// The first of `siege-demo`, `siege-demo-2`, … that is not there.
fn free_folder() -> Result<PathBuf, Failure> {
    let names = std::iter::once("siege-demo".to_owned()).chain((2..1000).map(|count| format!("siege-demo-{count}")));
    names
        .map(PathBuf::from)
        .find(|dir| !dir.exists())
        .ok_or_else(|| Failure::usage("there are a thousand demos here already", "name a folder with --into"))
}
