//! Quotes of pages, documents and archives.

use proptest::prelude::*;

use super::*;

fn found(shown: &str, quote: &str) -> Sought {
    find_quote(&CopyText { shown: shown.to_owned(), ..CopyText::default() }, quote)
}

fn word(shown: &str, quote: &str) -> &'static str {
    found(shown, quote).word()
}

#[test]
fn seven_results_are_told_apart() {
    let page = "La luz fue cor\u{ad}tada poco antes de las 19:00, “sin avi\u{ad}so”, dijo Ana\u{a0}Ríos. La oﬁcina sigue sin agua.";
    let document = "La luz fue cor  tada poco antes de las 19:00, “sin avi  so”, dijo A na\u{a0}Ríos. La oﬁcina\nsigue sin a-\ngua.";
    for (text, quote, wanted) in [
        (page, "poco antes de las 19:00", "verbatim"),
        (page, "La luz fue cortada poco antes de las 19:00, \"sin aviso\"", "typography"),
        (document, "La luz fue cortada poco antes de las 19:00, \"sin aviso\"", "word-breaks"),
        (page, "La oficina sigue sin agua", "typography"),
        (document, "La oficina sigue sin agua", "word-breaks"),
        (page, "La luz fue cortada [...] La oficina sigue", "typography"),
        (page, "sin agua (…) La luz", "absent"),
        (page, "la luz FUE cortada", "capitals"),
        (page, "La luz no fue cortada", "absent"),
        (page, "antes de las 17:00", "absent"),
        ("cafe\u{301} cerrado", "café cerrado", "typography"),
        ("قال الوزير\u{200f}: «لا»", "قال الوزير: \"لا\"", "typography"),
        ("", "anything", "absent"),
        ("words", " […] ", "absent"),
    ] {
        assert_eq!(word(text, quote), wanted, "{text} | {quote}");
    }
}

#[test]
fn a_hyphen_counts_where_a_line_does_not_end() {
    for (text, quote, wanted) in [
        ("the re-\nport was", "the report was", "word-breaks"),
        ("a well-\nknown man", "a well-known man", "word-breaks"),
        ("in\u{ad}side", "in-side", "word-breaks"),
        ("a well-known man", "a well-\nknown man", "word-breaks"),
        ("were inside", "were in-side", "word-breaks"),
        ("to re-sign", "to resign", "absent"),
        ("between 737–8 and", "7378", "absent"),
        ("a Boeing 737-\n800", "737800", "absent"),
        ("−4,9 °C at night", "4,9 °C", "absent"),
        ("−4,9 °C at night", "-4,9 °C", "typography"),
        ("COVID-19 came", "19 came", "verbatim"),
    ] {
        assert_eq!(word(text, quote), wanted, "{text} | {quote}");
    }
}

#[test]
fn no_number_is_cut() {
    for (text, quote) in [
        ("15 people fled", "5 people fled"),
        ("1,500 people", "500 people"),
        ("about 3-4 people", "4 people"),
        ("it was 5", "it was 51"),
        ("it was 5.5 km", "it was 5"),
        ("at 19:00 sharp", "at 19"),
        ("12 345", "12345"),
        ("he has 1\n5 houses", "he has 15 houses"),
        ("1, 500 men", "1,500 men"),
        ("this is illegal here", "legal here"),
        ("this is illegal", "this is ill"),
        ("un\u{ad}happy", "happy"),
        ("words.", "."),
    ] {
        assert_eq!(word(text, quote), "absent", "{text} | {quote}");
    }
    // The first one is cut, the second is not.
    assert_eq!(word("15 people, then 5 people", "5 people"), "verbatim");
    assert_eq!(word("it was 5. Then", "it was 5"), "verbatim");
}

#[test]
fn every_place_is_told_and_each_as_it_stands_in_the_copy() {
    let text = "He said “no”. She said: he said \u{201c}no\u{201d}…";
    let Sought::Occurs { likeness: Likeness::Typography, places } = found(text, "said \"no\"") else { panic!() };
    let words: Vec<&str> = places.iter().map(|place| &text[place[0].clone()]).collect();
    assert_eq!(words, ["said “no”", "said “no”"]);
    assert_eq!(places.len(), 2);
    let Sought::Occurs { places, .. } = found("a b c a b", "a […] b") else { panic!() };
    assert_eq!(places, [vec![0..1, 2..3], vec![6..7, 8..9]]);
}

#[test]
fn what_is_nearest_is_shown() {
    let text = "Nobody left the house. The ministry denied that the power was cut. It rained.";
    let nearest = found(text, "the ministry confirmed that the power was cut");
    assert_eq!(nearest, Sought::Absent(Some("The ministry denied that the power was cut.".into())));
    assert_eq!(found(text, "zebras"), Sought::Absent(None));
    assert!(has_insertion("he [the minister] said") && !has_insertion("he […] said") && !has_insertion("a ] b ["));
}

proptest! {
    #[test]
    fn a_passage_of_a_text_occurs_and_one_with_a_strange_word_does_not(
        text in "[a-c é“—\n\u{ad}-]{1,40}",
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let chars: Vec<char> = text.chars().collect();
        let (one, other) = (cut.0.index(chars.len()), cut.1.index(chars.len()));
        let passage: String = chars[one.min(other)..=one.max(other)].iter().collect();
        prop_assume!(passage.chars().any(char::is_alphanumeric));
        // No word is cut.
        let seen = |place: Option<usize>, step: fn(&usize) -> Option<usize>| {
            std::iter::successors(place, step).find_map(|place| chars.get(place).filter(|c| **c != '\u{ad}'))
        };
        let (first, last) = (one.min(other), one.max(other));
        let before = seen(first.checked_sub(1), |place| place.checked_sub(1));
        let behind = seen(Some(last + 1), |place| Some(place + 1).filter(|place| *place < 50));
        prop_assume!(!before.is_some_and(|c| c.is_alphabetic()) && !behind.is_some_and(|c| c.is_alphabetic()));
        prop_assert!(found(&text, &passage).passes(), "{text:?} {passage:?}");
        let strange = format!("{passage} zebra");
        prop_assert!(!found(&text, &strange).passes());
    }
}

