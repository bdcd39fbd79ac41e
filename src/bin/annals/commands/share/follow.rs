//! `verify --url`: a published ledger, seen by a stranger.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use annals::chain::digest;
use annals::ledger::{Error, ErrorKind, Existing, Whole, read_given_text, refuse_inside};
use annals::note::{Checkpoint, Judged, NOTE_LEN_MAX, POLICY_LEN_MAX, Policy, ProvenHead, PublicKey};
use annals::share::{FollowOptions, Followed, SEEN_TITLE, Seen, Served, ServedFolder, follow as follow_served};
use serde_json::{Value, json};

use crate::args::VerifyArgs;
use crate::commands::policy;
use crate::commands::record::import::{advance, progress};
use crate::context::Context;
use crate::failure::Failure;
use crate::http::{Client, joined};
use crate::render::json::object;
use crate::words::counted;

/// How many files are fetched at a time.
const FETCHES: usize = 8;
/// How long a keeper may take between taking payloads away and publishing the head that says why.
const PUBLISHING: Duration = Duration::from_secs(2);
/// What is kept beside a head may be so long, in bytes: as many keys as a ledger may have.
const SEEN_LEN_MAX: usize = 64 << 20;
/// A page that says that something is not there may be so long, in bytes.
const PAGE_LEN_MAX: usize = 64 << 10;

/// `verify --url`
pub(crate) fn follow(context: &mut Context, args: &VerifyArgs, url: &str) -> Result<bool, Failure> {
    let served = served(url)?;
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let typed = context.checking_key();
    // As with --against: if the policy names logs, --key, which may come from the environment, is not looked at.
    let typed = typed.filter(|_| !policy.as_ref().is_some_and(Policy::names_logs));
    let keys = typed.map(public_keys).transpose()?.unwrap_or_default();
    let keep = match &args.keep {
        Some(keep) => keep.clone(),
        None => place_of(url)?,
    };
    // Whatever comes of it is to be kept: that it cannot be is better said before anything is fetched.
    refuse_inside(&keep)?;
    let kept = kept(&keep)?;
    if keys.is_empty() && policy.as_ref().is_some_and(|policy| !policy.names_logs()) {
        let hint = "add --key KEY, or a line `log KEY` to the policy";
        return Err(Failure::usage("the policy does not say whose heads are trusted", hint));
    }
    let (seen, threads) = (seen(&keep), args.threads.unwrap_or(FETCHES));
    let options = FollowOptions { keys, policy, kept, seen, whole: args.whole, threads };
    let bar = progress(Some(0), "events");
    let look = || {
        follow_served(&*served, &options, &mut |done, of| {
            bar.set_length(of);
            advance(&bar, done);
        })
    };
    let mut followed = look();
    if followed.as_ref().is_ok_and(may_be_publishing) {
        thread::sleep(PUBLISHING);
        followed = look();
    }
    bar.finish_and_clear();
    let followed = followed?;
    for wrong in &followed.wrong {
        if context.is_json {
            let fields = json!({
                "type": "finding", "code": wrong.code, "seq": wrong.seq, "path": wrong.path, "message": wrong.to_string(),
            });
            context.screen.json(&object(fields))?;
        } else {
            context.screen.heading("WRONG", &format!("  {wrong}"))?;
        }
    }
    let holds = followed.wrong.is_empty();
    let other = beside(&keep);
    match &followed.head {
        Some(head) if holds => keep_head(&keep, head, followed.seen.as_ref())?,
        Some(head) if followed.is_forked() => write(&other, &head.to_string())?,
        _ => {}
    }
    if context.is_json {
        let mut line = object(line(url, &keep, &followed));
        line.insert("policy".to_owned(), judged(&options, &followed).as_ref().map(policy::json).into());
        context.screen.json(&line)?;
    } else {
        tell(context, &options, &keep, &other, &followed)?;
    }
    Ok(holds)
}

/// Whether the keeper may just be publishing: a payload that is erased goes a moment before the head that says so.
fn may_be_publishing(followed: &Followed) -> bool {
    !followed.wrong.is_empty() && followed.wrong.iter().all(|wrong| wrong.code == "erased-unnamed")
}

