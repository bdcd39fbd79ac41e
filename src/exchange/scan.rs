//! JSON looked through once, from left to right, without a tree: what is unusual is left to whoever builds one.

use std::borrow::Cow;

/// A place in a text of JSON. Each method reads what it is named after and stands behind it; `None` says that something else
/// stands there, or something that is written unusually.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    /// At the start of a text.
    pub(super) fn new(text: &'a str) -> Scan<'a> {
        Scan { text, at: 0 }
    }

    /// The end of the text.
    pub(super) fn end(mut self) -> Option<()> {
        (self.peek().is_none()).then_some(())
    }

    /// The first byte behind white space, which is passed by.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Whether this byte stands here; then it is passed by.
    fn takes(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// An object: `field` is given the name of each field, and reads what stands behind it.
    pub(super) fn object(&mut self, mut field: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.items(b'{', b'}', |scan| {
            let Cow::Borrowed(name) = scan.string()? else { return None };
            scan.takes(b':').then_some(())?;
            field(scan, name)
        })
    }

    /// A list: `item` reads each of its items. `null` is a list without any.
    pub(super) fn list(&mut self, item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if self.peek() == Some(b'n') { self.literal("null") } else { self.items(b'[', b']', item) }
    }

    fn items(&mut self, opening: u8, closing: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.takes(opening).then_some(())?;
        if self.takes(closing) {
            return Some(());
        }
        loop {
            item(self)?;
            if self.takes(closing) {
                return Some(());
            }
            self.takes(b',').then_some(())?;
        }
    }

    /// A string; one that is empty, or null in its place, is as good as left out.
    #[expect(clippy::option_option, reason = "something else, or as good as left out")]
    pub(super) fn word(&mut self) -> Option<Option<Cow<'a, str>>> {
        if self.peek() == Some(b'n') {
            return self.literal("null").map(|()| None);
        }
        let string = self.string()?;
        Some(if string.is_empty() { None } else { Some(string) })
    }

    /// `true` or `false`; null is false.
    pub(super) fn flag(&mut self) -> Option<bool> {
        let (word, is_true) = match self.peek()? {
            b't' => ("true", true),
            b'f' => ("false", false),
            _ => ("null", false),
        };
        self.literal(word).map(|()| is_true)
    }

    /// A digit that is a whole number.
    pub(super) fn digit(&mut self) -> Option<u8> {
        let digit = self.peek().filter(u8::is_ascii_digit)?;
        self.at += 1;
        matches!(self.peek(), Some(b',' | b'}' | b']')).then_some(digit - b'0')
    }

    fn literal(&mut self, word: &str) -> Option<()> {
        let is_there = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is_there.then_some(())
    }

    /// A string, borrowed if it has no escapes.
    pub(super) fn string(&mut self) -> Option<Cow<'a, str>> {
        self.takes(b'"').then_some(())?;
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.at += ordinary(self.text.as_bytes().get(self.at..)?);
            match self.text.as_bytes().get(self.at)? {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.at += 2;
                }
                _ => return None,
            }
        }
        let end = self.at;
        self.at += 1;
        if has_escapes {
            return serde_json::from_str(self.text.get(start - 1..self.at)?).ok().map(Cow::Owned);
        }
        self.text.get(start..end).map(Cow::Borrowed)
    }
}

/// How many bytes come before the first quotation mark, backslash or control character; eight are looked at together.
fn ordinary(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    let of_all = |byte: u8| ONES * u64::from(byte);
    // The high bit of each byte below `least`, from the lowest such byte on; above it others may be set as well.
    let below = |word: u64, least: u8| word.wrapping_sub(of_all(least)) & !word & HIGH_BITS;
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = below(word ^ of_all(b'"'), 1) | below(word ^ of_all(b'\\'), 1) | below(word, b' ');
        if found != 0 {
            return place * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    words.len() * 8 + rest.iter().position(is_special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_is_found_wherever_it_stands() {
        for special in [b'"', b'\\', 0, b'\n', 0x1f] {
            for len in 0..40 {
                for other in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
                    let mut bytes = vec![other; len];
                    assert_eq!(ordinary(&bytes), len, "{other:#x}");
                    bytes.push(special);
                    bytes.extend([other, special, other]);
                    assert_eq!(ordinary(&bytes), len, "{special:#x} behind {other:#x}");
                }
            }
        }
    }

    #[test]
    fn strings_are_borrowed_unless_they_have_escapes() {
        let string = |text| Scan::new(text).string();
        assert!(matches!(string(r#""plain é""#), Some(Cow::Borrowed("plain é"))));
        assert!(matches!(string(r#" "a\"b\u00e9\\" "#), Some(Cow::Owned(text)) if text == "a\"bé\\"));
        for text in ["", "\"", "\"a", "\"a\\", "\"a\\\"", "\"\\x\"", "\"\\ud800\"", "\"a\nb\"", "\"\\\n\"", "7", "null"]
        {
            assert_eq!(string(text), None, "{text:?}");
        }
    }
}
