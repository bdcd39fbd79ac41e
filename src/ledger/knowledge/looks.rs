//! Keys that look like one another, or differ in capitals only.

use super::content::{Content, ContentMap, Contents};
use super::register::Register;
use crate::catalogue::Catalogue;
use crate::event::look_of;
use crate::seq::Seq;

/// The first key of each look, by sort and skeleton, and of the same letters, by sort.
#[derive(Debug, Default)]
pub(super) struct Looks(ContentMap<Seq>);

impl Looks {
    /// Of all names.
    fn of(catalogue: &Catalogue, contents: &Contents) -> Looks {
        let mut looks = Looks::default();
        for (seq, entity) in catalogue.entities() {
            looks.note(seq, ("entity", &entity.key), contents, catalogue);
        }
        for (seq, source) in catalogue.sources() {
            looks.note(seq, ("source", &source.key), contents, catalogue);
        }
        for (seq, attribute) in catalogue.attributes() {
            looks.note(seq, ("attribute", &attribute.key), contents, catalogue);
        }
        looks
    }

    /// Takes in a key of a sort that an event registers.
    pub(super) fn note(&mut self, seq: Seq, key: (&'static str, &str), contents: &Contents, catalogue: &Catalogue) {
        for look in looks_of(key, contents) {
            let first = self.0.entry(look).or_insert(seq);
            if !catalogue.is_registered(*first) {
                *first = seq;
            }
        }
    }
}

/// What a key shares with those that differ from it in capitals only, and with those that look like it.
fn looks_of((what, key): (&'static str, &str), contents: &Contents) -> [Content; 2] {
    [contents.of(&(what, "letters", key.to_lowercase())), contents.of(&(what, look_of(key)))]
}

impl Register {
    /// A registered key of this sort that is another and looks the same, or differs in capitals only.
    pub(in crate::ledger) fn lookalike(&self, what: &'static str, key: &str) -> Option<&str> {
        let key_of = |seq: Seq| match what {
            "entity" => self.catalogue.entity(seq).map(|entity| &*entity.key),
            "source" => self.catalogue.source(seq).map(|source| &*source.key),
            _ => self.catalogue.attribute(seq).map(|attribute| &*attribute.key),
        };
        let mut looks = self.looks.borrow_mut();
        let looks = looks.get_or_insert_with(|| Looks::of(&self.catalogue, &self.contents));
        let all = looks_of((what, key), &self.contents).into_iter().filter_map(|look| looks.0.get(&look).copied());
        let mut found = all.filter(|seq| self.catalogue.is_registered(*seq)).filter_map(key_of);
        found.find(|found| *found != key)
    }
}
