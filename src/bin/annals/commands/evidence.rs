//! `evidence`: captured copies, their texts, and the quotes taken from them.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use annals::claim::{Found, Problem, Reference, checked_id, checked_url};
use annals::date::Said;
use annals::event::{Event, EvidenceAdded, Proposed};
use annals::evidence::{About, CopyText, Likeness, NoText, Sought};
use annals::ledger::{CapturedCopy, Error, ErrorKind, Ledger, Policy, kept_bytes};
use annals::seq::Seq;
use serde_json::{Value, json};

use super::record::write;
use crate::apart::COPY_READER;
use crate::args::{EvidenceAddArgs, EvidenceArgs, EvidenceCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;
use crate::words::counted;

/// So many characters of a digest are shown.
const SHORT: usize = 8;

/// So many characters on each side of a quote say where it stands.
const AROUND_LEN: usize = 32;

/// `evidence`
pub(crate) fn evidence(context: &mut Context, args: EvidenceArgs) -> Result<bool, Failure> {
    match args.act {
        None => list(context),
        Some(EvidenceCommand::Add(args)) => add(context, args),
        Some(EvidenceCommand::Show { digest, text }) => show(context, &digest, text),
        Some(EvidenceCommand::Check { all }) => check(context, all),
    }
}

/// A quote, and the event that has it.
struct Quoted {
    seq: Seq,
    quote: Box<str>,
    url: Option<String>,
    /// The claim for which it stands.
    claim: Seq,
    copies: Vec<Box<str>>,
    /// Whether the copies were given with the quote, and not with the claim or another reference.
    has_own_copies: bool,
}

/// What a ledger says of captured copies.
#[derive(Default)]
struct Copies {
    /// For each digest what describes the copy, if anything does.
    known: BTreeMap<Box<str>, Option<(Seq, EvidenceAdded)>>,
    /// Quotes of what was not retracted or corrected, in order, for which there is a copy.
    quotes: Vec<Quoted>,
    /// The copies of each claim and its references.
    of_claims: BTreeMap<Seq, Vec<Box<str>>>,
    /// How many quotes there are besides: nothing was captured of their claims.
    without: u64,
}

impl Copies {
    fn of(ledger: &Ledger) -> Result<Copies, Failure> {
        let (mut copies, remarks) = (Copies::default(), ledger.remarks()?);
        let is_over = |seq: Seq| {
            let is_corrected = remarks.on(seq).iter().any(|on| matches!(on.event, Some(Event::Corrected { .. })));
            is_corrected || remarks.retraction_of(seq).is_some()
        };
        ledger.events(|stored| {
            let seq = stored.recorded.seq;
            let Some(event) = stored.recorded.event else { return ControlFlow::Continue(()) };
            for digest in event.copies() {
                copies.known.entry(digest.into()).or_default();
            }
            match event {
                Event::EvidenceAdded(added) => {
                    let known = copies.known.entry(added.digest.clone()).or_default();
                    known.get_or_insert((seq, added));
                }
                Event::ClaimAsserted(claim) if !is_over(seq) => {
                    let Reference { quote, evidence, url, .. } = claim.reference;
                    copies.note(seq, (seq, quote, url), evidence);
                }
                Event::ReferenceAdded(added) if !is_over(seq) && !is_over(added.claim) => {
                    copies.note(added.claim, (seq, added.quote, added.url), added.evidence);
                }
                _ => {}
            }
            ControlFlow::Continue(())
        })?;
        copies.share();
        Ok(copies)
    }

    fn note(
        &mut self,
        claim: Seq,
        (seq, quote, url): (Seq, Option<Box<str>>, Option<Box<str>>),
        copies: Vec<Box<str>>,
    ) {
        self.of_claims.entry(claim).or_default().extend(copies.iter().cloned());
        if let Some(quote) = quote {
            let (url, has_own_copies) = (url.map(String::from), !copies.is_empty());
            self.quotes.push(Quoted { seq, quote, url, claim, copies, has_own_copies });
        }
    }

    /// Gives quotes without copies of their own those of their claims.
    fn share(&mut self) {
        for quoted in self.quotes.iter_mut().filter(|quoted| !quoted.has_own_copies) {
            quoted.copies = self.of_claims.get(&quoted.claim).cloned().unwrap_or_default();
        }
        let count = self.quotes.len();
        self.quotes.retain(|quoted| !quoted.copies.is_empty());
        self.without = (count - self.quotes.len()) as u64;
    }

    /// The one digest that begins so.
    fn find(&self, start: &str) -> Result<&str, Failure> {
        let small = start.to_ascii_lowercase();
        let mut all = self.known.keys().filter(|digest| digest.starts_with(&small));
        let why = match (all.next(), all.next()) {
            (Some(only), None) => return Ok(only),
            (Some(_), Some(_)) => format!("several captured copies begin with {start:?}; write more of the digest"),
            _ => format!("no captured copy begins with {start:?}"),
        };
        Err(Error::new(ErrorKind::NotFound, why).with_hint("`annals evidence` lists them").into())
    }
}

fn add(context: &mut Context, args: EvidenceAddArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let mut url = |name, given: Option<String>| {
        wrong.note(given.map(|given| checked_url(name, given)).transpose()).unwrap_or_default()
    };
    let (url, archive_url) = (url("url", args.url), url("archive_url", args.archive_url));
    let id = wrong.note(args.id.map(checked_id).transpose()).unwrap_or_default();
    if let Some(text) = &args.captured_at {
        wrong.note(Said::parse(text).map_err(|error| Problem::new("captured_at", error)));
    }
    if args.files.len() > 1 && (url.is_some() || archive_url.is_some() || id.is_some()) {
        wrong.tell(Problem::new("url", "--url, --archive-url and --id are of one file, and several are given"));
    }
    wrong.done(Some(()))?;
    let copies = args.files.iter().map(|file| CapturedCopy::read(file)).collect::<Result<Vec<_>, _>>()?;
    let proposed = copies.iter().map(|copy| {
        Proposed::Evidence(EvidenceAdded {
            url: url.clone(),
            archive_url: archive_url.clone(),
            captured_at: args.captured_at.as_deref().map(Into::into),
            id: id.clone(),
            is_private: args.private,
            ..copy.evidence.clone()
        })
    });
    let proposed = proposed.collect();
    write::record_keeping(context, copies, proposed, Policy::default())?;
    Ok(true)
}

fn short(digest: &str) -> &str {
    digest.get(..SHORT).unwrap_or(digest)
}

fn list(context: &mut Context) -> Result<bool, Failure> {
    let ledger = context.open_all()?;
    let copies = Copies::of(&ledger)?;
    for (digest, known) in &copies.known {
        let quotes = copies.quotes.iter().filter(|quoted| quoted.copies.contains(digest)).count() as u64;
        let described = known.as_ref().map(|(_, added)| added);
        let kept = kept_bytes(&context.dir, digest);
        if context.is_json {
            let is_kept = (matches!(kept, Ok(Some(_))), kept.is_err());
            context.screen.json(&object(described_json(digest, known.as_ref(), quotes, is_kept)))?;
            continue;
        }
        let what = described.and_then(|added| added.media_type.as_deref()).unwrap_or("");
        let from = described.and_then(|added| added.url.as_deref()).unwrap_or("");
        let is_here = match kept {
            Ok(Some(_)) => "",
            Ok(None) => "  not kept here",
            Err(_) => "  ALTERED",
        };
        let quotes = counted(quotes, "quote");
        context.screen.line(&format!("{}…  {what:<16} {quotes:>9}  {from}{is_here}", short(digest)))?;
    }
    if copies.known.is_empty() && !context.is_json {
        context.screen.line("no captured copies; `annals evidence add FILE` keeps one")?;
    }
    Ok(true)
}

fn described_json(
    digest: &str,
    known: Option<&(Seq, EvidenceAdded)>,
    quotes: u64,
    (is_kept, is_altered): (bool, bool),
) -> Value {
    let added = known.map(|(_, added)| added);
    json!({
        "type": "copy",
        "digest": digest,
        "seq": known.map(|(seq, _)| seq.0),
        "media_type": added.and_then(|added| added.media_type.as_deref()),
        "len_bytes": added.map(|added| added.len_bytes),
        "url": added.and_then(|added| added.url.as_deref()),
        "archive_url": added.and_then(|added| added.archive_url.as_deref()),
        "captured_at": added.and_then(|added| added.captured_at.as_deref()),
        "private": added.is_some_and(|added| added.is_private),
        "quotes": quotes,
        "kept": is_kept,
        "altered": is_altered,
    })
}

/// The text of a copy that is kept here; `None` if it is not.
fn text_of(
    context: &Context,
    digest: &str,
    url: Option<&str>,
    known: Option<&(Seq, EvidenceAdded)>,
) -> Result<Option<Result<CopyText, NoText>>, Error> {
    let added = known.map(|(_, added)| added);
    let url = url.or(added.and_then(|added| added.url.as_deref())).map(str::to_owned);
    let media_type = added.and_then(|added| added.media_type.as_deref()).map(str::to_owned);
    let bytes = kept_bytes(&context.dir, digest)?;
    Ok(bytes.map(|bytes| (COPY_READER.0)(&bytes, &About { media_type, url })))
}

fn show(context: &mut Context, start: &str, is_text: bool) -> Result<bool, Failure> {
    let ledger = context.open_all()?;
    let copies = Copies::of(&ledger)?;
    let digest = copies.find(start)?;
    let known = copies.known.get(digest).and_then(Option::as_ref);
    let text = text_of(context, digest, None, known)?;
    if is_text {
        return match text {
            Some(Ok(text)) => {
                for line in text.shown.lines() {
                    context.screen.verbatim(line)?;
                }
                Ok(true)
            }
            Some(Err(why)) => Err(Error::new(ErrorKind::NotFound, format!("the copy has no text: {why}")).into()),
            None => Err(Error::new(ErrorKind::NotFound, "the copy is not kept here").into()),
        };
    }
    let quotes: Vec<&Quoted> =
        copies.quotes.iter().filter(|quoted| quoted.copies.iter().any(|copy| **copy == *digest)).collect();
    let (extractor, why, guess) = match &text {
        Some(Ok(text)) => (Some(&*text.extractor), None, text.guess.as_deref()),
        Some(Err(NoText(why))) => (None, Some(&**why), None),
        None => (None, Some("the copy is not kept here"), None),
    };
    if context.is_json {
        let mut line = object(described_json(digest, known, quotes.len() as u64, (text.is_some(), false)));
        line.insert("extractor".into(), extractor.into());
        line.insert("no_text".into(), why.into());
        line.insert("guess".into(), guess.into());
        line.insert("quoted_in".into(), quotes.iter().map(|quoted| quoted.seq.0).collect::<Vec<_>>().into());
        context.screen.json(&line)?;
        return Ok(true);
    }
    context.screen.heading(digest, "")?;
    let mut line = |name: &str, value: Option<&str>| {
        value.map_or(Ok(()), |value| context.screen.line(&format!("  {name:<14} {value}")))
    };
    if let Some((seq, added)) = known {
        line("recorded as", Some(&seq.to_string()))?;
        line("media type", added.media_type.as_deref())?;
        line("length", Some(&counted(added.len_bytes, "byte")))?;
        line("url", added.url.as_deref())?;
        line("archived at", added.archive_url.as_deref())?;
        line("captured at", added.captured_at.as_deref())?;
        line("private", Some("yes").filter(|_| added.is_private))?;
    }
    line("text read by", extractor)?;
    line("no text", why)?;
    line("guessed", guess)?;
    for quoted in quotes {
        let sought = text.as_ref().filter(|text| text.is_ok()).map(|text| Sought::of(text, &quoted.quote));
        let told = sought.map_or_else(String::new, |sought| format!("  {}", told(&sought)));
        context.screen.line(&format!("  {}  “{}”{told}", quoted.seq, quoted.quote))?;
    }
    Ok(true)
}

/// A result in words.
fn told(sought: &Sought) -> String {
    match sought {
        Sought::Occurs { likeness, places } => {
            let places = Some(places.len()).filter(|count| *count > 1).map(|count| format!(", in {count} places"));
            format!("{}{}", likeness.words(), places.unwrap_or_default())
        }
        Sought::Hidden => "only in what the page does not show".to_owned(),
        Sought::OtherCapitals(passage) => format!("WITH OTHER CAPITALS: {passage:?}"),
        Sought::Absent(Some(nearest)) => format!("DOES NOT OCCUR; the nearest passage is {nearest:?}"),
        Sought::Absent(None) => "DOES NOT OCCUR".to_owned(),
        Sought::NotCheckable(why) => format!("not checked: {why}"),
    }
}

/// The best result of a quote in any of its copies, with the copy and its text.
fn best<'c>(context: &Context, copies: &'c Copies, quoted: &'c Quoted) -> (Sought, Option<&'c str>, Option<CopyText>) {
    let mut best: Option<(Sought, Option<&str>, Option<CopyText>)> = None;
    for digest in &quoted.copies {
        let known = copies.known.get(digest).and_then(Option::as_ref);
        let read = match text_of(context, digest, quoted.url.as_deref(), known) {
            Ok(Some(read)) => read,
            Ok(None) => continue,
            Err(error) => Err(NoText(error.to_string().into())),
        };
        let found = (Sought::of(&read, &quoted.quote), Some(&**digest), read.ok());
        if best.as_ref().is_none_or(|(known, ..)| found.0.rank() < known.rank()) {
            best = Some(found);
        }
    }
    let nowhere = || (Sought::NotCheckable("none of the captured copies is kept here".into()), None, None);
    match best.unwrap_or_else(nowhere) {
        // It may be of another page that nobody captured.
        (sought, ..) if !quoted.has_own_copies && !sought.passes() => {
            let why = "no captured copy was given with it, and it does not occur in those of its claim";
            (Sought::NotCheckable(why.into()), None, None)
        }
        found => found,
    }
}

