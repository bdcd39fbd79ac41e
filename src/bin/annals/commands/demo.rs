//! `demo`: a ledger of the siege of the Argentine embassy in Caracas, and what it can answer.

use std::path::PathBuf;

use annals::date::Instant;
use annals::ledger::{Error, ErrorKind, ImportOptions, Ledger, VerifyOptions, Writer, verify};
use annals::projection::Horizon;

use crate::args::{DamageArgs, DemoArgs, HorizonArgs, StateArgs};
use crate::cached;
use crate::clock::now_micros;
use crate::commands::ask::state::print_state;
use crate::context::Context;
use crate::failure::Failure;

/// The claims; `fixtures/siege.README.md` tells where they come from.
const SIEGE: &str = include_str!("../../../../fixtures/siege.jsonl");
const COMPOUND: &str = "argentine-compound-caracas";

/// A question of the demo: what it is about, and why it is shown.
struct Question {
    subject: &'static str,
    attribute: &'static str,
    day: &'static str,
    reported_by: Option<&'static str>,
    why: &'static str,
}

const fn asked(
    subject: &'static str,
    attribute: &'static str,
    day: &'static str,
    reported_by: Option<&'static str>,
    why: &'static str,
) -> Question {
    Question { subject, attribute, day, reported_by, why }
}

const QUESTIONS: &[Question] = &[
    asked(COMPOUND, "under-siege", "2024-07-30", None, "Contested: the sources begin the siege on different days."),
    asked(
        COMPOUND,
        "under-siege",
        "2024-09-05",
        None,
        "Stated: a source that names every siege says there was none between.",
    ),
    asked(COMPOUND, "permission-to-guard", "2024-09-10", None, "Contested: a revocation that the other side disputes."),
    asked(
        COMPOUND,
        "electricity",
        "2024-11-22",
        None,
        "Presumed: restored in September, and nobody says otherwise yet.",
    ),
    asked(
        COMPOUND,
        "electricity",
        "2024-11-23",
        None,
        "Possible: the power was cut around midnight, on one of two days.",
    ),
    asked(COMPOUND, "electricity", "2024-11-24", None, "Presumed: by the end of the second day it had been cut."),
    asked(COMPOUND, "electricity", "2024-11-24", Some("2024-11-01"), "And what could be known three weeks before?"),
    asked(
        "opposition-asylum-seekers",
        "number-inside",
        "2025-03-01",
        None,
        "Six went in; \"at least five\" were still there.",
    ),
    asked(COMPOUND, "inside", "2025-05-07", None, "Unknown again: the release denies each name."),
    asked(
        "presidential-election-2024",
        "winner",
        "2025-01-10",
        None,
        "Contested for good: who won does not change later.",
    ),
];

/// `demo`
pub(crate) fn demo(context: &mut Context, args: &DemoArgs) -> Result<bool, Failure> {
    let dir = args.into.clone().or_else(|| context.typed_dir.clone()).map_or_else(free_folder, Ok)?;
    let now = now_micros();
    Ledger::create(&dir, Some("example.org/siege"), now)?;
    cached::begin(&dir, context.cache.as_deref());
    let writer = Writer::open(&dir, "demo", now)?;
    let options = ImportOptions { threads: 1, ..ImportOptions::default() };
    let report = writer.import(SIEGE.as_bytes(), options, now, |_| ())?;
    if report.refused > 0 {
        return Err(Error::new(ErrorKind::Invalid, "the demo's own claims are refused: a bug").into());
    }
    heading(context, &format!("A ledger of {} events from {} lines", report.head.size, report.lines))?;
    context.screen.line(&format!("left for you in {}", dir.display()))?;
    let ledger = Ledger::open(&dir)?;
    for question in QUESTIONS {
        heading(context, question.why)?;
        state(context, &ledger, question)?;
    }
    heading(context, "Was anything altered?")?;
    let verified = verify(&dir, &VerifyOptions { threads: 1, ..VerifyOptions::default() }, &|_, _| ())?;
    context.screen.line(&format!("{} events checked, {} findings", verified.head.size, verified.findings.len()))?;
    context.screen.line(&format!("head {}:{}", verified.head.size, verified.head.tip))?;
    heading(context, "Now you")?;
    let dir = dir.display();
    for line in [
        format!("annals --ledger {dir} state {COMPOUND} --on 2025-02-18"),
        format!("annals --ledger {dir} state {COMPOUND} under-siege --on 2024-07-30 --why"),
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

fn state(context: &mut Context, ledger: &Ledger, question: &Question) -> Result<(), Failure> {
    let args = StateArgs {
        subject: Some(question.subject.to_owned()),
        attribute: Some(question.attribute.to_owned()),
        on: None,
        horizon: HorizonArgs { reported_by: None, recorded_by: None },
        why: false,
        all: false,
        exit_code: false,
        damage: DamageArgs { despite_damage: false },
    };
    let day = crate::context::day("--on", question.day)?;
    let horizon = Horizon { reported: question.reported_by.and_then(|by| Instant::parse(by).ok()), recorded: None };
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
