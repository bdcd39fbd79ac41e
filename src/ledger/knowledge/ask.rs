//! What the writer asks of the events before.

use super::identity::place;
use super::newest::Slot;
use super::register::{Brief, Register};
use super::standing::Became;
use crate::event::{Before, EventKind};
use crate::seq::Seq;
use crate::source::Reliability;

impl Register {
    /// How many events there are.
    pub(in crate::ledger) fn size(&self) -> u64 {
        self.events.len() as u64
    }

    /// A registered key of this sort that is another and looks the same, or differs in capitals only.
    pub(in crate::ledger) fn lookalike(&self, what: &'static str, key: &str) -> Option<&str> {
        let key_of = |seq: Seq| match what {
            "entity" => self.catalogue.entity(seq).map(|entity| &*entity.key),
            "source" => self.catalogue.source(seq).map(|source| &*source.key),
            _ => self.catalogue.attribute(seq).map(|attribute| &*attribute.key),
        };
        let all = self.looks_of(what, key).into_iter().filter_map(|look| self.looks.get(&look).copied());
        let mut found = all.filter(|seq| self.catalogue.is_registered(*seq)).filter_map(key_of);
        found.find(|found| *found != key)
    }

    /// Whether an entity has an alias.
    pub(in crate::ledger) fn has_alias(&self, entity: Seq, alias: &str) -> bool {
        self.aliases.get(&self.contents.of(&(entity, alias))).is_some_and(|count| *count > 0)
    }

    /// Whether a claim has an address, a quote or a copy, by itself or by a reference that was added.
    pub(in crate::ledger) fn has_reference(&self, claim: Seq, part: &str) -> bool {
        self.references.contains(&self.contents.of(&(claim, part)))
    }

    /// The grade of a source that counts.
    pub(in crate::ledger) fn grade(&self, source: Seq) -> Option<Reliability> {
        self.newest.newest(Slot::Grade(source)).and_then(|seq| self.grades.get(&seq).copied())
    }

    /// The unit of an attribute: the declared one, else that in which it was first counted.
    pub(in crate::ledger) fn unit(&self, attribute: Seq) -> Option<&str> {
        let declared = self.catalogue.attribute(attribute).and_then(|defined| defined.unit.as_deref());
        declared.or_else(|| self.units.get(&attribute).map(|unit| &**unit))
    }

    /// Whether the desk (of this ledger, or of the other one where the act was entered first) or a source may take back or
    /// replace an event: the desk what is its own, a source what it says itself.
    pub(in crate::ledger) fn may_act(&self, by: Option<Seq>, ledger_of_act: Option<Seq>, target: Seq) -> bool {
        match by {
            None => ledger_of_act.is_none() || ledger_of_act == self.elsewhere.ledger_of(target),
            Some(source) => self.speakers.get(&target).is_some_and(|speakers| speakers.contains(&source)),
        }
    }

    /// The kind of an event.
    pub(in crate::ledger) fn kind(&self, seq: Seq) -> Option<EventKind> {
        self.event(seq).map(|(kind, ..)| kind)
    }

    pub(super) fn event(&self, seq: Seq) -> Option<Brief> {
        self.events.get(place(seq)?).copied()
    }

    /// What tells the whole content of an event; `None` if it was erased.
    pub(in crate::ledger) fn digest(&self, seq: Seq) -> Option<u64> {
        self.digests.get(place(seq)?).copied().filter(|digest| *digest != 0)
    }

    /// The event with an own id of a ledger; `None` is this one.
    pub(in crate::ledger) fn id(&self, ledger: Option<Seq>, id: &str) -> Option<Seq> {
        self.ids.get(&self.id_content(ledger, id)).copied()
    }

