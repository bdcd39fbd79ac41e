//! Keys of another ledger: which of them mean the same here, and which do not.

use foldhash::{HashMap, HashSet};

use super::differences::differences;
use crate::catalogue::Catalogue;
use crate::claim::{NamedClaim, Problem};
use crate::event::{AttributeDefined, Proposed, ProposedAct, ProposedAttribute};
use crate::seq::Seq;
use crate::source::SourceKind;
use crate::value::{Typed, Value, is_same_unit, key_problem};

/// What a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyOf {
    /// An attribute.
    Attribute,
    /// An entity.
    Entity,
    /// A source.
    Source,
}

impl KeyOf {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            KeyOf::Attribute => "attribute",
            KeyOf::Entity => "entity",
            KeyOf::Source => "source",
        }
    }

    fn of_word(word: &str) -> Option<KeyOf> {
        [KeyOf::Attribute, KeyOf::Entity, KeyOf::Source].into_iter().find(|kind| kind.word() == word)
    }
}

/// Which keys of another ledger mean the same here, as somebody says: `attribute power`, or `entity embassy compound` where the
/// key here is another one, a line each.
#[derive(Clone, Debug, Default)]
pub struct Join(HashMap<(KeyOf, Box<str>), Box<str>>);

impl Join {
    /// Reads such lines; blank ones, and what stands behind `#`, say nothing.
    ///
    /// # Errors
    /// The first line that says nothing of the kind.
    pub fn parse(text: &str) -> Result<Join, Problem> {
        let mut join = Join::default();
        for (place, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
            let (kind, there, here) = match words.as_slice() {
                [] => continue,
                [kind, key] => (kind, key, key),
                [kind, there, here] => (kind, there, here),
                _ => return Err(bad_line(place, "has more than three words")),
            };
            let kind = KeyOf::of_word(kind).ok_or_else(|| bad_line(place, "does not begin with a sort of key"))?;
            if let Some(problem) = key_problem(there).or(key_problem(here)) {
                return Err(bad_line(place, problem));
            }
            join.0.insert((kind, (*there).into()), (*here).into());
        }
        Ok(join)
    }
}

fn bad_line(place: usize, why: impl std::fmt::Display) -> Problem {
    Problem::new("join", format!("line {} {why}", place + 1))
        .with_hint("write `attribute KEY`, `entity KEY` or `source KEY`, and behind it the key here if that is another")
}

/// Keys of the export that is imported, and what they are here.
#[derive(Debug, Default)]
pub(super) struct Keys {
    here: HashMap<(KeyOf, Box<str>), Box<str>>,
    /// Keys that this import registered.
    own: HashSet<(KeyOf, Box<str>)>,
    has_others: bool,
}

/// What to do with a line that says what a key is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Registration {
    /// Record it; what it says differs so from what is said here.
    Take(Vec<String>),
    /// It says no more of a source than that it was named: it stays what it is here.
    Named(SourceKind),
    /// It says no more of an attribute than that it was used: it stays what it is declared to be here.
    Used(ProposedAttribute),
}

impl Keys {
    /// An export begins: its keys are those of another ledger.
    pub(super) fn begin(&mut self) {
        *self = Keys::default();
    }

    /// Notes what a key of the export is here.
    pub(super) fn note(&mut self, kind: KeyOf, there: &str, here: &str) {
        self.has_others |= there != here;
        self.here.insert((kind, there.into()), here.into());
    }

    /// Puts the keys of this ledger in the place of those of the export.
    pub(super) fn rename(&self, proposed: &mut Proposed) {
        if !self.has_others {
            return;
        }
        if let Proposed::Note { about: Some(about), .. } = proposed {
            let kinds = [KeyOf::Entity, KeyOf::Attribute, KeyOf::Source];
            if let Some(here) = kinds.iter().find_map(|kind| self.here.get(&(*kind, about.clone()))) {
                about.clone_from(here);
            }
        }
        each_key(proposed, &mut |kind, key| {
            if let Some(here) = self.here.get(&(kind, key.clone())) {
                key.clone_from(here);
            }
        });
    }

    /// Decides what a line does that says what a key is and is not known here, and notes which key it is here.
    ///
    /// # Errors
    /// If the key means something else here, and nobody says whether it is the same.
    pub(super) fn register(
        &mut self,
        proposed: &Proposed,
        origin: &str,
        catalogue: &Catalogue,
        join: Option<&Join>,
    ) -> Result<Registration, Problem> {
        let Some((kind, key)) = registered(proposed) else { return Ok(Registration::Take(Vec::new())) };
        let place = (kind, Box::from(key));
        if let Some(here) = self.here.get(&place) {
            let is_own = self.own.contains(&(kind, here.clone()));
            let told = if is_own { Vec::new() } else { differences(proposed, here, catalogue) };
            return Ok(Registration::Take(told));
        }
        let joined = join.and_then(|join| join.0.get(&place));
        let here = joined.map_or(key, |here| here);
        if !is_known(kind, here, catalogue) {
            self.own.insert((kind, here.into()));
            self.note(kind, key, here);
            return Ok(Registration::Take(Vec::new()));
        }
        let told = differences(proposed, here, catalogue);
        if told.is_empty() || joined.is_some() {
            self.note(kind, key, here);
            let stays = named_only(proposed, here, catalogue).or_else(|| used_only(proposed, here, catalogue));
            return Ok(stays.unwrap_or(Registration::Take(told)));
        }
        if let Some(named) = named_only(proposed, here, catalogue) {
            self.note(kind, key, here);
            return Ok(named);
        }
        if join.is_some() {
            let here = format!("{origin}/{key}");
            self.own.insert((kind, here.as_str().into()));
            self.note(kind, key, &here);
            return Ok(Registration::Take(Vec::new()));
        }
        self.note(kind, key, here);
        let word = kind.word();
        let told = format!("{word} {key:?} may mean something else in {origin}: {}", told.join(", "));
        Err(Problem::new("key", told).with_hint(format!(
            "say in a file for --join which keys are the same (`{word} {key}`, a line each); the others get the name of that ledger before them"
        )))
    }
}