fn check(context: &mut Context, is_all: bool) -> Result<bool, Failure> {
    let ledger = context.open_all()?;
    let copies = Copies::of(&ledger)?;
    let (mut passed, mut refused, mut unchecked) = (0_u64, 0_u64, 0_u64);
    for quoted in &copies.quotes {
        let (sought, digest, text) = best(context, &copies, quoted);
        let count = match &sought {
            Sought::NotCheckable(_) => &mut unchecked,
            sought if sought.passes() => &mut passed,
            _ => &mut refused,
        };
        *count += 1;
        if context.is_json {
            context.screen.json(&object(checked_json(quoted, &sought, digest, text.as_ref())))?;
        } else if is_all || !matches!(sought, Sought::Occurs { .. }) {
            let copy = digest.map_or_else(String::new, |digest| format!("  in {}…", short(digest)));
            context.screen.line(&format!("{}  “{}”{copy}  {}", quoted.seq, quoted.quote, told(&sought)))?;
        }
    }
    if !context.is_json {
        let all = counted(copies.quotes.len() as u64, "quote");
        context.screen.line(&format!(
            "{all} of captured copies: {passed} occur, {refused} do not, {unchecked} could not be checked"
        ))?;
        if copies.without > 0 {
            let without = counted(copies.without, "quote");
            context.screen.line(&format!("{without} more, of whose claims nothing was captured"))?;
        }
    }
    Ok(refused == 0)
}

