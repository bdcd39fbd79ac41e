//! From draft to claim: everything that can be checked without knowing the ledger.

use super::draft::Word;
use super::valid::is_reversed;
use super::{
    AttributionDraft, ClaimDraft, Edge, EdgeKind, Found, Moment, PeriodDraft, Polarity, Problem, Problems, Reference,
    Span, Valid,
};
use crate::date::{Bound, ClockWindow, Day, End, Interval, Said, Window, is_interval};
use crate::source::{Attribution, AttributionError};
use crate::value::{Typed, id_problem, key_problem, text_problem};

/// A claim checked but for its names: subject, attribute, sources and entities are still keys, and the
/// value waits for its attribute's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedClaim {
    /// Key of the entity it is about.
    pub subject: Box<str>,
    /// Key of the attribute.
    pub attribute: Box<str>,
    /// The value.
    pub value: Typed,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// When it held.
    pub valid: Valid,
    /// Attribution chain, origin first.
    pub chain: Vec<Attribution<Box<str>>>,
    /// What backs it.
    pub reference: Reference,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}

impl NamedClaim {
    /// Checks a draft.
    ///
    /// # Errors
    /// All fields that are wrong, and why.
    pub fn parse(draft: ClaimDraft<'_>) -> Result<NamedClaim, Problems> {
        let mut found = Found::default();
        let claim = NamedClaim::check(draft, &mut found);
        found.done(claim)
    }

    /// Checks a draft of which something may have been found wrong already.
    pub(crate) fn check(draft: ClaimDraft<'_>, found: &mut Found) -> Option<NamedClaim> {
        let valid = valid(&draft, found);
        let mut chain = Vec::with_capacity(draft.chain.len());
        for (place, link) in draft.chain.iter().enumerate() {
            chain.extend(found.note(attribution(place, link)));
        }
        let polarity = found.note(polarity(draft.polarity.as_deref()));
        let value = found.needed("value", draft.value);
        let said_on = found.note(said("said_on", draft.said_on.as_deref()));
        let mut evidence = Vec::with_capacity(draft.evidence.len());
        for word in draft.evidence {
            evidence.extend(found.note(digest(word)));
        }
        let quote = found.note(text("quote", draft.quote));
        let url = found.note(text("url", draft.url));
        let lang = found.note(text("lang", draft.lang));
        let dating_note = found.note(text("dating_note", draft.dating_note));
        let note = found.note(text("note", draft.note));
        let subject = found.note(key("subject", draft.subject)).flatten();
        let attribute = found.note(key("attribute", draft.attribute)).flatten();
        let (subject, attribute) = (found.needed("subject", subject), found.needed("attribute", attribute));
        let id = found.note(own_id(draft.id));
        let (quote, url, lang, dating_note, note) = (quote?, url?, lang?, dating_note?, note?);
        let reference = Reference { said_on: said_on?, quote, evidence, url, lang, dating_note, note };
        Some(NamedClaim {
            subject: subject?,
            attribute: attribute?,
            value: value?,
            polarity: polarity?,
            valid: valid?,
            chain,
            reference,
            id: id?,
            is_private: draft.is_private,
        })
    }

    /// Whether it was said before the day on which it can first have been so, as a plan is.
    #[must_use]
    pub fn is_said_before_it_was_so(&self) -> bool {
        let said = self.reference.said_on.as_ref().and_then(Said::window);
        said.zip(first_day(&self.valid)).is_some_and(|(said, first)| said.latest < first)
    }
}

fn first_day(valid: &Valid) -> Option<Day> {
    let bound = match valid {
        Valid::On(moment) | Valid::AsOf(moment) => &moment.at,
        Valid::Period { from, until } => &from.as_ref().or(until.as_ref())?.at,
        Valid::Listed(spans) => &spans.first()?.from,
        Valid::Undated | Valid::Timeless => return None,
    };
    bound.window().map(|window| window.earliest)
}

fn polarity(word: Option<&str>) -> Result<Polarity, Problem> {
    word.map_or(Ok(Polarity::Affirm), |word| {
        Polarity::of_word(word).ok_or_else(|| Problem::new("polarity", format!("{word:?} is neither affirm nor deny")))
    })
}

fn missing(field: &'static str) -> Problem {
    Problem::new(field, "is missing")
}

fn bound(field: &'static str, text: Option<&str>) -> Result<Option<Bound>, Problem> {
    text.map(Bound::parse).transpose().map_err(|error| Problem::new(field, error))
}

fn said(field: &'static str, text: Option<&str>) -> Result<Option<Said>, Problem> {
    text.map(Said::parse).transpose().map_err(|error| Problem::new(field, error))
}

/// A text within the limits. An empty one is refused: leave the field out instead.
pub(crate) fn text(field: &'static str, text: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    match text {
        None => Ok(None),
        Some(text) => match text_problem(&text) {
            Some(problem) => Err(Problem::new(field, problem)),
            None => Ok(Some(text.into_owned().into_boxed_str())),
        },
    }
}

