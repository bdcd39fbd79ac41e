//! Random ledgers with every kind of event, exported, imported into an empty ledger, and exported again.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::{Desk, Random, number_of};

const DAYS: [&str; 6] = ["2024-01-01", "2024-01-05", "2024-02", "2024-01-10", "[2024-01-03,2024-01-08]", "2024-01-20"];
const SAID: [&str; 5] = ["2024-02-01", "2024-02-03T09:00", "2024-02-05", "2024-02-07T19:00-04:00", "2024-02-09"];

/// Lines of random events; some are refused, and left out by the import.
struct Lines {
    random: Random,
    count: u64,
    claims: Vec<String>,
    acts: Vec<String>,
}

impl Lines {
    fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[usize::try_from(self.random.below(from.len() as u64)).unwrap()]
    }

    fn id(&mut self) -> String {
        self.count += 1;
        format!("e{}", self.count)
    }

    fn known(&mut self, acts: bool) -> String {
        let all = if acts && !self.acts.is_empty() { &self.acts } else { &self.claims };
        all[usize::try_from(self.random.below(all.len() as u64)).unwrap()].clone()
    }

    /// The fields of a claim.
    fn claim(&mut self) -> Value {
        let mut claim = json!({ "subject": self.pick(&["s1", "s2"]), "id": self.id() });
        let (attribute, value) = match self.random.below(5) {
            0 => ("alive", json!(self.random.below(2) == 0)),
            1 => ("power", json!(self.pick(&["on", "off"]))),
            2 => ("count", json!({ "lower": self.pick(&["5", "6", "7"]), "upper": "7", "unit": "person" })),
            3 => ("holds", json!({ "entity": self.pick(&["s1", "s2", "s3"]) })),
            _ => ("born", json!(self.pick(&["here", "there"]))),
        };
        claim["attribute"] = attribute.into();
        claim["value"] = value;
        match self.random.below(6) {
            0 => claim["on"] = self.pick(&DAYS).into(),
            1 => claim["as_of"] = self.pick(&DAYS).into(),
            2 => claim["until"] = self.pick(&DAYS).into(),
            3 => claim["timeless"] = true.into(),
            _ => claim["from"] = self.pick(&DAYS).into(),
        }
        if self.random.below(5) == 0 {
            claim["polarity"] = "deny".into();
        }
        if self.random.below(6) > 0 {
            let mut chain = vec![json!({ "who": self.pick(&["x", "y", "z", "hidden"]), "how": "stated" })];
            if self.random.below(2) == 0 {
                chain.push(json!({ "who": self.pick(&["y", "z"]), "on": self.pick(&SAID) }));
            }
            claim["chain"] = chain.into();
        }
        if self.random.below(3) > 0 {
            claim["said_on"] = self.pick(&SAID).into();
        }
        if self.random.below(4) == 0 {
            claim["url"] = format!("https://{}.example/", self.id()).into();
        }
        claim
    }

    fn line(&mut self) -> Value {
        if self.claims.is_empty() {
            return self.claim_line();
        }
        let id = self.id();
        let by = self.pick(&["desk", "desk", "x", "y"]);
        let said_on = self.pick(&SAID);
        let line = match self.random.below(24) {
            0 => {
                let mut claim = self.claim();
                if self.random.below(2) == 0 {
                    claim.as_object_mut().unwrap().shift_remove("id");
                }
                let corrects = self.known(false);
                json!({ "type": "correction", "id": id, "corrects": corrects, "by": by, "reason": "r", "claim": claim })
            }
            1 => json!({ "type": "retraction", "retracts": self.known(true), "by": by, "reason": "r", "said_on": said_on }),
            2 => json!({ "type": "retraction", "retracts": self.known(true), "reason": "r" }),
            3 => json!({ "type": "dispute", "id": id, "disputes": self.known(false), "by": by, "grounds": "g", "said_on": said_on }),
            4..7 => {
                let rating = self.pick(&["true", "false", "mostly"]);
                json!({ "type": "assessment", "claim": self.known(false), "rating": rating, "rationale": "r", "by": by })
            }
            7 => json!({ "type": "approval", "approves": self.known(true) }),
            8 => json!({ "type": "return", "event": self.known(true), "reason": "r" }),
            9 => {
                let entities = [["s1", "s2"], ["s2", "s3"], ["s3", "s1"]][usize::try_from(self.random.below(3)).unwrap()];
                let verdict = self.pick(&["same", "different", "unsure"]);
                json!({ "type": "judgement", "id": id, "entities": entities, "verdict": verdict })
            }
            10 => json!({ "type": "link", "id": id, "source": self.pick(&["x", "y"]), "to": "z", "how": "copies" }),
            11 => json!({ "type": "rating", "source": self.pick(&["x", "y"]), "reliability": self.pick(&["A", "E"]) }),
            12 => json!({ "type": "entity", "key": self.pick(&["s1", "s2"]), "label": self.pick(&["One", "Two"]) }),
            13 => json!({ "type": "entity", "key": self.pick(&["s1", "s2"]), "aliases": [self.pick(&["a", "b", "c"])] }),
            14 => {
                let kind = self.pick(&["person", "organisation", "unnamed"]);
                json!({ "type": "source", "key": self.pick(&["x", "y"]), "kind": kind, "reliability": self.pick(&["A", "E"]) })
            }
            15 => {
                let days = self.random.below(3) * 10;
                json!({ "type": "attribute", "key": "count", "value_type": "quantity", "unit": "person", "stale_after_days": days })
            }
            16 => {
                let digest = self.pick(&["ab", "cd"]).repeat(32);
                json!({ "type": "evidence", "digest": digest, "len_bytes": self.random.below(3) })
            }
            17 => json!({ "type": "note", "about": self.known(true), "text": self.pick(&["one", "two"]) }),
            18 => json!({ "type": "reference", "claim": self.known(false), "url": self.pick(&["https://u", "https://v"]) }),
            19 => json!({ "type": "setting", "name": "title", "value": self.pick(&["One", "Two"]) }),
            20 => {
                let mut list = self.claim();
                for time in ["on", "as_of", "from", "until", "timeless"] {
                    list.as_object_mut().unwrap().shift_remove(time);
                }
                list["type"] = "periods".into();
                list["periods"] = json!([{ "from": "2024-01-02", "until": "2024-01-04" }, { "from": "2024-01-09", "until": "2024-01-12" }]);
                return self.noted(list);
            }
            _ => return self.claim_line(),
        };
        if line.get("id").is_some() {
            self.acts.push(id);
        }
        line
    }

    fn claim_line(&mut self) -> Value {
        let mut claim = self.claim();
        claim["type"] = "claim".into();
        self.noted(claim)
    }

    fn noted(&mut self, claim: Value) -> Value {
        self.claims.push(claim["id"].as_str().unwrap().to_owned());
        claim
    }
}

