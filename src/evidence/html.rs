//! The text of a page: what a reader sees of it, and what it has besides.

use encoding_rs::Encoding;

use super::dom::{Node, NodeNumber, Page, What};
use super::plain::{self, Decoded, decode};
use super::{CopyText, NoText};

/// Elements that stand within a line; all others end it.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "svg", "time", "tt", "u", "var", "wbr",
];

/// Elements whose text nobody sees, and that is no passage of the page.
const NEVER_SHOWN: &[&str] = &["script", "style", "template"];

/// Attributes that hold words for those who do not see, or who point at something.
const WORDS: &[&str] = &["alt", "title", "aria-label"];

/// The text of a page. The encoding is the one that its server named, that of a byte order mark, that which the page names, or a guess.
pub(super) fn extract(bytes: &[u8], served: Option<&'static Encoding>) -> Result<CopyText, NoText> {
    let told =
        served.or_else(|| Encoding::for_bom(bytes).map(|(encoding, _)| encoding)).or_else(|| named_encoding(bytes));
    let Decoded { text, guess } = decode(bytes, told);
    let page = Page::parse(&text);
    let mut reader = Reader { page: &page, shown: Lines::default(), hidden: Lines::default() };
    reader.walk();
    let (shown, hidden) = (reader.shown.text, reader.hidden.text);
    CopyText { extractor: "annals-html-1".into(), shown, hidden, pages: Vec::new(), guess: plain::told(guess) }
        .checked()
}

/// The encoding that a page names in its head, wherever that ends.
fn named_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    // The markup of a page is ASCII in every encoding that a page can name, and this one reads every byte.
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    let page = Page::parse(&text);
    let mut pending = vec![0];
    while let Some(node) = pending.pop().and_then(|number| page.node(number)) {
        match node.name() {
            Some("body") => {}
            Some("meta") => {
                let is_type =
                    node.attribute("http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("content-type"));
                let content = node.attribute("content").filter(|_| is_type).and_then(charset);
                let label = node.attribute("charset").map(str::to_owned).or(content);
                // A page whose markup could be read is in no encoding of two bytes a character, whatever it says.
                if let Some(encoding) = label.and_then(|label| Encoding::for_label(label.trim().as_bytes())) {
                    return Some(encoding.output_encoding());
                }
            }
            _ => pending.extend(node.children.iter().rev()),
        }
    }
    None
}

/// The `charset` of a media type.
pub(super) fn charset(media_type: &str) -> Option<String> {
    let small = media_type.to_ascii_lowercase();
    let (_, behind) = small.split_once("charset=")?;
    let label = behind.trim_start_matches(['"', '\'']);
    Some(label.split(['"', '\'', ';', ' ', ',']).next()?.to_owned())
}

/// Lines of text in which a run of white space is one space.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn put(&mut self, words: &str, is_preformatted: bool) {
        if is_preformatted {
            self.text.push_str(words);
            return;
        }
        for c in words.chars() {
            if c.is_ascii_whitespace() {
                self.space();
            } else {
                self.text.push(c);
            }
        }
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    fn end_line(&mut self) {
        let len = self.text.trim_end_matches(' ').len();
        self.text.truncate(len);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// Where the walk through a page is.
#[derive(Clone, Copy, Default)]
struct Within {
    is_hidden: bool,
    is_preformatted: bool,
}

enum Step {
    Into(NodeNumber, Within),
    EndOfLine(Within),
    Space(Within),
}

/// Reads a page from its beginning to its end.
struct Reader<'p> {
    page: &'p Page,
    shown: Lines,
    hidden: Lines,
}

impl Reader<'_> {
    /// Walks through a tree of any depth.
    fn walk(&mut self) {
        let mut steps = vec![Step::Into(0, Within::default())];
        while let Some(step) = steps.pop() {
            match step {
                Step::Into(number, within) => {
                    if let Some(node) = self.page.node(number) {
                        self.enter(node, within, &mut steps);
                    }
                }
                Step::EndOfLine(within) => self.lines(within).end_line(),
                Step::Space(within) => self.lines(within).space(),
            }
        }
        self.shown.end_line();
        self.hidden.end_line();
    }

    fn lines(&mut self, within: Within) -> &mut Lines {
        if within.is_hidden { &mut self.hidden } else { &mut self.shown }
    }

    fn enter(&mut self, node: &Node, mut within: Within, steps: &mut Vec<Step>) {
        if let What::Text(text) = &node.what {
            self.lines(within).put(text, within.is_preformatted);
            return;
        }
        if let Some(name) = node.name() {
            if NEVER_SHOWN.contains(&name) {
                self.note_data(node);
                return;
            }
            self.note_words(node, name);
            within.is_hidden |= matches!(name, "head" | "noscript") || is_hidden(node);
            within.is_preformatted |= matches!(name, "pre" | "textarea");
            match name {
                "br" => self.lines(within).end_line(),
                "td" | "th" => steps.push(Step::Space(within)),
                _ if INLINE.contains(&name) => {}
                _ => {
                    self.lines(within).end_line();
                    steps.push(Step::EndOfLine(within));
                }
            }
        }
        steps.extend(node.children.iter().rev().map(|child| Step::Into(*child, within)));
    }

    /// Keeps the words of an element's attributes.
    fn note_words(&mut self, node: &Node, name: &str) {
        let described = ["name", "property"].iter().filter_map(|kind| node.attribute(kind));
        let is_description =
            name == "meta" && described.into_iter().any(|kind| kind.to_ascii_lowercase().ends_with("description"));
        let words = WORDS.iter().copied().chain(is_description.then_some("content"));
        for words in words.filter_map(|kind| node.attribute(kind)) {
            self.hidden.end_line();
            self.hidden.put(words, false);
            self.hidden.end_line();
        }
    }

    /// Keeps the texts of a script that is JSON, as of the description of an article.
    fn note_data(&mut self, node: &Node) {
        let kind = node.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
        if node.name() != Some("script") || !kind.ends_with("json") {
            return;
        }
        let source = self.page.text_of(node);
        let Ok(data) = serde_json::from_str::<serde_json::Value>(&source) else { return };
        let mut pending = vec![&data];
        while let Some(value) = pending.pop() {
            match value {
                serde_json::Value::String(text) => {
                    self.hidden.end_line();
                    self.hidden.put(text, false);
                    self.hidden.end_line();
                }
                serde_json::Value::Array(all) => pending.extend(all.iter().rev()),
                serde_json::Value::Object(all) => pending.extend(all.values().rev()),
                _ => {}
            }
        }
    }
}

/// Whether an element says of itself that nobody sees it.
fn is_hidden(node: &Node) -> bool {
    let style = node.attribute("style").unwrap_or_default().to_ascii_lowercase();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    node.attribute("hidden").is_some()
        || node.attribute("aria-hidden").is_some_and(|is| is.trim().eq_ignore_ascii_case("true"))
        || style.contains("display:none")
}
