//! What all keys share: what names stand for, grades of sources, judgements of identity, links between sources.

use foldhash::HashMap;

use crate::catalogue::Catalogue;
use crate::event::{Event, Recorded, Verdict};
use crate::seq::Seq;
use crate::source::Reliability;

/// A judgement of identity.
#[derive(Clone, Debug)]
pub(super) struct JudgementFact {
    pub(super) seq: Seq,
    pub(super) entities: Vec<Seq>,
    pub(super) verdict: Verdict,
}

/// What the events read so far say that is not about one key.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// What the names stand for.
    pub catalogue: Catalogue,
    pub(super) judgements: Vec<JudgementFact>,
    /// Links between sources: the event, and the two.
    pub(super) links: Vec<(Seq, Seq, Seq)>,
    /// The grades of each source, in the order of their events.
    ratings: HashMap<Seq, Vec<(Seq, Reliability)>>,
}

impl World {
    /// Takes in the next event; those about one key leave it as it is.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.catalogue.apply(recorded);
        let seq = recorded.seq;
        match &recorded.event {
            Some(Event::SourceRegistered(source)) => {
                let first = self.catalogue.source_of_key(&source.key).unwrap_or(seq);
                if let Some(grade) = source.reliability {
                    self.ratings.entry(first).or_default().push((seq, grade));
                }
            }
            Some(Event::SourceRated(rated)) => {
                self.ratings.entry(rated.source).or_default().push((seq, rated.reliability));
            }
            Some(Event::SourceLinked { source, to, .. }) => self.links.push((seq, *source, *to)),
            Some(Event::EntitiesJudged(judged)) => {
                let (entities, verdict) = (judged.entities.to_vec(), judged.verdict);
                self.judgements.push(JudgementFact { seq, entities, verdict });
            }
            _ => {}
        }
    }

    /// The newest grade of a source, as of an event.
    pub(super) fn reliability(&self, source: Seq, last: Seq) -> Option<Reliability> {
        let grades = self.ratings.get(&source)?.iter();
        grades.rev().find(|(seq, _)| *seq <= last).map(|(_, grade)| *grade)
    }
}