/// A key within the limits.
pub(crate) fn key(field: &'static str, key: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    match key {
        None => Ok(None),
        Some(key) => match key_problem(&key) {
            Some(problem) => Err(Problem::new(field, problem)),
            None => Ok(Some(key.into_owned().into_boxed_str())),
        },
    }
}

/// A caller's own id.
pub(crate) fn own_id(id: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    match id {
        None => Ok(None),
        Some(id) => match id_problem(&id) {
            Some(problem) => Err(Problem::new("id", problem)),
            None => Ok(Some(id.into_owned().into_boxed_str())),
        },
    }
}

/// A text that is given, within the limits.
///
/// # Errors
/// What is wrong with it.
pub fn checked_text(field: &'static str, given: String) -> Result<Box<str>, Problem> {
    text(field, Some(given.into()))?.ok_or_else(|| missing(field))
}

/// A key that is given, within the limits.
///
/// # Errors
/// What is wrong with it.
pub fn checked_key(field: &'static str, given: String) -> Result<Box<str>, Problem> {
    key(field, Some(given.into()))?.ok_or_else(|| missing(field))
}

/// A digest names a captured copy: one word, such as 64 hexadecimal digits of BLAKE3.
pub(crate) fn digest(word: Word<'_>) -> Result<Box<str>, Problem> {
    if is_digest(&word) {
        return Ok(word.into_owned().into());
    }
    Err(Problem::new("evidence", format!("{word:?} is not a digest")).with_hint("give 64 hexadecimal digits (BLAKE3)"))
}

/// Whether a word can name a captured copy.
pub(crate) fn is_digest(word: &str) -> bool {
    let is_usual = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_' | b'.' | b'+' | b'=' | b'/');
    (1..=128).contains(&word.len()) && word.bytes().all(is_usual)
}

fn attribution(place: usize, link: &AttributionDraft<'_>) -> Result<Attribution<Box<str>>, Problem> {
    let how = link.how.as_deref().unwrap_or("stated");
    Attribution::parse(&link.who, how, link.on.as_deref()).map_err(|error| {
        let part = match error {
            AttributionError::Key(_) => "who",
            AttributionError::How(_) => "how",
            AttributionError::Date(_) => "on",
        };
        Problem::new(format!("chain[{place}].{part}"), error)
    })
}

/// A caller's own id that is given.
///
/// # Errors
/// What is wrong with it.
pub fn checked_id(given: String) -> Result<Box<str>, Problem> {
    own_id(Some(given.into()))?.ok_or_else(|| missing("id"))
}

/// Reads the one form of valid time that a draft gives.
fn valid(draft: &ClaimDraft<'_>, found: &mut Found) -> Option<Valid> {
    let forms = [
        ("on", draft.on.is_some()),
        ("as_of", draft.as_of.is_some()),
        (if draft.from.is_some() { "from" } else { "until" }, draft.from.is_some() || draft.until.is_some()),
        ("periods", draft.periods.is_some()),
        ("undated", draft.is_undated),
        ("timeless", draft.is_timeless),
    ];
    let given: Vec<&str> = forms.into_iter().filter(|(_, is_given)| *is_given).map(|(form, _)| form).collect();
    let clock = draft.clock.as_deref().map(ClockWindow::parse).transpose();
    let clock = found.note(clock.map_err(|error| Problem::new("clock", error))).flatten();
    for (kind, edge, name) in
        [(&draft.from_kind, &draft.from, "from_kind"), (&draft.until_kind, &draft.until, "until_kind")]
    {
        let from_interval = draft.from.as_deref().is_some_and(is_interval);
        if kind.is_some() && edge.is_none() && !from_interval {
            found.tell(Problem::new(name, "has no edge to stand beside"));
        }
    }
    let form = match given.as_slice() {
        [] if found.is_told(&["on", "as_of", "from", "until", "periods", "undated", "timeless"]) => return None,
        [] => {
            let problem = Problem::new("on", "is missing: the claim says no time");
            return found
                .note(Err(problem.with_hint("give one of on, as_of, from, until, periods, undated, timeless")));
        }
        [form, rest @ ..] => {
            for second in rest {
                let why = format!("stands beside {form}; a claim has one form of time");
                found.tell(Problem::new(*second, why));
            }
            *form
        }
    };
    if clock.is_some() && matches!(form, "periods" | "undated" | "timeless") {
        found.tell(Problem::new("clock", format!("has no date to stand beside ({form})")));
    }
    match (form, &draft.on, &draft.as_of, &draft.periods) {
        ("on", Some(on), ..) if is_interval(on) => interval("on", on, clock, draft, found),
        ("on", Some(on), ..) => found.note(moment("on", on, clock)).map(Valid::On),
        ("as_of", _, Some(as_of), _) => found.note(moment("as_of", as_of, clock)).map(Valid::AsOf),
        ("periods", .., Some(periods)) => listed(periods, found),
        ("undated", ..) => Some(Valid::Undated),
        ("timeless", ..) => Some(Valid::Timeless),
        _ => period(clock, draft, found),
    }
}

