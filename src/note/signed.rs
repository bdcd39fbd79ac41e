//! The signed note: a text, and who signed it (C2SP signed-note).

use std::fmt;

use super::base64::{base64, of_base64};
use super::key::{ID_LEN, PublicKey, is_key_name};

/// Longest note that is read, in bytes.
pub const NOTE_LEN_MAX: usize = 1 << 20;
/// Most signatures of a note that is read.
const SIGNATURES_MAX: usize = 100;
/// What a line of a signature begins with.
const DASH: &str = "\u{2014} ";

/// A text with signatures, none of which has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A line of a note: whose signature it claims to be, and the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: Box<str>,
    /// The key's id, and the signature behind it.
    bytes: Vec<u8>,
}

impl NoteSignature {
    /// A key's signature.
    #[must_use]
    pub fn of(key: &PublicKey, signature: &[u8]) -> NoteSignature {
        NoteSignature { name: key.name().into(), bytes: [&key.id(), signature].concat() }
    }

    /// Reads a line of a note, without its line feed.
    #[must_use]
    pub fn parse(line: &str) -> Option<NoteSignature> {
        let (name, bytes) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = of_base64(bytes).filter(|bytes| bytes.len() > ID_LEN)?;
        is_key_name(name).then(|| NoteSignature { name: name.into(), bytes })
    }

    /// Whose signature it claims to be.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[cfg(test)]
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// The signature, if the line names this key.
    fn claimed_by(&self, key: &PublicKey) -> Option<&[u8]> {
        let (id, signature) = self.bytes.split_first_chunk::<ID_LEN>()?;
        (*self.name == *key.name() && *id == key.id()).then_some(signature)
    }

    /// Whether the line names this key.
    #[must_use]
    pub fn is_by(&self, key: &PublicKey) -> bool {
        self.claimed_by(key).is_some()
    }

    /// Whether both lines name the same key, by name and id.
    #[must_use]
    pub fn is_of_same_key(&self, other: &NoteSignature) -> bool {
        self.name == other.name && self.bytes.first_chunk::<ID_LEN>() == other.bytes.first_chunk::<ID_LEN>()
    }
}

/// What a note holds of a key's signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// No line names it.
    No,
    /// A line names it, and the signature is not its.
    Wrongly,
    /// It signed: when, in seconds since 1970-01-01T00:00:00Z, if it says so; of several lines, the newest.
    Rightly(Option<u64>),
}

impl SignedNote {
    /// A text, which ends with a line feed, under its signatures.
    #[must_use]
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> SignedNote {
        SignedNote { text, signatures }
    }

    /// Reads a note of at most [`NOTE_LEN_MAX`] bytes, in its one spelling, with one signature or more.
    #[must_use]
    pub fn parse(note: &str) -> Option<SignedNote> {
        let is_plain = |c: char| c == '\n' || !c.is_control();
        if note.len() > NOTE_LEN_MAX || !note.chars().all(is_plain) {
            return None;
        }
        let (text, signatures) = note.rsplit_once("\n\n")?;
        let signatures = signatures.strip_suffix('\n')?.split('\n').take(SIGNATURES_MAX + 1);
        let signatures = signatures.map(NoteSignature::parse).collect::<Option<Vec<_>>>()?;
        (signatures.len() <= SIGNATURES_MAX).then(|| SignedNote { text: format!("{text}\n"), signatures })
    }

    /// What is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of those who claim to have signed, in the order of their lines.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|signature| &*signature.name)
    }

    /// What stands under the text in the name of this very key, and not only of one of its name and id. Every line that
    /// names it must hold.
    #[must_use]
    pub fn signed_by(&self, key: &PublicKey) -> Signed {
        let mut signed = Signed::No;
        for signature in self.signatures.iter().filter_map(|line| line.claimed_by(key)) {
            if !key.verifies(self.text.as_bytes(), signature) {
                return Signed::Wrongly;
            }
            let before = if let Signed::Rightly(at) = signed { at } else { None };
            signed = Signed::Rightly(before.max(key.time_in(signature)));
        }
        signed
    }

    /// Whether this very key signed the text.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        matches!(self.signed_by(key), Signed::Rightly(_))
    }

    /// The lines of signatures.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// This note with another signature below the others; one of the same key that is there stays if it is not of an
    /// earlier time.
    #[must_use]
    pub fn with_newer(mut self, signature: NoteSignature) -> SignedNote {
        match self.signatures.iter_mut().find(|own| own.is_of_same_key(&signature)) {
            None => self.signatures.push(signature),
            // The time of a cosignature stands in front, as a number whose bytes are in its order.
            Some(own) if own.bytes < signature.bytes => *own = signature,
            Some(_) => {}
        }
        self
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{DASH}{} {}", signature.name, base64(&signature.bytes)))
    }
}