/// What serves an address.
fn served(url: &str) -> Result<Box<dyn Served>, Failure> {
    const HINT: &str = "name a folder that `annals publish` wrote, or an address that begins with https:// or http://";
    let folder = url.strip_prefix("file://").or_else(|| Path::new(url).is_dir().then_some(url));
    match folder {
        Some(folder) if Path::new(folder).is_dir() => Ok(Box::new(ServedFolder(PathBuf::from(folder)))),
        Some(folder) => Err(Failure::usage(format!("there is no folder {folder}"), HINT)),
        None if url.starts_with("http://") || url.starts_with("https://") => {
            Ok(Box::new(Web { client: Client::new(), url: url.to_owned() }))
        }
        None => Err(Failure::usage(format!("there is no folder {url}, and it is no address"), HINT)),
    }
}

/// A web server.
struct Web {
    client: Client,
    url: String,
}

impl Served for Web {
    fn get(&self, path: &str, len_max: usize) -> Result<Option<Vec<u8>>, Error> {
        let url = joined(&self.url, path);
        let answer = self.client.get(&url, len_max.max(PAGE_LEN_MAX) as u64).map_err(|failure| match failure {
            Failure::Ledger(error) => error,
            Failure::Usage(message, hint) => {
                Error::new(ErrorKind::Invalid, message).with_hint(hint.unwrap_or_default())
            }
            wrong @ Failure::Wrong(_) => Error::new(ErrorKind::Invalid, wrong.to_string()),
            Failure::Pipe(error) => Error::new(ErrorKind::Io, error.to_string()),
        })?;
        match answer.status {
            200 if answer.body.len() <= len_max => Ok(Some(answer.body)),
            200 => {
                Err(Error::new(ErrorKind::Io, format!("{url} answered more than it may: more than {len_max} bytes"))
                    .with_hint("see that it is the right address"))
            }
            404 | 410 => Ok(None),
            status => Err(Error::new(ErrorKind::Io, format!("{url} answered with the status {status}"))
                .with_hint("see that it is the right address, or try again later")),
        }
    }
}

/// Public keys as typed, or in a file, one a line.
fn public_keys(text: &str) -> Result<Vec<PublicKey>, Failure> {
    let held = || {
        let held = read_given_text(Path::new(text), POLICY_LEN_MAX).ok()?;
        held.lines().filter(|line| !line.trim().is_empty()).map(|line| PublicKey::parse(line.trim())).collect()
    };
    let keys = PublicKey::parse(text).map(|key| vec![key]).or_else(held).filter(|keys| !keys.is_empty());
    keys.ok_or_else(|| {
        Failure::usage(
            "--key (or ANNALS_KEY) is no public key, and no file with one a line",
            "give the public key as `annals key list` shows it for heads: ORIGIN+ID+KEY",
        )
    })
}

/// The head that was kept, if there is one.
fn kept(path: &Path) -> Result<Option<Checkpoint>, Failure> {
    let text = match read_given_text(path, NOTE_LEN_MAX) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let head = ProvenHead::parse_kept(&text).ok_or_else(|| {
        let message = format!("{} holds no head; nothing was checked", path.display());
        Failure::usage(message, "name another file with --keep; without a kept head a forgery looks like the truth")
    })?;
    Ok(Some(head.checkpoint))
}

/// What was kept beside the head; what cannot be read is as if it were not there, and is made anew.
fn seen(keep: &Path) -> Option<Seen> {
    read_given_text(&with_end(keep, ".keys"), SEEN_LEN_MAX).ok().and_then(|text| Seen::parse(&text))
}

/// Keeps a head, unless a later one was kept meanwhile, and who may seal behind it.
fn keep_head(path: &Path, head: &ProvenHead, seen: Option<&Seen>) -> Result<(), Failure> {
    if kept(path)?.is_some_and(|kept| kept.size > head.checkpoint.size) {
        return Ok(());
    }
    if let Some(seen) = seen {
        write(&with_end(path, ".keys"), &seen.to_string())?;
    }
    if kept(path)?.is_some_and(|kept| kept.size == head.checkpoint.size) {
        return Ok(());
    }
    write(path, &head.to_string())
}

/// Writes what is kept, in the place of what annals kept there.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    refuse_inside(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all).map_err(|error| Error::io("make the folder of", path, &error))?;
    let is_ours = |held: &str| held.starts_with(SEEN_TITLE) || ProvenHead::parse_kept(held).is_some();
    let held = read_given_text(path, SEEN_LEN_MAX).ok();
    let existing = Existing::by_force(held.is_some_and(|held| is_ours(&held)));
    Ok(Whole::create(path, existing)?.fill(text.as_bytes())?)
}

/// Where a head goes that contradicts the one that was kept.
fn beside(keep: &Path) -> PathBuf {
    with_end(keep, ".contradicted-by")
}

