//! Texts and keys: what may stand in them, and when two spellings are one.

use std::fmt;
use std::sync::LazyLock;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The longest text of a claim (a quote, a note, a reason), in bytes.
pub const TEXT_MAX: usize = 64 * 1024;
/// The longest key or caller's id, in bytes.
const KEY_MAX: usize = 256;

/// Why a text or key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing in it.
    Empty,
    /// Longer than so many bytes.
    TooLong(usize),
    /// A control, bidirectional or invisible character.
    Hidden(char),
    /// White space in a key.
    Space,
    /// A first character that the command line gives another meaning.
    Sigil(char),
    /// An own id that looks like the number of an event, or like an id made from a link.
    NoOwnId,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextError::Empty => f.write_str("is empty"),
            TextError::TooLong(max) => write!(f, "is longer than {max} bytes"),
            TextError::Hidden(c) => {
                write!(f, "contains the invisible or control character U+{:04X}; remove it", u32::from(*c))
            }
            TextError::Space => f.write_str("contains white space; write a hyphen instead"),
            TextError::Sigil(c) => write!(f, "starts with {c:?}; leave that out"),
            TextError::NoOwnId => f.write_str(
                "looks like an event's number or like the ledger's own id of an event (16 hexadecimal digits); put a letter before it",
            ),
        }
    }
}

impl std::error::Error for TextError {}

/// Why a text cannot be taken, if so. Line breaks and direction marks are fine in a text: they are
/// escaped when shown.
#[must_use]
pub fn text_problem(text: &str) -> Option<TextError> {
    if text.is_empty() {
        Some(TextError::Empty)
    } else if text.len() > TEXT_MAX {
        Some(TextError::TooLong(TEXT_MAX))
    } else {
        // The least byte, not the first zero: many are compared at once.
        let least = text.bytes().fold(u8::MAX, u8::min);
        (least == 0).then_some(TextError::Hidden('\0'))
    }
}

/// Why a key (of an entity, attribute, source) or a caller's id cannot be taken, if so.
#[must_use]
pub fn key_problem(key: &str) -> Option<TextError> {
    if key.is_empty() {
        return Some(TextError::Empty);
    }
    if key.len() > KEY_MAX {
        return Some(TextError::TooLong(KEY_MAX));
    }
    if let Some(sigil) = key.chars().next().filter(|c| matches!(c, '@' | '#')) {
        return Some(TextError::Sigil(sigil));
    }
    if key.is_ascii() && key.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    if let Some(hidden) = key.chars().find(|c| is_hidden(*c)) {
        return Some(TextError::Hidden(hidden));
    }
    key.contains(char::is_whitespace).then_some(TextError::Space)
}

/// How many hexadecimal digits of a link are the id of an event without an own one.
pub const ID_LEN: usize = 16;

/// Whether an id has the form of one that is made from a link.
#[must_use]
pub fn is_derived_id(id: &str) -> bool {
    id.len() == ID_LEN && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Why an id cannot be a caller's own, if so: it must be a key, and unlike numbers of events and ids made from links.
#[must_use]
pub fn id_problem(id: &str) -> Option<TextError> {
    let is_number = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    let looks_like_another = is_number || is_derived_id(id);
    key_problem(id).or(looks_like_another.then_some(TextError::NoOwnId))
}

/// Whether a character is a control or changes how its neighbours are seen: controls, bidirectional marks
/// and overrides, zero-width and other format characters, surrogates' place-holders, line separators.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What all keys share that look alike: the skeleton of Unicode's table of confusable characters (UTS 39).
#[must_use]
pub fn skeleton(key: &str) -> String {
    // That of ASCII is the skeletons of its characters, one behind the other.
    let of_ascii: Option<String> =
        key.bytes().map(|byte| ASCII_SKELETONS.get(usize::from(byte)).map(|s| &**s)).collect();
    of_ascii.unwrap_or_else(|| skeleton_by_table(key))
}

fn skeleton_by_table(key: &str) -> String {
    unicode_security::confusable_detection::skeleton(key).collect()
}

static ASCII_SKELETONS: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..128).map(|byte: u8| skeleton_by_table(&char::from(byte).to_string())).collect());

/// What all spellings of one symbol share: NFC, trimmed, case folded.
#[must_use]
pub fn fold_symbol(word: &str) -> String {
    if word.is_ascii() {
        return word.trim().to_ascii_lowercase();
    }
    let composed: String = word.nfc().collect();
    caseless::default_case_fold_str(composed.trim()).nfc().collect()
}

/// What all spellings of one text share: NFC, runs of white space as one space.
#[must_use]
pub fn fold_text(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let composed: std::borrow::Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.into(),
        _ => text.nfc().collect::<String>().into(),
    };
    let mut folded = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        folded.push_str(if folded.is_empty() { "" } else { " " });
        folded.push_str(word);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_together() {
        assert_eq!(fold_symbol(" OFF "), fold_symbol("off"));
        assert_eq!(fold_symbol("Gonza\u{301}lez"), fold_symbol("gonzález"));
        assert_eq!(fold_symbol("STRASSE"), fold_symbol("straße"));
        assert_ne!(fold_text("Off"), fold_text("off"));
        assert_eq!(fold_text(" two\n  words "), "two words");
        assert_eq!(fold_text("cafe\u{301}"), "café");
    }

    #[test]
    fn what_ascii_looks_like_is_what_its_characters_do() {
        let ascii = || (0..128_u8).map(char::from);
        for (a, b) in ascii().flat_map(|a| ascii().map(move |b| (a, b))) {
            let key = format!("{a}{b}{a}");
            assert_eq!(skeleton(&key), skeleton_by_table(&key), "{key:?}");
        }
        assert_eq!(skeleton("mo1"), skeleton("rnol"));
        assert_eq!(skeleton("p\u{430}per-0"), skeleton("paper-O"));
    }

    #[test]
    fn keys_with_hidden_characters_are_refused() {
        for key in ["", "two words", "a\u{202e}b", "a\u{200b}b", "a\tb", "@a", "#12", &"k".repeat(257)] {
            assert!(key_problem(key).is_some(), "{key:?}");
        }
        for key in ["embassy", "yago-name-12", "IMA-status", "gonzález", "日本", "ucdp/1"] {
            assert_eq!(key_problem(key), None, "{key:?}");
        }
    }

    #[test]
    fn an_own_id_is_no_number_and_no_beginning_of_a_link() {
        for id in ["c088", "88a", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", "é"]
        {
            assert_eq!(id_problem(id), None, "{id}");
        }
        for id in ["0", "88", "1234567890123456", "0123456789abcdef", "deadbeefdeadbeef"] {
            assert_eq!(id_problem(id), Some(TextError::NoOwnId), "{id}");
        }
        for id in ["", "#88", "a b"] {
            assert!(id_problem(id).is_some_and(|problem| problem != TextError::NoOwnId), "{id}");
        }
    }
}
