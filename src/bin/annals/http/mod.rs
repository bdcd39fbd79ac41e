//! Asking other machines over HTTP: the only place where annals touches the network. The other side is believed nothing:
//! how much it may answer, how long it may take and where it may send us on are bounded.
//!
//! What goes through here is checked by hashes and signatures afterwards; without the cargo feature `https` only `http:`
//! addresses can be asked.

use std::io;
use std::time::Duration;

use annals::ledger::{Error, ErrorKind};
use ureq::http::header::{CONTENT_TYPE, LOCATION};
use ureq::typestate::{WithBody, WithoutBody};
use ureq::{Agent, Proxy};
use ureq::{RequestBuilder, http::Response};

use crate::failure::Failure;

/// Longest address that is asked, in bytes.
const URL_LEN_MAX: usize = 2048;
/// How often an answer to a question may be "look there".
const REDIRECTS_MAX: u32 = 5;
/// Longest headers of an answer, in bytes.
const HEADERS_LEN_MAX: usize = 16 << 10;
/// How long a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long a request and its answer may take together, but for long answers.
const PATIENCE: Duration = Duration::from_secs(30);
/// How fast a long answer must come, in bytes a second.
const SLOWEST_BYTES_A_SECOND: u64 = 32 << 10;

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status: 200 is yes, 404 not there.
    pub(crate) status: u16,
    /// What the body is said to be, if that is said.
    pub(crate) media_type: Option<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Asks by HTTP; connections are kept for the next question.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    patience: Duration,
}

impl Client {
    /// One with the usual patience, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name, if they do.
    pub(crate) fn new() -> Client {
        Client::with(PATIENCE, Proxy::try_from_env())
    }

    fn with(patience: Duration, proxy: Option<Proxy>) -> Client {
        let config = Agent::config_builder()
            .proxy(proxy)
            .http_status_as_error(false)
            .max_redirects(REDIRECTS_MAX)
            .max_response_header_size(HEADERS_LEN_MAX)
            .timeout_connect(Some(CONNECT_MAX.min(patience)))
            .timeout_per_read(Some(patience))
            .max_idle_connections(32)
            .max_idle_connections_per_host(16)
            .user_agent(concat!("annals/", env!("CARGO_PKG_VERSION")))
            .build();
        Client { agent: config.new_agent(), patience }
    }

    /// Fetches what lies at an address, at most so many bytes.
    ///
    /// # Errors
    /// `Usage` if it is no address; `Io` if it cannot be reached, takes too long or answers more.
    pub(crate) fn get(&self, url: &str, len_max_bytes: u64) -> Result<Answer, Failure> {
        checked(url)?;
        let sent = despite_closing(|| self.bounded(self.agent.get(url), url, len_max_bytes).call());
        answer(url, sent, len_max_bytes)
    }

    /// Sends something to an address and takes an answer of at most so many bytes. It is sent on to nowhere else, and maybe
    /// sent twice.
    ///
    /// # Errors
    /// As [`get`](Client::get); also if the address sends us on.
    pub(crate) fn post(&self, url: &str, body: &[u8], len_max_bytes: u64) -> Result<Answer, Failure> {
        checked(url)?;
        let sent = despite_closing(|| {
            let request = self.bounded(self.agent.post(url), url, len_max_bytes).config().max_redirects(0).build();
            request.content_type("text/plain; charset=utf-8").send(body)
        });
        if let Some(there) = sent.as_ref().ok().and_then(elsewhere) {
            let error = Error::new(ErrorKind::Io, format!("{url} sends us on to {there:?}; nothing was sent there"));
            return Err(error.with_hint("give that address yourself if you trust it").into());
        }
        answer(url, sent, len_max_bytes)
    }

    fn bounded<B: Bounded>(&self, request: B, url: &str, len_max_bytes: u64) -> B {
        let longest = self.patience.saturating_add(Duration::from_secs(len_max_bytes / SLOWEST_BYTES_A_SECOND));
        request.within(longest, url.starts_with("https:"))
    }
}

/// Asks once more if the connection was closed: it may have been kept, and been closed just when it was to be used again.
fn despite_closing<T>(ask: impl Fn() -> Result<T, ureq::Error>) -> Result<T, ureq::Error> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let was_closed =
        |error: &io::Error| matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof);
    match ask() {
        Err(ureq::Error::Io(error)) if was_closed(&error) => ask(),
        sent => sent,
    }
}

/// A request that has not been sent.
trait Bounded {
    /// This request, which must end within this time, and never leave encryption if it began with it.
    fn within(self, longest: Duration, is_encrypted: bool) -> Self;
}

impl Bounded for RequestBuilder<WithBody> {
    fn within(self, longest: Duration, is_encrypted: bool) -> Self {
        self.config().timeout_global(Some(longest)).https_only(is_encrypted).build()
    }
}

impl Bounded for RequestBuilder<WithoutBody> {
    fn within(self, longest: Duration, is_encrypted: bool) -> Self {
        self.config().timeout_global(Some(longest)).https_only(is_encrypted).build()
    }
}

/// An address with another part behind it, with one slash between.
pub(crate) fn joined(prefix: &str, part: &str) -> String {
    format!("{}/{part}", prefix.trim_end_matches('/'))
}

/// Requires that something is an address that can be asked.
fn checked(url: &str) -> Result<(), Failure> {
    let is_plain = url.len() <= URL_LEN_MAX && url.bytes().all(|byte| byte.is_ascii_graphic());
    let has_host = |scheme: &str| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty());
    if has_host("https://") && !cfg!(feature = "https") {
        let hint = "build it with `cargo install --features https`, or give an address that begins with http://";
        return Err(Failure::usage(format!("this annals was built without https, and cannot ask {url:?}"), hint));
    }
    if is_plain && (has_host("http://") || has_host("https://")) {
        return Ok(());
    }
    Err(Failure::usage(format!("{url:?} is no address"), "write one that begins with https:// or http://"))
}

/// Where an answer sends us on to.
fn elsewhere<B>(answer: &Response<B>) -> Option<String> {
    let there = answer.headers().get(LOCATION).filter(|_| answer.status().is_redirection())?;
    Some(String::from_utf8_lossy(there.as_bytes()).into_owned())
}

fn answer(url: &str, sent: Result<Response<ureq::Body>, ureq::Error>, len_max_bytes: u64) -> Result<Answer, Failure> {
    let mut sent = sent.map_err(|error| failed(url, &error))?;
    let media_type = sent.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // One byte more than is allowed, to tell what is too long from what just fits.
    let body = sent.body_mut().with_config().limit(len_max_bytes.saturating_add(1)).read_to_vec();
    let body = body.map_err(|error| failed(url, &error))?;
    if body.len() as u64 > len_max_bytes {
        return Err(failed(url, &ureq::Error::BodyExceedsLimit(len_max_bytes)));
    }
    Ok(Answer { status: sent.status().as_u16(), media_type, body })
}

fn failed(url: &str, error: &ureq::Error) -> Failure {
    let (what, hint) = match error {
        ureq::Error::Timeout(_) => ("took too long", "try again later"),
        ureq::Error::BodyExceedsLimit(_) => ("answered more than it may", "see that it is the right address"),
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => {
            ("sends us from one address to another", "give the address where it ends, if you trust it")
        }
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Io(_) => {
            ("could not be reached", "check the address and the network")
        }
        _ => ("gave no answer that can be read", "see that it is the right address"),
    };
    Error::new(ErrorKind::Io, format!("{url} {what}")).because(error).with_hint(hint).into()
}

#[cfg(test)]
mod tests;
