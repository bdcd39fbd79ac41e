//! Asking a witness to cosign (C2SP tlog-witness, `add-checkpoint`).

use std::path::Path;

use annals::ledger::{Error, ErrorKind};
use annals::note::{NoteSignature, PublicKey};
use annals::share::{Kept, Offer, keep_cosignatures};

use crate::failure::Failure;
use crate::http::{Answer, Client, joined};
use crate::screen::say;

/// Longest answer of a witness, in bytes: room for a few of the longest signatures.
const ANSWER_LEN_MAX: u64 = 64 << 10;
/// How often a witness may say that it has seen another size, while others offer it heads too.
const TRIES: usize = 4;

/// What came of asking.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It cosigned.
    Cosigned(Kept),
    /// It has seen another history, or a later head: the ledger is not what it was.
    Refused(String),
}

/// Offers the newest head to a witness, and keeps what it cosigns with one of these keys; the first is its own.
///
/// # Errors
/// `Io` if it cannot be reached; `Invalid` if it will not, or answers what does not hold.
pub(crate) fn ask(
    client: &Client,
    dir: &Path,
    offer: &Offer,
    url: &str,
    keys: &[PublicKey],
) -> Result<Outcome, Failure> {
    let there = joined(url, "add-checkpoint");
    let size = offer.head.checkpoint.size;
    let known = keys.first().map_or(0, |key| offer.last_seen_by(dir, key));
    let mut seen = known;
    for _ in 0..TRIES {
        let answer = client.post(&there, offer.text(dir, seen)?.as_bytes(), ANSWER_LEN_MAX)?;
        match answer.status {
            200 => {
                let lines = lines(&answer).ok_or_else(|| odd(&there, "which are no lines of signatures", &answer))?;
                let kept = keep_cosignatures(dir, &offer.head, &lines, keys);
                return Ok(Outcome::Cosigned(
                    kept.map_err(|error| Error::new(error.kind(), format!("{there}: {error}")))?,
                ));
            }
            409 => {
                let last = size_in(&answer).ok_or_else(|| odd(&there, "which is no size", &answer))?;
                if last > size {
                    return Ok(Outcome::Refused(format!(
                        "it has cosigned this ledger with {last} events, and here it has {size}: it was cut, or this \
                         is an older copy"
                    )));
                }
                // At the same size there is nothing to grow: what it has seen there has another root.
                if last == seen && last == size {
                    return Ok(Outcome::Refused(format!(
                        "it has cosigned another ledger of this name with {last} events: the history was rewritten"
                    )));
                }
                if last == seen {
                    return Err(contradictory(&there, last));
                }
                if last < known {
                    say(&format!(
                        "warning: {url} cosigned this ledger with {known} events and remembers only {last}: it may \
                         cosign a fork; ask who keeps it"
                    ));
                }
                seen = last;
            }
            422 => {
                return Ok(Outcome::Refused(format!(
                    "the ledger that it has cosigned with {seen} events did not grow to this one: the history was \
                     rewritten"
                )));
            }
            status => return Err(unwilling(&there, status, offer, &answer)),
        }
    }
    let message = format!("{there} says each time that it has cosigned another size");
    Err(Error::new(ErrorKind::InUse, message).with_hint("others offer it heads of this ledger; try again").into())
}

fn unwilling(there: &str, status: u16, offer: &Offer, answer: &Answer) -> Failure {
    let origin = &offer.head.checkpoint.origin;
    let (why, hint) = match status {
        404 => (
            format!("knows no ledger {origin}, or takes no checkpoints there"),
            "ask who keeps the witness to add it, with the key on the line `heads` of `annals key list`",
        ),
        403 => (
            format!("trusts no key that signed the head of {origin}"),
            "`annals show` tells who sealed the last event; the witness needs that key as `annals key list` shows it \
             on the line `heads`",
        ),
        400 | 413 => ("does not take what it was offered".to_owned(), "see that it is a C2SP tlog-witness"),
        429 | 500 | 502..=599 => (format!("cannot answer now (status {status})"), "try again later"),
        _ => (format!("answers with the status {status}"), "see that it is the right address"),
    };
    Error::new(ErrorKind::Io, format!("{there} {why}; nothing was kept"))
        .because(start(&answer.body))
        .with_hint(hint)
        .into()
}

/// Of a witness that wants to be asked from where it was asked just now: that says nothing about the ledger.
fn contradictory(there: &str, last: u64) -> Failure {
    let message = format!(
        "{there} answers that it remembers {last} events, though it was asked from there: it contradicts itself; nothing was \
         kept"
    );
    Error::new(ErrorKind::Invalid, message).with_hint("ask who keeps the witness what is wrong with it").into()
}

fn odd(there: &str, what: &str, answer: &Answer) -> Failure {
    let error = Error::new(ErrorKind::Invalid, format!("{there} answers something {what}; nothing was kept"));
    error.because(start(&answer.body)).with_hint("see that it is a C2SP tlog-witness").into()
}

/// The beginning of what a stranger says.
fn start(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let start: String = text.trim().chars().take(200).collect();
    if start.is_empty() { "it gives no reason".to_owned() } else { format!("it says {start:?}") }
}

/// Lines of signatures, each with its end.
pub(super) fn lines_of(text: &str) -> Option<Vec<NoteSignature>> {
    text.strip_suffix('\n')?.split('\n').map(NoteSignature::parse).collect()
}

fn lines(answer: &Answer) -> Option<Vec<NoteSignature>> {
    lines_of(std::str::from_utf8(&answer.body).ok()?)
}

/// A decimal size in its one spelling, on one line.
fn size_in(answer: &Answer) -> Option<u64> {
    let text = std::str::from_utf8(&answer.body).ok()?;
    let size: u64 = text.strip_suffix('\n').unwrap_or(text).parse().ok()?;
    text.strip_suffix('\n').is_none_or(|text| text == size.to_string()).then_some(size)
}
