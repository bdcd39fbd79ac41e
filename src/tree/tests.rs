use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::hash::Lanes;
use crate::hash::tests::{Asked, with_lanes};

/// Anything will do for an envelope; `ct_merkle` hashes the leaf itself.
fn envelopes(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|n| format!("envelope {n}").into_bytes()).collect()
}

fn leaves(count: usize) -> Vec<Hash> {
    envelopes(count).iter().map(|envelope| leaf(envelope)).collect()
}

fn reference(count: usize) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    for envelope in envelopes(count) {
        tree.push(envelope);
    }
    tree
}

fn as_hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<32>().0.iter().copied().map(Hash).collect()
}

#[test]
fn roots_are_those_of_another_implementation() {
    let mut edge = Edge::new();
    let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for (size, envelope) in envelopes(301).into_iter().enumerate() {
        assert_eq!(edge.root().0.as_slice(), other.root().as_bytes().as_slice(), "size {size}");
        assert_eq!(edge.root(), root_of(&leaves(size)), "size {size}");
        assert_eq!(Edge::from_nodes(edge.size(), edge.nodes().to_vec()), Some(edge.clone()));
        edge.push(leaf(&envelope));
        other.push(envelope);
    }
}

#[test]
fn the_root_without_leaves_is_the_hash_of_nothing() {
    let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Edge::new().root().to_string(), hex);
}

#[test]
fn inclusion_proofs_are_those_of_another_implementation() {
    for size in [1, 2, 3, 7, 8, 9, 31, 100, 300] {
        let (leaves, other) = (leaves(size), reference(size));
        for index in 0..size {
            let proof = inclusion_proof(&leaves, index).unwrap();
            assert_eq!(proof, as_hashes(other.prove_inclusion(index).as_bytes()), "{index} of {size}");
            let verify = |index: usize, size: usize, proof: &[Hash], root: &Hash| {
                verify_inclusion(&leaf(&envelopes(300)[index.min(299)]), index as u64, size as u64, proof, root)
            };
            let root = root_of(&leaves);
            assert!(verify(index, size, &proof, &root));
            assert!(!verify(index + 1, size, &proof, &root), "another place");
            assert!(!verify(index, size, &[proof.as_slice(), &[root]].concat(), &root), "one node too many");
            assert!(proof.is_empty() || !verify(index, size, &proof[1..], &root), "one too few");
            assert!(!verify(index, size, &proof, &leaf(b"another root")));
        }
        assert_eq!(inclusion_proof(&leaves, size), None);
    }
}

#[test]
fn consistency_proofs_are_those_of_another_implementation() {
    for new in (0..70).chain([100, 255, 256, 257, 300]) {
        let (leaves, other) = (leaves(new), reference(new));
        for old in 1..=new {
            let proof = consistency_proof(&leaves, old).unwrap();
            assert_eq!(proof, as_hashes(other.prove_consistency(new - old).as_bytes()), "{old} to {new}");
            let (old_root, new_root) = (root_of(&leaves[..old]), root_of(&leaves));
            let verify = |old_root: &Hash, proof: &[Hash]| {
                verify_consistency(old as u64, old_root, new as u64, &new_root, proof)
            };
            assert!(verify(&old_root, &proof), "{old} to {new}");
            assert!(!verify(&leaf(b"another root"), &proof));
            assert!(!verify(&old_root, &[proof.as_slice(), &[old_root]].concat()), "one node too many");
            assert!(proof.is_empty() || !verify(&old_root, &proof[1..]), "one too few");
        }
    }
}

#[test]
fn every_tree_begins_with_the_empty_one_and_with_nothing_longer() {
    let (leaves, nothing) = (leaves(5), root_of(&[]));
    assert_eq!(consistency_proof(&leaves, 0), Some(vec![]));
    assert_eq!(consistency_proof(&leaves, 6), None);
    assert!(verify_consistency(0, &nothing, 5, &root_of(&leaves), &[]));
    assert!(!verify_consistency(0, &leaf(b"x"), 5, &root_of(&leaves), &[]));
    assert!(!verify_consistency(5, &root_of(&leaves), 4, &root_of(&leaves[..4]), &[]));
}

#[test]
fn many_leaves_are_what_they_are_one_by_one() {
    let all = leaves(900);
    for (lanes, step) in [(with_lanes(Asked::Hash, Lanes::all), 97), (Lanes::none(), 7)] {
        for begin in (0..300).step_by(step) {
            let (mut span, mut one_by_one) = (Span::starting_at(begin), Span::starting_at(begin));
            let mut rest = all.as_slice();
            for count in [1, 0, 3, 40, 256, 600] {
                let (part, behind) = rest.split_at(count);
                span.push_all(part, lanes);
                for leaf in part {
                    one_by_one.push(*leaf);
                }
                assert_eq!(span, one_by_one, "{begin} {count}");
                let first = usize::try_from(begin.next_multiple_of(256)).unwrap();
                let whole = |root: usize| root_of(&all[first + root * 256 - usize::try_from(begin).unwrap()..][..256]);
                let count = (usize::try_from(span.end()).unwrap() / 256).saturating_sub(first / 256);
                assert_eq!(span.roots(), (0..count).map(whole).collect::<Vec<_>>(), "{begin}");
                rest = behind;
            }
        }
    }
}

proptest! {
    #[test]
    fn runs_hashed_apart_join_to_the_same_edge(cuts in prop::collection::vec(0usize..400, 0..12)) {
        let leaves = leaves(cuts.iter().sum());
        let (mut whole, mut joined) = (Edge::new(), Edge::new());
        for leaf in &leaves {
            whole.push(*leaf);
        }
        let (mut rest, mut roots) = (leaves.as_slice(), Vec::new());
        for cut in cuts {
            let (run, after) = rest.split_at(cut);
            let mut span = Span::starting_at(joined.size());
            for leaf in run {
                span.push(*leaf);
            }
            roots.extend(joined.append(&span).unwrap());
            rest = after;
        }
        prop_assert_eq!(&joined, &whole);
        prop_assert_eq!(roots, leaves.as_chunks::<256>().0.iter().map(|leaves| root_of(leaves)).collect::<Vec<_>>());
        prop_assert_eq!(whole.append(&Span::starting_at(whole.size() + 1)), Err(NotNext));
    }

    #[test]
    fn no_proof_makes_it_panic(index: u64, size: u64, proof in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let proof: Vec<Hash> = proof.into_iter().map(Hash).collect();
        prop_assert!(!verify_inclusion(&leaf(b"x"), index, size, &proof, &leaf(b"y")));
        prop_assert!(!verify_consistency(index, &leaf(b"x"), size, &leaf(b"y"), &proof));
    }
}
