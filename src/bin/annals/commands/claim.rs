//! `record` and `correct`.

use std::borrow::Cow;
use std::path::Path;

use annals::claim::{
    AttributionDraft, ClaimDraft, NamedClaim, PeriodDraft, Problem, Valid, checked_id, checked_key, checked_text,
};
use annals::date::{End, Interval};
use annals::event::{Proposed, ProposedAct};
use annals::ledger::{Error, Ledger, Policy, draft_of, keep_evidence, quote_occurs};
use annals::value::{Typed, ValueType, is_url};

use crate::args::{ClaimArgs, CorrectArgs, RecordArgs};
use crate::commands::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::say;

type Owned = Option<Cow<'static, str>>;

fn owned(text: Option<String>) -> Owned {
    text.map(Cow::Owned)
}

/// `record`
pub(crate) fn record(context: &mut Context, args: RecordArgs) -> Result<bool, Failure> {
    context.actor()?;
    if !gives_time(&args.claim) {
        let hint = "add one of --on, --as-of, --from, --until, --period, --undated and --timeless";
        return Err(Failure::usage("the claim says no time; nothing was recorded", hint));
    }
    let policy = policy(&args.claim);
    let mut draft = ClaimDraft {
        subject: owned(Some(args.subject)),
        attribute: owned(Some(args.attribute)),
        ..ClaimDraft::default()
    };
    draft.value = Some(typed(args.value, args.claim.value_type.as_deref())?);
    let on = args.claim.on.clone();
    let proposed = filled(context, &mut draft, args.claim)?;
    let claim = NamedClaim::parse(draft)?;
    let is_period = matches!(claim.valid, Valid::Period { .. });
    let is_said_by_nobody = claim.chain.is_empty();
    let all = proposed.into_iter().chain([Proposed::Claim(claim)]).collect();
    write::record(context, all, policy)?;
    if let Some(on) = on.filter(|_| is_period)
        && let Some(Ok(interval)) = Interval::parse(&on)
    {
        say(&format!("note: --on {on} is a period: it was read as {}", sides(&interval)));
    }
    if is_said_by_nobody {
        say("note: nobody is named as saying so; add --said-by SOURCE");
    }
    Ok(true)
}

/// An interval in the words of the options that say the same.
fn sides(Interval { from, until }: &Interval) -> String {
    let from = from.as_ref().map(|from| format!("--from {from}"));
    let until = match until {
        End::At(until) => Some(format!("--until {until}")),
        End::GoesOn => Some("going on when it was said".to_owned()),
        End::NotStated => None,
    };
    from.into_iter().chain(until).collect::<Vec<_>>().join(", ")
}

/// `correct`
pub(crate) fn correct(context: &mut Context, mut args: CorrectArgs) -> Result<bool, Failure> {
    context.actor()?;
    let ledger = context.open()?;
    let target = ledger.find(&args.target)?;
    let Some(claim) = ledger.facts().claim(target) else {
        return Err(Problem::new("target", format!("{target} is not a claim")).into());
    };
    let by = args.by.filter(|by| by != "desk").map(|by| checked_key("by", by)).transpose()?;
    let said_on = args.claim.said_on.take_if(|_| by.is_some());
    let act = ProposedAct {
        target: target.to_string().into(),
        by,
        said_on: said_on.as_deref().map(|text| said("said_on", text)).transpose()?,
        reason: checked_text("reason", args.reason)?,
        id: args
            .correction_id
            .map(|id| checked_id(id).map_err(|problem| Problem { field: "correction_id".into(), ..problem }))
            .transpose()?,
    };
    let mut draft = draft_of(claim, &ledger.names());
    if act.by.is_some() {
        draft.said_on = None;
    }
    let before = NamedClaim::parse(draft.clone())?;
    draft.subject = owned(args.subject).or(draft.subject);
    draft.attribute = owned(args.attribute).or(draft.attribute);
    if let Some(value) = args.value {
        draft.value = Some(typed(value, args.claim.value_type.as_deref())?);
    }
    let policy = policy(&args.claim);
    let proposed = filled(context, &mut draft, args.claim)?;
    let claim = NamedClaim::parse(draft)?;
    if is_same(&ledger, &before, &claim) {
        let message = format!("this changes nothing in {target}; nothing was recorded");
        return Err(Failure::usage(message, &format!("`annals show '{target}'` shows what it says")));
    }
    drop(ledger);
    let all = proposed.into_iter().chain([Proposed::Correction { act, claim }]).collect();
    write::record(context, all, policy)?;
    Ok(true)
}

