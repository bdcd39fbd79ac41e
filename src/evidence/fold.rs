//! Texts in which what a reader takes for one is one: quotation marks, dashes, white space, ligatures, and words broken
//! at the end of a line. Each folded text knows where its parts stand in the text it was made of.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// How much is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Spellings of one character, quotation marks, dashes, ellipses, ligatures, runs of white space.
    Typography,
    /// White space and the hyphens of broken words as well, as the text of a PDF needs.
    WordBreaks,
}

/// A folded text.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of the text, the byte of the source at which what it stands for begins.
    at: Vec<usize>,
}

/// A character on its way into a folded text, and where it stands in the source.
struct Sent {
    c: char,
    at: usize,
}

impl Folded {
    pub(super) fn new(source: &str, level: Level) -> Folded {
        Folded::made(source, level, true)
    }

    /// A text in which a hyphen at the end of a line is meant.
    pub(super) fn with_hyphens(source: &str) -> Folded {
        Folded::made(source, Level::WordBreaks, false)
    }

    fn made(source: &str, level: Level, is_joined: bool) -> Folded {
        let mut folded = Folded { text: String::with_capacity(source.len()), at: Vec::new() };
        let mut cluster: Vec<Sent> = Vec::new();
        let (mut is_behind_letter, mut is_behind_space, mut is_in_number) = (false, false, false);
        let mut chars = source.char_indices();
        while let Some((at, c)) = chars.next() {
            if is_ignored(c) {
                continue;
            }
            let behind = chars.as_str();
            if level == Level::WordBreaks && is_joined && is_behind_letter && breaks_a_word(c, behind) {
                continue;
            }
            if c.is_whitespace() {
                // "12 345" is two numbers, whatever stands between them. Only the first space of a run looks ahead.
                let is_between = || is_in_number && behind.trim_start().starts_with(char::is_numeric);
                if !is_behind_space && (level == Level::Typography || is_between()) {
                    folded.take(&mut cluster, Sent { c: ' ', at });
                }
                (is_behind_letter, is_behind_space) = (false, true);
                continue;
            }
            is_in_number =
                c.is_numeric() || is_in_number && matches!(c, '.' | ',' | '\'' | '’' | ':' | '-' | '–' | '−');
            (is_behind_letter, is_behind_space) = (c.is_alphabetic() || canonical_combining_class(c) != 0, false);
            let mut send = |c| folded.take(&mut cluster, Sent { c, at });
            match alike(c) {
                Some(plain) => plain.chars().for_each(send),
                None => send(c),
            }
        }
        folded.end(&mut cluster);
        folded
    }

    /// Takes a character; what stood before it is whole, unless this one is a mark upon it.
    fn take(&mut self, cluster: &mut Vec<Sent>, sent: Sent) {
        if canonical_combining_class(sent.c) == 0 && !is_joining(sent.c) {
            self.end(cluster);
        }
        cluster.push(sent);
    }

    /// Puts a character and its marks into the text, spelt in one way (NFC).
    fn end(&mut self, cluster: &mut Vec<Sent>) {
        if let [Sent { c, at }] = cluster.as_slice() {
            let spelt = std::iter::once(*c).nfc();
            self.put(spelt, *at);
        } else if let Some(first) = cluster.first() {
            self.put(cluster.iter().map(|sent| sent.c).nfc(), first.at);
        }
        cluster.clear();
    }

    fn put(&mut self, spelt: impl Iterator<Item = char>, at: usize) {
        self.text.extend(spelt);
        self.at.resize(self.text.len(), at);
    }

    /// The bytes of the source for which bytes of the text stand; `None` for bytes that are not there.
    pub(super) fn place(&self, source: &str, bytes: Range<usize>) -> Option<Range<usize>> {
        let (first, last) = (*self.at.get(bytes.start)?, *self.at.get(bytes.end.checked_sub(1)?)?);
        let mut rest = source.get(last..)?.char_indices().skip(1);
        let len = rest.find(|(_, c)| canonical_combining_class(*c) == 0).map_or(source.len() - last, |(at, _)| at);
        Some(first..last + len)
    }
}

/// Characters that are not seen: U+00AD and those of Unicode's property `Default_Ignorable_Code_Point` that texts of the web have.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The vowels and last consonants of Hangul syllables, which join what stands before them without being marks.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}')
}

/// What a character of typography is taken for.
fn alike(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '‹' | '›' | 'ʼ' | '`' | '´' | '\u{1fef}' | '\u{1ffd}' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        _ => return None,
    })
}

/// Whether a character behind a letter is a hyphen at the end of a line, before another letter. A dash is none.
fn breaks_a_word(c: char, behind: &str) -> bool {
    if !matches!(c, '-' | '‐') {
        return false;
    }
    let mut ends_line = false;
    let next = behind.chars().find(|c| {
        ends_line |= matches!(c, '\n' | '\r' | '\u{2028}');
        !c.is_whitespace() && !is_ignored(*c)
    });
    ends_line && next.is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(source: &str, level: Level) -> String {
        Folded::new(source, level).text
    }

    #[test]
    fn what_a_reader_takes_for_one_is_one() {
        for (source, plain) in [
            ("“sin avi\u{ad}so”,\u{a0}dijo", "\"sin aviso\", dijo"),
            ("l’oﬃce — «no»…", "l'office - \"no\"..."),
            ("cafe\u{301} \t\n cerrado", "café cerrado"),
            ("\u{200f}قال «لا»", "قال \"لا\""),
            ("½ ² ① œ", "½ ² ① œ"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
        ] {
            assert_eq!(folded(source, Level::Typography), plain);
        }
        for (source, plain) in [
            ("cor  tada re-\nport", "cortadareport"),
            ("737–8 −4,9 °C", "737-8-4,9°C"),
            ("7-\n8 he said -\nand", "7- 8hesaid-and"),
            ("12\n345 1, 500 1.\n5 a 1 b", "12 345 1, 500 1. 5a1b"),
            ("a –\nb", "a-b"),
        ] {
            assert_eq!(folded(source, Level::WordBreaks), plain);
        }
    }

    #[test]
    fn a_place_is_that_of_the_source() {
        let source = "La\u{a0}oﬁcina  cafe\u{301}!";
        let folded = Folded::new(source, Level::Typography);
        let at = folded.text.find("ficina café").unwrap();
        let place = folded.place(source, at..at + "ficina café".len()).unwrap();
        assert_eq!(source.get(place).unwrap(), "ﬁcina  cafe\u{301}");
    }

    proptest! {
        #[test]
        fn a_folded_text_folds_to_itself(source in "[a-c\\-\n \u{ad}\u{301}\u{200b}é“—…ﬁ\u{1fef}\u{1112}\u{1161}\u{11ab}]{0,24}|\\PC{0,24}") {
            for level in [Level::Typography, Level::WordBreaks] {
                let once = folded(&source, level);
                prop_assert_eq!(&folded(&once, level), &once);
            }
        }
    }
}
