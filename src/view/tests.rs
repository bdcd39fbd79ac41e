//! What goes into a run comes out of it.

use proptest::prelude::*;

use super::lookup::Sought;
use super::run::Builder;
use super::*;
use crate::chain::{Hash, Head};
use crate::claim::{ClaimFact, Edge, EdgeKind, Moment, Polarity, Span, Valid};
use crate::date::{Bound, ClockWindow, Day, Said};
use crate::event::{Act, ActFact, ActKind, Assessment, Event};
use crate::log::{Cursor, Known};
use crate::projection::Row;
use crate::value::{Quantity, Value};

const ABOUT: About = (Seq(3), Seq(4));

fn bound() -> impl Strategy<Value = Bound> {
    let texts = prop_oneof![
        4 => (1_u8..29).prop_map(|day| format!("2024-02-{day:02}")),
        1 => prop_oneof![Just("2024-02"), Just("2024?"), Just("[2024-02-03..2024-02-07]"), Just("[..2024-03-01]"),
            Just("XXXX-10-31"), Just("0001-01-01"), Just("9999-12-31")].prop_map(str::to_owned),
    ];
    texts.prop_map(|text| Bound::parse(&text).unwrap())
}

fn clock() -> impl Strategy<Value = Option<ClockWindow>> {
    prop_oneof![3 => Just(None), 1 => prop_oneof![Just("18:00"), Just("08:00..09:30")]
        .prop_map(|text| Some(ClockWindow::parse(text).unwrap()))]
}

fn edge() -> impl Strategy<Value = Edge> {
    let kind = prop_oneof![Just(EdgeKind::Transition), Just(EdgeKind::Observed)];
    (bound(), kind, clock()).prop_map(|(at, kind, clock)| Edge { at, kind, clock })
}

fn valid() -> impl Strategy<Value = Valid> {
    prop_oneof![
        (bound(), clock()).prop_map(|(at, clock)| Valid::On(Moment { at, clock })),
        (bound(), clock()).prop_map(|(at, clock)| Valid::AsOf(Moment { at, clock })),
        edge().prop_map(|edge| Valid::Period { from: Some(edge), until: None }),
        edge().prop_map(|edge| Valid::Period { from: None, until: Some(edge) }),
        (edge(), edge()).prop_map(|(from, until)| Valid::Period { from: Some(from), until: Some(until) }),
        prop::collection::vec((bound(), bound()).prop_map(|(from, until)| Span { from, until }), 1..4)
            .prop_map(Valid::Listed),
        Just(Valid::Undated),
        Just(Valid::Timeless),
    ]
}

fn value() -> impl Strategy<Value = Value<Seq>> {
    let quantity = prop_oneof![Just("5"), Just(">=5 persons"), Just("~4..6 km"), Just("<=-0.50 %")];
    prop_oneof![
        prop_oneof![Just("on"), Just("off"), Just("ö")].prop_map(|text| Value::Symbol(text.into())),
        "[a-z]{0,300}".prop_map(|text| Value::Text(text.into())),
        Just(Value::Url("https://example.org/a".into())),
        any::<bool>().prop_map(Value::Bool),
        any::<u64>().prop_map(|seq| Value::Entity(Seq(seq))),
        quantity.prop_map(|text| Value::Quantity(Quantity::parse(text).unwrap())),
        bound().prop_map(Value::Date),
        Just(Value::Some),
        Just(Value::None),
    ]
}

fn said() -> impl Strategy<Value = Option<Said>> {
    prop_oneof![
        2 => Just(None),
        2 => bound().prop_map(|bound| Some(bound.into())),
        1 => Just(Some(Said::parse("2024-02-03T19:00-04:00").unwrap())),
    ]
}

fn number() -> impl Strategy<Value = Option<Seq>> {
    prop_oneof![2 => Just(None), 2 => (1_u64..50).prop_map(|seq| Some(Seq(seq))), 1 => Just(Some(Seq(u64::MAX)))]
}

