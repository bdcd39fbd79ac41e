//! Payloads without the texts that no answer depends on, for keeping beside the log.

use super::decode::{decode_any, get};
use super::encode::put;
use super::{DecodeError, wire};
use crate::event::{Event, EventKind};

/// A payload of the log with a claim's quote, address, language and notes left out. Other kinds are kept whole.
///
/// # Errors
/// If the bytes are no payload of this kind.
pub fn brief(kind: EventKind, payload: &[u8]) -> Result<Vec<u8>, DecodeError> {
    if !matches!(kind, EventKind::ClaimAsserted | EventKind::PeriodsAsserted) {
        return Ok(payload.to_vec());
    }
    let whole: wire::Claim<'_> = get(payload)?;
    let claim = wire::Claim { quote: None, url: None, lang: None, dating_note: None, note: None, ..whole };
    let mut bytes = Vec::with_capacity(payload.len().min(160));
    put(&mut bytes, &claim);
    Ok(bytes)
}

/// The event of what [`brief`] gave. It was decoded in full once, so it is not encoded again to compare.
///
/// # Errors
/// If the bytes are no event of this kind.
pub fn decode_brief(kind: EventKind, bytes: &[u8]) -> Result<Event, DecodeError> {
    decode_any(kind, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Claim, Polarity, Reference, Statement, Valid};
    use crate::codec::encode;
    use crate::seq::Seq;
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
        let kept = brief(event.kind(), &encode(&event).unwrap()).unwrap();
        let reference = &mut claim.reference;
        (reference.quote, reference.url, reference.lang) = (None, None, None);
        (reference.dating_note, reference.note) = (None, None);
        assert_eq!(decode_brief(event.kind(), &kept), Ok(Event::ClaimAsserted(claim)));
    }

    #[test]
    fn other_kinds_are_kept_whole_and_nonsense_is_refused() {
        let event = Event::ActorRegistered { name: "desk".into() };
        let payload = encode(&event).unwrap();
        assert_eq!(brief(event.kind(), &payload).unwrap(), payload);
        assert!(brief(EventKind::ClaimAsserted, b"\xff\xff").is_err());
    }
}
