//! Reads the texts of captured copies in a process of its own: this program again, which has no files, no network, no
//! environment, and little time and memory. A file that is made to do harm stops that process and nothing else.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use annals::chain::digest;
use annals::evidence::{About, CopyReader, CopyText, NoText, TEXT_LEN_MAX, extract};
use annals::hash::Hash;
use serde_json::{Map, Value, json};

/// Reads a copy in a process of its own.
pub(crate) const COPY_READER: CopyReader = CopyReader(read);

/// The word by which this program is asked to be that process.
const ASKED: &str = "read-a-copy";

/// So long the process may take, waiting included, in seconds.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// So much processor time the process has, in seconds.
#[cfg(target_os = "linux")]
const CPU_MAX_SECS: u64 = 20;

/// So much memory the process has besides the copy, in bytes.
#[cfg(target_os = "linux")]
const MEMORY_MAX: u64 = 512 << 20;

/// So many texts are kept for the next quotes of one command.
const KEPT_MAX: usize = 8;

type Kept = (Hash, About, Result<CopyText, NoText>);

/// What was read lately: many claims have one copy.
static KEPT: Mutex<VecDeque<Kept>> = Mutex::new(VecDeque::new());

/// Whether this process was started to read a copy.
pub(crate) fn is_asked() -> bool {
    std::env::args_os().nth(1).as_deref() == Some(OsStr::new(ASKED))
}

fn read(bytes: &[u8], about: &About) -> Result<CopyText, NoText> {
    let hash = digest(bytes);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((.., text)) = kept.iter().find(|(known, of, _)| *known == hash && of == about) {
        return text.clone();
    }
    let text = asked(bytes, about);
    kept.truncate(KEPT_MAX - 1);
    kept.push_front((hash, about.clone(), text.clone()));
    text
}

/// Asks a process of its own.
fn asked(bytes: &[u8], about: &About) -> Result<CopyText, NoText> {
    let not_started =
        |error: io::Error| NoText(format!("the process that reads it could not be started: {error}").into());
    let program = std::env::current_exe().map_err(not_started)?;
    let mut command = Command::new(program);
    // The allocator would take a gigabyte of addresses in advance, and so hide what is used.
    command.env_clear().env("MIMALLOC_ARENA_RESERVE", "0");
    command.arg(ASKED).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(not_started)?;
    let told = heard(&mut child, bytes, about);
    // Whatever happened, no process stays behind.
    let _ = child.kill();
    let _ = child.wait();
    let text = told.and_then(|told| serde_json::from_slice(&told).ok()).and_then(|told: Map<_, _>| understood(&told));
    text.unwrap_or_else(|| Err(NoText("reading it took too long, too much memory, or failed".into())))
}

/// Sends a copy to the process, and hears what comes back in time.
fn heard(child: &mut Child, bytes: &[u8], about: &About) -> Option<Vec<u8>> {
    let (mut to, from) = (child.stdin.take()?, child.stdout.take()?);
    let mut question = json!({"media_type": about.media_type, "url": about.url}).to_string();
    question.push('\n');
    let bytes = bytes.to_vec();
    let (send, hear) = mpsc::channel();
    thread::spawn(move || to.write_all(question.as_bytes()).and_then(|()| to.write_all(&bytes)));
    thread::spawn(move || {
        let mut told = Vec::new();
        // A character may take six bytes of JSON.
        let is_read = from.take(6 * TEXT_LEN_MAX as u64 + 4096).read_to_end(&mut told).is_ok();
        send.send(is_read.then_some(told))
    });
    hear.recv_timeout(WAIT_MAX).ok().flatten()
}

fn understood(told: &Map<String, Value>) -> Option<Result<CopyText, NoText>> {
    let text = |name: &str| told.get(name)?.as_str();
    if let Some(why) = text("why") {
        return Some(Err(NoText(why.into())));
    }
    let pages =
        told.get("pages")?.as_array()?.iter().map(|page| page.as_u64().and_then(|page| usize::try_from(page).ok()));
    Some(Ok(CopyText {
        extractor: text("extractor")?.into(),
        shown: text("shown")?.to_owned(),
        hidden: text("hidden")?.to_owned(),
        pages: pages.collect::<Option<_>>()?,
        guess: text("guess").map(Into::into),
    }))
}

/// Is the process that reads a copy: the question is a line of JSON and then the copy on standard input, the answer a line of JSON.
pub(crate) fn answer() -> ExitCode {
    // What fails is told to nobody but by the missing answer.
    std::panic::set_hook(Box::new(|_| {}));
    if answered().is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn answered() -> Option<()> {
    let mut given = Vec::new();
    io::stdin().lock().read_to_end(&mut given).ok()?;
    let end = given.iter().position(|byte| *byte == b'\n')?;
    let (question, bytes) = given.split_at_checked(end + 1)?;
    let question: Map<String, Value> = serde_json::from_slice(question).ok()?;
    let text = |name: &str| question.get(name).and_then(Value::as_str).map(str::to_owned);
    let about = About { media_type: text("media_type"), url: text("url") };
    confine()?;
    let answer = match extract(bytes, &about) {
        Ok(CopyText { extractor, shown, hidden, pages, guess }) => {
            json!({"extractor": extractor, "shown": shown, "hidden": hidden, "pages": pages, "guess": guess})
        }
        Err(NoText(why)) => json!({"why": why}),
    };
    io::stdout().lock().write_all(answer.to_string().as_bytes()).ok()
}

/// Gives up all that reading a copy does not need. `None` if the system can do so and did not.
#[cfg(target_os = "linux")]
fn confine() -> Option<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Cpu, limit(CPU_MAX_SECS)).ok()?;
    setrlimit(Resource::As, limit(address_space()? + MEMORY_MAX)).ok()?;
    setrlimit(Resource::Core, limit(0)).ok()?;
    #[cfg(all(
        feature = "desk",
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
    ))]
    close_the_doors()?;
    Some(())
}

/// The bytes of addresses that this process has.
#[cfg(target_os = "linux")]
fn address_space() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = told.split_whitespace().next()?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

#[cfg(not(target_os = "linux"))]
fn confine() -> Option<()> {
    Some(())
}

/// From here on the kernel answers every call but these with an error: no file is opened, nothing is sent, nothing started.
#[cfg(all(
    feature = "desk",
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
))]
fn close_the_doors() -> Option<()> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

    let needed = [
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_close,
        libc::SYS_brk,
        libc::SYS_mmap,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_clock_gettime,
        libc::SYS_getrandom,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let rules = needed.into_iter().map(|call| (call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let machine = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, machine).ok()?;
    let program = BpfProgram::try_from(filter).ok()?;
    // A kernel without seccomp leaves the limits above.
    let _ = apply_filter(&program);
    Some(())
}
