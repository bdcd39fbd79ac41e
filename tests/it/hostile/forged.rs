//! Ledgers that no annals wrote: the hashes hold, and the events refer to whatever they like, also to themselves,
//! to each other in a circle, and to what is not there.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;

use annals::claim::{Claim, Edge, Moment, Polarity, Reference, Span, Statement, Valid};
use annals::codec;
use annals::date::{Bound, Day};
use annals::event::{
    Act, Assessment, AttributeDefined, Cardinality, Complement, EntitiesJudged, EntityRegistered, Event, Genesis,
    Noted, SourceRegistered, Verdict,
};
use annals::exchange::event_json;
use annals::ledger::{ImportOptions, Ledger, Writer};
use annals::log::{Committed, Entry, Log};
use annals::projection::{Horizon, RecordedBy, learned};
use annals::seq::Seq;
use annals::source::{Attribution, How, LinkKind, SourceKind};
use annals::value::{Quantity, Value, ValueType};

use super::within;
use crate::support::Random;

/// 2024-11-24T18:30:00Z.
const NOW: i64 = 1_732_473_000_000_000;
const DATES: [&str; 10] = [
    "0001-01-01",
    "9999-12-31",
    "2024",
    "2024-11~",
    "[..2024-11-24]",
    "[2024-11-24..]",
    "2024-11-24",
    "XXXX-11-24",
    "[2024-01-01,2024-12-31]",
    "2024-11-24?",
];

fn genesis() -> Event {
    Event::Genesis(Genesis { origin: "example.org/forged".into(), algorithms: Vec::new(), format: 1 })
}

fn act(target: Seq, by: Option<Seq>) -> Act {
    Act { target, by, said_on: None, reason: "x".into(), id: None }
}

fn claim_of(statement: Statement, chain: Vec<Attribution<Seq>>) -> Event {
    Event::ClaimAsserted(Claim { statement, chain, reference: Reference::default(), id: None, is_private: false })
}

struct Forger<'r>(&'r mut Random);

