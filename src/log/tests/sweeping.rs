use super::*;
use crate::log::blocks::Block;
use crate::log::draft::Draft;

/// Events with their leaves, and the place behind the last commit.
type Seen = (Vec<(u64, Hash)>, Option<Known>);

/// Sweeps a log from a place on.
fn sweep(dir: &Path, known: Option<&Known>) -> Result<Seen> {
    let (mut sweep, mut block, mut seen) = (Log::open(dir)?.sweep_behind(known)?, Block::default(), Vec::new());
    while sweep.next(&mut block)? {
        let swept = Swept::of(&block, |part| {
            if let InBlock::Frame(frame, leaf, _) = part {
                seen.push((frame.envelope.seq, *leaf));
            }
            Some(())
        });
        if swept.and_then(|swept| sweep.fit(swept, None)).is_none() {
            break;
        }
    }
    Ok((seen, sweep.known().cloned()))
}

/// What a scan knows at its end.
fn scan(dir: &Path) -> Result<Option<Known>> {
    let mut scan = Log::open(dir)?.commits_behind(None)?;
    while scan.next_commit()?.is_some() {}
    Ok(scan.known())
}

/// Commits of several sizes in several segments.
fn several() -> TempDir {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    for count in [1, 9, 2, 3, 1] {
        writer.append(&entries(&["some words"; 9][..count]), 30).unwrap();
    }
    drop(writer);
    assert!(files(dir.path()).len() > 2);
    dir
}

#[test]
fn a_sweep_comes_from_every_commit_to_where_a_scan_comes() {
    let dir = several();
    let end = scan(dir.path()).unwrap();
    let (all, known) = sweep(dir.path(), None).unwrap();
    assert_eq!(known, end);
    let mut commits = Log::open(dir.path()).unwrap().commits_behind(None).unwrap();
    while commits.next_commit().unwrap().is_some() {
        let before = commits.known().unwrap();
        let (rest, known) = sweep(dir.path(), Some(&before)).unwrap();
        assert_eq!(known, end);
        assert_eq!(rest, all[usize::try_from(before.cursor.head.size).unwrap()..]);
    }
}

#[test]
fn whatever_byte_is_changed_a_sweep_comes_no_further_than_a_scan() {
    let dir = several();
    let end = scan(dir.path()).unwrap().unwrap();
    for name in files(dir.path()) {
        let path = dir.path().join("log").join(name);
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(7) {
            edit(&path, |bytes| bytes[at] ^= 1);
            let is_whole = scan(dir.path()).is_ok_and(|known| known.as_ref() == Some(&end));
            let swept = sweep(dir.path(), None).ok().and_then(|(_, known)| known);
            assert_eq!(swept.is_some_and(|known| known == end), is_whole, "{at} of {}", path.display());
            fs::write(&path, &whole).unwrap();
        }
    }
}

#[test]
fn subtrees_are_hashed_where_a_block_has_all_their_leaves() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    for count in [300, 7, 500] {
        writer.append(&vec![entry("x"); count], 30).unwrap();
    }
    drop(writer);
    let (mut leaves, mut roots) = (Vec::new(), Vec::new());
    let (log, mut block) = (Log::open(dir.path()).unwrap(), Block::default());
    let mut sweep = log.sweep_behind(None).unwrap();
    while sweep.next(&mut block).unwrap() {
        let swept = Swept::of(&block, |part| {
            if let InBlock::Frame(_, leaf, root) = part {
                leaves.push(*leaf);
                roots.extend(root.map(|root| (leaves.len(), *root)));
            }
            Some(())
        });
        sweep.fit(swept.unwrap(), None).unwrap();
    }
    assert!(!roots.is_empty());
    for (end, root) in roots {
        assert!(end % SUBTREE_LEAVES == 0 && root == crate::tree::root_of(&leaves[end - SUBTREE_LEAVES..end]));
    }
    assert_eq!(sweep.known().cloned(), scan(dir.path()).unwrap());
}

#[test]
fn a_commit_that_is_whole_but_does_not_follow_ends_a_sweep() {
    let whole = |draft: &mut Draft| draft.recorded_at = 30;
    let elsewhere = |draft: &mut Draft| draft.head.hash = Hash([7; 32]);
    let later = |draft: &mut Draft| draft.head.size += 1;
    let earlier = |draft: &mut Draft| draft.recorded_at = 19;
    let forgeries: [fn(&mut Draft); 4] = [whole, elsewhere, later, earlier];
    for (place, forge) in forgeries.into_iter().enumerate() {
        let follows = place == 0;
        let dir = ledger();
        let known = scan(dir.path()).unwrap().unwrap();
        let mut draft = Draft::new(known.cursor.head, known.edge.clone(), known.cursor.recorded_at, 30);
        forge(&mut draft);
        let mut commit = Vec::new();
        draft.frame(&entry("d"), &mut commit).unwrap();
        draft.seal(None, &mut commit).unwrap();
        edit(&segment(dir.path(), 1), |bytes| bytes.extend_from_slice(&commit));
        assert_eq!(scan(dir.path()).is_ok(), follows, "{place}");
        // What stands in one block counts as a whole or not at all.
        for (from, before) in [(None, 0), (Some(&known), 3)] {
            let size = sweep(dir.path(), from).unwrap().1.map_or(0, |known| known.cursor.head.size);
            assert_eq!(size, if follows { 4 } else { before }, "{place}");
        }
    }
}
