//! Strategies of everything that an export writes.

use proptest::collection::{btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::KEYS;
use crate::claim::{Claim, Edge, EdgeKind, Moment, Polarity, Reference, Span, Statement, Valid};
use crate::date::{Bound, ClockWindow};
use crate::event::{
    Act, Assessment, AttributeDefined, Cardinality, EntitiesJudged, EntityRegistered, Event, EvidenceAdded,
    SourceRated, SourceRegistered, Verdict,
};
use crate::seq::Seq;
use crate::source::{Attribution, How, LinkKind, Reliability, SourceKind};
use crate::value::{Quantity, Value, ValueType};

const DATES: [&str; 8] = [
    "2024",
    "2024-03~",
    "2024-07-28",
    "2024-XX",
    "[2024-11-23,2024-11-24]",
    "[..2024-02-18]",
    "2024?-10-31",
    "XXXX-10-31",
];

fn seq() -> impl Strategy<Value = Seq> {
    (1..200_u64).prop_map(Seq)
}

fn id() -> impl Strategy<Value = Option<Box<str>>> {
    of(select(&KEYS[..]).prop_map(Box::from))
}

fn text() -> impl Strategy<Value = Box<str>> {
    let char = any::<char>().prop_filter("no NUL", |c| *c != '\0');
    vec(char, 1..12).prop_map(|chars| chars.into_iter().collect::<String>().into())
}

fn bound() -> impl Strategy<Value = Bound> {
    select(&DATES[..]).prop_map(|text| Bound::parse(text).unwrap())
}

fn clock() -> impl Strategy<Value = Option<ClockWindow>> {
    of(select(vec!["19:00", "19:00..24:00-04:00"]).prop_map(|text| ClockWindow::parse(text).unwrap()))
}

fn quantity() -> BoxedStrategy<Quantity> {
    let decimal = || (-10_000_i64..10_000, 0..4_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale));
    (of(decimal()), of(decimal()), of(text()), any::<bool>())
        .prop_map(|(lower, upper, unit, approx)| Quantity::new(lower, upper, unit, approx))
        .prop_filter_map("bounds in order", Result::ok)
        .boxed()
}

fn value() -> BoxedStrategy<Value<Seq>> {
    prop_oneof![
        text().prop_map(Value::Text),
        text().prop_map(Value::Symbol),
        any::<bool>().prop_map(Value::Bool),
        seq().prop_map(Value::Entity),
        quantity().prop_map(Value::Quantity),
        bound().prop_map(Value::Date),
        text().prop_map(Value::Url),
        Just(Value::Some),
        Just(Value::None),
    ]
    .boxed()
}

fn edge(dates: &'static [&'static str]) -> BoxedStrategy<Option<Edge>> {
    let date = select(dates).prop_map(|text| Bound::parse(text).unwrap());
    of((date, select(EdgeKind::ALL)).prop_map(|(at, kind)| Edge { at, kind, clock: None })).boxed()
}

fn valid() -> BoxedStrategy<Valid> {
    let moment = || (bound(), clock()).prop_map(|(at, clock)| Moment { at, clock });
    let period = (edge(&DATES), edge(&["2024-12-31", "2025~", "[2025..]", "XXXX-01"]), clock());
    let period = period.prop_filter_map("an edge", |(mut from, mut until, clock)| {
        from.as_mut().or(until.as_mut())?.clock = clock;
        Some(Valid::Period { from, until })
    });
    let listed = btree_set(1900..2000_u16, 1..4).prop_map(|years| {
        let date = |year, month| Bound::parse(&format!("{year}-{month:02}")).unwrap();
        Valid::Listed(years.into_iter().map(|year| Span { from: date(year, 3), until: date(year, 7) }).collect())
    });
    prop_oneof![
        moment().prop_map(Valid::On),
        moment().prop_map(Valid::AsOf),
        period,
        listed,
        Just(Valid::Undated),
        Just(Valid::Timeless),
    ]
    .boxed()
}

/// Any claim.
pub(super) fn claim() -> BoxedStrategy<Claim> {
    let statement = (seq(), seq(), value(), select(Polarity::ALL), valid()).prop_map(
        |(subject, attribute, value, polarity, valid)| Statement { subject, attribute, value, polarity, valid },
    );
    let link = (seq(), select(How::ALL), of(bound())).prop_map(|(who, how, on)| Attribution { who, how, on });
    let digest = select(vec!["ab12", "sha256:12"]).prop_map(Box::from);
    let reference = (of(bound()), of(text()), vec(digest, 0..3), of(text()), of(text()), of(text()), of(text()))
        .prop_map(|(said_on, quote, evidence, url, lang, dating_note, note)| Reference {
            said_on,
            quote,
            evidence,
            url,
            lang,
            dating_note,
            note,
        });
    (statement, vec(link, 0..3), reference, id())
        .prop_map(|(statement, chain, reference, id)| Claim { statement, chain, reference, id })
        .boxed()
}

