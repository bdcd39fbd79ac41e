//! What must hold of any bytes: nothing panics, and what is read is written again the same. Each function is one
//! target: for the fuzzer (`targets/`), and for the bounded tests where there is no fuzzer (`tests/`).

mod names;

use annals::claim::Problems;
use annals::codec;
use annals::date::{Bound, ClockWindow, Interval};
use annals::event::{Entered, Event, EventKind};
use annals::evidence::{About, Sought, extract, find_quote};
use annals::exchange::{Lines, event_json, read_line, read_line_by_tree, write_line};
use annals::frame::{
    Cut, HEADER_LEN, Header, Record, cut, declared_len, join_frame, join_seal, len_despite_guard, record_of,
    seems_to_begin,
};
use annals::note::{Policy, PublicKey, SignedNote};
use annals::share::stamp::{Authorities, Nonce, Response};
use annals::value::{Quantity, Typed, ValueType, fold_symbol, fold_text};

use names::AnyNames;

/// A target: its name, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 11] = [
    ("frame", frame),
    ("codec", codec),
    ("date", date),
    ("lines", lines),
    ("readers", readers),
    ("value", value),
    ("clock", clock),
    ("seal", seal),
    ("stamp", stamp),
    ("note", note),
    ("copy", copy),
];

/// Records: one that is cut is joined to the same bytes; cutting always gets on, or ends.
pub fn frame(bytes: &[u8]) {
    let mut rest = bytes;
    loop {
        // What searches behind damage has to bear with any place.
        let _ = (len_despite_guard(rest), seems_to_begin(rest));
        match cut(rest) {
            Cut::Record(record, len) => {
                let (whole, behind) = rest.split_at(len);
                assert_eq!(declared_len(whole), Some(len));
                assert_eq!(record_of(whole).as_ref(), Some(&record));
                let mut again = Vec::new();
                match &record {
                    Record::Frame(frame) => join_frame(frame, &mut again),
                    Record::Seal(seal) => join_seal(seal, &mut again).expect("what was read keeps within the limits"),
                }
                assert_eq!(again, whole);
                rest = behind;
            }
            Cut::NeedMore { missing } => {
                assert!(missing > 0);
                return;
            }
            Cut::Damaged(_) if rest.is_empty() => return,
            Cut::Damaged(_) => rest = &rest[1..],
        }
    }
}

/// Payloads, the kind in the first byte: what is decoded encodes to the same bytes, and a claim's line is read again.
pub fn codec(bytes: &[u8]) {
    let Some((kind, payload)) = bytes.split_first() else { return };
    let Some(kind) = EventKind::of_number(u16::from(*kind)) else { return };
    let Ok(entered) = codec::decode(kind, payload) else { return };
    let Entered { event, first } = &entered;
    assert_eq!(event.kind(), kind);
    assert_eq!(codec::encode(event, first.as_ref()).expect("it was decoded"), payload);
    if let Some(line) = event_json(event, &AnyNames, None).filter(|_| !matches!(event, Event::Corrected { .. })) {
        let mut text = Vec::new();
        write_line(&mut text, &line).expect("memory can be written");
        let text = String::from_utf8(text).expect("a line is text");
        let again = read_line(&text);
        // What a line may not say, such as a link to itself, a forged log may say all the same; but not of claims.
        assert!(again.is_ok() || !matches!(event, Event::ClaimAsserted(_)), "{text}: {again:?}");
    }
}

/// Dates: the text is kept, its print is read as the same, its window is in order.
pub fn date(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(Ok(interval)) = Interval::parse(text) {
        assert!(text.contains('/'), "{interval:?}");
    }
    match Bound::parse(text) {
        Ok(bound) => {
            assert_eq!(bound.text(), text);
            assert_eq!(Bound::parse(&bound.to_string()).as_ref(), Ok(&bound));
            if let Some(window) = bound.window() {
                assert!(window.earliest <= window.latest, "{text}");
                let again = Bound::parse(&window.to_string()).expect("a window's words are a date");
                assert_eq!(again.window(), Some(window), "{text}");
            }
        }
        Err(error) => assert!(!error.to_string().is_empty() && !error.hint().is_empty()),
    }
}

/// Lines of an import: each is read, or refused with a reason; blank ones are passed by.
pub fn lines(bytes: &[u8]) {
    let mut lines = Lines::new(bytes);
    let mut last = 0;
    while let Some(line) = lines.next_line().expect("bytes can be read") {
        assert!(line.number > last);
        last = line.number;
        if let Err(problems) = line.text.map_err(Problems::from).and_then(read_line) {
            assert!(problems.iter().all(|problem| !problem.reason.is_empty()));
        }
    }
    assert_eq!(lines.bytes_read(), bytes.len() as u64);
}

/// A line, read in one pass or by way of a tree: both say the same, in what they take and in what they refuse.
pub fn readers(bytes: &[u8]) {
    let Ok(line) = std::str::from_utf8(bytes) else { return };
    assert_eq!(read_line(line), read_line_by_tree(line));
}

