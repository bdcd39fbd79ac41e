//! `record` and `correct`.

use std::borrow::Cow;

use annals::catalogue::Catalogue;
use annals::claim::{Found, NamedClaim, Problem, Valid, checked_id, checked_key, checked_text};
use annals::date::{Bound, End, Interval};
use annals::event::{AttributeDefined, Proposed, ProposedAct};
use annals::ledger::{Ledger, Policy, draft_of};
use annals::value::{Typed, Value, ValueType};

use super::draft::{Given, with_evidence};
use crate::args::{ClaimArgs, CorrectArgs, RecordArgs};
use crate::commands::record::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::say;
use crate::taken::{Sort, said};

/// `record`
pub(crate) fn record(context: &mut Context, args: RecordArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let mut writer = write::begin(context)?;
    let catalogue = writer.catalogue();
    let policy = policy(&args.claim);
    let on = args.claim.on.clone();
    let value_type = args.claim.value_type.clone();
    let (evidence, is_unverified) = (args.claim.evidence.clone(), args.claim.unverified_quote);
    let mut given = Given::default();
    given.draft.subject = Some(Cow::Owned(Sort::Entity.key(catalogue, &args.subject)?.into_owned()));
    given.draft.attribute = Some(Cow::Owned(Sort::Attribute.key(catalogue, &args.attribute)?.into_owned()));
    given.fill(catalogue, args.claim, &mut wrong)?;
    let mut draft = given.draft;
    let attribute = draft.attribute.as_deref().unwrap_or_default();
    let value = Reading::of(catalogue, attribute);
    draft.value = Some(value.read(args.value, value_type.as_deref(), &mut wrong)?);
    let claim = parsed(draft.clone(), wrong)?;
    let is_period = matches!(claim.valid, Valid::Period { .. });
    let is_said_by_nobody = claim.chain.is_empty();
    let copies = with_evidence(context, &mut draft, &evidence, is_unverified)?;
    let claim = NamedClaim { reference: NamedClaim::parse(draft)?.reference, ..claim };
    let all = copies.proposed(claim.is_private).into_iter().chain([Proposed::Claim(claim)]).collect();
    writer.keep(copies.files);
    write::record_with(context, writer, all, policy)?;
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

/// The claim, or everything that is wrong with what was typed.
fn parsed(draft: annals::claim::ClaimDraft<'static>, mut wrong: Found) -> Result<NamedClaim, Failure> {
    let claim = NamedClaim::check(draft, &mut wrong);
    Ok(wrong.done(claim)?)
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
    let ledger = context.open_all()?;
    let target = ledger.find(&args.target)?;
    let Some(claim) = ledger.claim(target)? else {
        return Err(Problem::new("target", format!("{target} is not a claim")).into());
    };
    let catalogue = ledger.catalogue();
    let mut wrong = Found::default();
    let by = args.by.filter(|by| by != "desk");
    let by = by.map(|by| Ok::<_, Failure>(Sort::Source.key(catalogue, &by)?.into_owned())).transpose()?;
    let said_on = args.claim.said_on.take_if(|_| by.is_some());
    let correction_id = |id| checked_id(id).map_err(|problem| Problem { field: "correction_id".into(), ..problem });
    let act = ProposedAct {
        target: target.to_string().into(),
        by: wrong.note(by.map(|by| checked_key("by", by)).transpose()).unwrap_or_default(),
        said_on: wrong.note(said_on.as_deref().map(|text| said("said_on", text)).transpose()).unwrap_or_default(),
        reason: wrong.note(checked_text("reason", args.reason)).unwrap_or_default(),
        id: wrong.note(args.correction_id.map(correction_id).transpose()).unwrap_or_default(),
    };
    let mut given = Given { draft: draft_of(&claim, &ledger.names()) };
    if act.by.is_some() {
        given.draft.said_on = None;
    }
    let before = NamedClaim::parse(given.draft.clone())?;
    if let Some(subject) = args.subject {
        given.draft.subject = Some(Cow::Owned(Sort::Entity.key(catalogue, &subject)?.into_owned()));
    }
    if let Some(attribute) = args.attribute {
        given.draft.attribute = Some(Cow::Owned(Sort::Attribute.key(catalogue, &attribute)?.into_owned()));
    }
    let policy = policy(&args.claim);
    let value_type = args.claim.value_type.clone();
    let (evidence, is_unverified) = (args.claim.evidence.clone(), args.claim.unverified_quote);
    given.fill(catalogue, args.claim, &mut wrong)?;
    let mut draft = given.draft;
    if let Some(value) = args.value {
        let attribute = draft.attribute.as_deref().unwrap_or_default();
        let reading = Reading::of(catalogue, attribute);
        draft.value = Some(reading.read(value, value_type.as_deref(), &mut wrong)?);
    }
    parsed(draft.clone(), wrong)?;
    let copies = with_evidence(context, &mut draft, &evidence, is_unverified)?;
    let claim = NamedClaim::parse(draft)?;
    if is_same(&ledger, &before, &claim) {
        let message = format!("this changes nothing in {target}; nothing was recorded");
        return Err(Failure::usage(message, &format!("`annals show '{target}'` shows what it says")));
    }
    drop(ledger);
    let all = copies.proposed(claim.is_private).into_iter().chain([Proposed::Correction { act, claim }]).collect();
    write::record_keeping(context, copies.files, all, policy)?;
    Ok(true)
}

/// Whether two claims say the same, the caller's key for them aside.
fn is_same(ledger: &Ledger, before: &NamedClaim, after: &NamedClaim) -> bool {
    let catalogue = ledger.catalogue();
    let defined = catalogue.attribute_of_key(&after.attribute).and_then(|seq| catalogue.attribute(seq));
    let (value_type, unit) = (defined.map(|of| of.value_type), defined.and_then(|of| of.unit.as_deref()));
    let value = after.value.clone().resolve(value_type, unit).map(Typed::Plain);
    let after = NamedClaim { id: None, value: value.unwrap_or_else(|_| after.value.clone()), ..after.clone() };
    *before == after
}

fn policy(args: &ClaimArgs) -> Policy {
    Policy { is_strict: args.strict, is_anyway: args.anyway, is_again: args.again, ..Policy::default() }
}

/// How a value is read: by its attribute, if that is declared.
pub(crate) struct Reading<'r> {
    pub(crate) catalogue: &'r Catalogue,
    pub(crate) defined: Option<&'r AttributeDefined>,
}

