//! Random ledgers with every kind of event.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Desk, Random};

const DAYS: [&str; 6] = ["2024-01-01", "2024-01-05", "2024-02", "2024-01-10", "[2024-01-03,2024-01-08]", "2024-01-20"];
const SAID: [&str; 5] = ["2024-02-01", "2024-02-03T09:00", "2024-02-05", "2024-02-07T19:00-04:00", "2024-02-09"];

/// Lines of random events; some are refused, and left out by the import.
struct Lines {
    random: Random,
    /// Whether it is said that entities are the same, or different.
    judges: bool,
    count: u64,
    claims: Vec<String>,
    acts: Vec<String>,
    /// Events that registered a key, by number: some because a line used it first.
    registrations: Vec<String>,
    /// Events that are no lines of an export, by number.
    beside: Vec<String>,
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
        if acts && !self.registrations.is_empty() && self.random.below(4) == 0 {
            let place = self.random.below(self.registrations.len() as u64);
            return self.registrations[usize::try_from(place).unwrap()].clone();
        }
        let all = if acts && !self.acts.is_empty() { &self.acts } else { &self.claims };
        all[usize::try_from(self.random.below(all.len() as u64)).unwrap()].clone()
    }

    /// Something about an event that is no line.
    fn about_no_line(&mut self, id: &str) -> Value {
        let place = self.random.below(self.beside.len() as u64);
        let target = self.beside[usize::try_from(place).unwrap()].clone();
        match self.random.below(3) {
            0 => json!({ "type": "note", "id": id, "about": target, "text": self.pick(&["one", "two"]) }),
            1 => json!({ "type": "approval", "id": id, "approves": target }),
            _ => json!({ "type": "return", "id": id, "event": target, "reason": "r" }),
        }
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
        let line = match self.random.below(27) {
            9 if !self.judges => return self.claim_line(),
            0 => {
                let mut claim = self.claim();
                if self.random.below(2) == 0 {
                    claim.as_object_mut().unwrap().shift_remove("id");
                }
                let corrects = self.known(false);
                json!({ "type": "correction", "id": id, "corrects": corrects, "by": by, "reason": "r", "claim": claim })
            }
            1 => {
                json!({ "type": "retraction", "retracts": self.known(true), "by": by, "reason": "r", "said_on": said_on })
            }
            2 => json!({ "type": "retraction", "retracts": self.known(true), "reason": "r" }),
            3 => {
                json!({ "type": "dispute", "id": id, "disputes": self.known(false), "by": by, "grounds": "g", "said_on": said_on })
            }
            4..7 => {
                let rating = self.pick(&["true", "false", "mostly"]);
                json!({ "type": "assessment", "claim": self.known(false), "rating": rating, "rationale": "r", "by": by })
            }
            7 => json!({ "type": "approval", "approves": self.known(true) }),
            8 => json!({ "type": "return", "event": self.known(true), "reason": "r" }),
            9 => {
                let entities =
                    [["s1", "s2"], ["s2", "s3"], ["s3", "s1"]][usize::try_from(self.random.below(3)).unwrap()];
                let verdict = self.pick(&["same", "different", "unsure"]);
                json!({ "type": "judgement", "id": id, "entities": entities, "verdict": verdict })
            }
            10 => json!({ "type": "link", "id": id, "source": self.pick(&["x", "y"]), "to": "z", "how": "copies" }),
            11 => json!({ "type": "rating", "source": self.pick(&["x", "y"]), "reliability": self.pick(&["A", "E"]) }),
            12 => json!({ "type": "entity", "key": self.pick(&["s1", "s2"]), "label": self.pick(&["One", "Two"]) }),
            13 => {
                json!({ "type": "entity", "key": self.pick(&["s1", "s2"]), "aliases": [self.pick(&["a", "b", "c"])] })
            }
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
            18 => {
                json!({ "type": "reference", "claim": self.known(false), "url": self.pick(&["https://u", "https://v"]) })
            }
            19 => json!({ "type": "setting", "name": "title", "value": self.pick(&["One", "Two"]) }),
            20 => {
                let list = self.list();
                return self.noted(list);
            }
            21..24 => self.about_no_line(&id),
            _ => return self.claim_line(),
        };
        if line.get("id").is_some() {
            self.acts.push(id);
        }
        line
    }

    /// A closed list of two periods.
    fn list(&mut self) -> Value {
        let mut list = self.claim();
        for time in ["on", "as_of", "from", "until", "timeless"] {
            list.as_object_mut().unwrap().shift_remove(time);
        }
        list["type"] = "periods".into();
        list["periods"] =
            json!([{ "from": "2024-01-02", "until": "2024-01-04" }, { "from": "2024-01-09", "until": "2024-01-12" }]);
        list
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

/// The lines of an export that another ledger takes in: without acts on what is no line, and what is about those, and with notes
/// about nothing in the place of notes about these.
pub(super) fn taken_elsewhere(export: &str) -> Vec<Value> {
    let mut left_out = BTreeSet::new();
    let mut taken = Vec::new();
    for line in export.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let fields = ["corrects", "retracts", "disputes", "approves", "event", "about", "claim"];
        let target = fields.iter().find_map(|field| line.get(field).and_then(Value::as_str));
        let is_untold = line.get("target_kind").is_some() || target.is_some_and(|target| left_out.contains(target));
        if is_untold && line["type"] != "note" {
            left_out.extend([line["id"].as_str().unwrap().to_owned(), format!("#{}", line["seq"])]);
            continue;
        }
        if is_untold {
            let fields = line.as_object_mut().unwrap();
            fields.shift_remove("about");
            fields.shift_remove("target_kind");
        }
        taken.push(line);
    }
    taken
}

/// Puts several commits by two people into an empty ledger.
pub(super) fn random_ledger(seed: u64, desk: Desk, judges: bool) -> Desk {
    let mut lines = Lines {
        random: Random::seeded(seed),
        judges,
        count: 0,
        claims: Vec::new(),
        acts: Vec::new(),
        registrations: Vec::new(),
        beside: vec!["#1".to_owned()],
    };
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
        let output =
            desk.run(&["import", "lines.jsonl", "--rejects", "bad.jsonl", "--force", "--again", "--actor", actor]);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", crate::support::err(&output));
        let log = desk.json(&["log"]);
        let registered =
            log.iter().filter(|event| ["attribute", "entity", "source"].iter().any(|kind| event["type"] == *kind));
        lines.registrations = registered.map(|event| format!("#{}", event["seq"])).collect();
        assert!(!lines.registrations.is_empty());
        let actors = log.iter().filter(|event| event["type"] == "actor-registered");
        lines.beside = actors.map(|event| format!("#{}", event["seq"])).chain(["#1".to_owned()]).collect();
        assert!(lines.beside.len() > 1);
    }
    desk
}