/// A ledger of several commits by two people.
fn random_ledger(seed: u64) -> Desk {
    let desk = Desk::with_ledger();
    let mut lines = Lines { random: Random::seeded(seed), count: 0, claims: Vec::new(), acts: Vec::new() };
    let declared = [
        r#"{"type":"attribute","key":"power","value_type":"symbol","complement":["on","off"]}"#,
        r#"{"type":"attribute","key":"holds","value_type":"entity","cardinality":"multi"}"#,
        r#"{"type":"attribute","key":"born","value_type":"text","fixed":true}"#,
        r#"{"type":"attribute","key":"alive","value_type":"bool","complement":"none","id":"alive"}"#,
    ];
    desk.write("lines.jsonl", &declared.join("\n"));
    desk.ok(&["import", "lines.jsonl"]);
    for commit in 0..4 {
        let all: Vec<String> = (0..15).map(|_| lines.line().to_string()).collect();
        desk.write("lines.jsonl", &all.join("\n"));
        let actor = if commit % 2 == 0 { "ana" } else { "ben" };
        let output = desk.run(&["import", "lines.jsonl", "--rejects", "bad.jsonl", "--again", "--actor", actor]);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", crate::support::err(&output));
    }
    desk
}

/// The lines of an export with what differs between ledgers put into one form: who entered an event first, when and as which
/// event there; numbers as the links of their events; and the commits by their places.
fn plain(export: &str) -> Vec<Value> {
    let mut lines: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let head = lines.remove(0);
    assert_eq!(head["type"], "export");
    let mut links = HashMap::new();
    let mut commits: Vec<Value> = Vec::new();
    for line in &mut lines {
        let commit = line["commit"].clone();
        if commits.last() != Some(&commit) {
            commits.push(commit);
        }
        line["commit"] = commits.len().into();
        let number = line["seq"].clone();
        let place = place_of(line, &head);
        if let Some(claim) = line.get_mut("claim").filter(|claim| claim.is_object()) {
            let number = claim["seq"].clone();
            let place = place_of(claim, &head);
            links.insert(format!("#{number}"), place["hash"].clone());
            claim["place"] = place;
        }
        links.insert(format!("#{number}"), place["hash"].clone());
        if line.get("by") == Some(&"desk".into()) {
            line["by"] = place["origin"].clone();
        }
        if line["type"] == "setting" {
            // Who changed a setting is each ledger's own.
            line.as_object_mut().unwrap().shift_remove("id");
        } else {
            line["place"] = place;
        }
        for field in ["corrects", "retracts", "disputes", "approves", "event", "about", "claim"] {
            if let Some(link) = line.get(field).and_then(Value::as_str).and_then(|target| links.get(target)) {
                line[field] = link.clone();
            }
        }
    }
    lines
}

