//! Lines of an export: which ledger they come from, and what its numbers and ids are here.

use foldhash::{HashMap, HashSet};

use crate::claim::Problem;
use crate::event::{Proposed, ProposedAct, ProposedReference};
use crate::exchange::{ExportHead, Exported, ExportedFirst};
use crate::seq::Seq;

/// Where an event was entered first, as far as an export says.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) origin: Box<str>,
    pub(super) ledger: [u8; 32],
    pub(super) seq: Seq,
    pub(super) link: [u8; 32],
    pub(super) at_micros: i64,
    pub(super) actor: Box<str>,
}

/// What is known of the exports that are imported.
#[derive(Debug, Default)]
pub(super) struct Exports {
    /// The ids of their ledgers, by name.
    ledgers: HashMap<Box<str>, [u8; 32]>,
    /// From numbers there to numbers here.
    seqs: HashMap<Seq, Seq>,
    /// From own ids there to numbers here, and whether that ledger had them from another one.
    ids: HashMap<Box<str>, (Seq, bool)>,
    /// Lines that are left out: `#SEQ` there, and their own ids.
    left_out: HashSet<Box<str>>,
}

impl Exports {
    /// An export begins: numbers and ids are those of its ledger.
    pub(super) fn begin(&mut self, head: &ExportHead) {
        self.ledgers.insert(head.origin.clone(), head.ledger);
        self.seqs.clear();
        self.ids.clear();
        self.left_out.clear();
    }

    /// Notes that a line is left out.
    pub(super) fn leave_out(&mut self, there: Seq, id: Option<Box<str>>) {
        self.left_out.extend([there.to_string().into()].into_iter().chain(id));
    }

    /// What another ledger's line is about and cannot be told here, in words: what has no line, or a line that is left out.
    pub(super) fn untold(&self, proposed: &mut Proposed, exported: &Exported) -> Option<String> {
        let (_, target) = target_of(proposed)?;
        match exported.target_kind {
            Some(kind) => {
                Some(format!("{target} of {} ({}), which is no line of an export", exported.origin, kind.word()))
            }
            None if self.left_out.contains(target) => {
                Some(format!("{target} of {}, which is left out", exported.origin))
            }
            None => None,
        }
    }

    /// Where the event of a line was entered first.
    ///
    /// # Errors
    /// If the export does not say which ledger that was.
    pub(super) fn place(&self, exported: &Exported) -> Result<Place, Problem> {
        if let Some(ExportedFirst { origin, ledger, seq, hash, at_micros, actor }) = &exported.first {
            let (origin, actor) = (origin.clone(), actor.clone());
            return Ok(Place { origin, ledger: *ledger, seq: *seq, link: *hash, at_micros: *at_micros, actor });
        }
        let Exported { seq, at_micros, actor, hash, origin, .. } = exported;
        let Some(ledger) = self.ledgers.get(origin) else {
            let problem = Problem::new("origin", format!("nothing says which ledger {origin:?} is"));
            return Err(
                problem.with_hint("put the first line of the export, of the type export, before its other lines")
            );
        };
        let at_micros = (*at_micros).max(0);
        Ok(Place { origin: origin.clone(), ledger: *ledger, seq: *seq, link: *hash, at_micros, actor: actor.clone() })
    }

    /// Notes what a line is here. An id of that ledger's own event is never that of one which it had from another ledger.
    pub(super) fn note(&mut self, there: Seq, id: Option<Box<str>>, here: Seq, is_from_elsewhere: bool) {
        self.seqs.insert(there, here);
        let Some(id) = id else { return };
        let known = self.ids.entry(id).or_insert((here, is_from_elsewhere));
        if known.1 {
            *known = (here, is_from_elsewhere);
        }
    }

    /// Turns what a line is about into the number here.
    ///
    /// # Errors
    /// If it is about a number that is no line of this export.
    pub(super) fn translate(&self, proposed: &mut Proposed, is_own: bool) -> Result<(), Problem> {
        let Some((field, target)) = target_of(proposed) else { return Ok(()) };
        let there = target.strip_prefix('#').and_then(Seq::parse);
        match there {
            None => {
                if let Some((here, _)) = self.ids.get(&**target) {
                    *target = here.to_string().into();
                }
            }
            Some(there) => match self.seqs.get(&there) {
                Some(here) => *target = here.to_string().into(),
                None if is_own => {}
                None => {
                    let told = format!("{there} of that ledger is no line before this one");
                    return Err(Problem::new(field, told).with_hint("import the whole export"));
                }
            },
        }
        Ok(())
    }
}

/// What a line is about, and the field that says so.
pub(super) fn target_of(proposed: &mut Proposed) -> Option<(&'static str, &mut Box<str>)> {
    Some(match proposed {
        Proposed::Retraction(ProposedAct { target, .. }) => ("retracts", target),
        Proposed::Dispute(ProposedAct { target, .. }) => ("disputes", target),
        Proposed::Approval(ProposedAct { target, .. }) => ("approves", target),
        Proposed::Return(ProposedAct { target, .. }) => ("event", target),
        Proposed::Reference(ProposedReference { claim: target, .. })
        | Proposed::Assessment { act: ProposedAct { target, .. }, .. } => ("claim", target),
        Proposed::Correction { act: ProposedAct { target, .. }, .. } => ("corrects", target),
        Proposed::Note { about: Some(about), .. } => ("about", about),
        _ => return None,
    })
}

/// The source that acts in a line.
pub(super) fn by_of(proposed: &mut Proposed) -> Option<&mut Option<Box<str>>> {
    Some(match proposed {
        Proposed::Retraction(act) | Proposed::Dispute(act) | Proposed::Approval(act) | Proposed::Return(act) => {
            &mut act.by
        }
        Proposed::Assessment { act, .. } | Proposed::Correction { act, .. } => &mut act.by,
        _ => return None,
    })
}

/// The own id of a line, and of the new claim in it.
pub(super) fn ids_of(proposed: &Proposed) -> (Option<&str>, Option<&str>) {
    let id = match proposed {
        Proposed::Attribute(attribute) => &attribute.id,
        Proposed::Entity(entity) => &entity.id,
        Proposed::Source(source) => &source.id,
        Proposed::Evidence(evidence) => &evidence.id,
        Proposed::Claim(claim) => &claim.id,
        Proposed::Rating { id, .. }
        | Proposed::Link { id, .. }
        | Proposed::Judgement { id, .. }
        | Proposed::Note { id, .. } => id,
        Proposed::Correction { act, claim } => return (act.id.as_deref(), claim.id.as_deref()),
        Proposed::Retraction(act)
        | Proposed::Dispute(act)
        | Proposed::Approval(act)
        | Proposed::Return(act)
        | Proposed::Assessment { act, .. } => &act.id,
        Proposed::Reference(reference) => &reference.id,
        Proposed::Setting(_) => &None,
    };
    (id.as_deref(), None)
}
