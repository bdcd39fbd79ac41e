//! When a claim held, from the draft's fields: one form of time.

use super::valid::is_reversed;
use super::{ClaimDraft, Edge, EdgeKind, Found, Moment, PeriodDraft, Problem, Span, Valid};
use crate::date::{Bound, ClockWindow, End, Interval, Said, Window, is_interval};

/// Reads the one form of valid time that a draft gives.
pub(super) fn valid(draft: &ClaimDraft<'_>, found: &mut Found) -> Option<Valid> {
    let forms = [
        ("on", draft.on.is_some()),
        ("as_of", draft.as_of.is_some()),
        (if draft.from.is_some() { "from" } else { "until" }, draft.from.is_some() || draft.until.is_some()),
        ("periods", draft.periods.is_some()),
        ("undated", draft.is_undated),
        ("timeless", draft.is_timeless),
    ];
    let mut given = forms.into_iter().filter(|(_, is_given)| *is_given).map(|(form, _)| form);
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
    let form = match given.next() {
        None if found.is_told(&["on", "as_of", "from", "until", "periods", "undated", "timeless"]) => return None,
        None => {
            let problem = Problem::new("on", "is missing: the claim says no time");
            return found
                .note(Err(problem.with_hint("give one of on, as_of, from, until, periods, undated, timeless")));
        }
        Some(form) => {
            for second in given {
                let why = format!("stands beside {form}; a claim has one form of time");
                found.tell(Problem::new(second, why));
            }
            form
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

fn bound(field: &'static str, text: Option<&str>) -> Result<Option<Bound>, Problem> {
    text.map(Bound::parse).transpose().map_err(|error| Problem::new(field, error))
}