/// Where an event was entered first; the fields that say so are taken out.
fn place_of(line: &mut Value, head: &Value) -> Value {
    let fields = line.as_object_mut().unwrap();
    let mut place = json!({ "ledger": head["ledger"] });
    for field in ["origin", "seq", "hash", "recorded_at", "actor"] {
        place[field] = fields.shift_remove(field).unwrap();
    }
    fields.shift_remove("first").unwrap_or(place)
}

/// What a ledger answers on some days, and at some horizons of reporting.
fn answers(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    for day in ["2024-01-01", "2024-01-04", "2024-01-09", "2024-03-01"] {
        for horizon in [&[][..], &["--reported-by", "2024-02-04"], &["--reported-by", "2024-02-08"]] {
            for state in desk.json(&[&["state", "--on", day][..], horizon].concat()) {
                let mut flags = state["flags"].clone();
                flags.as_array_mut().unwrap().sort_by_key(Value::to_string);
                let (subject, attribute) = (&state["subject"], &state["attribute"]);
                let (status, values) = (&state["status"], &state["values"]);
                all.push(format!("{day} {horizon:?} {subject} {attribute} {status} {values} {flags}"));
            }
        }
    }
    all
}

#[test]
fn a_ledger_is_the_same_after_it_was_carried_over() {
    let first = number_of("ANNALS_SEED", 0);
    for seed in first..first + number_of("ANNALS_LEDGERS", 6) {
        let one = random_ledger(seed);
        let export = one.ok(&["export", "--private"]);
        let two = Desk::with_ledger();
        two.write("all.jsonl", &export);
        let report = two.json(&["import", "all.jsonl"]);
        assert_eq!((&report[0]["skipped"], &report[0]["refused"]), (&0.into(), &0.into()), "seed {seed}");
        let (before, after) = (plain(&export), plain(&two.ok(&["export", "--private"])));
        for (one, two) in before.iter().zip(&after) {
            assert_eq!(one, two, "seed {seed}");
        }
        assert_eq!(before.len(), after.len(), "seed {seed}");
        assert_eq!(answers(&one), answers(&two), "seed {seed}");
        for desk in [&one, &two] {
            desk.write("all.jsonl", &export);
            let again = desk.json(&["import", "all.jsonl"]);
            assert_eq!((&again[0]["events"], &again[0]["refused"]), (&0.into(), &0.into()), "seed {seed}");
        }
    }
}