    /// All events that an id can mean: this ledger's own, else those of other ledgers, else those whose links begin so.
    pub(in crate::ledger) fn named(&self, id: &str) -> Vec<Seq> {
        if let Some(own) = self.id(None, id) {
            return vec![own];
        }
        let elsewhere = self.elsewhere.ledgers().filter_map(|ledger| self.id(Some(ledger), id));
        let mut all: Vec<Seq> = elsewhere.chain(self.links.of_id(id)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// All events with this identity, the newest first.
    pub(in crate::ledger) fn repeated(&self, identity: super::content::Content) -> impl Iterator<Item = Seq> {
        let newest = self.identities.get(&identity).copied();
        std::iter::successors(newest, |seq| self.repeats.get(seq).copied())
    }

    /// What has become of an event; `None`: it stands.
    pub(in crate::ledger) fn became(&self, seq: Seq) -> Option<Became> {
        let erased = self.erased.get(&seq).map(|by| Became::Erased { by: *by });
        erased.or_else(|| self.standing.became(seq))
    }

    /// An erased claim about this subject and attribute, and the event that erased it.
    pub(in crate::ledger) fn erased_claim(&self, about: (Seq, Seq)) -> Option<(Seq, Seq)> {
        let claim = self.erased_claims.get(&about)?;
        Some((*claim, *self.erased.get(claim)?))
    }

    /// Whether anything was erased.
    pub(in crate::ledger) fn has_erased(&self) -> bool {
        !self.erased.is_empty()
    }

    /// Pairs of claims of one source, at least one of them new, that say two things of one day; at most `max`.
    pub(in crate::ledger) fn contradictions(&self, first_new: Seq, max: usize) -> Vec<(Seq, Seq)> {
        let is_live = |claim| self.standing.is_live(claim);
        self.contradictions.pairs(first_new, &self.catalogue, is_live, max)
    }

    /// Whether an attribute has claims.
    pub(in crate::ledger) fn is_used(&self, attribute: Seq) -> bool {
        self.used_attributes.contains(&attribute)
    }

    /// What has become of an event, in words, with who did it and why: "was retracted, by #8 (ana: read from a banner)".
    pub(in crate::ledger) fn became_text(&self, became: Became) -> String {
        match became {
            Became::Retracted { by } => format!("was retracted, by {}", self.act_text(by)),
            Became::Corrected { by, successor } => format!("was corrected to {successor}, by {}", self.act_text(by)),
            Became::RatedFalse { by } => format!("is rated false, by {}", self.act_text(by)),
            Became::NotBrought => "came by a correction that was retracted or does not count here".to_owned(),
            Became::Erased { by } => format!("was erased, by {by}"),
        }
    }

    /// An act with who did it and why.
    fn act_text(&self, act: Seq) -> String {
        /// So much of a reason is told.
        const REASON_MAX: usize = 100;
        let Some(told) = self.standing.told(act) else { return act.to_string() };
        let actor = self.catalogue.actor(told.actor).map_or_else(|| told.actor.to_string(), str::to_owned);
        let ledger = self.elsewhere.ledger_of_actor(told.actor).and_then(|ledger| self.elsewhere.origin(ledger));
        let source = told.by.and_then(|by| self.catalogue.source(by)).map(|source| source.key.to_string());
        let who = source.unwrap_or_else(|| ledger.map_or(actor.clone(), |origin| format!("{actor} in {origin}")));
        let reason: String = told.reason.chars().take(REASON_MAX).collect();
        if reason.is_empty() { format!("{act} ({who})") } else { format!("{act} ({who}: {reason})") }
    }
}

impl Before for Register {
    fn about(&self, target: Seq) -> (Seq, Seq) {
        self.event(target).map_or((Seq(0), Seq(0)), |(_, subject, attribute)| (subject, attribute))
    }

    fn first_of_key(&self, kind: EventKind, key: &str) -> Option<Seq> {
        match kind {
            EventKind::EntityRegistered => self.catalogue.entity_of_key(key),
            EventKind::SourceRegistered => self.catalogue.source_of_key(key),
            _ => self.catalogue.attribute_of_key(key),
        }
    }
}
