//! Payloads without the texts that no answer depends on, for keeping beside the log.

use super::encode::put;
use super::{DecodeError, strict, wire};
use crate::pack::Pack;
use crate::seq::Seq;

/// What is kept of a claim beside the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Its payload without quote, address, language and notes; again a claim's payload.
    pub bytes: Vec<u8>,
    /// What the fold needs of it, for a [`FactsDraft`](super::FactsDraft).
    pub facts: Vec<u8>,
    /// Its subject and attribute.
    pub about: (Seq, Seq),
    /// The caller's id of it.
    pub id: Option<String>,
}

/// What is kept of a claim's payload. Whether its dates and values can be read is not asked.
///
/// # Errors
/// If the bytes are no claim's payload, or not in the one spelling.
pub fn brief_claim(payload: &[u8]) -> Result<Brief, DecodeError> {
    let whole: wire::Claim<'_> = strict::read(payload)?;
    let (id, about) = (whole.id.map(str::to_owned), (Seq(whole.subject), Seq(whole.attribute)));
    let mut facts = Pack::default();
    super::facts::put(&mut facts, &whole);
    let mut bytes = Vec::with_capacity(payload.len());
    put(&mut bytes, &without_texts(whole));
    Ok(Brief { bytes, facts: facts.done(), about, id })
}

fn without_texts(claim: wire::Claim<'_>) -> wire::Claim<'_> {
    wire::Claim { quote: None, url: None, lang: None, dating_note: None, note: None, ..claim }
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
        let brief = brief_claim(&payload).unwrap();
        assert_eq!((brief.id.as_deref(), brief.about), (Some("c088"), (Seq(3), Seq(4))));
        let reference = &mut claim.reference;
        (reference.quote, reference.url, reference.lang) = (None, None, None);
        (reference.dating_note, reference.note) = (None, None);
        assert_eq!(decode(event.kind(), &brief.bytes), Ok(Event::ClaimAsserted(claim)));
    }

    #[test]
    fn nonsense_is_refused() {
        let payload = encode(&Event::ActorRegistered { name: "desk".into() }).unwrap();
        assert!(brief_claim(b"\xff\xff").is_err());
        // A number that is written longer than it has to be.
        assert!(brief_claim(&[&[251, 3, 0], &payload[..]].concat()).is_err());
    }
}