#[cfg(feature = "desk")]
mod read {
    use std::io::Write;

    use super::*;

    fn text(bytes: &[u8]) -> CopyText {
        extract(bytes, &About::default()).unwrap()
    }

    fn no_text(bytes: &[u8]) -> String {
        extract(bytes, &About::default()).unwrap_err().to_string()
    }

    #[test]
    fn a_page_is_read_as_it_is_seen() {
        let page = "<!DOCTYPE html><html><head><title>A title</title><meta property=og:description content='In short'>\
            <style>p { color: red }</style><script>said nothing</script>\
            <script type='application/ld+json'>{\"headline\": \"A head\", \"n\": [1, \"deep\"]}</script></head><body>\
            <p>said <b>at\n least</b> five</p><p>inside caf&eacute; &amp; bar, in\u{ad}side <img alt='A gate'></p>\
            <!-- a remark --><div hidden>under <i>cover</i></div><div style='Display : NONE'>gone</div>\
            <span aria-hidden=true>icon</span><noscript>no script</noscript><template>made later</template>\
            <table><tr><td>one<td>two</table>a<br>b<pre>x\n  y</pre></body></html>";
        let text = text(page.as_bytes());
        assert_eq!(text.shown, "said at least five\ninside café & bar, in\u{ad}side\none two\na\nb\nx\n  y\n");
        assert_eq!(text.hidden, "A title\nIn short\nA head\ndeep\nA gate\nunder cover\ngone\nicon\nno script\n");
        assert_eq!(find_quote(&text, "were under cover").word(), "absent");
        assert_eq!(find_quote(&text, "under cover"), Sought::Hidden);
        assert_eq!(find_quote(&text, "said nothing").word(), "absent");
        for quote in ["said at least five", "café & bar", "bar, in-side"] {
            assert!(find_quote(&text, quote).passes(), "{quote}");
        }
    }

    #[test]
    fn a_page_as_deep_as_a_well_is_read() {
        let page = format!("<html><body>{}deep{}</body>", "<div>".repeat(2_000), "</div>".repeat(2_000));
        assert_eq!(text(page.as_bytes()).shown, "deep\n");
    }

    #[test]
    fn an_encoding_is_the_one_that_is_named_or_a_guess_that_is_told() {
        let padding = "<!-- -->".repeat(400);
        let page = format!("<html><head>{padding}<meta charset=windows-1251></head><body><p>");
        let bytes = [page.as_bytes(), b"\xcf\xf0\xe8\xe2\xe5\xf2"].concat();
        let read = text(&bytes);
        assert_eq!((read.shown.as_str(), read.guess), ("Привет\n", None));
        assert_eq!(text(b"\xff\xfea\0b\0").shown, "ab");
        let read = text("caf\u{e9} cerrado, se\u{f1}or".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice());
        assert_eq!(read.shown, "café cerrado, señor");
        assert!(read.guess.unwrap().contains("windows-1252"));
    }

    #[test]
    fn what_is_no_text_says_so() {
        assert_eq!(no_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "it is no text but image/png");
        assert_eq!(no_text(b"a\0b"), "it is no text");
        assert!(no_text(b"PK\x03\x04 rest").contains("the ZIP file could not be read"));
        assert!(no_text(b"%PDF-1.7\nnothing").contains("the PDF could not be read"));
    }

    fn record(kind: &str, url: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn the_answer_of_an_address_is_read_from_an_archive() {
        let http = |header: &str, body: &[u8]| [b"HTTP/1.1 200 OK\r\n", header.as_bytes(), b"\r\n\r\n", body].concat();
        let one = record(
            "response",
            "https://a.example/one",
            &http("Content-Type: text/html; charset=iso-8859-1", b"<p>caf\xe9"),
        );
        let two = record(
            "response",
            "<https://a.example/two>",
            &http("Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip", &{
                let body = packed(b"second page");
                [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()
            }),
        );
        let others = [record("warcinfo", "", b"x"), record("request", "https://a.example/one", b"GET /one")].concat();
        let plain = [others.clone(), one.clone(), two.clone()].concat();
        let zipped: Vec<u8> = [&others, &one, &two].iter().flat_map(|record| packed(record)).collect();
        let about = |url: &str| About { url: Some(url.to_owned()), media_type: None };
        for warc in [&plain, &zipped] {
            assert_eq!(extract(warc, &about("https://a.example/one#place")).unwrap().shown, "café\n");
            assert_eq!(extract(warc, &about("https://a.example/two/")).unwrap().shown, "second page");
            let why = extract(warc, &about("https://a.example/three")).unwrap_err().to_string();
            assert_eq!(why, "the archive has no answer of https://a.example/three");
            assert!(no_text(warc).contains("several pages"));
        }
        assert!(no_text(&plain[..plain.len() - 20]).contains("cut off"));
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("archive/data.warc.gz", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&zipped).unwrap();
        let wacz = writer.finish().unwrap().into_inner();
        assert_eq!(extract(&wacz, &about("https://a.example/one")).unwrap().shown, "café\n");
    }
}