impl<'r> Reading<'r> {
    fn of(catalogue: &'r Catalogue, attribute: &str) -> Reading<'r> {
        let defined = catalogue.attribute_of_key(attribute).and_then(|seq| catalogue.attribute(seq));
        Reading { catalogue, defined }
    }

    /// A value as typed. What it is taken for is echoed where that is spelt otherwise.
    pub(crate) fn read(&self, text: String, value_type: Option<&str>, wrong: &mut Found) -> Result<Typed, Failure> {
        let declared = self.defined.map(|of| of.value_type);
        if let Some(problem) = self.of_another_type(&text).filter(|_| value_type.is_none()) {
            wrong.tell(problem);
            return Ok(Typed::Words(text.into()));
        }
        let text = self.with_known_entity(text, declared)?;
        let typed = match typed(text.clone(), value_type) {
            Ok(typed) => typed,
            Err(problem) => {
                wrong.tell(problem);
                return Ok(Typed::Words(text.into()));
            }
        };
        match typed.clone().resolve(declared, None) {
            Err(error) => wrong.tell(Problem::new("value", error)),
            Ok(Value::Quantity(quantity)) if !quantity.to_string().starts_with(text.trim()) => {
                say(&format!("note: value {text:?} is taken as {quantity}"));
            }
            Ok(_) => {}
        }
        Ok(typed)
    }

    /// `@ann` or `date:2024` for an attribute of words: whoever writes such a sign means another type.
    fn of_another_type(&self, text: &str) -> Option<Problem> {
        let defined = self.defined.filter(|of| matches!(of.value_type, ValueType::Text | ValueType::Symbol))?;
        let (meant, plain) = match (text.strip_prefix('@'), text.strip_prefix("date:")) {
            (Some(entity), _) if !entity.is_empty() => ("entity", entity),
            (_, Some(date)) if Bound::parse(date).is_ok() => ("date", date),
            _ => return None,
        };
        let (word, key) = (defined.value_type.word(), &defined.key);
        let problem =
            Problem::new("value", format!("{text:?} is written as a value of type {meant}, and {key:?} takes {word}"));
        Some(problem.with_hint(format!(
            "write {plain:?} without the sign, or add --type {word} to record it as it stands; an attribute of \
             type {meant} is declared by `annals attribute KEY --type {meant}`"
        )))
    }

    /// `@` and a label or alias, as `@` and a key.
    fn with_known_entity(&self, text: String, declared: Option<ValueType>) -> Result<String, Failure> {
        let is_entity = match declared {
            Some(declared) => declared == ValueType::Entity && !matches!(text.as_str(), "some" | "none"),
            None => text.starts_with('@'),
        };
        if is_entity {
            let key = Sort::Entity.key(self.catalogue, text.strip_prefix('@').unwrap_or(&text))?;
            return Ok(format!("@{key}"));
        }
        Ok(text)
    }
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
