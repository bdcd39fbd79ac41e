//! Quotes and the captured copies that they are taken from.

use std::fs;

use crate::support::{Desk, err};

const PAGE: &str = "<!doctype html><title>The gate</title><script>nobody was inside</script><p>said <b>at\nleast</b> five \
    people were inside caf&eacute; &amp; bar, in&shy;side</p><p hidden>under cover</p><p>15 men</p>";

fn record<'a>(file: &'a str, quote: &'a str) -> Vec<&'a str> {
    vec![
        "record",
        "embassy",
        "inside",
        ">=5 persons",
        "--as-of",
        "2024-08-10",
        "--said-by",
        "office",
        "--quote",
        quote,
        "--evidence",
        file,
        "--dry-run",
    ]
}

/// A claim about the power.
fn power<'a>(value: &'a str, by: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["record", "embassy", "power", value, "--on", "2024-11-23", "--said-by", by], more].concat()
}

/// What is said of a quote of a page, and the exit code.
fn told(desk: &Desk, quote: &str) -> (String, Option<i32>) {
    let output = desk.run(&record("page.html", quote));
    (err(&output), output.status.code())
}

#[test]
#[cfg(feature = "desk")]
fn a_quote_is_compared_with_what_a_reader_sees() {
    let desk = Desk::with_ledger();
    desk.write("page.html", PAGE);
    for quote in ["said at least five", "café & bar", "bar, in-side", "five […] bar", "people were inside"] {
        let (said, code) = told(&desk, quote);
        assert_eq!(code, Some(0), "{quote}: {said}");
        let is_noted = said.contains("note: the quote occurs in the captured copy, same but for word breaks");
        assert_eq!(is_noted, quote == "bar, in-side", "{quote}: {said}");
    }
    let (said, code) = told(&desk, "under cover");
    assert!(
        code == Some(0) && said.contains("warning: the quote stands only in what the captured copy does not show"),
        "{said}"
    );
    for (quote, wanted) in [
        ("Said At Least Five", "occurs in the captured copy with other capitals: \"said at least five"),
        (
            "said at most five people",
            "does not occur in the captured copy; the nearest passage is \"said at least five",
        ),
        ("nobody was inside", "does not occur"),
        ("5 men", "does not occur"),
        ("bar […] café", "does not occur"),
        ("five [other] people", "put […] where words of your own stand in brackets"),
    ] {
        let (said, code) = told(&desk, quote);
        assert!(code == Some(3) && said.contains(wanted), "{quote}: {said}");
    }
}

