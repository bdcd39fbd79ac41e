//! Keepers who sign what they should not: everything is computed anew behind what they did, so that the tree, its tiles and
//! the signature are right, and only the one thing is wrong.

use std::collections::BTreeMap;

use annals::chain::{Hash, SALT_LEN, commitment};
use annals::codec;
use annals::event::{Event, Genesis, Noted};
use annals::frame::{ENVELOPE_LEN, Envelope, Seal, Signature};
use annals::note::{Checkpoint, NoteSignature, SignedNote};
use annals::share::tiles::{Growing, Of, Tile, WIDTH, add_entry, entries_of, nodes_bytes};
use annals::tree::{Edge, leaf};

use super::*;
use crate::keys::{CHIEF, private};

/// A published tree, to be changed and published again by hand.
pub(crate) struct Forged<'r> {
    room: &'r Newsroom,
    pub(crate) entries: Vec<Envelope>,
    /// Who sealed each commit, in order: name, and the event that authorises the key; none where nobody had to.
    pub(crate) sealers: Vec<Option<(&'static str, u64)>>,
    /// The name of the ledger.
    origin: &'static str,
}

impl Forged<'_> {
    pub(crate) fn of(room: &Newsroom) -> Forged<'_> {
        room.publish();
        let size = room.desk.json(&["head"])[0]["size"].as_u64().unwrap();
        let mut entries = Vec::new();
        for index in 0..size.div_ceil(WIDTH as u64) {
            let tile = Tile::at(Of::Entries, index, size).unwrap();
            let bundle = fs::read(room.site().join(tile.path())).unwrap();
            let all = entries_of::<ENVELOPE_LEN>(&bundle, tile.width).unwrap();
            entries.extend(all.iter().map(Envelope::fields_of));
        }
        let mut sealers = Vec::new();
        for index in 0..size.div_ceil(WIDTH as u64) {
            let tile = Tile::at(Of::Seals, index, size).unwrap();
            let Ok(held) = fs::read(room.site().join(tile.path())) else { continue };
            let mut rest = &held[..];
            while let Some((len, behind)) = rest.split_first_chunk::<2>() {
                let (body, behind) = behind.split_at(usize::from(u16::from_be_bytes(*len)));
                let seal = Seal::of_body(body).unwrap();
                let by = seal.signatures.first().map(|signature| signature.key);
                sealers.push(by.map(|by| (if by == CHIEF { "chief" } else { "ana" }, by)));
                rest = behind;
            }
        }
        Forged { room, entries, sealers, origin: ORIGIN }
    }

    /// The seals of the first `count` commits, over what the entries say now.
    fn seals(&self, count: usize) -> Vec<Seal> {
        let (mut seals, mut edge) = (Vec::new(), Edge::new());
        for (place, entry) in self.entries.iter().enumerate() {
            edge.push(leaf(&entry.to_bytes()));
            if seals.len() < count && self.entries.get(place + 1).is_none_or(Envelope::is_first) {
                let (size, root) = (place as u64 + 1, edge.root());
                let sealer = self.sealers.get(seals.len()).copied().unwrap_or(*self.sealers.last().unwrap());
                let signature = sealer.map(|(name, key)| {
                    let text = Checkpoint { origin: self.origin.into(), size, root }.to_string();
                    let bytes = private(&self.room.desk, name).sign(text.as_bytes()).to_vec();
                    Signature { key, algorithm: 1, bytes }
                });
                let link = Envelope::link(&entry.to_bytes());
                seals.push(Seal::new(size, link, root, signature.into_iter().collect()).unwrap());
            }
        }
        seals
    }

    pub(crate) fn event(&mut self, seq: usize) -> &mut Envelope {
        &mut self.entries[seq - 1]
    }

    /// Computes the links and tips anew from an event on.
    pub(crate) fn chain_from(&mut self, seq: usize) {
        for place in seq..self.entries.len() {
            self.entries[place].prev = if self.entries[place].is_first() {
                let count = self.entries[1..=place].iter().filter(|entry| entry.is_first()).count();
                self.seals(count).pop().unwrap().tip
            } else {
                Envelope::link(&self.entries[place - 1].to_bytes())
            };
        }
    }

    /// Gives an event another payload.
    pub(crate) fn say(&mut self, seq: usize, event: &Event) {
        let (salt, payload) = ([7; SALT_LEN], codec::encode(event, None).unwrap());
        let commitment = commitment(&salt, &payload);
        let envelope = self.event(seq);
        (envelope.commitment, envelope.payload_len) = (commitment, payload.len().try_into().unwrap());
        let name = commitment.to_string();
        let path = self.room.site().join("payload").join(&name[..2]).join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [&salt[..], &payload].concat()).unwrap();
    }

    /// Writes tiles, bundles and a head that this key signed under this name, and what a stranger finds who keeps only what holds.
    pub(crate) fn found(&self, signer: &str, origin: &str) -> Vec<String> {
        let found = self.codes(signer, origin);
        assert_eq!(self.room.desk.path().join("other.txt").exists(), found.is_empty(), "only what holds is kept");
        found
    }

    /// Writes the same, and what a stranger finds.
    pub(crate) fn codes(&self, signer: &str, origin: &str) -> Vec<String> {
        let put = |tile: Tile, bytes: &[u8]| {
            let path = self.room.site().join(tile.path());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        let mut growing = Growing::default();
        let mut bundle = Vec::new();
        for entry in &self.entries {
            let bytes = entry.to_bytes();
            add_entry(&mut bundle, &bytes);
            let full = |tile, nodes: &[Hash]| {
                put(tile, &nodes_bytes(nodes));
                Ok::<(), ()>(())
            };
            growing.push(leaf(&bytes), full).unwrap();
            if growing.size() % WIDTH as u64 == 0 {
                put(Tile::at(Of::Entries, growing.size() / WIDTH as u64 - 1, growing.size()).unwrap(), &bundle);
                bundle.clear();
            }
        }
        growing.partial().for_each(|(tile, nodes)| put(tile, &nodes_bytes(nodes)));
        put(Tile::at(Of::Entries, growing.size() / WIDTH as u64, growing.size()).unwrap(), &bundle);
        let mut files: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for seal in self.seals(usize::MAX) {
            let body = seal.body();
            let file = files.entry((seal.size - 1) / WIDTH as u64).or_default();
            file.extend_from_slice(&u16::try_from(body.len()).unwrap().to_be_bytes());
            file.extend_from_slice(&body);
        }
        for (index, bytes) in files {
            put(Tile::at(Of::Seals, index, growing.size()).unwrap(), &bytes);
        }
        let key = private(&self.room.desk, signer);
        let text = Checkpoint { origin: origin.into(), size: growing.size(), root: growing.root() }.to_string();
        let line = NoteSignature::of(&key.public().named(origin).unwrap(), &key.sign(text.as_bytes()));
        fs::write(self.room.site().join("checkpoint"), SignedNote::new(text, vec![line]).to_string()).unwrap();
        let key = key.public().named(origin).unwrap().to_string();
        let output = self.room.desk.run(&["--json", "verify", "--url", "site", "--key", &key, "--keep", "other.txt"]);
        let lines = out(&output);
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found: Vec<String> = lines
            .filter(|line| line["type"] == "finding")
            .map(|line| line["code"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())));
        found
    }
}

