//! What the flags of a claim give, put into its draft. What they leave out stays as it was.

use std::borrow::Cow;
use std::path::Path;

use annals::catalogue::Catalogue;
use annals::claim::{AttributionDraft, ClaimDraft, Found, PeriodDraft, Problem};
use annals::event::{EvidenceAdded, Proposed};
use annals::evidence::{Likeness, Sought};
use annals::ledger::{CapturedCopy, Error, quote_problem, seek_quote};

use crate::apart;
use crate::args::ClaimArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::screen::say;
use crate::taken::{Sort, edtf, edtf_given};

type Owned = Option<Cow<'static, str>>;

/// A claim as far as it is given: of `correct`, the one that is corrected.
#[derive(Default)]
pub(super) struct Given {
    pub(super) draft: ClaimDraft<'static>,
}

/// What is given in place of what was there; an empty text takes it away.
fn put(into: &mut Owned, given: Option<String>) {
    if let Some(given) = given {
        *into = Some(given).filter(|given| !given.is_empty()).map(Cow::Owned);
    }
}

impl Given {
    /// Puts what the flags give in place of what was there.
    ///
    /// # Errors
    /// If a source cannot be told from another of its name. What is wrong with a field is noted.
    pub(super) fn fill(&mut self, catalogue: &Catalogue, args: ClaimArgs, wrong: &mut Found) -> Result<(), Failure> {
        let mut args = args;
        self.fill_chain(catalogue, &mut args, wrong)?;
        let draft = &mut self.draft;
        if let Some(deny) = args.deny {
            draft.polarity = Some(Cow::Borrowed(if deny { "deny" } else { "affirm" }));
        }
        put(&mut draft.said_on, wrong.note(edtf_given("said_on", args.said_on.take())).flatten());
        put(&mut draft.quote, args.quote.take());
        put(&mut draft.url, args.url.take());
        let lang = args.lang.take().map(|lang| if lang.is_empty() { Ok(lang) } else { checked_lang(lang) });
        put(&mut draft.lang, wrong.note(lang.transpose()).flatten());
        put(&mut draft.dating_note, args.dating_note.take());
        put(&mut draft.note, args.note.take());
        draft.id = args.id.take().map(Cow::Owned);
        draft.is_private |= args.private;
        self.fill_time(args, wrong);
        Ok(())
    }

    /// The form of time that is given, or one edge of a period that has another.
    fn fill_time(&mut self, args: ClaimArgs, wrong: &mut Found) {
        let draft = &mut self.draft;
        let is_other_form =
            args.on.is_some() || args.as_of.is_some() || !args.period.is_empty() || args.undated || args.timeless;
        let is_period = draft.from.is_some() || draft.until.is_some();
        let gives_edge = args.from.is_some() || args.until.is_some();
        if draft.periods.is_some() && gives_edge && !is_other_form {
            wrong.tell(
                Problem::new("from", "cannot stand beside a closed list of periods")
                    .with_hint("give all its periods again with --period, or another form of time"),
            );
        }
        if is_other_form || gives_edge && !is_period {
            (draft.on, draft.as_of, draft.from, draft.until) = (None, None, None, None);
            (draft.from_kind, draft.until_kind, draft.periods) = (None, None, None);
            (draft.is_undated, draft.is_timeless) = (args.undated, args.timeless);
        }
        if args.undated || args.timeless || !args.period.is_empty() {
            draft.clock = None;
        }
        put(&mut draft.on, wrong.note(edtf_given("on", args.on)).flatten());
        put(&mut draft.as_of, wrong.note(edtf_given("as_of", args.as_of)).flatten());
        put(&mut draft.from, wrong.note(edtf_given("from", args.from)).flatten());
        put(&mut draft.until, wrong.note(edtf_given("until", args.until)).flatten());
        if let periods @ Some(_) = wrong.note(periods(args.period)).flatten() {
            draft.periods = periods;
        }
        let kind = |is_observed: bool| Some(Cow::Borrowed(if is_observed { "observed" } else { "transition" }));
        if let Some(is_observed) = args.from_observed {
            draft.from_kind = kind(is_observed);
        }
        if let Some(is_observed) = args.until_observed {
            draft.until_kind = kind(is_observed);
        }
        // An edge that was taken away takes its kind along.
        if draft.from.is_none() && args.from_observed.is_none() {
            draft.from_kind = None;
        }
        if draft.until.is_none() && args.until_observed.is_none() {
            draft.until_kind = None;
        }
        put(&mut draft.clock, args.clock);
    }

    /// The chain: its origin, what the origin did, and those through whom it came, each by itself.
    fn fill_chain(&mut self, catalogue: &Catalogue, args: &mut ClaimArgs, wrong: &mut Found) -> Result<(), Failure> {
        let chain = &mut self.draft.chain;
        if let Some(said_by) = args.said_by.take() {
            let who = Cow::Owned(Sort::Source.key(catalogue, &said_by)?.into_owned());
            match chain.first_mut() {
                Some(origin) => origin.who = who,
                None => chain.push(AttributionDraft { who, how: None, on: None }),
            }
        }
        match chain.first_mut() {
            Some(origin) => put(&mut origin.how, args.how.take()),
            None if args.how.is_some() || !args.via.is_empty() => {
                let hint = "--how and --via tell how it came from the source that --said-by names";
                wrong.tell(Problem::new("said_by", "is missing").with_hint(hint));
            }
            None => {}
        }
        if !args.via.is_empty() {
            chain.truncate(1);
            for text in &args.via {
                chain.push(via(catalogue, text, wrong)?);
            }
        }
        Ok(())
    }
}

