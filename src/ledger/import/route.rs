//! A line of an export: where it was entered first, and whether it is known here.

use super::exported::{Place, by_of};
use super::keys::{KeyOf, Registration, registered};
use super::{Import, own_ids};
use crate::claim::Problem;
use crate::event::{Before as _, Event, First, Proposed, SettingChanged};
use crate::exchange::Exported;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::plan::resolve::Route;
use crate::ledger::plan::stage::Staged;
use crate::seq::Seq;

impl<'s, 'w: 's> Import<'s, 'w, '_, '_> {
    /// Checks a line of an export and adds its events to a batch.
    pub(super) fn stage_exported(
        &mut self,
        mut proposed: Proposed,
        exported: &Exported,
        successor: Option<&Exported>,
        events: &mut Vec<Numbered>,
    ) -> Result<Staged, Problem> {
        let place = self.exports.place(exported)?;
        let before = events.len();
        if let Proposed::Setting(changed) = &proposed {
            return self.stage_setting(changed.clone(), &place, events);
        }
        // A desk of another name than ours is named by its ledger; in that ledger it is the desk.
        if let Some(by) = by_of(&mut proposed).filter(|by| by.as_deref() == Some(&*place.origin)) {
            *by = None;
        }
        let is_own = exported.first.is_none() && place.ledger == self.ledger;
        let ids = own_ids(&proposed);
        let untold = if is_own { None } else { self.exports.untold(&mut proposed, exported) };
        if let (Some(what), false) = (&untold, matches!(proposed, Proposed::Note { .. })) {
            self.exports.leave_out(exported.seq, ids.0);
            let warnings = vec![format!("left out: it is about {what}")];
            return Ok(Staged { is_left_out: true, warnings, ..Staged::default() });
        }
        if let (Some(_), Proposed::Note { about, .. }) = (&untold, &mut proposed) {
            *about = None;
        }
        self.exports.translate(&mut proposed, is_own)?;
        let route = self.route(&place, successor, events)?;
        let told = match &route {
            Route::Known(seq) => {
                self.note_key(&proposed, *seq);
                Vec::new()
            }
            _ => match self.registration(&proposed, &place)? {
                Registration::Named(kind) => {
                    if let Proposed::Source(source) = &mut proposed {
                        source.kind = kind;
                    }
                    Vec::new()
                }
                Registration::Used(declared) => {
                    proposed = Proposed::Attribute(declared);
                    Vec::new()
                }
                Registration::Take(told) => told,
            },
        };
        let key = registered(&proposed).map(|(kind, key)| (kind, Box::<str>::from(key)));
        self.keys.rename(&mut proposed);
        let extra = (events.len() - before) as u64;
        let mut staged = self.stager.stage(proposed, route, self.policy, events)?;
        staged.events += extra;
        if let Some(what) = untold.filter(|_| !staged.is_repeated) {
            staged.warnings.push(format!("recorded as a note about nothing: it is about {what}"));
        }
        if let (false, Some((kind, key))) = (told.is_empty(), key) {
            let (word, told, origin) = (kind.word(), told.join(", "), &place.origin);
            staged
                .warnings
                .push(format!("{word} {key:?} is described otherwise in {origin}, and so from now on: {told}"));
        }
        if let Some(seq) = staged.seq {
            self.note_exported(exported, ids, seq);
        }
        Ok(staged)
    }

    /// Whether an event is known here by its link, and if not, who entered it first.
    fn route(
        &mut self,
        place: &Place,
        successor: Option<&Exported>,
        events: &mut Vec<Numbered>,
    ) -> Result<Route, Problem> {
        if let Some(seq) = self.stager.register.linked(&place.link) {
            return Ok(Route::Known(seq));
        }
        let claim = successor.map(|successor| self.exports.place(successor)).transpose()?;
        let first = self.first(place, events)?;
        let claim = claim.map(|place| self.first(&place, events)).transpose()?;
        Ok(Route::Elsewhere { first, claim })
    }

    /// Who entered an event first: the ledger and its actor are registered here if they are new.
    fn first(&mut self, place: &Place, events: &mut Vec<Numbered>) -> Result<First, Problem> {
        if place.ledger == self.ledger {
            let told = format!("says that this is {} of this very ledger, which has no such event", place.seq);
            return Err(Problem::new("hash", told)
                .with_hint("to record it anew, take out seq, recorded_at, actor, hash, origin and first"));
        }
        let known =
            self.stager.register.elsewhere.ledger(&place.ledger).inspect(|seq| self.stager.register.vouch(*seq));
        let ledger = known.unwrap_or_else(|| {
            let event = Event::LedgerRegistered { origin: place.origin.clone(), ledger: place.ledger };
            self.stager.add(event, events)
        });
        let known = self.stager.register.elsewhere.actor(ledger, &place.actor);
        let known = known.inspect(|seq| self.stager.register.vouch(*seq));
        let actor = known.unwrap_or_else(|| {
            self.stager.add(Event::ActorRegistered { name: place.actor.clone(), of: Some(ledger) }, events)
        });
        Ok(First { actor, seq: place.seq, link: place.link, at_micros: place.at_micros, under: None })
    }

    fn registration(&mut self, proposed: &Proposed, place: &Place) -> Result<Registration, Problem> {
        let catalogue = &self.stager.register.catalogue;
        self.keys.register(proposed, &place.origin, catalogue, self.options.join.as_ref())
    }

    /// Notes which key here a line describes that is known.
    fn note_key(&mut self, proposed: &Proposed, seq: Seq) {
        let Some((kind, there)) = registered(proposed) else { return };
        let register = &self.stager.register;
        let (subject, attribute) = register.about(seq);
        let here = match kind {
            KeyOf::Attribute => register.catalogue.attribute(attribute).map(|known| &known.key),
            KeyOf::Entity => register.catalogue.entity(subject).map(|known| &known.key),
            KeyOf::Source => register.catalogue.source(subject).map(|known| &known.key),
        };
        let here = here.map_or_else(|| there.into(), Clone::clone);
        self.keys.note(kind, there, &here);
    }

    /// A setting of another ledger is taken where this one has none; one of this ledger is there already.
    fn stage_setting(
        &mut self,
        changed: SettingChanged,
        place: &Place,
        events: &mut Vec<Numbered>,
    ) -> Result<Staged, Problem> {
        let known = self.stager.register.catalogue.setting(changed.name);
        let (here, is_new) = match known {
            None => (None, true),
            Some((seq, value)) => (Some(value.to_owned()), seq.0 > self.report.head.size),
        };
        if place.ledger != self.ledger && is_new && here.as_deref() != Some(&*changed.value) {
            return self.stager.stage(Proposed::Setting(changed), Route::Hand, self.policy, events);
        }
        let mut staged = Staged { is_repeated: true, ..Staged::default() };
        if let Some(here) = here.filter(|here| **here != *changed.value && place.ledger != self.ledger) {
            let (name, there) = (changed.name.word(), &changed.value);
            staged
                .warnings
                .push(format!("setting {name} is {here:?} here and {there:?} there: it stays as it is here"));
        }
        Ok(staged)
    }
}