/// Values as they are typed, the declared type in the first byte.
pub fn value(bytes: &[u8]) {
    let Some((kind, words)) = bytes.split_first() else { return };
    let Ok(words) = std::str::from_utf8(words) else { return };
    let declared = ValueType::ALL.get(usize::from(*kind) % (ValueType::ALL.len() + 1)).copied();
    match Typed::Words(words.into()).resolve(declared, None) {
        Ok(value) => {
            let again = Typed::Plain(value.clone()).resolve(declared, None).expect("it was accepted");
            assert_eq!(again, value);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(quantity) = Quantity::parse(words) {
        assert_eq!(Quantity::parse(&quantity.to_string()).as_ref(), Ok(&quantity), "{words:?}");
        assert!(Quantity::common_part(&[&quantity, &quantity]).is_some(), "{words:?}");
    }
    assert_eq!(fold_text(&fold_text(words)), fold_text(words));
    assert_eq!(fold_symbol(&fold_symbol(words)), fold_symbol(words));
}

/// Times of day: the text is kept; no window is over before itself.
pub fn clock(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(clock) = ClockWindow::parse(text) {
        assert_eq!(clock.text(), text);
        assert_eq!(ClockWindow::parse(&clock.to_string()).as_ref(), Ok(&clock));
        // A single minute touches itself; what lasts overlaps itself.
        let minutes = clock.minutes();
        assert!(minutes.start == minutes.end || !minutes.is_before(minutes));
    }
}

/// Headers of segments and seals: what is read is written the same.
pub fn seal(bytes: &[u8]) {
    if let Ok(header) = Header::from_bytes(bytes) {
        assert_eq!(Some(&header.to_bytes()[..]), bytes.get(..HEADER_LEN));
    }
    // A seal with a good guard: the fuzzer need not find out how lengths are guarded.
    let len = u32::try_from(bytes.len() + 1).unwrap_or(u32::MAX);
    let mut record = [len.to_le_bytes(), (!len).to_le_bytes()].concat();
    record.push(b'S');
    record.extend_from_slice(bytes);
    frame(&record);
    // A header with a good checksum.
    if let Some(fields) = bytes.first_chunk::<80>() {
        let header = Header {
            ledger: annals::chain::Hash(fields[..32].try_into().expect("32 bytes")),
            first_seq: u64::from_le_bytes(fields[32..40].try_into().expect("8 bytes")),
            prev: annals::chain::Hash(fields[40..72].try_into().expect("32 bytes")),
        };
        assert_eq!(Header::from_bytes(&header.to_bytes()), Ok(header));
    }
}

/// Answers of authorities of time, and the certificates of CAs: what holds, holds at the time that it says, for nobody but
/// those who were trusted, and for nothing but what it stamps.
pub fn stamp(bytes: &[u8]) {
    let own = Authorities::parse(bytes);
    let trusted = Authorities::parse(include_bytes!("../../fixtures/stamps/ca.pem")).expect("it is a certificate");
    let other = Authorities::parse(include_bytes!("../../fixtures/stamps/other-ca.pem")).expect("it is a certificate");
    match Response::parse(bytes) {
        Ok(response) => {
            let _ = Nonce::in_response(&response);
            let imprint = response.imprint().unwrap_or(annals::chain::Hash([0; 32]));
            if let Ok(stamp) = response.verify(&imprint, &trusted) {
                assert_eq!(stamp.at_micros, response.says_at_micros());
                // Those that the trusted CA's authorities ever signed stamp one head, at one second, or something else.
                assert_eq!(stamp.at_micros / 2_000_000, 1_795_710_746_000_000 / 2_000_000);
            }
            assert!(response.verify(&imprint, &other).is_err());
            assert!(response.verify(&annals::chain::Hash([7; 32]), &trusted).is_err());
        }
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
    if let Err(refusal) = own {
        assert!(!refusal.to_string().is_empty());
    }
}

/// Notes, keys and policies: what is read is written the same, and a policy accepts nothing but what was signed.
pub fn note(bytes: &[u8]) {
    const COSIGNED: &str = include_str!("../seeds/note/cosigned");
    let text = std::str::from_utf8(bytes).ok();
    let cosigned = SignedNote::parse(COSIGNED).expect("it is a note");
    let trusted = Policy::parse(include_bytes!("../seeds/note/policy")).expect("it is a policy");
    if let Some(note) = text.and_then(SignedNote::parse) {
        assert_eq!(Some(note.to_string().as_str()), text);
        if trusted.judge(&note).is_ok_and(|judged| judged.is_reached) {
            assert_eq!(note.text(), cosigned.text());
        }
    }
    if let Some(key) = text.and_then(PublicKey::parse) {
        assert_eq!(Some(key.to_string().as_str()), text);
    }
    match Policy::parse(bytes) {
        Ok(policy) => match policy.judge(&cosigned) {
            Ok(judged) => assert_eq!(judged.witnesses.len() + judged.missing.len(), policy.witnesses().len()),
            Err(why) => assert!(!why.is_empty()),
        },
        Err(why) => assert!(!why.is_empty()),
    }
}

/// Captured copies: whatever has a text can be searched, and every place of a quote is one of that text.
pub fn copy(bytes: &[u8]) {
    let about = About { media_type: Some("text/html".to_owned()).filter(|_| bytes.len() % 2 == 0), url: None };
    let Ok(text) = extract(bytes, &about) else { return };
    for line in text.shown.lines().take(20) {
        if let Sought::Occurs { places, .. } = find_quote(&text, line) {
            assert!(places.iter().flatten().all(|place| text.shown.get(place.clone()).is_some()), "{line:?}");
        }
    }
}
