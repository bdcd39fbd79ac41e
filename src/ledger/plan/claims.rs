//! Claims and corrections to be recorded.

use super::oddities::inner;
use super::resolve::{Plan, Route};
use crate::claim::{Claim, NamedClaim, Problem};
use crate::event::{Act, Event, EventKind, ProposedAct, ReferenceAdded};
use crate::seq::Seq;

/// What can be corrected, disputed and rated.
pub(super) const CLAIMS: &[EventKind] = &[EventKind::ClaimAsserted, EventKind::PeriodsAsserted];

impl Plan<'_> {
    pub(super) fn claim(&mut self, claim: NamedClaim) -> Result<Seq, Problem> {
        self.check_dates(&claim)?;
        let claim = self.resolve_claim(claim)?;
        self.check_pair(&claim)?;
        let event = Event::ClaimAsserted(claim);
        let identity = self.register.identity_of(&event);
        if let Some(seq) = self.with_same_id(&event, identity)? {
            return Ok(seq);
        }
        let Event::ClaimAsserted(claim) = &event else { return Ok(self.push_known(event, identity)) };
        if matches!(self.from, Route::Hand) {
            if self.is_settled()
                && let Some(seq) = self.same_claim(claim, &event, identity)?
            {
                return Ok(seq);
            }
            let statement = &claim.statement;
            if let Some((erased, by)) = self.register.erased_claim((statement.subject, statement.attribute)) {
                self.warnings.push(format!(
                    "{erased}, a claim of this subject and attribute, was erased by {by}; what it said must not be recorded again"
                ));
            }
        }
        Ok(self.push_known(event, identity))
    }

    /// The claim that says the same and stands, where there is one: then this one adds a reference at most. One that says the
    /// same and was dropped since is not recorded again unless that is asked for.
    fn same_claim(
        &mut self,
        claim: &Claim,
        event: &Event,
        identity: crate::ledger::knowledge::content::Content,
    ) -> Result<Option<Seq>, Problem> {
        let register = self.register;
        let is_claim = |seq: &Seq| register.kind(*seq).is_some_and(EventKind::is_claim);
        let mut dropped = None;
        for seq in register.repeated(event, identity).filter(is_claim) {
            match register.became(seq) {
                None => return self.with_reference(seq, claim).map(Some),
                Some(became) => dropped = dropped.or(Some((seq, became))),
            }
        }
        match dropped.filter(|_| !self.policy.is_again) {
            None => Ok(None),
            Some((seq, became)) => {
                let told = register.became_text(became);
                Err(Problem::new("value", format!("the same claim was recorded as {seq}, and {told}"))
                    .with_hint("leave it out; if it is to be recorded again all the same, add --again"))
            }
        }
    }

    /// A claim that is there is recorded a second time only as one more reference, if this one has another address, quote or
    /// copy: in an import at once, and else by `annals cite`.
    fn with_reference(&mut self, seq: Seq, claim: &Claim) -> Result<Seq, Problem> {
        let reference = &claim.reference;
        let is_new = |part: &str| !self.register.has_reference(seq, part);
        let url = reference.url.clone().filter(|url| is_new(url));
        let quote = reference.quote.clone().filter(|quote| is_new(quote));
        let evidence: Vec<Box<str>> = reference.evidence.iter().filter(|digest| is_new(digest)).cloned().collect();
        let has_more = url.is_some() || quote.is_some() || !evidence.is_empty();
        if !self.policy.is_import {
            let problem = Problem::new("value", format!("this very claim is recorded already, as {seq}"));
            return Err(problem.with_hint(if has_more {
                let flags = [("--url", &url), ("--quote", &quote)];
                let given = flags.iter().filter_map(|(flag, text)| Some(format!(" {flag} {:?}", text.as_deref()?)));
                let copies = evidence.iter().map(|digest| format!(" --evidence {digest}"));
                let all: String = given.chain(copies).collect();
                format!("to add where else it is found: `annals cite '{seq}'{all}`")
            } else {
                format!("`annals show '{seq}'` shows it; a repeat by another article has another chain")
            }));
        }
        self.drop_events();
        self.alias = claim.id.clone().map(|id| (id, seq));
        if !has_more {
            return Ok(seq);
        }
        let (lang, note) = (reference.lang.clone().filter(|_| quote.is_some()), reference.note.clone());
        let added = ReferenceAdded { claim: seq, url, quote, evidence, lang, note, id: None };
        self.warnings.push(format!(
            "the same claim is recorded already, as {seq}; where else it is found was added to it as a reference"
        ));
        self.push(Event::ReferenceAdded(added));
        Ok(seq)
    }

    pub(super) fn correction(&mut self, act: ProposedAct, claim: NamedClaim) -> Result<Seq, Problem> {
        let target = self.target("corrects", &act.target, CLAIMS)?;
        let named = act.target.clone();
        let act = self.act("by", target, act)?;
        if claim.id.is_some() && claim.id == act.id {
            return Err(Problem::new("claim.id", "is the correction's own id; the new claim needs another"));
        }
        let in_claim = |problem| inner("claim", problem);
        self.check_dates(&claim).map_err(in_claim)?;
        let claim = self.resolve_claim(claim).map_err(in_claim)?;
        self.check_pair(&claim).map_err(in_claim)?;
        let claim = Event::ClaimAsserted(claim);
        let claim_identity = self.register.identity_of(&claim);
        let event = Event::Corrected { act: act.clone(), successor: Seq(0) };
        let digest = self.register.digest_of(&claim, claim_identity);
        let identity = self.register.identity_with(&event, digest);
        if let Some(seq) = self.repetition_of(&event, identity)? {
            return Ok(seq);
        }
        let counts = self.check_right(&act, "correct")?;
        if counts {
            self.check_first_correction(&act, &named)?;
        }
        if let Some(id) = claim.own_id()
            && let Some(seq) = self.register.id(self.ledger(), id)
        {
            return Err(Problem::new("claim.id", format!("{id:?} is taken by {seq}")));
        }
        if matches!(self.from, Route::Hand) {
            let standing =
                self.register.repeated(&claim, claim_identity).find(|seq| self.register.became(*seq).is_none());
            if let Some(seq) = standing.filter(|seq| *seq != target && self.is_settled()) {
                return Err(Problem::new("claim", format!("this very claim is recorded already, as {seq}"))
                    .with_hint(format!("retract {target} instead: `annals retract '{target}' --reason …`")));
            }
        }
        self.warn_of_target(&act);
        let successor = self.push_claim_of_correction(claim, claim_identity);
        Ok(self.push_known(Event::Corrected { act, successor }, identity))
    }

    fn check_first_correction(&self, act: &Act, named: &str) -> Result<(), Problem> {
        let register = self.register;
        let Some(earlier) = register.correction_of(act.target) else { return Ok(()) };
        let by = register.successor_of(earlier).map_or_else(|| "its new claim".to_owned(), |seq| seq.to_string());
        Err(Problem::new("corrects", format!("{named} was corrected already, by {earlier}"))
            .with_hint(format!("correct its successor, {by}, or retract {earlier} first")))
    }
}