fn checked_json(quoted: &Quoted, sought: &Sought, digest: Option<&str>, text: Option<&CopyText>) -> Value {
    let places = match (sought, text) {
        (Sought::Occurs { places, .. }, Some(text)) => places.iter().map(|place| selectors(text, place)).collect(),
        _ => Vec::new(),
    };
    let (passage, why) = match sought {
        Sought::OtherCapitals(passage) | Sought::Absent(Some(passage)) => (Some(&**passage), None),
        Sought::NotCheckable(why) => (None, Some(&**why)),
        _ => (None, None),
    };
    json!({
        "type": "quote",
        "seq": quoted.seq.0,
        "quote": quoted.quote,
        "digest": digest,
        "result": sought.word(),
        "verbatim": matches!(sought, Sought::Occurs { likeness: Likeness::Verbatim, .. }),
        "nearest": passage,
        "not_checked": why,
        "extractor": text.map(|text| &*text.extractor),
        "guess": text.and_then(|text| text.guess.as_deref()),
        "places": places,
    })
}

/// Where the parts of a quote stand: selectors of the Web Annotation Data Model, positions in code points of the text.
fn selectors(text: &CopyText, parts: &[Range<usize>]) -> Value {
    let shown = &text.shown;
    let points = |byte: usize| shown.get(..byte).map(|before| before.chars().count());
    let part = |Range { start, end }: &Range<usize>| {
        let before = shown.get(..*start).unwrap_or_default();
        let prefix = before.char_indices().rev().nth(AROUND_LEN - 1).map_or(0, |(at, _)| at);
        let suffix: String = shown.get(*end..).unwrap_or_default().chars().take(AROUND_LEN).collect();
        json!({
            "quote": {
                "type": "TextQuoteSelector",
                "exact": shown.get(*start..*end),
                "prefix": before.get(prefix..),
                "suffix": suffix,
            },
            "position": { "type": "TextPositionSelector", "start": points(*start), "end": points(*end) },
            "page": text.page_of(*start),
        })
    };
    parts.iter().map(part).collect()
}