fn claim() -> BoxedStrategy<Row> {
    let copies = prop::collection::vec("[0-9a-f]{64}".prop_map(Box::from), 0..3);
    let day = (2_460_000..2_470_000).prop_map(|day| Day::of_julian(day).unwrap());
    let told = (value().boxed(), valid().boxed(), any::<bool>(), said().boxed(), said().boxed());
    (told, number(), number(), copies, day)
        .prop_map(|(told, origin, actor, evidence, recorded_day)| {
            let (value, valid, denies, said_on, origin_on) = told;
            Row::Claim(ClaimFact {
                seq: Seq(0),
                recorded_day,
                actor: actor.unwrap_or(Seq(1)),
                subject: ABOUT.0,
                attribute: ABOUT.1,
                value: value.into(),
                polarity: if denies { Polarity::Deny } else { Polarity::Affirm },
                valid,
                said_on,
                origin,
                origin_on,
                evidence,
            })
        })
        .boxed()
}

fn other() -> BoxedStrategy<Row> {
    let kind = prop_oneof![
        Just(ActKind::Retracted),
        Just(ActKind::Disputed),
        Just(ActKind::Corrected { successor: Seq(77) }),
        prop_oneof![Just(None), Just(Some(true)), Just(Some(false))].prop_map(ActKind::Assessed),
    ];
    let act = (kind, number(), number(), said(), 1_u64..40).prop_map(|(kind, by, seq_there, said_on, target)| {
        Row::Act(ActFact {
            seq: Seq(0),
            recorded_day: Day::of_julian(2_460_001).unwrap(),
            actor: Seq(2),
            seq_there,
            target: Seq(target),
            by,
            said_on,
            kind,
            rating: None,
            reason: "".into(),
        })
    });
    let digests = prop::collection::vec("[0-9a-f]{64}".prop_map(Box::from), 1..3);
    let copies = digests.prop_map(|digests| Row::Copies { claim: Seq(5), seq: Seq(0), digests });
    prop_oneof![4 => act, 1 => copies, 1 => Just(Row::Erased(Seq(0)))].boxed()
}

fn numbered(mut row: Row, number: u64) -> Row {
    match &mut row {
        Row::Claim(fact) => fact.seq = Seq(number),
        Row::Act(act) => act.seq = Seq(number),
        Row::Copies { seq, .. } | Row::Erased(seq) => *seq = Seq(number),
    }
    row
}

/// A verdict of this word.
fn rated(word: &str) -> Event {
    let act = Act { target: Seq(5), by: None, said_on: None, reason: "looked".into(), id: None };
    Event::Assessed(Assessment { act, rating: word.into(), label: None, credibility: None })
}

fn by_seq(mut rows: Vec<(About, Row)>) -> Vec<(About, Row)> {
    rows.sort_by_key(|(_, row)| row.seq());
    rows
}

fn bytes_of(run: &Run) -> Vec<Vec<u8>> {
    let parts = run.parts().into_iter().map(|part| part.all().unwrap().into_owned());
    [run.places.clone(), vec![u8::try_from(run.count()).unwrap()]].into_iter().chain(parts).collect()
}

