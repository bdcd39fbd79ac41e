//! `verify`.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use annals::chain::{Head, NotAHead};
use annals::keys::Ring;
use annals::ledger::{
    CacheCompared, Expected, VerifyOptions, VerifyReport, altered_copies, origin_of, read_given_text, verify_telling,
};
use annals::note::{Checkpoint, NOTE_LEN_MAX, ProvenHead, PublicKey, SignedNote};
use annals::seq::Seq;
use annals::verify::Code;
use indicatif::ProgressBar;
use serde_json::json;

use crate::args::VerifyArgs;
use crate::cached;
use crate::commands::policy::{self, public_key};
use crate::commands::record::import::{advance, progress};
use crate::commands::share;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json;
use crate::screen::say;
use crate::synced;
use crate::words::counted;

/// `verify`
pub(crate) fn verify(context: &mut Context, args: &VerifyArgs) -> Result<bool, Failure> {
    if let Some(url) = &args.url {
        return share::follow(context, args, url);
    }
    let threads = args.threads.or(std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let expected = match &args.against {
        Some(path) => match against(context, path, args.policy.as_deref())? {
            Ok(expected) => Some(expected),
            Err(why) => return not_signed(context, path, &why),
        },
        None => args.expect.as_deref().map(|text| kept("--expect", text)).transpose()?,
    };
    let from = args.since.as_deref().map(|text| kept("--since", text)).transpose()?;
    require_one_ledger(context, args, expected.as_ref().or(from.as_ref()))?;
    // A checkpoint names a root, which only all events together have: then everything is read.
    let since = from.as_ref().and_then(Expected::head);
    let expected = expected.or(from.filter(|_| since.is_none()));
    let cache = cached::kept(&context.dir, context.cache.as_deref());
    let options = VerifyOptions { threads, expected, since, cache };
    let bar = progress(Some(0), "bytes");
    let teller = Teller::new(&bar);
    let done = |done, of| {
        bar.set_length(of);
        advance(&bar, done);
    };
    synced::warn_of_place(&context.dir);
    synced::warn_of_strange_files(&context.dir);
    let report = verify_telling(&context.dir, &options, &done, &|head| teller.tell(head));
    bar.finish_and_clear();
    let report = report?;
    for finding in &report.findings {
        if context.is_json {
            context.screen.json(&json::finding(finding))?;
        } else {
            context.screen.heading("DAMAGED", &format!("  {finding}"))?;
        }
    }
    let altered = altered_copies(&context.dir)?;
    for path in &altered {
        if context.is_json {
            context.screen.json(&json::object(json!({"type": "altered-copy", "path": path.display().to_string()})))?;
        } else {
            let told = format!("  the captured copy {} is not what its digest says", path.display());
            context.screen.heading("DAMAGED", &told)?;
        }
    }
    let cache = &report.cache;
    let lost = cached::lost(&context.dir, context.cache.as_deref());
    if context.is_json {
        let mut line = verified_line(options.since, &report);
        line.insert("lost".into(), lost.map(|head| head.to_string()).into());
        line.insert("cache".into(), cache.as_ref().map(cache_json).into());
        context.screen.json(&line)?;
    } else {
        tell(context, args, &report)?;
        tell_missing_copies(context, &report)?;
        tell_cache(context, cache.as_ref())?;
        tell_lost(context, lost)?;
    }
    let is_cache_true = cache.as_ref().is_none_or(|compared| compared.differing.is_empty());
    Ok(report.findings.is_empty() && altered.is_empty() && is_cache_true && lost.is_none())
}

/// Says every ten seconds how far everything holds, so that what is interrupted can go on there.
struct Teller<'a> {
    bar: &'a ProgressBar,
    told: Mutex<Instant>,
}

