//! What is written is read again as the same.

pub(crate) mod strategies;

use proptest::prelude::*;

use super::read::one_pass;
use super::{
    EventLine, ExportedFirst, Line, Names, Provenance, claim_json, event_json, read_line, read_line_by_tree,
    with_provenance, write_line,
};
use crate::claim::{Claim, NamedClaim, Statement};
use crate::event::{
    Act, Assessment, AttributeDefined, EntitiesJudged, EntityRegistered, Event, Noted, Proposed, ProposedAct,
    ProposedAttribute, ProposedReference, ReferenceAdded, SourceRated,
};
use crate::seq::Seq;
use crate::source::Attribution;
use crate::value::{Typed, Value};

const KEYS: [&str; 6] = ["embassy", "gonzález", "ucdp/1", "日本", "a\"b\\c", "88"];

/// A ledger whose event `n` registered the key `KEYS[n % 6]`, and gave every third event no id.
struct Known;

impl Known {
    fn key(seq: Seq) -> &'static str {
        KEYS[usize::try_from(seq.0).unwrap() % KEYS.len()]
    }
}

impl Names for Known {
    fn entity(&self, entity: Seq) -> std::borrow::Cow<'_, str> {
        Known::key(entity).into()
    }
    fn attribute(&self, attribute: Seq) -> std::borrow::Cow<'_, str> {
        Known::key(attribute).into()
    }
    fn source(&self, source: Seq) -> std::borrow::Cow<'_, str> {
        Known::key(source).into()
    }
    fn target(&self, target: Seq) -> String {
        if target.0.is_multiple_of(3) { target.to_string() } else { Known::key(target).into() }
    }
    fn actor(&self, actor: Seq) -> std::borrow::Cow<'_, str> {
        Known::key(actor).into()
    }
}

fn key(seq: Seq) -> Box<str> {
    Known::key(seq).into()
}

// What a line must propose, made from the event without the way through text.

fn typed(value: Value<Seq>) -> Typed {
    match value {
        Value::Text(text) | Value::Symbol(text) => Typed::String(text),
        value => Typed::Plain(value.try_rename(|seq| Ok::<_, ()>(key(seq))).unwrap()),
    }
}

fn named(claim: Claim) -> NamedClaim {
    let Claim { statement, chain, reference, id, is_private } = claim;
    let Statement { subject, attribute, value, polarity, valid } = statement;
    let chain = chain.into_iter().map(|link| Attribution { who: key(link.who), how: link.how, on: link.on });
    NamedClaim {
        subject: key(subject),
        attribute: key(attribute),
        value: typed(value),
        polarity,
        valid,
        chain: chain.collect(),
        reference,
        id,
        is_private,
    }
}

fn proposed_act(act: Act) -> ProposedAct {
    let Act { target, by, said_on, reason, id } = act;
    ProposedAct { target: Known.target(target).into(), by: by.map(key), said_on, reason, id }
}

