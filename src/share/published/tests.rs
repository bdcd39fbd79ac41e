//! Whatever a server changes is found, and nothing that it serves makes a stranger panic.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::keys::Role;
use crate::ledger::{Error, ImportOptions, Ledger, Writer, new_key};
use crate::note::PublicKey;

type Files = BTreeMap<String, Vec<u8>>;

struct Memory(Files);

impl Served for Memory {
    fn get(&self, path: &str, len_max: usize) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.get(path).filter(|bytes| bytes.len() <= len_max).cloned())
    }
}

fn read(folder: &Path, below: &str, into: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), into);
        } else if !name.starts_with('.') && name != MARKER {
            into.insert(name, fs::read(path).unwrap());
        }
    }
}

/// Everything that a reader of a ledger of some 300 events fetches, and the key that signed it.
fn published() -> &'static (Files, PublicKey) {
    static PUBLISHED: OnceLock<(Files, PublicKey)> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let (ledger, site) = (dir.path().join("ledger"), dir.path().join("site"));
        Ledger::create(&ledger, Some("example.org/siege"), 1).unwrap();
        let key = new_key("ana").unwrap();
        let public = key.public();
        let mut writer = Writer::open(&ledger, "ana", 2).unwrap();
        writer.sign_with(key);
        writer.authorise(&public, Role::ALL, 2).unwrap();
        let lines: Vec<String> = (0..300).map(|number| format!(r#"{{"type":"note","text":"{number}"}}"#)).collect();
        let options = ImportOptions { threads: 1, ..ImportOptions::default() };
        writer.import(lines.join("\n").as_bytes(), options, 2, |_| ()).unwrap();
        publish(&ledger, &site, PublishOptions::default(), &mut |_, _| ()).unwrap();
        let mut files = Files::new();
        read(&site, "", &mut files);
        (files, public.named("example.org/siege").unwrap())
    })
}

fn wrong(files: Files) -> Vec<Wrong> {
    let options = FollowOptions { keys: vec![published().1.clone()], threads: 1, ..FollowOptions::default() };
    follow(&Memory(files), &options, &mut |_, _| ()).unwrap().wrong
}

#[test]
fn what_is_served_as_it_was_published_holds() {
    assert_eq!(wrong(published().0.clone()), []);
}

#[test]
fn what_is_longer_than_it_must_be_is_found() {
    for name in published().0.keys() {
        let mut files = published().0.clone();
        let held = files[name].clone();
        // As many bytes more as an entry, or a node, has.
        let unit = if name.starts_with("tile/entries") { 114 } else { 32 };
        let more = [&held[..], &held[held.len().saturating_sub(unit)..]].concat();
        files.insert(name.clone(), more);
        assert!(!wrong(files).is_empty(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_change_of_any_file_is_found(
        which: prop::sample::Index, other: prop::sample::Index, at: prop::sample::Index, bit in 0_u8..8, kind in 0..5,
        garbage: Vec<u8>,
    ) {
        let mut files = published().0.clone();
        let names: Vec<String> = files.keys().cloned().collect();
        // Half of the time a file that there are few of.
        let few = names.iter().filter(|name| !name.starts_with("payload/")).cloned().collect::<Vec<_>>();
        let name = if bit % 2 == 0 { which.get(&few) } else { which.get(&names) };
        let held = files[name].clone();
        let mut changed = held.clone();
        match kind {
            0 => {
                let at = at.index(changed.len());
                changed[at] ^= 1_u8 << bit;
            }
            1 => changed.truncate(at.index(held.len())),
            2 => changed.extend_from_slice(&garbage),
            3 => changed = garbage,
            _ => changed = files[other.get(&names)].clone(),
        }
        prop_assume!(changed != held);
        files.insert(name.clone(), changed);
        prop_assert!(!wrong(files.clone()).is_empty(), "{name}");
        files.remove(name);
        prop_assert!(!wrong(files).is_empty(), "{name} is gone");
    }
}
