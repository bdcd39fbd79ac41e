//! The file of refused lines: each as it was, with the reason put in front of its own fields, so that it can be
//! mended in place and imported again.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use annals::claim::{Problem, Problems};
use annals::exchange::json_text;
use annals::ledger::{Error, ErrorKind, Existing, Whole};
use serde_json::{Value, json};

use crate::failure::Failure;

/// The refused lines of an import.
pub(crate) struct Rejects {
    file: Whole,
    failed: Option<io::Error>,
}

impl Rejects {
    pub(crate) fn create(path: &Path, existing: Existing) -> Result<Rejects, Failure> {
        let file = Whole::create(path, existing).map_err(|error| error.so("nothing was recorded"))?;
        Ok(Rejects { file, failed: None })
    }

    /// Adds a line. A failure is told at the end.
    pub(crate) fn add(&mut self, number: u64, problems: &Problems, raw: &str) {
        if let Err(error) = writeln!(self.file, "{}", with_reason(number, problems, raw)) {
            self.failed.get_or_insert(error);
        }
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let told = |error: &dyn fmt::Display| {
            let message = "the good lines were recorded; the rejects could not be written";
            let hint = "import the same file again with --rejects: what was recorded is skipped";
            Failure::from(Error::new(ErrorKind::Io, message).because(error).with_hint(hint))
        };
        match self.failed {
            Some(error) => Err(told(&error)),
            None => self.file.finish().map_err(|error| told(&error)),
        }
    }
}

/// The line with `rejected` as its first field; the rest of it is not touched. What is no object is kept in `text`.
fn with_reason(number: u64, problems: &Problems, raw: &str) -> String {
    let reason = |problem: &Problem| json!({ "field": problem.field, "reason": problem.reason });
    let reasons: Vec<Value> = problems.iter().map(reason).collect();
    let reason = json_text(&json!({ "line": number, "problems": reasons }));
    let Some(fields) = raw.trim().strip_prefix('{') else {
        return format!("{{\"rejected\":{reason},\"text\":{}}}", json_text(&raw));
    };
    let fields = without_reason(fields).trim_start();
    let between = if fields.starts_with('}') { "" } else { "," };
    format!("{{\"rejected\":{reason}{between}{fields}")
}

/// The fields without the reason of an earlier import.
fn without_reason(fields: &str) -> &str {
    let reason = fields.trim_start().strip_prefix("\"rejected\"").and_then(|rest| rest.trim_start().strip_prefix(':'));
    let Some(reason) = reason else { return fields };
    let mut values = serde_json::Deserializer::from_str(reason).into_iter::<Value>();
    let is_read = values.next().is_some_and(|value| value.is_ok());
    let Some(rest) = reason.get(values.byte_offset()..).filter(|_| is_read) else { return fields };
    rest.trim_start().strip_prefix(',').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_fields_and_has_one_reason() {
        let told = |raw: &str| with_reason(7, &Problem::new("on", "is missing").into(), raw);
        let reason = r#"{"rejected":{"line":7,"problems":[{"field":"on","reason":"is missing"}]}"#;
        assert_eq!(told(r#"{"type":"claim", "n":1.50}"#), format!(r#"{reason},"type":"claim", "n":1.50}}"#));
        assert_eq!(told("{broken"), format!("{reason},broken"));
        assert_eq!(told("{}"), format!("{reason}}}"));
        assert_eq!(told("a,\"b\""), format!(r#"{reason},"text":"a,\"b\""}}"#));
        for raw in [r#"{"type":"claim"}"#, "{}", "{broken"] {
            assert_eq!(told(&told(raw)), told(raw));
        }
    }
}
