//! A key counts from the commit behind the one that authorised it to the one that revoked it.

use super::*;
use crate::chain::Hash;
use crate::event::{Event, EventKind, Genesis};
use crate::frame::{Seal, Signature};
use crate::note::{Checkpoint, PrivateKey};
use crate::seq::Seq;

const ORIGIN: &str = "example.org/siege";

fn private(name: &str) -> PrivateKey {
    let mut seed = [0; 32];
    seed[..name.len()].copy_from_slice(name.as_bytes());
    PrivateKey::of_seed(name, &seed).unwrap()
}

fn authorised(name: &str, roles: &[Role]) -> Event {
    Event::KeyAuthorised {
        name: name.into(),
        algorithm: 1,
        public_key: private(name).public().bytes().into(),
        roles: roles.iter().map(|role| role.word().into()).collect(),
    }
}

/// A ledger that `chief` began: keys in event 2; `ana` in event 4, revoked in event 8.
fn ring() -> Ring {
    let mut ring = Ring::default();
    let genesis = Event::Genesis(Genesis { origin: ORIGIN.into(), algorithms: Vec::new(), format: 1 });
    let commits = [
        vec![(1, genesis), (2, authorised("chief", Role::ALL))],
        vec![(4, authorised("ana", &[Role::Append]))],
        vec![(8, Event::KeyRevoked { key: Seq(4), reason: "lost".into() })],
    ];
    for (commit, size) in commits.iter().zip([2, 5, 9]) {
        for (seq, event) in commit {
            ring.note(Seq(*seq), event.kind(), Some(event));
        }
        ring.close(size);
    }
    ring
}

fn seal(size: u64, signers: &[(&str, u64)]) -> Seal {
    let root = Hash([9; 32]);
    let text = Checkpoint { origin: ORIGIN.into(), size, root }.to_string();
    let sign = |(name, key): &(&str, u64)| Signature {
        key: *key,
        algorithm: 1,
        bytes: private(name).sign(text.as_bytes()).to_vec(),
    };
    Seal::new(size, Hash::ZERO, root, signers.iter().map(sign).collect()).unwrap()
}

/// What is wrong with a seal over notes.
fn wrong(ring: &Ring, seal: &Seal) -> Vec<Wrong> {
    wrong_over(ring, seal, &[EventKind::Noted])
}

fn wrong_over(ring: &Ring, seal: &Seal, kinds: &[EventKind]) -> Vec<Wrong> {
    let (checks, mut wrong) = check(ring, seal, kinds.iter().copied().collect());
    wrong.extend(checks.iter().filter(|check| !check.holds()).map(Check::wrong));
    wrong
}

#[test]
fn a_key_counts_behind_the_commit_that_authorised_it_up_to_the_one_that_revoked_it() {
    let ring = ring();
    for (size, is_valid) in
        [(3, false), (4, false), (5, false), (6, true), (7, true), (9, true), (10, false), (99, false)]
    {
        let expected = if is_valid { vec![] } else { vec![Wrong::NotValid(Seq(4), "ana".into())] };
        assert_eq!(wrong(&ring, &seal(size, &[("ana", 4)])), expected, "{size}");
        assert_eq!(wrong(&ring, &seal(size, &[("chief", 2)])), [], "{size}");
    }
}

#[test]
fn the_first_commit_that_names_keys_is_sealed_by_one_of_them() {
    let ring = ring();
    let kinds = [EventKind::Genesis, EventKind::KeyAuthorised];
    assert_eq!(wrong_over(&ring, &seal(2, &[("chief", 2)]), &kinds), []);
    assert_eq!(wrong_over(&ring, &seal(2, &[]), &kinds), [Wrong::Unsigned]);
    assert_eq!(wrong(&ring, &seal(1, &[])), [], "before that nobody has to sign");
    assert_eq!(wrong(&Ring::default(), &seal(5, &[])), []);
    assert_eq!(wrong(&Ring::default(), &seal(5, &[("ana", 4)])), [Wrong::NoKey(Seq(4))]);
}

