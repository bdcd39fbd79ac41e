//! What is written of payloads and acts is what is read.

use super::*;
use crate::claim::{Claim, Edge, EdgeKind, Footprint, Moment, Polarity, Reference, Span, Statement, Valid};
use crate::codec::{Brief, encode};
use crate::date::{Bound, ClockWindow, Said};
use crate::event::Assessment;
use crate::source::{Attribution, How};
use crate::value::{Quantity, Value};

const ABOUT: (Seq, Seq) = (Seq(3), Seq(4));
/// 2024-03-04.
const AT_MICROS: i64 = 1_709_550_000_000_000;

fn bound(text: &str) -> Bound {
    Bound::parse(text).unwrap()
}

fn say(text: &str) -> Said {
    Said::parse(text).unwrap()
}

fn edge(text: &str, kind: EdgeKind, clock: Option<&str>) -> Edge {
    Edge { at: bound(text), kind, clock: clock.map(|clock| ClockWindow::parse(clock).unwrap()) }
}

fn claims() -> Vec<Claim> {
    let moment = |text: &str, clock: Option<&str>| Moment {
        at: bound(text),
        clock: clock.map(|clock| ClockWindow::parse(clock).unwrap()),
    };
    let valids = [
        Valid::On(moment("2024-07-28", Some("19:00..24:00-04:00"))),
        Valid::AsOf(moment("[2024-11-23,2024-11-24]", None)),
        Valid::Period { from: Some(edge("0001-01-01", EdgeKind::Observed, None)), until: None },
        Valid::Period { from: None, until: Some(edge("9999-12-31", EdgeKind::Transition, Some("08:00"))) },
        Valid::Period {
            from: Some(edge("2024-03~", EdgeKind::Transition, None)),
            until: Some(edge("XXXX-10-31", EdgeKind::Observed, None)),
        },
        Valid::Listed(vec![
            Span { from: bound("2023"), until: bound("2024-01") },
            Span { from: bound("2024-03-01"), until: bound("2024-03-09") },
        ]),
        Valid::Undated,
        Valid::Timeless,
    ];
    let values = [
        Value::Text("dos  palabras".into()),
        Value::Symbol("Off".into()),
        Value::Bool(true),
        Value::Bool(false),
        Value::Entity(Seq(70_000)),
        Value::Quantity(Quantity::parse(">=5 persons").unwrap()),
        Value::Quantity(Quantity::parse("~51.950").unwrap()),
        Value::Date(bound("2024-XX")),
        Value::Url("https://example.org".into()),
        Value::Some,
        Value::None,
    ];
    let said = [None, Some("2024-03-02"), Some("2024-03?")];
    let one = |number: usize| Claim {
        statement: Statement {
            subject: ABOUT.0,
            attribute: ABOUT.1,
            value: values[number % values.len()].clone(),
            polarity: Polarity::ALL[number % 2],
            valid: valids[number % valids.len()].clone(),
        },
        chain: (0..number % 3)
            .map(|link| Attribution { who: Seq(9), how: How::Stated, on: said[(number + link) % 3].map(say) })
            .collect(),
        reference: Reference {
            said_on: said[number % 3].map(say),
            quote: Some("in the dark".into()),
            evidence: (0..number % 2).map(|_| "ab".repeat(32).into()).collect(),
            ..Reference::default()
        },
        id: (!number.is_multiple_of(4)).then(|| format!("c{number}").into()),
        is_private: false,
    };
    (0..values.len() * valids.len()).map(one).collect()
}

/// The facts of all of them, from 100 on, in one commit.
fn facts_of_claims() -> Vec<u8> {
    let mut draft = FactsDraft::default();
    draft.commit(Seq(1000), AT_MICROS);
    for (claim, seq) in claims().into_iter().zip(100..) {
        let mut brief = Brief::default();
        brief.read(&encode(&Event::ClaimAsserted(claim), None).unwrap()).unwrap();
        draft.claim(Seq(seq), brief.facts());
    }
    draft.done()
}

/// All that is read, but commits.
fn read<'b>(bytes: &'b [u8], commits: &mut Vec<(Seq, i64)>) -> Result<Vec<Fact<'b>>, NotRead> {
    let (mut read, mut all) = (FactsRead::new(bytes, ABOUT), Vec::new());
    while let Some(fact) = read.read()? {
        match fact {
            Fact::Commit(last, at_micros) => commits.push((last, at_micros)),
            fact => all.push(fact),
        }
    }
    Ok(all)
}

#[test]
fn the_facts_of_a_payload_are_those_of_its_claim() {
    let (bytes, mut commits) = (facts_of_claims(), Vec::new());
    let facts = read(&bytes, &mut commits).unwrap();
    assert_eq!(facts.len(), claims().len());
    for ((fact, claim), seq) in facts.iter().zip(claims()).zip(100..) {
        let Fact::Claim(fact, id) = fact else { panic!("{fact:?}") };
        assert_eq!(*fact, ClaimFact::of(Seq(seq), Day::parse("2024-03-04").unwrap(), &claim));
        assert_eq!(*id, claim.id.as_deref().map(str::as_bytes));
    }
    assert_eq!(commits, [(Seq(1000), AT_MICROS)]);
    // Cut short anywhere, it is no facts, or fewer: never other ones.
    for len in 0..bytes.len() {
        let mut before = Vec::new();
        if let Ok(fewer) = read(&bytes[..len], &mut before) {
            assert!(fewer.len() < facts.len(), "{len}");
        }
    }
}

