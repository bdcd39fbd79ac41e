//! Questions about keys: about those of one subject, or about all of them on all cores.

use annals::date::Day;
use annals::exchange::Names;
use annals::ledger::Ledger;
use annals::projection::{At, Dropped, Facts, Horizon, Key, Known, Reason, State, Status, Stretch};
use annals::seq::Seq;

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

/// An answer about a key: as its lines of JSON if these are asked for, else what is shown on the screen.
pub(crate) enum Told<V> {
    /// The lines, and whether the answer says anything.
    Lines(String, bool),
    Shown(V),
}

impl<V: Shown> Told<V> {
    /// Whether the answer says anything.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Told::Lines(_, is_known) => *is_known,
            Told::Shown(value) => value.is_known(),
        }
    }

    /// What is shown on the screen.
    pub(crate) fn shown(&self) -> Option<&V> {
        match self {
            Told::Lines(..) => None,
            Told::Shown(value) => Some(value),
        }
    }
}

/// What an answer can be shown as.
pub(crate) trait Shown: Send {
    /// As lines of JSON, each ended.
    fn lines(&self, of: &Of<'_, '_>) -> String;

    /// Whether it says anything.
    fn is_known(&self) -> bool {
        true
    }

    /// On the screen; `last` is the subject shown before.
    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure>;
}

/// What an answer is about, and of what it was made.
pub(crate) struct Of<'o, 'k> {
    ledger: &'o Ledger,
    known: &'o Known<'k>,
    key: &'o Key,
    horizon: Horizon,
}

impl Of<'_, '_> {
    /// A line of JSON for each of some stretches. The states of the first are made; what is behind the other answers is there for
    /// one at a time only.
    fn stretches(&self, stretches: &[Stretch], made: &[State]) -> String {
        let mut lines = String::new();
        let mut add = |stretch: &Stretch, state: &State| {
            lines += &json::stretch_text(self.ledger, stretch, state);
            lines.push('\n');
        };
        stretches.iter().zip(made).for_each(|(stretch, state)| add(stretch, state));
        for stretch in stretches.iter().skip(made.len()) {
            add(stretch, &self.known.state_of(self.key, stretch, self.horizon));
        }
        lines
    }
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
    fn lines(&self, of: &Of<'_, '_>) -> String {
        json::state_text(of.ledger, self) + "\n"
    }

    fn is_known(&self) -> bool {
        self.status != Status::Unknown
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        heading(context, ledger, self.subject, last)?;
        told::row(&mut context.screen, ledger, self)
    }
}

/// The answers of a key over days in a row, and the claims that give no day.
pub(crate) struct Timeline {
    subject: Seq,
    attribute: Seq,
    stretches: Vec<Stretch>,
    undated: Vec<Seq>,
    /// Why, where all days have one answer.
    reason: Option<Reason>,
}

impl Timeline {
    /// Of all days.
    pub(crate) fn of_all_days(known: &Known<'_>, key: &Key, horizon: Horizon) -> Timeline {
        let stretches = known.timeline(key);
        let reason =
            if let [only] = stretches.as_slice() { Some(known.state_of(key, only, horizon).reason) } else { None };
        Timeline { undated: known.undated(key), reason, ..Timeline::of(key, stretches) }
    }

    /// Of some days.
    pub(crate) fn of(key: &Key, stretches: Vec<Stretch>) -> Timeline {
        Timeline { subject: key.subject, attribute: key.attribute, stretches, undated: Vec::new(), reason: None }
    }
}

impl Shown for Timeline {
    fn lines(&self, of: &Of<'_, '_>) -> String {
        of.stretches(&self.stretches, &[])
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        use annals::exchange::Names;
        heading(context, ledger, self.subject, last)?;
        let names = ledger.names();
        context.screen.line(&format!(" {}", names.attribute(self.attribute)))?;
        for stretch in &self.stretches {
            told::stretch(&mut context.screen, ledger, self.attribute, stretch)?;
        }
        if let Some(reason) = &self.reason {
            // Of a key of which nothing is used, what became of its claims says more than the day.
            let reason = reason.text(ledger.catalogue());
            let of_the_day = |(told, _): &(&str, &str)| told.starts_with("nothing is claimed");
            let reason = reason.split_once("; ").filter(of_the_day).map_or(reason.as_str(), |(_, why)| why);
            context.screen.line(&format!("              {reason}"))?;
        }
        for claim in &self.undated {
            told::undated(&mut context.screen, ledger, *claim)?;
        }
        Ok(())
    }
}

