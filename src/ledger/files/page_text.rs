//! The words of a captured copy as a reader sees them: a page without its markup, and characters that look alike as one.

use crate::value::fold_text;

/// Names of characters that pages in European languages use for letters and signs.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("shy", '\u{ad}'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("euro", '€'),
    ("pound", '£'),
    ("deg", '°'),
    ("aacute", 'á'),
    ("agrave", 'à'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("iacute", 'í'),
    ("igrave", 'ì'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ograve", 'ò'),
    ("ocirc", 'ô'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("szlig", 'ß'),
    ("uacute", 'ú'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("yacute", 'ý'),
    ("Aacute", 'Á'),
    ("Agrave", 'À'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
    ("Eacute", 'É'),
    ("Egrave", 'È'),
    ("Iacute", 'Í'),
    ("Ntilde", 'Ñ'),
    ("Oacute", 'Ó'),
    ("Ouml", 'Ö'),
    ("Uacute", 'Ú'),
    ("Uuml", 'Ü'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("middot", '·'),
    ("bull", '•'),
];

/// Whether a quote stands in a copy: in its bytes, or in what a reader of it sees. Quotation marks and dashes of all kinds are
/// one, white space and soft hyphens are nothing.
pub(super) fn holds_quote(copy: &str, quote: &str) -> bool {
    let quote = alike(quote);
    let holds = |text: &str| {
        let text = alike(text);
        // A word may be divided at the end of a line, in the copy or in the quote.
        text.contains(&quote) || text.replace('-', "").contains(&quote.replace('-', ""))
    };
    holds(copy) || is_page(copy) && holds(&without_markup(copy))
}

fn is_page(copy: &str) -> bool {
    copy.split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
}

/// A text in which characters that look alike are one.
fn alike(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}'))
        .map(|c| match c {
            '‘' | '’' | '‚' | '‛' | '`' | '´' => '\'',
            '“' | '”' | '„' | '«' | '»' => '"',
            '–' | '—' | '‐' | '‑' | '−' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    fold_text(&plain.replace('…', "..."))
}

/// A page without tags, comments, scripts and styles, its named and numbered characters spelt out. A tag that ends a block is a
/// space; one within a word is nothing.
fn without_markup(page: &str) -> String {
    const INLINE: &[&str] =
        &["a", "abbr", "b", "cite", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"];
    let (mut text, mut rest) = (String::with_capacity(page.len()), page);
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        let Some((inside, behind)) = tag.split_once(end) else { break };
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        rest = behind;
        if matches!(name.as_str(), "script" | "style") && !inside.starts_with('/') {
            let closing = format!("</{name}");
            let at = rest.to_ascii_lowercase().find(&closing).unwrap_or(rest.len());
            rest = rest.get(at..).unwrap_or_default();
        }
        if !INLINE.contains(&name.as_str()) && !inside.starts_with("!--") {
            text.push(' ');
        }
    }
    text.push_str(rest);
    spelt_out(&text)
}

/// `&eacute;`, `&#233;` and `&#xe9;` as é.
fn spelt_out(text: &str) -> String {
    let (mut told, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, behind)) = rest.split_once('&') {
        told.push_str(before);
        let character = behind.split_once(';').filter(|(name, _)| name.len() <= 8).and_then(|(name, after)| {
            let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            });
            let named = || NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
            number.and_then(char::from_u32).or_else(named).map(|character| (character, after))
        });
        let (character, after) = character.unwrap_or(('&', behind));
        told.push(character);
        rest = after;
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_found_as_a_reader_sees_it() {
        let page = "<html><style>p { color: red }</style><p>said <b>at least</b> five</p><p>inside caf&eacute; &amp; bar, \
                    in\u{ad}side</p>\n<!-- hidden words --><p>the &ldquo;chief&#8221; didn’t go — he&nbsp;stayed</p></html>";
        for quote in [
            "said at least five",
            "café & bar",
            "inside",
            "the \"chief\" didn't go - he stayed",
            "“chief”",
            "five inside",
            "bar, in-side",
            "at least</b> five",
        ] {
            assert!(holds_quote(page, quote), "{quote}");
        }
        for quote in ["hidden words", "color: red", "said at most five", "fiveinside"] {
            assert!(!holds_quote(page, quote) || page.contains(quote), "{quote}");
        }
        assert!(holds_quote("1 < 2 and  3", "1 < 2 and 3"));
        assert!(!holds_quote("plain words", "other words"));
    }
}