#[test]
fn a_signature_is_over_this_seal_and_by_this_key() {
    let ring = ring();
    assert_eq!(wrong(&ring, &seal(7, &[])), [Wrong::Unsigned]);
    assert_eq!(wrong(&ring, &seal(7, &[("ana", 2)])), [Wrong::Forged(Seq(2), "chief".into())]);
    assert_eq!(wrong(&ring, &seal(7, &[("ana", 3)])), [Wrong::NoKey(Seq(3))]);
    let moved = Seal { signatures: seal(6, &[("chief", 2)]).signatures, ..seal(7, &[]) };
    assert_eq!(wrong(&ring, &moved), [Wrong::Forged(Seq(2), "chief".into())]);
    let both = seal(7, &[("chief", 2), ("mallory", 4)]);
    assert_eq!(wrong(&ring, &both), [Wrong::Forged(Seq(4), "ana".into())], "one good one does not excuse another");
    let mut later = seal(7, &[("chief", 2)]);
    later.signatures.push(Signature { key: 4, algorithm: 9, bytes: vec![1] });
    assert_eq!(wrong(&ring, &later), [Wrong::OtherAlgorithm(Seq(4), "ana".into())]);
    later.signatures.remove(0);
    assert_eq!(wrong(&ring, &later), [Wrong::Unsigned, Wrong::OtherAlgorithm(Seq(4), "ana".into())]);
    let mut short = seal(7, &[("chief", 2)]);
    short.signatures[0].bytes.pop();
    assert_eq!(wrong(&ring, &short), [Wrong::Length(Seq(2), 63)]);
}

#[test]
fn the_numbers_of_keys_ascend_and_none_is_there_twice() {
    let ring = ring();
    assert_eq!(wrong(&ring, &seal(7, &[("chief", 2), ("ana", 4)])), []);
    assert_eq!(wrong(&ring, &seal(7, &[("ana", 4), ("chief", 2)])), [Wrong::Order(Seq(2))]);
    assert_eq!(wrong(&ring, &seal(7, &[("chief", 2), ("chief", 2)])), [Wrong::Order(Seq(2))]);
}

#[test]
fn a_key_of_an_algorithm_that_is_not_known_signs_what_is_counted_and_not_checked() {
    let mut ring = ring();
    let public_key: Box<[u8]> = [7; 99].as_slice().into();
    let event = Event::KeyAuthorised { name: "later".into(), algorithm: 9, public_key, roles: vec!["append".into()] };
    ring.note(Seq(6), event.kind(), Some(&event));
    ring.close(6);
    let signed = |size, algorithm, signers: &[(&str, u64)]| {
        let mut seal = seal(size, signers);
        seal.signatures.push(Signature { key: 6, algorithm, bytes: vec![1; 500] });
        seal
    };
    assert_eq!(wrong(&ring, &signed(7, 9, &[("chief", 2)])), []);
    assert_eq!(check(&ring, &signed(7, 9, &[("chief", 2)]), Kinds::default()).0.len(), 1, "one can be checked");
    assert_eq!(wrong(&ring, &signed(7, 8, &[("chief", 2)])), [Wrong::OtherAlgorithm(Seq(6), "later".into())]);
    assert_eq!(wrong(&ring, &signed(6, 9, &[("chief", 2)])), [Wrong::NotValid(Seq(6), "later".into())]);
    assert_eq!(wrong(&ring, &signed(7, 9, &[])), [Wrong::Unsigned], "it stands for no other");
}

#[test]
fn a_key_that_is_valid_already_is_not_authorised_again() {
    let mut ring = ring();
    for seq in [10, 12] {
        let event = authorised("ana", &[Role::Append, Role::Keys]);
        ring.note(Seq(seq), event.kind(), Some(&event));
        ring.close(seq);
    }
    assert_eq!(ring.twice(), [Seq(12)], "ana was revoked in between, and then authorised once more");
    assert!(ring.key(Seq(12)).is_none());
    assert_eq!(wrong(&ring, &seal(13, &[("ana", 10)])), []);
}

