//! `attribute`, `entity`, `source`: list, show, register, judge, grade, link.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use annals::claim::{Problem, checked_id, checked_key, checked_text};
use annals::event::{
    AttributeDefined, Cardinality, Complement, EntityRegistered, Proposed, ProposedAttribute, SourceRegistered, Verdict,
};
use annals::exchange::event_json;
use annals::ledger::{Ledger, Policy, Remarks};
use annals::projection::Horizon;
use annals::seq::Seq;
use annals::source::{LinkKind, Reliability, SourceKind};
use annals::value::Value;

use crate::args::{AttributeArgs, EntityArgs, SourceArgs};
use crate::commands::record::claim::typed;
use crate::commands::record::claim::value_type_of;
use crate::commands::record::write;
use crate::context::{Context, attribute as find_attribute, source as find_source, subject as find_entity};
use crate::failure::Failure;
use crate::render::remark;
use crate::taken::{Sort, bound};

fn word<T: Copy>(field: &'static str, text: &str, all: &[T], word_of: fn(T) -> &'static str) -> Result<T, Problem> {
    all.iter().copied().find(|known| word_of(*known) == text).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|known| word_of(*known)).collect();
        Problem::new(field, format!("{text:?} is none of {}", words.join(", ")))
    })
}

/// The key of what is registered under a key, label or alias; a new key as it is.
fn known_key(context: &Context, sort: Sort, text: &str) -> Result<String, Failure> {
    Ok(sort.key(context.read_all()?.catalogue(), text)?.into_owned())
}

/// `attribute`
pub(crate) fn attribute(context: &mut Context, args: AttributeArgs) -> Result<bool, Failure> {
    let (Some(key), Some(value_type)) = (&args.key, &args.value_type) else {
        let ledger = context.open()?;
        let wanted = args.key.as_deref().map(|key| find_attribute(&ledger, key)).transpose()?;
        let units = units(&ledger)?;
        // The unit that counts is the one it was first counted in, where none is declared.
        let all = ledger.catalogue().attributes().map(|(seq, defined)| {
            let unit = defined.unit.clone().or_else(|| units.get(&seq).cloned());
            (seq, annals::event::Event::AttributeDefined(AttributeDefined { unit, ..defined.clone() }))
        });
        return list(context, &ledger, all.collect(), (wanted, args.all));
    };
    let complement = match args.complement.as_deref().map(|pair| pair.split_once(',')) {
        Some(None) if args.complement.as_deref() == Some("none") => Complement::None,
        None => Complement::NotDeclared,
        Some(Some((a, b))) => Complement::Pair(typed(a.to_owned(), None)?, typed(b.to_owned(), None)?),
        Some(None) => return Err(Problem::new("complement", "is not two values").with_hint("write on,off").into()),
    };
    let proposed = ProposedAttribute {
        key: checked_key("key", key.clone())?,
        label: args.label.map(|label| checked_text("label", label)).transpose()?,
        value_type: value_type_of(value_type)?,
        cardinality: if args.multi { Cardinality::Multi } else { Cardinality::Single },
        complement,
        is_fixed: args.fixed,
        stale_after_days: args.stale_after_days,
        unit: args.unit.map(|unit| checked_text("unit", unit)).transpose()?,
        id: None,
    };
    write::record(context, vec![Proposed::Attribute(proposed)], Policy::default())?;
    Ok(true)
}

/// `entity`
pub(crate) fn entity(context: &mut Context, args: EntityArgs) -> Result<bool, Failure> {
    let judged = [
        (&args.same_as, Verdict::Same),
        (&args.different_from, Verdict::Different),
        (&args.unsure_of, Verdict::Unsure),
    ];
    let judged = judged.into_iter().find_map(|(other, verdict)| Some((other.clone()?, verdict)));
    let (Some(key), true) = (&args.key, judged.is_some() || args.label.is_some() || !args.alias.is_empty()) else {
        let ledger = context.open()?;
        let wanted = args.key.as_deref().map(|key| find_entity(&ledger, key)).transpose()?;
        let all = ledger
            .catalogue()
            .entities()
            .map(|(seq, entity)| (seq, annals::event::Event::EntityRegistered(entity.clone())));
        return list(context, &ledger, all.collect(), (wanted, args.all));
    };
    context.actor()?;
    let key = checked_key("key", known_key(context, Sort::Entity, key)?)?;
    let mut proposed = Vec::new();
    if args.label.is_some() || !args.alias.is_empty() {
        let aliases = args.alias.into_iter().map(|alias| checked_text("alias", alias)).collect::<Result<_, _>>()?;
        let label = args.label.map(|label| checked_text("label", label)).transpose()?;
        proposed.push(Proposed::Entity(EntityRegistered { key: key.clone(), label, aliases, id: None }));
    }
    if let Some((other, verdict)) = judged {
        proposed.push(Proposed::Judgement {
            entities: [key, checked_key("entity", known_key(context, Sort::Entity, &other)?)?],
            verdict,
            reason: args.reason.map(|reason| checked_text("reason", reason)).transpose()?,
            id: args.id.map(checked_id).transpose()?,
        });
    }
    write::record(context, proposed, Policy::default())?;
    Ok(true)
}