fn proposed(event: Event, successor: Claim) -> Proposed {
    match event {
        Event::AttributeDefined(AttributeDefined {
            key,
            label,
            value_type,
            cardinality,
            complement,
            is_fixed,
            stale_after_days,
            unit,
            id,
        }) => Proposed::Attribute(ProposedAttribute {
            key,
            label,
            value_type,
            cardinality,
            complement: complement.try_map(|side| Ok::<_, ()>(typed(side))).unwrap(),
            is_fixed,
            stale_after_days,
            unit,
            id,
        }),
        Event::EntityRegistered(entity) => Proposed::Entity(entity),
        Event::EntityAliased { entity, aliases, id } => {
            Proposed::Entity(EntityRegistered { key: key(entity), label: None, aliases, id })
        }
        Event::EntitiesJudged(EntitiesJudged { entities, verdict, reason, id }) => {
            Proposed::Judgement { entities: entities.map(key), verdict, reason, id }
        }
        Event::SourceRegistered(source) => Proposed::Source(source),
        Event::SourceRated(SourceRated { source, reliability, on, reason, id }) => {
            Proposed::Rating { source: key(source), reliability, on, reason, id }
        }
        Event::SourceLinked { source, to, how, id } => Proposed::Link { source: key(source), to: key(to), how, id },
        Event::EvidenceAdded(evidence) => Proposed::Evidence(evidence),
        Event::ClaimAsserted(claim) => Proposed::Claim(named(claim)),
        Event::Disputed(act) => Proposed::Dispute(proposed_act(act)),
        Event::Corrected { act, .. } => Proposed::Correction { act: proposed_act(act), claim: named(successor) },
        Event::Retracted(act) => Proposed::Retraction(proposed_act(act)),
        Event::Assessed(Assessment { act, rating, label, credibility }) => {
            Proposed::Assessment { act: proposed_act(act), rating, label, credibility }
        }
        Event::Approved(act) => Proposed::Approval(proposed_act(act)),
        Event::Noted(Noted { about, text, id, is_private }) => {
            Proposed::Note { about: about.map(|about| Known.target(about).into()), text, id, is_private }
        }
        Event::Returned(act) => Proposed::Return(proposed_act(act)),
        Event::ReferenceAdded(ReferenceAdded { claim, url, quote, evidence, lang, note, id }) => {
            Proposed::Reference(ProposedReference {
                claim: Known.target(claim).into(),
                url,
                quote,
                evidence,
                lang,
                note,
                id,
            })
        }
        Event::SettingChanged(changed) => Proposed::Setting(changed),
        other => panic!("{:?} has no line", other.kind()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_event_is_read_as_it_was_written(event in strategies::event(), successor in strategies::claim(), (is_export, is_second_hand) in any::<(bool, bool)>()) {
        let line = event_json(&event, &Known, Some(&successor)).unwrap();
        let first = ExportedFirst {
            origin: "example.org/other".into(),
            ledger: [7; 32],
            seq: Seq(5),
            hash: [8; 32],
            at_micros: 3,
            actor: "ben".into(),
        };
        let first = is_second_hand.then_some(&first);
        let (actor, origin, hash) = (&*Known.actor(Seq(1)), "example.org/log", [9; 32]);
        let provenance = Provenance { seq: Seq(7), at_micros: 1, actor, hash, origin, commit: Some(Seq(6)), first };
        let line = if is_export { with_provenance(line, provenance) } else { line };
        let mut text = Vec::new();
        write_line(&mut text, &line).unwrap();
        let text = String::from_utf8(text).unwrap();
        let is_type_first = text.starts_with("{\"type\":\"");
        prop_assert!(is_type_first);
        prop_assert_eq!(text.find('\n'), Some(text.len() - 1));
        let Line::Event(EventLine { proposed: read, exported, .. }) = read_line(&text).unwrap() else { panic!("{text}") };
        let exported = exported.map(|exported| (exported.seq, exported.hash, exported.first));
        prop_assert_eq!(exported, is_export.then(|| (Seq(7), hash, first.cloned())));
        prop_assert_eq!(read, proposed(event, successor));
    }

    #[test]
    fn a_line_read_in_one_pass_means_what_its_tree_does(
        event in strategies::event(),
        successor in strategies::claim(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&BYTES[..]), 0..3_u8), 0..4),
    ) {
        let mut text = Vec::new();
        write_line(&mut text, &event_json(&event, &Known, Some(&successor)).unwrap()).unwrap();
        let is_frequent = matches!(
            event,
            Event::ClaimAsserted(_) | Event::Corrected { .. } | Event::Retracted(_) | Event::Disputed(_) | Event::Assessed(_)
        );
        prop_assert_eq!(one_pass::read(str::from_utf8(&text).unwrap()).is_some(), is_frequent);
        for (place, byte, how) in changes {
            let place = place.index(text.len());
            match how {
                0 => text.insert(place, byte),
                1 => text[place] = byte,
                _ => drop(text.remove(place)),
            }
        }
        if let Ok(text) = str::from_utf8(&text)
            && let Some(proposed) = one_pass::read(text)
        {
            let line = Line::Event(EventLine { proposed, exported: None, successor: None });
            prop_assert_eq!(Ok(line), read_line_by_tree(text), "{}", text);
        }
    }
}

/// What lines are changed with.
const BYTES: [u8; 16] = *b"\"\\{}[]:,01tn \n\0#";

#[test]
fn lines_of_people_are_read_in_one_pass() {
    for line in [
        r#"{"type":"claim","subject":"s","attribute":"a","value":"x","from":"2024-01-02","said_by":"p","how":"stated"}"#,
        r#" { "value" : true , "on":"2024~","subject":"s","attribute":"a","evidence":"ab","type":"claim" , "id":null } "#,
        r#"{"type":"claim","subject":"s","attribute":"a","value":{"none":true,"some":false},"undated":true,"chain":[]}"#,
        r#"{"type":"claim","subject":"s","attribute":"a","value":"\u00e9\n","on":"2024","quote":"\"","note":"","lang":null}"#,
        r##"{"type":"correction","corrects":"#1","by":"desk","reason":"r","claim":{"type":"periods","subject":"s","attribute":"a","value":{"lower":"5","unit":"km"},"periods":[{"from":"2024","until":"2024"}]}}"##,
        r#"{"type":"assessment","claim":"c","rating":" False ","rationale":"r","credibility":6 }"#,
    ] {
        assert!(
            one_pass::read(line).is_some_and(|read| Some(read) == read_line_by_tree(line).unwrap().proposed()),
            "{line}"
        );
    }
}