impl Teller<'_> {
    fn new(bar: &ProgressBar) -> Teller<'_> {
        Teller { bar, told: Mutex::new(Instant::now()) }
    }

    fn tell(&self, head: Head) {
        let Ok(mut told) = self.told.lock() else { return };
        if told.elapsed() > Duration::from_secs(10) {
            *told = Instant::now();
            self.bar.suspend(|| say(&format!("note: all holds so far; to go on from here: verify --since {head}")));
        }
    }
}

fn verified_line(since: Option<Head>, report: &VerifyReport) -> serde_json::Map<String, serde_json::Value> {
    json::object(json!({
        "type": "verified",
        "size": report.head.size,
        "head": report.head.tip.to_string(),
        "root": report.head.root_text(),
        "findings": report.findings.len() as u64 + report.findings_left_off,
        "erased": report.erased,
        "missing_copies": report.missing_copies.len(),
        "later_kinds": report.later_kinds,
        "unfinished_bytes": report.unfinished_bytes,
        "unfinished_segments": report.unfinished_segments,
        "since": since.map(|head| head.size),
        "holds_up_to": report.verified.map(|head| head.to_string()),
        "roots_compared": report.roots_compared,
        "signed": report.sealed.as_ref().map(|sealed| sealed.ring.is_signed()),
        "unchecked_signatures": report.sealed.as_ref().map(|sealed| sealed.unchecked),
        "unsigned_seals": report.sealed.as_ref().map(|sealed| sealed.unsigned),
        "sealed_by": sealed_by(report),
    }))
}

fn tell(context: &mut Context, args: &VerifyArgs, report: &VerifyReport) -> Result<(), Failure> {
    if let Some(unfinished) = report.unfinished() {
        context.screen.line(&format!("{unfinished}; the next write or `annals repair` moves it aside"))?;
    }
    if !report.findings.is_empty() {
        let count = report.findings.len() as u64 + report.findings_left_off;
        context.screen.line(&format!("{}: this ledger was altered or damaged", counted(count, "finding")))?;
        if let Some(head) = report.verified {
            let is_whole = report.findings.iter().all(|finding| finding.code == Code::ExpectedHead);
            let but = if is_whole { ": only the expected head is not in it" } else { "" };
            context.screen.line(&format!("everything up to {head} holds{but}"))?;
        }
        return tell_unchecked(context, report);
    }
    context.screen.line(&format!("{} events, every hash holds: nothing inside was changed", report.head.size))?;
    context.screen.line(&format!("head {}:{}", report.head.size, report.head.tip))?;
    if report.later_kinds > 0 {
        let events = counted(report.later_kinds, "event");
        context.screen.line(&format!("{events} of kinds that a later annals added: hashed, and not read"))?;
    }
    tell_sealed(context, report)?;
    let is_against = args.against.is_some();
    context.screen.line(match (&args.since, &args.expect) {
        _ if is_against => "the signed head is in it: nothing was cut or rewritten up to there",
        (Some(_), _) if report.roots_compared => "the head that was kept is in it, and all was read",
        (Some(_), _) => "the head that was kept is in it; what stands in segments before it was not read again",
        (None, Some(_)) => "the expected head is in it: nothing was cut or rewritten up to there",
        (None, None) => "a cut at the end or a whole rewrite shows only against a head kept elsewhere: verify --expect",
    })?;
    Ok(())
}

fn cache_json(compared: &CacheCompared) -> serde_json::Value {
    let differing: Vec<_> = compared.differing.iter().map(|(first, last)| [first.0, last.0]).collect();
    json!({ "events": compared.events, "differing": differing })
}

fn tell_cache(context: &mut Context, compared: Option<&CacheCompared>) -> Result<(), Failure> {
    let Some(compared) = compared else { return Ok(()) };
    if compared.differing.is_empty() {
        let events = counted(compared.events, "event");
        return Ok(context.screen.line(&format!("your cache says of {events} what the log says"))?);
    }
    for (first, last) in &compared.differing {
        let told = format!("  your cache said of {first} to {last} something else than the log, and was removed");
        context.screen.heading("FORGED OR DAMAGED", &told)?;
    }
    Ok(context.screen.line(
        "what you asked since it was made may have been answered falsely; ask again, and look who can write as you",
    )?)
}