impl Forger<'_> {
    fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.0.below(all.len() as u64)).unwrap()].clone()
    }

    /// A number of an event, usually of one that is there.
    fn seq(&mut self) -> Seq {
        let odd = self.one(&[0, 1, u64::MAX, u64::MAX - 1]);
        Seq(if self.0.below(20) == 0 { odd } else { self.0.below(24) })
    }

    fn bound(&mut self) -> Bound {
        Bound::parse(self.one(&DATES)).unwrap()
    }

    fn value(&mut self) -> Value<Seq> {
        match self.0.below(8) {
            0 => Value::Entity(self.seq()),
            1 => Value::Bool(self.0.below(2) == 0),
            2 => Value::Quantity(
                Quantity::parse(self.one(&["5", "~5", ">=5", "4..6", "~79228162514264337593543950335"])).unwrap(),
            ),
            3 => Value::Date(self.bound()),
            4 => Value::Some,
            5 => Value::None,
            _ => Value::Text(self.one(&["on", "off", "ON"]).into()),
        }
    }

    fn valid(&mut self) -> Valid {
        let (a, b) = (self.bound(), self.bound());
        let is_forward = a.window().zip(b.window()).is_some_and(|(a, b)| a.earliest <= b.latest);
        match self.0.below(7) {
            0 => Valid::On(Moment { at: a, clock: None }),
            1 => Valid::Period { from: Some(Edge::transition(a)), until: None },
            2 => Valid::Period { from: None, until: Some(Edge::transition(a)) },
            3 if is_forward => Valid::Period { from: Some(Edge::transition(a)), until: Some(Edge::transition(b)) },
            4 if is_forward => Valid::Listed(vec![Span { from: a, until: b }]),
            5 => Valid::Timeless,
            6 => Valid::Undated,
            _ => Valid::AsOf(Moment { at: a, clock: None }),
        }
    }

    fn claim(&mut self) -> Event {
        let (subject, attribute) = (Seq(1 + self.0.below(3)), Seq(4 + self.0.below(3)));
        let polarity = self.one(&[Polarity::Affirm, Polarity::Affirm, Polarity::Deny]);
        let statement = Statement { subject, attribute, value: self.value(), polarity, valid: self.valid() };
        let chain = (0..self.0.below(3)).map(|_| Attribution { who: self.seq(), how: How::Stated, on: None }).collect();
        claim_of(statement, chain)
    }

    fn event(&mut self) -> Event {
        let by = self.one(&[None, Some(Seq(2)), Some(Seq(90))]);
        match self.0.below(16) {
            0 => Event::Corrected { act: act(self.seq(), by), successor: self.seq() },
            1 => Event::Corrected { act: act(self.seq(), None), successor: self.seq() },
            2 => Event::Retracted(act(self.seq(), by)),
            3 => Event::Disputed(act(self.seq(), by)),
            4 => {
                let rating = self.one(&["true", "false", "half-true"]).into();
                Event::Assessed(Assessment { act: act(self.seq(), by), rating, label: None, credibility: None })
            }
            5 => {
                let entities = [self.seq(), self.seq()];
                let verdict = self.one(&[Verdict::Same, Verdict::Same, Verdict::Different, Verdict::Unsure]);
                Event::EntitiesJudged(EntitiesJudged { entities, verdict, reason: None, id: None })
            }
            6 => Event::SourceLinked { source: self.seq(), to: self.seq(), how: LinkKind::SameAs, id: None },
            7 => {
                let kind = SourceKind::Person;
                let key = self.one(&["daily", "aide"]).into();
                Event::SourceRegistered(SourceRegistered {
                    key,
                    kind,
                    label: None,
                    reliability: None,
                    id: None,
                    is_private: false,
                })
            }
            8 => Event::EntityRegistered(EntityRegistered {
                key: self.one(&["embassy", "house"]).into(),
                label: None,
                aliases: Vec::new(),
                id: None,
            }),
            9 => {
                let complement = match self.0.below(3) {
                    0 => Complement::NotDeclared,
                    1 => Complement::Pair(self.value(), self.value()),
                    _ => Complement::None,
                };
                Event::AttributeDefined(AttributeDefined {
                    key: self.one(&["power", "siege"]).into(),
                    label: None,
                    value_type: self.one(&ValueType::ALL),
                    cardinality: self.one(&[Cardinality::Single, Cardinality::Multi]),
                    complement,
                    is_fixed: self.0.below(4) == 0,
                    stale_after_days: self.one(&[None, Some(0), Some(30), Some(u32::MAX)]),
                    unit: None,
                    id: None,
                })
            }
            10 => Event::EntityAliased { entity: self.seq(), aliases: vec!["alias".into()], id: None },
            11 => Event::Noted(Noted { about: Some(self.seq()), text: "note".into(), id: None, is_private: false }),
            _ => self.claim(),
        }
    }
}

/// A ledger of these events in one commit, each about the subject and attribute it names.
fn forge(dir: &Path, events: &[Event]) {
    let entry = |event: &Event| {
        let (subject, attribute) = match event {
            Event::ClaimAsserted(claim) => (claim.statement.subject.0, claim.statement.attribute.0),
            _ => (0, 0),
        };
        let body = Committed::new([7; 16], codec::encode(event, None).unwrap());
        Entry { kind: event.kind().number(), actor: 2, subject, attribute, body }
    };
    let entries: Vec<Entry> = events.iter().map(entry).collect();
    Log::create(dir, &entries, NOW).unwrap();
}

/// Every question, at several days and horizons.
fn ask_everything(ledger: &Ledger) {
    let day = |text| Day::parse(text).unwrap();
    let days = ["0001-01-01", "2023-12-31", "2024-11-24", "2024-11-25", "9999-12-31"].map(day);
    let all = Horizon::default();
    let horizons = [
        all,
        Horizon { reported: Some(annals::date::Instant::end_of(day("2024-11-24"))), recorded: None },
        Horizon { reported: None, recorded: Some(RecordedBy::Seq(Seq(5))) },
    ];
    for horizon in horizons {
        let at = ledger.at(horizon);
        for about in ledger.keys_at(&at, None) {
            let facts = ledger.facts(&[about]).unwrap();
            let known = at.of(&facts);
            let key = &known.key(about.0, about.1);
            for day in days {
                black_box(known.state(key, day, horizon));
                black_box(known.working(key, day));
            }
            black_box(known.timeline(key));
            black_box(known.first(key.subject, key.attribute, None));
            black_box(known.first(key.subject, key.attribute, Some(&Value::Some)));
            for seq in (0..30).chain([u64::MAX]).map(Seq) {
                black_box(known.saying(seq));
                black_box(known.canonical(seq));
            }
            black_box(known.timeline_between(key, days[0], days[4]));
            let state = known.state(key, days[4], horizon);
            black_box(known.is_stale(&state, days[4], Some(i64::MAX)));
            black_box(learned((&known, horizon), (&ledger.at(all).of(&facts), all), about, days[2]));
        }
        for seq in (0..30).chain([u64::MAX]).map(Seq) {
            let _ = black_box(ledger.event(seq));
        }
    }
}

