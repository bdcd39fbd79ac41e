//! What the fold needs of a key, from the index.

use crate::codec::{Fact, FactsRead, NotRead};
use crate::index::Unusable;
use crate::projection::Facts;
use crate::seq::Seq;

/// Takes in what the index has of a key, with the caller's ids; `false` if there is more to be read of it.
///
/// # Errors
/// [`Unusable`] if that cannot be read.
pub(super) fn take_key_facts<'b>(
    bytes: &'b [u8],
    about: (Seq, Seq),
    facts: &mut Facts,
    mut see_id: impl FnMut(Seq, &'b [u8]),
) -> Result<bool, Unusable> {
    /// What a claim takes, in bytes; few take less.
    const FACT_LEN: usize = 32;
    facts.reserve(bytes.len() / FACT_LEN);
    let mut read = FactsRead::new(bytes, about);
    loop {
        match read.read() {
            Ok(Some(Fact::Claim(fact, id))) => {
                if let Some(id) = id {
                    see_id(fact.seq, id);
                }
                facts.take_claim(fact);
            }
            Ok(Some(Fact::Act(act))) => facts.take_act(act),
            Ok(Some(Fact::Erased(seq))) => facts.take_erased(seq, about.0, about.1),
            Ok(Some(Fact::Commit(last, at_micros))) => facts.close_commit(last, at_micros),
            Ok(None) => return Ok(true),
            Err(NotRead::Apart) => return Ok(false),
            Err(NotRead::Malformed) => return Err(Unusable::Broken("facts are not readable".to_owned())),
        }
    }
}
