//! `docs/format.md` against the program: its list of findings, and a small ledger in annotated hex.

use std::fmt::Write;

use super::*;
use crate::codec;
use crate::event::{Event, Genesis};
use crate::frame::{Cut, Envelope, HEADER_LEN, Header, Record, cut};
use crate::seq::Seq;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/format.md");

#[test]
fn the_document_lists_every_finding() {
    assert!(fs::read_to_string(DOCUMENT).unwrap().contains(&findings()), "expected:\n{}", findings());
}

#[test]
fn the_document_shows_a_ledger_as_it_is_written() {
    assert!(fs::read_to_string(DOCUMENT).unwrap().contains(&example()), "expected:\n{}", example());
}

/// `cargo test -- --ignored rewrite_the_document` puts both where the document has them.
#[test]
#[ignore = "writes to docs/format.md"]
fn rewrite_the_document() {
    let mut text = fs::read_to_string(DOCUMENT).unwrap();
    replace(&mut text, "FINDINGS", "| code |", "\n\n## A published ledger", &findings());
    let end = text.len();
    text.push_str("\n\n# end");
    replace(&mut text, "EXAMPLE", "```\n       0  ", "\n\n# end", &example());
    assert!(text.len() >= end.min(1000));
    fs::write(DOCUMENT, text.trim_end().trim_end_matches("# end").trim_end().to_owned() + "\n").unwrap();
}

fn replace(text: &mut String, placeholder: &str, from: &str, to: &str, with: &str) {
    let begin = text.find(from).or_else(|| text.find(placeholder)).unwrap();
    let end = begin + text[begin..].find(to).unwrap();
    text.replace_range(begin..end, with);
}

fn findings() -> String {
    let rows = Code::ALL.iter().map(|code| format!("\n| `{code}` | {} |", code.meaning()));
    format!("| code | meaning |\n|---|---|{}", rows.collect::<String>())
}

fn example() -> String {
    let dir = tempfile::tempdir().unwrap();
    let salted = |kind, actor, salt: u8, payload: &[u8]| Entry {
        kind,
        actor,
        subject: 0,
        attribute: 0,
        body: Committed::new(std::array::from_fn(|at| salt + u8::try_from(at).unwrap()), payload.to_vec()),
    };
    let payload = |event: Event| codec::encode(&event, None).unwrap();
    let genesis = Genesis { origin: "example.org/log".into(), algorithms: vec!["blake3".into()], format: 1 };
    let actor = Event::ActorRegistered { name: "a name".into(), of: None };
    let erased = Event::PayloadErased { target: Seq(2), basis: "order 7".into(), first: None };
    let genesis = salted(1, 0, 0x10, &payload(Event::Genesis(genesis)));
    Log::create(dir.path(), &[genesis], 1_700_000_000_000_000).unwrap();
    let mut writer = Writer::open(dir.path(), 0).unwrap();
    let more = [salted(2, 2, 0x20, &payload(actor)), salted(21, 2, 0x30, &payload(erased))];
    writer.append(&more, 1_699_999_999_000_000).unwrap();
    writer.erase(&[2]).unwrap();
    drop(writer);
    let read_payload = |kind: u16, payload: &[u8]| {
        let event = codec::decode(crate::event::EventKind::of_number(kind).unwrap(), payload).unwrap().event;
        let target = if let Event::PayloadErased { target, .. } = event { Some(target.0) } else { None };
        PayloadRead { told: target.map(|target| Box::new(Told::Erases(target))), ..PayloadRead::default() }
    };
    let options = Options { read_payload: &read_payload, checks_actors: true, ..Options::default() };
    assert_eq!(verify(dir.path(), &options).unwrap().findings, []);
    annotate(&fs::read(&segments(dir.path())[0]).unwrap())
}

/// The bytes of a segment, field by field: offset, bytes, meaning.
fn annotate(bytes: &[u8]) -> String {
    let mut page = Page { text: "```".into(), bytes, at: 0 };
    let header = Header::from_bytes(bytes).unwrap();
    page.fields(&[(8, "magic"), (2, "format 1"), (6, "reserved"), (32, "ledger: the link of event 1")]);
    page.fields(&[(8, &format!("first seq {}", header.first_seq)), (32, "prev"), (32, "checksum")]);
    assert_eq!(page.at, HEADER_LEN);
    while let Cut::Record(record, len) = cut(&bytes[page.at..]) {
        page.text.push('\n');
        page.fields(&[(4, &format!("len {}", len - 8)), (4, "guard")]);
        match record {
            Record::Frame(raw) => page.frame(&Envelope::fields_of(raw.envelope)),
            Record::Seal(seal) => {
                page.fields(&[(1, "type: seal"), (8, &format!("size {}", seal.size))]);
                page.fields(&[(32, "head"), (32, "root"), (1, "no signatures"), (32, "tip")]);
            }
        }
    }
    assert_eq!(page.at, bytes.len());
    page.text + "\n```"
}

struct Page<'a> {
    text: String,
    bytes: &'a [u8],
    at: usize,
}

impl Page<'_> {
    fn frame(&mut self, envelope: &Envelope) {
        let number = |name: &str, value: &dyn std::fmt::Display| format!("{name} {value}");
        self.fields(&[(1, "type: frame"), (1, "version 1"), (1, &number("flags", &envelope.flags))]);
        self.fields(&[(2, &number("kind", &envelope.kind)), (4, &number("payload_len", &envelope.payload_len))]);
        self.fields(&[(8, &number("seq", &envelope.seq)), (8, &number("recorded_at", &envelope.recorded_at))]);
        self.fields(&[(8, &number("actor", &envelope.actor)), (8, &number("subject", &envelope.subject))]);
        self.fields(&[(8, &number("attribute", &envelope.attribute)), (32, "prev"), (32, "commitment")]);
        let erased = self.bytes[self.at] == 0;
        self.fields(&[(16, if erased { "salt, erased" } else { "salt" })]);
        self.fields(&[(envelope.payload_len as usize, if erased { "payload, erased" } else { "payload" })]);
    }

    fn fields(&mut self, fields: &[(usize, &str)]) {
        for (len, meaning) in fields {
            let (lines, mut meaning) = (self.bytes[self.at..self.at + len].chunks(16), *meaning);
            for line in lines {
                let hex: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
                let row = format!("{:8}  {:47}  {meaning}", self.at, hex.join(" "));
                write!(self.text, "\n{}", row.trim_end()).unwrap();
                self.at += line.len();
                meaning = "";
            }
        }
    }
}
