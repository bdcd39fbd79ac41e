//! What the writer asks of the events before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::acts::standing::Became;
use super::content::Content;
use super::contradictions::Known;
use super::links;
use super::looks::Looks;
use super::register::{Brief, Register, speakers};
use crate::claim::Claim;
use crate::event::{Before, Event, EventKind, ReferenceAdded};
use crate::projection::Row;
use crate::seq::Seq;
use crate::view::{Sought, unit_of};

impl Register {
    /// How many events there are.
    pub(in crate::ledger) fn size(&self) -> u64 {
        self.past.size() + self.events.len() as u64
    }

    /// A registered key of this sort that is another and looks the same, or differs in capitals only.
    pub(in crate::ledger) fn lookalike(&self, what: &'static str, key: &str) -> Option<&str> {
        let key_of = |seq: Seq| match what {
            "entity" => self.catalogue.entity(seq).map(|entity| &*entity.key),
            "source" => self.catalogue.source(seq).map(|source| &*source.key),
            _ => self.catalogue.attribute(seq).map(|attribute| &*attribute.key),
        };
        let mut looks = self.looks.borrow_mut();
        let looks = looks.get_or_insert_with(|| Looks::of(&self.catalogue, &self.contents));
        let mut found =
            looks.like((what, key), &self.contents).filter(|seq| self.catalogue.is_registered(*seq)).filter_map(key_of);
        found.find(|found| *found != key)
    }

    /// Whether an entity has an alias.
    pub(in crate::ledger) fn has_alias(&self, entity: Seq, alias: &str) -> bool {
        let known = self.catalogue.entity(entity).filter(|_| self.catalogue.is_registered(entity));
        known.is_some_and(|known| known.aliases.iter().any(|own| **own == *alias))
    }

    /// Whether a claim has an address, a quote or a copy, by itself or by a reference that was added.
    pub(in crate::ledger) fn has_reference(&self, claim: Seq, part: &str) -> bool {
        let adds = |by: Seq| {
            let is_it = |added: &ReferenceAdded| added.claim == claim && added.parts().any(|own| own == part);
            self.before(by, |event| matches!(event, Event::ReferenceAdded(added) if is_it(added)))
        };
        let has =
            |event: &Event| matches!(event, Event::ClaimAsserted(of) if of.reference.parts().any(|own| own == part));
        self.references.has(claim, self.contents.quick(&part))
            || self.before(claim, has)
            || self.past.found(Sought::Reference(claim, part)).into_iter().any(adds)
    }

    /// Whether an event that was recorded before says something.
    pub(super) fn before(&self, seq: Seq, says: impl FnOnce(&Event) -> bool) -> bool {
        let stored = self.past.event(seq);
        stored.is_some_and(|stored| stored.recorded.event.as_ref().is_some_and(says))
    }

