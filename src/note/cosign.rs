//! What a cosignature is made over (C2SP tlog-cosignature): the checkpoint, and when it was seen to be the newest.

use super::checkpoint::Checkpoint;

/// Length of the time in front of a signature, in bytes.
const TIME_LEN: usize = 8;
/// The latest time that a cosignature may say, in seconds.
const TIME_MAX: u64 = i64::MAX as u64;

/// The time in front of a cosignature, in seconds since 1970-01-01T00:00:00Z, and the signature behind it.
pub(super) fn split(cosignature: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = cosignature.split_first_chunk::<TIME_LEN>()?;
    let time = u64::from_be_bytes(*time);
    (time <= TIME_MAX).then_some((time, signature))
}

/// What an Ed25519 cosigner signs of a checkpoint's text.
pub(super) fn ed25519_message(time: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}

/// What an ML-DSA-44 cosigner of this name signs of a checkpoint: the subtree from its beginning. None if a name is longer
/// than the form has room for.
pub(super) fn ml_dsa_message(name: &str, time: u64, Checkpoint { origin, size, root }: &Checkpoint) -> Option<Vec<u8>> {
    let (name_len, origin_len) = (u8::try_from(name.len()).ok()?, u8::try_from(origin.len()).ok()?);
    let parts: [&[u8]; 9] = [
        b"subtree/v1\n\0",
        &[name_len],
        name.as_bytes(),
        &time.to_be_bytes(),
        &[origin_len],
        origin.as_bytes(),
        &0_u64.to_be_bytes(),
        &size.to_be_bytes(),
        &root.0,
    ];
    Some(parts.concat())
}
