//! A claim's payload without its texts, cut out of that: nothing is encoded again.

use super::wire;

/// Adds a claim's payload without quote, address, language and notes to `brief`. They stand last in a payload, in this order, with the
/// evidence behind the quote. `None` if the payload is another's.
pub(super) fn add_pieces(claim: &wire::Claim<'_>, payload: &[u8], brief: &mut Vec<u8>) -> Option<()> {
    let behind_len: usize = [claim.url, claim.lang, claim.dating_note, claim.note].into_iter().map(maybe_len).sum();
    let evidence_len = uint_len(claim.evidence.len())
        + claim.evidence.iter().map(|digest| uint_len(digest.len()) + digest.len()).sum::<usize>();
    let evidence_end = payload.len().checked_sub(behind_len)?;
    let evidence = evidence_end.checked_sub(evidence_len)?;
    let quote = evidence.checked_sub(maybe_len(claim.quote))?;
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
    use crate::claim::{Claim, Polarity, Reference, Statement, Valid};
    use crate::codec::encode::{claim as wire_of, put};
    use crate::codec::{Brief, encode};
    use crate::event::Event;
    use crate::seq::Seq;
    use crate::value::Value;

    #[test]
    fn what_is_cut_out_is_what_encodes_to_the_rest() {
        let text = |len: usize| (len > 0).then(|| "x".repeat(len).into());
        let (mut read, mut cut) = (Brief::default(), Brief::default());
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
            let without_texts =
                |wire| wire::Claim { quote: None, url: None, lang: None, dating_note: None, note: None, ..wire };
            let mut expected = Vec::new();
            put(&mut expected, &without_texts(wire_of(&claim)));
            read.read(&payload).unwrap();
            cut.cut(&claim, &payload).unwrap();
            assert!(read.bytes() == expected && cut.bytes() == expected, "{lens:?}");
            assert_eq!(read.facts(), cut.facts());
        }
    }
}