/// The newest head that this user saw is a head that was kept elsewhere.
fn tell_lost(context: &mut Context, lost: Option<Head>) -> Result<(), Failure> {
    let Some(head) = lost else { return Ok(()) };
    let told = format!(
        "  the head {head} that you saw is not in this ledger: it was cut, written anew, or is an older copy, or another ledger lies in its place"
    );
    context.screen.heading("SET BACK", &told)?;
    Ok(context.screen.line("bring back the newer ledger; `annals cache clear` accepts this one as it is")?)
}

/// A copy may be away rightly: an import need not bring it along, and an erasure takes it.
fn tell_missing_copies(context: &mut Context, report: &VerifyReport) -> Result<(), Failure> {
    let (count, are) = match report.missing_copies.len() as u64 {
        0 => return Ok(()),
        1 => ("1 captured copy".to_owned(), "is"),
        count => (counted(count, "captured copy"), "are"),
    };
    let told = format!("{count} that events refer to {are} not kept here: taken away, erased, or never brought along");
    Ok(context.screen.line(&format!("{told}; `annals export --evidence DIR` names each"))?)
}

/// Who sealed how many commits.
fn sealed_by(report: &VerifyReport) -> Vec<serde_json::Value> {
    let sealed = report.sealed.iter().flat_map(|sealed| sealed.by_key.iter().map(move |by| (&sealed.ring, by)));
    let line = |(ring, (seq, seals)): (&Ring, (&Seq, &u64))| {
        let key = &ring.key(*seq)?.key;
        let (name, public_key, second) = (key.name(), key.to_string(), key.is_second());
        Some(json!({ "key": seq.0, "name": name, "public_key": public_key, "seals": seals, "second": second }))
    };
    sealed.filter_map(line).collect()
}

fn tell_sealed(context: &mut Context, report: &VerifyReport) -> Result<(), Failure> {
    let Some(sealed) = &report.sealed else {
        return Ok(context.screen.line("signatures were not checked: the keys stand in what was not read")?);
    };
    if !sealed.ring.is_signed() {
        return Ok(context.screen.line("not signed: no key was ever authorised, so it does not say who wrote it")?);
    }
    for (seq, seals) in &sealed.by_key {
        let Some(key) = sealed.ring.key(*seq) else { continue };
        let how = if key.key.is_second() { "signed a second time" } else { "sealed" };
        let key = policy::key_text(&key.key);
        context.screen.line(&format!("{} {how} by {key} ({seq})", counted(*seals, "commit")))?;
    }
    tell_unchecked(context, report)?;
    if sealed.unsigned > 0 {
        context.screen.line(&format!("{} before the first key, by nobody", counted(sealed.unsigned, "commit")))?;
    }
    Ok(())
}

/// What nobody here can check is said, whatever else was found.
fn tell_unchecked(context: &mut Context, report: &VerifyReport) -> Result<(), Failure> {
    let unchecked = report.sealed.as_ref().map_or(0, |sealed| sealed.unchecked);
    if unchecked == 0 {
        return Ok(());
    }
    let signatures = counted(unchecked, "signature");
    Ok(context.screen.line(&format!("{signatures} of algorithms that are not known here: counted, and not checked"))?)
}

