//! What the parts take that a claim passes on its way in and out, each alone: the line is read, the payload encoded and
//! decoded, the hashes made, the leaf appended to the tree, the state of a key folded.
//!
//! `cargo bench --bench parts`; words behind `--` choose the parts whose names have them, `--help` lists the rest.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "a bench may fail"
)]

mod generator;

use std::collections::HashMap;
use std::hint::black_box;

use annals::chain::{Hash, commitment, link};
use annals::claim::{Claim, NamedClaim, Statement};
use annals::codec::{decode, encode};
use annals::date::Day;
use annals::event::{
    AttributeDefined, Cardinality, Complement, EntityRegistered, Event, EventKind, Proposed, Recorded, SourceRegistered,
};
use annals::exchange::read_line;
use annals::frame::{ENVELOPE_VERSION, Envelope};
use annals::projection::{Facts, Horizon, Row, Status, World};
use annals::seq::Seq;
use annals::source::{Attribution, SourceKind};
use annals::tree::{Edge, leaf};
use annals::value::ValueType;
use criterion::Criterion;
use mimalloc::MiMalloc;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// So few that the generator makes one key of them, and enough for its claims.
const LINE_COUNT: u64 = 39;
const CLAIM_COUNT: usize = 20;
const SALT: [u8; 16] = [7; 16];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let lines = claim_lines();
    let events = Events::of(&lines);
    let payloads: Vec<Vec<u8>> = events.claims.iter().map(|(_, claim)| encode(claim, None).unwrap()).collect();
    wire(&mut criterion, &lines, &events, &payloads);
    hashes(&mut criterion, &payloads);
    answers(&mut criterion, &events);
    criterion.final_summary();
}