/// A commit that does not count says nothing about keys, whatever it holds.
#[test]
fn what_a_commit_that_does_not_count_says_about_keys_has_no_effect() {
    let genesis = Event::Genesis(Genesis { origin: ORIGIN.into(), algorithms: Vec::new(), format: 1 });
    let mut counting = Counting::default();
    let mut commit = |events: &[(u64, Event)], seal: &Seal| {
        for (seq, event) in events {
            counting.event(Seq(*seq), event.kind().number(), Some(event));
        }
        counting.seal(seal).err()
    };
    let first = [(1, genesis), (2, authorised("chief", Role::ALL))];
    assert_eq!(commit(&first, &seal(2, &[("chief", 2)])), None);
    let revoked = [(3, Event::KeyRevoked { key: Seq(2), reason: "forged".into() })];
    assert_eq!(commit(&revoked, &seal(3, &[])), Some(Wrong::Unsigned));
    let mallory = [(4, authorised("mallory", Role::ALL))];
    assert_eq!(commit(&mallory, &seal(4, &[("mallory", 4)])), Some(Wrong::NotValid(Seq(4), "mallory".into())));
    assert_eq!(commit(&[], &seal(5, &[("mallory", 4)])), Some(Wrong::NoKey(Seq(4))));
    assert_eq!(commit(&[], &seal(6, &[("chief", 2)])), None, "the chief's key was not revoked");
}

#[test]
fn a_kind_that_came_later_needs_the_role_of_whoever_may_append() {
    let mut kinds = Kinds::default();
    kinds.add(0x8000);
    kinds.add(99);
    assert_eq!(kinds.roles().map(|(role, _)| role).collect::<Vec<_>>(), [Role::Append]);
}

#[test]
fn a_commit_holds_only_what_its_key_may_record() {
    let ring = ring();
    for kind in EventKind::ALL.iter().copied() {
        let role = Role::for_kind(kind).filter(|role| *role != Role::Append);
        let expected: Vec<_> =
            role.map(|role| Wrong::NotAllowed("ana".into(), role, kind.word())).into_iter().collect();
        assert_eq!(wrong_over(&ring, &seal(7, &[("ana", 4)]), &[kind]), expected, "{kind:?}");
        assert_eq!(wrong_over(&ring, &seal(7, &[("chief", 2)]), &[kind]), []);
        assert_eq!(wrong_over(&ring, &seal(7, &[("chief", 2), ("ana", 4)]), &[kind]), [], "together they may");
    }
}

#[test]
fn what_is_no_key_authorises_nobody_and_what_is_gone_is_remembered() {
    let mut ring = Ring::default();
    let weak = Event::KeyAuthorised {
        name: "weak".into(),
        algorithm: 1,
        public_key: [0; 32].as_slice().into(),
        roles: vec!["keys".into()],
    };
    ring.note(Seq(2), EventKind::KeyAuthorised, Some(&weak));
    ring.close(2);
    assert!(!ring.is_signed());
    assert_eq!(wrong(&ring, &seal(3, &[])), []);
    assert_eq!(ring.unreadable(), None);
    ring.note(Seq(4), EventKind::Noted, None);
    ring.note(Seq(5), EventKind::KeyRevoked, None);
    assert_eq!(ring.unreadable(), Some(Seq(5)));
}

#[test]
fn keys_are_told_apart_by_all_their_bytes() {
    let ring = ring();
    assert_eq!(ring.find(&private("ana").public()).map(|key| key.by), Some(Seq(4)));
    assert_eq!(ring.find(&private("mallory").public().named("ana").unwrap()), None);
    assert_eq!(ring.all().filter(|key| key.is_valid()).count(), 1);
}

/// A seal of 7 events that `chief` signed, and below it a signature of ML-DSA-44.
fn twice(key: u64, bytes: Vec<u8>) -> Seal {
    let mut seal = seal(7, &[("chief", 2)]);
    seal.signatures.push(Signature { key, algorithm: 6, bytes });
    seal
}

