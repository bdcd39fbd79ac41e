//! Claims and closed lists of periods.

use super::super::json::{Json, Object};
use super::fields::{Fields, cut, needed, object, string, within, wrong_type};
use super::value::value;
use crate::claim::{AttributionDraft, ClaimDraft, NamedClaim, PeriodDraft, Problem, Word};
use crate::event::Proposed;

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

pub(super) fn claim_line(line: Object<'_>) -> Result<Proposed, Problem> {
    claim(line).map(Proposed::Claim)
}

/// Reads a claim: a line of the type `claim` or `periods`, or the one inside a correction, which may leave
/// its type out.
pub(super) fn claim(line: Object<'_>) -> Result<NamedClaim, Problem> {
    let mut fields = Fields::open(line, "a claim", CLAIM_FIELDS)?;
    let kind = fields.word("type")?;
    let draft = ClaimDraft {
        id: fields.string("id", "a key as a string")?,
        subject: fields.string("subject", "a key as a string")?,
        attribute: fields.string("attribute", "a key as a string")?,
        value: fields.take("value").map(value).transpose().map_err(|problem| within("value", problem))?,
        polarity: fields.word("polarity")?,
        on: fields.date("on")?,
        as_of: fields.date("as_of")?,
        from: fields.date("from")?,
        from_kind: fields.word("from_kind")?,
        until: fields.date("until")?,
        until_kind: fields.word("until_kind")?,
        periods: periods(&mut fields)?,
        is_undated: fields.flag("undated")?,
        is_timeless: fields.flag("timeless")?,
        clock: fields.string("clock", "a window of the day as a string")?,
        chain: chain(&mut fields)?,
        said_on: fields.date("said_on")?,
        quote: fields.string("quote", "a text as a string")?,
        evidence: evidence(&mut fields)?,
        url: fields.string("url", "a web address as a string")?,
        lang: fields.string("lang", "a language tag as a string")?,
        dating_note: fields.string("dating_note", "a text as a string")?,
        note: fields.string("note", "a text as a string")?,
        is_private: fields.flag("private")?,
    };
    match (kind.as_deref(), &draft.periods) {
        (None, _) | (Some("claim"), None) | (Some("periods"), Some(_)) => NamedClaim::parse(draft),
        (Some("claim"), Some(_)) => Err(Problem::new("periods", "is no field of a line of the type claim")
            .with_hint("write \"type\":\"periods\" for a closed list")),
        (Some("periods"), None) => Err(Problem::new("periods", "is missing")),
        (Some(other), _) => {
            Err(Problem::new("type", format!("is {:?}, but claim or periods is wanted here", cut(other))))
        }
    }
}

fn periods<'a>(fields: &mut Fields<'a>) -> Result<Option<Vec<PeriodDraft<'a>>>, Problem> {
    let Some(list) = fields.list("periods", "a list of {from, until}")? else {
        return Ok(None);
    };
    let read = |json| {
        let mut fields = Fields::open(object(json, "an object {from, until}")?, "a period", &["from", "until"])?;
        Ok(PeriodDraft { from: needed("from", fields.date("from")?)?, until: needed("until", fields.date("until")?)? })
    };
    let numbered = list.into_iter().enumerate();
    let periods = numbered.map(|(place, json)| read(json).map_err(|error| within(format!("periods[{place}]"), error)));
    periods.collect::<Result<Vec<_>, _>>().map(Some)
}

/// The attribution chain: written out, or as `said_by` and `how`, which is a chain of one.
fn chain<'a>(fields: &mut Fields<'a>) -> Result<Vec<AttributionDraft<'a>>, Problem> {
    let chain = fields.list("chain", "a list of {who, how, on}")?;
    let said_by = fields.string("said_by", "a key as a string")?;
    let how = fields.word("how")?;
    match (chain, said_by) {
        (Some(_), Some(_)) => Err(Problem::new("said_by", "stands beside chain; give one of them")),
        (_, None) if how.is_some() => {
            Err(Problem::new("how", "has no said_by to stand beside; in a chain each link has its own"))
        }
        (None, Some(who)) => Ok(vec![AttributionDraft { who, how, on: None }]),
        (None, None) => Ok(Vec::new()),
        (Some(list), None) => {
            let mut links = Vec::with_capacity(list.len());
            for (place, json) in list.into_iter().enumerate() {
                links.push(link(json).map_err(|problem| within(format_args!("chain[{place}]"), problem))?);
            }
            Ok(links)
        }
    }
}

fn link(json: Json<'_>) -> Result<AttributionDraft<'_>, Problem> {
    let link = object(json, "an object {who, how, on}")?;
    let mut fields = Fields::open(link, "a link of a chain", &["who", "how", "on"])?;
    Ok(AttributionDraft {
        who: needed("who", fields.string("who", "a key as a string")?)?,
        how: fields.word("how")?,
        on: fields.date("on")?,
    })
}

/// Digests: one as a string, or a list.
fn evidence<'a>(fields: &mut Fields<'a>) -> Result<Vec<Word<'a>>, Problem> {
    match fields.take("evidence") {
        None => Ok(Vec::new()),
        Some(Json::String(digest)) => Ok(vec![digest]),
        Some(Json::List(list)) => {
            let read = |(place, json)| {
                string("", json, "a digest as a string")
                    .map_err(|problem| within(format_args!("evidence[{place}]"), problem))
            };
            list.into_iter().enumerate().map(read).collect()
        }
        Some(other) => Err(wrong_type("evidence", &other, "a digest as a string, or a list of them,")),
    }
}
