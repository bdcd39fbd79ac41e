//! From draft to claim: everything that can be checked without knowing the ledger.

use super::draft::Word;
use super::valid::is_reversed;
use super::{
    AttributionDraft, ClaimDraft, Edge, EdgeKind, Moment, PeriodDraft, Polarity, Problem, Reference, Span, Valid,
};
use crate::date::{Bound, ClockWindow, Day, End, Interval, Said, is_interval};
use crate::source::{Attribution, AttributionError};
use crate::value::{Typed, id_problem, is_url, key_problem, text_problem};

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
    /// The first field that is wrong, and why.
    pub fn parse(draft: ClaimDraft<'_>) -> Result<NamedClaim, Problem> {
        NamedClaim::parse_all(draft).map_err(|problems| {
            let first = problems.into_iter().next();
            first.unwrap_or_else(|| missing("value"))
        })
    }

    /// Checks a draft and names everything that is wrong.
    ///
    /// # Errors
    /// Every field that is wrong, and why; at least one.
    pub fn parse_all(draft: ClaimDraft<'_>) -> Result<NamedClaim, Vec<Problem>> {
        let mut wrong = Problems::default();
        let valid = wrong.none_of(valid(&draft));
        let chain = draft.chain.iter().enumerate().map(|(place, link)| attribution(place, link));
        let chain = chain.filter_map(|link| wrong.none_of(link)).collect();
        let polarity = wrong.none_of(polarity(draft.polarity.as_deref()));
        let value = wrong.none_of(draft.value.ok_or_else(|| missing("value")));
        let said_on = wrong.none_of(said("said_on", draft.said_on.as_deref())).flatten();
        let reference = Reference {
            said_on,
            quote: wrong.none_of(text("quote", draft.quote)).flatten(),
            evidence: draft.evidence.into_iter().filter_map(|word| wrong.none_of(digest(word))).collect(),
            url: wrong.none_of(url("url", draft.url)).flatten(),
            lang: wrong.none_of(text("lang", draft.lang)).flatten(),
            dating_note: wrong.none_of(text("dating_note", draft.dating_note)).flatten(),
            note: wrong.none_of(text("note", draft.note)).flatten(),
        };
        let given = |field, word| key(field, word)?.ok_or_else(|| missing(field));
        let subject = wrong.none_of(given("subject", draft.subject));
        let attribute = wrong.none_of(given("attribute", draft.attribute));
        let id = wrong.none_of(own_id(draft.id)).flatten();
        match (subject, attribute, value, polarity, valid) {
            (Some(subject), Some(attribute), Some(value), Some(polarity), Some(valid)) if wrong.0.is_empty() => {
                let is_private = draft.is_private;
                Ok(NamedClaim { subject, attribute, value, polarity, valid, chain, reference, id, is_private })
            }
            _ => Err(wrong.0),
        }
    }

    /// Whether it was said before the day on which it can first have been so, as a plan is.
    #[must_use]
    pub fn is_said_before_it_was_so(&self) -> bool {
        let said = self.reference.said_on.as_ref().and_then(Said::window);
        said.zip(first_day(&self.valid)).is_some_and(|(said, first)| said.latest < first)
    }
}

/// What is wrong, as far as it was seen.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    /// What was read; `None` if it is wrong, which is noted.
    fn none_of<T>(&mut self, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.0.push(problem)).ok()
    }
}

fn polarity(word: Option<&str>) -> Result<Polarity, Problem> {
    word.map_or(Ok(Polarity::Affirm), |word| {
        Polarity::of_word(word).ok_or_else(|| Problem::new("polarity", format!("{word:?} is neither affirm nor deny")))
    })
}

/// A web address.
pub(crate) fn url(field: &'static str, given: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    let Some(url) = text(field, given)? else { return Ok(None) };
    if is_url(&url) {
        return Ok(Some(url));
    }
    let problem = Problem::new(field, format!("{:?} is not a web address", url.chars().take(60).collect::<String>()));
    Err(problem.with_hint("write one such as https://example.org/page"))
}