/// All that is seen in passing.
fn skim(bytes: &[u8]) -> Result<Vec<Skimmed>, NotRead> {
    let (mut skim, mut all) = (FactsSkim::new(bytes), Vec::new());
    while let Some(seen) = skim.read()? {
        all.push(seen);
    }
    Ok(all)
}

#[test]
fn what_is_seen_in_passing_is_what_the_claim_has() {
    let bytes = facts_of_claims();
    let seen = skim(&bytes).unwrap();
    assert_eq!(seen.len(), claims().len());
    for ((seen, claim), seq) in seen.iter().zip(claims()).zip(100..) {
        let origin = claim.chain.first().map(|origin| origin.who);
        assert_eq!(*seen, Skimmed::Claim(Seq(seq), Footprint::of(origin, &claim.statement.valid)), "{claim:?}");
    }
    for len in 0..bytes.len() {
        assert!(
            skim(&bytes[..len]).is_ok_and(|fewer| fewer.len() < seen.len()) || skim(&bytes[..len]).is_err(),
            "{len}"
        );
    }
}

#[test]
fn acts_and_commits_come_back_and_what_is_apart_is_said() {
    let act = |by: Option<u64>, said_on: Option<&str>| Act {
        target: Seq(5),
        by: by.map(Seq),
        said_on: said_on.map(say),
        reason: "it is so".into(),
        id: None,
    };
    let rated = |rating: &str| {
        let act = act(Some(8), Some("2024-03"));
        Event::Assessed(Assessment { act, rating: rating.into(), label: None, credibility: None })
    };
    let events = [
        (Event::Retracted(act(None, None)), ActKind::Retracted),
        (Event::Disputed(act(Some(8), Some("2024-03-01"))), ActKind::Disputed),
        (Event::Corrected { act: act(None, None), successor: Seq(7) }, ActKind::Corrected { successor: Seq(7) }),
        (rated("true"), ActKind::Assessed(Some(true))),
        (rated("false"), ActKind::Assessed(Some(false))),
        (rated("misleading"), ActKind::Assessed(None)),
    ];
    let (mut first, mut second) = (FactsDraft::default(), FactsDraft::default());
    for (seq, (event, _)) in (20..).zip(&events) {
        let draft = if seq < 23 { &mut first } else { &mut second };
        draft.commit(Seq(if seq < 25 { 24 } else { 25 }), AT_MICROS);
        draft.event(Seq(seq), event);
    }
    second.event(Seq(26), &Event::Approved(act(None, None)));
    second.erased(Seq(27));
    let (bytes, mut commits) = ([first.done(), second.done()].concat(), Vec::new());
    let facts = read(&bytes, &mut commits).unwrap();
    for ((seq, (event, kind)), fact) in (20..).zip(&events).zip(&facts) {
        let Fact::Act(fact) = fact else { panic!("{fact:?}") };
        let act = match event {
            Event::Retracted(act) | Event::Disputed(act) | Event::Corrected { act, .. } => act,
            Event::Assessed(assessment) => &assessment.act,
            _ => panic!("{event:?}"),
        };
        assert_eq!((fact.seq, fact.target, fact.by), (Seq(seq), act.target, act.by));
        assert_eq!((&fact.said_on, &fact.kind), (&act.said_on, kind));
    }
    assert!(matches!(facts[6..], [Fact::Erased(Seq(27))]), "{facts:?}");
    let seen = |(seq, (event, _)): (u64, &(Event, ActKind))| {
        let successor = if let Event::Corrected { successor, .. } = event { Some(*successor) } else { None };
        Skimmed::Act(ActSeen { seq: Seq(seq), target: Seq(5), successor })
    };
    assert_eq!(skim(&bytes).unwrap(), (20..).zip(&events).map(seen).collect::<Vec<_>>());
    // The first commit was written in two parts.
    assert_eq!(commits, [(Seq(24), AT_MICROS), (Seq(25), AT_MICROS)]);
    let mut apart = FactsDraft::default();
    apart.apart();
    let bytes = [bytes, apart.done()].concat();
    assert_eq!(read(&bytes, &mut commits).unwrap_err(), NotRead::Apart);
    assert_eq!(skim(&bytes).unwrap_err(), NotRead::Apart);
    assert_eq!(skim(&[77, 1]).unwrap_err(), NotRead::Malformed);
    assert_eq!(read(&[77], &mut commits).unwrap_err(), NotRead::Malformed);
    assert_eq!(read(&[CLAIM, 5], &mut commits).unwrap_err(), NotRead::Malformed, "of no commit");
}
