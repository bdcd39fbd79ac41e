//! Questions about keys: about those of one subject, or about all of them on all cores.

use annals::date::Day;
use annals::exchange::Names;
use annals::ledger::Ledger;
use annals::projection::{At, Dropped, Facts, Horizon, Key, Known, State, Stretch};
use annals::seq::Seq;
use serde_json::Value;

use crate::context::{Context, attribute, subject, tell_beyond};
use crate::failure::Failure;
use crate::render::{json, state as told};

/// A key that a question is about, and all that has to be known of it.
pub(crate) struct Asked {
    pub(crate) facts: Facts,
    pub(crate) about: (Seq, Seq),
}

/// The keys a question is about, sorted by subject then attribute, bytewise.
pub(crate) fn keys(
    ledger: &Ledger,
    at: &At<'_>,
    of_subject: Option<&str>,
    of_attribute: Option<&str>,
) -> Result<Vec<Asked>, Failure> {
    let of_subject = of_subject.map(|key| subject(ledger, key)).transpose()?;
    let of_attribute = of_attribute.map(|key| attribute(ledger, key)).transpose()?;
    let asked = |about: (Seq, Seq)| Ok::<_, Failure>(Asked { facts: ledger.facts(&[about])?, about });
    if let (Some(subject), Some(attribute)) = (of_subject, of_attribute) {
        return Ok(vec![asked((at.canonical(subject), attribute))?]);
    }
    let names = ledger.names();
    let mut keys = ledger.keys_at(at, of_subject).into_iter().map(asked).collect::<Result<Vec<_>, _>>()?;
    // Of one subject also what was claimed and is no longer used: that is what is asked about it then.
    keys.retain(|asked| {
        let key = at.of(&asked.facts).key(asked.about.0, asked.about.1);
        key.has_live_claim() || of_subject.is_some() && key.dropped.iter().any(|(_, why)| was_known(*why))
    });
    keys.sort_by_cached_key(|asked| {
        (names.entity(asked.about.0).into_owned(), names.attribute(asked.about.1).into_owned())
    });
    Ok(keys)
}

/// Whether a claim that is not used was known, and something became of it.
fn was_known(why: Dropped) -> bool {
    !matches!(why, Dropped::NotYetSaid | Dropped::PossiblyKnown)
}

/// An answer about a key, and its lines of JSON if that is asked for.
pub(crate) struct Told<V> {
    pub(crate) value: V,
    lines: Vec<String>,
}

/// What an answer can be shown as.
pub(crate) trait Shown: Send {
    /// As lines of JSON.
    fn lines(&self, ledger: &Ledger) -> Vec<String>;

    /// On the screen; `last` is the subject shown before.
    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure>;
}

/// The subject as a heading, unless it was shown last.
pub(crate) fn heading(
    context: &mut Context,
    ledger: &Ledger,
    subject: Seq,
    last: &mut Option<Seq>,
) -> Result<(), Failure> {
    if *last != Some(subject) {
        told::subject_heading(&mut context.screen, ledger, subject)?;
        *last = Some(subject);
    }
    Ok(())
}

impl Shown for State {
    fn lines(&self, ledger: &Ledger) -> Vec<String> {
        vec![json::state_text(ledger, self)]
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        heading(context, ledger, self.subject, last)?;
        told::row(&mut context.screen, ledger, self)
    }
}

impl Shown for Vec<Stretch> {
    fn lines(&self, ledger: &Ledger) -> Vec<String> {
        self.iter().map(|stretch| Value::Object(json::stretch(ledger, stretch)).to_string()).collect()
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        if let Some(first) = self.first() {
            use annals::exchange::Names;
            heading(context, ledger, first.state.subject, last)?;
            let names = ledger.names();
            context.screen.line(&format!(" {}", names.attribute(first.state.attribute)))?;
        }
        for stretch in self {
            told::stretch(&mut context.screen, ledger, stretch)?;
        }
        Ok(())
    }
}

/// The answers of a key over all days, and the claims that give no day.
pub(crate) struct Timeline {
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) undated: Vec<Seq>,
}

impl Shown for Timeline {
    fn lines(&self, ledger: &Ledger) -> Vec<String> {
        self.stretches.lines(ledger)
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        self.stretches.show(context, ledger, last)?;
        if let Some(first) = self.stretches.first().filter(|_| self.stretches.len() == 1) {
            // Of a key of which nothing is used, what became of its claims says more than the day.
            let reason = first.state.reason.text(ledger.catalogue());
            let reason = reason.as_str();
            let of_the_day = |(told, _): &(&str, &str)| told.starts_with("nothing is claimed");
            let reason = reason.split_once("; ").filter(of_the_day).map_or(reason, |(_, why)| why);
            context.screen.line(&format!("              {reason}"))?;
        }
        for claim in &self.undated {
            told::undated(&mut context.screen, ledger, *claim)?;
        }
        Ok(())
    }
}

/// The days on which a key is contested.
pub(crate) struct Contests(pub(crate) Vec<Stretch>);

impl Shown for Contests {
    fn lines(&self, ledger: &Ledger) -> Vec<String> {
        self.0.lines(ledger)
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        const SHOWN: usize = 12;
        for (place, stretch) in self.0.iter().take(SHOWN).enumerate() {
            if place == 0 {
                heading(context, ledger, stretch.state.subject, last)?;
            }
            told::contest(&mut context.screen, ledger, stretch)?;
        }
        if self.0.len() > SHOWN {
            context
                .screen
                .line(&format!("    and {} more stretches: `annals timeline` shows them", self.0.len() - SHOWN))?;
        }
        Ok(())
    }
}

/// Asks something of every key of a subject, or of all there are, in the order of their names; with a day only about that day.
pub(crate) fn ask_keys<V: Shown>(
    context: &mut Context,
    subject: Option<&str>,
    attribute: Option<&str>,
    (day, horizon): (Option<Day>, Horizon),
    ask: &(dyn Fn(&Known<'_>, &Key) -> Option<V> + Sync),
) -> Result<(Ledger, Vec<Told<V>>), Failure> {
    let is_json = context.is_json;
    let tell = |ledger: &Ledger, known: &Known<'_>, key: &Key| {
        let value = ask(known, key)?;
        let lines = if is_json { value.lines(ledger) } else { Vec::new() };
        Some(Told { value, lines })
    };
    let ledger = context.open()?;
    tell_beyond(&ledger, horizon);
    if subject.is_none() {
        let answers = ledger.of_every_key(day, horizon, |known, key| tell(&ledger, known, key))?;
        return Ok((ledger, answers));
    }
    let at = ledger.at(horizon);
    let answer = |asked: &Asked| {
        let known = at.of(&asked.facts);
        tell(&ledger, &known, &known.key(asked.about.0, asked.about.1))
    };
    let answers = keys(&ledger, &at, subject, attribute)?.iter().filter_map(answer).collect();
    Ok((ledger, answers))
}

/// Shows answers, each under the heading it needs.
pub(crate) fn show_all<V: Shown>(context: &mut Context, ledger: &Ledger, answers: &[Told<V>]) -> Result<(), Failure> {
    use std::io::Write;
    let mut last = None;
    for answer in answers {
        for line in &answer.lines {
            writeln!(context.screen.raw(), "{line}")?;
        }
        if !context.is_json {
            answer.value.show(context, ledger, &mut last)?;
        }
    }
    Ok(())
}
