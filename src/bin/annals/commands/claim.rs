//! `record` and `correct`.

use std::borrow::Cow;
use std::path::Path;

use annals::claim::{AttributionDraft, ClaimDraft, NamedClaim, PeriodDraft, Problem};
use annals::event::{Proposed, ProposedAct};
use annals::ledger::{Error, Policy, Writer, draft_of, keep_evidence, quote_occurs};
use annals::value::{Typed, ValueType};

use crate::args::{ClaimArgs, CorrectArgs, RecordArgs};
use crate::commands::write;
use crate::context::{Context, now_micros};
use crate::failure::Failure;

type Owned = Option<Cow<'static, str>>;

fn owned(text: Option<String>) -> Owned {
    text.map(Cow::Owned)
}

/// `record`
pub(crate) fn record(context: &mut Context, args: RecordArgs) -> Result<bool, Failure> {
    context.actor()?;
    let policy = policy(&args.claim);
    let mut draft = ClaimDraft {
        subject: owned(Some(args.subject)),
        attribute: owned(Some(args.attribute)),
        ..ClaimDraft::default()
    };
    draft.value = Some(typed(args.value, args.claim.value_type.as_deref())?);
    let evidence = args.claim.evidence.clone();
    let is_unverified = args.claim.unverified_quote;
    fill(&mut draft, args.claim)?;
    let proposed = with_evidence(context, &mut draft, &evidence, is_unverified)?;
    let claim = NamedClaim::parse(draft)?;
    let all = proposed.into_iter().chain([Proposed::Claim(claim)]).collect();
    write::record(context, all, policy)?;
    Ok(true)
}

/// `correct`
pub(crate) fn correct(context: &mut Context, mut args: CorrectArgs) -> Result<bool, Failure> {
    let actor = context.actor()?.to_owned();
    let ledger = context.open()?;
    let target = ledger.find(&args.target)?;
    let Some(fact) = ledger.facts().claim(target) else {
        return Err(Problem::new("target", format!("{target} is not a claim")).into());
    };
    let act = ProposedAct {
        target: target.to_string().into(),
        by: args.by.filter(|by| by != "desk").map(Into::into),
        said_on: None,
        reason: annals::claim::checked_text("reason", args.reason)?,
        id: args.correction_id.map(Into::into),
    };
    let said_on = args.claim.said_on.take_if(|_| act.by.is_some());
    let act = ProposedAct { said_on: said_on.as_deref().map(|text| bound("said_on", text)).transpose()?, ..act };
    let mut draft = draft_of(&fact.claim, &ledger.names());
    if act.by.is_some() {
        draft.said_on = None;
    }
    draft.subject = owned(args.subject).or(draft.subject);
    draft.attribute = owned(args.attribute).or(draft.attribute);
    if let Some(value) = args.value {
        draft.value = Some(typed(value, args.claim.value_type.as_deref())?);
    }
    let policy = policy(&args.claim);
    let evidence = args.claim.evidence.clone();
    let is_unverified = args.claim.unverified_quote;
    fill(&mut draft, args.claim)?;
    let proposed = with_evidence(context, &mut draft, &evidence, is_unverified)?;
    let claim = NamedClaim::parse(draft)?;
    drop(ledger);
    let writer = Writer::open(&context.dir, &actor, now_micros())?;
    let all = proposed.into_iter().chain([Proposed::Correction { act, claim }]).collect();
    let receipt = writer.record(all, policy, now_micros())?;
    write::tell(context, &receipt)?;
    Ok(true)
}

pub(crate) fn bound(field: &'static str, text: &str) -> Result<annals::date::Bound, Problem> {
    annals::date::Bound::parse(text).map_err(|error| Problem::new(field, error))
}

fn policy(args: &ClaimArgs) -> Policy {
    Policy { is_strict: args.strict, is_import: false, is_anyway: args.anyway }
}

/// A value as typed, read as a type if one is named.
pub(crate) fn typed(value: String, value_type: Option<&str>) -> Result<Typed, Problem> {
    let words = Typed::Words(value.into());
    let Some(word) = value_type else { return Ok(words) };
    let value_type = value_type_of(word)?;
    words.resolve(Some(value_type), None).map(Typed::Plain).map_err(|error| Problem::new("value", error))
}

