//! Claims and closed lists of periods.

use super::super::json::{Json, Object};
use super::fields::{Fields, cut, object};
use super::value::value;
use crate::claim::{AttributionDraft, ClaimDraft, NamedClaim, PeriodDraft, Problem, Problems};
use crate::event::Proposed;
use crate::value::Typed;

const CLAIM_FIELDS: &[&str] = &[
    "type",
    "id",
    "subject",
    "attribute",
    "value",
    "polarity",
    "on",
    "as_of",
    "from",
    "from_kind",
    "until",
    "until_kind",
    "periods",
    "undated",
    "timeless",
    "clock",
    "chain",
    "said_by",
    "how",
    "said_on",
    "quote",
    "evidence",
    "url",
    "lang",
    "dating_note",
    "note",
    "private",
];

pub(super) fn claim_line(line: Object<'_>) -> Result<Proposed, Problems> {
    claim(line).map(Proposed::Claim)
}

/// Reads a claim: a line of the type `claim` or `periods`, or the one inside a correction, which may leave
/// its type out.
pub(super) fn claim(line: Object<'_>) -> Result<NamedClaim, Problems> {
    let mut fields = Fields::open(line, "a claim", CLAIM_FIELDS);
    let kind = fields.word("type");
    let draft = ClaimDraft {
        id: fields.string("id", "a key as a string"),
        subject: fields.string("subject", "a key as a string"),
        attribute: fields.string("attribute", "a key as a string"),
        value: value_field(&mut fields),
        polarity: fields.word("polarity"),
        on: fields.date("on"),
        as_of: fields.date("as_of"),
        from: fields.date("from"),
        from_kind: fields.word("from_kind"),
        until: fields.date("until"),
        until_kind: fields.word("until_kind"),
        periods: periods(&mut fields),
        is_undated: fields.flag("undated"),
        is_timeless: fields.flag("timeless"),
        clock: fields.string("clock", "a window of the day as a string"),
        chain: chain(&mut fields),
        said_on: fields.date("said_on"),
        quote: fields.string("quote", "a text as a string"),
        evidence: fields.digests("evidence"),
        url: fields.string("url", "a web address as a string"),
        lang: fields.string("lang", "a language tag as a string"),
        dating_note: fields.string("dating_note", "a text as a string"),
        note: fields.string("note", "a text as a string"),
        is_private: fields.flag("private"),
    };
    let problem = match (kind.as_deref(), &draft.periods) {
        (None, _) | (Some("claim"), None) | (Some("periods"), Some(_)) => None,
        (Some("claim"), Some(_)) => Some(
            Problem::new("periods", "is no field of a line of the type claim")
                .with_hint("write \"type\":\"periods\" for a closed list"),
        ),
        (Some("periods"), None) => (!fields.found.is_told(&["periods"])).then(|| Problem::new("periods", "is missing")),
        (Some(other), _) => {
            Some(Problem::new("type", format!("is {:?}, but claim or periods is wanted here", cut(other))))
        }
    };
    if let Some(problem) = problem {
        fields.found.tell(problem);
    }
    let claim = NamedClaim::check(draft, &mut fields.found);
    fields.done(claim)
}

fn value_field(fields: &mut Fields<'_>) -> Option<Typed> {
    let read = value(fields.take("value")?).map_err(|problems| problems.within("value"));
    fields.found.note(read)
}

fn periods<'a>(fields: &mut Fields<'a>) -> Option<Vec<PeriodDraft<'a>>> {
    let list = fields.list("periods", "a list of {from, until}")?;
    let read = |json| {
        let object = object(json, "an object {from, until}")?;
        let mut fields = Fields::open(object, "a period", &["from", "until"]);
        let (from, until) = (fields.date("from"), fields.date("until"));
        let (from, until) = (fields.needed("from", from), fields.needed("until", until));
        fields.done(from.zip(until).map(|(from, until)| PeriodDraft { from, until }))
    };
    let count = list.len();
    let periods = fields.each("periods", list, read);
    (periods.len() == count).then_some(periods)
}

/// The attribution chain: written out, or as `said_by` and `how`, which is a chain of one.
fn chain<'a>(fields: &mut Fields<'a>) -> Vec<AttributionDraft<'a>> {
    let chain = fields.list("chain", "a list of {who, how, on}");
    let said_by = fields.string("said_by", "a key as a string");
    let how = fields.word("how");
    let problem = match (&chain, &said_by) {
        (Some(_), Some(_)) => Some(Problem::new("said_by", "stands beside chain; give one of them")),
        (_, None) if how.is_some() && !fields.found.is_told(&["said_by"]) => {
            Some(Problem::new("how", "has no said_by to stand beside; in a chain each link has its own"))
        }
        _ => None,
    };
    if let Some(problem) = problem {
        fields.found.tell(problem);
    }
    match (chain, said_by) {
        (None, Some(who)) => vec![AttributionDraft { who, how, on: None }],
        (None, None) => Vec::new(),
        (Some(list), _) => fields.each("chain", list, link),
    }
}

fn link(json: Json<'_>) -> Result<AttributionDraft<'_>, Problems> {
    let link = object(json, "an object {who, how, on}")?;
    let mut fields = Fields::open(link, "a link of a chain", &["who", "how", "on"]);
    let who = fields.string("who", "a key as a string");
    let who = fields.needed("who", who);
    let (how, on) = (fields.word("how"), fields.date("on"));
    fields.done(who.map(|who| AttributionDraft { who, how, on }))
}
