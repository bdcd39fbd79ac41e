//! Writing through a cache: as without one, and nothing that only a cache says.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::chain::{HASH_LEN, SALT_LEN, commitment};
use crate::event::{Event, Proposed};
use crate::exchange::read_line;
use crate::frame::{ENVELOPE_LEN, Envelope, GUARD_LEN};
use crate::keys::Role;
use crate::ledger::{ErrorKind, Founder, ImportOptions, Ledger, Policy, Receipt, VerifyOptions, Writer, verify};
use crate::note::PrivateKey;
use crate::view::{Forged, forge};

const NOW: i64 = 1_732_406_400_000_000;

/// A ledger and a cache of it.
struct Desk {
    dir: TempDir,
    folder: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { dir: tempfile::tempdir().unwrap(), folder: tempfile::tempdir().unwrap() };
        Ledger::create(desk.dir.path(), Some("example.org/test"), NOW).unwrap();
        desk
    }

    /// One with these lines and a cache of them.
    fn with(lines: &str) -> Desk {
        let desk = Desk::new();
        let told = desk.import(lines, false);
        assert!(told.last().unwrap().contains(" 0 Since"), "{told:?}");
        desk.keep();
        desk
    }

    fn cache(&self) -> Cache {
        Cache::in_folder(self.folder.path())
    }

    fn keep(&self) {
        drop(Ledger::open_cached(self.dir.path(), &self.cache()).unwrap());
    }

    fn runs(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let mut runs: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "run")).collect();
        runs.sort_unstable();
        runs
    }

    fn writer(&self, is_cached: bool) -> Writer {
        let dir = self.dir.path();
        if is_cached { Writer::open_cached(dir, &self.cache(), "ana", NOW) } else { Writer::open(dir, "ana", NOW) }
            .unwrap()
    }

    /// Imports lines, and says what was told of them.
    fn import(&self, lines: &str, is_cached: bool) -> Vec<String> {
        let options = ImportOptions { keeps_good: true, ..ImportOptions::default() };
        let mut told = Vec::new();
        let report =
            self.writer(is_cached).import(lines.as_bytes(), options, NOW, |news| told.push(format!("{news:?}")));
        let report = report.unwrap();
        told.push(format!("{} {} {} {:?}", report.events, report.skipped, report.refused, report.since));
        told
    }

    /// Records a line as a person does.
    fn record(&self, line: &str, is_cached: bool) -> Result<Receipt, Error> {
        let proposed: Proposed = read_line(line).unwrap().proposed().unwrap();
        self.writer(is_cached).record(vec![proposed], Policy::default(), NOW)
    }

    /// All that the log says.
    fn events(&self) -> Vec<Option<Event>> {
        let mut events = Vec::new();
        replay(self.dir.path(), |step| {
            if let Step::Event(stored) = step {
                events.push(stored.recorded.event);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        events
    }

    /// Requires that a line is refused for what the cache says, that nothing is recorded, and that it is recorded, as without a
    /// cache, when it is given again.
    fn require_refused(&self, line: &str) {
        let before = self.events();
        let refused = self.record(line, true).unwrap_err();
        assert!(refused.to_string().contains("the cache did not say what the log says"), "{refused}");
        assert_eq!(self.events(), before);
        assert!(self.runs().is_empty(), "it is gone");
        self.record(line, true).unwrap();
        assert!(self.events().len() > before.len());
    }
}

fn claim(id: &str, fields: &str) -> String {
    format!(r#"{{"type":"claim","id":"{id}","attribute":"a","said_by":"paper",{fields}}}"#)
}

/// Lines of every kind, about some numbers; many are refused, repeat others, or act upon what was done away with.
fn lines(from: u64, to: u64) -> String {
    let line = |number: u64| {
        let (subject, day, value) = (number % 5, 1 + number % 9, ["on", "off", "half"][(number % 3) as usize]);
        let at = format!("c{}", number.saturating_sub(1 + number % 23));
        match number % 17 {
            0 => format!(r#"{{"type":"retraction","id":"r{number}","retracts":"{at}","reason":"misread"}}"#),
            1 => format!(
                r#"{{"type":"judgement","entities":["s{subject}","s{}"],"verdict":"same","reason":"x"}}"#,
                number % 3
            ),
            2 => format!(r#"{{"type":"judgement","entities":["s{subject}","s{}"],"verdict":"different"}}"#, number % 4),
            3 | 4 => format!(
                r#"{{"type":"correction","id":"k{number}","corrects":"{at}","reason":"x","claim":{{"id":"c{number}","subject":"s{subject}","attribute":"a","value":"{value}","on":"2024-03-{day:02}","said_by":"paper"}}}}"#
            ),
            5 => format!(
                r#"{{"type":"assessment","claim":"{at}","by":"desk-{}","rating":"{}","rationale":"looked"}}"#,
                number % 2,
                ["true", "false", "mostly"][(number % 3) as usize]
            ),
            6 => format!(r#"{{"type":"reference","claim":"{at}","url":"https://example.org/{}"}}"#, number % 7),
            7 => format!(
                r#"{{"type":"rating","source":"paper","reliability":"{}","on":"2024-01-0{}"}}"#,
                ["A", "B"][(number % 2) as usize],
                1 + number % 3
            ),
            8 => format!(
                r#"{{"type":"entity","key":"s{subject}","label":"S {}","aliases":["alias {}"]}}"#,
                number % 2,
                number % 6
            ),
            9 => format!(r#"{{"type":"retraction","retracts":"{}","reason":"again"}}"#, 2 + number % 40),
            10 => format!(r#"{{"type":"note","about":"{at}","text":"note {}"}}"#, number % 4),
            11 => format!(
                r#"{{"type":"claim","subject":"s{subject}","attribute":"count","value":{{"lower":"5","unit":"{}"}},"on":"2024-03-{day:02}","said_by":"paper"}}"#,
                ["km", "persons"][(number % 2) as usize]
            ),
            12 => format!(r#"{{"type":"approval","approves":"{at}","reason":"seen"}}"#),
            _ => format!(
                r#"{{"type":"claim","id":"c{}","subject":"s{subject}","attribute":"a","value":"{value}","from":"2024-03-{day:02}","said_by":"source-{}","url":"https://example.org/{}"}}"#,
                number - number % 2,
                number % 3,
                number % 4
            ),
        }
    };
    (from..to).map(|number| line(number) + "\n").collect()
}

#[test]
fn what_is_recorded_through_a_cache_is_what_is_recorded_without_one() {
    let (plain, cached) = (Desk::new(), Desk::new());
    // Of different lengths, so that there are several runs, and lines behind all of them.
    for (from, to) in [(0, 150), (100, 230), (230, 240), (200, 300), (300, 420), (0, 420)] {
        let lines = lines(from, to);
        assert_eq!(cached.import(&lines, true), plain.import(&lines, false), "{from} to {to}");
        assert_eq!(cached.events(), plain.events(), "{from} to {to}");
        if from != 230 {
            cached.keep();
        }
    }
    assert!(cached.events().len() > 200, "{}", cached.events().len());
    assert!(!cached.runs().is_empty());
    for number in 400..500 {
        let line = lines(number, number + 1);
        if read_line(&line).is_err() {
            continue;
        }
        let told = |receipt: Result<Receipt, Error>| match receipt {
            Ok(receipt) => format!("{:?}", receipt.staged),
            Err(error) => format!("{error} {error:?}"),
        };
        assert_eq!(told(cached.record(line.trim(), true)), told(plain.record(line.trim(), false)), "{line}");
    }
    assert_eq!(cached.events(), plain.events());
}

/// Two entities and two sources, in this order, and some claims.
fn named(first: &str, second: &str) -> String {
    let mut lines = format!(
        "{{\"type\":\"attribute\",\"key\":\"a\",\"value_type\":\"text\"}}\n{{\"type\":\"entity\",\"key\":\"{first}\"}}\n{{\"type\":\"entity\",\"key\":\"{second}\"}}\n{{\"type\":\"source\",\"key\":\"paper\",\"kind\":\"organisation\"}}\n"
    );
    for number in 0..300 {
        let day = format!("2{number:03}-03-01");
        let fields = format!(r#""subject":"{first}","value":"v{number}","on":"{day}","quote":"quote {number}""#);
        lines += &(claim(&format!("c{number}"), &fields) + "\n");
    }
    lines
}

fn forged(own: &Desk, foreign: &Desk, parts: &[Forged]) {
    forge(&own.runs()[0], &foreign.runs()[0], parts);
}

#[test]
fn a_name_that_the_log_gives_to_another_number_comes_into_no_event() {
    let (desk, other) = (Desk::with(&named("embassy", "school")), Desk::with(&named("school", "embassy")));
    forged(&desk, &other, &[Forged::Shared]);
    desk.require_refused(&claim("new", r#""subject":"embassy","value":"open","on":"2024-05-01""#));
    let number = Ledger::open(desk.dir.path()).unwrap().catalogue().entity_of_key("embassy").unwrap();
    let Some(Event::ClaimAsserted(claim)) = desk.events().pop().flatten() else { panic!("a claim") };
    assert_eq!(claim.statement.subject, number);
}

/// Lets two entities change their keys, which are of one length, in the log, with the commitments that belong to them.
fn exchange_keys(desk: &Desk, keys: [&str; 2]) {
    let mut places = Vec::new();
    replay(desk.dir.path(), |step| {
        if let Step::Event(stored) = step
            && let Some(Event::EntityRegistered(entity)) = &stored.recorded.event
            && keys.contains(&&*entity.key)
        {
            places.push((entity.key.clone(), usize::try_from(stored.offset).unwrap()));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    let segment = desk.dir.path().join("log/000000000001.seg");
    let mut bytes = fs::read(&segment).unwrap();
    for (key, offset) in places {
        let salt_at = offset + GUARD_LEN + 1 + ENVELOPE_LEN;
        let payload_at = salt_at + SALT_LEN;
        let envelope = Envelope::fields_of(bytes[salt_at - ENVELOPE_LEN..salt_at].try_into().unwrap());
        let payload_end = payload_at + usize::try_from(envelope.payload_len).unwrap();
        let payload = &mut bytes[payload_at..payload_end];
        let at = payload.windows(key.len()).position(|text| text == key.as_bytes()).unwrap();
        let other = if *key == *keys[0] { keys[1] } else { keys[0] };
        payload[at..at + other.len()].copy_from_slice(other.as_bytes());
        let commitment = commitment(bytes[salt_at..payload_at].try_into().unwrap(), &bytes[payload_at..payload_end]);
        bytes[salt_at - HASH_LEN..salt_at].copy_from_slice(&commitment.0);
    }
    fs::write(&segment, &bytes).unwrap();
}

/// The cache and the log say the same; only the path to the sealed root shows that it was never recorded so.
#[test]
fn a_name_that_was_changed_in_the_log_and_in_the_cache_comes_into_no_event() {
    let (desk, other) = (Desk::with(&named("embassy", "council")), Desk::with(&named("council", "embassy")));
    forged(&desk, &other, &[Forged::Shared]);
    exchange_keys(&desk, ["embassy", "council"]);
    let log = || fs::read(desk.dir.path().join("log/000000000001.seg")).unwrap();
    let before = log();
    let line = claim("new", r#""subject":"embassy","value":"open","on":"2024-05-01""#);
    let refused = desk.record(&line, true).unwrap_err();
    assert!(refused.to_string().contains("the cache did not say what the log says"), "{refused}");
    assert!(log() == before);
    let damaged = Writer::open_cached(desk.dir.path(), &desk.cache(), "ana", NOW).err().unwrap();
    assert_eq!(damaged.kind(), ErrorKind::Damaged, "{damaged}");
}

#[test]
fn a_label_that_leads_to_another_entity_comes_into_no_event() {
    let labelled = |embassy: &str, school: &str| {
        let label =
            |key: &str, label: &str| format!("{{\"type\":\"entity\",\"key\":\"{key}\",\"label\":\"{label}\"}}\n");
        format!("{}{}{}", label("embassy", embassy), label("school", school), named("embassy", "school"))
    };
    let (desk, other) = (Desk::with(&labelled("The post", "Class")), Desk::with(&labelled("Class", "The post")));
    forged(&desk, &other, &[Forged::Shared]);
    desk.require_refused(&claim("new", r#""subject":"school","value":"open","on":"2024-05-01""#));
}

#[test]
fn a_definition_that_the_log_does_not_have_comes_into_no_event() {
    let symbols = |lines: &str| lines.replace(r#""value_type":"text""#, r#""value_type":"symbol""#);
    let (desk, other) = (Desk::with(&named("embassy", "school")), Desk::with(&symbols(&named("embassy", "school"))));
    forged(&desk, &other, &[Forged::Shared]);
    desk.require_refused(&claim("new", r#""subject":"embassy","value":"open","on":"2024-05-01""#));
}

#[test]
fn an_actor_who_has_another_number_enters_nothing() {
    let desk = Desk::with(&named("embassy", "school"));
    let other = Desk::new();
    let lines = named("embassy", "school");
    let writer = Writer::open(other.dir.path(), "eva", NOW).unwrap();
    writer.import(lines.as_bytes(), ImportOptions::default(), NOW, |_| ()).unwrap();
    other.keep();
    // Who is called ana there is eva here.
    let name = |desk: &Desk| desk.writer(false).catalogue().actor_of_name("ana");
    assert!(name(&desk).is_some() && name(&other).is_none());
    forged(&other, &desk, &[Forged::Shared]);
    other.require_refused(&claim("new", r#""subject":"embassy","value":"open","on":"2024-05-01""#));
}

#[test]
fn places_hashes_and_roots_that_are_not_those_of_the_log_change_nothing_that_is_recorded() {
    let other = Desk::with(&named("embassy", "school").replace("quote ", "word "));
    let retraction = r#"{"type":"retraction","retracts":"c7","reason":"misread"}"#;
    for part in [Forged::Offsets, Forged::Roots, Forged::Blocks] {
        let desk = Desk::with(&named("embassy", "school"));
        forged(&desk, &other, &[part]);
        match desk.record(retraction, true) {
            Ok(_) => {}
            Err(error) => {
                assert!(error.to_string().contains("the cache did not say"), "{part:?}: {error}");
                desk.record(retraction, true).unwrap();
            }
        }
        let Some(Event::Retracted(act)) = desk.events().pop().flatten() else { panic!("{part:?}: a retraction") };
        assert_eq!(Ledger::open(desk.dir.path()).unwrap().find("c7").unwrap(), act.target, "{part:?}");
    }
    // Hashes by which c7 is another event.
    let shifted =
        named("embassy", "school").replace(r#""id":"c"#, r#""id":"x"#).replace(r#""id":"x6""#, r#""id":"c7""#);
    let (desk, other) = (Desk::with(&named("embassy", "school")), Desk::with(&shifted));
    forged(&desk, &other, &[Forged::Lookups]);
    let told = desk.record(retraction, true).unwrap_err().to_string();
    assert!(told.contains("is no event of this ledger"), "{told}");
}

/// What is hidden cannot be missed. Then what is recorded is a claim once more, as it was typed.
#[test]
fn a_claim_that_is_hidden_may_be_recorded_twice_and_never_otherwise() {
    let without = named("embassy", "school").replace(r#""value":"v7""#, r#""value":"w7""#);
    let (desk, other) = (Desk::with(&named("embassy", "school")), Desk::with(&without));
    let again = claim("again", r#""subject":"embassy","value":"v7","on":"2007-03-01","quote":"quote 7""#);
    let told = desk.record(&again, true).unwrap_err().to_string();
    assert!(told.contains("recorded already"), "{told}");
    forged(&desk, &other, &[Forged::Lookups]);
    desk.record(&again, true).unwrap();
    let events = desk.events();
    let said = |text: &str| {
        let value = |event: &&Option<Event>| matches!(event, Some(Event::ClaimAsserted(claim)) if claim.reference.quote.as_deref() == Some(text));
        events.iter().filter(value).count()
    };
    assert_eq!((said("quote 7"), said("quote 8")), (2, 1));
    let options = VerifyOptions { threads: 1, cache: Some(desk.cache()), ..VerifyOptions::default() };
    assert!(verify(desk.dir.path(), &options, &|_, _| ()).unwrap().cache.unwrap().differing.len() == 1);
}

fn key(seed: u8) -> PrivateKey {
    PrivateKey::of_seed("chief", &[seed; 32]).unwrap()
}

/// A ledger that this key signs, with some claims and a cache.
fn signed(seed: u8) -> Desk {
    let desk = Desk { dir: tempfile::tempdir().unwrap(), folder: tempfile::tempdir().unwrap() };
    let founder = Founder { actor: "ana", key: key(seed) };
    Ledger::create_by(desk.dir.path(), Some("example.org/test"), Some(founder), NOW).unwrap();
    let mut writer = desk.writer(false);
    writer.sign_with(key(seed));
    let lines = named("embassy", "school");
    writer.import(lines.as_bytes(), ImportOptions::default(), NOW, |_| ()).unwrap();
    desk.keep();
    desk
}

#[test]
fn a_key_that_the_log_does_not_authorise_seals_nothing() {
    let proposed = || {
        read_line(&claim("new", r#""subject":"embassy","value":"open","on":"2024-05-01""#)).unwrap().proposed().unwrap()
    };
    let record = |desk: &Desk, seed: Option<u8>| {
        let mut writer = desk.writer(true);
        if let Some(seed) = seed {
            writer.sign_with(key(seed));
        }
        writer.record(vec![proposed()], Policy::default(), NOW)
    };
    // Another key in its place; a ledger that is said to have none.
    let (desk, other) = (signed(7), signed(8));
    let before = desk.events();
    forged(&desk, &other, &[Forged::Shared]);
    assert!(record(&desk, Some(8)).is_err());
    assert_eq!(desk.events(), before);
    let desk = signed(7);
    let unsigned = Desk::new();
    let more = "{\"type\":\"note\",\"text\":\"one\"}\n".to_owned() + &named("embassy", "school");
    unsigned.import(&more, false);
    unsigned.keep();
    forged(&desk, &unsigned, &[Forged::Shared]);
    assert!(record(&desk, None).is_err());
    assert_eq!(desk.events(), before);
    // Without a lie it is sealed, and counts.
    let desk = signed(7);
    record(&desk, Some(7)).unwrap();
    assert_eq!(desk.events().len(), before.len() + 1);
}

/// A cache in which two keys changed their names: the one of the other name is not revoked.
#[test]
fn a_key_that_the_cache_calls_otherwise_is_not_revoked() {
    let founded = |names: [&str; 2]| {
        let desk = signed(7);
        let mut writer = desk.writer(false);
        writer.sign_with(key(7));
        for (name, seed) in names.into_iter().zip([1, 2]) {
            let public = PrivateKey::of_seed(name, &[seed; 32]).unwrap().public();
            writer.authorise(&public, &[Role::Append], NOW).unwrap();
        }
        drop(writer);
        let _ = desk.cache().clear();
        desk.keep();
        desk
    };
    let revoke = |desk: &Desk| {
        let mut writer = desk.writer(true);
        writer.sign_with(key(7));
        writer.revoke("ben", "lost", NOW)
    };
    let (desk, other) = (founded(["ana", "ben"]), founded(["ben", "ana"]));
    let before = desk.events();
    forged(&desk, &other, &[Forged::Shared]);
    let refused = revoke(&desk).unwrap_err();
    assert!(refused.to_string().contains("the cache did not say what the log says"), "{refused}");
    assert_eq!(desk.events(), before);
}

#[test]
fn what_was_erased_since_the_cache_was_made_leaves_it_when_somebody_writes() {
    let lines = named("embassy", "school").replace(r#""value":"v0""#, r#""value":"whispered""#);
    let desk = Desk::with(&lines);
    let secret = Ledger::open(desk.dir.path()).unwrap().find("c0").unwrap();
    desk.writer(false).erase(&[secret], "by law", NOW).unwrap();
    let holds = || desk.runs().iter().any(|run| fs::read(run).unwrap().windows(9).any(|bytes| bytes == b"whispered"));
    assert!(holds());
    let line = claim("c0", r#""subject":"embassy","value":"whispered","on":"2000-03-01""#);
    let receipt = desk.record(&line, true).unwrap();
    assert!(receipt.staged[0].warnings.iter().any(|told| told.contains("was erased by")), "{:?}", receipt.staged);
    // The new claim says it again, and is behind the run.
    assert!(!holds());
    let events = desk.events();
    assert!(events[usize::try_from(secret.0).unwrap() - 1].is_none());
}