/// The head in a note that the key named on the command line signed and a policy accepts, or why it is none.
fn against(context: &mut Context, path: &Path, policy: Option<&Path>) -> Result<Result<Expected, String>, Failure> {
    let policy = policy.map(policy::read).transpose()?;
    let key = match &policy {
        Some(policy) if policy.names_logs() => None,
        _ => Some(log_key(context)?),
    };
    let note = read_given_text(path, NOTE_LEN_MAX)?;
    let Some(note) = SignedNote::parse(&note) else {
        let message = format!("{} holds no signed head", path.display());
        return Err(Failure::usage(message, "give a file with what `annals head` printed of a signed ledger"));
    };
    let judged = match policy.as_ref().map(|policy| policy.judge(&note)?.reached()).transpose() {
        Ok(judged) => judged,
        Err(why) => return Ok(Err(format!("holds no head that the policy accepts: {why}"))),
    };
    let signer = key.as_ref().or(judged.as_ref().and_then(|judged| judged.log));
    let expected = signer.and_then(|key| Expected::signed(&note, key));
    let Some(expected) = expected else {
        let head = Checkpoint::parse(note.text()).map(|checkpoint| ProvenHead { checkpoint, note: Some(note) });
        let renamed = head.zip(key).and_then(|(head, key)| head.signed_under_its_name(&key));
        let renamed = renamed.map_or_else(String::new, |renamed| format!("; {renamed}"));
        return Ok(Err(format!("holds no head that {} signed{renamed}", context.key.as_deref().unwrap_or_default())));
    };
    if let Some(judged) = judged {
        if context.is_json {
            context.screen.json(&json::object(json!({
                "type": "against", "file": path.display().to_string(), "key": signer.map(PublicKey::to_string),
                "signed": true, "policy": policy::json(&judged),
            })))?;
        } else {
            policy::tell(context, &judged, true)?;
        }
    }
    Ok(Ok(expected))
}

/// The key with which heads are checked.
fn log_key(context: &Context) -> Result<PublicKey, Failure> {
    let hint = "give the public key as `annals key list` shows it for heads: ORIGIN+ID+KEY";
    let Some(text) = context.checking_key() else {
        return Err(Failure::usage(
            "whose head it must be is not said: --against needs --key, or a policy with logs",
            hint,
        ));
    };
    public_key(text).ok_or_else(|| Failure::usage("--key is no public key, and no file that holds one", hint))
}

fn not_signed(context: &mut Context, path: &Path, why: &str) -> Result<bool, Failure> {
    let (path, key) = (path.display().to_string(), context.key.clone().unwrap_or_default());
    if context.is_json {
        let line = json!({ "type": "against", "file": path, "key": key, "signed": false, "why": why });
        context.screen.json(&json::object(line))?;
    } else {
        context.screen.heading("NOT SIGNED", &format!("  {path} {why}"))?;
    }
    Ok(false)
}

/// Refuses to look for a head of another ledger. Where the ledger's own name cannot be read, verifying finds out why.
fn require_one_ledger(context: &Context, args: &VerifyArgs, kept: Option<&Expected>) -> Result<(), Failure> {
    let own = kept.and_then(Expected::origin).zip(origin_of(&context.dir));
    let Some((kept, own)) = own.filter(|(kept, own)| kept != own) else { return Ok(()) };
    let against = args.against.as_ref().map(|path| path.display().to_string());
    let file = against.or_else(|| args.expect.clone()).or_else(|| args.since.clone()).unwrap_or_default();
    Err(Failure::usage(
        format!("{file} holds a head of ledger {kept}; this is ledger {own}: nothing was checked"),
        "give a head of this ledger, or name that one's folder with --ledger; if this should be that ledger, its name \
         was changed",
    ))
}

/// A head that must be in the ledger: `SIZE:TIP`, or a file with what `head` printed.
fn kept(flag: &str, text: &str) -> Result<Expected, Failure> {
    let usage = |what: &str| {
        let hint = "give SIZE:TIP, where TIP is 64 hexadecimal digits, or a file with what `annals head` printed";
        Failure::usage(format!("{flag} {text:?} {what}"), hint)
    };
    if let Some(expected) = Expected::parse(text) {
        return Ok(expected);
    }
    if text.parse::<Head>() == Err(NotAHead::Empty) {
        return Err(usage("names 0 events: no ledger ever had such a head"));
    }
    let path = Path::new(text);
    if !path.exists() {
        return Err(usage("is neither SIZE:TIP nor a file"));
    }
    let content = read_given_text(path, NOTE_LEN_MAX)?;
    Expected::parse(&content).ok_or_else(|| usage("holds no head"))
}
