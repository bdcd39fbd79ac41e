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

    fn parse(line: &str) -> Option<NoteSignature> {
        let (name, bytes) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = of_base64(bytes).filter(|bytes| bytes.len() > ID_LEN)?;
        is_key_name(name).then(|| NoteSignature { name: name.into(), bytes })
    }
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

    /// Whether this very key, and not only one of its name and id, signed the text. Every line that names it must hold.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let id = key.id();
        let of_key = |signature: &NoteSignature| {
            let (own_id, bytes) = signature.bytes.split_first_chunk::<ID_LEN>()?;
            (*signature.name == *key.name() && *own_id == id).then(|| key.verifies(self.text.as_bytes(), bytes))
        };
        let mut lines = self.signatures.iter().filter_map(of_key).peekable();
        lines.peek().is_some() && lines.all(|holds| holds)
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
