//! Lines as programs write them, read in one pass: claims, and the acts upon them that are frequent. What is wrong, unknown,
//! repeated or of another type is not told here: the reader that makes a tree of a line tells it. So this one only ever accepts,
//! and what it accepts means what that one would make of it.

use super::super::scan::Scan;
use super::act::{DESK, rating, target};
use crate::claim::{AttributionDraft, ClaimDraft, Found, NamedClaim, PeriodDraft, Word, key, own_id, text, url};
use crate::date::{Bound, Said};
use crate::event::{Proposed, ProposedAct};
use crate::value::{Quantity, Typed, Value};

/// What a line proposes; `None` if the other reader has to look at it.
pub(in crate::exchange) fn read(line: &str) -> Option<Proposed> {
    let mut scan = Scan::new(line);
    let parts = Parts::read(&mut scan, false)?;
    scan.end()?;
    parts.proposed()
}

// A bit for each field that is not a claim's alone.
const TYPE: u64 = 1;
const ID: u64 = 1 << 1;
const SAID_ON: u64 = 1 << 2;
const BY: u64 = 1 << 3;
const REASON: u64 = 1 << 4;
const GROUNDS: u64 = 1 << 5;
const RATIONALE: u64 = 1 << 6;
const CORRECTS: u64 = 1 << 7;
const RETRACTS: u64 = 1 << 8;
const DISPUTES: u64 = 1 << 9;
const CLAIM: u64 = 1 << 10;
const RATING: u64 = 1 << 11;
const LABEL: u64 = 1 << 12;
const CREDIBILITY: u64 = 1 << 13;
/// From here on the bits are those of a claim's own fields, in the order of [`Parts::claim_field`].
const OF_CLAIM: u32 = 16;

const CLAIM_FIELDS: u64 = TYPE | ID | SAID_ON | u64::MAX << OF_CLAIM;
const ACT_FIELDS: u64 = TYPE | ID | SAID_ON | BY;

/// The fields of a line, or of the claim in a correction. What all types of lines call the same is kept in the claim.
#[derive(Default)]
struct Parts<'a> {
    /// Whether they are those of a claim in a correction.
    is_within: bool,
    /// A bit for each field that was read.
    seen: u64,
    kind: Option<Word<'a>>,
    claim: ClaimDraft<'a>,
    chain: Vec<AttributionDraft<'a>>,
    said_by: Option<Word<'a>>,
    how: Option<Word<'a>>,
    target: Option<Word<'a>>,
    by: Option<Word<'a>>,
    reason: Option<Word<'a>>,
    successor: Option<NamedClaim>,
    rating: Option<Word<'a>>,
    label: Option<Word<'a>>,
    credibility: Option<u8>,
}