#[test]
fn what_is_unusual_or_wrong_is_left_to_the_tree() {
    let claim = |fields: &str| format!(r#"{{"type":"claim","subject":"s","attribute":"a","value":true,{fields}}}"#);
    for line in [
        String::new(),
        "{}".to_owned(),
        claim(r#""on":"2024"}"#),
        claim(r#""on":"2024","on":null"#),
        claim(r#""on":"2024","seq":7"#),
        claim(r#""on":"2024","by":"x""#),
        claim(r#""on":"2024","how":"stated""#),
        claim(r#""on":"2024","chain":[{"who":"x"}],"said_by":"x""#),
        claim(r#""on":"2024","chain":[{"who":"x","who":"y"}]"#),
        claim(r#""on":2024"#),
        claim(r#""on":"24""#),
        claim(r#""periods":[{"from":"2024","until":"2024"}]"#),
        claim(r#""on":"2024","evidence":[""]"#),
        claim(r#""on":"2024","note":"\ud800""#),
        claim(r#""on":"2024","note":"a	b""#),
        r#"{"type":"assessment","claim":"c","rating":"true","rationale":"r","credibility":7}"#.to_owned(),
        r#"{"type":"assessment","claim":"c","rating":"true","rationale":"r","credibility":1.0}"#.to_owned(),
        r##"{"type":"retraction","retracts":"#0","reason":"r"}"##.to_owned(),
        r#"{"type":"correction","corrects":"c","reason":"r","claim":{"claim":{"claim":{}}}}"#.to_owned(),
    ] {
        assert_eq!(one_pass::read(&line), None, "{line}");
    }
}

#[test]
fn fields_stand_in_one_order() {
    let line = concat!(
        r#"{"type":"claim","id":"88a","subject":"embassy","attribute":"日本","value":{"lower":"1.50","upper":null,"#,
        r#""unit":"km","approx":true},"polarity":"deny","from":"2024-03~","from_kind":"observed","until":"2025","#,
        r#""clock":"19:00","chain":[{"who":"ucdp/1","how":"relayed","on":"2025"},{"who":"88","how":"stated"}],"#,
        r#""said_on":"2025","quote":"q","evidence":["ab"],"url":"https://u","lang":"es","dating_note":"d","note":"n","private":true}"#,
    );
    let Some(Proposed::Claim(named)) = read_line(line).unwrap().proposed() else { panic!("{line}") };
    let seq = |key: &str| Seq(KEYS.iter().position(|known| *known == key).unwrap() as u64 + 6);
    let Typed::Plain(value) = named.value else { panic!("{line}") };
    let chain = named.chain.iter().map(|link| Attribution { who: seq(&link.who), how: link.how, on: link.on.clone() });
    let claim = Claim {
        statement: Statement {
            subject: seq(&named.subject),
            attribute: seq(&named.attribute),
            value: value.try_rename(|key| Ok::<_, ()>(seq(&key))).unwrap(),
            polarity: named.polarity,
            valid: named.valid,
        },
        chain: chain.collect(),
        reference: named.reference,
        id: named.id,
        is_private: named.is_private,
    };
    let mut written = Vec::new();
    write_line(&mut written, &event_json(&Event::ClaimAsserted(claim.clone()), &Known, None).unwrap()).unwrap();
    assert_eq!(String::from_utf8(written).unwrap().trim_end(), line);
    assert!(!claim_json(&claim, &Known).contains_key("type"));
}

#[test]
fn what_no_line_proposes_has_none() {
    let act = Act { target: Seq(1), by: None, said_on: None, reason: "r".into(), id: None };
    for event in [
        Event::ActorRegistered { name: "mika".into(), of: None },
        Event::KeyRevoked { key: Seq(1), reason: "r".into() },
        Event::PayloadErased { target: Seq(1), basis: "b".into(), first: None },
        Event::LedgerRegistered { origin: "example.org/o".into(), ledger: [7; 32] },
        Event::Corrected { act, successor: Seq(2) },
    ] {
        assert_eq!(event_json(&event, &Known, None), None, "{event:?}");
    }
}