#[test]
fn a_run_in_a_file_is_the_run_or_is_damaged() {
    let mut builder = Builder::with_lookups();
    for number in 1..=40 {
        builder.event(Seq(number), number * 9);
        builder.take(ABOUT, &Row::Erased(Seq(number)));
        builder.id(Seq(number), true, "an id");
        builder.share(&run::Shared { seq: Seq(number), at_micros: 5, actor: Seq(1), kind: 2, payload: Some(b"name") });
    }
    (1..=40).for_each(|number| builder.lookup(Seq(number), Sought::ActOn(Seq(number))));
    builder.uses.take(Seq(9), &rated("false"));
    builder.commit(Seq(40), 77, &[Hash([3; 32])]);
    let run = builder.finish(|_| None);
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::in_folder(dir.path());
    let mut edge = crate::tree::Edge::new();
    (0..40).for_each(|_| edge.push(Hash([5; 32])));
    let seal = crate::log::Place { segment: 1, offset: 4711 };
    let cursor = Cursor { head: Head { size: 40, tip: Hash([7; 32]) }, recorded_at: 77, seal };
    let up_to = UpTo { ledger: Hash([9; 32]), known: Known { cursor, edge } };
    cache.keep(&run, &up_to).unwrap();
    let kept = cache.runs(up_to.ledger);
    assert_eq!(kept.up_to(), Some(&up_to));
    assert_eq!(bytes_of(kept.runs().next().unwrap()), bytes_of(&run));
    assert!(cache.runs(Hash([8; 32])).up_to().is_none());
    let path = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&path).unwrap();
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let Some(found) = cache.runs(up_to.ledger).runs().next().cloned() else { continue };
        // Only what is checked when it is read can have been changed: a block, a bucket, roots, uses, or where an event or its
        // id stands.
        let (mut rows, mut beside) = (Vec::new(), Vec::new());
        let is_block = found.rows(ABOUT, &HashSet::default(), &mut rows, &mut beside).is_none();
        let is_bucket = found.lookups.all().is_none();
        let is_summed = [&found.roots, &found.uses, &found.ids].iter().any(|part| part.checked().is_none());
        let is_offset = found.offsets.all() != run.offsets.all();
        assert!(is_block || is_bucket || is_summed || is_offset, "{place}");
    }
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert!(cache.runs(up_to.ledger).up_to().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_come_out_as_they_went_in(rows in prop::collection::vec(prop_oneof![3 => claim(), 1 => other()], 1..30)) {
        let rows: Vec<Row> = rows.into_iter().zip(100..).map(|(row, number)| numbered(row, number)).collect();
        let mut builder = Builder::with_lookups();
        for row in &rows {
            builder.take(ABOUT, row);
        }
        // Another key on either side.
        for about in [(Seq(3), Seq(3)), (Seq(3), Seq(5)), (Seq(4), Seq(0))] {
            builder.take(about, &Row::Erased(Seq(9)));
        }
        let run = builder.finish(|_| None);
        let (mut found, mut beside) = (Vec::new(), Vec::new());
        run.rows(ABOUT, &HashSet::default(), &mut found, &mut beside).unwrap();
        let wanted: Vec<(About, Row)> = rows.iter().cloned().map(|row| (ABOUT, row)).collect();
        prop_assert_eq!(by_seq(found), wanted);
        prop_assert!(beside.iter().all(|about| *about != ABOUT));
        prop_assert_eq!(run.places_of(Seq(3)).count(), 3);
        prop_assert_eq!(run.places_of(Seq(5)).count(), 0);
    }

    #[test]
    fn runs_that_are_made_one_are_the_run_that_would_have_been_made_at_once(
        rows in prop::collection::vec((prop_oneof![3 => claim(), 1 => other()], 0_u64..3), 1..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let rows: Vec<(About, Row)> = rows
            .into_iter()
            .zip(100..)
            .map(|((row, attribute), number)| {
                let about = (ABOUT.0, Seq(4 + attribute));
                let row = match numbered(row, number) {
                    Row::Claim(fact) => Row::Claim(ClaimFact { attribute: about.1, ..fact }),
                    row => row,
                };
                (about, row)
            })
            .collect();
        let run = |rows: &[(About, Row)]| {
            let mut builder = Builder::with_lookups();
            for (about, row) in rows {
                builder.event(row.seq(), row.seq().0 * 7);
                builder.take(*about, row);
                builder.id(row.seq(), false, "id");
                builder.lookup(row.seq(), Sought::ActOn(row.seq()));
                builder.uses.take(row.seq(), &rated(["true", "half", "false"][usize::try_from(row.seq().0 % 3).unwrap()]));
                builder.commit(row.seq(), 5, &[Hash([7; 32])]);
            }
            builder.finish(|seq| (seq == Seq(77)).then_some((Seq(8), Seq(9))))
        };
        let cut = cut.index(rows.len());
        let (one, other, all) = (run(&rows[..cut]), run(&rows[cut..]), run(&rows));
        let merged = if cut == 0 { Builder::merged(&[other]) } else { Builder::merged(&[one, other]) };
        prop_assert_eq!(bytes_of(&merged.unwrap()), bytes_of(&all));
    }

    #[test]
    fn what_was_erased_since_is_in_no_row(rows in prop::collection::vec(prop_oneof![3 => claim(), 1 => other()], 1..10)) {
        let mut builder = Builder::with_lookups();
        rows.into_iter().zip(100..).for_each(|(row, number)| builder.take(ABOUT, &numbered(row, number)));
        let (run, erased) = (builder.finish(|_| None), (100..200).map(Seq).collect::<HashSet<Seq>>());
        let (mut found, mut beside) = (Vec::new(), Vec::new());
        run.rows(ABOUT, &erased, &mut found, &mut beside).unwrap();
        prop_assert!(found.iter().all(|(_, row)| matches!(row, Row::Erased(_))));
    }
}