impl<'a> Parts<'a> {
    fn read(scan: &mut Scan<'a>, is_within: bool) -> Option<Parts<'a>> {
        let mut parts = Parts { is_within, ..Parts::default() };
        scan.object(|scan, name| {
            let field = parts.claim_field(scan, name)?;
            let is_first = parts.seen & field == 0;
            parts.seen |= field;
            is_first.then_some(())
        })?;
        Some(parts)
    }

    /// Reads a field, and says which. The words of claims come first: they are the most frequent.
    fn claim_field(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<u64> {
        let claim = &mut self.claim;
        let (place, word) = match name.as_bytes() {
            b"subject" => (0, &mut claim.subject),
            b"attribute" => (1, &mut claim.attribute),
            b"on" => (2, &mut claim.on),
            b"as_of" => (3, &mut claim.as_of),
            b"from" => (4, &mut claim.from),
            b"from_kind" => (5, &mut claim.from_kind),
            b"until" => (6, &mut claim.until),
            b"until_kind" => (7, &mut claim.until_kind),
            b"polarity" => (8, &mut claim.polarity),
            b"clock" => (9, &mut claim.clock),
            b"quote" => (10, &mut claim.quote),
            b"url" => (11, &mut claim.url),
            b"lang" => (12, &mut claim.lang),
            b"dating_note" => (13, &mut claim.dating_note),
            b"note" => (14, &mut claim.note),
            b"said_by" => (15, &mut self.said_by),
            b"how" => (16, &mut self.how),
            _ => return self.other_claim_field(scan, name),
        };
        *word = scan.word()?;
        Some(1 << (OF_CLAIM + place))
    }

    /// Reads a field that is no word of a claim.
    fn other_claim_field(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<u64> {
        let claim = &mut self.claim;
        let place = match name.as_bytes() {
            b"value" => {
                claim.value = value(scan)?;
                17
            }
            b"chain" => {
                scan.list(|scan| {
                    self.chain.push(link(scan)?);
                    Some(())
                })?;
                18
            }
            b"periods" => {
                let mut periods = Vec::new();
                scan.list(|scan| {
                    periods.push(period(scan)?);
                    Some(())
                })?;
                claim.periods = Some(periods).filter(|periods| !periods.is_empty());
                19
            }
            b"evidence" if scan.peek() == Some(b'"') => {
                claim.evidence.extend(scan.word()?);
                20
            }
            b"evidence" => {
                scan.list(|scan| {
                    claim.evidence.push(scan.string()?);
                    Some(())
                })?;
                20
            }
            b"undated" => {
                claim.is_undated = scan.flag()?;
                21
            }
            b"timeless" => {
                claim.is_timeless = scan.flag()?;
                22
            }
            b"private" => {
                claim.is_private = scan.flag()?;
                23
            }
            _ => return self.common_field(scan, name),
        };
        Some(1 << (OF_CLAIM + place))
    }

    /// Reads a field that is not a claim's alone.
    fn common_field(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<u64> {
        let (field, word) = match name.as_bytes() {
            b"type" => (TYPE, &mut self.kind),
            b"id" => (ID, &mut self.claim.id),
            b"said_on" => (SAID_ON, &mut self.claim.said_on),
            _ if self.is_within => return None,
            _ => return self.act_field(scan, name),
        };
        *word = scan.word()?;
        Some(field)
    }

    /// Reads a field that only acts have.
    fn act_field(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<u64> {
        let (field, word) = match name.as_bytes() {
            b"by" => (BY, &mut self.by),
            b"reason" => (REASON, &mut self.reason),
            b"grounds" => (GROUNDS, &mut self.reason),
            b"rationale" => (RATIONALE, &mut self.reason),
            b"corrects" => (CORRECTS, &mut self.target),
            b"retracts" => (RETRACTS, &mut self.target),
            b"disputes" => (DISPUTES, &mut self.target),
            b"claim" if scan.peek() == Some(b'{') => {
                self.successor = Some(Parts::read(scan, true)?.claim()?);
                return Some(CLAIM);
            }
            b"claim" => (CLAIM, &mut self.target),
            b"rating" => (RATING, &mut self.rating),
            b"label" => (LABEL, &mut self.label),
            b"credibility" => {
                self.credibility = Some(scan.digit().filter(|grade| (1..=6).contains(grade))?);
                return Some(CREDIBILITY);
            }
            _ => return None,
        };
        *word = scan.word()?;
        Some(field)
    }

    fn has_only(&self, fields: u64) -> Option<()> {
        (self.seen & !fields == 0).then_some(())
    }

    fn proposed(mut self) -> Option<Proposed> {
        Some(match &**self.kind.as_ref()? {
            "claim" | "periods" => Proposed::Claim(self.claim()?),
            "correction" => {
                self.has_only(ACT_FIELDS | REASON | CORRECTS | CLAIM)?;
                let claim = self.successor.take()?;
                Proposed::Correction { act: self.act("corrects", "reason")?, claim }
            }
            "retraction" => {
                self.has_only(ACT_FIELDS | REASON | RETRACTS)?;
                Proposed::Retraction(self.act("retracts", "reason")?)
            }
            "dispute" => {
                self.has_only(ACT_FIELDS | GROUNDS | DISPUTES)?;
                Proposed::Dispute(self.act("disputes", "grounds")?)
            }
            "assessment" => {
                self.has_only(ACT_FIELDS | RATIONALE | CLAIM | RATING | LABEL | CREDIBILITY)?;
                let rating = rating(&self.rating.take()?).ok()?;
                let (label, credibility) = (text("label", self.label.take()).ok()?, self.credibility);
                Proposed::Assessment { act: self.act("claim", "rationale")?, rating, label, credibility }
            }
            _ => return None,
        })
    }

    fn claim(self) -> Option<NamedClaim> {
        self.has_only(CLAIM_FIELDS)?;
        let is_list = self.claim.periods.is_some();
        if self.kind.is_some_and(|kind| kind != if is_list { "periods" } else { "claim" }) {
            return None;
        }
        let chain = match (self.chain.is_empty(), self.said_by, self.how) {
            (_, None, None) => self.chain,
            (true, Some(who), how) => vec![AttributionDraft { who, how, on: None }],
            _ => return None,
        };
        let mut found = Found::default();
        let claim = NamedClaim::check(ClaimDraft { chain, ..self.claim }, &mut found);
        found.done(claim).ok()
    }

    fn act(self, target_field: &'static str, reason_field: &'static str) -> Option<ProposedAct> {
        let said_on = self.claim.said_on.map(|said| Said::parse(&said)).transpose().ok()?;
        let target = target(target_field, self.target?).ok()??;
        let by = key("by", self.by.filter(|by| **by != *DESK)).ok()?;
        let reason = text(reason_field, self.reason).ok()??;
        Some(ProposedAct { target, by, said_on, reason, id: own_id(self.claim.id).ok()? })
    }
}

/// Reads an object of a few fields, which are given by their places among `names`, each at most once.
fn object<'a>(
    scan: &mut Scan<'a>,
    names: &[&str],
    mut field: impl FnMut(&mut Scan<'a>, usize) -> Option<()>,
) -> Option<()> {
    let mut seen = 0_u32;
    scan.object(|scan, name| {
        let place = names.iter().position(|known| *known == name)?;
        let is_first = seen & 1 << place == 0;
        seen |= 1 << place;
        is_first.then_some(())?;
        field(scan, place)
    })
}

/// A link of a chain.
fn link<'a>(scan: &mut Scan<'a>) -> Option<AttributionDraft<'a>> {
    let mut words = [None, None, None];
    object(scan, &["who", "how", "on"], |scan, place| {
        *words.get_mut(place)? = scan.word()?;
        Some(())
    })?;
    let [who, how, on] = words;
    Some(AttributionDraft { who: who?, how, on })
}

/// A period of a closed list.
fn period<'a>(scan: &mut Scan<'a>) -> Option<PeriodDraft<'a>> {
    let mut words = [None, None];
    object(scan, &["from", "until"], |scan, place| {
        *words.get_mut(place)? = scan.word()?;
        Some(())
    })?;
    let [from, until] = words;
    Some(PeriodDraft { from: from?, until: until? })
}

/// A value.
#[expect(clippy::option_option, reason = "not understood, or as good as left out")]
fn value(scan: &mut Scan<'_>) -> Option<Option<Typed>> {
    Some(match scan.peek()? {
        b'{' => Some(Typed::Plain(plain_value(scan)?)),
        b't' | b'f' => Some(Typed::Plain(Value::Bool(scan.flag()?))),
        _ => text("", scan.word()?).ok()?.map(Typed::String),
    })
}

/// A value that says itself what it is: of its forms just one.
fn plain_value(scan: &mut Scan<'_>) -> Option<Value<Box<str>>> {
    let (mut words, mut flags) = ([const { None }; 6], [false; 3]);
    let names = ["entity", "lower", "upper", "unit", "date", "url", "approx", "some", "none"];
    object(scan, &names, |scan, place| {
        match words.get_mut(place) {
            Some(word) => *word = scan.word()?,
            None => *flags.get_mut(place - 6)? = scan.flag()?,
        }
        Some(())
    })?;
    let ([entity, lower, upper, unit, date, address], [is_approx, is_some, is_none]) = (words, flags);
    let is_amount = lower.is_some() || upper.is_some() || unit.is_some() || is_approx;
    let forms = [entity.is_some(), is_amount, date.is_some(), address.is_some(), is_some, is_none];
    if forms.iter().filter(|is_given| **is_given).count() != 1 {
        return None;
    }
    let decimal = |word: Option<Word<'_>>| word.map(|word| Quantity::parse_decimal(&word)).transpose().ok();
    Some(match (entity, date, address) {
        (Some(entity), ..) => Value::Entity(key("", Some(entity)).ok()??),
        (_, Some(date), _) => Value::Date(Bound::parse(&date).ok()?),
        (.., Some(address)) => Value::Url(url("", Some(address)).ok()??),
        _ if is_amount => {
            let (lower, upper, unit) = (decimal(lower)?, decimal(upper)?, text("", unit).ok()?);
            Value::Quantity(Quantity::new(lower, upper, unit, is_approx).ok()?)
        }
        _ => {
            if is_some {
                Value::Some
            } else {
                Value::None
            }
        }
    })
}