/// Lines that claim something of the one key.
fn claim_lines() -> Vec<String> {
    let mut generator = generator::Generator::new(LINE_COUNT);
    let lines = (1..=LINE_COUNT).map(|number| generator.line(number).to_owned());
    let claims: Vec<String> = lines.filter(|line| line.contains(r#""type":"claim""#)).take(CLAIM_COUNT).collect();
    assert_eq!(claims.len(), CLAIM_COUNT);
    claims
}

/// The events that an import of the lines would record, in its order.
#[derive(Default)]
struct Events {
    names: Vec<(Seq, Event)>,
    claims: Vec<(Seq, Event)>,
    /// What was named before, by its key.
    known: HashMap<Box<str>, Seq>,
    last: u64,
}

impl Events {
    fn of(lines: &[String]) -> Events {
        let mut events = Events::default();
        for line in lines {
            let Some(Proposed::Claim(named)) = read_line(line).unwrap().proposed() else { panic!("{line}") };
            let claim = events.resolve(named);
            let seq = events.next();
            events.claims.push((seq, Event::ClaimAsserted(claim)));
        }
        events
    }

    fn next(&mut self) -> Seq {
        self.last += 1;
        Seq(self.last)
    }

    fn named(&mut self, key: &str, register: impl FnOnce(Box<str>) -> Event) -> Seq {
        if let Some(seq) = self.known.get(key) {
            return *seq;
        }
        let seq = self.next();
        self.known.insert(key.into(), seq);
        self.names.push((seq, register(key.into())));
        seq
    }

    fn resolve(&mut self, named: NamedClaim) -> Claim {
        let subject = self.named(&named.subject, |key| {
            Event::EntityRegistered(EntityRegistered { key, label: None, aliases: Vec::new(), id: None })
        });
        let attribute = self.named(&named.attribute, attribute);
        let value = named.value.resolve(Some(ValueType::Symbol), None).unwrap();
        let value = value.try_rename(Err).expect("a symbol names nobody");
        let chain = named.chain.into_iter();
        let chain = chain.map(|said| Attribution { who: self.named(&said.who, source), how: said.how, on: said.on });
        let chain = chain.collect();
        let statement = Statement { subject, attribute, value, polarity: named.polarity, valid: named.valid };
        Claim { statement, chain, reference: named.reference, id: named.id, is_private: false }
    }

    fn facts(&self) -> Facts {
        Facts::of(self.claims.iter().filter_map(|(seq, event)| Some((self.key(), Row::of(&recorded(*seq, event))?))))
    }

    fn world(&self) -> World {
        let mut world = World::default();
        for (seq, event) in &self.names {
            world.apply(&recorded(*seq, event));
        }
        world.close_commit(Seq(self.last), 1);
        world
    }

    fn key(&self) -> (Seq, Seq) {
        let Some((_, Event::ClaimAsserted(claim))) = self.claims.first() else { panic!("no claim") };
        (claim.statement.subject, claim.statement.attribute)
    }
}

fn attribute(key: Box<str>) -> Event {
    Event::AttributeDefined(AttributeDefined {
        key,
        label: None,
        value_type: ValueType::Symbol,
        cardinality: Cardinality::Single,
        complement: Complement::NotDeclared,
        is_fixed: false,
        stale_after_days: None,
        unit: None,
        id: None,
    })
}

fn source(key: Box<str>) -> Event {
    let kind = SourceKind::Organisation;
    let (label, reliability, id) = (None, None, None);
    Event::SourceRegistered(SourceRegistered { key, kind, label, reliability, id, is_private: false })
}

fn recorded(seq: Seq, event: &Event) -> Recorded {
    Recorded { seq, at_micros: 1, actor: Seq(1), event: Some(event.clone()), first: None }
}

/// The claims take turns, so that a figure is that of none in particular.
fn wire(criterion: &mut Criterion, lines: &[String], events: &Events, payloads: &[Vec<u8>]) {
    criterion.bench_function("read a line of JSON", |bencher| {
        let mut lines = lines.iter().cycle();
        bencher.iter(|| read_line(lines.next().unwrap()));
    });
    criterion.bench_function("encode a claim", |bencher| {
        let mut claims = events.claims.iter().cycle();
        bencher.iter(|| encode(&claims.next().unwrap().1, None));
    });
    criterion.bench_function("decode a claim", |bencher| {
        let mut payloads = payloads.iter().cycle();
        bencher.iter(|| decode(EventKind::ClaimAsserted, payloads.next().unwrap()));
    });
}

fn hashes(criterion: &mut Criterion, payloads: &[Vec<u8>]) {
    let payload = payloads.first().unwrap();
    let envelope = Envelope {
        version: ENVELOPE_VERSION,
        flags: 0,
        kind: EventKind::ClaimAsserted.number(),
        payload_len: payload.len() as u32,
        seq: 2,
        recorded_at: 1,
        actor: 1,
        subject: 2,
        attribute: 3,
        prev: Hash::ZERO,
        commitment: commitment(&SALT, payload),
    };
    let envelope = envelope.to_bytes();
    criterion.bench_function("commitment, link and leaf of an event", |bencher| {
        bencher.iter(|| {
            let (payload, envelope) = (black_box(payload), black_box(&envelope));
            (commitment(&SALT, payload), link(envelope), leaf(envelope))
        });
    });
    criterion.bench_function("append a leaf to the tree", |bencher| {
        let (mut edge, leaf) = (Edge::new(), leaf(&envelope));
        bencher.iter(|| edge.push(black_box(leaf)));
    });
}

fn answers(criterion: &mut Criterion, events: &Events) {
    let (subject, attribute) = events.key();
    let (facts, world, horizon) = (events.facts(), events.world(), Horizon::default());
    let known = world.at(horizon).of(&facts);
    let (key, day) = (known.key(subject, attribute), Day::parse("2000-01-01").unwrap());
    assert_eq!((key.dropped.len(), facts.claims().len()), (0, CLAIM_COUNT));
    assert_eq!(known.state(&key, day, horizon).status, Status::Presumed);
    criterion.bench_function("choose the claims of a key of 20", |bencher| {
        bencher.iter(|| known.key(black_box(subject), attribute));
    });
    criterion.bench_function("state of a key of 20 claims on a day", |bencher| {
        bencher.iter(|| known.state(&key, black_box(day), horizon));
    });
}