/// `source`
pub(crate) fn source(context: &mut Context, args: SourceArgs) -> Result<bool, Failure> {
    let registers = args.kind.is_some() || args.label.is_some() || args.private;
    let (Some(key), true) = (&args.key, registers || args.reliability.is_some() || args.link_to.is_some()) else {
        let ledger = context.open()?;
        let catalogue = ledger.catalogue();
        let wanted = args.key.as_deref().map(|key| find_source(&ledger, key)).transpose()?;
        // The grade that answers use is the newest one.
        let known = ledger.at(Horizon::default());
        let all = catalogue.sources().map(|(seq, source)| {
            let source = SourceRegistered { reliability: known.reliability(seq), ..source.clone() };
            (seq, annals::event::Event::SourceRegistered(source))
        });
        return list(context, &ledger, all.collect(), (wanted, args.all));
    };
    context.actor()?;
    let key = checked_key("key", known_key(context, Sort::Source, key)?)?;
    let grade = args.reliability.as_deref();
    let grade = grade.map(|grade| word("reliability", grade, Reliability::ALL, Reliability::word)).transpose()?;
    let mut proposed = Vec::new();
    if registers {
        let kind = args.kind.as_deref().unwrap_or("organisation");
        let kind = word("kind", kind, SourceKind::ALL, SourceKind::word)?;
        let label = args.label.map(|label| checked_text("label", label)).transpose()?;
        proposed.push(Proposed::Source(SourceRegistered {
            key: key.clone(),
            kind,
            label,
            reliability: None,
            id: None,
            is_private: args.private,
        }));
    }
    if let Some(reliability) = grade {
        proposed.push(Proposed::Rating {
            source: key.clone(),
            reliability,
            on: args.rated_on.as_deref().map(|text| bound("rated_on", text)).transpose()?,
            reason: args.reason.map(|reason| checked_text("reason", reason)).transpose()?,
            id: None,
        });
    }
    if let Some(to) = args.link_to {
        let how = args.link.as_deref().unwrap_or("same-as");
        let how = word("link", how, LinkKind::ALL, LinkKind::word)?;
        let to = checked_key("link_to", known_key(context, Sort::Source, &to)?)?;
        proposed.push(Proposed::Link { source: key, to, how, id: None });
    }
    write::record(context, proposed, Policy::default())?;
    Ok(true)
}

/// Lists what is registered, or shows one with what was said of it.
fn list(
    context: &mut Context,
    ledger: &Ledger,
    mut all: Vec<(Seq, annals::event::Event)>,
    (wanted, is_all): (Option<Seq>, bool),
) -> Result<bool, Failure> {
    let remarks = ledger.remarks()?;
    let catalogue = ledger.catalogue();
    all.retain(|(seq, _)| wanted.is_none_or(|wanted| *seq == wanted));
    let count = all.len();
    if wanted.is_none() && !is_all {
        all.retain(|(seq, _)| catalogue.is_registered(*seq));
    }
    let left_out = count - all.len();
    for (seq, event) in all {
        let mut line = event_json(&event, &ledger.names(), None).unwrap_or_default();
        let is_taken_back = !catalogue.is_registered(seq);
        if context.is_json {
            line.insert("seq".into(), seq.0.into());
            line.insert("registered".into(), (!is_taken_back).into());
            line.insert("remarks".into(), remark::remarks_json(ledger, &remarks, seq).into());
            context.screen.json(&line)?;
            continue;
        }
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(all) => all
                .iter()
                .map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join("; "),
            other => other.to_string(),
        };
        let key = line.get("key").map(text).unwrap_or_default();
        let told = line.iter().filter(|(name, value)| {
            !matches!(name.as_str(), "type" | "key" | "id")
                && !value.is_null()
                && **value != serde_json::Value::Bool(false)
        });
        let told: Vec<String> =
            told.map(|(name, value)| format!("{} {}", name.replace('_', " "), text(value))).collect();
        let mark = if is_taken_back && wanted.is_none() { " — taken back" } else { "" };
        context.screen.heading(&key, &format!("  {}  ({seq}){mark}", told.join(", ")))?;
        if wanted.is_some() {
            remark::remark_lines(&mut context.screen, ledger, &remarks, seq, "  ")?;
        } else {
            joined_lines(context, ledger, &remarks, seq)?;
        }
    }
    if left_out > 0 && !context.is_json {
        let more = if left_out < count { " more" } else { "" };
        let was = if left_out == 1 { "was" } else { "were" };
        context.screen.line(&format!("  {left_out}{more} {was} taken back (--all shows that too)"))?;
    }
    Ok(true)
}

/// The units in which attributes were first counted.
fn units(ledger: &Ledger) -> Result<BTreeMap<Seq, Box<str>>, Failure> {
    let mut units = BTreeMap::new();
    ledger.events(|stored| {
        if let Some(annals::event::Event::ClaimAsserted(claim)) = &stored.recorded.event
            && let Value::Quantity(quantity) = &claim.statement.value
            && let Some(unit) = quantity.unit()
        {
            units.entry(claim.statement.attribute).or_insert_with(|| unit.into());
        }
        ControlFlow::Continue(())
    })?;
    Ok(units)
}

/// In a list: the links and judgements of identity that stand, for they change what counts as one.
fn joined_lines(context: &mut Context, ledger: &Ledger, remarks: &Remarks, seq: Seq) -> Result<(), Failure> {
    use annals::event::Event;
    for recorded in remarks.on(seq).iter().filter(|recorded| remarks.retraction_of(recorded.seq).is_none()) {
        if matches!(recorded.event, Some(Event::SourceLinked { .. } | Event::EntitiesJudged(_)))
            && let Some(told) = remark::remark_text(ledger, seq, recorded)
        {
            context.screen.line(&format!("  {told}"))?;
        }
    }
    Ok(())
}
