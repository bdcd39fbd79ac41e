//! A reader that keeps what it has read of keys.

use annals::date::Day;
use annals::exchange::read_line;
use annals::ledger::{Ledger, Policy, Reader, Writer, rebuild};
use annals::projection::{Flag, Horizon, RecordedBy};
use annals::seq::Seq;

use super::{AT, ATTRIBUTES, SUBJECTS, ledger, rounds};
use crate::support::Random;

#[test]
fn a_reader_who_keeps_keys_answers_as_a_replay_does() {
    for seed in 0..rounds(12) {
        let dir = tempfile::tempdir().unwrap();
        ledger(dir.path(), &mut Random::of_seed(seed + 500));
        let replayed = Ledger::open(dir.path()).unwrap();
        let mut reader = Reader::open(dir.path()).unwrap();
        assert_eq!(reader.without_index(), None, "seed {seed}");
        let days = [4, 9, 14, 21].map(|day| Day::parse(&format!("2024-03-{day:02}")).unwrap());
        let mut random = Random::of_seed(seed);
        for _ in 0..200 {
            let (subject, attribute) = (random.of(&SUBJECTS), random.of(&ATTRIBUTES));
            let days_later = i64::try_from(random.below(8)).unwrap();
            let recorded = match random.below(4) {
                0 => Some(RecordedBy::Seq(Seq(1 + random.below(60)))),
                1 => Some(RecordedBy::Micros(AT + days_later * 86_400_000_000)),
                _ => None,
            };
            let reported = [None, Day::parse("2024-03-12")][usize::from(random.is_one_in(2))];
            let (day, horizon) = (days[usize::try_from(random.below(4)).unwrap()], Horizon { reported, recorded });
            let catalogue = replayed.facts().catalogue();
            let key = catalogue.entity_of_key(subject).zip(catalogue.attribute_of_key(attribute));
            let known = replayed.facts().at(horizon);
            let expected = key.map(|(subject, attribute)| known.state(&known.key(subject, attribute), day, horizon));
            assert_eq!(
                reader.state(subject, attribute, day, horizon).unwrap(),
                expected,
                "seed {seed}: {subject} {attribute}"
            );
        }
        assert_eq!(reader.state("nobody", "lit", days[0], Horizon::default()).unwrap(), None);
    }
}

#[test]
fn a_source_graded_in_a_commit_of_its_own_is_graded_from_then_on() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/graded"), AT).unwrap();
    let commits = [
        r#"{"type":"claim","subject":"house","attribute":"lit","value":true,"on":"2024-03-04","said_by":"ana"}"#,
        r#"{"type":"source","key":"ana","kind":"person","reliability":"E"}"#,
        r#"{"type":"claim","subject":"barn","attribute":"lit","value":true,"on":"2024-03-04","said_by":"ben"}"#,
    ];
    for (line, at) in commits.iter().zip((AT..).step_by(1_000_000)) {
        let mut writer = Writer::open(dir.path(), "desk", at).unwrap();
        writer.record(vec![read_line(line).unwrap().proposed], Policy::default(), at).unwrap();
    }
    rebuild(dir.path(), 1, |_| {}).unwrap();
    let mut reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.without_index(), None);
    let day = Day::parse("2024-03-04").unwrap();
    for (seconds, is_weak) in [(0, false), (1, true), (2, true)] {
        let recorded = Some(RecordedBy::Micros(AT + seconds * 1_000_000));
        let state = reader.state("house", "lit", day, Horizon { reported: None, recorded }).unwrap().unwrap();
        assert_eq!(state.flags.contains(&Flag::WeakSourcesOnly), is_weak, "{seconds}");
    }
}