/// The key that a line says something of.
pub(super) fn registered(proposed: &Proposed) -> Option<(KeyOf, &str)> {
    Some(match proposed {
        Proposed::Attribute(attribute) => (KeyOf::Attribute, &attribute.key),
        Proposed::Entity(entity) => (KeyOf::Entity, &entity.key),
        Proposed::Source(source) => (KeyOf::Source, &source.key),
        _ => return None,
    })
}

fn is_known(kind: KeyOf, key: &str, catalogue: &Catalogue) -> bool {
    match kind {
        KeyOf::Attribute => catalogue.attribute_of_key(key),
        KeyOf::Entity => catalogue.entity_of_key(key),
        KeyOf::Source => catalogue.source_of_key(key),
    }
    .is_some()
}

/// What becomes of a line that says no more of a source than that it was named, where more is known of it here.
fn named_only(proposed: &Proposed, here: &str, catalogue: &Catalogue) -> Option<Registration> {
    let Proposed::Source(source) = proposed else { return None };
    let is_bare = source.kind == SourceKind::Organisation && source.label.is_none() && source.reliability.is_none();
    let known = catalogue.source_of_key(here).and_then(|seq| catalogue.source(seq))?;
    is_bare.then_some(Registration::Named(known.kind))
}

/// What becomes of a line that says no more of an attribute than that it was used, where it is declared here.
fn used_only(proposed: &Proposed, here: &str, catalogue: &Catalogue) -> Option<Registration> {
    let Proposed::Attribute(attribute) = proposed else { return None };
    let known = catalogue.attribute_of_key(here).and_then(|seq| catalogue.attribute(seq))?;
    let is_counted_alike = match (&known.unit, &attribute.unit) {
        (Some(here), Some(there)) => is_same_unit(here, there),
        (here, there) => here.is_some() || there.is_none(),
    };
    if !attribute.is_bare() || known.is_bare() || !is_counted_alike {
        return None;
    }
    let AttributeDefined { label, value_type, cardinality, is_fixed, stale_after_days, unit, .. } = known.clone();
    // No side of a pair is an entity.
    let side = |side: Value<Seq>| side.try_rename(|_| Err(())).map(Typed::Plain);
    let complement = known.complement.clone().try_map(side).ok()?;
    let (key, id) = (attribute.key.clone(), None);
    Some(Registration::Used(ProposedAttribute {
        key,
        label,
        value_type,
        cardinality,
        complement,
        is_fixed,
        stale_after_days,
        unit,
        id,
    }))
}

/// Shows every key that a line uses.
pub(super) fn each_key(proposed: &mut Proposed, see: &mut impl FnMut(KeyOf, &mut Box<str>)) {
    match proposed {
        Proposed::Attribute(attribute) => see(KeyOf::Attribute, &mut attribute.key),
        Proposed::Entity(entity) => see(KeyOf::Entity, &mut entity.key),
        Proposed::Source(source) => see(KeyOf::Source, &mut source.key),
        Proposed::Rating { source, .. } => see(KeyOf::Source, source),
        Proposed::Link { source, to, .. } => {
            see(KeyOf::Source, source);
            see(KeyOf::Source, to);
        }
        Proposed::Claim(claim) => claim_keys(claim, see),
        Proposed::Correction { act, claim } => {
            act_keys(act, see);
            claim_keys(claim, see);
        }
        Proposed::Retraction(act)
        | Proposed::Dispute(act)
        | Proposed::Approval(act)
        | Proposed::Return(act)
        | Proposed::Assessment { act, .. } => act_keys(act, see),
        Proposed::Judgement { entities, .. } => entities.iter_mut().for_each(|entity| see(KeyOf::Entity, entity)),
        Proposed::Evidence(_) | Proposed::Reference(_) | Proposed::Setting(_) | Proposed::Note { .. } => {}
    }
}

fn act_keys(act: &mut ProposedAct, see: &mut impl FnMut(KeyOf, &mut Box<str>)) {
    if let Some(by) = &mut act.by {
        see(KeyOf::Source, by);
    }
}

fn claim_keys(claim: &mut NamedClaim, see: &mut impl FnMut(KeyOf, &mut Box<str>)) {
    see(KeyOf::Entity, &mut claim.subject);
    see(KeyOf::Attribute, &mut claim.attribute);
    if let Typed::Plain(Value::Entity(entity)) = &mut claim.value {
        see(KeyOf::Entity, entity);
    }
    claim.chain.iter_mut().for_each(|link| see(KeyOf::Source, &mut link.who));
}
