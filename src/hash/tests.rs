use std::cell::Cell;

use fearless_simd::Level;
use proptest::prelude::*;

use super::function::Function;
use super::lanes::Message;
use super::*;

/// What a test has lanes do on its thread.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Hash.
    Hash,
    /// Get every hash wrong, and not be found out by a sample.
    Err,
}

thread_local!(static ASKED: Cell<Option<Asked>> = const { Cell::new(None) });

/// Runs something with lanes, which other tests do without: they are not optimised here.
pub(crate) fn with_lanes<T>(asked: Asked, run: impl FnOnce() -> T) -> T {
    ASKED.set(Some(asked));
    let done = run();
    ASKED.set(None);
    done
}

pub(super) fn asked_for() -> Option<Asked> {
    ASKED.get()
}

pub(super) fn spoiled(mut hashes: Vec<Hash>) -> Vec<Hash> {
    if asked_for() == Some(Asked::Err) {
        for hash in &mut hashes {
            hash.0[9] ^= 4;
        }
    }
    hashes
}

/// What this processor has, from the widest lanes to the narrowest.
fn levels() -> Vec<Level> {
    let widest = Level::new();
    let mut all = vec![widest];
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    all.extend(
        [widest.as_avx2().map(Level::Avx2), widest.as_sse4_2().map(Level::Sse4_2), widest.as_sse2().map(Level::Sse2)]
            .into_iter()
            .flatten(),
    );
    all
}

/// Bytes of which no two places look alike.
fn noise(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    blake3::Hasher::new().update(b"noise").finalize_xof().fill(&mut bytes);
    bytes
}

fn assert_lanes(function: Function<'_>, messages: &[Message<'_>]) {
    let expected: Vec<Hash> = messages.iter().map(|message| function.of(message)).collect();
    for level in levels() {
        assert!(function.in_lanes(level, messages) == expected, "{level:?}");
    }
}

#[test]
fn the_cached_keys_give_what_derive_key_gives() {
    assert_eq!(link(b"envelope").0, blake3::derive_key("annals v1 link", b"envelope"));
    assert_eq!(tip(b"body").0, blake3::derive_key("annals v1 seal", b"body"));
    assert_eq!(segment_checksum(b"header").0, blake3::derive_key("annals v1 segment", b"header"));
    let mut salted = vec![7; SALT_LEN];
    salted.extend_from_slice(b"payload");
    assert_eq!(commitment(&[7; SALT_LEN], b"payload").0, blake3::derive_key("annals v1 payload", &salted));
}

/// Of `test_vectors/test_vectors.json` in <https://github.com/BLAKE3-team/BLAKE3>: `derive_key`, its first 32 bytes.
#[test]
fn lanes_make_the_vectors_of_blake3() {
    let vectors = [
        (0, "2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d"),
        (1, "b3e2e340a117a499c6cf2398a19ee0d29cca2bb7404c73063382693bf66cb06c"),
        (1023, "74a16c1c3d44368a86e1ca6df64be6a2f64cce8f09220787450722d85725dea5"),
        (1024, "7356cd7720d5b66b6d0697eb3177d9f8d73a4a5c5e968896eb6a689684302706"),
        (1025, "effaa245f065fbf82ac186839a249707c3bddf6d3fdda22d1b95a3c970379bcb"),
        (2048, "7b2945cb4fef70885cc5d78a87bf6f6207dd901ff239201351ffac04e1088a23"),
        (4097, "aca51029626b55fda7117b42a7c211f8c6e9ba4fe5b7a8ca922f34299500ead8"),
    ];
    let input: Vec<u8> = (0..251).cycle().take(4097).collect();
    let key = blake3::hazmat::hash_derive_key_context("BLAKE3 2019-12-27 16:29:52 test vectors context");
    assert_vectors(Function::Blake3(&key), &vectors.map(|(len, hash)| (&input[..len], hash)));
}

/// Of NIST's "Examples with Intermediate Values" for FIPS 180-4 (`SHA256.pdf`, `SHA2_Additional.pdf`).
#[test]
fn lanes_make_the_vectors_of_sha_256() {
    assert_vectors(
        Function::Sha256,
        &[
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (&[0xbd], "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"),
            (&[0xc9, 0x8c, 0x8e, 0x55], "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"),
            (&[0; 55], "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"),
            (&[0; 56], "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"),
            (&[0; 57], "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"),
            (&[0; 64], "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"),
            (&[0; 1000], "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"),
            (&[0x41; 1000], "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"),
        ],
    );
}

