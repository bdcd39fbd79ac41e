//! Texts without markup, and which encoding a text has.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::{CopyText, NoText};

/// A decoded text, and the encoding if that was guessed.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) guess: Option<&'static Encoding>,
}

/// Decodes bytes by their byte order mark, by an encoding that is told elsewhere, as UTF-8, or by a guess.
pub(super) fn decode(bytes: &[u8], told: Option<&'static Encoding>) -> Decoded {
    let known = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or(told);
    if let Some(encoding) = known {
        return Decoded { text: encoding.decode(bytes).0.into_owned(), guess: None };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), guess: None };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Allow);
    Decoded { text: guess.decode(bytes).0.into_owned(), guess: Some(guess).filter(|guess| *guess != UTF_8) }
}

/// What is told of a guessed encoding.
pub(super) fn told(guess: Option<&'static Encoding>) -> Option<Box<str>> {
    guess.map(|guess| {
        format!("the copy does not say how its characters are encoded; {} was guessed", guess.name()).into()
    })
}

/// The text of a plain file.
pub(super) fn extract(bytes: &[u8], served: Option<&'static Encoding>) -> Result<CopyText, NoText> {
    let Decoded { text, guess } = decode(bytes, served);
    if text.contains('\0') {
        return Err(NoText("it is no text".into()));
    }
    Ok(CopyText { guess: told(guess), ..CopyText::shown("annals-plain-1", text)? })
}
