//! Lines that are refused: each with the field that is wrong and a part of what is said of it.

use super::read_line;

/// Asserts that each line is refused for its field, with a message or hint that has the part in it.
fn assert_refused(lines: &[(&str, &str, &str)]) {
    for (line, field, part) in lines {
        let problems = read_line(line).expect_err(line);
        let problem = problems.first();
        let hint = problem.hint.as_deref().unwrap_or_default();
        assert_eq!(problem.field, *field, "{line}: {problem}");
        assert!(problem.reason.contains(part) || hint.contains(part), "{line}: {problem} ({hint})");
    }
}

/// Asserts the same of claims that would be right without the fields given.
fn assert_claims_refused(claims: &[(&str, &str, &str)]) {
    for (fields, field, part) in claims {
        let line = format!(r#"{{"type":"claim","subject":"s","attribute":"a",{fields}}}"#);
        assert_refused(&[(&line, field, part)]);
    }
}

#[test]
fn lines_that_are_no_object_of_a_known_type() {
    assert_refused(&[
        ("", "line", "is not JSON: EOF"),
        ("{\"type\":\"note\",}", "line", "trailing comma (column 16)"),
        ("[1]", "line", "is a list, but an object is wanted"),
        ("\"claim\"", "line", "is a string"),
        ("{}", "type", "is missing"),
        (r#"{"type":null}"#, "type", "is missing"),
        (r#"{"type":""}"#, "type", "is missing"),
        (r#"{"type":7}"#, "type", "is a number"),
        (r#"{"type":"clam"}"#, "type", "did you mean \"claim\"?"),
        (r#"{"type":"Dispute"}"#, "type", "did you mean \"dispute\"?"),
        (r#"{"type":"zzz"}"#, "type", "\"zzz\" is not one of claim, entity"),
        (r#"{"type":"note","type":"note","text":"x"}"#, "type", "stands twice"),
        (r#"{"type":"note","text":"x","text":"y"}"#, "text", "stands twice"),
        (r#"{"type":"note","tex":"x"}"#, "tex", "did you mean \"text\"?"),
        (r#"{"type":"note","colour":"x"}"#, "colour", "is no field of a note"),
    ]);
}

#[test]
fn provenance_that_is_not_an_exports() {
    let hash = "ab".repeat(32);
    let exported = |seq: &str, time: &str, actor: &str, hash: &str, rest: &str| {
        format!(
            r#"{{"type":"note","text":"x","seq":{seq},"recorded_at":{time},"actor":{actor},"hash":"{hash}","origin":"o"{rest}}}"#
        )
    };
    let time = r#""2024-01-01T00:00:00.000000Z""#;
    assert_refused(&[
        (r#"{"type":"note","text":"x","recorded_at":"2024-01-01T00:00:00Z"}"#, "recorded_at", "the ledger's clock"),
        (r#"{"type":"note","text":"x","seq":1,"recorded_at":"x","actor":"y"}"#, "recorded_at", "the ledger's clock"),
        (r#"{"type":"note","text":"x","seq":1}"#, "seq", "the ledger sets it"),
        (r#"{"type":"note","text":"x","first":{}}"#, "first", "the ledger sets it"),
        (r#"{"type":"note","text":"x","actor":"y","hash":"z"}"#, "actor", "all fields of an export"),
        (r#"{"type":"note","text":"x","hash":"z"}"#, "hash", "the ledger sets it"),
        (&exported("0", time, r#""y""#, &hash, ""), "seq", "from 1"),
        (&exported(r#""1""#, time, r#""y""#, &hash, ""), "seq", "is a string"),
        (&exported("1", r#""today""#, r#""y""#, &hash, ""), "recorded_at", "as an export writes it"),
        (&exported("1", time, "3", &hash, ""), "actor", "is a number"),
        (&exported("1", time, r#""y""#, "z", ""), "hash", "64 hexadecimal digits"),
        (&exported("1", time, r#""y""#, &hash, r#","seq":2"#), "seq", "twice"),
        (&exported("1", time, r#""y""#, &hash, r#","first":{"seq":2}"#), "first.origin", "is missing"),
        (&exported("1", time, r#""y""#, &hash, r#","id":"0123456789abcdef""#), "id", "16 hexadecimal digits"),
        (r#"{"type":"correction","corrects":"c","reason":"r","claim":{"seq":1}}"#, "claim.seq", "the ledger sets it"),
    ]);
}

#[test]
fn all_that_is_wrong_with_a_line_is_told_at_once() {
    let fields = |line: &str| -> Vec<String> {
        read_line(line).unwrap_err().iter().map(|problem| problem.field.to_string()).collect()
    };
    assert_eq!(
        fields(
            r#"{"type":"claim","id":"88","atribute":"a","value":{"lower":"x","upper":"y"},"from":"24","until":"25","chain":[{"how":"sung"},{"who":"@a","how":"sung"}],"said_on":"2024-13","evidence":["a b",7],"note":3}"#
        ),
        [
            "atribute",
            "value.lower",
            "value.upper",
            "chain[0].who",
            "evidence[1]",
            "note",
            "from",
            "until",
            "chain[0].who",
            "said_on",
            "evidence",
            "subject",
            "attribute",
            "id"
        ]
    );
    assert_eq!(
        fields(r#"{"type":"attribute","stale_after_days":-1,"label":7}"#),
        ["key", "value_type", "stale_after_days", "label"]
    );
    assert_eq!(
        fields(r#"{"type":"correction","by":7,"claim":{"value":true,"on":"24"}}"#),
        ["reason", "corrects", "by", "claim.on", "claim.subject", "claim.attribute"]
    );
    assert_eq!(
        fields(r#"{"type":"periods","periods":[{"from":"2024"},{"until":"25"},3]}"#),
        ["periods[0].until", "periods[1].from", "periods[2]", "value", "subject", "attribute"]
    );
    let many = format!(r#"{{"type":"entity","key":"e","aliases":[{}7]}}"#, "7,".repeat(5000));
    let problems = read_line(&many).unwrap_err();
    assert_eq!(problems.iter().count(), 21);
    assert_eq!(problems.iter().last().unwrap().reason, "has 4981 more that are wrong");
}

#[test]
fn values_in_no_known_form() {
    assert_claims_refused(&[
        (r#""undated":true"#, "value", "is missing"),
        (r#""undated":true,"value":null"#, "value", "is missing"),
        (r#""undated":true,"value":5"#, "value", r#"write an amount as {"lower":"5","upper":"5"}"#),
        (r#""undated":true,"value":1.5"#, "value", "is a number, but an exact amount is wanted"),
        (r#""undated":true,"value":[true]"#, "value", "is a list"),
        (r#""undated":true,"value":"""#, "value", "is missing"),
        (r#""undated":true,"value":{}"#, "value", "gives no value"),
        (r#""undated":true,"value":{"some":false}"#, "value", "gives no value"),
        (r#""undated":true,"value":{"lower":null,"upper":null}"#, "value", "gives no value"),
        (r#""undated":true,"value":{"some":1}"#, "value.some", "is a number, but true or false is wanted"),
        (r#""undated":true,"value":{"some":true,"none":true}"#, "value", "several values at once"),
        (r#""undated":true,"value":{"lower":5,"upper":"5"}"#, "value.lower", r#"write "lower":"5""#),
        (r#""undated":true,"value":{"upper":-5}"#, "value.upper", r#"write "upper":"-5""#),
        (r#""undated":true,"value":{"lower":"5 km"}"#, "value.lower", "\"5 km\" is not a decimal number"),
        (r#""undated":true,"value":{"lower":"1e3"}"#, "value.lower", "is not a decimal number"),
        (r#""undated":true,"value":{"lower":"1234567890123456789012345678901"}"#, "value.lower", "more digits"),
        (r#""undated":true,"value":{"lower":"6","upper":"5"}"#, "value", "lower bound above"),
        (r#""undated":true,"value":{"lower":null,"unit":"km"}"#, "value", "neither a lower nor an upper"),
        (r#""undated":true,"value":{"lower":"5","uint":"km"}"#, "value.uint", "did you mean \"unit\"?"),
        (r#""undated":true,"value":{"entity":"two words"}"#, "value.entity", "white space"),
        (r#""undated":true,"value":{"entity":"@brazil"}"#, "value.entity", "starts with '@'"),
        (r#""undated":true,"value":{"date":"2024/2025"}"#, "value.date", "is an interval"),
    ]);
}

#[test]
fn claims_with_a_wrong_field() {
    let long = format!(r#""value":true,"on":"2024","note":"{}""#, "x".repeat(65_537));
    assert_claims_refused(&[
        (r#""value":true"#, "on", "the claim says no time"),
        (r#""value":true,"undated":false"#, "on", "the claim says no time"),
        (r#""value":true,"undated":"yes""#, "undated", "is a string, but true or false is wanted"),
        (r#""value":true,"on":2024"#, "on", "is a number, but a date as a string is wanted"),
        (r#""value":true,"on":"2024","said_on":2024"#, "said_on", "is a number, but a date as a string is wanted"),
        (r#""value":true,"on":"2024","as_of":"2024""#, "as_of", "stands beside on"),
        (r#""value":true,"from":"2025","until":"2024""#, "until", "lies wholly before from"),
        (r#""value":true,"on":"2024","saidon":"2024""#, "saidon", "did you mean \"said_on\"?"),
        (r#""value":true,"on":"2024","said-on":"2024""#, "said-on", "did you mean \"said_on\"?"),
        (r#""value":true,"on":"2024","polarity":"no""#, "polarity", "neither affirm nor deny"),
        (r#""value":true,"on":"2024","clock":"7pm""#, "clock", "is not a clock window"),
        (r#""value":true,"from":"2024","from_kind":"seen""#, "from_kind", "neither transition nor observed"),
        (r#""value":true,"on":"2024","chain":"x""#, "chain", "is a string, but a list of {who, how, on} is wanted"),
        (r#""value":true,"on":"2024","chain":["x"]"#, "chain[0]", "is a string, but an object"),
        (r#""value":true,"on":"2024","chain":[{"who":"x"},{"how":"stated"}]"#, "chain[1].who", "is missing"),
        (r#""value":true,"on":"2024","chain":[{"who":"x","how":"sung"}]"#, "chain[0].how", "sung"),
        (r#""value":true,"on":"2024","chain":[{"who":"x","when":"2024"}]"#, "chain[0].when", "a link of a chain"),
        (r#""value":true,"on":"2024","chain":[{"who":"y"}],"said_by":"x""#, "said_by", "stands beside chain"),
        (r#""value":true,"on":"2024","how":"stated""#, "how", "has no said_by"),
        (r#""value":true,"on":"2024","said_by":"x","how":"sung""#, "chain[0].how", "sung"),
        (r#""value":true,"on":"2024","evidence":7"#, "evidence", "is a number"),
        (r#""value":true,"on":"2024","evidence":["ab",7]"#, "evidence[1]", "is a number"),
        (r#""value":true,"on":"2024","evidence":"two words""#, "evidence", "is not a digest"),
        (r#""value":true,"on":"2024","id":"a\u202eb""#, "id", "U+202E"),
        (
            r#""value":true,"periods":[{"from":"2024","until":"2024"}]"#,
            "periods",
            "no field of a line of the type claim",
        ),
        (r#""value":true,"periods":[]"#, "on", "is missing: the claim says no time"),
        (r#""value":true,"on":"2024","said_on":"2024-11T19:00""#, "said_on", "beside what is not one exact day"),
        (r#""value":true,"on":"2024","chain":[{"who":"x","on":"2024-11-23T25:00"}]"#, "chain[0].on", "time of day"),
        (r#""value":true,"on":"2024","id":"88""#, "id", "put a letter before it"),
        (r#""value":true,"on":"2024","id":"0123456789abcdef""#, "id", "16 hexadecimal digits"),
        (r#""value":true,"on":"2024","private":"yes""#, "private", "true or false"),
        (&long, "note", "is longer than 65536 bytes"),
    ]);
    assert_refused(&[
        (r#"{"type":"claim","attribute":"a","value":true,"on":"2024"}"#, "subject", "is missing"),
        (r#"{"type":"periods","value":true,"on":"2024"}"#, "periods", "is missing"),
        (r#"{"type":"periods","value":true,"periods":[]}"#, "periods", "is missing"),
        (r#"{"type":"periods","value":true,"periods":[{"from":"2024"}]}"#, "periods[0].until", "is missing"),
        (r#"{"type":"periods","value":true,"periods":[3]}"#, "periods[0]", "is a number"),
    ]);
}

#[test]
fn acts_with_a_wrong_field() {
    assert_refused(&[
        (r#"{"type":"correction","reason":"r","claim":{}}"#, "corrects", "is missing"),
        (r#"{"type":"correction","corrects":"c","reason":"r"}"#, "claim", "is missing"),
        (r#"{"type":"correction","corrects":"c","reason":"r","claim":"d"}"#, "claim", "is a string"),
        (
            r#"{"type":"correction","corrects":"c","reason":"r","claim":{"type":"note"}}"#,
            "claim.type",
            "claim or periods",
        ),
        (
            r#"{"type":"correction","corrects":"c","reason":"r","claim":{"value":true,"on":"24"}}"#,
            "claim.on",
            "is not a date",
        ),
        (r#"{"type":"retraction","retracts":"c"}"#, "reason", "is missing"),
        (r##"{"type":"retraction","retracts":"#0","reason":"r"}"##, "retracts", "counted from 1"),
        (r##"{"type":"retraction","retracts":"#x","reason":"r"}"##, "retracts", "is no position"),
        (r#"{"type":"retraction","retracts":88,"reason":"r"}"#, "retracts", "an id or \"#88\" as a string"),
        (r#"{"type":"dispute","disputes":"c","reason":"r"}"#, "reason", "is no field of a dispute"),
        (r#"{"type":"return","event":"c"}"#, "reason", "is missing"),
        (r#"{"type":"return","returns":"c","reason":"r"}"#, "returns", "is no field of a return"),
        (r#"{"type":"reference","claim":"c"}"#, "url", "give one of them at least"),
        (r#"{"type":"reference","url":"u"}"#, "claim", "is missing"),
        (r#"{"type":"reference","claim":"c","evidence":["a b"]}"#, "evidence", "is not a digest"),
        (r#"{"type":"setting","name":"colour","value":"red"}"#, "name", "is not one of title, publisher"),
        (r#"{"type":"setting","name":"four_eyes","value":"claim"}"#, "value", "did you mean \"claims\"?"),
        (r#"{"type":"setting","name":"title","value":""}"#, "value", "is missing"),
        (r#"{"type":"assessment","claim":"c","rationale":"r"}"#, "rating", "is missing"),
        (r#"{"type":"assessment","claim":"c","rationale":"r","rating":true}"#, "rating", "is a boolean"),
        (r#"{"type":"assessment","claim":"c","rationale":"r","rating":" "}"#, "rating", "is empty"),
        (
            r#"{"type":"assessment","claim":"c","rationale":"r","rating":"true","credibility":7}"#,
            "credibility",
            "from 1 to 6",
        ),
        (r#"{"type":"approval","approves":"c","said_on":"2024-13"}"#, "said_on", "is not a date"),
        (r#"{"type":"judgement","entities":["a"],"verdict":"same"}"#, "entities", "fewer than two"),
        (r#"{"type":"judgement","entities":["a","b","c"],"verdict":"same"}"#, "entities", "one line for each pair"),
        (r#"{"type":"judgement","entities":["a","a"],"verdict":"same"}"#, "entities[1]", "stands twice"),
        (r#"{"type":"judgement","entities":["a","b"],"verdict":"sam"}"#, "verdict", "did you mean \"same\"?"),
    ]);
}

#[test]
fn registrations_with_a_wrong_field() {
    assert_refused(&[
        (r#"{"type":"attribute","key":"a"}"#, "value_type", "is missing"),
        (r#"{"type":"attribute","key":"a","value_type":"int"}"#, "value_type", "is not one of text, symbol"),
        (r#"{"type":"attribute","key":"a","value_type":"bool","stale_after_days":-1}"#, "stale_after_days", "from 0"),
        (r#"{"type":"attribute","key":"a","value_type":"bool","complement":true}"#, "complement", "is a boolean"),
        (r#"{"type":"attribute","key":"a","value_type":"bool","complement":[true]}"#, "complement", "is not a pair"),
        (r#"{"type":"attribute","key":"a","value_type":"text","complement":["a","a"]}"#, "complement", "twice"),
        (r#"{"type":"attribute","key":"a","value_type":"bool","complement":[true,"no"]}"#, "complement[1]", "bool"),
        (r#"{"type":"attribute","key":"a","value_type":"bool","complement":"no"}"#, "complement", "or \"none\""),
        (r#"{"type":"attribute","key":"a","value_type":"bool","fixed":"yes"}"#, "fixed", "true or false"),
        (
            r#"{"type":"attribute","key":"a","value_type":"entity","complement":[{"entity":"b"},{"entity":"c"}]}"#,
            "complement[0]",
            "has no complement",
        ),
        (r#"{"type":"entity","label":"x"}"#, "key", "is missing"),
        (r#"{"type":"entity","key":"e","aliases":["x",""]}"#, "aliases[1]", "is empty"),
        (r#"{"type":"source","key":"s","kind":"organization"}"#, "kind", "did you mean \"organisation\"?"),
        (r#"{"type":"source","key":"s","kind":"work","reliability":"G"}"#, "reliability", "A, B, C, D, E, F"),
        (r#"{"type":"link","source":"a","to":"a","how":"copies"}"#, "to", "is the source itself"),
        (r#"{"type":"link","source":"a","to":"b","how":"same_wire"}"#, "how", "did you mean \"same-wire\"?"),
        (r#"{"type":"rating","source":"a"}"#, "reliability", "is missing"),
        (r#"{"type":"evidence","digest":"abc","len_bytes":1}"#, "digest", "64 hexadecimal digits"),
        (r#"{"type":"note","about":"a"}"#, "text", "is missing"),
    ]);
}