/// In every lane, beside the others.
fn assert_vectors(function: Function<'_>, vectors: &[(&[u8], &str)]) {
    for level in levels() {
        for turn in (0..16).step_by(3) {
            let turned = || vectors.iter().cycle().skip(turn).take(37);
            let messages: Vec<_> = turned().map(|(rest, _)| Message { head: &[], rest }).collect();
            let expected: Vec<Hash> = turned().map(|(_, hash)| hash.parse().unwrap()).collect();
            assert_eq!(function.in_lanes(level, &messages), expected, "{level:?} {turn}");
            assert!(messages.iter().map(|message| function.of(message)).eq(expected), "the crates");
        }
    }
}

#[test]
fn lanes_make_what_the_crates_make_of_every_length() {
    let bytes = noise(8192);
    let of_len = |len: usize, head| {
        let (head, rest) = bytes[len..].split_at(head);
        Message { head, rest: &rest[..len] }
    };
    let whole: Vec<_> = (0..=1030).map(|len| of_len(len, 0)).collect();
    assert_lanes(Function::Blake3(&[7; 32]), &whole);
    assert_lanes(Function::Sha256, &whole[..330]);
    let headed: Vec<_> = (0..=330).map(|len| of_len(len, 1 + len % 16)).collect();
    assert_lanes(Function::Blake3(&[7; 32]), &headed);
    assert_lanes(Function::Sha256, &headed);
    // What is longer than a chunk goes by itself.
    let long: Vec<_> = (0..=4080).map(|len| of_len(len, 16)).step_by(59).collect();
    assert_lanes(Function::Blake3(&[7; 32]), &long);
    assert_lanes(Function::Sha256, &long);
}

#[test]
fn batches_are_what_their_messages_are_one_by_one() {
    let bytes = noise(64 * 200);
    for count in (0..20).chain([33, 70]) {
        let envelopes: Vec<&[u8]> = (0..count).map(|at| &bytes[at * 64..at * 64 + 112]).collect();
        let bodies: Vec<Salted<'_>> = envelopes.iter().map(|body| (body.first_chunk().unwrap(), &body[16..])).collect();
        let nodes: Vec<Hash> = envelopes.iter().map(|envelope| link(envelope)).collect();
        for lanes in [with_lanes(Asked::Hash, Lanes::all), Lanes::none()] {
            assert!(lanes.links(&envelopes).iter().eq(&nodes));
            assert!(lanes.leaves(&envelopes).into_iter().eq(envelopes.iter().map(|envelope| leaf(envelope))));
            assert!(
                lanes.commitments(&bodies).into_iter().eq(bodies.iter().map(|(salt, body)| commitment(salt, body)))
            );
            let above = nodes.as_chunks::<2>().0.iter().map(|[left, right]| parent(left, right));
            assert!(lanes.parents(&nodes).into_iter().eq(above));
        }
    }
}

#[test]
fn every_processor_passes_the_trial() {
    assert!(levels().into_iter().all(trial::passes));
}

#[test]
fn a_wrong_lane_is_found_by_its_sample() {
    let bytes = noise(64);
    let messages: Vec<_> = (0..20).map(|at| Message { head: &[], rest: &bytes[at..] }).collect();
    let mut hashes: Vec<Hash> = messages.iter().map(|message| Function::Sha256.of(message)).collect();
    hashes[7].0[31] ^= 1;
    let finds = |sample: &usize| !Function::Sha256.agrees(&messages, &hashes, *sample);
    assert!((0..60).filter(finds).eq([7, 27, 47]));
    assert!(Function::Sha256.agrees(&[], &[], 3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn lanes_make_what_the_crates_make_of_any_mix(
        long in prop::collection::vec((0..4096_usize, 0..32_usize), 0..5),
        short in prop::collection::vec((0..300_usize, 0..32_usize), 0..40),
    ) {
        let bytes = noise(2 * 4096);
        let message = |(number, (len, head)): (usize, &(usize, usize))| {
            let (head, rest) = bytes[number..].split_at(*head);
            Message { head, rest: &rest[..*len] }
        };
        let mixed: Vec<_> = short.iter().chain(&long).enumerate().map(message).collect();
        assert_lanes(Function::Blake3(&[7; 32]), &mixed);
        assert_lanes(Function::Sha256, &mixed);
    }
}