fn with_end(keep: &Path, end: &str) -> PathBuf {
    let mut name = keep.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Where the head of an address is kept: a file among those of the user's programs.
fn place_of(url: &str) -> Result<PathBuf, Failure> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = of("XDG_STATE_HOME").or_else(|| of("LOCALAPPDATA"));
    let state = state
        .or_else(|| Some(of("HOME")?.join(".local").join("state")))
        .ok_or_else(|| Failure::usage("there is no place to keep the head in", "name a file with --keep FILE"))?;
    let url = if Path::new(url).is_dir() {
        fs::canonicalize(url).map_or(url.into(), |path| path.display().to_string())
    } else {
        url.trim_end_matches('/').to_owned()
    };
    let plain: String = url.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let start: String =
        plain.trim_start_matches("https").trim_start_matches("http").trim_matches('-').chars().take(80).collect();
    let hash: String = digest(url.as_bytes()).to_string().chars().take(16).collect();
    Ok(state.join("annals").join("heads").join(format!("{start}-{hash}")))
}

/// What the policy says of a head that it accepts.
fn judged<'o>(options: &'o FollowOptions, followed: &Followed) -> Option<Judged<'o>> {
    let note = followed.head.as_ref().filter(|_| followed.wrong.is_empty())?.note.as_ref()?;
    options.policy.as_ref()?.judge(note).ok()
}

fn line(url: &str, keep: &Path, followed: &Followed) -> Value {
    let checkpoint = followed.head.as_ref().map(|head| &head.checkpoint);
    json!({
        "type": "followed",
        "url": url,
        "origin": checkpoint.map(|checkpoint| &checkpoint.origin),
        "size": checkpoint.map(|checkpoint| checkpoint.size),
        "root": followed.head.as_ref().map(ProvenHead::root_text),
        "before": followed.before,
        "erased": followed.erased,
        "withheld": followed.withheld,
        "seal_exchanged": followed.is_exchanged,
        "findings": followed.wrong.len() as u64 + followed.wrong_left_off,
        "signed_by": followed.signed_by.as_ref().map(ToString::to_string),
        "forked": followed.is_forked(),
        "kept": keep.display().to_string(),
    })
}

fn tell(
    context: &mut Context,
    options: &FollowOptions,
    keep: &Path,
    other: &Path,
    followed: &Followed,
) -> Result<(), Failure> {
    let screen = &mut context.screen;
    if !followed.wrong.is_empty() {
        let count = followed.wrong.len() as u64 + followed.wrong_left_off;
        screen.line(&format!("{}; what was kept before is as it was", counted(count, "finding")))?;
        if followed.is_forked() {
            screen.line(&format!(
                "{} and {} contradict each other: if one key signed both, they prove to anybody that it did",
                keep.display(),
                other.display()
            ))?;
        }
        return Ok(());
    }
    let Some(head) = &followed.head else { return Ok(()) };
    let Checkpoint { origin, size, .. } = &head.checkpoint;
    screen.line(&match (followed.before, size - followed.before) {
        (0, _) => format!("{origin}: {}, every hash holds", counted(*size, "event")),
        (_, 0) => format!("{origin}: {}, nothing new since the head that was kept", counted(*size, "event")),
        (before, new) => format!(
            "{origin}: {new} new since the {} that were seen; it only grew, and every new hash holds",
            counted(before, "event")
        ),
    })?;
    if followed.before > 0 {
        let seen = counted(followed.before, "event");
        screen.line(&format!("the {seen} seen before were not fetched again; --whole does"))?;
    }
    if followed.erased > 0 {
        screen.line(&format!("{} erased lawfully", counted(followed.erased, "payload")))?;
    }
    if followed.withheld > 0 {
        screen.line(&format!("{} withheld: for the desk alone", counted(followed.withheld, "payload")))?;
    }
    if followed.is_exchanged {
        screen.line(
            "the seal of the head that was kept was exchanged since; what it closes was judged again, and holds. \
             That proves no fork: nothing stood on that seal yet",
        )?;
    }
    screen.line(&match (&followed.signed_by, options.names_signers()) {
        (Some(key), true) => format!("signed by {}", policy::key_text(key)),
        (Some(key), false) => format!("signed by {key}, a key that only the ledger itself names: give --key"),
        (None, _) => "who signed it was not checked: give --key".to_owned(),
    })?;
    if let Some(judged) = judged(options, followed) {
        policy::tell(context, &judged, false)?;
    }
    let screen = &mut context.screen;
    if options.kept.is_none() {
        screen.line("no head was kept before: that others are shown the same shows only from now on")?;
    }
    Ok(screen.line(&format!("the head is kept in {}", keep.display()))?)
}