/// A web address that is given.
///
/// # Errors
/// If it is none.
pub fn checked_url(field: &'static str, given: String) -> Result<Box<str>, Problem> {
    url(field, Some(given.into()))?.ok_or_else(|| missing(field))
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
fn digest(word: Word<'_>) -> Result<Box<str>, Problem> {
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
fn valid(draft: &ClaimDraft<'_>) -> Result<Valid, Problem> {
    let forms = [
        ("on", draft.on.is_some()),
        ("as_of", draft.as_of.is_some()),
        (if draft.from.is_some() { "from" } else { "until" }, draft.from.is_some() || draft.until.is_some()),
        ("periods", draft.periods.is_some()),
        ("undated", draft.is_undated),
        ("timeless", draft.is_timeless),
    ];
    let mut given = forms.into_iter().filter(|(_, is_given)| *is_given).map(|(form, _)| form);
    let Some(form) = given.next() else {
        return Err(Problem::new("on", "is missing: the claim says no time")
            .with_hint("give one of on, as_of, from, until, periods, undated, timeless"));
    };
    if let Some(second) = given.next() {
        return Err(Problem::new(second, format!("stands beside {form}; a claim has one form of time")));
    }
    let clock = draft.clock.as_deref().map(ClockWindow::parse).transpose();
    let clock = clock.map_err(|error| Problem::new("clock", error))?;
    if clock.is_some() && matches!(form, "periods" | "undated" | "timeless") {
        return Err(Problem::new("clock", format!("has no date to stand beside ({form})")));
    }
    for (kind, edge, name) in
        [(&draft.from_kind, &draft.from, "from_kind"), (&draft.until_kind, &draft.until, "until_kind")]
    {
        let from_interval = draft.from.as_deref().is_some_and(is_interval);
        if kind.is_some() && edge.is_none() && !from_interval {
            return Err(Problem::new(name, "has no edge to stand beside"));
        }
    }
    match (form, &draft.on, &draft.as_of, &draft.periods) {
        ("on", Some(on), ..) if is_interval(on) => interval("on", on, clock, draft),
        ("on", Some(on), ..) => Ok(Valid::On(moment("on", on, clock)?)),
        ("as_of", _, Some(as_of), _) => Ok(Valid::AsOf(moment("as_of", as_of, clock)?)),
        ("periods", .., Some(periods)) => listed(periods),
        ("undated", ..) => Ok(Valid::Undated),
        ("timeless", ..) => Ok(Valid::Timeless),
        _ => period(clock, draft),
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

fn period(clock: Option<ClockWindow>, draft: &ClaimDraft<'_>) -> Result<Valid, Problem> {
    if let (Some(from), None) = (draft.from.as_deref().filter(|from| is_interval(from)), &draft.until) {
        return interval("from", from, clock, draft);
    }
    let from = bound("from", draft.from.as_deref())?;
    let until = bound("until", draft.until.as_deref())?;
    edges(from, until.map(|at| (at, None)), clock, draft)
}

/// An interval: its two edges are changes, but an end `..` was observed on the day it was said.
fn interval(
    field: &'static str,
    text: &str,
    clock: Option<ClockWindow>,
    draft: &ClaimDraft<'_>,
) -> Result<Valid, Problem> {
    let interval = Interval::parse(text)
        .unwrap_or_else(|| Bound::parse(text).map(|at| Interval { from: Some(at), until: End::NotStated }));
    let Interval { from, until } = interval.map_err(|error| Problem::new(field, error))?;
    let until = match until {
        End::At(at) => Some((at, None)),
        End::NotStated => None,
        End::GoesOn => {
            let said = said("said_on", draft.said_on.as_deref())?.map(|said| said.date().clone());
            let said = said.filter(|said| said.window().is_some());
            let start = from.as_ref().and_then(Bound::window);
            said.filter(|said| !is_reversed(start, said.window())).map(|said| (said, Some(EdgeKind::Observed)))
        }
    };
    edges(from, until, clock, draft)
}

/// Puts the edges together; an end may bring its own kind.
fn edges(
    from: Option<Bound>,
    until: Option<(Bound, Option<EdgeKind>)>,
    clock: Option<ClockWindow>,
    draft: &ClaimDraft<'_>,
) -> Result<Valid, Problem> {
    let window = |at: Option<&Bound>| at.and_then(Bound::window);
    if is_reversed(window(from.as_ref()), window(until.as_ref().map(|(at, _)| at))) {
        return Err(Problem::new("until", "lies wholly before from: the period would end before it starts"));
    }
    let from_kind = edge_kind("from_kind", draft.from_kind.as_deref())?;
    let until_kind = edge_kind("until_kind", draft.until_kind.as_deref())?;
    let (from_clock, until_clock) = if from.is_some() { (clock, None) } else { (None, clock) };
    Ok(Valid::Period {
        from: from.map(|at| Edge { at, kind: from_kind, clock: from_clock }),
        until: until.map(|(at, own)| Edge { at, kind: own.unwrap_or(until_kind), clock: until_clock }),
    })
}

/// A closed list: in order, each with both ends placed among the days, none overlapping the next.
fn listed(periods: &[PeriodDraft<'_>]) -> Result<Valid, Problem> {
    let mut spans = Vec::with_capacity(periods.len());
    for (place, period) in periods.iter().enumerate() {
        let edge = |part: &str, text: &str| {
            let field = format!("periods[{place}].{part}");
            let at = Bound::parse(text).map_err(|error| Problem::new(field.clone(), error))?;
            let window = at.window();
            window.map(|window| (at, window)).ok_or_else(|| Problem::new(field, "gives no year, so it bounds nothing"))
        };
        let (from, start) = edge("from", &period.from)?;
        let (until, end) = edge("until", &period.until)?;
        if end.latest < start.earliest {
            return Err(Problem::new(format!("periods[{place}].until"), "lies wholly before from"));
        }
        spans.push((start.earliest, end.latest, Span { from, until }));
    }
    if spans.is_empty() {
        return Err(Problem::new("periods", "is empty; a closed list has at least one period"));
    }
    spans.sort_by_key(|(start, ..)| *start);
    for pair in spans.windows(2) {
        if let [(_, end, first), (start, _, second)] = pair
            && start <= end
        {
            return Err(Problem::new(
                "periods",
                format!("{}/{} and {}/{} overlap", first.from, first.until, second.from, second.until),
            ));
        }
    }
    Ok(Valid::Listed(spans.into_iter().map(|(.., span)| span).collect()))
}