/// Opens, asks, exports, verifies, and writes on: an error is an answer too.
fn use_ledger(dir: &Path) {
    let Ok(ledger) = Ledger::open(dir) else { return };
    ask_everything(&ledger);
    let names = ledger.names();
    let tell = |stored: annals::ledger::Stored| {
        if let Some(event) = &stored.recorded.event {
            drop(event_json(event, &names, None));
        }
        ControlFlow::Continue(())
    };
    ledger.events(tell).unwrap();
    annals::ledger::verify(dir, &annals::ledger::VerifyOptions::default(), &|_, _| ()).unwrap();
    let mut lines = String::new();
    for seq in 0..26 {
        for line in [
            r##"{"type":"retraction","retracts":"#N","reason":"r"}"##,
            r##"{"type":"correction","corrects":"#N","reason":"r","claim":{"subject":"embassy","attribute":"power","value":"on","on":"2024"}}"##,
            r#"{"type":"judgement","entities":["embassy","house"],"verdict":"same","reason":"N"}"#,
            r#"{"type":"judgement","entities":["embassy","house"],"verdict":"different","reason":"N"}"#,
            r#"{"type":"claim","subject":"embassy","attribute":"power","value":"N","on":"2024-11-24","said_by":"daily"}"#,
        ] {
            lines.push_str(&line.replace('N', &seq.to_string()));
            lines.push('\n');
        }
    }
    let Ok(writer) = Writer::open(dir, "ana", NOW) else { return };
    let options = ImportOptions { keeps_good: true, ..ImportOptions::default() };
    writer.import(lines.as_bytes(), options, NOW, |_| ()).unwrap();
    ask_everything(&Ledger::open(dir).unwrap());
}

#[test]
fn references_of_any_kind_are_answered() {
    let (mut random, seed) = Random::new();
    println!("ANNALS_SEED={seed}");
    for _ in 0..crate::support::number_of("ANNALS_FORGED", 60) {
        let mut forger = Forger(&mut random);
        let events: Vec<Event> = std::iter::once(genesis()).chain((0..22).map(|_| forger.event())).collect();
        let told = format!("a ledger of {events:?}");
        within(60, &told, move || {
            let dir = tempfile::tempdir().unwrap();
            forge(dir.path(), &events);
            use_ledger(dir.path());
        });
    }
}

/// A claim of entity 2 and attribute 3.
fn power(value: &str) -> Event {
    let on = Valid::On(Moment { at: Bound::parse("2024-11-24").unwrap(), clock: None });
    let value = Value::Text(value.into());
    let statement = Statement { subject: Seq(2), attribute: Seq(3), value, polarity: Polarity::Affirm, valid: on };
    claim_of(statement, Vec::new())
}

#[test]
fn corrections_in_a_circle_end() {
    let corrected = |target, successor| Event::Corrected { act: act(Seq(target), None), successor: Seq(successor) };
    for circle in [
        vec![power("a"), corrected(2, 2)],
        vec![power("a"), power("b"), corrected(2, 3), corrected(3, 2)],
        vec![power("a"), power("b"), power("c"), corrected(2, 3), corrected(3, 4), corrected(4, 2)],
        vec![corrected(2, 2)],
        vec![corrected(3, 2), power("a"), Event::Retracted(act(Seq(2), None))],
    ] {
        let told = format!("a circle of {circle:?}");
        let events: Vec<Event> = std::iter::once(genesis()).chain(circle).collect();
        within(20, &told, move || {
            let dir = tempfile::tempdir().unwrap();
            forge(dir.path(), &events);
            use_ledger(dir.path());
        });
    }
}
