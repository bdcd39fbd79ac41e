//! A reader that keeps what it has read of keys.

use annals::date::Day;
use annals::ledger::{Ledger, Reader};
use annals::projection::{Horizon, RecordedBy};
use annals::seq::Seq;

use super::{ATTRIBUTES, SUBJECTS, ledger, rounds};
use crate::support::Random;

#[test]
fn a_reader_who_keeps_keys_answers_as_a_replay_does() {
    for seed in 0..rounds(6) {
        let dir = tempfile::tempdir().unwrap();
        ledger(dir.path(), &mut Random::of_seed(seed + 500));
        let replayed = Ledger::open(dir.path()).unwrap();
        let mut reader = Reader::open(dir.path()).unwrap();
        assert_eq!(reader.without_index(), None, "seed {seed}");
        let days = [4, 9, 14, 21].map(|day| Day::parse(&format!("2024-03-{day:02}")).unwrap());
        let mut random = Random::of_seed(seed);
        for _ in 0..200 {
            let (subject, attribute) = (random.of(&SUBJECTS), random.of(&ATTRIBUTES));
            let recorded = [None, Some(RecordedBy::Seq(Seq(1 + random.below(60))))][usize::from(random.is_one_in(2))];
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
