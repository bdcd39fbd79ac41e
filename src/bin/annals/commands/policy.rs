//! Policies on the command line: reading one, and telling what it says of a head.

use std::path::Path;

use annals::exchange::instant_text;
use annals::ledger::{Error, ErrorKind, read_given, read_given_text};
use annals::note::{Judged, POLICY_LEN_MAX, Policy, PublicKey};
use serde_json::{Value, json};

use crate::clock::now_micros;
use crate::context::Context;
use crate::failure::Failure;

/// How far another clock may be ahead of ours before it is told, in microseconds.
const AHEAD_MAX_MICROS: i64 = 300 * 1_000_000;

/// Reads a policy.
pub(crate) fn read(path: &Path) -> Result<Policy, Failure> {
    let bytes = read_given(path, POLICY_LEN_MAX)?;
    Policy::parse(&bytes).map_err(|why| {
        let error = Error::new(ErrorKind::Invalid, format!("{} is no policy: {why}", path.display()));
        error.with_hint("write lines as `annals witness --help` shows them; c2sp.org/tlog-policy has all of it").into()
    })
}

/// A time that a cosignature says, in microseconds since 1970-01-01T00:00:00Z; none behind the year 9999, where there is no
/// time that anybody means.
fn micros(seconds: u64) -> Option<i64> {
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds < 253_402_300_800)?;
    Some(seconds * 1_000_000)
}

/// A time that a cosignature says, in seconds since 1970-01-01T00:00:00Z, for people.
fn time_text(seconds: u64) -> String {
    let Some(micros) = micros(seconds) else { return "no time that can be".to_owned() };
    let ahead = if micros > now_micros().saturating_add(AHEAD_MAX_MICROS) { ", which is still to come" } else { "" };
    format!("{}{ahead}", instant_text(micros).replace(".000000Z", "Z"))
}

/// A time that a cosignature says, for programs; null if it says none, or none that can be.
pub(crate) fn time_json(seconds: Option<u64>) -> Value {
    seconds.and_then(micros).map(instant_text).into()
}

/// A key for people: of a long one the beginning.
pub(crate) fn key_text(key: &PublicKey) -> String {
    const SHOWN: usize = 16;
    let text = key.to_string();
    // Base64 may hold a plus sign as well.
    let mut parts = text.splitn(3, '+');
    match (key.is_second(), parts.next(), parts.next(), parts.next().and_then(|bytes| bytes.get(..SHOWN))) {
        (true, Some(name), Some(id), Some(start)) => format!("{name}+{id}+{start}… (ML-DSA-44)"),
        _ => text,
    }
}

/// Whose cosignature it is, and of when.
pub(crate) fn by_whom(name: &str, at: Option<u64>) -> String {
    at.map_or_else(|| name.to_owned(), |at| format!("{name} at {}", time_text(at)))
}

/// Says what a policy says of a head that it accepts.
pub(crate) fn tell(context: &mut Context, judged: &Judged<'_>, with_log: bool) -> Result<(), Failure> {
    if let Some(log) = judged.log.filter(|_| with_log) {
        context.screen.line(&format!("This head is signed by {}.", key_text(log)))?;
    }
    for (witness, at) in &judged.witnesses {
        context.screen.line(&format!("It is cosigned by {}.", by_whom(&witness.name(), *at)))?;
    }
    Ok(context.screen.line(&format!("The quorum of the policy is reached: {}.", judged.quorum))?)
}

/// What a policy says of a head, for programs.
pub(crate) fn json(judged: &Judged<'_>) -> Value {
    let witnesses = judged.witnesses.iter().map(|(witness, at)| {
        json!({
            "name": witness.name(),
            "public_key": witness.key().map(PublicKey::to_string),
            "at": time_json(*at),
        })
    });
    json!({
        "log": judged.log.map(PublicKey::to_string),
        "quorum": judged.quorum,
        "reached": judged.is_reached,
        "witnesses": witnesses.collect::<Vec<_>>(),
        "missing": judged.missing.iter().map(|witness| witness.name()).collect::<Vec<_>>(),
    })
}

/// A public key as typed, or in a file.
pub(crate) fn public_key(text: &str) -> Option<PublicKey> {
    PublicKey::parse(text).or_else(|| {
        let held = read_given_text(Path::new(text), POLICY_LEN_MAX).ok()?;
        PublicKey::parse(held.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "ml-dsa")]
    #[test]
    fn a_long_key_is_shown_by_its_beginning() {
        for seed in 0..20 {
            let key = annals::note::SecondKey::of_seed("w", &[seed; 32]).unwrap().public().unwrap();
            let (shown, whole) = (key_text(&key), key.to_string());
            let start = shown.strip_suffix("… (ML-DSA-44)").unwrap();
            assert!(whole.starts_with(start) && start.len() == "w+00000000+".len() + 16, "{shown}");
        }
    }

    #[test]
    fn a_strangers_time_is_told_whatever_it_is() {
        assert_eq!(time_text(1_679_315_147), "2023-03-20T12:25:47Z");
        assert!(time_text(253_402_300_799).starts_with("9999-12-31T23:59:59Z, which is still to come"));
        assert_eq!(time_text(253_402_300_800), "no time that can be");
        assert_eq!(time_text(u64::MAX), "no time that can be");
        assert_eq!(time_json(Some(1_679_315_147)), "2023-03-20T12:25:47.000000Z");
        assert_eq!((time_json(Some(u64::MAX)), time_json(None)), (Value::Null, Value::Null));
    }
}
