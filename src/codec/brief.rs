//! Payloads without the texts that no answer depends on, for keeping beside the log.

use super::split::add_pieces;
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
        let whole: wire::Claim<'p> = strict::read(payload)?;
        // What was read in the one spelling is as long as its fields are.
        self.fill(&whole, payload).ok_or(DecodeError::NotCanonical)?;
        Ok(Labels { about: (Seq(whole.subject), Seq(whole.attribute)), id: whole.id })
    }

    /// The same of a claim that was just encoded to this payload.
    ///
    /// # Errors
    /// If the payload is another's.
    pub fn cut(&mut self, claim: &Claim, payload: &[u8]) -> Result<(), DecodeError> {
        self.fill(&encode::claim(claim), payload).ok_or(DecodeError::NotCanonical)
    }

    fn fill(&mut self, claim: &wire::Claim<'_>, payload: &[u8]) -> Option<()> {
        self.bytes.clear();
        self.facts.clear();
        facts::put(&mut self.facts, claim);
        add_pieces(claim, payload, &mut self.bytes)
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
                said_on: Some(crate::date::Bound::parse("2024-11").unwrap()),
                quote: Some("in the dark".into()),
                evidence: vec!["ab".into()],
                url: Some("https://example.org".into()),
                lang: Some("es".into()),
                dating_note: Some("from the article's date".into()),
                note: Some("a note".into()),
            },
            id: Some("c088".into()),
        };
        let event = Event::ClaimAsserted(claim.clone());
        let payload = encode(&event).unwrap();
        let mut brief = Brief::default();
        let labels = brief.read(&payload).unwrap();
        assert_eq!(labels, Labels { about: (Seq(3), Seq(4)), id: Some("c088") });
        let reference = &mut claim.reference;
        (reference.quote, reference.url, reference.lang) = (None, None, None);
        (reference.dating_note, reference.note) = (None, None);
        assert_eq!(decode(event.kind(), brief.bytes()), Ok(Event::ClaimAsserted(claim)));
    }

    #[test]
    fn nonsense_is_refused() {
        let payload = encode(&Event::ActorRegistered { name: "desk".into() }).unwrap();
        assert!(Brief::default().read(b"\xff\xff").is_err());
        // A number that is written longer than it has to be.
        assert!(Brief::default().read(&[&[251, 3, 0], &payload[..]].concat()).is_err());
    }
}