/// The days on which a key is contested.
pub(crate) struct Contests {
    stretches: Vec<Stretch>,
    /// The answers of the first, with what is behind them.
    shown: Vec<State>,
}

/// So many stretches on which a key is contested are shown.
const CONTESTS_SHOWN: usize = 12;

impl Contests {
    /// Of a key; `None` if it is not contested on any day.
    pub(crate) fn of(known: &Known<'_>, key: &Key, horizon: Horizon) -> Option<Contests> {
        let mut stretches = known.timeline(key);
        stretches.retain(|stretch| stretch.answer.status == Status::Contested);
        let first = stretches.iter().take(CONTESTS_SHOWN);
        let shown = first.map(|stretch| known.state_of(key, stretch, horizon)).collect();
        Some(Contests { stretches, shown }).filter(|contests| !contests.stretches.is_empty())
    }
}

impl Shown for Contests {
    fn lines(&self, of: &Of<'_, '_>) -> String {
        of.stretches(&self.stretches, &self.shown)
    }

    fn show(&self, context: &mut Context, ledger: &Ledger, last: &mut Option<Seq>) -> Result<(), Failure> {
        for (stretch, state) in self.stretches.iter().zip(&self.shown) {
            heading(context, ledger, state.subject, last)?;
            told::contest(&mut context.screen, ledger, stretch, state)?;
        }
        if self.stretches.len() > CONTESTS_SHOWN {
            let more = self.stretches.len() - CONTESTS_SHOWN;
            context.screen.line(&format!("    and {more} more stretches: `annals timeline` shows them"))?;
        }
        Ok(())
    }
}

/// Asks something of every key of a subject, or of all there are, in the order of their names; with a day only about that day.
pub(crate) fn ask_keys<V: Shown>(
    context: &mut Context,
    subject: Option<&str>,
    attribute: Option<&str>,
    of: (Option<Day>, Horizon),
    ask: &(dyn Fn(&Known<'_>, &Key) -> Option<V> + Sync),
) -> Result<(Ledger, Vec<Told<V>>), Failure> {
    ask_few_keys(context, None, (subject, attribute), of, ask)
}

/// Asks as [`ask_keys`] does; with a question that tells everything that is asked, which keys of all have an answer is kept in
/// the cache.
pub(crate) fn ask_few_keys<V: Shown>(
    context: &mut Context,
    question: Option<&str>,
    (subject, attribute): (Option<&str>, Option<&str>),
    (day, horizon): (Option<Day>, Horizon),
    ask: &(dyn Fn(&Known<'_>, &Key) -> Option<V> + Sync),
) -> Result<(Ledger, Vec<Told<V>>), Failure> {
    let is_json = context.is_json;
    let tell = |ledger: &Ledger, known: &Known<'_>, key: &Key| {
        let value = ask(known, key)?;
        if !is_json {
            return Some(Told::Shown(value));
        }
        Some(Told::Lines(value.lines(&Of { ledger, known, key, horizon }), value.is_known()))
    };
    let ledger = context.open()?;
    tell_beyond(&ledger, horizon);
    if subject.is_none() {
        let ask = |known: &Known<'_>, key: &Key| tell(&ledger, known, key);
        let answers = match question {
            Some(question) => ledger.of_few_keys(question, (day, horizon), ask)?,
            None => ledger.of_every_key(day, horizon, ask)?,
        };
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
        match answer {
            Told::Lines(lines, _) => context.screen.raw().write_all(lines.as_bytes())?,
            Told::Shown(value) => value.show(context, ledger, &mut last)?,
        }
    }
    Ok(())
}
