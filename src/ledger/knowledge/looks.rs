//! Keys that look like one another, or differ in capitals only.

use super::content::{Content, ContentMap, Contents};
use crate::catalogue::Catalogue;
use crate::event::look_of;
use crate::seq::Seq;

/// The first key of each look, by sort and skeleton, and of the same letters, by sort.
#[derive(Debug, Default)]
pub(super) struct Looks(ContentMap<Seq>);

impl Looks {
    /// Of all names.
    pub(super) fn of(catalogue: &Catalogue, contents: &Contents) -> Looks {
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

    /// The first keys that share something with this one.
    pub(super) fn like(&self, key: (&'static str, &str), contents: &Contents) -> impl Iterator<Item = Seq> {
        looks_of(key, contents).into_iter().filter_map(|look| self.0.get(&look).copied())
    }
}

/// What a key shares with those that differ from it in capitals only, and with those that look like it.
fn looks_of((what, key): (&'static str, &str), contents: &Contents) -> [Content; 2] {
    [contents.of(&(what, "letters", key.to_lowercase())), contents.of(&(what, look_of(key)))]
}