#[test]
fn copies_are_carried_along_and_missing_ones_are_named() {
    let one = Desk::with_ledger();
    one.write("copy.txt", "the lamps went out");
    let record = ["record", "embassy", "power", "off", "--on", "2024-11-23", "--said-by", "aide", "--evidence", "copy.txt"];
    one.ok(&record);
    one.ok(&["export", "-o", "all.jsonl", "--evidence", "copies"]);
    let lines = std::fs::read_to_string(one.path().join("all.jsonl")).unwrap();
    let two = Desk::with_ledger();
    two.write("all.jsonl", &lines);
    let report = two.json(&["import", "all.jsonl"]);
    assert_eq!(report[0]["missing_copies"], 1);
    let three = Desk::with_ledger();
    three.write("all.jsonl", &lines);
    let copies = one.path().join("copies");
    let output = three.run(&["import", "all.jsonl", "--evidence", copies.to_str().unwrap()]);
    assert!(crate::support::err(&output).contains("1 captured copy taken in"), "{}", crate::support::err(&output));
    let quoted = ["record", "embassy", "power", "off", "--on", "2024-11-24", "--said-by", "aide", "--quote", "went out"];
    let digest = std::fs::read_dir(copies).unwrap().flatten().flat_map(|folder| std::fs::read_dir(folder.path()).unwrap());
    let digest = digest.flatten().next().unwrap().file_name().into_string().unwrap();
    three.ok(&[&quoted[..], &["--evidence", &digest]].concat());
    let wrong = ["record", "embassy", "power", "off", "--on", "2024-11-25", "--said-by", "aide", "--quote", "came on"];
    three.fails(&[&wrong[..], &["--evidence", &digest]].concat(), 3);
}

#[test]
fn private_things_stay_at_the_desk() {
    let desk = Desk::with_ledger();
    let lines = [
        r#"{"type":"source","key":"whistle","kind":"person","label":"Secret Name","private":true}"#,
        r#"{"type":"claim","id":"open","subject":"s","attribute":"a","value":"one","on":"2024-01-01","said_by":"daily"}"#,
        r#"{"type":"claim","id":"theirs","subject":"s","attribute":"a","value":"two","on":"2024-01-02","said_by":"whistle"}"#,
        r#"{"type":"claim","id":"ours","subject":"s","attribute":"a","value":"three","on":"2024-01-03","private":true}"#,
        r#"{"type":"assessment","claim":"ours","rating":"true","rationale":"seen"}"#,
        r#"{"type":"note","about":"theirs","text":"call again"}"#,
        r#"{"type":"note","text":"hush","private":true}"#,
    ];
    desk.write("lines.jsonl", &lines.join("\n"));
    desk.ok(&["import", "lines.jsonl"]);
    let output = desk.run(&["export"]);
    let export = crate::support::out(&output);
    for word in ["whistle", "Secret", "theirs", "ours", "three", "hush", "call again"] {
        assert!(!export.contains(word), "{word} in {export}");
    }
    assert!(export.contains("open"));
    let told = crate::support::err(&output);
    assert!(told.contains("3 private events left out, with 3 events that rest on them"), "{told}");
    let whole = desk.ok(&["export", "--private"]);
    let two = Desk::with_ledger();
    two.write("all.jsonl", &whole);
    two.ok(&["import", "all.jsonl"]);
    assert!(!two.ok(&["export"]).contains("Secret"), "what is private stays private");
}