    /// The unit of an attribute: the declared one, else that in which it was first counted.
    pub(in crate::ledger) fn unit(&self, attribute: Seq) -> Option<Cow<'_, str>> {
        let declared = self.catalogue.attribute(attribute).and_then(|defined| defined.unit.as_deref());
        if let Some(declared) = declared {
            return Some(Cow::Borrowed(declared));
        }
        if let Some(counted) = self.past.uses().counted(attribute) {
            let stored = self.past.event(counted);
            let event = stored.as_ref().and_then(|stored| stored.recorded.event.as_ref());
            let is_of = |claim: &Claim| claim.statement.attribute == attribute;
            let unit =
                event.filter(|event| matches!(event, Event::ClaimAsserted(claim) if is_of(claim))).and_then(unit_of);
            if unit.is_none() {
                self.past.doubt();
            }
            return unit.map(|unit| Cow::Owned(unit.to_owned()));
        }
        self.units.get(&attribute).map(|unit| Cow::Borrowed(&**unit))
    }

    /// Whether the desk (of this ledger, or of the other one where the act was entered first) or a source may take back or
    /// replace an event: the desk what is its own, a source what it says itself.
    pub(in crate::ledger) fn may_act(&self, by: Option<Seq>, ledger_of_act: Option<Seq>, target: Seq) -> bool {
        match by {
            None => ledger_of_act.is_none() || ledger_of_act == self.ledger_of(target),
            Some(source) if target.0 > self.past.size() => self.speakers.has(target, source),
            Some(source) => self.before(target, |event| speakers(event).any(|speaker| speaker == source)),
        }
    }

    /// The kind of an event.
    pub(in crate::ledger) fn kind(&self, seq: Seq) -> Option<EventKind> {
        self.event(seq).map(|(kind, ..)| kind)
    }

    fn event(&self, seq: Seq) -> Option<Brief> {
        match self.place(seq) {
            Some(place) => self.events.get(place).copied(),
            None => self.past.event(seq).map(|stored| (stored.kind, stored.about.0, stored.about.1)),
        }
    }

    /// The place of a new event; `None` if it was recorded before.
    fn place(&self, seq: Seq) -> Option<usize> {
        usize::try_from(seq.0.checked_sub(self.past.size())?.checked_sub(1)?).ok()
    }

    /// The ledger in which an event was entered first; `None`: this one.
    fn ledger_of(&self, seq: Seq) -> Option<Seq> {
        match self.past.event(seq) {
            Some(stored) => self.elsewhere.ledger_of_actor(stored.recorded.first.as_ref()?.actor),
            None => self.elsewhere.ledger_of(seq),
        }
    }

    /// What tells the whole content of an event; `None` if it was erased.
    pub(in crate::ledger) fn digest(&self, seq: Seq) -> Option<u64> {
        if let Some(place) = self.place(seq) {
            return self.digests.get(place).copied();
        }
        let stored = self.past.event(seq)?;
        let event = stored.recorded.event.as_ref()?;
        Some(self.digest_of(event, self.identity_of(event)))
    }

    /// The event with an own id of a ledger; `None` is this one.
    pub(in crate::ledger) fn id(&self, ledger: Option<Seq>, id: &str) -> Option<Seq> {
        let is_it = |seq: &Seq| self.before(*seq, |event| event.own_id() == Some(id)) && self.ledger_of(*seq) == ledger;
        let before = || self.past.found(Sought::Id(ledger, id)).into_iter().rev().find(is_it);
        self.ids.get(&self.id_content(ledger, id)).copied().or_else(before)
    }

    /// The event of a link, which may be that of an event that was erased.
    pub(in crate::ledger) fn linked(&self, link: &[u8; 32]) -> Option<Seq> {
        let new = || self.links.get(link);
        let mut before = self.past.found(Sought::Link(link)).into_iter().filter_map(|seq| self.link_of(seq));
        before.find(|(known, _)| known == link).map(|(_, seq)| seq).or_else(new)
    }

    /// The link of an event where it was entered first; of an erasure that of what it erased. And which event that is.
    fn link_of(&self, seq: Seq) -> Option<([u8; 32], Seq)> {
        let stored = self.past.event(seq)?;
        Some(match (&stored.recorded.event, &stored.recorded.first) {
            (Some(Event::PayloadErased { target, first: Some(link), .. }), _) => (*link, *target),
            (_, Some(first)) => (first.link, seq),
            (_, None) => (stored.hash.0, seq),
        })
    }

    /// The events of which the link begins with the sixteen hexadecimal digits of an id.
    fn of_link_start(&self, id: &str) -> Vec<Seq> {
        let Some(start) = links::start_of_id(id) else { return Vec::new() };
        let before = self.past.found(Sought::LinkStart(start)).into_iter().filter_map(|seq| self.link_of(seq));
        let before = before.filter(|(link, _)| links::start_of(link) == start).map(|(_, seq)| seq);
        before.chain(self.links.of_start(start)).collect()
    }

    /// All events that an id can mean: this ledger's own, else those of other ledgers, else those whose links begin so.
    pub(in crate::ledger) fn named(&self, id: &str) -> Vec<Seq> {
        if let Some(own) = self.id(None, id) {
            return vec![own];
        }
        let elsewhere = self.elsewhere.ledgers().filter_map(|ledger| self.id(Some(ledger), id));
        let mut all: Vec<Seq> = elsewhere.chain(self.of_link_start(id)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// All events that this one, with this identity, would repeat, the newest first.
    pub(in crate::ledger) fn repeated(&self, event: &Event, identity: Content) -> impl Iterator<Item = Seq> {
        let newest = self.identities.get(&identity).copied();
        let new = std::iter::successors(newest, |seq| self.repeats.get(seq).copied());
        let is_it = move |seq: &Seq| self.before(*seq, |event| self.identity_of(event) == identity);
        new.chain(self.past.found(Sought::Content(event)).into_iter().rev().filter(is_it))
    }

    /// An erased claim about this subject and attribute, and the event that erased it.
    pub(in crate::ledger) fn erased_claim(&self, about: (Seq, Seq)) -> Option<(Seq, Seq)> {
        if !self.has_erased() {
            return None;
        }
        let (rows, _) = self.past.rows_of(about);
        let erased = rows.iter().map(Row::seq).filter(|seq| self.past.is_erased(*seq));
        let claims = erased.filter(|seq| self.kind(*seq).is_some_and(EventKind::is_claim));
        let by = |seq: Seq| match self.became(seq) {
            Some(Became::Erased { by }) => Some((by, seq)),
            _ => None,
        };
        claims.filter_map(by).max().map(|(by, claim)| (claim, by))
    }

    /// Whether anything was erased.
    pub(in crate::ledger) fn has_erased(&self) -> bool {
        self.past.has_erased()
    }

    /// Pairs of claims of one source, at least one of them new, that say two things of one day; at most `max`.
    pub(in crate::ledger) fn contradictions(&self, first_new: Seq, max: usize) -> Vec<(Seq, Seq)> {
        let rows = |about| self.past.rows_of(about);
        let stands = |claim, was_untouched| {
            // What was not acted upon before may be now.
            if was_untouched { self.acts.borrow().became(claim).is_none() } else { self.became(claim).is_none() }
        };
        let last_before = Seq(self.past.size());
        let known =
            Known { catalogue: &self.catalogue, contents: &self.contents, last_before, rows: &rows, stands: &stands };
        self.contradictions.pairs(first_new, &known, max)
    }

    /// Whether an attribute has claims.
    pub(in crate::ledger) fn is_used(&self, attribute: Seq) -> bool {
        self.used_attributes.contains(&attribute) || self.past.uses().has_claims(attribute)
    }

    /// The words of all ratings.
    pub(in crate::ledger) fn ratings(&self) -> BTreeSet<&str> {
        self.ratings.iter().chain(self.past.uses().ratings()).map(|word| &**word).collect()
    }

    /// What tells a note about something without what it is about.
    pub(in crate::ledger) fn bare_note_of(&self, seq: Seq) -> Option<u64> {
        let stored = self.past.event(seq);
        match stored.as_ref().map(|stored| &stored.recorded.event) {
            Some(Some(Event::Noted(noted))) => self.bare_note(noted),
            Some(_) => None,
            None => self.bare_notes.get(&seq).copied(),
        }
    }

    /// Whether an act was done for this reason.
    pub(in crate::ledger) fn is_done_for(&self, seq: Seq, reason: &str) -> bool {
        let is_told = |event: &Event| match event {
            Event::Retracted(act) | Event::Corrected { act, .. } => *act.reason == *reason,
            Event::Assessed(given) => *given.act.reason == *reason,
            _ => false,
        };
        self.before(seq, is_told) || self.acts.borrow().standing.told(seq).is_some_and(|told| *told.reason == *reason)
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
        let acts = self.acts.borrow();
        let Some(told) = acts.standing.told(act) else { return act.to_string() };
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
