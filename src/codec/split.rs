//! What is kept of a claim beside the log, for whoever has just encoded it: nothing has to be read again.

use super::{brief_claim, encode, facts};
use crate::claim::Claim;
use crate::pack::Pack;

/// What the fold needs of a claim, as [`brief_claim`] gives it.
#[must_use]
pub fn facts_of(claim: &Claim) -> Vec<u8> {
    let mut pack = Pack::default();
    facts::put(&mut pack, &encode::claim(claim));
    pack.done()
}

/// A claim's payload without its texts, as [`brief_claim`] gives it, cut out of that and put in the place of `brief`.
pub fn cut_brief(claim: &Claim, payload: &[u8], brief: &mut Vec<u8>) {
    brief.clear();
    if add_pieces(claim, payload, brief).is_none() {
        brief.clear();
        // Only if the payload is another's.
        brief.extend(brief_claim(payload).map(|brief| brief.bytes).unwrap_or_default());
    }
}

/// Quote, evidence, address, language and notes stand last in a payload, in this order.
fn add_pieces(claim: &Claim, payload: &[u8], brief: &mut Vec<u8>) -> Option<()> {
    let reference = &claim.reference;
    let behind = [&reference.url, &reference.lang, &reference.dating_note, &reference.note];
    let behind_len: usize = behind.into_iter().map(|text| maybe_len(text.as_deref())).sum();
    let evidence_len = uint_len(reference.evidence.len())
        + reference.evidence.iter().map(|digest| uint_len(digest.len()) + digest.len()).sum::<usize>();
    let evidence_end = payload.len().checked_sub(behind_len)?;
    let evidence = evidence_end.checked_sub(evidence_len)?;
    let quote = evidence.checked_sub(maybe_len(reference.quote.as_deref()))?;
    brief.extend_from_slice(payload.get(..quote)?);
    brief.push(NONE);
    brief.extend_from_slice(payload.get(evidence..evidence_end)?);
    brief.extend_from_slice(&[NONE; 4]);
    Some(())
}

/// Stands for a text that is not there.
const NONE: u8 = 0;

fn maybe_len(text: Option<&str>) -> usize {
    text.map_or(1, |text| 1 + uint_len(text.len()) + text.len())
}

/// How many bytes a number takes.
fn uint_len(number: usize) -> usize {
    match number {
        0..=250 => 1,
        251..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Polarity, Reference, Statement, Valid};
    use crate::codec::encode;
    use crate::event::Event;
    use crate::seq::Seq;
    use crate::value::Value;

    #[test]
    fn what_is_cut_out_is_what_is_read() {
        let text = |len: usize| (len > 0).then(|| "x".repeat(len).into());
        let mut brief = Vec::new();
        for (number, lens) in
            [[0; 5], [1, 0, 2, 0, 3], [250, 251, 0, 7, 0], [65_535, 0, 1, 250, 0], [0, 40, 0, 0, 65_536]]
                .into_iter()
                .enumerate()
        {
            let [quote, url, lang, dating_note, note] = lens.map(text);
            let evidence = (0..number * 90).map(|digest| format!("d{digest}").into()).collect();
            let reference = Reference { said_on: None, quote, evidence, url, lang, dating_note, note };
            let statement = Statement {
                subject: Seq(3),
                attribute: Seq(400),
                value: Value::Symbol("off".into()),
                polarity: Polarity::Affirm,
                valid: Valid::Timeless,
            };
            let claim = Claim { statement, chain: Vec::new(), reference, id: Some("c088".into()) };
            let payload = encode(&Event::ClaimAsserted(claim.clone())).unwrap();
            assert!(add_pieces(&claim, &payload, &mut Vec::new()).is_some());
            cut_brief(&claim, &payload, &mut brief);
            let read = brief_claim(&payload).unwrap();
            assert!(brief == read.bytes && facts_of(&claim) == read.facts, "{lens:?}");
        }
    }
}