pub(crate) fn value_type_of(word: &str) -> Result<ValueType, Problem> {
    ValueType::of_word(word).ok_or_else(|| {
        let all: Vec<&str> = ValueType::ALL.iter().map(|value_type| value_type.word()).collect();
        Problem::new("type", format!("{word:?} is no type of value"))
            .with_hint(format!("write one of {}", all.join(", ")))
    })
}

/// Puts what the flags give into a draft; what they leave out stays.
fn fill(draft: &mut ClaimDraft<'static>, args: ClaimArgs) -> Result<(), Problem> {
    let gives_time = args.on.is_some()
        || args.as_of.is_some()
        || args.from.is_some()
        || args.until.is_some()
        || !args.period.is_empty()
        || args.undated
        || args.timeless;
    if gives_time {
        (draft.on, draft.as_of, draft.from, draft.until) = (None, None, None, None);
        (draft.from_kind, draft.until_kind, draft.clock, draft.periods) = (None, None, None, None);
        (draft.on, draft.as_of) = (owned(args.on), owned(args.as_of));
        (draft.from, draft.until) = (owned(args.from), owned(args.until));
        (draft.is_undated, draft.is_timeless) = (args.undated, args.timeless);
        draft.periods = periods(args.period)?;
    }
    let observed = |is_observed: bool| is_observed.then_some(Cow::Borrowed("observed"));
    draft.from_kind = observed(args.from_observed).or(draft.from_kind.take());
    draft.until_kind = observed(args.until_observed).or(draft.until_kind.take());
    draft.clock = owned(args.clock).or(draft.clock.take());
    if args.deny {
        draft.polarity = Some(Cow::Borrowed("deny"));
    }
    if let Some(said_by) = args.said_by {
        let origin = AttributionDraft { who: said_by.into(), how: owned(args.how), on: None };
        draft.chain = std::iter::once(origin).chain(args.via.into_iter().map(|text| via(&text))).collect();
    }
    draft.said_on = owned(args.said_on).or(draft.said_on.take());
    draft.quote = owned(args.quote).or(draft.quote.take());
    draft.url = owned(args.url).or(draft.url.take());
    draft.lang = owned(args.lang).or(draft.lang.take());
    draft.dating_note = owned(args.dating_note).or(draft.dating_note.take());
    draft.note = owned(args.note).or(draft.note.take());
    draft.id = owned(args.id);
    Ok(())
}

fn periods(typed: Vec<String>) -> Result<Option<Vec<PeriodDraft<'static>>>, Problem> {
    if typed.is_empty() {
        return Ok(None);
    }
    let of_text = |text: String| {
        let (from, until) = text.split_once('/').ok_or_else(|| {
            Problem::new("period", format!("{text:?} has no start and end")).with_hint("write 2024-07-31/2024-09-01")
        })?;
        Ok(PeriodDraft { from: Cow::Owned(from.to_owned()), until: Cow::Owned(until.to_owned()) })
    };
    typed.into_iter().map(of_text).collect::<Result<_, _>>().map(Some)
}

/// `SOURCE[:HOW[:EDTF]]`; what passes a claim on relays it, unless said otherwise.
fn via(text: &str) -> AttributionDraft<'static> {
    let mut parts = text.splitn(3, ':').map(str::to_owned);
    let who = parts.next().unwrap_or_default();
    let how = parts.next().unwrap_or_else(|| "relayed".to_owned());
    AttributionDraft { who: who.into(), how: Some(how.into()), on: owned(parts.next()) }
}

/// Keeps files given as evidence, and checks that the quote occurs in what is kept.
fn with_evidence(
    context: &Context,
    draft: &mut ClaimDraft<'static>,
    given: &[String],
    is_unverified: bool,
) -> Result<Vec<Proposed>, Failure> {
    let mut proposed = Vec::new();
    if !given.is_empty() {
        draft.evidence.clear();
    }
    for given in given {
        let path = Path::new(given);
        if path.is_file() {
            let evidence = keep_evidence(&context.dir, path)?;
            draft.evidence.push(evidence.digest.to_string().into());
            proposed.push(Proposed::Evidence(evidence));
        } else {
            draft.evidence.push(given.clone().into());
        }
    }
    if let Some(quote) = draft.quote.as_deref().filter(|_| !is_unverified)
        && quote_occurs(&context.dir, &draft.evidence, quote)? == Some(false)
    {
        let problem = Problem::new("quote", "does not occur in the captured copy");
        return Err(Error::from(problem).with_hint("correct the quote, or add --unverified-quote").into());
    }
    Ok(proposed)
}
