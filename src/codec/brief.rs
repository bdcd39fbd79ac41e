//! Payloads without the texts that no answer depends on, for keeping beside the log.

use super::{DecodeError, encode, facts, strict, wire};
use crate::claim::Claim;
use crate::pack::Pack;
use crate::seq::Seq;

/// What is kept of a claim beside the log; its room is used again for the next.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    bytes: Vec<u8>,
    facts: Pack,
}

/// Where a claim belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels<'p> {
    /// Its subject and attribute.
    pub about: (Seq, Seq),
    /// The caller's id of it.
    pub id: Option<&'p str>,
}

impl Brief {
    /// Its payload without quote, address, language and notes; again a claim's payload.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the fold needs of it, for a [`FactsDraft`](super::FactsDraft).
    #[must_use]
    pub fn facts(&self) -> &[u8] {
        self.facts.bytes()
    }

    /// Takes what is kept of a claim's payload. Whether its dates and values can be read is not asked.
    ///
    /// # Errors
    /// If the bytes are no claim's payload, or not in the one spelling.
    pub fn read<'p>(&mut self, payload: &'p [u8]) -> Result<Labels<'p>, DecodeError> {
        let wire::Entered { what, first }: wire::Entered<wire::Claim<'p>> = strict::read(payload)?;
        let labels = Labels { about: (Seq(what.subject), Seq(what.attribute)), id: what.id };
        self.fill(what, first);
        Ok(labels)
    }

    /// The same of a claim that was just encoded.
    pub fn cut(&mut self, claim: &Claim) {
        self.fill(encode::claim(claim), None);
    }

    fn fill(&mut self, claim: wire::Claim<'_>, first: Option<wire::First>) {
        self.bytes.clear();
        self.facts.clear();
        facts::put(&mut self.facts, &claim);
        let what = wire::Claim { quote: None, url: None, lang: None, dating_note: None, note: None, ..claim };
        encode::put(&mut self.bytes, &wire::Entered { what, first });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Claim, Polarity, Reference, Statement, Valid};
    use crate::codec::{decode, encode};
    use crate::event::Event;
    use crate::value::Value;

    #[test]
    fn only_what_no_answer_depends_on_is_left_out() {
        let mut claim = Claim {
            statement: Statement {
                subject: Seq(3),
                attribute: Seq(4),
                value: Value::Symbol("off".into()),
                polarity: Polarity::Deny,
                valid: Valid::Timeless,
            },
            chain: Vec::new(),
            reference: Reference {
                said_on: Some(crate::date::Said::parse("2024-11").unwrap()),
                quote: Some("in the dark".into()),
                evidence: vec!["ab".into()],
                url: Some("https://example.org".into()),
                lang: Some("es".into()),
                dating_note: Some("from the article's date".into()),
                note: Some("a note".into()),
            },
            id: Some("c088".into()),
            is_private: false,
        };
        let event = Event::ClaimAsserted(claim.clone());
        let payload = encode(&event, None).unwrap();
        let mut brief = Brief::default();
        let labels = brief.read(&payload).unwrap();
        assert_eq!(labels, Labels { about: (Seq(3), Seq(4)), id: Some("c088") });
        let reference = &mut claim.reference;
        (reference.quote, reference.url, reference.lang) = (None, None, None);
        (reference.dating_note, reference.note) = (None, None);
        assert_eq!(decode(event.kind(), brief.bytes()), Ok(Event::ClaimAsserted(claim).into()));
    }

    #[test]
    fn nonsense_is_refused() {
        let payload = encode(&Event::ActorRegistered { name: "desk".into(), of: None }, None).unwrap();
        assert!(Brief::default().read(b"\xff\xff").is_err());
        // A number that is written longer than it has to be.
        assert!(Brief::default().read(&[&[251, 3, 0], &payload[..]].concat()).is_err());
    }
}
