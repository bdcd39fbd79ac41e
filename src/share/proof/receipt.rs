//! The text of a receipt: events as they lie in the log, and the way from them to the root of a head.

use super::{hash_lines, hashes_of, vouched, with_heading};
use crate::chain::{Hash, SALT_LEN};
use crate::event::EventKind;
use crate::frame::{ENVELOPE_LEN, Envelope};
use crate::ledger::read::erased::erased_target;
use crate::note::{Checkpoint, ProvenHead, base64, of_base64};

const TITLE: &str = "annals receipt v1";
/// A proof that other tools read: C2SP's of one entry.
const OF_ONE: &str = "c2sp.org/tlog-proof@v1";
/// A proof of several entries, with an index for each.
const OF_SEVERAL: &str = "annals.tlog-proofs@v1";

/// An event as it lies in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) envelope: [u8; ENVELOPE_LEN],
    /// Salt and payload; none if they are not shown.
    pub(super) body: Option<([u8; SALT_LEN], Vec<u8>)>,
}

impl Shown {
    pub(super) fn fields(&self) -> Envelope {
        Envelope::fields_of(&self.envelope)
    }

    /// The earlier event that this one erases, if it is shown to be an erasure.
    fn erases(&self) -> Option<u64> {
        let (_, payload) = self.body.as_ref()?;
        let Envelope { kind, seq, .. } = self.fields();
        erased_target(kind, payload).filter(|target| *target < seq)
    }
}

/// Events, and the hashes that lead from them to a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// In the order of their numbers.
    pub(super) events: Vec<Shown>,
    pub(super) hashes: Vec<Hash>,
    pub(super) head: ProvenHead,
}

impl Receipt {
    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        for event in &self.events {
            let Shown { envelope, body } = event;
            lines.push(format!("envelope {}", base64(envelope)));
            match body {
                Some((salt, payload)) => {
                    lines.push(format!("salt {}", base64(salt)));
                    lines.push(format!("payload {}", base64(payload)));
                }
                None => lines.push(if self.erased_by(event).is_some() { "erased" } else { "not shown" }.to_owned()),
            }
            lines.push(String::new());
        }
        lines.push(if self.events.len() == 1 { OF_ONE } else { OF_SEVERAL }.to_owned());
        lines.extend(self.events.iter().map(|event| format!("index {}", event.fields().seq.wrapping_sub(1))));
        let proof = lines.join("\n") + "\n" + &hash_lines(&self.hashes);
        with_heading(TITLE, &self.sentence(), &format!("{proof}\n{}", self.head))
    }

    /// The event that erased another: only an erasure that is shown proves that, and not that nothing is shown. One that names what
    /// cannot be erased names nothing.
    pub(super) fn erased_by(&self, event: &Shown) -> Option<u64> {
        let Envelope { seq, kind, .. } = event.fields();
        let is_erasable = EventKind::of_number(kind).is_none_or(EventKind::is_erasable);
        let may_be = event.body.is_none() && is_erasable;
        let by = self.events.iter().find(|other| may_be && other.erases() == Some(seq))?;
        Some(by.fields().seq)
    }

    fn sentence(&self) -> String {
        let seqs: Vec<String> = self.events.iter().map(|event| format!("#{}", event.fields().seq)).collect();
        let Checkpoint { origin, size, .. } = &self.head.checkpoint;
        let these = if seqs.len() == 1 { "event" } else { "events" };
        let root = self.head.root_text();
        format!(
            "The ledger {origin} held {these} {} as below when it had {size} events and the root {root}. {}",
            seqs.join(", "),
            vouched(&self.head)
        )
    }

    /// Reads what [`text`](Receipt::text) writes, and nothing else; none if it is anything else.
    pub(super) fn parse(text: &str) -> Option<Receipt> {
        let mut rest = text.split_once("\n\n")?.1;
        let mut events = Vec::new();
        while rest.starts_with("envelope ") {
            let (event, behind) = rest.split_once("\n\n")?;
            events.push(parse_event(event)?);
            rest = behind;
        }
        let (proof, head) = rest.split_once("\n\n")?;
        let lines = proof.lines().skip(1).skip_while(|line| line.starts_with("index "));
        let receipt = Receipt { events, hashes: hashes_of(lines)?, head: ProvenHead::parse(head)? };
        (receipt.text() == text).then_some(receipt)
    }
}

fn parse_event(text: &str) -> Option<Shown> {
    let mut lines = text.lines();
    let mut field = |name: &str| of_base64(lines.next()?.strip_prefix(name)?);
    let envelope = field("envelope ")?.try_into().ok()?;
    let salt = field("salt ");
    let body = match salt {
        Some(salt) => Some((salt.try_into().ok()?, field("payload ")?)),
        None => None,
    };
    Some(Shown { envelope, body })
}