fn act() -> BoxedStrategy<Act> {
    (seq(), of(seq()), of(bound()), text(), id())
        .prop_map(|(target, by, said_on, reason, id)| Act { target, by, said_on, reason, id })
        .boxed()
}

fn attribute() -> BoxedStrategy<AttributeDefined> {
    let bools = Just((ValueType::Bool, Value::Bool(true), Value::Bool(false)));
    let words = Just((ValueType::Symbol, Value::Symbol("open".into()), Value::Symbol("closed".into())));
    let typed = prop_oneof![
        (prop_oneof![bools, words]).prop_map(|(value_type, first, second)| (value_type, Some((first, second)))),
        select(&ValueType::ALL[..]).prop_map(|value_type| (value_type, None)),
    ];
    (text(), of(text()), typed, select(Cardinality::ALL), of(any::<u32>()), of(text()), select(&KEYS[..]))
        .prop_map(|(_, label, (value_type, complement), cardinality, stale_after_days, unit, key)| AttributeDefined {
            key: key.into(),
            label,
            value_type,
            cardinality,
            complement,
            stale_after_days,
            unit,
        })
        .boxed()
}

fn registered() -> BoxedStrategy<Event> {
    let some_key = || select(&KEYS[..]).prop_map(Box::<str>::from);
    let grade = || select(Reliability::ALL);
    let digest = "[0-9a-f]{64}".prop_map(Box::from);
    prop_oneof![
        attribute().prop_map(Event::AttributeDefined),
        (some_key(), of(text()), vec(text(), 0..3))
            .prop_map(|(key, label, aliases)| Event::EntityRegistered(EntityRegistered { key, label, aliases })),
        (seq(), vec(text(), 1..3)).prop_map(|(entity, aliases)| Event::EntityAliased { entity, aliases }),
        (some_key(), select(SourceKind::ALL), of(text()), of(grade())).prop_map(|(key, kind, label, reliability)| {
            Event::SourceRegistered(SourceRegistered { key, kind, label, reliability })
        }),
        (digest, of(text()), of(text()), of(text()), of(text()), any::<u64>()).prop_map(
            |(digest, media_type, url, archive_url, captured_at, len_bytes)| {
                Event::EvidenceAdded(EvidenceAdded { digest, media_type, url, archive_url, captured_at, len_bytes })
            }
        ),
        (seq(), grade(), of(bound()), of(text()), id()).prop_map(|(source, reliability, on, reason, id)| {
            Event::SourceRated(SourceRated { source, reliability, on, reason, id })
        }),
        (seq(), 1..6_u64, select(LinkKind::ALL), id()).prop_map(|(source, step, how, id)| Event::SourceLinked {
            source,
            to: Seq(source.0 + step),
            how,
            id
        }),
    ]
    .boxed()
}

/// Any event that a line proposes.
pub(crate) fn event() -> BoxedStrategy<Event> {
    let rating = select(vec!["true", "false", "mostly false", "ungenügend"]).prop_map(Box::from);
    prop_oneof![
        3 => registered(),
        3 => claim().prop_map(Event::ClaimAsserted),
        1 => act().prop_map(Event::Disputed),
        1 => (act(), seq()).prop_map(|(act, successor)| Event::Corrected { act, successor }),
        1 => act().prop_map(Event::Retracted),
        1 => (act(), rating, of(text()), of(1..=6_u8)).prop_map(|(act, rating, label, credibility)| {
            Event::Assessed(Assessment { act, rating, label, credibility })
        }),
        1 => (act(), any::<bool>()).prop_map(|(act, is_silent)| {
            Event::Approved(if is_silent { Act { reason: "".into(), ..act } } else { act })
        }),
        1 => (seq(), 2..6_u64, select(Verdict::ALL), of(text()), id()).prop_map(
            |(first, count, verdict, reason, id)| {
                let entities = (first.0..first.0 + count).map(Seq).collect();
                Event::EntitiesJudged(EntitiesJudged { entities, verdict, reason, id })
            }
        ),
        1 => (of(seq()), text(), id()).prop_map(|(about, text, id)| Event::Noted { about, text, id }),
    ]
    .boxed()
}
