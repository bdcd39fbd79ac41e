use super::*;

#[test]
fn a_payload_that_is_gone_without_an_erasure_is_damage() {
    let dir = ledger();
    open(dir.path()).erase(&[6]).unwrap();
    assert_eq!(found(dir.path()), [(Code::ErasedUnnamed, Some(6))]);
    assert_eq!(report(dir.path()).erased, 1);
}

#[test]
fn only_a_later_erasure_counts_and_never_one_of_the_genesis() {
    let dir = ledger();
    let mut writer = open(dir.path());
    writer.append(&[entry(ERASED, &[12]), note("later"), entry(ERASED, &[1])], 50).unwrap();
    writer.erase(&[12, 1]).unwrap();
    drop(writer);
    assert_eq!(found(dir.path()), [(Code::ErasedUnnamed, Some(1)), (Code::ErasedUnnamed, Some(12))]);
}

#[test]
fn an_erasure_that_was_not_carried_out_is_unfinished() {
    let dir = ledger();
    let mut writer = open(dir.path());
    writer.append(&[entry(ERASED, &[2])], 50).unwrap();
    assert_eq!(found(dir.path()), [(Code::ErasureUnfinished, Some(2))]);
    writer.erase(&[2]).unwrap();
    drop(writer);
    assert_eq!((found(dir.path()), report(dir.path()).erased), (vec![], 2));
}

#[test]
fn one_that_was_interrupted_is_unfinished_wherever_it_stopped() {
    let dir = ledger();
    let mut writer = open(dir.path());
    writer.append(&[entry(ERASED, &[1]), entry(ERASED, &[2])], 50).unwrap();
    drop(writer);
    let path = segments(dir.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    let frame = records(&whole)[1].0.clone();
    for zeroed in [frame.start + 121..frame.start + 125, frame.start + 121..frame.start + 137] {
        fs::write(&path, &whole).unwrap();
        edit(&path, |bytes| bytes[zeroed].fill(0));
        assert_eq!(found(dir.path()), [(Code::ErasureUnfinished, Some(2))]);
    }
}

#[test]
fn an_erasure_in_a_torn_tail_permits_nothing() {
    let dir = ledger();
    let mut writer = open(dir.path());
    while segments(dir.path()).len() < 3 {
        writer.append(&[note("g")], 50).unwrap();
    }
    writer.append(&[entry(ERASED, &[2])], 50).unwrap();
    assert_eq!(segments(dir.path()).len(), 3);
    writer.erase(&[2]).unwrap();
    drop(writer);
    assert_eq!(found(dir.path()), []);
    let path = segments(dir.path()).pop().unwrap();
    edit(&path, |bytes| bytes.truncate(bytes.len() - 5));
    assert!(report(dir.path()).tail.is_some());
    assert_eq!(found(dir.path()), [(Code::ErasedUnnamed, Some(2))]);
}