#[cfg(not(feature = "ml-dsa"))]
#[test]
fn a_second_signature_of_an_algorithm_that_is_not_known_is_passed_over() {
    let mut ring = ring();
    let public_key: Box<[u8]> = [7; 1312].as_slice().into();
    let event = Event::KeyAuthorised { name: "second".into(), algorithm: 6, public_key, roles: Vec::new() };
    ring.note(Seq(6), event.kind(), Some(&event));
    ring.close(6);
    assert_eq!(wrong(&ring, &twice(6, vec![7; 2428])), []);
    assert_eq!(wrong(&ring, &twice(6, vec![7; 2427])), [Wrong::Length(Seq(6), 2427)]);
    let mut alone = twice(6, vec![7; 2428]);
    alone.signatures.remove(0);
    assert_eq!(wrong(&ring, &alone), [Wrong::Unsigned]);
}

#[cfg(feature = "ml-dsa")]
mod second {
    use super::*;
    use crate::note::{ML_DSA_44, SecondKey};

    /// The ring above, and a key for second signatures in event 6, which is a commit.
    fn ring() -> Ring {
        let mut ring = super::ring();
        let public_key = key().public().unwrap().bytes().into();
        let event = Event::KeyAuthorised { name: "second".into(), algorithm: ML_DSA_44, public_key, roles: Vec::new() };
        ring.note(Seq(6), event.kind(), Some(&event));
        ring.close(6);
        ring
    }

    fn key() -> SecondKey {
        SecondKey::of_seed("second", &[6; 32]).unwrap()
    }

    fn signed(size: u64) -> Vec<u8> {
        key().sign_head(&Checkpoint { origin: ORIGIN.into(), size, root: Hash([9; 32]) }).unwrap()
    }

    #[test]
    fn a_second_signature_is_checked_and_stands_for_nothing_else() {
        let ring = ring();
        assert_eq!(wrong(&ring, &twice(6, signed(7))), []);
        let forged = Wrong::Forged(Seq(6), "second".into());
        let mut changed = signed(7);
        changed[900] ^= 1;
        let mut at_another_time = signed(7);
        at_another_time[7] ^= 1;
        for bytes in [signed(8), changed, at_another_time, vec![7; 2428]] {
            assert_eq!(wrong(&ring, &twice(6, bytes)), std::slice::from_ref(&forged));
        }
        for bytes in [Vec::new(), signed(7)[..2427].to_vec()] {
            assert_eq!(wrong(&ring, &twice(6, bytes.clone())), [Wrong::Length(Seq(6), bytes.len())]);
        }
        assert_eq!(wrong(&ring, &twice(5, signed(7))), [Wrong::NoKey(Seq(5))]);
        let order = [Wrong::Order(Seq(2)), Wrong::OtherAlgorithm(Seq(2), "chief".into())];
        assert_eq!(wrong(&ring, &twice(2, signed(7))), order, "that is no key of this algorithm");
        // Whoever passes it over must find the same: it is no first signature, and brings no roles.
        let mut alone = twice(6, signed(7));
        alone.signatures.remove(0);
        assert_eq!(wrong(&ring, &alone), [Wrong::Unsigned]);
        alone.signatures[0].algorithm = 1;
        assert_eq!(wrong(&ring, &alone), [Wrong::OtherAlgorithm(Seq(6), "second".into())]);
        let by_ana = |kind| {
            let mut seal = seal(7, &[("ana", 4)]);
            seal.signatures.push(Signature { key: 6, algorithm: 6, bytes: signed(7) });
            wrong_over(&ring, &seal, &[kind])
        };
        assert_eq!(by_ana(EventKind::Noted), []);
        assert_eq!(by_ana(EventKind::Assessed).len(), 1, "ana may not, whoever signs besides");
    }

    #[test]
    fn a_second_key_is_valid_from_the_commit_behind_it_until_it_is_revoked() {
        let mut ring = ring();
        let seal = |size| {
            let mut seal = super::seal(size, &[("chief", 2)]);
            seal.signatures.push(Signature { key: 6, algorithm: 6, bytes: signed(size) });
            seal
        };
        let not_valid = [Wrong::NotValid(Seq(6), "second".into())];
        assert_eq!(wrong(&ring, &seal(6)), not_valid);
        let event = Event::KeyRevoked { key: Seq(6), reason: "lost".into() };
        ring.note(Seq(10), event.kind(), Some(&event));
        ring.close(10);
        assert_eq!(wrong(&ring, &seal(10)), []);
        assert_eq!(wrong(&ring, &seal(11)), not_valid);
    }
}
