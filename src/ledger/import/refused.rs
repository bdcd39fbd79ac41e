//! What was refused, so that the lines that hang on it are refused too.

use foldhash::HashSet;
use serde_json::Value as Json;

use super::exported::target_of;
use super::keys::{KeyOf, each_key};
use crate::claim::Problem;
use crate::event::Proposed;
use crate::exchange::Exported;

/// Keys, ids and numbers of refused lines.
#[derive(Debug, Default)]
pub(super) struct Refused {
    keys: HashSet<(KeyOf, Box<str>)>,
    /// Own ids, and of lines of an export `#SEQ` there.
    ids: HashSet<Box<str>>,
}

impl Refused {
    /// Remembers a refused line: its key, so that nothing registers that by using it, and its id.
    pub(super) fn remember(&mut self, raw: &str) {
        let Ok(line) = serde_json::from_str::<Json>(raw) else { return };
        let text = |line: &Json, field: &str| line.get(field).and_then(Json::as_str).map(Box::from);
        let kind = match line.get("type").and_then(Json::as_str) {
            Some("attribute") => Some(KeyOf::Attribute),
            Some("entity") => Some(KeyOf::Entity),
            Some("source") => Some(KeyOf::Source),
            _ => None,
        };
        if let Some(kind) = kind {
            self.keys.extend(text(&line, "key").map(|key| (kind, key)));
        }
        let claim = line.get("claim").filter(|claim| claim.is_object());
        for part in [Some(&line), claim].into_iter().flatten() {
            self.ids.extend(text(part, "id"));
            self.ids.extend(part.get("seq").and_then(Json::as_u64).map(|seq| format!("#{seq}").into_boxed_str()));
        }
    }

    /// What is wrong with a line that hangs on a refused one.
    pub(super) fn hangs_on(&self, proposed: &Proposed, exported: Option<&Exported>) -> Option<Problem> {
        if self.keys.is_empty() && self.ids.is_empty() {
            return None;
        }
        let mut proposed = proposed.clone();
        let mut field = None;
        if let Some((of, target)) = target_of(&mut proposed) {
            let is_number = target.starts_with('#');
            field = self.ids.contains(target).then_some(of).filter(|_| !is_number || exported.is_some());
        }
        let is_registration = super::keys::registered(&proposed).is_some();
        if !is_registration {
            each_key(&mut proposed, &mut |kind, key| {
                if self.keys.contains(&(kind, key.clone())) {
                    field = field.or(Some(kind.word()));
                }
            });
        }
        field.map(|field| Problem::new(field, "depends on a line that is refused"))
    }
}