#[test]
fn what_cannot_be_read_is_told_and_stops_nothing() {
    let desk = Desk::with_ledger();
    fs::write(desk.path().join("picture.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    fs::write(
        desk.path().join("broken.pdf"),
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj trailer << /Root 1 0 R >>",
    )
    .unwrap();
    for file in ["picture.png", "broken.pdf"] {
        let output = desk.run(&record(file, "any words"));
        assert!(
            output.status.success() && err(&output).contains("note: the quote was not checked: "),
            "{}",
            err(&output)
        );
    }
}

/// The reader of a PDF believes how wide the file calls its numbers, and asks for so much memory: only its own process ends.
#[test]
#[cfg(all(target_os = "linux", feature = "pdf"))]
fn a_file_that_asks_for_all_memory_stops_only_who_reads_it() {
    let desk = Desk::with_ledger();
    let objects =
        "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n";
    let body = format!("%PDF-1.5\n{objects}");
    let table = "3 0 obj << /Type /XRef /Size 4 /W [1 4000000000 1] /Index [0 4] /Root 1 0 R /Length 8 >>\nstream\nxxxxxxxx\nendstream endobj\n";
    let at = body.len();
    desk.write("wide.pdf", &format!("{body}{table}startxref\n{at}\n%%EOF\n"));
    let output = desk.run(&record("wide.pdf", "any words"));
    let said = err(&output);
    assert!(
        output.status.success() && said.contains("not checked: reading it took too long, too much memory, or failed"),
        "{said}"
    );
}

/// A process that reads a copy has no environment, ends when it is not understood, and is no command.
#[test]
fn the_process_that_reads_a_copy_answers_questions_only() {
    let desk = Desk::new();
    let output = desk.command(&["read-a-copy"]).stdin(std::process::Stdio::null()).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(!desk.ok(&["--help"]).contains("read-a-copy"));
}

#[test]
fn a_record_that_is_refused_leaves_no_copy_behind() {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", "the power was cut");
    let args =
        |value: &'static str, quote: &'static str| power(value, "aide", &["--quote", quote, "--evidence", "copy.txt"]);
    let copies = || fs::read_dir(desk.path().join("ledger/evidence")).map_or(0, Iterator::count);
    desk.fails(&args("off", "the power is back"), 3);
    assert_eq!(copies(), 0);
    desk.ok(&power("on", "aide", &[]));
    let said = desk.fails(&args("off", "the power was cut"), 3);
    assert!(said.contains("its source says otherwise") && copies() == 0, "{said}");
    desk.ok(&[args("off", "the power was cut"), vec!["--anyway"]].concat());
    assert_eq!(copies(), 1);
}

/// Lines of an import are held against the copies that are kept, references as claims.
#[test]
fn imported_quotes_are_looked_for_too() {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", "the power was cut");
    desk.ok(&power("off", "aide", &["--id", "c1", "--evidence", "copy.txt"]));
    let digest = desk.json(&["log"]).into_iter().find_map(|line| line["digest"].as_str().map(str::to_owned)).unwrap();
    let line = |quote: &str| {
        format!(
            "{{\"type\":\"reference\",\"id\":\"e1\",\"claim\":\"c1\",\"quote\":\"{quote}\",\"evidence\":\"{digest}\"}}\n"
        )
    };
    desk.write("wrong.jsonl", &line("the power was back"));
    assert!(desk.fails(&["import", "wrong.jsonl"], 3).contains("does not occur in the captured copy"));
    desk.write("right.jsonl", &line("power was cut"));
    desk.ok(&["import", "right.jsonl"]);
}

const COPY: &str = "The power was cut, and cut again.\nNobody came.";

/// Records a claim with a quote of a copy.
fn quote(desk: &Desk, id: &str, quote: &str, more: &[&str]) {
    let own = ["--id", id, "--evidence", "copy.txt", "--quote", quote];
    desk.ok(&power("off", id, &[&own[..], more].concat()));
}

#[test]
fn copies_are_listed_and_shown() {
    let desk = Desk::with_ledger();
    assert!(desk.ok(&["evidence"]).contains("no captured copies"));
    desk.write("copy.txt", COPY);
    desk.write("other.txt", "Another text.");
    let said = desk.fails(&["evidence", "add", "copy.txt", "--url", "nowhere", "--captured-at", "soon"], 2);
    assert!(said.contains("url") && said.contains("captured_at"), "{said}");
    assert!(desk.fails(&["evidence", "add", "copy.txt", "other.txt", "--id", "x"], 2).contains("are of one file"));
    desk.ok(&["evidence", "add", "copy.txt", "--url", "https://a.example/1", "--captured-at", "2024-11-24T10:00"]);
    let listed = desk.json(&["evidence"]);
    let digest = listed[0]["digest"].as_str().unwrap().to_owned();
    assert_eq!((listed.len(), &listed[0]["url"], &listed[0]["kept"]), (1, &"https://a.example/1".into(), &true.into()));
    quote(&desk, "a", "cut", &[]);
    quote(&desk, "b", "The power […] came", &[]);
    let shown = desk.ok(&["evidence", "show", &digest[..8]]);
    assert!(shown.contains("annals-plain-1") && shown.contains("“cut”  verbatim, in 2 places"), "{shown}");
    assert_eq!(
        desk.ok(&["evidence", "show", &digest[..8], "--text"]),
        "The power was cut, and cut again.\nNobody came.\n"
    );
    assert!(desk.fails(&["evidence", "show", "ffff"], 3).contains("no captured copy begins with"));
    // A copy that was altered is named, and says nothing.
    fs::write(desk.path().join(format!("ledger/evidence/{}/{digest}", &digest[..2])), "The power was on.").unwrap();
    assert!(desk.ok(&["evidence"]).contains("ALTERED"));
    assert!(desk.ok(&["evidence", "check"]).contains("2 could not be checked"));
}

#[test]
fn quotes_are_held_against_the_copies_of_their_claims() {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", COPY);
    desk.write("other.txt", "Another text.");
    quote(&desk, "a", "cut", &[]);
    quote(&desk, "b", "The power […] came", &[]);
    assert!(
        desk.ok(&["evidence", "check"])
            .contains("2 quotes of captured copies: 2 occur, 0 do not, 0 could not be checked")
    );
    quote(&desk, "c", "Somebody came", &["--unverified-quote"]);
    desk.ok(&["evidence", "add", "other.txt"]);
    let said = desk.run(&["evidence", "check"]);
    assert_eq!(said.status.code(), Some(1));
    let told = crate::support::out(&said);
    assert!(told.contains("“Somebody came”") && told.contains("DOES NOT OCCUR; the nearest passage is"), "{told}");
    let lines = desk.run(&["--json", "evidence", "check"]);
    let lines: Vec<serde_json::Value> =
        crate::support::out(&lines).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let results: Vec<&str> = lines.iter().map(|line| line["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["verbatim", "verbatim", "absent"]);
    // Each place, with what stands around it.
    let places = lines[0]["places"].as_array().unwrap();
    assert_eq!(places.len(), 2);
    assert_eq!(places[1][0]["position"], serde_json::json!({"type": "TextPositionSelector", "start": 23, "end": 26}));
    let around = &places[0][0]["quote"];
    assert_eq!((&around["prefix"], &around["exact"]), (&"The power was ".into(), &"cut".into()));
    assert_eq!(lines[1]["places"][0].as_array().unwrap().len(), 2);
    // A copy that came later counts for the quote; what is of another page, maybe, is told as not checked.
    desk.ok(&power("on", "guard", &["--id", "d", "--quote", "Nobody came"]));
    assert!(desk.run(&["evidence", "check"]).stdout.ends_with(b"1 quote more, of whose claims nothing was captured\n"));
    desk.ok(&["cite", "d", "--evidence", "copy.txt"]);
    desk.ok(&["cite", "d", "--quote", "Words of another page"]);
    let told = crate::support::out(&desk.run(&["evidence", "check"]));
    assert!(told.contains("“Words of another page”  not checked: no captured copy was given with it"), "{told}");
    assert!(told.contains("5 quotes of captured copies: 3 occur, 1 do not, 1 could not be checked"), "{told}");
    desk.ok(&["retract", "d", "--reason", "slip"]);
    // What was taken back is not asked for.
    desk.ok(&["retract", "c", "--reason", "slip"]);
    assert_eq!(desk.run(&["evidence", "check"]).status.code(), Some(0));
}