fn moment(field: &'static str, text: &str, clock: Option<ClockWindow>) -> Result<Moment, Problem> {
    let at = Bound::parse(text).map_err(|error| Problem::new(field, error))?;
    Ok(Moment { at, clock })
}

fn edge_kind(field: &'static str, word: Option<&str>) -> Result<EdgeKind, Problem> {
    word.map_or(Ok(EdgeKind::Transition), |word| {
        EdgeKind::of_word(word)
            .ok_or_else(|| Problem::new(field, format!("{word:?} is neither transition nor observed")))
    })
}

fn period(clock: Option<ClockWindow>, draft: &ClaimDraft<'_>, found: &mut Found) -> Option<Valid> {
    if let (Some(from), None) = (draft.from.as_deref().filter(|from| is_interval(from)), &draft.until) {
        return interval("from", from, clock, draft, found);
    }
    let from = found.note(bound("from", draft.from.as_deref()));
    let until = found.note(bound("until", draft.until.as_deref()));
    edges(from?, until?.map(|at| (at, None)), clock, draft, found)
}

/// An interval: its two edges are changes, but an end `..` was observed on the day it was said.
fn interval(
    field: &'static str,
    text: &str,
    clock: Option<ClockWindow>,
    draft: &ClaimDraft<'_>,
    found: &mut Found,
) -> Option<Valid> {
    let interval = Interval::parse(text)
        .unwrap_or_else(|| Bound::parse(text).map(|at| Interval { from: Some(at), until: End::NotStated }));
    let Interval { from, until } = found.note(interval.map_err(|error| Problem::new(field, error)))?;
    let until = match until {
        End::At(at) => Some((at, None)),
        End::NotStated => None,
        End::GoesOn => {
            // What is wrong with it is told once, with all that is.
            let said = draft.said_on.as_deref().and_then(|said| Said::parse(said).ok());
            let said = said.map(|said| said.date().clone()).filter(|said| said.window().is_some());
            let start = from.as_ref().and_then(Bound::window);
            said.filter(|said| !is_reversed(start, said.window())).map(|said| (said, Some(EdgeKind::Observed)))
        }
    };
    edges(from, until, clock, draft, found)
}

/// Puts the edges together; an end may bring its own kind.
fn edges(
    from: Option<Bound>,
    until: Option<(Bound, Option<EdgeKind>)>,
    clock: Option<ClockWindow>,
    draft: &ClaimDraft<'_>,
    found: &mut Found,
) -> Option<Valid> {
    let window = |at: Option<&Bound>| at.and_then(Bound::window);
    if is_reversed(window(from.as_ref()), window(until.as_ref().map(|(at, _)| at))) {
        let why = "lies wholly before from: the period would end before it starts";
        found.tell(Problem::new("until", why));
    }
    let from_kind = found.note(edge_kind("from_kind", draft.from_kind.as_deref()));
    let until_kind = found.note(edge_kind("until_kind", draft.until_kind.as_deref()));
    let (from_kind, until_kind) = (from_kind?, until_kind?);
    let (from_clock, until_clock) = if from.is_some() { (clock, None) } else { (None, clock) };
    Some(Valid::Period {
        from: from.map(|at| Edge { at, kind: from_kind, clock: from_clock }),
        until: until.map(|(at, own)| Edge { at, kind: own.unwrap_or(until_kind), clock: until_clock }),
    })
}

/// A closed list: in order, each with both ends placed among the days, none overlapping the next.
fn listed(periods: &[PeriodDraft<'_>], found: &mut Found) -> Option<Valid> {
    if periods.is_empty() {
        return found.note(Err(Problem::new("periods", "is empty; a closed list has at least one period")));
    }
    let mut spans = Vec::with_capacity(periods.len());
    for (place, period) in periods.iter().enumerate() {
        let from = found.note(listed_edge(place, "from", &period.from));
        let until = found.note(listed_edge(place, "until", &period.until));
        let Some(((from, start), (until, end))) = from.zip(until) else { continue };
        if end.latest < start.earliest {
            let field = format!("periods[{place}].until");
            found.tell(Problem::new(field, "lies wholly before from"));
        }
        spans.push((start.earliest, end.latest, Span { from, until }));
    }
    spans.sort_by_key(|(start, ..)| *start);
    for pair in spans.windows(2) {
        if let [(_, end, first), (start, _, second)] = pair
            && start <= end
        {
            let why = format!("{}/{} and {}/{} overlap", first.from, first.until, second.from, second.until);
            found.tell(Problem::new("periods", why));
        }
    }
    let is_whole = spans.len() == periods.len();
    is_whole.then(|| Valid::Listed(spans.into_iter().map(|(.., span)| span).collect()))
}

/// An edge of a period in a closed list, with its place among the days.
fn listed_edge(place: usize, part: &str, text: &str) -> Result<(Bound, Window), Problem> {
    let field = format!("periods[{place}].{part}");
    let at = Bound::parse(text).map_err(|error| Problem::new(field.clone(), error))?;
    let window = at.window();
    window.map(|window| (at, window)).ok_or_else(|| Problem::new(field, "gives no year, so it bounds nothing"))
}