/// `es`, `pt-BR`: a language, and parts that narrow it.
fn checked_lang(lang: String) -> Result<String, Problem> {
    let mut parts = lang.split('-');
    let is_language = parts
        .next()
        .is_some_and(|first| matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_language && parts.all(is_part) {
        return Ok(lang);
    }
    Err(Problem::new("lang", format!("{lang:?} is not a language tag")).with_hint("write es, en or pt-BR"))
}

fn periods(typed: Vec<String>) -> Result<Option<Vec<PeriodDraft<'static>>>, Problem> {
    if typed.is_empty() {
        return Ok(None);
    }
    let of_text = |text: String| {
        let taken = edtf("period", &text)?;
        let (from, until) = taken.split_once('/').ok_or_else(|| {
            Problem::new("period", format!("{text:?} has no start and end")).with_hint("write 2024-07-31/2024-09-01")
        })?;
        Ok(PeriodDraft { from: Cow::Owned(from.to_owned()), until: Cow::Owned(until.to_owned()) })
    };
    typed.into_iter().map(of_text).collect::<Result<_, _>>().map(Some)
}

/// `SOURCE[:HOW[:DATE]]`; what passes a claim on relays it, unless said otherwise.
fn via(catalogue: &Catalogue, text: &str, wrong: &mut Found) -> Result<AttributionDraft<'static>, Failure> {
    let mut parts = text.splitn(3, ':').map(str::to_owned);
    let who = parts.next().unwrap_or_default();
    let who = Sort::Source.key(catalogue, &who)?.into_owned();
    let how = parts.next().unwrap_or_else(|| "relayed".to_owned());
    let on = wrong.note(edtf_given("via", parts.next())).flatten();
    Ok(AttributionDraft { who: who.into(), how: Some(how.into()), on: on.map(Cow::Owned) })
}

/// Hexadecimal digits, maybe behind the name of how they were made, as in `sha256:…`.
fn is_digest(text: &str) -> bool {
    let digits = text.rsplit_once(':').map_or(text, |(_, digits)| digits);
    digits.len() >= 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Captured copies that are given for a claim.
#[derive(Default)]
pub(super) struct GivenCopies {
    /// All of them, by digest.
    pub(super) digests: Vec<Cow<'static, str>>,
    /// Those that are files, for a writer to keep.
    pub(super) files: Vec<CapturedCopy>,
}

impl GivenCopies {
    pub(super) fn read(given: &[String]) -> Result<GivenCopies, Failure> {
        let mut copies = GivenCopies::default();
        for given in given {
            let path = Path::new(given);
            if path.is_file() {
                let copy = CapturedCopy::read(path)?;
                copies.digests.push(copy.evidence.digest.to_string().into());
                copies.files.push(copy);
            } else if is_digest(given) {
                copies.digests.push(given.clone().into());
            } else {
                let problem = Problem::new("evidence", format!("{given:?} is no file, and no digest of one"));
                return Err(problem.with_hint("give a file that is there, or 64 hexadecimal digits (BLAKE3)").into());
            }
        }
        Ok(copies)
    }

    /// What records the files, as private as what refers to them.
    pub(super) fn proposed(&self, is_private: bool) -> Vec<Proposed> {
        let evidence = |copy: &CapturedCopy| EvidenceAdded { is_private, ..copy.evidence.clone() };
        self.files.iter().map(|copy| Proposed::Evidence(evidence(copy))).collect()
    }
}

/// Fails if a quote does not occur in what is kept of these copies; says so if it cannot be looked for.
pub(super) fn check_quote(
    context: &Context,
    (quote, url): (&str, Option<&str>),
    copies: &GivenCopies,
) -> Result<(), Failure> {
    let GivenCopies { digests, files } = copies;
    let sought = seek_quote(&context.dir, (digests, files), (quote, url), apart::COPY_READER)?;
    if let Some(problem) = sought.as_ref().and_then(|sought| quote_problem(sought, quote)) {
        return Err(Error::from(problem).into());
    }
    match sought {
        Some(Sought::Hidden) => {
            say(
                "warning: the quote stands only in what the captured copy does not show, as the description of a picture",
            );
        }
        Some(Sought::Occurs { likeness: Likeness::WordBreaks, .. }) => {
            say(
                "note: the quote occurs in the captured copy, same but for word breaks; see whether the words are the same",
            );
        }
        Some(Sought::NotCheckable(why)) => say(&format!("note: the quote was not checked: {why}")),
        None if !digests.is_empty() => say("note: the quote was not checked: none of the captured copies is kept here"),
        _ => {}
    }
    Ok(())
}

/// Puts copies that are given as evidence into a draft, and checks that the quote occurs in them.
pub(super) fn with_evidence(
    context: &Context,
    draft: &mut ClaimDraft<'static>,
    given: &[String],
    is_unverified: bool,
) -> Result<GivenCopies, Failure> {
    let copies = GivenCopies::read(given)?;
    if !given.is_empty() {
        draft.evidence.clone_from(&copies.digests);
    }
    if let Some(quote) = draft.quote.as_deref().filter(|_| !is_unverified) {
        let all = GivenCopies { digests: draft.evidence.clone(), files: copies.files.clone() };
        check_quote(context, (quote, draft.url.as_deref()), &all)?;
    }
    Ok(copies)
}
