//! How JSON is spelt: characters that could steer a terminal, or that nobody sees, are escaped, as they are on the screen. What
//! is read back is the same text.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::value::is_hidden;

/// Without white space, as `serde_json` writes by itself.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        // What is below a space is escaped already.
        while rest.bytes().any(|byte| byte >= 0x7f)
            && let Some(at) = rest.find(is_hidden)
        {
            let (before, from) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut chars = from.chars();
            for unit in chars.next().into_iter().flat_map(|hidden| hidden.encode_utf16(&mut [0; 2]).to_vec()) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// Writes a value as JSON without white space.
///
/// # Errors
/// If it cannot be written; a part of it may have been.
pub(super) fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Escaping))?)
}

/// A value as JSON without white space.
#[must_use]
pub fn json_text(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail, and all of it is UTF-8.
    let _ = write_json(&mut text, value);
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hidden_character_is_escaped_and_read_back_and_no_other_is() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let text = format!("a{c}é{c}");
            let json = json_text(&text);
            assert!(!json.contains(is_hidden), "{json}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            if !is_hidden(c) {
                assert_eq!(json, serde_json::to_string(&text).unwrap());
            }
        }
        assert_eq!(
            json_text(&"\u{9b}\u{7f}\u{202e}\u{200d}\u{e0041}\u{1b}"),
            r#""\u009b\u007f\u202e\u200d\udb40\udc41\u001b""#
        );
    }
}
