//! Strategies of everything that an export writes.

use proptest::collection::{btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::KEYS;
use crate::claim::{Claim, Edge, EdgeKind, Moment, Polarity, Reference, Span, Statement, Valid};
use crate::date::{Bound, ClockWindow, Said};
use crate::event::{
    Act, Assessment, AttributeDefined, Cardinality, Complement, EntitiesJudged, EntityRegistered, Event, EvidenceAdded,
    FourEyes, Noted, ReferenceAdded, SettingChanged, SettingName, SourceRated, SourceRegistered, Verdict,
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
    of(select(&["c088", "gonzález", "ucdp/1", "日本", "a\"b\\c", "88a"][..]).prop_map(Box::from))
}

fn text() -> impl Strategy<Value = Box<str>> {
    let char = any::<char>().prop_filter("no NUL", |c| *c != '\0');
    vec(char, 1..12).prop_map(|chars| chars.into_iter().collect::<String>().into())
}

fn url() -> impl Strategy<Value = Box<str>> {
    text().prop_map(|text| format!("https://{}/x", text.replace(char::is_whitespace, "-")).into())
}

fn bound() -> impl Strategy<Value = Bound> {
    select(&DATES[..]).prop_map(|text| Bound::parse(text).unwrap())
}

/// When something was said: also with a time of day.
fn said() -> impl Strategy<Value = Said> {
    let timed = ["2024-11-23T19:00", "2024-11-23T19:00-04:00", "2024-11-23T00:05Z", "2024-11-23T24:00+05:45"];
    let texts: Vec<&str> = DATES.into_iter().chain(timed).collect();
    select(texts).prop_map(|text| Said::parse(text).unwrap())
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
        url().prop_map(Value::Url),
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
    let link = (seq(), select(How::ALL), of(said())).prop_map(|(who, how, on)| Attribution { who, how, on });
    let digest = select(vec!["ab12", "sha256:12"]).prop_map(Box::from);
    let reference = (of(said()), of(text()), vec(digest, 0..3), of(url()), of(text()), of(text()), of(text()))
        .prop_map(|(said_on, quote, evidence, url, lang, dating_note, note)| Reference {
            said_on,
            quote,
            evidence,
            url,
            lang,
            dating_note,
            note,
        });
    (statement, vec(link, 0..3), reference, id(), any::<bool>())
        .prop_map(|(statement, chain, reference, id, is_private)| Claim { statement, chain, reference, id, is_private })
        .boxed()
}

fn act() -> BoxedStrategy<Act> {
    (seq(), of(seq()), of(said()), text(), id())
        .prop_map(|(target, by, said_on, reason, id)| Act { target, by, said_on, reason, id })
        .boxed()
}

fn attribute() -> BoxedStrategy<AttributeDefined> {
    let bools = Just((ValueType::Bool, Value::Bool(true), Value::Bool(false)));
    let words = Just((ValueType::Symbol, Value::Symbol("open".into()), Value::Symbol("closed".into())));
    let typed = prop_oneof![
        (prop_oneof![bools, words]).prop_map(|(value_type, one, other)| (value_type, Complement::Pair(one, other))),
        (select(&ValueType::ALL[..]), select(vec![Complement::NotDeclared, Complement::None])),
    ];
    (of(text()), typed, select(Cardinality::ALL), any::<bool>(), of(any::<u32>()), of(text()), select(&KEYS[..]), id())
        .prop_map(|(label, (value_type, complement), cardinality, is_fixed, stale_after_days, unit, key, id)| {
            let key = key.into();
            AttributeDefined { key, label, value_type, cardinality, complement, is_fixed, stale_after_days, unit, id }
        })
        .boxed()
}

fn registered() -> BoxedStrategy<Event> {
    let some_key = || select(&KEYS[..]).prop_map(Box::<str>::from);
    let grade = || select(Reliability::ALL);
    let digest = "[0-9a-f]{64}".prop_map(Box::from);
    prop_oneof![
        attribute().prop_map(Event::AttributeDefined),
        (some_key(), of(text()), vec(text(), 0..3), id()).prop_map(|(key, label, aliases, id)| {
            Event::EntityRegistered(EntityRegistered { key, label, aliases, id })
        }),
        (seq(), vec(text(), 1..3), id()).prop_map(|(entity, aliases, id)| Event::EntityAliased { entity, aliases, id }),
        (some_key(), select(SourceKind::ALL), of(text()), of(grade()), id(), any::<bool>()).prop_map(
            |(key, kind, label, reliability, id, is_private)| {
                Event::SourceRegistered(SourceRegistered { key, kind, label, reliability, id, is_private })
            }
        ),
        (digest, of(text()), of(url()), of(url()), of(text()), any::<u64>(), id(), any::<bool>()).prop_map(
            |(digest, media_type, url, archive_url, captured_at, len_bytes, id, is_private)| {
                Event::EvidenceAdded(EvidenceAdded {
                    digest,
                    media_type,
                    url,
                    archive_url,
                    captured_at,
                    len_bytes,
                    id,
                    is_private,
                })
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

fn reference() -> BoxedStrategy<ReferenceAdded> {
    let digest = select(vec!["ab12", "sha256:12"]).prop_map(Box::from);
    (seq(), of(url()), of(text()), vec(digest, 0..3), of(text()), of(text()), id())
        .prop_map(|(claim, url, quote, evidence, lang, note, id)| ReferenceAdded {
            claim,
            url,
            quote,
            evidence,
            lang,
            note,
            id,
        })
        .prop_filter("something", |added| added.url.is_some() || added.quote.is_some() || !added.evidence.is_empty())
        .boxed()
}

fn setting() -> BoxedStrategy<SettingChanged> {
    let four_eyes = select(FourEyes::ALL)
        .prop_map(|value| SettingChanged { name: SettingName::FourEyes, value: value.word().into() });
    let others: Vec<SettingName> =
        SettingName::ALL.iter().copied().filter(|name| *name != SettingName::FourEyes).collect();
    prop_oneof![four_eyes, (select(others), text()).prop_map(|(name, value)| SettingChanged { name, value })].boxed()
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
        1 => act().prop_map(Event::Returned),
        1 => reference().prop_map(Event::ReferenceAdded),
        1 => setting().prop_map(Event::SettingChanged),
        1 => (act(), any::<bool>()).prop_map(|(act, is_silent)| {
            Event::Approved(if is_silent { Act { reason: "".into(), ..act } } else { act })
        }),
        1 => (seq(), 1..6_u64, select(Verdict::ALL), of(text()), id()).prop_map(
            |(one, step, verdict, reason, id)| {
                let entities = [one, Seq(one.0 + step)];
                Event::EntitiesJudged(EntitiesJudged { entities, verdict, reason, id })
            }
        ),
        1 => (of(seq()), text(), id(), any::<bool>())
            .prop_map(|(about, text, id, is_private)| Event::Noted(Noted { about, text, id, is_private })),
    ]
    .boxed()
}