/// Whether two claims say the same, the caller's key for them aside.
fn is_same(ledger: &Ledger, before: &NamedClaim, after: &NamedClaim) -> bool {
    let catalogue = ledger.facts().catalogue();
    let defined = catalogue.attribute_of_key(&after.attribute).and_then(|seq| catalogue.attribute(seq));
    let (value_type, unit) = (defined.map(|of| of.value_type), defined.and_then(|of| of.unit.as_deref()));
    let value = after.value.clone().resolve(value_type, unit).map(Typed::Plain);
    let after = NamedClaim { id: None, value: value.unwrap_or_else(|_| after.value.clone()), ..after.clone() };
    *before == after
}

pub(crate) fn bound(field: &'static str, text: &str) -> Result<annals::date::Bound, Problem> {
    annals::date::Bound::parse(text).map_err(|error| Problem::new(field, error))
}

pub(crate) fn said(field: &'static str, text: &str) -> Result<annals::date::Said, Problem> {
    annals::date::Said::parse(text).map_err(|error| Problem::new(field, error))
}

fn policy(args: &ClaimArgs) -> Policy {
    Policy { is_strict: args.strict, is_anyway: args.anyway, ..Policy::default() }
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

fn gives_time(args: &ClaimArgs) -> bool {
    args.on.is_some()
        || args.as_of.is_some()
        || args.from.is_some()
        || args.until.is_some()
        || !args.period.is_empty()
        || args.undated
        || args.timeless
}

/// Puts what the flags give into a draft, and keeps files given as evidence.
fn filled(context: &Context, draft: &mut ClaimDraft<'static>, args: ClaimArgs) -> Result<Vec<Proposed>, Failure> {
    let evidence = args.evidence.clone();
    let is_unverified = args.unverified_quote;
    fill(draft, args)?;
    with_evidence(context, draft, &evidence, is_unverified)
}

/// Puts what the flags give into a draft; what they leave out stays.
fn fill(draft: &mut ClaimDraft<'static>, args: ClaimArgs) -> Result<(), Problem> {
    if gives_time(&args) {
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
    draft.url = owned(args.url.map(checked_url).transpose()?).or(draft.url.take());
    draft.lang = owned(args.lang.map(checked_lang).transpose()?).or(draft.lang.take());
    draft.dating_note = owned(args.dating_note).or(draft.dating_note.take());
    draft.note = owned(args.note).or(draft.note.take());
    draft.id = owned(args.id);
    Ok(())
}

fn checked_url(url: String) -> Result<String, Problem> {
    if is_url(&url) {
        return Ok(url);
    }
    let problem = Problem::new("url", format!("{url:?} is not a web address"));
    Err(problem.with_hint("write one such as https://example.org/page"))
}

/// `es`, `pt-BR`: a language, and parts that narrow it.
fn checked_lang(lang: String) -> Result<String, Problem> {
    let mut parts = lang.split('-');
    let is_language = parts
        .next()
        .is_some_and(|first| matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_language && parts.all(is_part) {
        return Ok(lang);
    }
    Err(Problem::new("lang", format!("{lang:?} is not a language tag")).with_hint("write es, en or pt-BR"))
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

/// Hexadecimal digits, maybe behind the name of how they were made, as in `sha256:…`.
fn is_digest(text: &str) -> bool {
    let digits = text.rsplit_once(':').map_or(text, |(_, digits)| digits);
    digits.len() >= 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())
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
        } else if is_digest(given) {
            draft.evidence.push(given.clone().into());
        } else {
            let problem = Problem::new("evidence", format!("{given:?} is no file, and no digest of one"));
            return Err(problem.with_hint("give a file that is there, or 64 hexadecimal digits (BLAKE3)").into());
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
