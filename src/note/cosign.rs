//! What a cosignature is made over (C2SP tlog-cosignature): the checkpoint, and when it was seen to be the newest.

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