pub(crate) const ORIGIN: &str = "example.org/siege";

fn room() -> Newsroom {
    let room = Newsroom::new();
    room.notes(290);
    room
}

#[test]
fn what_is_only_signed_anew_holds() {
    let room = room();
    assert_eq!(Forged::of(&room).found("ana", ORIGIN), [""; 0]);
}

#[test]
fn a_tree_over_other_elements_than_those_of_the_chain_is_found() {
    let room = room();
    let mut forged = Forged::of(&room);
    // The author is another, and what follows still links to what was there.
    forged.event(100).actor += 1;
    assert_eq!(forged.found("ana", ORIGIN), ["prev", "actor"]);
}

#[test]
fn back_dating_is_found_where_time_goes_back() {
    let room = room();
    let mut forged = Forged::of(&room);
    forged.event(100).recorded_at -= 1;
    forged.chain_from(100);
    let earlier = forged.event(99).recorded_at;
    forged.event(100).recorded_at = earlier - 1;
    forged.chain_from(100);
    assert_eq!(forged.found("ana", ORIGIN), ["recorded-at"]);
}

/// A code, and a change that must be found by it.
pub(crate) type Change = (&'static str, fn(&mut Envelope));

#[test]
fn numbers_kinds_and_versions_that_cannot_be_are_found() {
    let room = room();
    let changes: [Change; 4] = [
        ("seq", |envelope| envelope.seq += 1),
        ("kind", |envelope| envelope.kind = 99),
        ("genesis", |envelope| envelope.kind = 1),
        ("envelope-version", |envelope| envelope.version = 2),
    ];
    for (code, change) in changes {
        let mut forged = Forged::of(&room);
        change(forged.event(100));
        forged.chain_from(100);
        let found = forged.found("ana", ORIGIN);
        assert!(
            found.contains(&code.to_owned()) && found.iter().all(|own| own == code || own == "payload-form"),
            "{found:?}"
        );
        fs::remove_dir_all(room.site()).unwrap();
    }
}

#[test]
fn events_taken_out_put_in_or_moved_are_found_by_their_numbers_or_are_another_history() {
    let room = room();
    room.publish();
    room.holds(room.site().to_str().unwrap());
    let mut forged = Forged::of(&room);
    forged.entries.swap(99, 100);
    forged.chain_from(99);
    assert_eq!(forged.found("ana", ORIGIN), ["seq", "seq"]);
    // With the numbers in order as well nothing in it is wrong: only whoever kept an earlier head sees it.
    forged.entries.swap(99, 100);
    forged.entries.remove(100);
    for (seq, entry) in (1..).zip(&mut forged.entries) {
        entry.seq = seq;
    }
    forged.say(5, &Event::Noted(Noted { about: None, text: "put in".into(), id: None, is_private: false }));
    forged.chain_from(1);
    assert_eq!(forged.found("ana", ORIGIN), [""; 0]);
    assert_eq!(room.follow(room.site().to_str().unwrap(), &[]).0, ["shrunk"]);
    let last = *forged.entries.last().unwrap();
    let link = Envelope::link(&last.to_bytes());
    forged.entries.extend([Envelope { seq: last.seq + 1, prev: link, ..last }]);
    fs::remove_file(room.desk.path().join("other.txt")).unwrap();
    assert_eq!(forged.found("ana", ORIGIN), [""; 0]);
    assert_eq!(room.follow(room.site().to_str().unwrap(), &[]).0, ["forked"]);
}

#[test]
fn a_key_that_was_revoked_or_never_authorised_signs_no_head() {
    let room = room();
    let forged = Forged::of(&room);
    room.desk.ok(&["key", "new", "thief.key", "--name", "thief"]);
    assert_eq!(forged.found("thief", ORIGIN), ["checkpoint-signature"]);
    let keys = room.desk.ok(&["key", "list"]);
    let ana = keys.lines().find(|line| line.contains(" ana+")).unwrap().split_whitespace().next().unwrap().to_owned();
    room.desk.ok(&["key", "revoke", &ana, "--reason", "stolen", "--key", "chief.key"]);
    room.desk.ok(&["note", "after", "--key", "chief.key"]);
    fs::remove_dir_all(room.site()).unwrap();
    assert_eq!(Forged::of(&room).found("ana", ORIGIN), ["checkpoint-signature"]);
    assert_eq!(Forged::of(&room).found("chief", ORIGIN), [""; 0]);
}

#[test]
fn a_head_under_another_name_than_the_ledgers_own_is_found() {
    let room = room();
    let mut forged = Forged::of(&room);
    assert_eq!(forged.found("ana", "example.org/other"), ["origin"]);
    let genesis = Genesis { origin: "example.org/other".into(), format: 1, algorithms: Vec::new() };
    forged.say(1, &Event::Genesis(genesis));
    forged.origin = "example.org/other";
    forged.chain_from(1);
    assert_eq!(forged.found("ana", "example.org/other"), [""; 0], "then it is a ledger of that name");
}

#[test]
fn erasures_that_erase_nothing_they_may_are_found() {
    let room = room();
    let mut forged = Forged::of(&room);
    // In place of a note an erasure of a later event, of itself, and of the genesis: none of them excuses anything.
    for target in [101_u64, 100, 1] {
        let erased = Event::PayloadErased { target: annals::seq::Seq(target), basis: "order".into(), first: None };
        forged.event(100).kind = 21;
        forged.say(100, &erased);
        forged.chain_from(100);
        let envelope = *forged.event(usize::try_from(target).unwrap());
        let name = envelope.commitment.to_string();
        let path = room.site().join("payload").join(&name[..2]).join(&name);
        let held = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        // Who sealed the note may not erase, either.
        let expected = if target == 1 { &["missing"][..] } else { &["erased-unnamed", "seal-role"] };
        let mut found = forged.found("ana", ORIGIN);
        found.sort();
        assert_eq!(found, expected, "{target}");
        fs::write(&path, held).unwrap();
    }
}

/// The newest seal is covered by nothing yet: another one of the same events, signed by somebody else who may, is no fork.
#[test]
fn a_seal_that_was_exchanged_since_it_was_seen_is_judged_again_and_said() {
    for (by, signer) in [(CHIEF, "chief"), (99, "chief")] {
        let room = Newsroom::new();
        room.publish();
        room.holds("site");
        let exchanged = room.desk.json(&["head"])[0]["size"].as_u64().unwrap();
        let sealed = Forged::of(&room).sealers.len() - 1;
        room.notes(1);
        let mut forged = Forged::of(&room);
        forged.sealers[sealed] = Some((signer, by));
        forged.chain_from(usize::try_from(exchanged).unwrap());
        assert_eq!(forged.found("ana", ORIGIN).is_empty(), by == CHIEF);
        let (wrong, last) = room.follow("site", &[]);
        assert_eq!((last["seal_exchanged"].clone(), wrong.is_empty()), (true.into(), by == CHIEF), "{wrong:?} {last}");
    }
}
